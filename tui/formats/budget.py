"""Budgets: limits on the totals of a network, written as ``params=1M`` or ``ram=256KiB``, and whether they hold."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

from tui.core.errors import LayersheetError, ParseError
from tui.core.metric import METRICS, Metric, MetricError, metric_named
from tui.core.network import Line
from tui.core.size import Size, at_least
from tui.core.snapshot import Snapshot
from tui.formats.devices import device_named, devices
from tui.formats.quantity import QuantityError, parse_quantity, print_quantity
from tui.formats.words import Words

DEVICE: Final = "device"
"""The word that takes the limits of a device."""


class BudgetError(LayersheetError):
    """A budget that does not read."""


class Budget(NamedTuple):
    """A metric with the most that is allowed, and the device that says so, if one does."""

    metric: Metric
    limit: int
    device: str = ""


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
    try:
        return Budget(metric, parse_quantity(quantity.strip(), in_bytes=metric.in_bytes))
    except QuantityError as error:
        raise BudgetError(error.message) from None


def parse_budget_line(code: str) -> Line:
    """The line ``budget params=1M device=esp32``; raises ParseError at the word that does not read."""
    found = Words(code)
    known = [f"{DEVICE}=", *(f"{name}=" for name in METRICS)]
    if len(found.words) == 1:
        raise ParseError("budget needs a limit: budget params=1M ram=256KiB", (len(code), len(code)), expected=known)
    entries: list[tuple[str, int | str]] = []
    for word, span in zip(found.words[1:], found.spans[1:], strict=True):
        name, _, value = word.partition("=")
        try:
            entries.append((DEVICE, device_named(value).name) if name == DEVICE else _entry(parse_budget(word)))
        except LayersheetError as error:
            raise ParseError(error.message, span, expected=list(devices()) if name == DEVICE else known) from None
    return Line(print_budgets(entries), budget=tuple(entries))


def budget_words() -> dict[str, str]:
    """What may stand in a ``budget`` line, with what it is for."""
    words = {f"{name}=": metric.help for name, metric in METRICS.items()}
    return {**words, **{f"{DEVICE}={name}": device_named(name).title for name in devices()}}


def _entry(budget: Budget) -> tuple[str, int]:
    return budget.metric.name, budget.limit


def print_budgets(entries: Iterable[tuple[str, int | str]]) -> str:
    """The ``budget`` line for some limits."""
    words = (
        f"{name}={value if isinstance(value, str) else print_quantity(value, in_bytes=METRICS[name].in_bytes)}"
        for name, value in entries
    )
    return " ".join(["budget", *words])


def budgets_of(entries: Iterable[tuple[str, int | str]]) -> list[Budget]:
    """The budgets of a document (``Facts.budgets``): those of its device, where none of its own says otherwise."""
    own = dict(entries)
    device = own.pop(DEVICE, None)
    found = {name: Budget(METRICS[name], int(limit)) for name, limit in own.items()}
    if device is not None:
        for name, limit in device_named(str(device)).limits.items():
            found.setdefault(name, Budget(METRICS[name], limit, str(device)))
    return [found[name] for name in METRICS if name in found]


def judge(snapshot: Snapshot, budget: Budget, *, most: int = 3) -> Verdict:
    """Whether the network keeps to a budget, with the ``most`` layers that add to it: to find them walks over all.

    A lower bound that is over is over; one that is not proves nothing.
    """
    value = budget.metric.total(snapshot)
    holds = at_least(budget.limit, value)
    if holds and not snapshot.totals.complete:
        holds = None
    return Verdict(budget, value, holds, _worst(snapshot, budget.metric, most) if most else ())


def _worst(snapshot: Snapshot, metric: Metric, most: int) -> tuple[int, ...]:
    parts = []
    for row in snapshot.shown:
        result = snapshot.result(row)
        if result is not None and result.kind is not None and (size := metric.part(result)) != 0:
            # What depends on a symbol cannot be ordered; it comes first, as it can be the largest.
            parts.append((not isinstance(size, int), size if isinstance(size, int) else 0, -row))
    return tuple(-row for *_, row in sorted(parts, reverse=True)[:most])
