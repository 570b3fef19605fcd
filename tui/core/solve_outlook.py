"""What can be said of all large values of the unknown at once: bounds outside of which nothing can fit.

The network is computed once with the unknown replaced by ``m + base - 1`` for a symbol ``m`` of at least 1, so
that every comparison is decided for values from ``base`` on. Each limit, each window that must fit and each group
that must divide then asks for a polynomial in ``m`` of at least 0. Where such a polynomial is proven to move one
way, bisection gives a bound. The bounds are necessary, never taken as enough: what lies inside is still computed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import count
from typing import Final, NamedTuple

from tui.core.size import Poly, Size, SizeError, at_least, open_questions, symbol, symbols
from tui.core.solve_problem import Point, Problem, Trial, first_wrong
from tui.core.solve_readers import pairs_of, readers, window_counts
from tui.core.solve_trend import Trend, evaluator, trend
from tui.core.windowed import Windowed
from tui.core.working import plain

FARTHEST: Final = 10**18
"""Larger values are not looked at: no size in a line may be larger."""
SAMPLES: Final = (2, 3, 7, 100, 10_001)
"""How many times the base lie the values at which an error with symbols is compared with that with numbers."""
MOST_AXES: Final = 500
MOST_SPECIAL: Final = 90

Value = Callable[[int], int]


class Need(NamedTuple):
    """A polynomial that must be at least 0, as a function of ``m``, and which way it moves."""

    value: Value
    trend: Trend | None
    why: str

    def holds(self, m: int) -> bool:
        try:
            return self.value(m) >= 0
        except SizeError:
            return False

    def fails(self, m: int) -> bool:
        return not self.holds(m)


class Outlook:
    """The bounds for values from ``base`` on. ``first`` up to ``last`` (None: no end) may fit; all others cannot."""

    def __init__(self, trial: Trial, base: int) -> None:
        problem = trial.problem
        self.base = base
        used = {problem.symbol, *(name for line in problem.lines if line.spec for name in line.spec.symbols())}
        used.update(name for line in problem.lines if line.binding is not None for name in line.binding[:1])
        self.name = next(name for i in count() if (name := f"m{i}") not in used)
        with open_questions() as asked:
            self.snapshot = trial.snapshot(symbol(self.name) + (base - 1))
            self.whole = self.snapshot.totals.complete and self.snapshot.peak.complete
        self.asked = asked
        """What rules asked of the unknown and could not be told: there a rule may take another turn with numbers."""
        self.exact: list[Value | None] = []
        """The measure of each limit as a function of ``m``, where it is known exactly."""
        self.flat: list[bool] = []
        """For each limit whether its measure is known not to depend on the unknown."""
        self.needs = [*self._limits(problem), *self._windows(), *self._groups(), *self._agreements()]
        self.open = [need for need in self.needs if need.trend is None]
        """What only trying a value out can tell."""
        self.why_first: list[str] = []
        self.why_last: list[str] = []
        """What sets the bounds."""
        first, last = self._bounded()
        if last != 0 and self._always_wrong(trial):
            last, self.why_last = 0, ["an error that stays"]
        self.first = first + base - 1
        self.last = None if last is None else last + base - 1

    def passes(self, value: int) -> bool:
        """Whether a value of the range meets what has no bounds; then it has to be computed."""
        m = value - self.base + 1
        return all(need.holds(m) for need in self.open)

    def agrees(self, point: Point) -> bool:
        """Whether a computed point is what the polynomials say, and lies where they allow one that fits."""
        if point.value < self.base or not point.valid:
            return True
        m = point.value - self.base + 1
        for exact, value in zip(self.exact, point.values, strict=True):
            if exact is not None:
                try:
                    if exact(m) != value:
                        return False
                except SizeError:
                    return False
        return not point.fits or all(need.holds(m) for need in self.needs)

    def _limits(self, problem: Problem) -> Iterator[Need]:
        for limit in problem.limits:
            size = limit.measure.total(self.snapshot)
            known = size is not None and symbols(size) <= {self.name}
            exact = known and (self.whole or not limit.measure.whole)
            self.exact.append(evaluator(size, self.name) if exact and size is not None else None)
            self.flat.append(bool(exact) and isinstance(size, int))
            if not known or size is None:
                continue
            if limit.relation != ">=":  # a lower bound that is over is over
                yield from self._need(limit.number - size, limit.measure.name)
            if limit.relation != "<=" and exact:
                yield from self._need(size - limit.number, limit.measure.name)

    def _windows(self) -> Iterator[Need]:
        """Every window must fit: the count that the layer refuses below 1, also where it never fits."""
        seen: set[tuple[object, object]] = set()
        for layer, inputs in readers(self.snapshot.inference):
            if not isinstance(layer, Windowed) or len(inputs) != 1 or layer.timedistributed:
                continue
            if layer.settings.counting == "onnx" and type(layer).slid is not Windowed.slid:
                continue  # a pool there has a window where ours has none
            if (layer, inputs[0].shape) not in seen:
                seen.add((layer, inputs[0].shape))
                for size in window_counts(layer, inputs[0].shape):
                    yield from self._need(size - 1, "the windows")

    def _groups(self) -> Iterator[Need]:
        """Groups divide the input channels, so there are no more of them."""
        for layer, inputs in readers(self.snapshot.inference):
            groups = getattr(layer, "groups", 1)
            if inputs and isinstance(groups, Poly):
                yield from self._need(layer.channels(inputs[0].shape) - groups, "the groups")

    def _agreements(self) -> Iterator[Need]:
        """Sizes that are joined are equal, where neither can be a 1 that stretches."""
        pairs = (pair for layer, inputs in readers(self.snapshot.inference) for pair in pairs_of(layer, inputs))
        for a, b in pairs:
            if at_least(a, 2) and at_least(b, 2):
                yield from self._need(a - b, "what is joined")
                yield from self._need(b - a, "what is joined")

    def _always_wrong(self, trial: Trial) -> bool:
        """Whether a layer is refused for all values from the base on.

        A rule that raises on symbols has decided so for all of them, unless it cannot work with symbols; then the
        error with numbers is another one.
        """
        wrong = first_wrong(self.snapshot)
        if wrong is None:
            return False
        for value in (self.base, self.base + 1, *(self.base * step for step in SAMPLES)):
            found = trial.point(value).wrong
            if found is None or found[0] != wrong[0] or _words(found[1]) != _words(wrong[1]):
                return False
        return True

    def _need(self, size: Size, why: str) -> Iterator[Need]:
        if at_least(size, 0):
            return
        value = evaluator(plain(size), self.name)
        if value is not None:
            yield Need(value, trend(plain(size), self.name), why)

    def _bounded(self) -> tuple[int, int | None]:
        """The first and the last ``m`` that the needs with a trend allow; the first is beyond the last for none."""
        first, last = 1, None
        for need in self.needs:
            if need.trend == "up":
                turn = _turn(need.holds)
                if turn > first:
                    first, self.why_first = turn, [need.why]
                elif turn == first > 1:
                    self.why_first.append(need.why)
            elif need.trend is not None:
                end = _turn(need.fails) - 1 if need.trend == "down" else FARTHEST if need.holds(1) else 0
                if end >= FARTHEST:
                    continue
                if last is None or end < last:
                    last, self.why_last = end, [need.why]
                elif end == last:
                    self.why_last.append(need.why)
        return first, last

    def turns(self) -> list[int]:
        """The values on both sides of where each need with a trend begins or ends to hold."""
        found: set[int] = set()
        for need in self.needs:
            if need.trend in ("up", "down"):
                m = _turn(need.holds if need.trend == "up" else need.fails)
                found.update(value + self.base - 1 for value in (m - 1, m) if 1 <= value <= FARTHEST)
        return sorted(found)

    def special(self) -> list[int]:
        """Values beside which a rule might take another turn than its symbolic run did: where a question that it
        asked gets another answer, where two joined sizes are equal or an axis has a size of 1."""
        found: set[int] = set()
        sizes = dict.fromkeys(sorted(self.asked, key=str))
        for layer, inputs in readers(self.snapshot.inference):
            sizes.update((size - 1, None) for x in inputs for size in x.shape if not at_least(size, 2))
            if len(inputs) > 1:
                sizes.update((d, None) for a, b in pairs_of(layer, inputs) for d in (a - b, a - 1, b - 1))
            if len(sizes) > MOST_AXES:
                break
        for size in sizes:
            way, value = trend(size, self.name), evaluator(size, self.name)
            if value is None or way not in ("up", "down"):
                continue
            need = Need(value, way, "")
            m = _turn(need.holds if way == "up" else need.fails)
            found.update(near + self.base - 1 for near in (m - 1, m, m + 1) if 1 <= near <= FARTHEST)
            if len(found) > MOST_SPECIAL:
                break
        return sorted(found)


def _words(message: str) -> list[str]:
    """An error without its numbers and symbols."""
    return re.findall(r"[^\W\d]{3,}", message)


def _turn(holds: Callable[[int], bool]) -> int:
    """The first ``m`` of at least 1 at which a condition holds that, once it holds, always does; beyond
    FARTHEST where it does not hold up to there."""
    high = 1
    while not holds(high):
        high *= 2
        if high > FARTHEST:
            return FARTHEST + 1
    low = high // 2
    while low + 1 < high:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle) else (middle, high)
    return high
