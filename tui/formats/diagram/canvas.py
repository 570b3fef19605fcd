"""A sheet of character cells: lines that join where they meet, and text of any script on top."""

from __future__ import annotations

from typing import Final, NamedTuple

from rich.cells import cell_len, set_cell_size

UP, DOWN, LEFT, RIGHT = 1, 2, 4, 8


class Segment(NamedTuple):
    """Text in one style: ``""``, ``bold``, ``dim``, ``error`` or ``warning``."""

    text: str
    style: str


class Glyphs(NamedTuple):
    """The characters of a picture."""

    joints: tuple[str, ...]
    """Indexed by the sides of a cell that lines go to."""
    box: tuple[str, ...]
    """Corners (top left, top right, bottom left, bottom right), then the horizontal and the vertical side."""
    wrong: tuple[str, ...]
    thin: tuple[str, ...]
    """Left end, middle and right end of a box without height."""
    frame: tuple[str, ...]
    out: tuple[str, ...]
    """Where a line leaves a box at its bottom, and at its left side."""
    into: tuple[str, ...]
    """Where a line comes into a box from above, and from the left."""
    ellipsis: str


def _glyphs(joints: str, box: str, wrong: str, thin: str, frame: str, out: str, into: str, ellipsis: str) -> Glyphs:
    return Glyphs(tuple(joints), tuple(box), tuple(wrong), tuple(thin), tuple(frame), tuple(out), tuple(into), ellipsis)


LINES: Final = _glyphs(" │││─╯╮┤─╰╭├─┴┬┼", "┌┐└┘─│", "╔╗╚╝═║", "╞═╡", "╭╮╰╯╌┊", "┬┤", "▼▶", "…")
ASCII: Final = _glyphs(" |||-+++-+++-+++", "++++-|", "####=#", "[=]", ".....:", "++", "v>", "...")


def cut(shown: str, width: int, glyphs: Glyphs) -> str:
    """The text in at most ``width`` cells, its end an ellipsis where it is longer."""
    if cell_len(shown) <= width:
        return shown
    if width <= len(glyphs.ellipsis):
        return glyphs.ellipsis[: max(width, 0)]
    return set_cell_size(shown, width - len(glyphs.ellipsis)).rstrip() + glyphs.ellipsis


class Canvas:
    """Cells by row and column; what does not fit its width is left out."""

    def __init__(self, width: int, height: int, glyphs: Glyphs) -> None:
        self.width = width
        self.glyphs = glyphs
        self._cells = [[" "] * width for _ in range(height)]
        self._styles = [[""] * width for _ in range(height)]
        self._joints: dict[tuple[int, int], int] = {}

    def put(self, x: int, y: int, shown: str, style: str = "") -> None:
        """Write text from a cell on."""
        row, styles = self._cells[y], self._styles[y]
        for char in shown:
            size = cell_len(char)
            if size == 0:
                continue  # a mark on the character before it: dropped, so that columns stay columns
            if not 0 <= x <= self.width - size:
                x += size
                continue
            row[x], styles[x] = char, style
            for filler in range(x + 1, x + size):
                row[filler], styles[filler] = "", style
            x += size

    def line(self, x1: int, y1: int, x2: int, y2: int) -> None:
        """A straight line between two cells, the ends half a cell long; it joins lines that it meets."""
        if y1 == y2:
            for x in range(x1, x2 + 1):
                self._join(x, y1, (LEFT if x > x1 else 0) | (RIGHT if x < x2 else 0))
        else:
            for y in range(y1, y2 + 1):
                self._join(x1, y, (UP if y > y1 else 0) | (DOWN if y < y2 else 0))

    def _join(self, x: int, y: int, sides: int) -> None:
        if 0 <= x < self.width:
            sides |= self._joints.get((x, y), 0)
            self._joints[x, y] = sides
            self.put(x, y, self.glyphs.joints[sides])

    def rows(self) -> list[list[Segment]]:
        """The lines of the sheet without the blanks at their ends."""
        found = []
        for cells, styles in zip(self._cells, self._styles, strict=True):
            last = max((x for x, cell in enumerate(cells) if cell != " "), default=-1) + 1
            segments: list[Segment] = []
            for cell, style in zip(cells[:last], styles[:last], strict=True):
                if segments and segments[-1].style == style:
                    segments[-1] = Segment(segments[-1].text + cell, style)
                else:
                    segments.append(Segment(cell, style))
            found.append(segments)
        return found
