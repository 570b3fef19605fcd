"""A long list that is cheap to copy: chunks shared between versions, copied when they are written to.

500 undo steps of 10,000 rows as plain lists would be 40 MB a column, and each key press would copy
80 kB; with chunks a step costs two chunks of some 100 references.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Final, Generic, TypeVar, overload

T = TypeVar("T")
CHUNK: Final = 128


class Rows(Sequence[T], Generic[T]):
    """A sequence in chunks. ``fork`` copies it; ``put`` writes in place and never into a fork's chunks."""

    __slots__ = ("_chunks", "_length", "_owned", "_starts")

    def __init__(self, items: Iterable[T] = ()) -> None:
        flat = list(items)
        self._set([flat[i : i + CHUNK] for i in range(0, len(flat), CHUNK)])

    def _set(self, chunks: list[list[T]]) -> None:
        self._chunks = chunks
        self._owned: set[int] = set()
        starts, at = [], 0
        for chunk in chunks:
            starts.append(at)
            at += len(chunk)
        self._starts = starts
        self._length = at

    def __len__(self) -> int:
        return self._length

    @overload
    def __getitem__(self, index: int) -> T: ...
    @overload
    def __getitem__(self, index: slice) -> list[T]: ...
    def __getitem__(self, index: int | slice) -> T | list[T]:
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(self._length))]
        if index < 0:
            index += self._length
        if not 0 <= index < self._length:
            raise IndexError(index)
        chunk = bisect_right(self._starts, index) - 1
        return self._chunks[chunk][index - self._starts[chunk]]

    def __iter__(self) -> Iterator[T]:
        return chain.from_iterable(self._chunks)

    def chunks(self) -> Sequence[Sequence[T]]:
        """The chunks, to read; the same object in two versions means the same rows."""
        return self._chunks

    def fork(self) -> Rows[T]:
        """An independent copy that shares its chunks with this one until either is written to."""
        twin: Rows[T] = Rows.__new__(Rows)
        twin._chunks = list(self._chunks)
        twin._starts = self._starts
        twin._length = self._length
        twin._owned = set()
        self._owned = set()
        return twin

    def put(self, index: int, value: T) -> None:
        """Replace one item in place."""
        chunk = bisect_right(self._starts, index) - 1
        if chunk not in self._owned:
            self._chunks[chunk] = list(self._chunks[chunk])
            self._owned.add(chunk)
        self._chunks[chunk][index - self._starts[chunk]] = value

    def spliced(self, first: int, last: int, items: Sequence[T]) -> Rows[T]:
        """A copy with the items ``first`` up to ``last`` (that one left out) replaced."""
        twin = self.fork()
        if last - first == len(items):
            for i, item in enumerate(items, first):
                twin.put(i, item)
            return twin
        starts = self._starts
        low = max(bisect_right(starts, first) - 1, 0)
        high = max(bisect_right(starts, max(last - 1, first)) - 1, 0)
        if not self._chunks:
            return Rows(items)
        end = starts[high] + len(self._chunks[high])
        before = self._chunks[low][: first - starts[low]]
        after = self._chunks[high][len(self._chunks[high]) - (end - last) :] if end > last else []
        middle = [*before, *items, *after]
        size = CHUNK if len(middle) > 2 * CHUNK else max(len(middle), 1)
        pieces = [middle[i : i + size] for i in range(0, len(middle), size)]
        twin._set([*self._chunks[:low], *pieces, *self._chunks[high + 1 :]])
        return twin
