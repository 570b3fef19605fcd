"""Budgets: limits on the totals of a network, written as ``params=1M`` or ``ram=256KiB``, and whether they hold."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Final, NamedTuple

from tui.core.errors import LayersheetError
from tui.core.metric import Metric, MetricError, metric_named
from tui.core.size import Size, at_least
from tui.core.snapshot import Snapshot

COUNT_UNITS: Final = {"": 1, "k": 10**3, "K": 10**3, "M": 10**6, "G": 10**9}
BYTE_UNITS: Final = {
    **COUNT_UNITS, "B": 1, "kB": 10**3, "KB": 10**3, "MB": 10**6, "GB": 10**9, "KiB": 2**10, "MiB": 2**20, "GiB": 2**30
}  # fmt: skip
_QUANTITY: Final = re.compile(r"(\d[\d_,]{0,30}(?:\.\d{1,12})?) ?([A-Za-z]*)", re.ASCII)


class BudgetError(LayersheetError):
    """A budget that does not read."""


class Budget(NamedTuple):
    """A metric with the most that is allowed."""

    metric: Metric
    limit: int


class Verdict(NamedTuple):
    """Whether a budget holds: True, False, or None where that depends on symbols or on layers with errors."""

    budget: Budget
    value: Size
    holds: bool | None
    worst: tuple[int, ...]
    """The lines that add most, the largest first."""


def parse_budget(text: str) -> Budget:
    """The budget that ``metric=quantity`` says; raises BudgetError."""
    name, equals, quantity = text.partition("=")
    try:
        metric = metric_named(name.strip())
    except MetricError as error:
        raise BudgetError(error.message) from None
    if not equals or not quantity.strip():
        raise BudgetError(f"{metric.name} needs a limit, such as {metric.name}={'256KiB' if metric.in_bytes else '1M'}")
    return Budget(metric, parse_quantity(quantity.strip(), in_bytes=metric.in_bytes))


def parse_quantity(text: str, *, in_bytes: bool = False) -> int:
    """A number with a unit, rounded down: ``1.5M``, ``100k``, and for bytes ``256KiB`` (2**10) or ``256KB`` (10**3)."""
    units = BYTE_UNITS if in_bytes else COUNT_UNITS
    match = _QUANTITY.fullmatch(text)
    if match is None:
        shown = text if len(text) <= 40 else text[:39] + "…"
        raise BudgetError(f"{shown!r} is no quantity; write a number such as {'256KiB' if in_bytes else '1M'}")
    if match[2] not in units:
        hint = "; a count has no bytes" if match[2] in BYTE_UNITS else ""
        raise BudgetError(f"{match[2]!r} is no unit here{hint}; there are {', '.join(u for u in units if u)}")
    number = Fraction(match[1].replace("_", "").replace(",", ""))
    return int(number * units[match[2]])


def judge(snapshot: Snapshot, budget: Budget) -> Verdict:
    """Whether the network keeps to a budget. A lower bound that is over is over; one that is not proves nothing."""
    value = budget.metric.total(snapshot)
    holds = at_least(budget.limit, value)
    if holds and not snapshot.totals.complete:
        holds = None
    return Verdict(budget, value, holds, _worst(snapshot, budget.metric))


def _worst(snapshot: Snapshot, metric: Metric, most: int = 3) -> tuple[int, ...]:
    parts = []
    for row in snapshot.shown:
        result = snapshot.result(row)
        if result is not None and result.kind is not None and (size := metric.part(result)) != 0:
            # What depends on a symbol cannot be ordered; it comes first, as it can be the largest.
            parts.append((not isinstance(size, int), size if isinstance(size, int) else 0, -row))
    return tuple(-row for *_, row in sorted(parts, reverse=True)[:most])
