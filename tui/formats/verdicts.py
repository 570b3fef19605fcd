"""Budgets held against a network, in words and bars: what the command line, the panes and the dialog show."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from tui.core.errors import or_list
from tui.core.size import symbols
from tui.core.snapshot import Snapshot
from tui.formats.budget import Verdict, budgets_of, judge
from tui.formats.columns import brief_text, count_text
from tui.formats.quantity import print_quantity

BAR: Final = 10
_MOST_DIGITS: Final = 60


def verdicts_of(snapshot: Snapshot) -> list[Verdict]:
    """The budgets that the document itself has, each with its verdict and without the layers that add most."""
    return [judge(snapshot, budget, most=0) for budget in budgets_of(snapshot.facts.budgets)]


def word(verdict: Verdict) -> str:
    """``ok``, ``OVER``, what the answer needs, or ``open`` where layers are not known."""
    if verdict.holds is not None:
        return "ok" if verdict.holds else "OVER"
    free = sorted(symbols(verdict.value))
    return f"needs {or_list(free, 'and')}" if free else "open"


def percent(verdict: Verdict) -> int | None:
    """How much of the limit is used, rounded up so that 100 is never shown for less room than there is."""
    value, limit = verdict.value, verdict.budget.limit
    if not isinstance(value, int) or limit <= 0:
        return None
    return -(-100 * value // limit)


def bar(verdict: Verdict, width: int = BAR) -> str:
    """The used part of the limit: ``[####......]``, ``[##########>`` where it is over."""
    used = percent(verdict)
    if used is None:
        return f"[{'?' * width}]"
    filled = min(-(-width * used // 100), width)
    return f"[{'#' * filled}{'.' * (width - filled)}{'>' if verdict.holds is False else ']'}"


def limit_text(verdict: Verdict) -> str:
    """The limit as it is written, with the device that it comes from."""
    budget = verdict.budget
    device = f" ({budget.device})" if budget.device else ""
    return f"{print_quantity(budget.limit, in_bytes=budget.metric.in_bytes)}{device}"


def sentence(snapshot: Snapshot, verdict: Verdict) -> str:
    """The whole verdict: ``ram: 25,200 B of 65,536 B (39%): ok``."""
    metric, limit, device = verdict.budget
    unit = " B" if metric.in_bytes else ""
    least = "" if snapshot.totals.complete else "at least "
    used = percent(verdict)
    share = f" ({used:,}%)" if used is not None else ""
    over = f" by {count_text(verdict.value - limit)}{unit}" if verdict.holds is False else ""
    source = f" of the {device}" if device else ""
    return (
        f"{metric.name}: {least}{brief_text(verdict.value, _MOST_DIGITS)}{unit} of {limit:,}{unit}{source}{share}: "
        f"{word(verdict)}{over}"
    )


def worst_text(snapshot: Snapshot, verdict: Verdict, row: int) -> str:
    """A layer that adds much to a verdict's value, and how much."""
    result, metric = snapshot.result(row), verdict.budget.metric
    part = "" if result is None else f": {count_text(metric.part(result))}{' B' if metric.in_bytes else ''}"
    return f"#{snapshot.number(row)} {snapshot.lines[row].code}{part}"


def summary(verdicts: Sequence[Verdict]) -> str:
    """All verdicts in a few cells, the exceeded ones first: ``params OVER 120% | ram ok 39%``."""
    order = {False: 0, None: 1, True: 2}
    parts = []
    for verdict in sorted(verdicts, key=lambda v: order[v.holds]):
        used = percent(verdict)
        share = f" {used}%" if used is not None else ""
        parts.append(f"{verdict.budget.metric.name} {word(verdict)}{share}")
    return " | ".join(parts)
