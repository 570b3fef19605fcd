"""A question with a few answers, the safe one marked."""

from __future__ import annotations

from typing import ClassVar, NamedTuple

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.events import Key

from tui.ui.actions import keyed
from tui.ui.dialogs.frame import Dialog, Push, saying


class Choice(NamedTuple):
    """An answer: the letter that chooses it, what its button says, and what it is called in the result."""

    key: str
    label: str
    id: str


class Confirm(Dialog[str]):
    """Ask ``question``. The last choice is the safe one and has the focus; the result is the ``id`` of a choice."""

    DEFAULT_CSS = """
    Confirm > .dialog-box { max-width: 64; }
    Confirm #detail { margin-top: 1; max-height: 8; }
    Confirm .dialog-foot { layout: vertical; height: auto; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left,up", "app.focus_previous", "Previous", show=False),
        Binding("right,down", "app.focus_next", "Next", show=False),
    ]

    def __init__(self, question: str, detail: str, choices: tuple[Choice, ...]) -> None:
        super().__init__()
        self.question = question
        self.detail = detail
        self.choices = choices
        self.keys = "Enter choose  Esc cancel"

    def body(self) -> ComposeResult:
        yield saying("question", text=self.question)
        if self.detail:
            yield saying("detail", muted=True, text=self.detail)

    def pushes(self) -> ComposeResult:
        for index, choice in enumerate(self.choices):
            yield Push(f"{choice.key} {choice.label}", id=f"choice-{index}")

    def on_mount(self) -> None:
        self.query(Push).last().focus()

    def on_key(self, event: Key) -> None:
        for choice in self.choices:
            if event.key.lower() in keyed(choice.key.lower()).split(","):
                event.stop()
                self.answer(choice.id)
                return

    def on_push_pressed(self, event: Push.Pressed) -> None:
        event.stop()
        self.answer(self.choices[int((event.push.id or "").removeprefix("choice-"))].id)
