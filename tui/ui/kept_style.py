"""The style of a widget, kept: Textual works it out anew from all ancestors each time it is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.style import Style

# A plain class, not a widget: Textual takes styles and component classes from the first base that is
# a widget only, and that has to be DataTable for the table.
if TYPE_CHECKING:
    from textual.widget import Widget

    _Base = Widget
else:
    _Base = object


class KeptStyle(_Base):
    """Put before a widget: ``kept_style`` is its ``rich_style``, until Textual says that styles changed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._kept_style: Style | None = None

    @property
    def kept_style(self) -> Style:
        """The colours that everything in the widget is drawn over."""
        if self._kept_style is None:
            self._kept_style = self.rich_style
        return self._kept_style

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._kept_style = None
