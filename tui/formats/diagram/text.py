"""A picture of a network in characters, for a terminal of any width."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len

from tui.formats.diagram.canvas import Canvas, Segment, cut
from tui.formats.diagram.frames import Frame
from tui.formats.diagram.layout import Layout, Placed
from tui.formats.diagram.model import Picture

if TYPE_CHECKING:
    from tui.formats.table import Paint


def drawn(picture: Picture, width: int, *, ascii_only: bool = False) -> list[list[Segment]]:
    """The picture and its remarks in lines of at most ``width`` cells, each in parts of one style."""
    layout = Layout(picture, max(width, 1), ascii_only)
    said = [Segment(picture.name, "bold")] if picture.name else []
    said += [Segment(remark, "") for remark in picture.remarks]
    lines = [[Segment(cut(layout.plain(one.text), width, layout.glyphs), one.style)] for one in said]
    if not picture.boxes:
        return lines
    canvas = Canvas(max(min(width, layout.columns.width), 1), layout.height, layout.glyphs)
    for frame in picture.frames:
        _frame(canvas, layout, frame)
    _lines(canvas, layout)
    for i, one in enumerate(layout.boxes):
        _box(canvas, layout, one)
        _ends(canvas, layout, i)
    return [*canvas.rows(), [], *lines]


def as_text(picture: Picture, width: int, *, ascii_only: bool = False, paint: Paint | None = None) -> str:
    """The picture as text, with colours where ``paint`` gives them."""
    style = paint or (lambda shown, _: shown)
    lines = (
        "".join(style(part.text, part.style) if part.style else part.text for part in row)
        for row in drawn(picture, width, ascii_only=ascii_only)
    )
    return "".join(f"{line}\n" for line in lines)


def _frame(canvas: Canvas, layout: Layout, frame: Frame) -> None:
    columns, glyphs, frames = layout.columns, layout.glyphs, layout.picture.frames
    inside = [other for other in frames if other.depth > frame.depth]
    opening = sum(1 for other in inside if other.first == frame.first)
    closing = sum(1 for other in inside if other.last == frame.last)
    top, bottom = layout.boxes[frame.first].top - 1 - opening, layout.boxes[frame.last].bottom + 1 + closing
    left, right = columns.borders[frame.depth], columns.right(frame.depth)
    top_left, top_right, bottom_left, bottom_right, across, down = glyphs.frame
    middle = across * max(right - left - 1, 0)
    canvas.put(left, top, top_left + middle + top_right, "dim")
    canvas.put(left, bottom, bottom_left + middle + bottom_right, "dim")
    for y in range(top + 1, bottom):
        canvas.put(left, y, down, "dim")
        canvas.put(right, y, down, "dim")
    start = columns.middle + 2  # right of the line that goes through the top
    title = cut(layout.plain(f" {frame.title} "), max(right - start, 0), glyphs)
    canvas.put(start, top, title, "bold" if frame.repeats else "")


def _lines(canvas: Canvas, layout: Layout) -> None:
    middle, boxes = layout.columns.middle, layout.boxes
    for i in range(1, len(boxes)):
        if layout.picture.joined[i] and boxes[i].top - boxes[i - 1].bottom > 1:
            canvas.line(middle, boxes[i - 1].bottom, middle, boxes[i].top)
    for skip in layout.picture.skips:
        x = layout.columns.lane(skip)
        if x is None:
            continue
        first = boxes[skip.first]
        canvas.line(x, first.leave, x, boxes[skip.last].enter)
        canvas.line(x, first.leave, _left(layout, first), first.leave)
        for reader in skip.readers:
            canvas.line(x, boxes[reader].enter, _left(layout, boxes[reader]), boxes[reader].enter)


def _left(layout: Layout, one: Placed) -> int:
    return layout.columns.middle - one.width // 2


def _style(one: Placed) -> str:
    return "error" if one.box.wrong else "" if one.box.out else "dim"


def _box(canvas: Canvas, layout: Layout, one: Placed) -> None:
    glyphs, x, inner, style = layout.glyphs, _left(layout, one), one.width - 2, _style(one)
    if one.flat:
        start, middle, end = glyphs.thin
        canvas.put(x, one.top, start + middle * inner + end, style)
    else:
        top_left, top_right, bottom_left, bottom_right, across, down = glyphs.wrong if one.box.wrong else glyphs.box
        canvas.put(x, one.top, top_left + across * inner + top_right, style)
        canvas.put(x, one.bottom, bottom_left + across * inner + bottom_right, style)
        for y in range(one.top + 1, one.bottom):
            canvas.put(x, y, down + " " * inner + down, style)
        canvas.put(x + 1 + (inner - cell_len(one.inside)) // 2, one.enter, one.inside, style or "bold")
    for i, part in enumerate(one.beside):
        canvas.put(layout.columns.beside, one.enter + i, part.text, part.style)


def _ends(canvas: Canvas, layout: Layout, i: int) -> None:
    """The places on the border of a box where lines come in and go out."""
    one, joined, skips = layout.boxes[i], layout.picture.joined, layout.picture.skips
    down, aside = layout.glyphs.out
    into_top, into_side = layout.glyphs.into
    middle, x, style = layout.columns.middle, _left(layout, one), _style(one)
    if joined[i] and not one.flat:
        canvas.put(middle, one.top, into_top, style)
    if i + 1 < len(joined) and joined[i + 1] and not one.flat:
        canvas.put(middle, one.bottom, down, style)
    for skip in skips:
        if layout.columns.lane(skip) is None:
            continue
        if skip.first == i:
            canvas.put(x, one.leave, aside, style)
        if i in skip.readers:
            canvas.put(x - 1, one.enter, into_side)
