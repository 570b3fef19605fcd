"""What a widget has drawn, kept: its style, and its lines.

Textual works the style out anew from all ancestors each time it is asked for, and at each paint it goes over
every line of every widget inside the box around all that changed, with borders, titles and colours found
anew for each: half of the paint after a key.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.style import Style
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
        self._kept_for = None

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
            ground, gutter, size = self.background_colors[1], self.gutter, self.outer_size
            for y in sorted(self._stale.intersection(crop.line_range)):
                strip = self._line_anew(y, crop, gutter, size)
                for line_filter in filters:
                    strip = strip.apply_filter(line_filter, ground)
                self._kept_lines[y - crop.y] = strip
        self._stale.clear()
        return self._kept_lines

    def _line_anew(self, y: int, crop: Region, gutter: Spacing, size: Size) -> Strip:
        top, right, bottom, left = gutter
        width, height = size
        if not top <= y < height - bottom or crop.column_span != (0, width):
            return super().render_lines(Region(crop.x, y, crop.width, 1))[0]
        strip = self.render_line(y - top).adjust_cell_length(width - left - right, self.kept_style)
        if not left and not right:
            return strip
        old = self._kept_lines[y - crop.y]
        return Strip.join([old.crop(0, left), strip, old.crop(width - right, width)])
