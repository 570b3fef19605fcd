"""Sweeps: what a network comes to for each of many values of one or two symbols.

Few combinations are computed one by one, as the network with those values. Many are computed by the
formulas of the totals. A formula holds where the layers fit, and that depends on the values; so the
combinations are sorted by all that the rules of the layers ask of the symbols (see ``sweep_questions``), some
of each sort are computed as a whole, and only where those agree with the formula is it used for their sort.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from tui.core.errors import LayersheetError
from tui.core.metric import Metric
from tui.core.network import Line
from tui.core.result import Result
from tui.core.size import Size, symbols
from tui.core.snapshot import Snapshot

MOST_POINTS: Final = 5_000_000
"""The most combinations of one sweep; the answers take some hundred megabytes."""
MOST_ALONE: Final = 20_000
"""The most combinations that are computed one by one."""
MOST_SYMBOLS: Final = 2
FEW: Final = 4_000
"""With no more layers times combinations than this, one by one is as quick as a formula."""
SUMS: Final = frozenset({"params", "trainable", "macs", "flops", "flash", "training"})
"""The metrics that are sums over the layers, with nothing of the peak in them."""
EXACT_REASONS: Final = 2_000
"""For so many combinations that do not fit the reason is worked out in its own numbers."""


class SweepError(LayersheetError):
    """A sweep that cannot be made: of nothing, of too much, or of what has no number."""


class UnboundError(SweepError):
    """Something that is swept depends on a symbol without a value; ``names`` are those symbols."""

    def __init__(self, what: str, names: Sequence[str]) -> None:
        self.names = tuple(names)
        verb = "has" if len(names) == 1 else "have"
        super().__init__(f"{what} also depends on {' and '.join(names)}, which {verb} no value")


class Axis(NamedTuple):
    """A symbol with the values that it takes in turn."""

    name: str
    values: Sequence[int]


class Measure(NamedTuple):
    """A number of a network, and whether all layers that belong to it are known."""

    name: str
    of: Callable[[Snapshot], Size]
    complete: Callable[[Snapshot], bool] = lambda s: s.totals.complete
    in_bytes: bool = False


class Progress(NamedTuple):
    """How far a sweep is: so many of so many steps, and what is done in them."""

    done: int
    total: int
    what: str


class Outcome(NamedTuple):
    """What combinations of one sort have in common. ``reason`` says why they have no numbers; None where they do.
    ``own`` marks a reason in words for all of them, where each has numbers of its own. ``least`` marks the measures
    that are lower bounds.
    """

    reason: str | None = None
    own: bool = False
    least: tuple[bool, ...] = ()


class Point(NamedTuple):
    """One combination: the values of the symbols, and the numbers or why there are none."""

    values: tuple[int, ...]
    numbers: tuple[int, ...] | None
    reason: str = ""
    least: tuple[bool, ...] = ()


Steps = Generator[Progress, None, "Sweep"]
"""A sweep in steps, so that whoever runs it can show how far it is, and stop."""


class Sweep:
    """The answers, in the order of the values, the first symbol slowest."""

    def __init__(
        self,
        axes: Sequence[Axis],
        measures: Sequence[Measure],
        numbers: Sequence[Sequence[int]],
        sorts: Sequence[int],
        outcomes: Sequence[Outcome],
        how: str,
        alone: Callable[[Mapping[str, int]], str | None] = lambda values: None,
    ) -> None:
        self.axes = tuple(axes)
        self.measures = tuple(measures)
        self.numbers = numbers
        """One column for each measure; without meaning where a combination has no numbers."""
        self.sorts = sorts
        self.outcomes = outcomes
        self.how = how
        """In words how the numbers were made."""
        self.refused = 0
        """How many combinations have no numbers."""
        self._alone = alone
        self._reasons: dict[int, str] = {}

    def __len__(self) -> int:
        return count_of(self.axes)

    def __iter__(self) -> Iterator[Point]:
        return map(self.point, range(len(self)))

    def values(self, index: int) -> tuple[int, ...]:
        """The values of the symbols in a combination."""
        found = []
        for axis in reversed(self.axes):
            index, place = divmod(index, len(axis.values))
            found.append(axis.values[place])
        return tuple(reversed(found))

    def fits(self, index: int) -> bool:
        """Whether a combination has numbers."""
        return self.outcomes[self.sorts[index]].reason is None

    def number(self, measure: int, index: int) -> int | None:
        """A number of a combination; None where a layer has an error."""
        return int(self.numbers[measure][index]) if self.fits(index) else None

    def point(self, index: int) -> Point:
        """A combination with all that is known of it."""
        outcome, values = self.outcomes[self.sorts[index]], self.values(index)
        if outcome.reason is None:
            return Point(values, tuple(int(column[index]) for column in self.numbers), "", outcome.least)
        return Point(values, None, self._reason(index, values, outcome))

    def _reason(self, index: int, values: tuple[int, ...], outcome: Outcome) -> str:
        assert outcome.reason is not None
        if not outcome.own:
            return outcome.reason
        known = self._reasons.get(index)
        if known is None:
            if len(self._reasons) >= EXACT_REASONS:
                return outcome.reason
            names = [axis.name for axis in self.axes]
            known = self._reasons[index] = self._alone(dict(zip(names, values, strict=True))) or outcome.reason
        return known

    @property
    def least(self) -> bool:
        """Whether there are lower bounds among the numbers, since something in the network is not known."""
        return any(any(outcome.least) for outcome in self.outcomes)


def count_of(axes: Sequence[Axis]) -> int:
    """How many combinations there are."""
    count = 1
    for axis in axes:
        count *= len(axis.values)
    return count


def measure_of(metric: Metric) -> Measure:
    """The total of a metric as what a sweep measures. The peak of memory can be a lower bound by itself."""
    if metric.name in SUMS:
        return Measure(metric.name, metric.total, in_bytes=metric.in_bytes)
    return Measure(metric.name, metric.total, lambda s: s.totals.complete and s.peak.complete, metric.in_bytes)


def freed(lines: Sequence[Line], names: Sequence[str]) -> list[Line]:
    """The lines without the bindings of some symbols; the others keep their places."""
    return [Line("") if line.binding is not None and line.binding[0] in names else line for line in lines]


def bound(lines: Sequence[Line], values: Mapping[str, int]) -> Snapshot:
    """The network with some symbols bound, computed anew."""
    return Snapshot.of([*lines, *(Line(f"let {name} = {value}", binding=(name, value)) for name, value in
                                  values.items())])  # fmt: skip


def failure(snapshot: Snapshot) -> tuple[str, str] | None:
    """The first layer that has an error, and the error; None where all have their results."""
    if snapshot.totals.complete:
        return None
    for row in snapshot.shown:
        result = snapshot.result(row)
        if result is not None and result.status == "error":
            return layer_text(snapshot, row), result.message or "has an error"
    return None


def layer_text(snapshot: Snapshot, row: int) -> str:
    """A layer by its number and its line."""
    number = snapshot.number(row)
    return f"{'' if number is None else f'#{number} '}{snapshot.lines[row].code}"


def symbols_of(snapshot: Snapshot) -> list[str]:
    """The symbols that can be swept: those of the layers, and those that other symbols are made of."""
    found = dict.fromkeys(snapshot.symbols)
    for line in snapshot.lines:
        if line.binding is not None and line.binding[1] is not None:
            found.update(dict.fromkeys(sorted(symbols(line.binding[1]))))
    return list(found)


def part_of(result: Result | None) -> Result:
    """The result of a layer that has one; raises SweepError for another."""
    if result is None:
        raise SweepError("the layer is skipped, so it has no number")
    if result.status in ("error", "waiting"):
        raise SweepError(result.message or "the layer waits for its input")
    return result
