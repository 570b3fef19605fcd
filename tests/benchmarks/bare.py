"""The smallest Textual program: one line of text, in it a count that the plus key steps. Others are divided by it."""

from __future__ import annotations

from textual.app import App, ComposeResult
from textual.widgets import Static


class Bare(App[None]):
    """One Static."""

    count = 0

    def compose(self) -> ComposeResult:
        yield Static("READY")

    def key_plus(self) -> None:
        self.count += 1
        self.query_one(Static).update(f"count {self.count};", layout=False)


if __name__ == "__main__":
    Bare().run()
