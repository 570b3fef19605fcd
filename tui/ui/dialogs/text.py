"""The whole document as text, to edit in one piece."""

from __future__ import annotations

from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import TextArea

from tui.formats.line import parse_line
from tui.ui.dialogs.confirm import Choice, Confirm
from tui.ui.dialogs.frame import Dialog, saying
from tui.ui.safe_input import stood_in


class SafeTextArea(TextArea):
    """A TextArea for text of any origin: it shows stand-ins for control characters and keeps the text as it is."""

    def get_line(self, line_index: int) -> Text:
        return Text(stood_in(self.document.get_line(line_index), keep="\t"), end="", no_wrap=True)


class WholeText(Dialog[str]):
    """Edit the text of a document; the result is the new text. Backing out of changes asks first."""

    DEFAULT_CSS = """
    WholeText TextArea { height: 1fr; border: none; padding: 0; }
    WholeText #state { height: 1; margin-top: 1; text-wrap: nowrap; text-overflow: ellipsis; }
    WholeText .dialog-foot { margin-top: 0; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+s", "accept", "Apply", show=False, priority=True)]
    AUTO_FOCUS = "TextArea"
    tall = True
    title_text = "The network as text"
    keys = "Ctrl+S apply  Tab buttons  Esc cancel"
    accept_label = "Apply"

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text

    def body(self) -> ComposeResult:
        # No language: the grammars of the syntax extra can take the whole process down.
        yield SafeTextArea(self.text, show_line_numbers=True, soft_wrap=False, tab_behavior="focus", compact=True)
        yield saying("state", muted=True)

    def on_mount(self) -> None:
        self._show()

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        self.later(self._show)

    def on_text_area_selection_changed(self, event: TextArea.SelectionChanged) -> None:
        self.later(self._show)

    def _show(self) -> None:
        area = self.query_one(TextArea)
        row = area.cursor_location[0]
        error = parse_line(area.document.get_line(row)).error
        where = f"line {row + 1:,} of {area.document.line_count:,}"
        self.say("#state", f"{where}: {error.message}" if error else where, error=error is not None)

    def action_accept(self) -> None:
        self.accept()

    def accept(self) -> None:
        self.answer(self.query_one(TextArea).text)

    def action_cancel(self) -> None:
        if self.query_one(TextArea).text == self.text:
            self.answer(None)
            return
        choices = (Choice("d", "Discard", "discard"), Choice("k", "Keep editing", "keep"))
        self.app.push_screen(Confirm("Discard the changes to the text?", "", choices), self._discard)

    def _discard(self, answer: str | None) -> None:
        if answer == "discard":
            self.answer(None)
