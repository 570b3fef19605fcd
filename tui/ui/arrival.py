"""Where the cursor belongs after a step through the history."""

from __future__ import annotations

from bisect import bisect_left

from tui.core.change import difference
from tui.core.snapshot import Snapshot


def arrival(before: Snapshot, after: Snapshot, row: int | None, told: int) -> int:
    """The document row of ``after``, the cursor being at ``row`` of ``before``.

    It is the first line that the step brought; where it only took lines away or moved them that which the step
    names (``told``); and where it touched nothing that the list shows, the line that the cursor was on.
    """
    change = difference(before.lines, after.lines)
    gone_from = before.lines[change.first : change.last]
    old = [line for at, line in enumerate(gone_from, change.first) if _is_shown(before, at)]
    new = [line for at, line in enumerate(change.lines, change.first) if _is_shown(after, at)]
    known = set(map(id, old))
    fresh = (at for at, line in enumerate(change.lines, change.first) if _is_shown(after, at) and id(line) not in known)
    first = next(fresh, None)
    if first is not None:
        return first
    if row is None or list(map(id, old)) != list(map(id, new)):
        return told
    if row < change.first:
        return row
    if row >= change.last:
        return row + len(change.lines) - len(gone_from)
    here = before.lines[row]
    return next((at for at, line in enumerate(change.lines, change.first) if line is here), told)


def _is_shown(snapshot: Snapshot, row: int) -> bool:
    place = bisect_left(snapshot.shown, row)
    return place < len(snapshot.shown) and snapshot.shown[place] == row
