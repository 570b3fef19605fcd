"""A text to read: an error in full, or a report of what was done."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult

from tui.ui.dialogs.frame import Dialog, Push
from tui.ui.dialogs.page import Page


class Report(Dialog[None]):
    """Show lines under a title until Esc, Enter or the button closes it; the result is None."""

    DEFAULT_CSS = """
    Report #page { height: auto; max-height: 100%; }
    Report.-long > .dialog-box { height: 100%; }
    Report.-long #page { height: 1fr; }
    """
    AUTO_FOCUS = "#page"

    def __init__(self, title: str, lines: Sequence[str]) -> None:
        super().__init__()
        self.title_text = title
        self.lines = lines
        self.keys = "up/down scroll  Esc close"
        # Text that may not fit takes the whole height, so that the button stays in view.
        self.set_class(len(lines) > 8 or sum(map(len, lines)) > 400, "-long")

    def body(self) -> ComposeResult:
        yield Page(self.lines)

    def pushes(self) -> ComposeResult:
        yield Push("Close", id="cancel")

    def key_enter(self) -> None:
        self.answer(None)
