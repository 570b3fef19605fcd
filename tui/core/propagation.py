"""Values along the wires of a network, kept up to date lazily and cut off where nothing changes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from heapq import heappop, heappush
from typing import Generic, TypeVar

from tui.core.rows import Rows

V = TypeVar("V")


class Propagation(Generic[V]):
    """Values along the wires, recomputed from the dirty rows on, cut off where a value stays what it was.

    Rows from ``frontier`` on were never computed; before it the dirty rows wait in a heap.
    """

    def __init__(self, values: Rows[V], frontier: int, dirty: Iterable[int] = ()) -> None:
        self.values = values
        self._frontier = frontier
        self._heap = sorted(dirty)
        self._queued = set(self._heap)

    @property
    def untouched(self) -> bool:
        """Whether no row before the frontier is dirty."""
        return not self._heap

    def fork(self) -> Propagation[V]:
        return Propagation(self.values.fork(), self._frontier, self._heap)

    def spliced(self, first: int, last: int, new: list[V]) -> Propagation[V]:
        """A fork in which the lines ``first`` up to ``last`` are replaced by new, dirty ones."""
        shift = len(new) - (last - first)
        kept = (i if i < first else i + shift for i in self._heap if not first <= i < last)
        values = self.values.spliced(first, last, new)
        if self._frontier <= last:
            frontier = min(self._frontier, first)
            return Propagation(values, frontier, (i for i in kept if i < frontier))
        return Propagation(values, self._frontier + shift, (*kept, *range(first, first + len(new))))

    def mark(self, row: int) -> None:
        """Make a row dirty."""
        if row not in self._queued and row < self._frontier:
            self._queued.add(row)
            heappush(self._heap, row)

    @property
    def first_dirty(self) -> int:
        """The first row whose value is not known; the number of rows where all are."""
        return self._heap[0] if self._heap else self._frontier

    def advance(
        self,
        row: int,
        compute_row: Callable[[int], V],
        readers: Callable[[int], Iterable[int]],
        same: Callable[[V, V], bool],
        changed: Callable[[int, V, V], None] | None = None,
        log: list[int] | None = None,
    ) -> None:
        """Recompute the dirty rows up to ``row``."""
        heap, queued, values = self._heap, self._queued, self.values
        end = min(row + 1, len(values))
        while True:
            if heap:
                i = heap[0]
                if i >= end:
                    return
                heappop(heap)
                queued.discard(i)
            elif self._frontier < end:
                i = self._frontier
                self._frontier += 1
            else:
                return
            old = values[i]
            new = compute_row(i)
            if log is not None:
                log.append(i)
            if new is not old:
                values.put(i, new)
                if changed is not None:
                    changed(i, old, new)
                if not same(old, new):
                    for reader in readers(i):
                        if reader not in queued and reader < self._frontier:
                            queued.add(reader)
                            heappush(heap, reader)
