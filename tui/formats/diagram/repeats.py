"""Groups that repeat: neighbours with the same layers, shapes and lines between them are drawn once, as ``x N``."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple

from tui.formats.diagram.frames import Span, named_inside
from tui.formats.diagram.units import Plan, Unit, code_of


class _Part(NamedTuple):
    """Neighbouring units: those of one span, or those in none. ``first`` and ``last`` are places among all units."""

    span: Span | None
    units: list[Unit]
    first: int
    last: int


def merged(plan: Plan, units: Sequence[Unit]) -> list[Unit]:
    """The units where groups that repeat are one; its frame says how often, its units which rows they stand for."""
    for unit in units:
        for span in unit.path:
            span.part()
    return _Merger(plan, units).merge(list(range(len(units))), 0)


class _Merger:
    def __init__(self, plan: Plan, units: Sequence[Unit]) -> None:
        self.plan = plan
        self.units = units
        self.place = {row: i for i, unit in enumerate(units) for row in unit.rows}
        self.reads: list[list[int]] = [[] for _ in units]
        self.last_reader = list(range(len(units)))
        for row, sources in plan.sources.items():
            reader = self.place[row]
            for source in sources:
                at = self.place.get(source, reader)
                if at != reader:
                    self.reads[reader].append(at)
                    self.last_reader[at] = max(self.last_reader[at], reader)

    def merge(self, places: Sequence[int], depth: int) -> list[Unit]:
        found: list[Unit] = []
        before: _Part | None = None  # the last part that was kept, and the one that stands just above
        above: _Part | None = None
        for part in self._parts(places, depth):
            if before is not None and above is not None and self._alike(above, part, depth):
                if before.span is not None and part.span is not None:  # alike parts have spans
                    before.span.merge(part.span)
                for unit, copy in zip(before.units, part.units, strict=True):
                    unit.copies += [copy.rows, *copy.copies]
                above = part
                continue
            found += part.units
            before = above = part
        return found

    def _parts(self, places: Sequence[int], depth: int) -> list[_Part]:
        found = []
        for span, group in groupby(places, lambda i: self._span(i, depth)):
            inside = list(group)
            kept = [self.units[i] for i in inside] if span is None else self.merge(inside, depth + 1)
            found.append(_Part(span, kept, inside[0], inside[-1]))
        return found

    def _span(self, place: int, depth: int) -> Span | None:
        path = self.units[place].path
        return path[depth] if len(path) > depth else None

    def _alike(self, one: _Part, other: _Part, depth: int) -> bool:
        """Whether two neighbours are drawn as one: nothing below the second may read the first."""
        a, b = one.span, other.span
        if a is None or b is None or a.block or b.block or len(one.units) != len(other.units):
            return False
        if one.last - one.first != other.last - other.first or a.parent != b.parent:
            return False
        if any(self.last_reader[place] > other.last for place in range(one.first, one.last + 1)):
            return False
        if any(self._key(x, depth) != self._key(y, depth) for x, y in zip(one.units, other.units, strict=True)):
            return False
        return all(
            self._same_reads(one.first + i, other.first + i, other.first - one.first)
            for i in range(one.last - one.first + 1)
        )

    def _same_reads(self, one: int, other: int, shift: int) -> bool:
        """Whether a copy reads what lies as far above it, or one and the same layer further up."""
        mine, theirs = sorted(self.reads[one]), sorted(self.reads[other])
        return len(mine) == len(theirs) and all(a == b or a + shift == b for a, b in zip(mine, theirs, strict=True))

    def _key(self, unit: Unit, depth: int) -> tuple[object, ...]:
        if unit.folded is not None:
            return (id(unit),)
        line, result = self.plan.snapshot.lines[unit.rows.start], self.plan.result(unit.rows.start)
        shapes = (result.inputs, result.outputs) if result is not None and result.outputs else id(unit)
        inner = [named_inside(span.label, unit.path) for span in unit.path[depth + 1 :]]
        return (named_inside(line.name, unit.path), code_of(line), *unit.attached, shapes, *inner)
