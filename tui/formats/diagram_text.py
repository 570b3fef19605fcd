"""A picture of a network in characters, for a terminal of any width."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from rich.cells import cell_len

from tui.formats.diagram import Box, Picture
from tui.formats.diagram_canvas import ASCII, LINES, Canvas, Glyphs, Segment, cut
from tui.formats.diagram_lanes import Skip

NARROWEST: Final = 7
WIDEST: Final = 31
MOST_LANES: Final = 8
GAP: Final = 2
TALL: Final = (16, 64)
"""The sides at which a box becomes one row taller."""
MOST_LOGARITHM: Final = 12
"""Boxes of more than 4,096 channels are not wider."""

Paint = Callable[[str, str], str]


@dataclass(slots=True)
class _Placed:
    """A box with its place; ``shape_row`` and ``leave`` are where its text stands and its side line starts."""

    box: Box
    inside: str
    beside: list[Segment]
    width: int
    top: int = 0
    rows: int = 1

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
        """The row at which a line at the side goes out."""
        return self.top if self.flat else self.top + self.rows


class _Columns:
    """Where things stand across: gutters and frames at the left, the boxes, what is written beside them."""

    def __init__(self, picture: Picture, width: int) -> None:
        self.depth = max((frame.depth + 1 for frame in picture.frames), default=0)
        needed = [0] * (self.depth + 1)
        for skip in picture.skips:
            needed[skip.depth] = max(needed[skip.depth], skip.lane + 1)
        most = MOST_LANES
        while most > 0 and 2 * sum(min(n, most) for n in needed) + 2 * self.depth > width // 3:
            most -= 1
        self.lanes = [min(n, most) for n in needed]
        self.borders: list[int] = []
        self.gutters: list[int] = []
        x = 0
        for depth, lanes in enumerate(self.lanes):
            self.gutters.append(x)
            x += 2 * lanes
            if depth < self.depth:
                self.borders.append(x)
                x += 2
        self.left = x
        room = max((width - x) // 3, NARROWEST)
        self.widest = min(room - (room + 1) % 2, WIDEST)
        self.middle = x + self.widest // 2
        self.beside = x + self.widest + GAP
        self.room = max(width - self.beside - 2 * self.depth, 0)

    def narrowed(self, widest: int, beside: int) -> None:
        """Take no more room than the boxes and the text need."""
        self.widest = widest
        self.middle = self.left + widest // 2
        self.room += self.beside - (self.left + widest + GAP)
        self.beside = self.left + widest + GAP
        self.room = min(self.room, beside)

    def lane(self, skip: Skip) -> int | None:
        """The column of a line at the side; None where there is no room for it."""
        lanes = self.lanes[skip.depth]
        return None if skip.lane >= lanes else self.gutters[skip.depth] + 2 * (lanes - 1 - skip.lane)

    def right(self, depth: int) -> int:
        """The column of a frame's right side."""
        return self.beside + self.room + 2 * (self.depth - 1 - depth) + 1


class Drawing:
    """A picture laid out for a width."""

    def __init__(self, picture: Picture, width: int, ascii_only: bool) -> None:
        self.picture = picture
        self.width = max(width, 1)
        self.glyphs = ASCII if ascii_only else LINES
        self.plain = _as_ascii if ascii_only else str
        self.columns = _Columns(picture, self.width)
        self.boxes = self._placed()
        self.height = self._stack()

    def _placed(self) -> list[_Placed]:
        """The boxes with their texts and sizes, not stacked yet."""
        columns, skips = self.columns, self.picture.skips
        undrawn: dict[int, list[str]] = {}
        beginning = set()
        ending = set()
        for skip in skips:
            if columns.lane(skip) is None:
                for reader in skip.readers:
                    undrawn.setdefault(reader, []).append(self.picture.boxes[skip.first].number)
            else:
                beginning.add(skip.first)
                ending.update(skip.readers)
        shapes = [self._inside(box) for box in self.picture.boxes]
        widths = [self._width(box, shape) for box, shape in zip(self.picture.boxes, shapes, strict=True)]
        widest = max(widths, default=NARROWEST)
        placed = []
        beside = [self._beside(box, shape, width, undrawn.get(i, [])) for i, (box, shape, width) in
                  enumerate(zip(self.picture.boxes, shapes, widths, strict=True))]
        longest = max((cell_len(part.text) for parts in beside for part in parts), default=0)
        columns.narrowed(widest, longest)
        for i, (box, shape, width) in enumerate(zip(self.picture.boxes, shapes, widths, strict=True)):
            parts = [Segment(cut(part.text, columns.room, self.glyphs), part.style) for part in beside[i]]
            one = _Placed(box, cut(shape, width - 2, self.glyphs), parts, width)
            both = i in beginning and i in ending
            if box.thin and not both and len(parts) < 2:
                one.rows, one.inside = 0, ""
            else:
                by_size = 1 + sum(2**box.side >= side for side in TALL)
                one.rows = max(by_size, len(parts) - 1, 2 if both else 1)
            placed.append(one)
        return placed

    def _inside(self, box: Box) -> str:
        return self.plain(box.out or {"error": "error", "waiting": "?", "cut": "..."}.get(box.status, ""))

    def _width(self, box: Box, inside: str) -> int:
        scaled = NARROWEST + round((self.columns.widest - NARROWEST) * min(box.channels / MOST_LOGARITHM, 1))
        width = min(max(scaled, 0 if box.thin else cell_len(inside) + 2), self.columns.widest)
        return width - (width + 1) % 2 if width == self.columns.widest else width + (width + 1) % 2

    def _beside(self, box: Box, shape: str, width: int, undrawn: Sequence[str]) -> list[Segment]:
        """What stands beside a box, a line each: its code, what is attached, what has no room in the picture."""
        style = "error" if box.wrong else "warning" if box.status == "warning" else ""
        title = self.plain(f"{'! ' if box.wrong and not box.remark else ''}{box.title}")
        parts = [Segment(title, style)]
        if box.attached:
            attached = self.plain("+ " + " + ".join(box.attached))
            if cell_len(title) + 1 + cell_len(attached) <= self.columns.room:
                parts = [Segment(f"{title} {attached}", style)]
            else:
                parts.append(Segment(attached, "dim"))
        if not box.thin and cell_len(shape) > width - 2:
            parts.append(Segment(f"= {shape}", ""))
        if undrawn:
            parts.append(Segment(self.plain("reads " + ", ".join(undrawn)), "dim"))
        if box.remark:
            parts.append(Segment(self.plain(box.remark), style or "dim"))
        return parts

    def _stack(self) -> int:
        """Give every box its rows, with room for the ends of frames between them; the rows in all."""
        opens = [0] * (len(self.boxes) + 1)
        closes = [0] * (len(self.boxes) + 1)
        for frame in self.picture.frames:
            opens[frame.first] += 1
            closes[frame.last + 1] += 1
        y = 0
        for i, one in enumerate(self.boxes):
            between = opens[i] + closes[i]
            y += between or int(i > 0 and not self.picture.joined[i])
            one.top = y
            y = one.bottom + 1
        return y + closes[-1]

    def rows(self) -> list[list[Segment]]:
        """The lines of the picture and of its remarks, each in parts of one style."""
        canvas = Canvas(self.width, self.height, self.glyphs)
        self._frames(canvas)
        self._lines(canvas)
        for i, one in enumerate(self.boxes):
            self._box(canvas, one, entered=self.picture.joined[i], left=self._goes_on(i))
        remarks = [self.picture.name, *self.picture.remarks] if self.picture.name else [*self.picture.remarks]
        said = [[Segment(cut(self.plain(remark), self.width, self.glyphs), "bold" if i == 0 and self.picture.name else "")]
                for i, remark in enumerate(remarks)]
        return [*canvas.rows(), [], *said] if self.boxes else said

    def _goes_on(self, i: int) -> bool:
        return i + 1 < len(self.boxes) and self.picture.joined[i + 1]

    def _frames(self, canvas: Canvas) -> None:
        top_left, top_right, bottom_left, bottom_right, across, down = self.glyphs.frame
        opened = {depth: 0 for depth in range(self.columns.depth)}
        for frame in sorted(self.picture.frames, key=lambda f: (f.first, f.depth)):
            inner = sum(1 for f in self.picture.frames if f.first == frame.first and f.depth > frame.depth)
            after = sum(1 for f in self.picture.frames if f.last == frame.last and f.depth > frame.depth)
            top, bottom = self.boxes[frame.first].top - 1 - inner, self.boxes[frame.last].bottom + 1 + after
            left, right = self.columns.borders[frame.depth], self.columns.right(frame.depth)
            opened[frame.depth] = top
            wide = max(right - left - 1, 0)
            canvas.put(left, top, top_left + across * wide + top_right, "dim")
            canvas.put(left, bottom, bottom_left + across * wide + bottom_right, "dim")
            for y in range(top + 1, bottom):
                canvas.put(left, y, down, "dim")
                canvas.put(right, y, down, "dim")
            # The title stands right of the line that goes through the frame's top.
            start = self.columns.middle + 2
            title = cut(self.plain(f" {frame.title} "), max(right - start - 1, 0), self.glyphs)
            canvas.put(start, top, title, "bold" if frame.block else "")

    def _lines(self, canvas: Canvas) -> None:
        middle = self.columns.middle
        for i, (above, one) in enumerate(zip(self.boxes, self.boxes[1:], strict=False), 1):
            if self.picture.joined[i] and one.top - above.bottom > 1:
                canvas.line(middle, above.bottom, middle, one.top)
        for skip in self.picture.skips:
            x = self.columns.lane(skip)
            if x is None:
                continue
            first, last = self.boxes[skip.first], self.boxes[skip.last]
            canvas.line(x, first.leave, x, last.enter)
            canvas.line(x, first.leave, self._left(first), first.leave)
            for reader in skip.readers:
                one = self.boxes[reader]
                canvas.line(x, one.enter, self._left(one), one.enter)

    def _left(self, one: _Placed) -> int:
        return self.columns.middle - one.width // 2

    def _box(self, canvas: Canvas, one: _Placed, *, entered: bool, left: bool) -> None:
        glyphs, x, width = self.glyphs, self._left(one), one.width
        style = "error" if one.box.wrong else "dim" if one.box.status == "waiting" else ""
        if one.flat:
            start, middle, end = glyphs.thin
            canvas.put(x, one.top, start + middle * (width - 2) + end, style)
        else:
            shape = glyphs.wrong_box if one.box.wrong else glyphs.box
            top_left, top_right, bottom_left, bottom_right, across, down = shape
            canvas.put(x, one.top, top_left + across * (width - 2) + top_right, style)
            canvas.put(x, one.bottom, bottom_left + across * (width - 2) + bottom_right, style)
            for y in range(one.top + 1, one.bottom):
                canvas.put(x, y, down + " " * (width - 2) + down, style)
            text = one.inside
            canvas.put(x + 1 + (width - 2 - cell_len(text)) // 2, one.enter, text, "" if one.box.wrong else "bold")
            if entered:
                canvas.put(self.columns.middle, one.top, glyphs.into[0], style)
            if left:
                canvas.put(self.columns.middle, one.bottom, glyphs.out[0], style)
        for skip in self.picture.skips:
            lane = self.columns.lane(skip)
            if lane is None:
                continue
            if self.boxes[skip.first] is one:
                canvas.put(x, one.leave, glyphs.out[1], style)
            if any(self.boxes[reader] is one for reader in skip.readers):
                canvas.put(x - 1, one.enter, glyphs.into[1])
        for i, part in enumerate(one.beside):
            canvas.put(self.columns.beside, one.enter + i, part.text, part.style)


def drawn(picture: Picture, width: int, *, ascii_only: bool = False) -> list[list[Segment]]:
    """The picture in lines of at most ``width`` cells, in parts of one style."""
    rows = Drawing(picture, width, ascii_only).rows()
    return rows


def as_text(picture: Picture, width: int, *, ascii_only: bool = False, paint: Paint | None = None) -> str:
    """The picture as text, coloured where ``paint`` is given."""
    style = paint or (lambda shown, _: shown)
    lines = (
        "".join(style(part.text, part.style) if part.style else part.text for part in row)
        for row in drawn(picture, width, ascii_only=ascii_only)
    )
    return "\n".join(lines) + "\n"


def _as_ascii(shown: str) -> str:
    return shown.encode("ascii", "backslashreplace").decode("ascii")
