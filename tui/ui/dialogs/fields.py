"""Labelled fields, one a row: a mark for the focus, the label, the value, and help or what is wrong with it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.events import Click, Key
from textual.message import Message
from textual.suggester import SuggestFromList
from textual.widgets import Input, Static

from tui.formats.escape import visible
from tui.ui.dialogs.frame import say_text
from tui.ui.safe_input import SafeInput


class FieldInput(SafeInput):
    """The value of a field. Where only a few words are allowed, Space goes to the next of them."""

    def __init__(self, value: str, placeholder: str, words: Sequence[str]) -> None:
        super().__init__(
            value,
            placeholder=visible(placeholder),
            suggester=SuggestFromList(words) if words else None,
            compact=True,
        )
        self.words = words

    def cycle(self) -> bool:
        """Take the next word; False where the value is none of them."""
        value = self.value.strip()
        if not self.words or (value and value not in self.words):
            return False
        # A blank value may be one of the words itself: "no device" stands before the first of them.
        self.value = self.words[(self.words.index(value) + 1) % len(self.words) if value in self.words else 0]
        self.cursor_position = len(self.value)
        return True

    async def _on_key(self, event: Key) -> None:
        # Input would type the space; preventing the default keeps its own handler out.
        if event.key == "space" and self.cycle():
            event.stop()
            event.prevent_default()


class Field(Horizontal):
    """One labelled value. ``key`` says what it is for."""

    DEFAULT_CSS = """
    Field { height: auto; }
    Field > .field-label { width: 18; height: 1; text-wrap: nowrap; text-overflow: ellipsis; padding-right: 1; }
    Field > .field-label.-current { text-style: bold; }
    Field > FieldInput { width: 2fr; min-width: 17; }
    Field > .field-help {
        width: 3fr; height: 1; padding-left: 1; color: $text-muted; text-wrap: nowrap; text-overflow: ellipsis;
    }
    Field > .field-help.-current, Field > .field-help.-error { height: auto; text-wrap: wrap; }
    Field > .field-help.-error { color: $text-error; text-style: bold; }
    """

    class Changed(Message):
        """The value of a field was edited."""

        def __init__(self, field: Field) -> None:
            super().__init__()
            self.field = field

    def __init__(
        self,
        key: str,
        label: str,
        value: str = "",
        *,
        placeholder: str = "",
        help_text: str = "",
        words: Sequence[str] = (),
    ) -> None:
        super().__init__()
        self.key = key
        self.label = label
        self.help_text = help_text
        self._error: str | None = None
        self.input = FieldInput(value, placeholder, words)
        self._label = Static(Content(f"  {visible(label)}"), markup=False, classes="field-label")
        self._help = Static(Content(visible(help_text)), markup=False, classes="field-help")

    def compose(self) -> ComposeResult:
        yield self._label
        yield self.input
        yield self._help

    @property
    def value(self) -> str:
        """What is typed, without spaces around it."""
        return self.input.value.strip()

    def show_help(self, text: str) -> None:
        """Another help text, shown where nothing is wrong."""
        if text != self.help_text:
            self.help_text = text
            if not self._error:
                self._help.update(Content(visible(text)))

    def show_error(self, message: str | None) -> None:
        """Say what is wrong in the place of the help; None shows the help again."""
        if message == self._error:  # every key asks every field, and an update costs a layout
            return
        self._error = message
        self._help.update(Content(say_text(message, True) if message else visible(self.help_text)))
        self._help.set_class(bool(message), "-error")

    def on_descendant_focus(self) -> None:
        self._mark(True)

    def on_descendant_blur(self) -> None:
        self._mark(False)

    def _mark(self, current: bool) -> None:
        # A class and a sign: :focus-within does not restyle children, and colour alone says too little.
        self._label.update(Content(f"{'>' if current else ' '} {visible(self.label)}"))
        self._label.set_class(current, "-current")
        if current:
            # The help of the field at hand is shown whole, until another is: were it to shrink when a button is
            # pressed with the mouse, the button would move away before the release.
            self.screen.query(".field-help.-current").remove_class("-current")
            self._help.add_class("-current")

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        self.post_message(self.Changed(self))

    def on_click(self, event: Click) -> None:
        self.input.focus()
        if event.widget is not self.input:
            self.input.cycle()


class Fields(VerticalScroll, can_focus=False, inherit_bindings=False):
    """Fields below each other; up and down go from one to the next, so they must not scroll the pane."""

    DEFAULT_CSS = """
    Fields { height: auto; scrollbar-size-vertical: 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "app.focus_next", "Next field", show=False),
        Binding("up", "app.focus_previous", "Previous field", show=False),
    ]

    def all(self) -> list[Field]:
        """The fields from top to bottom."""
        return list(self.query(Field))

    def show_errors(self, errors: dict[str, str]) -> None:
        """Beside each field what is wrong with it, if anything."""
        for field in self.all():
            field.show_error(errors.get(field.key))

    def focus_wrong(self, errors: dict[str, str]) -> bool:
        """Go to the first field that is wrong; False where there is none."""
        for field in self.all():
            if field.key in errors:
                field.input.focus()
                return True
        return False
