"""What is asked when a network is solved backwards, and the truth about one value: a full computation with numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from tui.core.errors import LayersheetError, or_list
from tui.core.metric import Metric
from tui.core.network import Line
from tui.core.size import Size, symbols
from tui.core.snapshot import Snapshot

RELATIONS: Final = ("<=", ">=", "=")


class SolveError(LayersheetError):
    """A question that cannot be answered as it is asked; the message says what would do."""


class OpenSymbolsError(SolveError):
    """A limited number depends on other symbols as well; ``names`` are those that need a value."""

    def __init__(self, measure: str, names: Sequence[str]) -> None:
        super().__init__(f"{measure} depends on {or_list(names, 'and')} too")
        self.names = tuple(names)


class Measure(NamedTuple):
    """A number of the network or of one layer that can be limited. ``total`` gives None where there is none."""

    name: str
    help: str
    total: Callable[[Snapshot], Size | None]
    in_bytes: bool = False
    whole: bool = True
    """Whether it is about all layers, so that a layer without a result makes it a lower bound."""


def measure_of(metric: Metric) -> Measure:
    """The measure that a metric of the network is."""
    return Measure(metric.name, metric.help, metric.total, metric.in_bytes)


class Limit(NamedTuple):
    """What a measure must be: at most (<=), at least (>=) or exactly (=) a number."""

    measure: Measure
    relation: str
    number: int

    def excess(self, value: int) -> int:
        """By how much a value misses: above 0 for too much, below 0 for too little, 0 where it holds."""
        off = value - self.number
        if (off > 0 and self.relation != ">=") or (off < 0 and self.relation != "<="):
            return off
        return 0


class Point(NamedTuple):
    """The network at one value of the unknown, computed with numbers.

    ``values`` are those of the limits' measures, None where nothing can be said; ``wrong`` is the first line
    without a result of its own and why; ``complete`` is False where the totals are lower bounds.
    """

    value: int
    values: tuple[int | None, ...]
    excesses: tuple[int | None, ...]
    valid: bool
    complete: bool
    wrong: tuple[int, str] | None = None

    @property
    def fits(self) -> bool:
        """Whether every layer has an output and every limit holds."""
        return self.valid and not any(excess is None or excess for excess in self.excesses)


class Problem(NamedTuple):
    """Lines in which ``symbol`` is free, the limits, and whether the largest or the smallest value is asked for.

    The range goes from ``low`` to ``high``; None means that no end was asked for.
    """

    lines: Sequence[Line]
    symbol: str
    limits: tuple[Limit, ...]
    largest: bool
    low: int = 1
    high: int | None = None


class Trial:
    """Computes a problem's network at values of the unknown, each once. What it says is what the screen would show."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.points: dict[int, Point] = {}

    def snapshot(self, value: Size) -> Snapshot:
        """The network with the unknown replaced by a number, or by a size of another symbol."""
        name = self.problem.symbol
        return Snapshot.of([*self.problem.lines, Line(f"let {name} = {value}", binding=(name, value))])

    def point(self, value: int) -> Point:
        """The point of a value; raises OpenSymbolsError where a limited measure is no number there."""
        found = self.points.get(value)
        if found is None:
            found = self.points[value] = self._computed(value)
        return found

    def _computed(self, value: int) -> Point:
        try:
            snapshot = self.snapshot(value)
            wrong = first_wrong(snapshot)
            values = tuple(_number(snapshot, limit.measure, wrong is None) for limit in self.problem.limits)
        except ArithmeticError as error:  # a number beyond every use
            values, wrong = (None,) * len(self.problem.limits), (-1, str(error))
            return Point(value, values, values, False, False, wrong)
        excesses = tuple(
            None if number is None else limit.excess(number)
            for limit, number in zip(self.problem.limits, values, strict=True)
        )
        complete = snapshot.totals.complete and snapshot.peak.complete
        return Point(value, values, excesses, wrong is None, complete, wrong)


def _number(snapshot: Snapshot, measure: Measure, valid: bool) -> int | None:
    """The measure as a number; None for a network that has errors, or where there is none."""
    size = measure.total(snapshot) if valid else None
    if size is None or isinstance(size, int):
        return size
    raise OpenSymbolsError(measure.name, sorted(symbols(size)))


def first_wrong(snapshot: Snapshot) -> tuple[int, str] | None:
    """The first line that has an error, and what it says; None where every layer has an output."""
    if snapshot.totals.complete:
        return None
    for row in range(len(snapshot.lines)):
        result = snapshot.result(row)
        if result is not None and result.status == "error" and snapshot.lines[row].repeat is None:
            return row, result.message or "an error"
    for row in range(len(snapshot.lines)):  # the head of a block, or a layer that waits for nothing that is wrong
        result = snapshot.result(row)
        if result is not None and result.status in ("error", "waiting"):
            return row, result.message or "it has no input"
    return None
