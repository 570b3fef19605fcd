"""Runs a sweep in steps: one combination after another, or by the formula of the totals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Final, Literal

from tui.core.errors import LayersheetError
from tui.core.network import Line
from tui.core.size import Poly, Size, symbols
from tui.core.snapshot import Snapshot
from tui.core.sweep import (
    FEW,
    MOST_ALONE,
    Axis,
    Measure,
    Outcome,
    Progress,
    Steps,
    Sweep,
    SweepError,
    UnboundError,
    bound,
    count_of,
    failure,
    freed,
)
from tui.core.sweep_checks import check
from tui.core.sweep_columns import Columns, Numbers
from tui.core.sweep_formula import Values, magnitude
from tui.core.sweep_questions import Formula, NoFormulaError, formula_of

How = Literal["auto", "alone", "formula"]
MOST_SORTS: Final = 400
CHECKS: Final = 12
"""Of each sort of combinations so many are computed as a whole; all of a smaller one."""


def sweep(
    snapshot: Snapshot, axes: Sequence[Axis], measures: Sequence[Measure], columns: Columns, how: How = "auto"
) -> Steps:
    """The steps of a sweep; the sweep is what the generator returns.

    Raises SweepError where there is nothing or too much to sweep, and UnboundError where another symbol needs
    a value first.
    """
    check(snapshot, axes, measures)
    names = [axis.name for axis in axes]
    lines = freed(list(snapshot.lines), names)
    open_ones = {name for name, value in snapshot.symbols.items() if value is None} - set(names)
    few = count_of(axes) * max(len(lines), 1) <= FEW
    why = ""
    if how == "formula" or (how == "auto" and not few):
        try:
            found: Sweep = yield from _by_formula(lines, axes, measures, columns)
            return found
        except NoFormulaError as error:
            if how == "formula":
                raise
            why = error.message
    if how == "auto" and count_of(axes) > MOST_ALONE:
        raise SweepError(
            f"{count_of(axes):,} combinations, but there is no formula for all of them ({why}), and one by one at most "
            f"{MOST_ALONE:,} are computed; take larger steps or a shorter range"
        )
    found = yield from _alone(lines, axes, measures, open_ones)
    return found


def _numbers(
    snapshot: Snapshot, measures: Sequence[Measure], open_ones: set[str] | frozenset[str]
) -> tuple[Outcome, tuple[int, ...]]:
    """What one combination comes to; raises UnboundError where that depends on symbols that are open everywhere."""
    wrong = failure(snapshot)
    if wrong is not None:
        return Outcome(f"{wrong[0]}: {wrong[1]}"), ()
    numbers: list[int] = []
    for measure in measures:
        try:
            size = measure.of(snapshot)
        except LayersheetError as error:
            return Outcome(f"{measure.name}: {error.message}"), ()
        if isinstance(size, Poly):
            missing = symbols(size) & open_ones
            if missing:
                raise UnboundError(measure.name, sorted(missing))
            return Outcome(f"{' and '.join(sorted(symbols(size)))} cannot be computed here"), ()
        numbers.append(size)
    return Outcome(None, False, tuple(not measure.complete(snapshot) for measure in measures)), tuple(numbers)


def _alone(lines: Sequence[Line], axes: Sequence[Axis], measures: Sequence[Measure], open_ones: set[str]) -> Steps:
    names = [axis.name for axis in axes]
    numbers: list[list[int]] = [[] for _ in measures]
    outcomes: dict[Outcome, int] = {}
    sorts: list[int] = []
    total, refused = count_of(axes), 0
    for values in product(*(axis.values for axis in axes)):
        outcome, found = _numbers(bound(lines, dict(zip(names, values, strict=True))), measures, open_ones)
        sorts.append(outcomes.setdefault(outcome, len(outcomes)))
        refused += outcome.reason is not None
        for place, column in enumerate(numbers):
            column.append(found[place] if found else 0)
        yield Progress(len(sorts), total, "computed one by one")
    answer = Sweep(axes, measures, numbers, sorts, list(outcomes), "each network computed by itself")
    answer.refused = refused
    return answer


def _by_formula(lines: Sequence[Line], axes: Sequence[Axis], measures: Sequence[Measure], columns: Columns) -> Steps:
    if any(value < 1 for axis in axes for value in axis.values):
        raise NoFormulaError("formulas hold for symbols of at least 1")
    names = [axis.name for axis in axes]
    formula = formula_of(Snapshot.of(lines), frozenset(names), measures)
    yield Progress(0, count_of(axes), "by the formula")
    run = _Run(formula, axes, columns)
    yield from run.steps()
    if len(run.sorts) > MOST_SORTS:
        raise NoFormulaError("the layers fit in too many different ways")
    own, numbers = columns.joined(run.own), [columns.joined(pieces) for pieces in run.numbers]
    found = Sweep(
        axes, measures, numbers, own, [Outcome()] * len(run.sorts), f"by the formula of the totals, {columns.name}",
        lambda values: _numbers(bound(lines, values), measures, frozenset())[0].reason,
    )  # fmt: skip
    checked = max(CHECKS * 100 // (len(run.sorts) + 100), 3)
    outcomes = []
    for number, members in enumerate(columns.members(own, len(run.sorts))):
        seen: list[tuple[Outcome, tuple[int, ...]]] = []
        for place in _spread(members, checked):
            values = dict(zip(names, found.values(place), strict=True))
            seen.append(_numbers(bound(lines, values), measures, frozenset()))
            said = tuple(int(column[place]) for column in numbers)
            if seen[-1][0].reason is None and seen[-1] != (Outcome(None, False, formula.least), said):
                raise NoFormulaError(f"the formula does not hold for {_pairs(values)}")
            yield Progress(number, len(run.sorts), "checked on whole networks")
        outcomes.append(_common([outcome for outcome, _ in seen], len(seen) == len(members)))
        found.refused += len(members) * (outcomes[-1].reason is not None)
    found.outcomes = outcomes
    return found


def _common(seen: Sequence[Outcome], whole: bool) -> Outcome:
    """What combinations of one sort have in common, of which some were seen, or the ``whole`` sort.

    Raises NoFormulaError where some fit and some do not.
    """
    if all(outcome.reason is None for outcome in seen):
        return seen[0]
    if any(outcome.reason is None for outcome in seen):
        raise NoFormulaError("where the layers fit cannot be told from their sizes alone")
    if whole and len(set(seen)) == 1:
        return seen[0]
    places = {(outcome.reason or "").partition(": ")[0] for outcome in seen}
    where = places.pop() if len(places) == 1 else "a layer"
    return Outcome(f"{where}: does not fit", True)


def _spread(members: Sequence[int], count: int) -> Iterator[int]:
    """Some of the members, the first and the last among them, evenly between."""
    last = len(members) - 1
    steps = min(count - 1, last)
    places = dict.fromkeys(last * i // steps if steps else 0 for i in range(steps + 1))
    return (int(members[place]) for place in places)


def _pairs(values: Mapping[str, int]) -> str:
    return ", ".join(f"{name} = {value}" for name, value in values.items())


class _Run:
    """The formula over all points, piece by piece: the numbers, and the sort of each point."""

    def __init__(self, formula: Formula, axes: Sequence[Axis], columns: Columns) -> None:
        self.formula = formula
        self.axes = axes
        self.columns = columns
        self.sorts: dict[tuple[int, ...], int] = {}
        self.own: list[Sequence[int]] = []
        self.numbers: list[list[Sequence[int]]] = [[] for _ in formula.sizes]
        self.kept: dict[tuple[int, bool], Values] = {}
        most = {axis.name: max(map(abs, axis.values)) for axis in axes}
        self.wide = {size: columns.most is not None and magnitude(size, most) > columns.most
                     for size in (*formula.sizes, *formula.signs, *formula.zeros)}  # fmt: skip

    def steps(self) -> Iterator[Progress]:
        """Compute; one step for each piece."""
        rows = self.axes[0].values
        across = self.axes[1].values if len(self.axes) > 1 else [1]
        at_once = self.columns.at_once // (8 if any(self.wide.values()) else 1)
        done, total = 0, len(rows) * len(across)
        high = 1 if len(across) >= self.columns.row_alone else max(at_once // len(across), 1)
        for top in range(0, len(rows), high):
            for left in range(0, len(across), at_once):
                piece = rows[top : top + high], across[left : left + at_once]
                self._compute(*piece, left)
                done += len(piece[0]) * len(piece[1])
                yield Progress(done, total, "by the formula")

    def _compute(self, rows: Sequence[int], across: Sequence[int], left: int) -> None:
        known: dict[bool, Values] = {}

        def value(size: Size) -> Numbers:
            wide = self.wide[size]
            if wide not in known:
                known[wide] = self._values(rows, across, left, wide)
            return known[wide].of(size)

        flags = [self.columns.not_negative(value(size)) for size in self.formula.signs]
        flags += [self.columns.is_zero(value(size)) for size in self.formula.zeros]
        shape = len(rows), len(across)
        kinds, own = self.columns.kinds_of(flags, *shape)
        numbers = [self.sorts.setdefault(kind, len(self.sorts)) for kind in kinds]
        self.own.append(self.columns.renumbered(own, numbers))
        for pieces, size in zip(self.numbers, self.formula.sizes, strict=True):
            pieces.append(self.columns.flat(value(size), *shape))

    def _values(self, rows: Sequence[int], across: Sequence[int], left: int, wide: bool) -> Values:
        """The values of one piece. From one row to the next, what the second symbol alone decides stays."""
        names = [axis.name for axis in self.axes]
        grid = self.columns.grid(rows, across, wide)
        kept = None
        if len(rows) == 1 and len(names) > 1:
            kept = self.kept.get((left, wide))
            if kept is None:
                kept = self.kept[left, wide] = Values(self.columns, {names[1]: grid[1]})
        return Values(self.columns, dict(zip(names, grid, strict=False)), kept)
