"""What a measurement is: two times of one run, their ratio round by round, and the goal that it has to meet."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median, quantiles
from typing import Any, Final, Literal

Bound = Literal["<=", ">="]
SKIPPED: Final = "skipped"


@dataclass(frozen=True)
class Options:
    """What the command line says. ``torch_python`` is an interpreter that has torch and torchinfo."""

    rounds: int
    torch_python: str


@dataclass(frozen=True)
class Outcome:
    """A pair of measurements. ``over`` and ``under`` hold one value a round, of one unit.

    A ratio of two numbers that were taken in the same round keeps its meaning on a busy machine; a
    number of milliseconds does not. Without a ``limit`` the ratio is only told. ``note`` says why
    nothing was measured.
    """

    what: str
    bound: Bound = "<="
    limit: float | None = None
    over: Sequence[float] = ()
    under: Sequence[float] = ()
    unit: str = "ms"
    note: str = ""

    @property
    def ratios(self) -> list[float]:
        return [a / b for a, b in zip(self.over, self.under, strict=True)]

    @property
    def ratio(self) -> float:
        return median(self.ratios)

    @property
    def spread(self) -> tuple[float, float]:
        """The quartiles of the rounds."""
        if len(self.over) < 2:
            return self.ratio, self.ratio
        low, _, high = quantiles(self.ratios, n=4, method="inclusive")
        return low, high

    @property
    def verdict(self) -> str:
        if self.note:
            return SKIPPED
        if self.limit is None:
            return "told"
        meets = self.ratio <= self.limit if self.bound == "<=" else self.ratio >= self.limit
        return "ok" if meets else "MISS"

    @property
    def goal(self) -> str:
        return f"{self.bound} {number(self.limit)}" if self.limit is not None else "-"

    def record(self) -> dict[str, Any]:
        """The outcome for a program to read."""
        known: dict[str, Any] = {"what": self.what, "goal": self.goal, "verdict": self.verdict}
        if self.note:
            return {**known, "note": self.note}
        sides = {"over": median(self.over), "under": median(self.under), "unit": self.unit}
        return {**known, "ratio": self.ratio, "spread": list(self.spread), **sides, "rounds": len(self.over)}


Benchmark = Callable[[Options], list[Outcome]]


def number(value: float) -> str:
    """Three significant digits; a small share is written as one over something."""
    if 0 < value < 0.05:
        return f"1/{1 / value:,.0f}"
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def table(outcomes: Sequence[Outcome]) -> str:
    """The outcomes for people, one a line."""
    head = ("measured in one run", "goal", "ratio", "", "quartiles of the rounds", "medians")
    rows = [head, *map(_row, outcomes)]
    widths = [max(len(row[i]) for row in rows) for i in range(len(head))]
    return "\n".join("  ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)).rstrip() for row in rows)


def _row(outcome: Outcome) -> tuple[str, ...]:
    if outcome.note:
        return outcome.what, outcome.goal, "", SKIPPED, outcome.note, ""
    low, high = outcome.spread
    sides = f"{number(median(outcome.over))} / {_side(median(outcome.under))} {outcome.unit}"
    return (
        outcome.what,
        outcome.goal,
        number(outcome.ratio),
        outcome.verdict,
        f"{number(low)} to {number(high)}",
        sides,
    )


def _side(value: float) -> str:
    return f"{value:.3g}" if value < 100 else f"{value:,.0f}"
