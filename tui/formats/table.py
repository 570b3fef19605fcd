"""The results as a table: for a terminal, CSV, Markdown and LaTeX, from the columns that ``columns`` declares.

Every format shows the same rows: the layers in the order of the document, the skipped and the refused
ones included, so that a number on the screen, in a message and in a table is the same number.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from textwrap import wrap
from typing import Final, NamedTuple

from tui.core.size import Size, text
from tui.core.snapshot import Snapshot
from tui.formats.columns import MARKS, Column, brief_text, columns_called, count_text, status_text
from tui.formats.escape import code_span, latex, markdown, spreadsheet, visible

Paint = Callable[[str, str], str]
"""Gives a text a style: ``bold``, ``dim``, ``error`` or ``warning``."""

MOST_TEXT: Final = 60
LEAST_TEXT: Final = 16
GAP: Final = "  "


class Row(NamedTuple):
    """One layer: its number (none for a block), its line, the cells of its columns, or in their place a message."""

    number: str
    line: str
    cells: tuple[str, ...]
    status: str
    message: str


def rows_of(snapshot: Snapshot, columns: Sequence[Column], *, raw: bool = False) -> Iterator[Row]:
    """The layers of a network; ``raw`` cells are for programs, without thousands separators."""
    for row in snapshot.shown:
        line = snapshot.lines[row]
        place = snapshot.number(row)
        if place is None and line.repeat is None:
            continue
        number = "" if place is None else str(place)
        result = snapshot.result(row)
        if result is None:
            yield Row(number, " " * line.indent + line.code, ("",) * len(columns), "off", "skipped")
        elif not result.outputs and result.status != "opaque":
            yield Row(
                number,
                " " * line.indent + line.code,
                ("",) * len(columns),
                result.status,
                status_text(snapshot, row, result),
            )
        else:
            cells = tuple(
                _raw(c.value(snapshot, row, result)) if raw and c.value is not None else c.cell(snapshot, row, result)
                for c in columns
            )
            yield Row(number, " " * line.indent + line.code, cells, result.status, result.message or "")


def _raw(value: Size | None) -> str:
    return "" if value is None else text(value, constant_first=True)


def total_cells(snapshot: Snapshot, columns: Sequence[Column]) -> tuple[str, ...]:
    """The cells of the row of totals; a column that is no sum has none."""
    totals = snapshot.totals
    least = "" if totals.complete else ">= "
    return tuple(least + count_text(getattr(totals, c.key)) if hasattr(totals, c.key) else "" for c in columns)


def bytes_text(size: Size) -> str:
    """A number of bytes for reading, with its binary unit where that is shorter: ``131,072 B (128.0 KiB)``."""
    shown = f"{count_text(size)} B"
    if not isinstance(size, int) or size < 1024:
        return shown
    power = min((size.bit_length() - 1) // 10, 3)
    tenths = (size * 20 // 1024**power + 1) // 2  # a float would not hold every size
    return f"{shown} ({tenths // 10:,}.{tenths % 10} {'_KMG'[power]}iB)"


def summary(snapshot: Snapshot) -> tuple[str, ...]:
    """What the row of totals leaves out, one line a fact, with the conventions that the numbers follow."""
    totals, peak, settings = snapshot.totals, snapshot.peak, snapshot.settings
    least = "" if totals.complete else "at least "
    split = f"{count_text(totals.trainable)} trainable, {count_text(totals.non_trainable)} non-trainable"
    if totals.buffers != 0:
        split += f"; buffers: {least}{count_text(totals.buffers)}"
    place = None if peak.row is None else snapshot.number(peak.row)
    most = bytes_text(peak.bytes) if isinstance(peak.bytes, int) else f"{brief_text(peak.bytes)} B"
    lines = [
        f"parameters: {least}{split}",
        f"FLOPs: {least}{count_text(totals.flops)} (2 for each MAC)",
        f"element-wise operations: {least}{count_text(totals.elementwise)} (not among the FLOPs)",
        f"peak activation memory: {least}{most}" + (f" at #{place}" if place is not None and peak.bytes != 0 else ""),
        f"weights: {least}{bytes_text(totals.weight_bytes)}",
        f"counted as {settings.counting} does, {settings.dtype}, batch {text(settings.batch)}, {settings.data_format}",
    ]
    if values := [f"{name} = {text(value)}" for name, value in snapshot.symbols.items() if value is not None]:
        lines.append("with " + ", ".join(values))
    if snapshot.conditions:
        lines.append("valid when " + " and ".join(condition.text for condition in snapshot.conditions))
    if snapshot.facts.budgets:
        from tui.formats.verdicts import sentence, verdicts_of  # not for the start: few networks have budgets

        lines += [f"budget {sentence(snapshot, verdict)}" for verdict in verdicts_of(snapshot)]
    return tuple(lines)


def terminal(
    snapshot: Snapshot, columns: Sequence[Column] | None = None, *, paint: Paint | None = None, width: int | None = None
) -> str:
    """The table for a terminal. ``width`` is how many cells there are; the text of the layers gives way first."""
    from rich.cells import cell_len, set_cell_size

    columns = columns_called("standard") if columns is None else columns
    style = paint or (lambda shown, _: shown)
    rows = list(rows_of(snapshot, columns))
    totals = total_cells(snapshot, columns)
    titles = ("#", "layer", *(c.title for c in columns))
    grid = [(r.number, visible(r.line), *map(visible, r.cells)) for r in rows]
    foot = ("", "total", *totals)
    widths = [max(map(cell_len, column)) for column in zip(titles, *grid, foot, strict=True)]
    widths[1] = min(widths[1], MOST_TEXT)
    if width is not None:
        over = sum(widths) + len(GAP) * (len(widths) - 1) - width
        widths[1] = max(min(widths[1], LEAST_TEXT), widths[1] - max(over, 0))
    right = (True, False, *(c.right for c in columns))

    def fit(shown: str, size: int, to_right: bool) -> str:
        length = cell_len(shown)
        if length > size:
            return set_cell_size(shown, size - 1) + "…"
        return " " * (size - length) + shown if to_right else shown + " " * (size - length)

    def line(cells: Sequence[str]) -> str:
        return GAP.join(map(fit, cells, widths, right)).rstrip()

    def cut(shown: str) -> str:
        return shown if width is None or cell_len(shown) <= width else set_cell_size(shown, width - 1) + "…"

    out = [style(line(titles), "bold")]
    below: list[str] = []  # the remarks that the terminal is too narrow for beside their rows
    for row, cells in zip(rows, grid, strict=True):
        if row.status in ("ok", "warning", "opaque"):
            whole = line(cells)
            mark = MARKS.get(row.status, "?")
            remark = f"{GAP}{mark} {visible(row.message)}" if row.message else ""
            tail = remark if cut(whole + remark) == whole + remark else ""
            if remark != tail:
                below.append(f"{mark} #{row.number} {visible(row.message)}")
            out.append(whole + style(tail, "warning") if tail else whole)
        else:
            start = GAP.join(map(fit, cells[:2], widths[:2], right[:2]))
            out.append(style(cut(f"{start}{GAP}{visible(row.message)}"), "error" if row.status == "error" else "dim"))
    out.append(style("-" * (sum(widths) + len(GAP) * (len(widths) - 1)), "dim"))
    out.append(style(line(foot), "bold"))
    out.extend(summary(snapshot))
    out.extend(
        style(part, "warning") for said in below for part in wrap(said, width or len(said), subsequent_indent="  ")
    )
    return "\n".join(out) + "\n"


def as_csv(
    snapshot: Snapshot, columns: Sequence[Column] | None = None, *, network: str | None = None, head: bool = True
) -> str:
    """The layers as CSV (RFC 4180, lines end in a line feed): plain numbers, no row of totals.

    ``network`` is a name for a first column, where the layers of several are put below each other; the second and
    all others of those go without ``head``.
    """
    columns = columns_called("standard") if columns is None else columns
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    first = [] if network is None else [spreadsheet(network)]
    if head:
        titles = ["number", "layer", *(c.key for c in columns), "status", "message"]
        writer.writerow([*(["network"] if first else []), *titles])
    for row in rows_of(snapshot, columns, raw=True):
        texts = [spreadsheet(row.line), *map(visible, row.cells), row.status, spreadsheet(row.message.lstrip("!- "))]
        writer.writerow([*first, row.number, *texts])
    return out.getvalue()


def as_markdown(snapshot: Snapshot, columns: Sequence[Column] | None = None) -> str:
    """The table in GitHub Flavored Markdown, with its totals."""
    columns = columns_called("standard") if columns is None else columns
    messages = any(row.message for row in rows_of(snapshot, columns))
    titles = ["#", "layer", *(markdown(c.title) for c in columns), *(["remark"] if messages else [])]
    marks = ["---:", ":---", *("---:" if c.right else ":---" for c in columns), *([":---"] if messages else [])]
    grid = [
        [
            r.number, code_span(r.line, in_table=True), *map(markdown, r.cells),
            *([markdown(r.message)] if messages else []),
        ]
        for r in rows_of(snapshot, columns)
    ]  # fmt: skip
    bold = [f"**{markdown(t)}**" if t else "" for t in ("total", *total_cells(snapshot, columns))]
    grid.append(["", *bold, *([""] if messages else [])])
    lines = [f"| {' | '.join(cells)} |" for cells in (titles, marks, *grid)]
    return "\n".join([*lines, "", *(f"- {markdown(fact)}" for fact in summary(snapshot))]) + "\n"


def as_latex(snapshot: Snapshot, columns: Sequence[Column] | None = None) -> str:
    """The table as a LaTeX ``tabular`` that needs no package."""
    columns = columns_called("standard") if columns is None else columns
    layout = "rl" + "".join("r" if c.right else "l" for c in columns)
    out = [f"\\begin{{tabular}}{{{layout}}}", "\\hline"]
    out += [" & ".join(["\\#", "layer", *(latex(c.title) for c in columns)]) + r" \\", "\\hline"]
    for row in rows_of(snapshot, columns):
        head = [row.number, f"\\texttt{{{latex(row.line)}}}"]
        if row.status in ("ok", "warning", "opaque"):
            cells = [*head, *map(latex, row.cells)]
        else:
            cells = [*head, f"\\multicolumn{{{len(columns)}}}{{l}}{{{latex(row.message)}}}"]
        out.append(" & ".join(cells) + r" \\")
    out += ["\\hline", " & ".join(["", "total", *map(latex, total_cells(snapshot, columns))]) + r" \\", "\\hline"]
    return "\n".join([*out, "\\end{tabular}", *(f"% {fact}" for fact in map(visible, summary(snapshot)))]) + "\n"
