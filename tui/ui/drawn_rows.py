"""Rows drawn by hand: a header, and below it one line a row, cached by what the row shows.

Textual's own list and table redraw every visible cell when one changes; here the key of a row is
made of immutable objects, so a row whose key is the same is not drawn again.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.widget import Widget

from tui.ui.inks import Inked

CACHE: Final = 2_000
HEADER: Final = 1


class Frame(NamedTuple):
    """What is seen of a row, in cells: from where on, how much, and how much beside the scrollbar.

    Textual works each of these out anew from all ancestors whenever it is asked.
    """

    left: int
    width: int
    room: int


# A plain class for the reason that KeptStyle is one.
if TYPE_CHECKING:

    class _Base(Inked, ScrollView): ...
else:
    _Base = Inked


class DrawnRows(_Base):
    """Put before a ScrollView: a scrolling list of one-line rows under a fixed header.

    A subclass says how many rows there are, what each depends on and how it is drawn.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._strips: dict[Hashable, Strip] = {}
        self._painted: dict[int, Hashable] = {}
        self.frame = Frame(0, 0, 0)
        """What is seen of the rows while one of them is drawn."""

    def row_total(self) -> int:
        """The number of rows."""
        raise NotImplementedError

    def row_key(self, index: int) -> Hashable:
        """All that the drawing of a row depends on, as immutable objects."""
        raise NotImplementedError

    def draw_row(self, index: int) -> list[Segment]:
        """The segments of a row, from its first column on."""
        raise NotImplementedError

    def draw_header(self) -> list[Segment]:
        """The segments of the header."""
        raise NotImplementedError

    def content_width(self) -> int:
        """The width that the rows need; wider than the widget scrolls sideways."""
        return 0

    @property
    def room(self) -> int:
        """The width that is seen: what Textual calls the size is in part under the scrollbar."""
        return self.size.width - (self.styles.scrollbar_size_vertical if self.show_vertical_scrollbar else 0)

    def rows_on_screen(self) -> range:
        """The rows that are in view."""
        top = int(self.scroll_offset.y)
        return range(top, min(self.row_total(), top + max(0, self.size.height - HEADER)))

    def forget_drawn(self) -> None:
        """Draw everything anew, as after a change of theme or columns."""
        self._strips.clear()
        self._painted.clear()
        self.refresh()

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._strips.clear()

    def changed(self) -> None:
        """What the rows show may be different: repaint those on screen whose key is."""
        self._fit()
        top = int(self.scroll_offset.y)
        width, height = self.size
        total = self.row_total()
        places = []
        for y in range(HEADER, height):
            index = y - HEADER + top
            key = self.row_key(index) if index < total else None
            if self._painted.get(y, self) != key:
                places.append(index)
        self.make_room(places)
        if places:
            self.refresh(*(Region(0, index - top + HEADER, width, 1) for index in places))

    def make_room(self, indices: Sequence[int]) -> None:
        """Before these rows are drawn, see to it that they have the width that they need."""

    def _fit(self) -> None:
        size = Size(self.content_width(), self.row_total() + HEADER)
        old = self.virtual_size
        if old == size:
            return
        bars = (old.height > self.size.height, old.width > self.size.width)
        if bars == (size.height > self.size.height, size.width > self.size.width) and self.is_mounted:
            # Setting virtual_size asks for a layout and a second paint, 20 to 40 ms later; where no
            # scrollbar comes or goes, telling it its range is enough.
            self.set_reactive(Widget.virtual_size, size)
            self._scroll_update(size)
        else:
            self.virtual_size = size

    def row_clicked(self, event: events.MouseEvent) -> int | None:
        """The row that a click is on, if it is on one."""
        place = event.get_content_offset(self)
        if place is None or place.y < HEADER:
            return None
        index = place.y - HEADER + int(self.scroll_offset.y)
        return index if index < self.row_total() else None

    def scroll_row_into_view(self, index: int) -> None:
        """Scroll as little as needed to bring a row into view."""
        top, height = int(self.scroll_offset.y), self.size.height - HEADER
        if height <= 0:
            return
        if index < top:
            self.scroll_rows_to(index)
        elif index >= top + height:
            self.scroll_rows_to(index - height + 1)

    def scroll_rows_to(self, top: int) -> None:
        """Make ``top`` the first row in view, at once."""
        self.scroll_to(y=top, animate=False, immediate=True, force=True)

    def render_line(self, y: int) -> Strip:
        offset, width = self.scroll_offset, self.size.width
        frame = self.frame = Frame(int(offset.x), width, self.room)
        if y < HEADER:
            return self._crop(self.draw_header(), self.header_style())
        index = y - HEADER + int(offset.y)
        if index >= self.row_total():
            self._painted[y] = None
            return Strip.blank(width, self.kept_style)
        key = self.row_key(index)
        self._painted[y] = key
        strip = self._strips.get((key, frame))
        if strip is None:
            if len(self._strips) > CACHE:
                self._strips.clear()
            strip = self._strips[key, frame] = self._crop(self.draw_row(index), self.kept_style)
        return strip

    def _crop(self, segments: list[Segment], style: Style) -> Strip:
        left, width, _ = self.frame
        return Strip(segments).extend_cell_length(left + width, style).crop(left, left + width)

    def header_style(self) -> Style:
        """The style of the header line."""
        return self.kept_style
