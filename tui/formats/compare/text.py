"""A comparison as a table for a terminal: totals, then the layers, with both sides of those that differ."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from tui.core.compare import Comparison
from tui.core.compare_pairs import ADDED, REMOVED, SAME
from tui.formats.compare.rows import COLUMNS, LEGEND, SIGNS, Cell, cells_of, line_text, notes_of, number_text, rows_of
from tui.formats.compare.totals import TotalText, facts_of, summary_of, totals_of, unknown_of
from tui.formats.escape import visible
from tui.formats.table import Paint

GAP: Final = "  "
MOST_TEXT: Final = 60
LEAST_TEXT: Final = 16
_STYLES: Final = {"+": "added", "-": "removed", "~": "warning"}


class _Line(NamedTuple):
    """One line of the table of layers: its sign, whose it is, the number, the layer, and a cell for each column."""

    sign: str
    side: str
    number: str
    layer: str
    cells: tuple[str, ...]
    style: str = ""


def as_text(
    comparison: Comparison,
    names: tuple[str, str],
    *,
    only_changes: bool = False,
    paint: Paint | None = None,
    width: int | None = None,
) -> str:
    """The whole comparison; ``names`` are those of the two networks, ``width`` the cells of a line."""
    style = paint or (lambda shown, _: shown)
    out = [f"A: {visible(names[0])}", f"B: {visible(names[1])}", ""]
    out += _totals(comparison, style)
    if facts := facts_of(comparison):
        out += [f"{visible(name)}: {visible(a)} -> {visible(b)}" for name, a, b in facts]
    if unknown := unknown_of(comparison):
        out.append(style(unknown, "warning"))
    out.append(f"layers: {summary_of(comparison)}")
    if comparison.pairs:
        out += ["", *_layers(comparison, only_changes, style, width), LEGEND]
    return "\n".join(out) + "\n"


def total_lines(lines: Sequence[TotalText], names: tuple[str, str], difference: str) -> list[tuple[str, ...]]:
    """The totals as rows of five cells, a row of titles first."""
    return [
        ("", *map(visible, names), difference, "%"),
        *((line.title, *map(visible, line.cell[:4])) for line in lines),
    ]


def aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """Rows of cells as lines, the first column to the left and the others to the right."""
    from rich.cells import cell_len

    widths = [max(map(cell_len, column)) for column in zip(*rows, strict=True)]
    return [
        GAP.join(
            cell + " " * (size - cell_len(cell)) if i == 0 else " " * (size - cell_len(cell)) + cell
            for i, (cell, size) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]


def _totals(comparison: Comparison, style: Paint) -> list[str]:
    lines = aligned(total_lines(totals_of(comparison), ("A", "B"), "B - A"))
    return [style(lines[0], "bold"), *lines[1:]]


def _lines(comparison: Comparison, index: int, *, apart: bool) -> Iterator[_Line]:
    """The lines of a pair; ``apart`` puts percentages below the differences rather than beside them."""
    pair = comparison.pairs[index]
    sign, cells = SIGNS[pair.change], list(cells_of(comparison, index).values())
    numbers = number_text(comparison.a, pair.a), number_text(comparison.b, pair.b)
    texts = line_text(comparison.a, pair.a), line_text(comparison.b, pair.b)
    if pair.change == SAME:
        number = numbers[1] if numbers[0] == numbers[1] else "/".join(numbers)
        yield _Line(sign, "", number, texts[1], tuple(cell.b for cell in cells))
        return
    style = _STYLES.get(sign, "")
    if pair.change != ADDED:
        yield _Line(sign, "A", numbers[0], texts[0], tuple(cell.a for cell in cells), style)
    if pair.change != REMOVED:
        yield _Line(sign, "B", numbers[1], texts[1], tuple(cell.b for cell in cells), style)
    if pair.a is not None and pair.b is not None and any(cell.differs for cell in cells):
        if apart:
            yield _Line("", "B-A", "", "", tuple(cell.delta for cell in cells), style)
            if any(cell.percent for cell in cells):
                yield _Line("", "%", "", "", tuple(cell.percent for cell in cells), style)
        else:
            yield _Line("", "B-A", "", "", tuple(map(_beside, cells)), style)


def _beside(cell: Cell) -> str:
    return f"{cell.delta} {cell.percent}".strip()


def _layers(comparison: Comparison, only_changes: bool, style: Paint, width: int | None) -> list[str]:
    from rich.cells import cell_len

    titles = _Line("", "", "#", "layer", tuple(column.title for column in COLUMNS.values()))
    kept = rows_of(comparison, only_changes=only_changes)
    for apart in (False, True):
        blocks = [(index, [_safe(line) for line in _lines(comparison, index, apart=apart)]) for index in kept]
        rows = [titles, *(line for _, lines in blocks for line in lines)]
        widths = [
            max(map(cell_len, column))
            for column in zip(*((row.sign, row.side, row.number, row.layer, *row.cells) for row in rows), strict=True)
        ]
        widths[3] = min(widths[3], MOST_TEXT)
        over = 0 if width is None else sum(widths) + len(GAP) * (len(widths) - 1) - width
        widths[3] = max(min(widths[3], LEAST_TEXT), widths[3] - max(over, 0))
        if width is None or sum(widths) + len(GAP) * (len(widths) - 1) <= width:
            break
    out = [style(_line(titles, widths), "bold")]
    passed = 0
    for index, lines in blocks:
        if index > passed:
            out.append(style(_gap(index - passed), "dim"))
        passed = index + 1
        out += (style(_line(line, widths), line.style) if line.style else _line(line, widths) for line in lines)
        out += (style(f"    {visible(note)}", "warning") for note in notes_of(comparison, index))
    if len(comparison.pairs) > passed:
        out.append(style(_gap(len(comparison.pairs) - passed), "dim"))
    return out


def _gap(count: int) -> str:
    return f"    ... {count:,} layer{'s' if count > 1 else ''} the same"


def _safe(line: _Line) -> _Line:
    return line._replace(layer=visible(line.layer), cells=tuple(map(visible, line.cells)))


def _line(line: _Line, widths: Sequence[int]) -> str:
    from rich.cells import cell_len, set_cell_size

    cells = [line.sign, line.side, line.number, line.layer, *line.cells]
    right = [False, False, True, False, *(column.right for column in COLUMNS.values())]
    shown = []
    for cell, size, to_right in zip(cells, widths, right, strict=True):
        if cell_len(cell) > size:
            shown.append(set_cell_size(cell, size - 1) + "…")
        else:
            gap = " " * (size - cell_len(cell))
            shown.append(gap + cell if to_right else cell + gap)
    return GAP.join(shown).rstrip()
