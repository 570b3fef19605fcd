"""The order of the calls of a graph."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from heapq import heapify, heappop, heappush


def ordered(needed: Sequence[AbstractSet[int]]) -> list[int]:
    """The places of calls, each after those that it needs; of several that could come next the first does.

    ``needed`` has the places that each call reads. What stands in a circle or reads from one is left out.
    """
    waits = [len(before) for before in needed]
    readers: dict[int, list[int]] = {}
    for place, before in enumerate(needed):
        for other in before:
            readers.setdefault(other, []).append(place)
    ready = [place for place, count in enumerate(waits) if not count]
    heapify(ready)
    found: list[int] = []
    while ready:
        place = heappop(ready)
        found.append(place)
        for reader in readers.get(place, ()):
            waits[reader] -= 1
            if not waits[reader]:
                heappush(ready, reader)
    return found
