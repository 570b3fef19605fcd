"""A comparison as the screen shows it: one line for each pair, the details of one, and totals for a width."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from tui.core.compare import Comparison
from tui.formats.compare.rows import COLUMNS, SIGNS, Cell, cells_of, line_text, notes_of, number_text
from tui.formats.compare.text import aligned, total_lines
from tui.formats.compare.totals import TotalText, facts_of, foremost, summary_of, totals_of, unknown_of
from tui.formats.escape import visible


class ShownPair(NamedTuple):
    """A line of the list: the sign, the number on the right side (else the left), texts, and the chosen column."""

    sign: str
    number: str
    both: str
    a: str
    b: str
    cell: Cell


def shown_pair(comparison: Comparison, index: int, key: str) -> ShownPair:
    """The line of a pair; ``key`` is that of the column (of ``rows.COLUMNS``)."""
    pair = comparison.pairs[index]
    a, b = visible(line_text(comparison.a, pair.a)), visible(line_text(comparison.b, pair.b))
    number = number_text(comparison.a, pair.a) if pair.b is None else number_text(comparison.b, pair.b)
    cell = COLUMNS[key].cell(*comparison.values(index))
    return ShownPair(SIGNS[pair.change], number, both_texts(a, b), a, b, safe(cell))


def safe(cell: Cell) -> Cell:
    """The cell as a terminal may show it: a symbol can be called anything."""
    return Cell(visible(cell.a), visible(cell.b), visible(cell.delta), visible(cell.percent), cell.differs)


def both_texts(a: str, b: str) -> str:
    """Two lines as one: what they share once, and between it what differs.

    >>> both_texts("c1: conv 6 5x5 padding=2", "c1: conv 6 3x3 padding=2")
    'c1: conv 6 5x5 -> 3x3 padding=2'
    """
    if not a or not b or a == b:
        return b or a
    x, y = a.split(" "), b.split(" ")
    first = 0
    while first < min(len(x), len(y)) and x[first] == y[first]:
        first += 1
    last = 0
    while last < min(len(x), len(y)) - first and x[-1 - last] == y[-1 - last]:
        last += 1
    old, new = (" ".join(words[first : len(words) - last]) or "(nothing)" for words in (x, y))
    return " ".join([*x[:first], old, "->", new, *x[len(x) - last :]])


def details_of(comparison: Comparison, index: int, names: tuple[str, str]) -> list[str]:
    """All of a pair: where it stands and what it says, what else is to be said, and every value."""
    pair = comparison.pairs[index]
    texts, places = [], []
    for name, snapshot, row in ((names[0], comparison.a, pair.a), (names[1], comparison.b, pair.b)):
        texts.append(line_text(snapshot, row).strip())
        number = number_text(snapshot, row)
        if row is not None:
            places.append(f"{name} #{number}" if number else name)
    lines = [visible(f"{'only ' * (len(places) == 1)}{', '.join(places)}: {both_texts(*texts)}")]
    lines += [visible(note) for note in notes_of(comparison, index, names)]
    values = []
    for key, cell in cells_of(comparison, index).items():
        if not cell.differs:
            values.append(f"{COLUMNS[key].title} {cell.b or cell.a or '-'}")
            continue
        change = " ".join(filter(None, (cell.delta, cell.percent)))
        values.append(f"{COLUMNS[key].title} {cell.a or '-'} -> {cell.b or '-'}" + (f" ({change})" if change else ""))
    return [*lines, visible(" | ".join(values))]


def totals_for(comparison: Comparison, names: tuple[str, str], width: int, most: int) -> list[str]:
    """The foremost totals below their titles, each in a line of a width; what does not fit is left out column by
    column."""
    lines = foremost(totals_of(comparison), most)
    for columns in ((0, 1, 2, 3, 4), (0, 1, 2, 3), (0, 2, 3), (0, 3)):
        rows = [[row[i] for i in columns] for row in total_lines(_brief(lines, width), names, "difference")]
        shown = aligned(rows)
        if max(map(len, shown)) <= width:
            break
    return shown


def _brief(lines: Sequence[TotalText], width: int) -> list[TotalText]:
    if width >= 70:
        return list(lines)
    short = {"peak_activation_bytes": "peak, B", "field": "RF", "params": "params"}
    return [line._replace(title=short.get(line.key, line.title)) for line in lines]


def state_of(comparison: Comparison, names: tuple[str, str]) -> str:
    """The settings that differ, what is unknown, and how many layers changed, in a line."""
    parts = [f"{name}: {a} -> {b}" for name, a, b in facts_of(comparison)]
    return visible("; ".join(filter(None, (summary_of(comparison), *parts, unknown_of(comparison, names)))))
