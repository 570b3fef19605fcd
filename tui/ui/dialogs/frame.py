"""The frame of every dialog: a titled box, its body, a row of buttons and a line of keys."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar, Generic, TypeVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.events import Click
from textual.message import Message
from textual.screen import ModalScreen
from textual.widgets import Static

from tui.formats.escape import visible

Answer = TypeVar("Answer")


class Push(Static, can_focus=True):
    """A button of one line. The mark before it says where the focus is, colour or not."""

    DEFAULT_CSS = """
    Push { width: auto; height: 1; margin-right: 1; }
    Push:focus { text-style: bold; color: $primary; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter,space", "press", "Press", show=False)]

    class Pressed(Message):
        """The button was pressed; ``push`` is the button."""

        def __init__(self, push: Push) -> None:
            super().__init__()
            self.push = push

    def __init__(self, label: str, *, id: str | None = None) -> None:
        super().__init__(markup=False, id=id)
        self.label = label

    def render(self) -> Content:
        return Content(f"{'>' if self.has_focus else ' '} [ {visible(self.label)} ]")

    def action_press(self) -> None:
        self.post_message(self.Pressed(self))

    def on_click(self, event: Click) -> None:
        event.stop()
        self.action_press()


class Dialog(ModalScreen[Answer | None], Generic[Answer]):
    """Base of the dialogs. A subclass gives the ``body`` and what ``accept`` does; Esc dismisses with None.

    ``title_text`` and ``keys`` stand in the border, ``accept_label`` on the button that Enter stands for.
    """

    DEFAULT_CSS = """
    Dialog { align: center middle; }
    Dialog > .dialog-box {
        width: 100%;
        max-width: 96;
        height: auto;
        max-height: 100%;
        border: round $primary;
        border-title-color: $text;
        border-title-style: bold;
        border-subtitle-color: $text-muted;
        background: $surface;
        padding: 0 1;
        overflow-y: auto;
        scrollbar-size-vertical: 1;
    }
    Dialog.-tall > .dialog-box { height: 100%; max-height: 36; }
    /* Docked, the buttons stay in view where the rest is higher than the screen, and scrolls. */
    Dialog .dialog-foot { dock: bottom; height: 1; margin-top: 1; }
    Dialog .dialog-say { width: 100%; height: auto; }
    Dialog .dialog-muted { width: 100%; height: auto; color: $text-muted; }
    Dialog .-error { color: $text-error; text-style: bold; }
    Dialog Input { width: 1fr; height: 1; border: none; padding: 0; background: $boost; }
    Dialog Input:focus { border: none; text-style: underline; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "cancel", "Cancel", show=False)]
    AUTO_FOCUS = "*"

    title_text: str = ""
    keys: str = ""
    accept_label: str = "OK"
    tall: ClassVar[bool] = False
    """Whether the dialog takes the height of the screen rather than that of its text."""

    def __init__(self) -> None:
        super().__init__(classes="-tall" if self.tall else None)
        self._update_due = False

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog-box") as box:
            # Content, since a plain string would be read as markup.
            box.border_title = Content(visible(self.title_text))
            box.border_subtitle = Content(visible(self.keys))
            yield from self.body()
            with Horizontal(classes="dialog-foot"):
                yield from self.pushes()

    def body(self) -> ComposeResult:
        """What stands between the title and the buttons."""
        yield from ()

    def pushes(self) -> ComposeResult:
        """The buttons, the safest last."""
        yield Push(self.accept_label, id="accept")
        yield Push("Cancel", id="cancel")

    def answer(self, answer: Answer | None) -> None:
        """Close with an answer. A second one in the same burst of keys must not close the screen below too."""
        if self.is_active:
            self.dismiss(answer)

    def accept(self) -> None:
        """Take what is chosen or filled in as the answer, or say why it cannot be taken."""
        raise NotImplementedError

    def action_cancel(self) -> None:
        self.answer(None)

    def on_push_pressed(self, event: Push.Pressed) -> None:
        event.stop()
        if event.push.id == "cancel":
            self.action_cancel()
        elif event.push.id == "accept":
            self.accept()

    def later(self, update: Callable[[], None]) -> None:
        """Run ``update`` once after the next refresh: a burst of keys costs one recomputation."""
        if self._update_due:
            return
        self._update_due = True

        def run() -> None:
            self._update_due = False
            if self.is_attached:
                update()

        self.call_after_refresh(run)

    def say(self, selector: str, text: str, *, error: bool = False) -> None:
        """Put a text into one of the dialog's lines; an error carries its mark as well as its colour."""
        line = self.query_one(selector, Static)
        line.update(Content(say_text(text, error)))
        line.set_class(error, "-error")


def say_text(text: str, error: bool) -> str:
    """A text made safe line by line, an error with its mark."""
    safe = "\n".join(map(visible, text.split("\n")))
    return f"! {safe}" if error and safe else safe


def saying(id: str, *, muted: bool = False, text: str = "") -> Static:
    """A line that ``Dialog.say`` fills."""
    return Static(
        Content(say_text(text, False)), markup=False, id=id, classes="dialog-muted" if muted else "dialog-say"
    )
