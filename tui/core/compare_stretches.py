"""Stretches that two long sequences share: where an alignment may be cut without looking at every pair."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Hashable, Sequence

Match = tuple[int, int]


def shortest_edits(
    a: Sequence[Hashable], b: Sequence[Hashable], most: int, watch: Callable[[], None]
) -> list[Match] | None:
    """The matches of a shortest edit script; None where it has more than ``most`` insertions and deletions.

    Time grows with the length plus the square of the number of edits. Source: Myers, "An O(ND) Difference
    Algorithm and Its Variations", Algorithmica 1 (1986), section 2.
    """
    n, m = len(a), len(b)
    reach = array("i", [0]) * (2 * most + 3)
    middle = most + 1
    trail: list[array[int]] = []
    for edits in range(most + 1):
        if edits % 64 == 63:
            watch()
        for k in range(-edits, edits + 1, 2):
            down = k == -edits or (k != edits and reach[middle + k - 1] < reach[middle + k + 1])
            x = reach[middle + k + 1] if down else reach[middle + k - 1] + 1
            y = x - k
            while x < n and y < m and a[x] == b[y]:
                x += 1
                y += 1
            reach[middle + k] = x
            if x >= n and y >= m:
                return _walked_back(trail, n, m)
        trail.append(reach[middle - edits : middle + edits + 1])
    return None


def _walked_back(trail: Sequence[array[int]], x: int, y: int) -> list[Match]:
    """The matches from the furthest places that each number of edits reached; ``trail[d]`` starts at diagonal -d."""
    found: list[Match] = []
    for edits in range(len(trail), 0, -1):
        before, k = trail[edits - 1], x - y
        left, right = k - 1 + edits - 1, k + 1 + edits - 1  # the places of the diagonals beside this one
        down = k == -edits or (k != edits and before[left] < before[right])
        old = before[right] if down else before[left]
        start = old if down else old + 1
        while x > start:
            x, y = x - 1, y - 1
            found.append((x, y))
        x, y = old, old - (k + 1 if down else k - 1)
    while x > 0:
        x, y = x - 1, y - 1
        found.append((x, y))
    found.reverse()
    return found


def long_runs(matches: Sequence[Match], least: int) -> list[Match]:
    """The matches that follow each other on both sides at least so many times; short runs may be chance."""
    kept: list[Match] = []
    run: list[Match] = []
    for match in matches:
        if run and match != (run[-1][0] + 1, run[-1][1] + 1):
            kept += run if len(run) >= least else []
            run = []
        run.append(match)
    return kept + (run if len(run) >= least else [])


def unique_matches(a: Sequence[Hashable], b: Sequence[Hashable]) -> list[Match]:
    """The longest rising series of matches between what is there once on both sides."""
    counts_a, counts_b = Counter(a), Counter(b)
    places = {key: j for j, key in enumerate(b) if counts_b[key] == 1}
    matches = [(i, places[key]) for i, key in enumerate(a) if counts_a[key] == 1 and key in places]
    ends: list[int] = []  # the smallest place in b at which a series of each length ends, and the match that it is
    last: list[int] = []
    before: list[int] = []
    for index, (_, j) in enumerate(matches):
        length = bisect_left(ends, j)
        ends[length : length + 1] = [j]
        last[length : length + 1] = [index]
        before.append(last[length - 1] if length else -1)
    series: list[Match] = []
    at = last[-1] if last else -1
    while at >= 0:
        series.append(matches[at])
        at = before[at]
    series.reverse()
    return series
