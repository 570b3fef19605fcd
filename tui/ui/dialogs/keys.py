"""The key map as a page to read and to search."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import ClassVar, Final

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Input

from tui.formats.columns import COLUMNS, MARKS
from tui.formats.escape import visible
from tui.ui.dialogs.frame import Dialog, Push
from tui.ui.dialogs.page import Page
from tui.ui.safe_input import SafeInput
from tui.ui.words import fitted, wrapped

MOST_KEYS: Final = 26
Groups = Sequence[tuple[str, Sequence[tuple[str, str]]]]
BESIDES: Final[Groups] = (
    (
        "While a line is edited",
        (
            ("Enter", "keep the line; below a new one another is opened"),
            ("Esc", "leave the line as it was"),
            ("Tab", "take the completion"),
            ("Up, Down", "choose a completion; without one keep the line, and edit the one above or below"),
            ("Ctrl+U", "empty the line"),
        ),
    ),
    (
        "In dialogs",
        (
            ("Tab, Shift+Tab", "the next field or button, the one before"),
            ("Up, Down", "in fields and lists: the one above, below; in a text: scroll"),
            ("j, k, g, G", "in lists and texts: down, up, to the start, to the end"),
            ("Space", "in a field that takes a few words: the next of them"),
            ("Enter", "do what the first button says; on a button, what that one says"),
            ("Esc", "close without a change"),
        ),
    ),
    (
        "Mouse",
        (
            ("click", "go to the line or cell, press the button"),
            ("double click", "edit the line; in Results: its worked solution"),
            ("wheel", "scroll; the cursor stays"),
        ),
    ),
    (
        "Signs before a layer",
        (
            (MARKS["error"], "an error: the line does not read or does not fit (. gives ways out)"),
            (MARKS["waiting"], "waits for the layer that Results names"),
            (MARKS["warning"], "a warning: Working says it"),
            (MARKS["opaque"], "an operation that is not known: totals are at least what is shown"),
            ("+", "a folded group or block; f unfolds it"),
        ),
    ),
    ("Columns of Results", tuple((column.title, column.help) for column in COLUMNS.values())),
)
"""What the table of actions does not hold, and a reader of the page of keys may look for."""


def page_lines(groups: Groups, search: str, width: int) -> list[str]:
    """The groups as lines of at most ``width`` cells, the keys in one column; with a search only what holds it."""
    word = search.strip().casefold()
    column = min(max((cell_len(visible(keys)) for _, lines in groups for keys, _ in lines), default=0), MOST_KEYS)
    parts: list[str] = []
    for title, lines in groups:
        kept = [line for line in lines if not word or word in " ".join((title, *line)).casefold()]
        if kept:
            parts += ["", visible(title)] if parts else [visible(title)]
        for keys, what in kept:
            # Keys that are too long for their column stand whole, what they do follows them.
            shown = visible(keys)
            shown = fitted(shown, column) if cell_len(shown) <= column else shown
            parts += wrapped(f"  {shown}  {visible(what)}", width, column + 4)
    return parts or wrapped(f"no key does {search.strip()!r}; Esc shows all", width)


class KeysHelp(Dialog[None]):
    """Show groups of (keys, what they do); ``/`` searches. The result is None."""

    DEFAULT_CSS = """
    KeysHelp #search { display: none; margin-bottom: 1; }
    KeysHelp.-search #search { display: block; }
    KeysHelp #page { height: 1fr; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "search", "Find", show=False),
        Binding("question_mark,f1", "close", "Close", show=False),
        Binding("down", "scroll(1)", "Down", show=False),
        Binding("up", "scroll(-1)", "Up", show=False),
    ]
    AUTO_FOCUS = "#page"
    tall = True
    title_text = "Keys and signs"
    keys = "/ find  up/down scroll  Esc close"

    def __init__(self, groups: Groups) -> None:
        super().__init__()
        self.groups = groups

    def body(self) -> ComposeResult:
        yield SafeInput(placeholder="find a key or what it does", id="search", compact=True)
        yield Page(partial(page_lines, self.groups, ""), headed=True)

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
        self.query_one(Page).show(partial(page_lines, self.groups, event.value))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        self.query_one("#page").focus()
