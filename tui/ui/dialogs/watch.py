"""Long work with a bar: it runs beside the screen, and Esc stops it."""

from __future__ import annotations

from typing import Final

from textual.app import ComposeResult

from tui.formats.imported import Stopped
from tui.ui.dialogs.frame import Dialog, Push, saying

BAR: Final = 40


class Watch:
    """The progress of work in another thread: how far it is, and whether it shall stop."""

    def __init__(self) -> None:
        self.done, self.total = 0, 0
        self.stopping = False

    def __call__(self, done: int, total: int, /) -> None:
        self.done, self.total = done, total
        if self.stopping:
            raise Stopped

    def text(self) -> str:
        """A bar with the numbers, or that nothing can be counted yet."""
        if not self.total:
            return "working"
        filled = "#" * round(BAR * min(self.done / self.total, 1))
        return f"[{filled:{BAR}}] {self.done:,} of {self.total:,}"


class Working(Dialog[None]):
    """Shows a watch until whoever opened it closes it; Esc asks the work to stop."""

    keys = "Esc stop"

    def __init__(self, title: str, watch: Watch) -> None:
        super().__init__()
        self.title_text = title
        self.watch_ = watch

    def body(self) -> ComposeResult:
        yield saying("bar", text=self.watch_.text())

    def pushes(self) -> ComposeResult:
        yield Push("Stop", id="cancel")

    def on_mount(self) -> None:
        self.set_interval(0.1, self._show)

    def _show(self) -> None:
        self.say("#bar", f"{self.watch_.text()}{'; stopping' if self.watch_.stopping else ''}")

    def action_cancel(self) -> None:
        self.watch_.stopping = True
        self._show()
