"""Solving backwards: the largest or smallest value of one unknown with which a network keeps to its limits.

The answer and its neighbours are computed with numbers, never taken from a formula. A formula only rules
values out: where a measure is proven to grow or shrink with the unknown, all that lie beyond a bound; else
one by one. What is left is computed from the wanted end on, so that holes (an axis that must be even, groups
that must divide) are met as they come. What a formula gets wrong at a computed point ends its use.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import Final, NamedTuple

from tui.core.solve_outlook import FARTHEST, Outlook
from tui.core.solve_problem import Point, Problem, SolveError, Trial

SMALL: Final = 256
"""Of ranges up to this long every value is computed."""
FIRST: Final = (32, 256, 1024)
"""So many values from the low end on are computed rather than judged by formulas: rules have special cases for an
axis of 1. The next is tried where one leaves something open."""
REACH: Final = 100_000
"""How far a range goes that has no end, where nothing bounds it."""
MOST_COMPUTED: Final = 100_000
MOST_JUDGED: Final = 5_000_000
BEYOND: Final = 64
"""So far a neighbour that is valid is looked for, where the next value is not."""

Proof = str
"""``computed``: every value of the range on the far side of the answer was computed or judged by its formula.
``bounded``: a proven bound rules out what was not. ``reach``: no end was asked for, and larger values than the
range are not checked. ``stopped``: so many values are left that the search was given up."""


class Progress(NamedTuple):
    """How far a search is: values looked at, of so many at most, and the one looked at now."""

    done: int
    total: int
    value: int


class Answer(NamedTuple):
    """What a search found. ``point`` is None where nothing fits; ``nearest`` then comes closest, if anything is valid.

    ``beside`` are the values next to the answer (or to the nearest), and the next valid one where they are not.
    ``checked`` is the part of the range that the claim is about, ``bounds`` what rules out the rest, and ``flat``
    names the measures that are known not to depend on the unknown.
    """

    problem: Problem
    point: Point | None
    nearest: Point | None
    beside: tuple[Point, ...]
    proof: Proof
    checked: tuple[int, int | None]
    bounds: tuple[str, ...] = ()
    flat: tuple[str, ...] = ()

    @property
    def shown(self) -> tuple[Point, ...]:
        """All points to show, in the order of their values."""
        middle = tuple(point for point in (self.point or self.nearest,) if point is not None)
        return tuple(sorted((*self.beside, *middle), key=lambda p: p.value))


Steps = Generator[Progress, None, Answer]


class _Distrust(Exception):  # noqa: N818 - no error: another way is taken
    """A computed point is not what the formulas say."""


def check(problem: Problem) -> None:
    """Raise SolveError where the question has no sense: an empty range, or limits that exclude each other."""
    if problem.high is not None and problem.high < problem.low:
        raise SolveError(f"the range {problem.low:,}..{problem.high:,} is empty; write the smaller end first")
    if max(abs(problem.low), abs(problem.high or 0)) > FARTHEST:
        raise SolveError("the range goes beyond 10**18, the largest size")
    for name in dict.fromkeys(limit.measure.name for limit in problem.limits):
        limits = [limit for limit in problem.limits if limit.measure.name == name]
        least = max((limit.number for limit in limits if limit.relation != "<="), default=0)
        most = min((limit.number for limit in limits if limit.relation != ">="), default=least)
        if least > most:
            raise SolveError(f"the limits exclude each other: {name} cannot be at least {least:,} and at most {most:,}")


def solve(problem: Problem) -> Answer:
    """The answer, without a word in between; raises SolveError as :func:`check` does, and OpenSymbolsError."""
    steps = search(problem)
    try:
        while True:
            next(steps)
    except StopIteration as done:
        answer: Answer = done.value
        return answer


def search(problem: Problem) -> Steps:
    """The search, step by step: it can be shown and stopped. Its result is the answer."""
    check(problem)
    trial = Trial(problem)
    outlook = _outlook(trial) if problem.high is None or problem.high - problem.low >= SMALL else None
    try:
        return (yield from _Search(trial, outlook).run())
    except _Distrust:
        return (yield from _Search(trial, None).run())


def _outlook(trial: Trial) -> Outlook | None:
    best: Outlook | None = None
    for first in FIRST:
        try:
            found = Outlook(trial, trial.problem.low + first)
        except ArithmeticError:
            continue
        if best is None or _left(found) < _left(best):
            best = found
        if found.last is not None or (found.whole and not found.open):
            break
    return best


def _left(outlook: Outlook) -> tuple[bool, int]:
    """How much an outlook leaves open: whether there is no end, and what has to be judged value by value."""
    return outlook.last is None, len(outlook.open) + (not outlook.whole)


class _Search:
    """One run through the values that may fit, from the wanted end on."""

    def __init__(self, trial: Trial, outlook: Outlook | None) -> None:
        problem = trial.problem
        self.trial = trial
        self.outlook = outlook
        self.largest = problem.largest
        low, high = problem.low, problem.high
        self.near, first, last = range(low, low), low, high
        self.bounds: tuple[str, ...] = ()
        if outlook is not None:
            self.near = range(low, outlook.base)
            first = max(outlook.first, outlook.base)
            cut = outlook.last is not None and (high is None or outlook.last < high)
            last = outlook.last if cut else high
            why = [*(outlook.why_last if cut else ()), *(outlook.why_first if first > outlook.base else ())]
            self.bounds = tuple(dict.fromkeys(why))
        self.endless = last is None
        if last is None:
            last = REACH if first < REACH // 2 else min(first + REACH - 1, FARTHEST)
        self.end = max(last, low)
        self.far = range(first, last + 1)
        self.total = max(len(self.near) + len(self.far), 1)
        self.computed = self.judged = 0

    def run(self) -> Steps:
        found, stopped = None, False
        for part in (self.far, self.near) if self.largest else (self.near, self.far):
            values = reversed(part) if self.largest else iter(part)
            found = yield from self._scan(values, judge=part is self.far)
            stopped = self._spent()
            if found is not None or stopped:
                break
        yield from self._special(found)
        return self._answer(found, stopped)

    def _spent(self) -> bool:
        return self.computed > MOST_COMPUTED or self.judged > MOST_JUDGED

    def _scan(self, values: Iterator[int], judge: bool) -> Generator[Progress, None, Point | None]:
        for value in values:
            if self._spent():
                return None
            self.judged += 1
            self.last = value
            if judge and self.outlook is not None and self.outlook.open and not self.outlook.passes(value):
                if self.judged % 200 == 0:
                    yield Progress(self.judged, self.total, value)
                continue
            point = self._point(value)
            yield Progress(self.judged, self.total, value)
            if point.fits:
                return point
        return None

    def _point(self, value: int) -> Point:
        self.computed += 1
        point = self.trial.point(value)
        if self.outlook is not None and not self.outlook.agrees(point):
            raise _Distrust
        return point

    def _special(self, found: Point | None) -> Generator[Progress, None, None]:
        """Compute the values at which formulas may be wrong, as far as they would be better than the answer."""
        if self.outlook is None:
            return
        problem = self.trial.problem
        for value in self.outlook.special():
            better = found is None or (value > found.value if self.largest else value < found.value)
            if better and value >= problem.low and (problem.high is None or value <= problem.high):
                self._point(value)
                yield Progress(self.judged, self.total, value)

    def _answer(self, found: Point | None, stopped: bool) -> Answer:
        problem, outlook = self.trial.problem, self.outlook
        nearest = None if found is not None else self._nearest()
        middle = found or nearest
        proof = "stopped" if stopped else "reach" if self.endless else "bounded" if self.bounds else "computed"
        if found is not None and not self.largest:
            proof = "bounded" if found.value >= self.far.start > self.near.stop else "computed"
        low, high = problem.low, self.end if proof == "reach" or (stopped and problem.high is None) else problem.high
        checked = (low, high)
        if stopped:
            checked = (self.last, high) if self.largest else (low, self.last)
        known = outlook.flat if outlook is not None else [False] * len(problem.limits)
        flat = [limit.measure.name for limit, one in zip(problem.limits, known, strict=True) if one]
        beside = self._beside(middle.value) if middle is not None else self._ends()
        return Answer(problem, found, nearest, beside, proof, checked, self.bounds, tuple(flat))

    def _nearest(self) -> Point | None:
        """The valid point that misses its limits by least, of those computed and of those beside each bound."""
        problem = self.trial.problem
        ends = [problem.low, self.end if problem.high is None else problem.high]
        for value in (*ends, *(self.outlook.turns() if self.outlook is not None else ())):
            if value >= problem.low and (problem.high is None or value <= problem.high):
                self._point(value)
        valid = [point for point in self.trial.points.values() if point.valid and None not in point.excesses]
        return min(valid, key=self._miss, default=None)

    def _miss(self, point: Point) -> tuple[float, int]:
        limits = self.trial.problem.limits
        missed = sum(abs(e or 0) / max(limit.number, 1) for e, limit in zip(point.excesses, limits, strict=True))
        return missed, -point.value if self.largest else point.value

    def _beside(self, value: int) -> tuple[Point, ...]:
        """The neighbours, and on the side where the better values would be the next one that is valid."""
        low = min(self.trial.problem.low, 1)
        step = 1 if self.largest else -1
        found = [self.trial.point(v) for v in (value - 1, value + 1) if low <= v <= FARTHEST]
        ahead = next((point for point in found if point.value == value + step), None)
        if ahead is not None and not ahead.valid:
            for far in range(2, BEYOND):
                if low <= value + step * far <= FARTHEST and (point := self.trial.point(value + step * far)).valid:
                    return (*found, point)
        return tuple(found)

    def _ends(self) -> tuple[Point, ...]:
        """What is wrong at the ends of the range, where nothing in it is valid."""
        problem = self.trial.problem
        ends = dict.fromkeys((problem.low, self.end if problem.high is None else problem.high))
        return tuple(self.trial.point(value) for value in ends)
