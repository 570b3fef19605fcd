"""Columns of whole numbers that a formula is run over: what a sweep needs of them, and plain lists that do it.

The formula is written once, with ``+``, ``*`` and ``//``. Lists are exact for every size; a faster kind of
column has to say which sizes it holds exactly (``most``).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import repeat
from operator import add, floordiv, mul
from typing import Any, Protocol, TypeAlias

Numbers: TypeAlias = Any
"""A column, or one plain number for all of its rows."""
Flags: TypeAlias = Any
"""A column of answers, true or false."""


class Columns(Protocol):
    """A kind of columns over a grid of points: ``rows`` values of one symbol by ``across`` values of another.

    Points are in row-major order. ``wide`` columns hold numbers of any size.
    """

    name: str
    most: int | None
    """The largest number that columns which are not wide hold; None where there is no such limit."""
    at_once: int
    """So many points are computed at once: more would hold up whoever waits for Esc."""
    row_alone: int
    """A row of so many points is computed by itself, so that what depends on its symbol alone is one number."""

    def grid(self, rows: Sequence[int], across: Sequence[int], wide: bool) -> tuple[Numbers, Numbers]: ...
    def lesser(self, a: Numbers, b: Numbers) -> Numbers: ...
    def greater(self, a: Numbers, b: Numbers) -> Numbers: ...
    def without_zeros(self, a: Numbers) -> Numbers: ...
    def not_negative(self, a: Numbers) -> Flags: ...
    def is_zero(self, a: Numbers) -> Flags: ...
    def kinds_of(
        self, flags: Sequence[Flags], rows: int, across: int
    ) -> tuple[list[tuple[int, ...]], Sequence[int]]: ...
    def renumbered(self, own: Sequence[int], numbers: Sequence[int]) -> Sequence[int]: ...
    def flat(self, a: Numbers, rows: int, across: int) -> Sequence[int]: ...
    def joined(self, pieces: Sequence[Sequence[int]]) -> Sequence[int]: ...
    def members(self, own: Sequence[int], count: int) -> list[Sequence[int]]: ...


class Column:
    """A list of numbers that is added, multiplied and divided row by row."""

    __slots__ = ("values",)

    def __init__(self, values: list[int]) -> None:
        self.values = values

    def _with(self, run: Callable[[int, int], int], other: Column | int) -> Column:
        return Column(list(map(run, self.values, other.values if isinstance(other, Column) else repeat(other))))

    def __add__(self, other: Column | int) -> Column:
        return self._with(add, other)

    __radd__ = __add__

    def __mul__(self, other: Column | int) -> Column:
        return self._with(mul, other)

    __rmul__ = __mul__

    def __floordiv__(self, other: Column | int) -> Column:
        return self._with(floordiv, other)

    def __rfloordiv__(self, other: int) -> Column:
        return Column([other // value for value in self.values])


class Lists:
    """Columns of plain Python: slower, and always there."""

    name = "plain Python"
    most: int | None = None
    at_once = 1 << 13
    row_alone = 64

    def grid(self, rows: Sequence[int], across: Sequence[int], wide: bool) -> tuple[Numbers, Numbers]:
        """The values of both symbols at every point."""
        if len(rows) == 1:
            return rows[0], Column(list(across))
        return Column([row for row in rows for _ in across]), Column(list(across) * len(rows))

    def lesser(self, a: Numbers, b: Numbers) -> Numbers:
        """The smaller of two numbers at each point."""
        return _each(min, a, b)

    def greater(self, a: Numbers, b: Numbers) -> Numbers:
        """The larger of two numbers at each point."""
        return _each(max, a, b)

    def without_zeros(self, a: Numbers) -> Numbers:
        """1 in the place of each 0: a divisor that is not used there."""
        return Column([value or 1 for value in a.values]) if isinstance(a, Column) else a or 1

    def not_negative(self, a: Numbers) -> Flags:
        """Whether each is at least 0."""
        return [value >= 0 for value in a.values] if isinstance(a, Column) else a >= 0

    def is_zero(self, a: Numbers) -> Flags:
        """Whether each is 0."""
        return [value == 0 for value in a.values] if isinstance(a, Column) else a == 0

    def kinds_of(self, flags: Sequence[Flags], rows: int, across: int) -> tuple[list[tuple[int, ...]], Sequence[int]]:
        """The distinct rows of answers, and for each point which of them is its own."""
        # What all points answer alike tells none of them from another.
        told = {i: flag for i, flag in enumerate(flags) if isinstance(flag, list) and any(flag) and not all(flag)}
        same = [flag[0] if isinstance(flag, list) else flag for flag in flags]
        known: dict[tuple[int, ...], int] = {}
        if told:
            own = [known.setdefault(answer, len(known)) for answer in zip(*told.values(), strict=True)]
        else:
            known[()] = 0
            own = [0] * (rows * across)
        kinds = []
        for answer in known:
            at = dict(zip(told, answer, strict=True))
            kinds.append(tuple(int(at.get(i, value)) for i, value in enumerate(same)))
        return kinds, own

    def renumbered(self, own: Sequence[int], numbers: Sequence[int]) -> Sequence[int]:
        """Other numbers in the place of 0, 1, 2 and so on."""
        return [numbers[place] for place in own]

    def flat(self, a: Numbers, rows: int, across: int) -> Sequence[int]:
        """The number at every point."""
        return a.values if isinstance(a, Column) else [a] * (rows * across)

    def joined(self, pieces: Sequence[Sequence[int]]) -> Sequence[int]:
        """Pieces one after another."""
        return [value for piece in pieces for value in piece]

    def members(self, own: Sequence[int], count: int) -> list[Sequence[int]]:
        """For each of the numbers below ``count`` the places where it stands, in order."""
        found: list[list[int]] = [[] for _ in range(count)]
        for place, number in enumerate(own):
            found[number].append(place)
        return [*found]


def _each(run: Callable[[int, int], int], a: Numbers, b: Numbers) -> Numbers:
    if isinstance(a, Column):
        return a._with(run, b)
    return b._with(run, a) if isinstance(b, Column) else run(a, b)
