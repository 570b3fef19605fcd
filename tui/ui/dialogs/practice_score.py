"""The score of a practice: by what was asked, the slips that were made, and what was missed."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from tui.core.practice_session import Session
from tui.formats.practice.text import score_lines
from tui.ui.actions import keyed
from tui.ui.dialogs.frame import Dialog, Push
from tui.ui.dialogs.page import Page


class PracticeScore(Dialog[bool]):
    """Show the score; the result is whether what was missed is asked again."""

    DEFAULT_CSS = """
    PracticeScore { background: $background; }
    PracticeScore #page { height: 1fr; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(keyed("r"), "again", "Ask again", show=False),
        Binding("left", "app.focus_previous", "Previous", show=False),
        Binding("right", "app.focus_next", "Next", show=False),
        Binding(keyed("up", "k"), "scroll_page(-1)", "Scroll", show=False),
        Binding(keyed("down", "j"), "scroll_page(1)", "Scroll", show=False),
        Binding("pageup", "scroll_page(-10)", "Scroll", show=False),
        Binding("pagedown", "scroll_page(10)", "Scroll", show=False),
    ]
    AUTO_FOCUS = "Push"
    tall = True
    title_text = "Practice: the score"

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        missed = len(session.missed())
        self.accept_label = f"Ask the {missed} missed again" if missed else ""
        self.keys = "up/down scroll  r again  Esc close" if missed else "up/down scroll  Esc close"

    def body(self) -> ComposeResult:
        page = Page(score_lines(self.session))
        page.can_focus = False  # the buttons keep the focus, and the keys scroll from there
        yield page

    def pushes(self) -> ComposeResult:
        if self.accept_label:
            yield Push(self.accept_label, id="accept")
        yield Push("Close", id="cancel")

    def accept(self) -> None:
        if self.session.missed():
            self.answer(True)

    def action_again(self) -> None:
        self.accept()

    def action_scroll_page(self, lines: int) -> None:
        self.query_one("#page").scroll_relative(y=lines, animate=False)
