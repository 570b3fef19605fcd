"""A pair of layers in texts: what the command line, the files and the screen show of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from typing import Final, NamedTuple

from tui.core.compare import Comparison
from tui.core.compare_pairs import ADDED, CHANGED, FOLLOWS, REMOVED, SAME, Pair
from tui.core.compare_values import Values, change_of, delta, deltas, in_format_of, percent
from tui.core.size import Size
from tui.core.snapshot import Snapshot
from tui.core.tensor import shape_text
from tui.formats.columns import brief_text, field_text, status_text

SIGNS: Final = {SAME: "=", FOLLOWS: ":", CHANGED: "~", ADDED: "+", REMOVED: "-"}
LEGEND: Final = "~ changed  + added  - removed  : same layer, other numbers  = the same"
MOST: Final = 48
"""A longer sum of symbols says what it depends on; the JSON has it whole."""


class Cell(NamedTuple):
    """A value of both sides, the difference and its share of the first value, as texts."""

    a: str = ""
    b: str = ""
    delta: str = ""
    percent: str = ""
    differs: bool = False


class Column(NamedTuple):
    """A value of a layer that is compared."""

    key: str
    title: str
    help: str
    cell: Callable[[Values | None, Values | None], Cell]
    right: bool = True


def signed(size: Size) -> str:
    """A difference with its sign; where it depends on symbols, the sign of what stands first.

    >>> signed(-96), signed(0), signed(19488)
    ('-96', '0', '+19,488')
    """
    shown = brief_text(size, MOST)
    return shown if shown.startswith(("-", "(")) or size == 0 else f"+{shown}"


def percent_text(share: Fraction | None) -> str:
    """A share in percent with one decimal, never rounded to none: ``-61.5%``, ``+<0.1%``."""
    if share is None:
        return ""
    if share == 0:
        return "0%"
    sign = "+" if share > 0 else "-"
    tenths = int(abs(share) * 10 + Fraction(1, 2))
    if tenths == 0:
        return f"{sign}<0.1%"
    if tenths >= 10**7:
        return f"{sign}>999,999%"
    return f"{sign}{tenths // 10:,}.{tenths % 10}%"


def _of_sizes(pick: Callable[[Values], Size | None]) -> Callable[[Values | None, Values | None], Cell]:
    """A cell of counts: ``?`` for a layer of which none is known, a lower bound for a block with such a layer."""

    def said(values: Values | None) -> str:
        size = None if values is None else pick(values)
        if size is None or values is None:
            return "?" if values is not None and values.status == "opaque" else ""
        return f"{'>= ' if values.status == 'opaque' else ''}{brief_text(size, MOST)}"

    def cell(a: Values | None, b: Values | None) -> Cell:
        x, y = (None if values is None else pick(values) for values in (a, b))
        change = change_of(a, b, pick)
        differs = (a is not None and b is not None) and x != y
        if change is None or change == 0:
            return Cell(said(a), said(b), differs=differs)
        return Cell(said(a), said(b), signed(change), percent_text(percent(x, change)), differs)

    return cell


def _out_text(values: Values | None) -> str:
    if values is None:
        return ""
    return ", ".join(map(shape_text, values.shapes)) or ("?" if values.status == "opaque" else "")


def output_cell(a: Values | None, b: Values | None) -> Cell:
    """The output shapes; the percentage is that of the elements."""
    shown = _out_text(a), _out_text(b)
    if a is None or b is None or a.shapes == b.shapes:
        return Cell(*shown)
    turned = in_format_of(a.shapes, b.shapes)
    if turned == b.shapes:
        return Cell(*shown, "axes moved", "", True)
    axes = [deltas(x[1:], y[1:]) for x, y in zip(turned, b.shapes, strict=False)]
    said = ""
    if len(turned) == len(b.shapes):
        said = ", ".join("?" if change is None else "x".join(map(signed, change)) for change in axes).replace("+-", "-")
    share = percent(a.elements, delta(a.elements, b.elements))
    return Cell(*shown, said if said.strip("?, ") else "", percent_text(share), True)


def field_cell(a: Values | None, b: Values | None) -> Cell:
    x, y = ("" if v is None or v.field is None else field_text(v.field) for v in (a, b))
    if a is None or b is None or x == y:
        return Cell(x, y)
    change = deltas(a.field_sizes, b.field_sizes)
    if not change:
        return Cell(x, y, differs=True)
    sizes = list(dict.fromkeys(change))
    first = percent(a.field_sizes[0], change[0]) if a.field_sizes and len(sizes) == 1 else None
    said = signed(sizes[0]) if len(sizes) == 1 else "x".join(map(signed, change))
    return Cell(x, y, said, percent_text(first), True)


COLUMNS: Final[dict[str, Column]] = {
    column.key: column
    for column in (
        Column("out", "out", "output shape, batch left out", output_cell, right=False),
        Column("params", "params", "parameters", _of_sizes(lambda v: v.counts and v.counts.params)),
        Column("macs", "MACs", "multiply-accumulates", _of_sizes(lambda v: v.counts and v.counts.macs)),
        Column("activation_bytes", "act B", "bytes of the output", _of_sizes(lambda v: v.activation_bytes)),
        Column("field", "RF", "receptive field", field_cell),
    )
}


def cells_of(comparison: Comparison, index: int) -> dict[str, Cell]:
    """The cells of a pair, by the keys of COLUMNS."""
    a, b = comparison.values(index)
    return {column.key: column.cell(a, b) for column in COLUMNS.values()}


def rows_of(comparison: Comparison, *, only_changes: bool) -> Sequence[int]:
    """The pairs that are listed."""
    if not only_changes:
        return range(len(comparison.pairs))
    return [index for index, pair in enumerate(comparison.pairs) if pair.change != SAME]


def line_text(snapshot: Snapshot, row: int | None) -> str:
    """A layer as the list shows it, indented as it lies in blocks; nothing for a side that lacks it."""
    return "" if row is None else " " * snapshot.lines[row].indent + snapshot.lines[row].code


def number_text(snapshot: Snapshot, row: int | None) -> str:
    """The number of a layer; nothing for the head of a block."""
    number = None if row is None else snapshot.number(row)
    return "" if number is None else str(number)


def notes_of(comparison: Comparison, index: int, names: tuple[str, str] = ("A", "B")) -> list[str]:
    """What has to be said beside the numbers of a pair: moves, reasons that the lines do not show, errors."""
    pair = comparison.pairs[index]
    found = list(_moves(comparison, pair, names))
    if pair.change == CHANGED:
        if "block" in pair.reasons:
            found.append("in another block, or in none")
        if pair.reasons == ("sources",):
            found.append("reads other layers")
    said: dict[str, list[str]] = {}
    for name, snapshot, row in ((names[0], comparison.a, pair.a), (names[1], comparison.b, pair.b)):
        result = None if row is None else snapshot.result(row)
        if row is not None and result is not None and (result.message or result.status == "waiting"):
            said.setdefault(status_text(snapshot, row, result), []).append(name)
    return found + [f"{', '.join(sides)}: {message}" for message, sides in said.items()]


def _moves(comparison: Comparison, pair: Pair, names: tuple[str, str]) -> Iterator[str]:
    if pair.moved is None:
        return
    gone = pair.b is None
    other, name = (comparison.b, names[1]) if gone else (comparison.a, names[0])
    number = number_text(other, pair.moved)
    where = f"#{number}" if number else line_text(other, pair.moved).strip()
    yield f"moved {'to' if gone else 'from'} {where} of {name}"
