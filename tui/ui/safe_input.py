"""A text field for text of any origin: what a terminal would act on is shown as a stand-in, and stays in the value."""

from __future__ import annotations

from rich.cells import cell_len
from rich.text import Text
from textual.geometry import clamp
from textual.widgets import Input

from tui.formats.escape import acted_on


def stood_in(text: str, keep: str = "") -> str:
    """The text with one visible character for each that must not reach the terminal, but for those to ``keep``.

    One for one, where ``escape.visible`` writes them out: a cursor in the text has to stay where it is.

    >>> stood_in("a" + chr(27) + "[2J")
    'a␛[2J'
    """
    if text.isprintable():
        return text
    return "".join(c if c in keep or not acted_on(c) else chr(0x2400 + ord(c)) if ord(c) < 0x20 else "?" for c in text)


class SafeInput(Input):
    """An Input that shows stand-ins; Textual's own writes its value to the terminal as it is."""

    @property
    def _value(self) -> Text:
        return Text(stood_in(self.value), no_wrap=True, overflow="ignore", end="")

    def _position_to_cell(self, position: int) -> int:
        return cell_len(stood_in(self.value[:position]))

    def _cell_offset_to_index(self, offset: int) -> int:
        wanted, at = offset + int(self.scroll_offset.x), 0
        for index, char in enumerate(stood_in(self.value)):
            at += cell_len(char)
            if wanted < at:
                return index
        return clamp(wanted, 0, len(self.value))
