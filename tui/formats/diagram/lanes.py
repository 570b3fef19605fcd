"""The lines of a picture that pass boxes by: one lane for each box that is read further down."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from typing import NamedTuple


class Skip(NamedTuple):
    """A line at the side from a box to its ``readers``, in order.

    It lies in the innermost frame that holds all of them, ``depth`` frames deep; lane 0 is the one
    nearest to the boxes.
    """

    first: int
    readers: tuple[int, ...]
    depth: int
    lane: int

    @property
    def last(self) -> int:
        return self.readers[-1]


def skips_of(edges: Iterable[tuple[int, int]], paths: Sequence[Sequence[Hashable]]) -> tuple[Skip, ...]:
    """The lines for all edges that do not end at the very next box.

    Short lines take the lanes near the boxes, so that a line around another does not cross it; a lane
    is used again below the end of a line, and at that very box.
    """
    readers: dict[int, list[int]] = {}
    for first, reader in sorted(edges):
        if reader - first > 1:
            readers.setdefault(first, []).append(reader)
    found: list[Skip] = []
    taken: dict[Hashable, list[list[tuple[int, int]]]] = {}
    for first, ends in sorted(readers.items(), key=lambda item: (item[1][-1] - item[0], item[0])):
        around = _common([paths[first], *(paths[end] for end in ends)])
        lanes = taken.setdefault(around, [])
        lane = next(
            (i for i, spans in enumerate(lanes) if all(ends[-1] <= start or stop <= first for start, stop in spans)),
            len(lanes),
        )
        if lane == len(lanes):
            lanes.append([])
        lanes[lane].append((first, ends[-1]))
        found.append(Skip(first, tuple(ends), len(around), lane))
    return tuple(sorted(found))


def _common(paths: Sequence[Sequence[Hashable]]) -> tuple[Hashable, ...]:
    """The beginning that all paths share."""
    shared: list[Hashable] = []
    for parts in zip(*paths, strict=False):
        if len(set(parts)) > 1:
            break
        shared.append(parts[0])
    return tuple(shared)
