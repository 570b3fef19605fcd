"""A picture laid out in pixels: where boxes, frames, lines and texts of an SVG stand."""

from __future__ import annotations

from typing import Final

from rich.cells import cell_len

from tui.formats.diagram.canvas import LINES, cut
from tui.formats.diagram.frames import Frame
from tui.formats.diagram.lanes import Skip
from tui.formats.diagram.model import LONGEST, Box, Picture

CELL: Final = 7.25
"""The width of a cell of 12 px monospace type; wide characters take two, which is never too little."""
LINE: Final = 16
STEP: Final = 18
PAD: Final = 12
LANE: Final = 14
HEADER: Final = 24
FOOT: Final = 10
MOST_LANES: Final = 24
THIN: Final = 8.0
INSIDE: Final = 28
"""The most cells of the shape in a box."""


class Sheet:
    """A picture laid out in pixels."""

    def __init__(self, picture: Picture) -> None:
        self.picture = picture
        self.depth = max((frame.depth + 1 for frame in picture.frames), default=0)
        lanes = [0] * (self.depth + 1)
        for skip in picture.skips:
            lanes[skip.depth] = min(max(lanes[skip.depth], skip.lane + 1), MOST_LANES)
        self.lanes = lanes
        self.beside = [self._texts(i, box) for i, box in enumerate(picture.boxes)]
        self.sizes = [self._size(box, len(texts)) for box, texts in zip(picture.boxes, self.beside, strict=True)]
        self._across()
        self._down()

    def _across(self) -> None:
        """Where gutters, frames, boxes and texts stand from left to right."""
        self.gutters: list[float] = []
        self.borders: list[float] = []
        x = float(PAD)
        for depth, lanes in enumerate(self.lanes):
            self.gutters.append(x)
            x += LANE * lanes
            if depth < self.depth:
                self.borders.append(x)
                x += PAD
        widest = max((width for width, _ in self.sizes), default=0.0)
        left = x + (LANE if self.picture.skips else 0)
        self.middle = left + widest / 2
        self.texts_at = left + widest + PAD
        longest = max((width_of(line) for texts in self.beside for line in texts), default=0.0)
        titles = [width_of(frame.title) for frame in self.picture.frames]
        end = max(self.texts_at + longest, *(self.middle + PAD + width + PAD for width in titles), left)
        self.right = [end + PAD * (self.depth - depth) for depth in range(self.depth)]
        said = max((width_of(line) for line in self.said()), default=0.0)
        self.width = max(end + PAD * (self.depth + 1), said + 2 * PAD)

    def _down(self) -> None:
        """Where boxes and the ends of frames stand from top to bottom."""
        self.tops: list[float] = []
        self.frame_tops: dict[Frame, float] = {}
        self.frame_ends: dict[Frame, float] = {}
        opening: dict[int, list[Frame]] = {}
        closing: dict[int, list[Frame]] = {}
        for frame in sorted(self.picture.frames, key=lambda f: f.depth):
            opening.setdefault(frame.first, []).append(frame)
            closing.setdefault(frame.last, []).insert(0, frame)
        y = float(PAD)
        for i, (_, height) in enumerate(self.sizes):
            y += STEP if i else 0
            for frame in opening.get(i, []):
                self.frame_tops[frame] = y
                y += HEADER
            self.tops.append(y)
            y += height
            for frame in closing.get(i, []):
                y += FOOT
                self.frame_ends[frame] = y
        self.foot = y + PAD + LINE
        self.height = self.foot + LINE * len(self.said())

    def said(self) -> list[str]:
        """The lines below the picture: its name and its remarks."""
        name = [self.picture.name] if self.picture.name else []
        return [cut(line, LONGEST, LINES) for line in [*name, *self.picture.remarks]]

    def _texts(self, i: int, box: Box) -> list[str]:
        texts = [box.title]
        attached = "+ " + " + ".join(box.attached)
        if box.attached and box.thin:
            texts = [f"{box.title} {attached}"]
        elif box.attached:
            texts.append(attached)
        undrawn = [
            self.picture.boxes[skip.first].number
            for skip in self.picture.skips
            if i in skip.readers and skip.lane >= MOST_LANES
        ]
        if undrawn:
            texts.append("reads " + ", ".join(undrawn))
        if box.remark:
            texts.append(box.remark)
        return [cut(line, LONGEST, LINES) for line in texts]

    def _size(self, box: Box, lines: int) -> tuple[float, float]:
        """Width by the channels, height by the spatial size, both on a log scale; never less than the texts need."""
        width = 48 + 15 * min(box.channels, 14.0)
        if box.thin:
            return width, max(THIN, LINE * (lines - 1) + THIN)
        return max(width, width_of(inside(box)) + 14), max(20 + 4.5 * min(box.side, 10.0), LINE * lines + 4.0)

    def rect(self, i: int) -> tuple[float, float]:
        """The top and the height of what is drawn of a box; a thin one takes more room than it fills."""
        top, height = self.tops[i], self.sizes[i][1]
        return (top + (height - THIN) / 2, THIN) if self.picture.boxes[i].thin else (top, height)

    def lane(self, skip: Skip) -> float | None:
        """The middle of the lane of a line at the side; None where there is no room for it."""
        lanes = self.lanes[skip.depth]
        return None if skip.lane >= lanes else self.gutters[skip.depth] + LANE * (lanes - 1 - skip.lane) + LANE / 2


def inside(box: Box) -> str:
    """What is written in a box."""
    return cut(box.out or box.instead, INSIDE, LINES)


def width_of(text: str) -> float:
    """The width of a text in pixels."""
    return CELL * cell_len(text)
