"""Lines to read: wrapped under their own indentation, and scrolled by the keys that move through a list."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.events import Resize
from textual.widgets import Static

from tui.formats.escape import visible
from tui.ui.actions import keyed
from tui.ui.words import wrapped

HANG = 2
"""The cells by which what is wrapped stands further in than the line it belongs to."""


def hung(lines: Sequence[str], width: int) -> list[str]:
    """The lines in ``width`` cells; of one that is longer the rest is indented a little more than its start."""
    made = []
    for line in lines:
        safe = visible(line)
        made += wrapped(safe, width, len(safe) - len(safe.lstrip(" ")) + HANG)
    return made


class Scrolled(VerticalScroll):
    """A pane that scrolls by the keys of a list: the arrow keys and PgUp, PgDn, Home, End are Textual's own."""

    DEFAULT_CSS = "Scrolled { scrollbar-size-vertical: 1; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(keyed("j"), "scroll_down", "Down", show=False),
        Binding(keyed("k"), "scroll_up", "Up", show=False),
        Binding(keyed("g"), "scroll_home", "Start", show=False),
        Binding(keyed("G"), "scroll_end", "End", show=False),
        Binding("space", "page_down", "Page down", show=False),
    ]

    # Textual's own slide there over many frames, each a paint of the whole pane.

    def action_scroll_down(self) -> None:
        self.scroll_down(animate=False)

    def action_scroll_up(self) -> None:
        self.scroll_up(animate=False)

    def action_page_down(self) -> None:
        self.scroll_page_down(animate=False)

    def action_page_up(self) -> None:
        self.scroll_page_up(animate=False)

    def action_scroll_home(self) -> None:
        self.scroll_home(animate=False)

    def action_scroll_end(self) -> None:
        self.scroll_end(animate=False)


class Page(Scrolled):
    """Lines made anew for each width: by ``hung``, or by ``make`` where they are no plain lines.

    With ``headed`` those without indentation are headings.
    """

    DEFAULT_CSS = "Page { scrollbar-gutter: stable; }"

    def __init__(
        self, make: Callable[[int], Sequence[str]] | Sequence[str] = (), *, headed: bool = False, id: str = "page"
    ) -> None:
        super().__init__(id=id)
        self._make = make
        self._headed = headed
        self._drawn_for = 0

    def compose(self) -> ComposeResult:
        yield Static(self._content(80), markup=False)

    def show(self, make: Callable[[int], Sequence[str]] | Sequence[str]) -> None:
        """Show other lines, from the first of them."""
        self._make = make
        self._draw()
        self.scroll_home(animate=False)

    def on_resize(self, event: Resize) -> None:
        if self.scrollable_content_region.width != self._drawn_for:
            self._draw()

    def _draw(self) -> None:
        width = self._drawn_for = self.scrollable_content_region.width
        if width > 0:
            self.query_one(Static).update(self._content(width))

    def _content(self, width: int) -> Content:
        lines = self._make(width) if callable(self._make) else hung(self._make, width)
        if not self._headed:
            return Content("\n".join(lines))
        parts = (Content(line) if line.startswith(" ") else Content.styled(line, "bold") for line in lines)
        return Content("\n").join(parts)
