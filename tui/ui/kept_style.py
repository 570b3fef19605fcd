"""What a widget has drawn, kept: its style, and its lines.

Textual works the style out anew from all ancestors each time it is asked for, and at each paint it goes over
every line of every widget inside the box around all that changed, with borders, titles and colours found
anew for each: half of the paint after a key.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Self

from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter
from textual.geometry import Region, Size, Spacing
from textual.strip import Strip

# A plain class, not a widget: Textual takes styles and component classes from the first base that is
# a widget only, and that has to be DataTable for the table.
if TYPE_CHECKING:
    from textual.widget import Widget

    _Base = Widget
else:
    _Base = object


class KeptStyle(_Base):
    """Put before a widget: ``kept_style`` is its ``rich_style``, until Textual says that styles changed.

    Of the lines only those are rendered again that were marked for a repaint, and between their borders only;
    so the widget has to draw its lines over ``kept_style``, and none of ``tint``, ``hatch`` and ``opacity``.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._kept_style: Style | None = None
        self._kept_ground: Color | None = None
        self._kept_lines: list[Strip] = []
        self._kept_for: object = None
        self._stale: set[int] = set()

    @property
    def kept_style(self) -> Style:
        """The colours that everything in the widget is drawn over."""
        if self._kept_style is None:
            self._kept_style = self.rich_style
        return self._kept_style

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._kept_style = None
        self._kept_ground = None
        self._kept_for = None

    def refresh(self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False) -> Self:
        """As Textual's; a part of a widget on the screen is told to the screen at once.

        The way by the queues of the widget and of the screen is three messages for each widget: more than the
        drawing of a line.
        """
        if not regions or layout or recompose or not repaint or not self.display or not self.is_mounted:
            return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)
        self._set_dirty(*regions)
        screen = self.screen
        screen._dirty_widgets.add(self)
        screen.check_idle()
        return self

    def _set_dirty(self, *regions: Region) -> None:
        super()._set_dirty(*regions)
        if not regions:
            self._kept_for = None
            return
        top = self.gutter.top
        for region in regions:
            self._stale.update(range(region.y + top, region.bottom + top))

    def render_lines(self, crop: Region) -> list[Strip]:
        filters = tuple(self.get_line_filters())
        key = (crop, filters)
        if key != self._kept_for:
            self._kept_lines = super().render_lines(crop)
            self._kept_for = key
        elif self._stale:
            if self._kept_ground is None:
                self._kept_ground = self.background_colors[1]
            gutter, size = self.gutter, self.outer_size
            for y in sorted(self._stale.intersection(crop.line_range)):
                self._kept_lines[y - crop.y] = self._line_anew(y, crop, gutter, size, filters, self._kept_ground)
        self._stale.clear()
        return self._kept_lines

    def _line_anew(
        self, y: int, crop: Region, gutter: Spacing, size: Size, filters: Sequence[LineFilter], ground: Color
    ) -> Strip:
        top, right, bottom, left = gutter
        width, height = size
        if not top <= y < height - bottom or crop.column_span != (0, width):
            return super().render_lines(Region(crop.x, y, crop.width, 1))[0]
        strip = self.render_line(y - top).adjust_cell_length(width - left - right, self.kept_style)
        for line_filter in filters:
            strip = strip.apply_filter(line_filter, ground)
        if not left and not right:
            return strip
        old = self._kept_lines[y - crop.y]
        return Strip.join([old.crop(0, left), strip, old.crop(width - right, width)])
