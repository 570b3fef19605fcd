"""An error in full, with its ways out by number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from tui.ui.dialogs.frame import Dialog, Push, saying
from tui.ui.dialogs.pick_list import Pick, PickList


class Fixes(Dialog[int]):
    """Show a line, its error, the sum that failed and the fixes; the result is which was chosen, from 0.

    ``fixes`` are pairs of a label and what it comes to (the new line, say; may be empty).
    """

    DEFAULT_CSS = """
    Fixes #failed { margin: 1 0; color: $text-warning; max-height: 5; }
    Fixes #place { height: 1; text-wrap: nowrap; text-overflow: ellipsis; text-style: bold; }
    Fixes #message { max-height: 6; }
    Fixes PickList { height: auto; max-height: 9; min-height: 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(str(n), f"choose({n - 1})", f"Fix {n}", show=False) for n in range(1, 10))
    ]
    AUTO_FOCUS = "PickList, Push"
    title_text = "What is wrong, and ways out"
    accept_label = "Apply"

    def __init__(self, place: str, message: str, failed: str | None, fixes: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self.place = place
        self.message = message
        self.failed = failed
        self.fixes = fixes
        self.keys = "1-9 or Enter apply  Esc close" if fixes else "Esc close"

    def body(self) -> ComposeResult:
        yield saying("place", text=self.place)
        yield saying("message", text=f"! {self.message}")
        if self.failed:
            yield saying("failed", text=self.failed)
        if self.fixes:
            yield PickList(
                Pick(str(i), f"{i + 1 if i < 9 else ' '}  {label}", effect)
                for i, (label, effect) in enumerate(self.fixes)
            )
        else:
            yield saying("none", muted=True, text="no fix is known; edit the line")

    def pushes(self) -> ComposeResult:
        if self.fixes:
            yield from super().pushes()
        else:
            yield Push("Close", id="cancel")

    def action_choose(self, index: int) -> None:
        if index < len(self.fixes):
            self.answer(index)

    def accept(self) -> None:
        marked = self.query_one(PickList).marked
        if marked is not None:
            self.answer(int(marked))

    def on_pick_list_chosen(self, event: PickList.Chosen) -> None:
        self.answer(int(event.key))
