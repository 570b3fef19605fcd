"""The tips of the first start: one after another in the message line, never again once they were read."""

from __future__ import annotations

from typing import Final

from rich.text import Text
from textual.message import Message

from tui.ui.finding import Finding

TIPS: Final = (
    "up, down move; Enter edits; a adds a line; u undoes",
    "left, right pick a number; + - step it, [ ] halve, double",
    "b gives n a value; any name can stand for a number",
    "2: the results; the working follows the cell; ?: all keys",
)


class Tips(Finding):
    """The bench that greets who opens it for the first time."""

    class Closed(Message):
        """The last tip was read."""

    tip = len(TIPS)
    """Which tip is shown; at the end none is."""

    def start_tips(self) -> None:
        """Show the first of the tips, one after another as Esc is pressed."""
        self.tip = 0
        self._show_tip()

    def next_tip(self) -> bool:
        """Go on to the next tip; False where there are no more."""
        if self.tip >= len(TIPS):
            return False
        self.tip += 1
        self._show_tip()
        if self.tip == len(TIPS):
            self.post_message(self.Closed())
        return True

    def _show_tip(self) -> None:
        if self.tip < len(TIPS):
            shown = Text(f" tip {self.tip + 1}/{len(TIPS)}: {TIPS[self.tip]} (Esc: next)", style="dim")
            self.show_line("message", shown)
        else:
            self.show_line("message", Text(""))
