"""The workings of rows taken together: each line times its copies, and their sum."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from tui.core.result import Result
from tui.core.size import Size
from tui.core.working import Working, as_working, recorded

if TYPE_CHECKING:
    from tui.core.snapshot import Snapshot


def sum_of_rows(snapshot: Snapshot, rows: range, label: str, value: Callable[[Result], Size]) -> tuple[Working, ...]:
    """The sum of a count over some rows: ``#1 = 224 + 2*584``, and so on, then ``params = #1 + #3``."""
    workings = []
    for row in rows:
        number = snapshot.number(row)
        if number is None:
            continue
        working = as_working(_over_copies(snapshot, row, value), f"#{number}")
        if working.value != 0:
            workings.append(working)
    total: Size = 0
    for working in workings:
        total = total + recorded(working.value, working.label)
    return (*workings, as_working(total, label)) if workings else ()


def _over_copies(snapshot: Snapshot, row: int, value: Callable[[Result], Size]) -> Size:
    """The count of one line over all its copies, equal neighbours taken together."""
    runs: list[tuple[Size, Size]] = []
    for place in snapshot.copies(row):
        result = snapshot.inference.result(place)
        if result is None:
            continue
        count, times = value(result), snapshot.inference.counted(place)
        if runs and runs[-1][0] == count:
            runs[-1] = (count, times + runs[-1][1])
        else:
            runs.append((count, times))
    total: Size = 0
    for count, times in runs:
        one = recorded(count, "copy")
        total = total + (one if times == 1 else recorded(times, "times") * one)
    return total
