"""The key map as a page to read and to search."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widgets import Input

from tui.ui.dialogs.frame import Dialog, Push, saying
from tui.ui.words import fitted, visible

Groups = Sequence[tuple[str, Sequence[tuple[str, str]]]]


def page_text(groups: Groups, search: str) -> str:
    """The groups as text, the keys in one column; with a search only the lines that hold it."""
    word = search.strip().casefold()
    width = min(max((cell_len(visible(keys)) for _, lines in groups for keys, _ in lines), default=0), 26)
    parts = []
    for title, lines in groups:
        kept = [line for line in lines if not word or word in " ".join((title, *line)).casefold()]
        if kept:
            # Keys that are too long for their column stand whole, what they do follows them.
            rows = [
                f"  {fitted(keys, width) if cell_len(keys) <= width else keys}  {what}"
                for keys, what in ((visible(k), visible(w)) for k, w in kept)
            ]
            parts.append("\n".join([visible(title), *rows]))
    return "\n\n".join(parts) or f"no key does {search.strip()!r}; Esc shows all"


class KeysHelp(Dialog[None]):
    """Show groups of (keys, what they do); ``/`` searches. The result is None."""

    DEFAULT_CSS = """
    KeysHelp #search { display: none; margin-bottom: 1; }
    KeysHelp.-search #search { display: block; }
    KeysHelp #page { height: 1fr; scrollbar-size-vertical: 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "search", "Find", show=False),
        Binding("question_mark,f1", "close", "Close", show=False),
        Binding("down", "scroll(1)", "Down", show=False),
        Binding("up", "scroll(-1)", "Up", show=False),
    ]
    AUTO_FOCUS = "#page"
    tall = True
    title_text = "Keys"
    keys = "/ find  up/down scroll  Esc close"

    def __init__(self, groups: Groups) -> None:
        super().__init__()
        self.groups = groups

    def body(self) -> ComposeResult:
        yield Input(placeholder="find a key or what it does", id="search", compact=True)
        with VerticalScroll(id="page"):
            yield saying("text", text=page_text(self.groups, ""))

    def pushes(self) -> ComposeResult:
        yield Push("Close", id="cancel")

    def action_search(self) -> None:
        self.add_class("-search")
        self.query_one(Input).focus()

    def action_close(self) -> None:
        self.answer(None)

    def action_scroll(self, by: int) -> None:
        self.query_one("#page").scroll_relative(y=by, animate=False)

    def action_cancel(self) -> None:
        """Esc first ends the search, then the dialog."""
        search = self.query_one(Input)
        if self.has_class("-search") and (search.value or search.has_focus):
            search.value = ""
            self.remove_class("-search")
            self.query_one("#page").focus()
        else:
            self.answer(None)

    def on_push_pressed(self, event: Push.Pressed) -> None:
        event.stop()
        self.answer(None)

    def on_input_changed(self, event: Input.Changed) -> None:
        self.say("#text", page_text(self.groups, event.value))
        self.query_one("#page").scroll_home(animate=False)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        self.query_one("#page").focus()
