"""The Pareto front of a sweep: the combinations that no other beats in one number without losing in the other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import product
from typing import NamedTuple

from tui.core.sweep import Sweep


class Goal(NamedTuple):
    """A number to make small, or ``largest``: a measure of the sweep by its place, or one of its symbols."""

    name: str
    place: int
    largest: bool = False
    symbol: bool = False


def front(sweep: Sweep, first: Goal, second: Goal) -> list[int]:
    """The combinations on the front, by the first goal and the best first; those that tie on it are all there.

    A combination is beaten by one that is no worse in both numbers and better in one.
    """
    best: dict[int, int] = {}
    for _, x, y in _pairs(sweep, first, second):
        known = best.get(x)
        if known is None or y < known:
            best[x] = y
    kept: dict[int, int] = {}
    lowest: int | None = None
    for x in sorted(best):
        if lowest is None or best[x] < lowest:
            lowest = kept[x] = best[x]
    found = [(x, index) for index, x, y in _pairs(sweep, first, second) if kept.get(x) == y]
    return [index for _, index in sorted(found)]


def _pairs(sweep: Sweep, first: Goal, second: Goal) -> Iterator[tuple[int, int, int]]:
    """Each combination that has numbers with both, the smaller the better."""
    good = [outcome.reason is None for outcome in sweep.outcomes]
    one, other = (-1 if goal.largest else 1 for goal in (first, second))
    # Side by side, since to index a column of a million is slow.
    columns = zip(sweep.sorts, _column(sweep, first), _column(sweep, second), strict=True)
    for index, (sort, x, y) in enumerate(columns):
        if good[sort]:
            yield index, one * int(x), other * int(y)


def _column(sweep: Sweep, goal: Goal) -> Iterable[int]:
    if not goal.symbol:
        return sweep.numbers[goal.place]
    return (values[goal.place] for values in product(*(axis.values for axis in sweep.axes)))
