"""A picture laid out in character cells: where boxes, frames and lines stand, and which text fits beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from rich.cells import cell_len

from tui.formats.diagram.canvas import ASCII, LINES, Segment, cut
from tui.formats.diagram.lanes import Skip
from tui.formats.diagram.model import Box, Picture

NARROWEST: Final = 7
WIDEST: Final = 31
MOST_LANES: Final = 8
GAP: Final = 2
TALL: Final = (16, 64)
"""The sides at which a box becomes one row taller."""
WIDEST_AT: Final = 12
"""The base-2 logarithm of the channels from which on boxes are not wider: 4,096."""


@dataclass(slots=True)
class Placed:
    """A box with its place: ``rows`` are those inside its border, none for a thin box; ``beside`` a part a line."""

    box: Box
    inside: str
    beside: list[Segment]
    width: int
    rows: int
    top: int = 0

    @property
    def flat(self) -> bool:
        return self.rows == 0

    @property
    def bottom(self) -> int:
        return self.top if self.flat else self.top + self.rows + 1

    @property
    def enter(self) -> int:
        """The row of what is written in the box, at which lines from the side come in."""
        return self.top if self.flat else self.top + 1

    @property
    def leave(self) -> int:
        """The row at which a line to the side goes out."""
        return self.top + self.rows


class Columns:
    """Where things stand across: gutters and frames at the left, the boxes, what is written beside them."""

    def __init__(self, picture: Picture, width: int) -> None:
        self.depth = max((frame.depth + 1 for frame in picture.frames), default=0)
        needed = [0] * (self.depth + 1)
        for skip in picture.skips:
            needed[skip.depth] = max(needed[skip.depth], skip.lane + 1)
        most = MOST_LANES
        while most > 0 and 2 * sum(min(lanes, most) for lanes in needed) + 2 * self.depth > width // 3:
            most -= 1
        self._lanes = [min(lanes, most) for lanes in needed]
        self.borders: list[int] = []
        """The left sides of the frames of each depth."""
        self._gutters: list[int] = []
        x = 0
        for depth, lanes in enumerate(self._lanes):
            self._gutters.append(x)
            x += 2 * lanes
            if depth < self.depth:
                self.borders.append(x)
                x += 2
        self._left = x
        room = max((width - x) * 2 // 5, NARROWEST)
        self.widest = min(room - (room + 1) % 2, WIDEST)
        self.beside = x + self.widest + GAP
        self.room = max(width - self.beside - 2 * self.depth, 0)

    @property
    def middle(self) -> int:
        """The column that all boxes are centred on."""
        return self._left + self.widest // 2

    def narrow(self, widest: int, longest: int) -> None:
        """Take no more room than the widest box and the longest text beside one need."""
        self.room = min(self.room + self.widest - widest, longest)
        self.beside -= self.widest - widest
        self.widest = widest

    def lane(self, skip: Skip) -> int | None:
        """The column of a line at the side; None where there is no room for it."""
        lanes = self._lanes[skip.depth]
        return None if skip.lane >= lanes else self._gutters[skip.depth] + 2 * (lanes - 1 - skip.lane)

    @property
    def width(self) -> int:
        """The columns that the picture takes."""
        return self.right(0) + 1 if self.depth else self.beside + self.room

    def right(self, depth: int) -> int:
        """The right side of the frames of a depth."""
        return self.beside + self.room + 2 * (self.depth - 1 - depth) + 1


class Layout:
    """A picture laid out for a width."""

    def __init__(self, picture: Picture, width: int, ascii_only: bool) -> None:
        self.picture = picture
        self.glyphs = ASCII if ascii_only else LINES
        self._ascii_only = ascii_only
        self.columns = Columns(picture, width)
        self.boxes = self._placed()
        self.height = self._stack()

    def plain(self, shown: str) -> str:
        """The text in ASCII where nothing else is wanted, other characters as escapes."""
        return shown.encode("ascii", "backslashreplace").decode("ascii") if self._ascii_only else shown

    def _placed(self) -> list[Placed]:
        columns, boxes = self.columns, self.picture.boxes
        undrawn: list[list[str]] = [[] for _ in boxes]
        starts: set[int] = set()
        ends: set[int] = set()
        for skip in self.picture.skips:
            if columns.lane(skip) is not None:
                starts.add(skip.first)
                ends.update(skip.readers)
                continue
            for reader in skip.readers:
                undrawn[reader].append(boxes[skip.first].number)
        insides = [self._inside(box) for box in boxes]
        widths = [self._width(box, inside) for box, inside in zip(boxes, insides, strict=True)]
        texts = [self._beside(*each) for each in zip(boxes, insides, widths, undrawn, strict=True)]
        longest = max((cell_len(part.text) for parts in texts for part in parts), default=0)
        widest = max(widths, default=NARROWEST)
        titles = [cell_len(self.plain(frame.title)) - widest // 2 for frame in self.picture.frames]
        columns.narrow(widest, max(longest, *titles, 0))
        found = []
        for i, (box, inside, width, parts) in enumerate(zip(boxes, insides, widths, texts, strict=True)):
            fitted = [Segment(cut(part.text, columns.room, self.glyphs), part.style) for part in parts]
            turns = i in starts and i in ends  # a line comes in from the side and one goes out: a row for each
            if box.thin and not turns and len(parts) == 1:
                found.append(Placed(box, "", fitted, width, 0))
            else:
                by_size = 1 + sum(2**box.side >= side for side in TALL)
                rows = max(by_size, len(parts) - 1, 2 if turns else 1)
                found.append(Placed(box, cut(inside, width - 2, self.glyphs), fitted, width, rows))
        return found

    def _inside(self, box: Box) -> str:
        return self.plain(box.out or box.instead)

    def _width(self, box: Box, inside: str) -> int:
        """An odd width, so that boxes have a middle; one that holds the shape where there is room."""
        widest = self.columns.widest
        scaled = NARROWEST + round((widest - NARROWEST) * min(box.channels / WIDEST_AT, 1))
        width = min(max(scaled, 0 if box.thin else cell_len(inside) + 2), widest)
        return width + (width + 1) % 2

    def _beside(self, box: Box, inside: str, width: int, undrawn: Sequence[str]) -> list[Segment]:
        """What stands beside a box, a line each: its code, what is attached, what has no room in the picture."""
        style = "error" if box.wrong else "warning" if box.status in ("warning", "opaque") else ""
        parts = [Segment(self.plain(box.title), style)]
        if box.attached:
            attached = self.plain("+ " + " + ".join(box.attached))
            whole = f"{parts[0].text} {attached}"
            if cell_len(whole) <= self.columns.room:
                parts = [Segment(whole, style)]
            else:
                parts.append(Segment(attached, "dim"))
        if box.out and not box.thin and cell_len(inside) > width - 2:
            parts.append(Segment(f"= {inside}", ""))
        if undrawn:
            parts.append(Segment(self.plain("reads " + ", ".join(undrawn)), "dim"))
        if box.remark:
            parts.append(Segment(self.plain(box.remark), style or "dim"))
        return parts

    def _stack(self) -> int:
        """Give every box its rows, with room for the ends of frames between them; the rows in all."""
        ends = [0] * (len(self.boxes) + 1)
        for frame in self.picture.frames:
            ends[frame.first] += 1
            ends[frame.last + 1] += 1
        y = 0
        for i, one in enumerate(self.boxes):
            y += ends[i] or int(i > 0 and not self.picture.joined[i])
            one.top = y
            y = one.bottom + 1
        return y + ends[-1]
