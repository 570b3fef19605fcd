"""The in-place editor of one line: a text field, and below it what the line may become."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import ClassVar, Final

from rich.text import Text
from textual import events
from textual.binding import Binding
from textual.message import Message
from textual.widgets import Input, Static

from tui.formats.complete import Candidate, complete, signature
from tui.formats.escape import visible
from tui.formats.line import MAX_LINE, parse_line
from tui.ui.safe_input import SafeInput
from tui.ui.words import fitted

CANDIDATES: Final = 5


class LineEditor(SafeInput):
    """A text field over a line of the list. It parses for completion and posts what was typed."""

    BINDINGS: ClassVar = [
        Binding("ctrl+u", "clear_line", "clear", show=False),
        Binding("home", "home", show=False),
        Binding("end", "end", show=False),
    ]

    class Typed(Message):
        """The text is another one."""

        def __init__(self, text: str) -> None:
            self.text = text
            super().__init__()

    class Committed(Message):
        """The text is to be kept. ``then`` says what comes next: ``stay``, ``next``, ``up`` or ``down``."""

        def __init__(self, text: str, then: str) -> None:
            self.text = text
            self.then = then
            super().__init__()

    class Cancelled(Message):
        """The line is to be as it was."""

    class LinesPasted(Message):
        """More than one line was pasted: they are no text of this field, and the list has room for all of them."""

        def __init__(self, text: str) -> None:
            self.text = text
            super().__init__()

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id, select_on_focus=False, max_length=MAX_LINE, compact=True)
        self.names: tuple[str, ...] = ()
        self.candidates: list[Candidate] = []
        self.chosen: int | None = None
        self.open = False

    def start(self, text: str, names: Iterable[str], select: bool) -> None:
        """Begin to edit a text."""
        self.names = tuple(names)
        self.open = True
        with self.prevent(Input.Changed):
            self.value = text
        self.cursor_position = len(text)
        self._offer()
        self.screen.set_focus(self)
        if select:
            self.select_all()

    def _offer(self) -> None:
        cursor = self.cursor_position
        self.candidates = complete(self.value, cursor, self.names)
        self.chosen = None

    def _on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        if self.open:
            self._offer()
            self.post_message(self.Typed(self.value))

    async def _on_key(self, event: events.Key) -> None:
        handlers: dict[str, Callable[[], None]] = {
            "escape": self._cancel,
            "enter": lambda: self._commit("next"),
            "tab": self._take,
            "up": lambda: self._choose(-1),
            "down": lambda: self._choose(1),
            "shift+tab": lambda: self._choose(-1),
        }
        handler = handlers.get(event.key)
        if handler is not None:
            event.stop()
            event.prevent_default()
            handler()
            return
        await super()._on_key(event)

    def _on_paste(self, event: events.Paste) -> None:
        # Input would keep the first line and drop the others without a word.
        if len(event.text.strip("\r\n").splitlines()) > 1:
            event.stop()
            event.prevent_default()
            self.post_message(self.LinesPasted(event.text))

    def _cancel(self) -> None:
        self.open = False
        self.post_message(self.Cancelled())

    def _commit(self, then: str) -> None:
        if self.chosen is not None:
            self._take()
            return
        self.open = False
        self.post_message(self.Committed(self.value, then))

    def _take(self) -> None:
        """Put the chosen completion in; without a choice the first one."""
        if not self.candidates:
            return
        candidate = self.candidates[self.chosen or 0]
        text, cursor = candidate.applied(self.value)
        self.value = text
        self.cursor_position = cursor
        self._offer()
        self.post_message(self.Typed(text))

    def _choose(self, step: int) -> None:
        """Up and down choose among completions once Tab or a letter opened them; else they leave the line."""
        if not self.candidates or not self.value.strip():
            self._commit("up" if step < 0 else "down")
            return
        if self.chosen is None:
            if step < 0:
                self._commit("up")
                return
            self.chosen = 0
        else:
            self.chosen += step
            if self.chosen < 0:
                self.chosen = None
            elif self.chosen >= len(self.candidates):
                self.chosen = len(self.candidates) - 1
        self.post_message(self.Typed(self.value))

    def action_clear_line(self) -> None:
        """Empty the line."""
        self.value = ""

    def help_lines(self, width: int) -> list[Text]:
        """What to show with the field: the words that the kind takes, what is wrong, the completions."""
        lines = []
        slots = signature(self.value, self.cursor_position)
        if slots:
            lines.append(_signature_text(slots, width))
        line = parse_line(self.value)
        # A word that may still become one of the completions is not yet a mistake.
        if line.error is not None and self.value.strip() and not self.candidates:
            lines.append(Text(fitted(f"! {visible(line.error.message)}", width), style="bold"))
        top = max(0, (self.chosen or 0) - CANDIDATES + 1)
        for place, candidate in enumerate(self.candidates[top : top + CANDIDATES], top):
            mark = ">" if place == self.chosen else " "
            text = Text(f"{mark} {candidate.text.strip()}", style="reverse" if place == self.chosen else "")
            text.append(" " * max(16 - text.cell_len, 1))
            lines.append(text.append(fitted(candidate.help, max(width - text.cell_len, 0)), "dim"))
        return lines


def _signature_text(slots: Iterable[tuple[str, bool]], width: int) -> Text:
    text = Text()
    for word, current in slots:
        if text.cell_len + len(word) + 3 > width:
            text.append(" …")
            break
        if text:
            text.append(" ")
        text.append(word, style="bold reverse" if current else "dim" if text else "bold")
    return text


class EditorHelp(Static):
    """The lines that go with the editor, above or below it."""
