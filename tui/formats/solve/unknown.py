"""The unknown of a question, as it is written: ``n``, ``#3.filters``, ``conv1.kernel.H``, ``input``, ``H=W``,
``batch``, ``width``.

Whatever it is, it becomes one free symbol in a copy of the document, so that solving knows symbols only.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from tui.core.edits import Edit
from tui.core.errors import or_list
from tui.core.network import Line
from tui.core.size import symbol
from tui.core.snapshot import Change, Snapshot
from tui.core.solve_problem import SolveError
from tui.formats.edits import bind, set_setting
from tui.formats.line import parse_line
from tui.formats.solve.place import Place, number_at, with_number, with_size
from tui.formats.solve.width import FULL, scaled_lines
from tui.formats.solve.words import INPUT, WIDTH, found_by, free_name, input_row, spatial_axes, used_symbols
from tui.formats.statements import print_settings

EXAMPLES: Final = "n, #3.filters, conv1.kernel, input, H=W, batch or width"


class Unknown(NamedTuple):
    """One unknown number. ``lines`` are the document with ``symbol`` in its place, rows as they were.

    ``names`` are the document's symbols that stand for it, ``rows`` its lines that hold it; ``low`` is the least
    value that makes sense, ``now`` the value that it has, None where it is free.
    """

    label: str
    symbol: str
    lines: list[Line]
    names: tuple[str, ...]
    rows: tuple[int, ...]
    low: int
    now: int | None
    settings: tuple[str, ...] = ()
    """Settings that no line has yet."""

    @property
    def unit(self) -> str:
        """What stands behind a value of it."""
        return "%" if self.label == WIDTH else ""

    def edit(self, snapshot: Snapshot, value: int, cursor: int) -> Edit:
        """The edit that gives the unknown a value; the cursor stays at its line."""
        changes: list[Change] = []
        for name in self.names:
            changes += bind(snapshot, name, value).changes
        for name in self.settings:
            changes += set_setting(snapshot, name, value).changes
        for row in self.rows:
            changes.append(Change(row, row + 1, [with_number(self.lines[row], self.symbol, value)]))
        added = sum(len(c.lines) - (c.last - c.first) for c in changes if c.first <= cursor)
        return Edit(f"{self.label} = {value}{self.unit}", tuple(changes), cursor + added)


def parse_unknown(snapshot: Snapshot, word: str) -> Unknown:
    """The unknown that a word names in a network; raises SolveError, which says what there is."""
    parts = [part.strip() for part in word.split("=")]
    if not all(parts):
        raise SolveError(f"{word!r} names no unknown; write {EXAMPLES}")
    names: dict[str, None] = {}
    places: dict[Place, None] = {}
    for part in parts:
        if part.rstrip("%") == WIDTH and part not in used_symbols(snapshot):
            return _width(snapshot, parts)
        for found in found_by(snapshot, part):
            if isinstance(found, str):
                names[found] = None
            else:
                places[found] = None
    return _unknown(snapshot, "=".join(parts), list(names), list(places))


def names_of(snapshot: Snapshot, here: Sequence[str] = ()) -> list[str]:
    """Words for unknowns of a network that are worth offering: its symbols, the free ones first, then what is
    ``here`` under a cursor, then what every network has."""
    used = used_symbols(snapshot)
    offered = sorted(used, key=lambda name: used[name] is not None)
    offered += here
    row = input_row(snapshot)
    if row is not None and spatial_axes(snapshot, row):
        offered.append(INPUT)
    if scaled_lines(snapshot.lines, symbol("w"), FULL):
        offered.append(WIDTH)
    return list(dict.fromkeys([*offered, "batch"]))


def _unknown(snapshot: Snapshot, label: str, names: Sequence[str], places: Sequence[Place]) -> Unknown:
    lone = len(names) == 1 and not places
    name = names[0] if lone else free_name(snapshot, "u")
    lines = [Line("") if line.binding and line.binding[0] in names else line for line in snapshot.lines]
    low, now = 1, [snapshot.symbols.get(n) for n in names]
    for place in places:
        if place.row < 0:  # a setting that no line has
            lines.append(parse_line(print_settings([(place.argument, symbol(name))])))
            now.append(getattr(snapshot.settings, place.argument))
            continue
        line = lines[place.row]
        found, least = number_at(snapshot, line, place)
        now.append(found)
        low = min(low, least)
        lines[place.row] = with_size(snapshot, line, place, symbol(name))
    if not lone:
        lines += [Line(f"let {n} = {name}", binding=(n, symbol(name))) for n in names]
    rows = tuple(sorted({place.row for place in places if place.row >= 0}))
    numbers = set(now)
    current = now[0] if len(numbers) == 1 and isinstance(now[0], int) else None
    settings = tuple(place.argument for place in places if place.row < 0)
    return Unknown(label, name, lines, tuple(names), rows, low, current, settings)


def _width(snapshot: Snapshot, parts: Sequence[str]) -> Unknown:
    """The width multiplier in percent of what the layers have now."""
    if len(parts) > 1:
        raise SolveError(f"{WIDTH} stands alone: it is the percentage of all filters and units")
    name = free_name(snapshot, "w")
    scaled = scaled_lines(snapshot.lines, symbol(name), FULL)
    if not scaled:
        used = used_symbols(snapshot)
        hint = f"; solve for {or_list(used)} instead" if used else ""
        raise SolveError(f"only numbers are scaled, and no layer but the last has a number of filters or units{hint}")
    lines = list(snapshot.lines)
    for row, line in scaled.items():
        lines[row] = line
    return Unknown(WIDTH, name, lines, (), tuple(scaled), 1, FULL)
