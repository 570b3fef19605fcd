"""The gutter of the layer list: a thin line for each branch, from the layer that is read to its reader."""

from __future__ import annotations

import os
import sys
from bisect import bisect_left
from collections.abc import Sequence
from typing import Final, NamedTuple

from tui.core.snapshot import Snapshot

LANES: Final = 4
"""More branches than this at one place share the last lane."""


class Glyphs(NamedTuple):
    """The characters of a branch: where it starts, goes on and ends; readable without colour."""

    start: str
    middle: str
    end: str


LINES: Final = Glyphs("╭", "│", "╰")
ASCII: Final = Glyphs("/", "|", "\\")


def glyphs() -> Glyphs:
    """Box lines where the terminal's encoding has them and nobody asked for ASCII (LAYERSHEET_ASCII=1)."""
    encoding = getattr(sys.__stdout__, "encoding", None) or "utf-8"
    plain = os.environ.get("LAYERSHEET_ASCII") == "1" or "utf" not in encoding.lower()
    return ASCII if plain else LINES


class Gutter:
    """The branches of one version as lanes. Built once for a wiring; asked row by row."""

    def __init__(self, snapshot: Snapshot, shown: Sequence[int]) -> None:
        self.lanes: list[list[tuple[int, int]]] = []
        for first, last in sorted(set(_edges(snapshot, shown))):
            lane = next((lane for lane in self.lanes if lane[-1][1] < first), None)
            if lane is not None:
                lane.append((first, last))
            elif len(self.lanes) < LANES:
                self.lanes.append([(first, last)])

    @property
    def width(self) -> int:
        """The cells that the gutter takes: none where nothing branches."""
        return len(self.lanes)

    def text(self, index: int, shapes: Glyphs) -> str:
        """The lines that pass a place of the list."""
        return "".join(_at(lane, index, shapes) for lane in self.lanes)


def _at(lane: list[tuple[int, int]], index: int, shapes: Glyphs) -> str:
    place = bisect_left(lane, (index + 1,)) - 1
    if place < 0:
        return " "
    first, last = lane[place]
    if index > last:
        return " "
    return shapes.start if index == first else shapes.end if index == last else shapes.middle


def _edges(snapshot: Snapshot, shown: Sequence[int]) -> list[tuple[int, int]]:
    """The named sources that are not the row just above, as places of the list."""
    edges = []
    for row, line in enumerate(snapshot.lines):
        if not line.sources or line.off:
            continue
        reader = _place(shown, row)
        for source in snapshot.sources(row):
            first = _place(shown, source)
            if first is not None and reader is not None and reader - first > 1:
                edges.append((first, reader))
    return edges


def _place(shown: Sequence[int], row: int) -> int | None:
    place = bisect_left(shown, row + 1) - 1
    return place if place >= 0 else None
