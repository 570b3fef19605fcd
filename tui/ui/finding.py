"""The line at the bottom: find lines, and name a layer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.ui.actions import BY_ID
from tui.ui.filing import Filing

if TYPE_CHECKING:
    from textual.widgets import Input


class Finding(Filing):
    """The bench with a text field at the bottom."""

    _purpose = "find"
    _named = 0
    """The document row that is given a name."""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """While the field is open the keys are its own, but for Esc."""
        if self.has_class("-finding") and action in BY_ID and action != "back":
            return False
        return super().check_action(action, parameters)

    def action_find(self) -> None:
        self._ask_below("find", "find in the lines; Enter keeps the marks, Esc ends", "")

    def action_rename(self) -> None:
        row = self.view.row
        if row is None or self.store.committed.lines[row].spec is None:
            self.say("there is no layer here to name")
            return
        self.view.open_here()
        self.on_store()
        self._named = row
        self._ask_below(
            "name", "a name for this layer; empty takes it away", self.store.committed.lines[row].name or ""
        )

    def _ask_below(self, purpose: str, placeholder: str, value: str) -> None:
        field = self.question
        self._purpose = purpose
        field.placeholder = placeholder
        field.value = value
        self.set_class(True, "-finding")
        field.focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        if event.input.id == "find" and self._purpose == "find":
            self._find(event.value)

    def _find(self, text: str) -> None:
        wanted = text.casefold()
        snapshot = self.view.snapshot
        found = [row for row in snapshot.shown if wanted and wanted in snapshot.lines[row].text.casefold()]
        self.view.matches = frozenset(found)
        ahead = [row for row in found if row >= (self.view.row or 0)] or found
        if ahead:
            self.go_to_row(ahead[0])
        self.on_store()
        self.say("" if not wanted else "1 line" if len(found) == 1 else f"{len(found):,} lines")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        if event.input.id != "find":
            return
        self._end_asking()
        if self._purpose == "name":
            from tui.formats.edits import rename

            self.change(lambda: rename(self.store.committed, self._named, event.value))

    def _end_asking(self) -> None:
        self.set_class(False, "-finding")
        self.layer_list.focus()

    def action_find_next(self) -> None:
        self._to_match(1)

    def action_find_previous(self) -> None:
        self._to_match(-1)

    def _to_match(self, step: int) -> None:
        matches = sorted(self.view.matches)
        if not matches:
            self.say("nothing is marked: / finds lines")
            return
        row = self.view.row or 0
        ahead = [m for m in matches if (m > row if step > 0 else m < row)]
        target = (ahead[0] if step > 0 else ahead[-1]) if ahead else (matches[0] if step > 0 else matches[-1])
        self.go_to_row(target)
