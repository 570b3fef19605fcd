"""A comparison as a Markdown document, and its layers as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from tui.core.compare import Comparison
from tui.formats.compare.rows import COLUMNS, LEGEND, SIGNS, Cell, cells_of, line_text, notes_of, number_text, rows_of
from tui.formats.compare.totals import facts_of, summary_of, totals_of, unknown_of
from tui.formats.escape import code_span, markdown, spreadsheet, visible


def as_markdown(comparison: Comparison, names: tuple[str, str], *, only_changes: bool = False) -> str:
    """Totals, what differs of the settings, and the layers, in GitHub Flavored Markdown."""
    out = [f"# {markdown(names[0])} and {markdown(names[1])}", ""]
    out += _table(
        [["", "A", "B", "B - A", "%"], [":---", "---:", "---:", "---:", "---:"]],
        ([markdown(line.title.strip()), *map(markdown, line.cell[:4])] for line in totals_of(comparison)),
    )
    out += ["", f"- A: {markdown(names[0])}", f"- B: {markdown(names[1])}"]
    out += [f"- {markdown(name)}: {markdown(a)} -\\> {markdown(b)}" for name, a, b in facts_of(comparison)]
    if unknown := unknown_of(comparison):
        out.append(f"- {markdown(unknown)}")
    out.append(f"- layers: {markdown(summary_of(comparison))}")
    kept = rows_of(comparison, only_changes=only_changes)
    if not kept:
        return "\n".join(out) + "\n"
    notes = any(notes_of(comparison, index) for index in kept)
    titles = ["", "#A", "#B", "layer", *(markdown(column.title) for column in COLUMNS.values())]
    marks = [":---", "---:", "---:", ":---", *("---:" if c.right else ":---" for c in COLUMNS.values())]
    heads = [[*titles, "remark"], [*marks, ":---"]] if notes else [titles, marks]
    out += ["", *_table(heads, (_layer(comparison, index, notes=notes) for index in kept)), ""]
    return "\n".join([*out, markdown(LEGEND)]) + "\n"


def _table(heads: list[list[str]], rows: Iterator[list[str]]) -> list[str]:
    return [f"| {' | '.join(cells)} |" for cells in (*heads, *rows)]


def _layer(comparison: Comparison, index: int, *, notes: bool) -> list[str]:
    pair = comparison.pairs[index]
    a, b = (code_span(text, in_table=True) if (text := line_text(s, row)) else "" for s, row in
            ((comparison.a, pair.a), (comparison.b, pair.b)))  # fmt: skip
    line = a or b if not a or not b or a == b else f"{a} -\\> {b}"
    numbers = number_text(comparison.a, pair.a), number_text(comparison.b, pair.b)
    cells = [_written(cell) for cell in cells_of(comparison, index).values()]
    said = [markdown("; ".join(notes_of(comparison, index)))] if notes else []
    return [code_span(SIGNS[pair.change]), *numbers, line, *cells, *said]


def _written(cell: Cell) -> str:
    """A cell of both sides: ``156 -> 60 (-96, -61.5%)``, or one value where there is only one."""
    if not cell.differs:
        return markdown(cell.b or cell.a)
    change = ", ".join(filter(None, (cell.delta, cell.percent)))
    return f"{markdown(cell.a)} -\\> {markdown(cell.b)}" + (f" ({markdown(change)})" if change else "")


def as_csv(comparison: Comparison, *, only_changes: bool = False) -> str:
    """The layers as CSV (RFC 4180, lines end in a line feed): both sides, difference and percentage of each value."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    keys = [f"{key}_{part}" for key in COLUMNS for part in ("a", "b", "delta", "percent")]
    writer.writerow(["change", "number_a", "layer_a", "number_b", "layer_b", *keys, "remark"])
    for index in rows_of(comparison, only_changes=only_changes):
        pair = comparison.pairs[index]
        sides = [
            part
            for snapshot, row in ((comparison.a, pair.a), (comparison.b, pair.b))
            for part in (number_text(snapshot, row), spreadsheet(line_text(snapshot, row)))
        ]
        cells = [part for key, cell in cells_of(comparison, index).items() for part in _plain(key, cell)]
        writer.writerow([pair.change, *sides, *cells, spreadsheet("; ".join(notes_of(comparison, index)))])
    return out.getvalue()


def _plain(key: str, cell: Cell) -> list[str]:
    """The parts of a cell as a spreadsheet reads them: no thousands separators, and no signs of plus or percent."""
    parts = [visible(part) for part in cell[:4]]
    if key != "out":
        parts = [part.replace(",", "") for part in parts]
    a, b, change, share = parts
    same = a and b and not change and not cell.differs
    change, share = ("0", "0") if same and key != "out" else (change.removeprefix("+"), share)
    return [a, b, change, share.removeprefix("+").removesuffix("%").replace(",", "").lstrip("<>")]
