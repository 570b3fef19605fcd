"""The sums over a network: of all results, and after one result took the place of another."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from tui.core.result import Counts, Result
from tui.core.size import Size, SizeError

ZERO: Final = Counts()


def difference(counts: Counts, old: Result | None, new: Result | None) -> Counts | None:
    """The sums after one result took the place of another; None where they must be counted anew."""
    less, more = old.counts if old else ZERO, new.counts if new else ZERO
    try:
        return Counts(*[total - a + b for total, a, b in zip(counts, less, more, strict=True)])
    except SizeError:
        return None


def summed(results: Mapping[Result | None, Size]) -> Counts:
    """Distinct results times how often they occur: symbolic sums stay cheap in long networks.

    A layer with which the sum would be too long to write counts as missing.
    """
    totals: list[Any] = [0] * len(Counts._fields)
    for result, times in results.items():
        if result is None:
            continue
        try:
            totals = [total + value * times for total, value in zip(totals, result.counts, strict=True)]
        except SizeError:
            totals[-1] = totals[-1] + times
    return Counts._make(totals)
