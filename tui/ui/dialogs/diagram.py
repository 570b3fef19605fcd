"""The network as a block diagram, to scroll through."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from textual.app import ComposeResult
from textual.content import Content
from textual.events import Resize
from textual.widgets import Static

from tui.core.snapshot import Snapshot
from tui.formats.diagram.canvas import Segment
from tui.formats.diagram.model import picture_of
from tui.formats.diagram.text import drawn
from tui.ui.dialogs.frame import Dialog, Push
from tui.ui.dialogs.page import Scrolled
from tui.ui.gutter import ASCII, glyphs

STYLES: Final = {"": "", "bold": "bold", "dim": "dim", "error": "bold $text-error", "warning": "$text-warning"}


class _Page(Scrolled):
    """The picture behind a window; it is drawn anew for each width of the window."""

    def __init__(self, snapshot: Snapshot, name: str) -> None:
        super().__init__(id="page")
        self.picture = picture_of(snapshot, name)
        self.drawn_for = 0

    def compose(self) -> ComposeResult:
        yield Static(id="picture", markup=False)

    def on_resize(self, event: Resize) -> None:
        width = self.scrollable_content_region.width
        if width > 0 and width != self.drawn_for:
            self.drawn_for = width
            rows = drawn(self.picture, width, ascii_only=glyphs() is ASCII)
            self.query_one("#picture", Static).update(_content(rows))


class DiagramView(Dialog[None]):
    """Show the picture of a network until Esc, Enter or the button closes it; the result is None."""

    DEFAULT_CSS = """
    DiagramView > .dialog-box { max-width: 100%; height: 100%; }
    DiagramView #page { height: 1fr; }
    DiagramView #picture { width: auto; text-wrap: nowrap; }
    """
    AUTO_FOCUS = "#page"
    title_text = "Diagram"
    keys = "up/down PgUp/PgDn scroll  Esc close"

    def __init__(self, snapshot: Snapshot, name: str = "") -> None:
        super().__init__()
        self.page = _Page(snapshot, name)

    def body(self) -> ComposeResult:
        yield self.page

    def pushes(self) -> ComposeResult:
        yield Push("Close", id="cancel")

    def key_enter(self) -> None:
        self.answer(None)


def _content(rows: Sequence[Sequence[Segment]]) -> Content:
    """The lines with their styles, as the screen draws them."""
    parts: list[tuple[str, str]] = []
    for i, row in enumerate(rows):
        if i:
            parts.append(("\n", ""))
        parts += [(part.text, STYLES[part.style]) for part in row]
    return Content.assemble(*parts)
