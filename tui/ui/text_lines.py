"""Lines of ready text: a pane of them that scrolls, and a single one."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from rich.text import Text
from textual.geometry import Region
from textual.geometry import Size as ScreenSize
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.widget import Widget

from tui.ui.kept_style import KeptStyle
from tui.ui.words import wrapped


class TextLines(KeptStyle, ScrollView, can_focus=True, inherit_bindings=False):
    """A pane of ready text lines. New text of the same size costs one paint of the lines that differ."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._lines: list[Text] = []

    def show(self, lines: Sequence[Text]) -> None:
        """Show these lines from the top."""
        old, self._lines = self._lines, list(lines)
        differ = [y for y in range(max(len(old), len(lines))) if not _same_at(y, old, lines)]
        if not differ:
            return
        size = ScreenSize(max((line.cell_len for line in lines), default=0), len(lines))
        if size != self.virtual_size:
            self.virtual_size = size
        if self.scroll_offset != (0, 0):
            self.scroll_to(0, 0, animate=False, immediate=True, force=True)
            self.refresh()
        else:
            self.refresh(*(Region(0, y, self.size.width, 1) for y in differ))

    def render_line(self, y: int) -> Strip:
        x, top = int(self.scroll_offset.x), int(self.scroll_offset.y)
        width = self.size.width
        if not 0 <= y + top < len(self._lines):
            return Strip.blank(width, self.kept_style)
        return _drawn(self._lines[y + top], self.app.console, self.kept_style, x, width)


class TextLine(KeptStyle, Widget):
    """One line of ready text. A Static would analyse its content and its styles anew at each change."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._line = Text()
        self._below = Text()
        """What the line did not hold, where it was given a second one."""

    def show(self, line: Text, rows: int = 1) -> None:
        """Show this line; with 2 ``rows``, which cost a layout, what it does not hold stands below it."""
        below = Text()
        if rows > 1 and line.cell_len > self.size.width > 0:
            first, *more = wrapped(line.plain, self.size.width, 3)
            line, below = Text(first, line.style), Text(" ".join([more[0], *map(str.strip, more[1:])]), line.style)
        if bool(below) != bool(self._below):
            self.styles.height = 2 if below else 1
        if not (_same(self._line, line) and _same(self._below, below)):
            self._line, self._below = line, below
            self.refresh(Region(0, 0, self.size.width, 2 if below else 1))

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        line = (self._line if y == 0 else self._below).copy()
        line.truncate(width, overflow="ellipsis")
        return _drawn(line, self.app.console, self.kept_style, 0, width)


def _same(a: Text, b: Text) -> bool:
    return a.plain == b.plain and a.style == b.style and a.spans == b.spans


def _same_at(y: int, old: Sequence[Text], new: Sequence[Text]) -> bool:
    return y < len(old) and y < len(new) and _same(old[y], new[y])


def _drawn(line: Text, console: Console, style: Style, x: int, width: int) -> Strip:
    # Rich leaves the style of the whole out where no part of the text has one of its own.
    over = style + console.get_style(line.style) if line.style else style
    strip = Strip(Segment.apply_style(line.render(console, end=""), over))
    return strip.extend_cell_length(x + width, style).crop(x, x + width)
