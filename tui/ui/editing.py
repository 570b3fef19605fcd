"""Editing: every key that changes the network ends here as one named edit of the store."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from tui.core import edits
from tui.core.edits import Edit
from tui.core.errors import EditError
from tui.core.snapshot import Change
from tui.formats.numbers import Step
from tui.ui.inline import Inline, editable


class Editing(Inline):
    """The bench with a key for every edit."""

    def action_edit(self) -> None:
        if self.focused is self.results:
            self.run_action_of("explain")
            return
        row = self.view.row
        if row is None:
            self.action_add_below()
            return
        self.view.open_here()
        self.open_editor(row, editable(self.store.committed.lines[row]))

    def action_add_below(self) -> None:
        row = self.view.row
        if row is None:
            self.open_editor(len(self.store.committed.lines), "", adding=True)
        else:
            self.open_editor(self._below() + 1, "", adding=True, indent=self._beside_fold())

    def action_add_above(self) -> None:
        row = self.view.row
        if row is None:
            self.open_editor(len(self.store.committed.lines), "", adding=True)
        else:
            self.open_editor(row, "", adding=True, indent=self.store.committed.lines[row].indent)

    def _below(self) -> int:
        """The last document row of the line under the cursor: a folded group is passed whole."""
        return self.view.rows(self.view.cursor)[-1]

    def _beside_fold(self) -> int | None:
        """The indentation of a line below a folded group; None where nothing is folded under the cursor."""
        return None if self.view.fold(self.view.cursor) is None else self.view.line(self.view.cursor).indent

    def _span(self) -> tuple[int, int]:
        """The first and last document row of the range; raises EditError in an empty list."""
        places = self.view.selected()
        if not places:
            raise EditError("the list is empty: a adds a layer")
        return self.view.rows(places[0])[0], self.view.rows(places[-1])[-1]

    def action_delete(self) -> None:
        self.change(lambda: edits.delete(self.store.committed, *self._span()))

    def action_duplicate(self) -> None:
        from tui.formats.edits import duplicate

        self.change(lambda: duplicate(self.store.committed, *self._span()))

    def action_skip(self) -> None:
        from tui.formats.edits import toggle_off

        self.change(lambda: toggle_off(self.store.committed, *self._span()))

    def action_move_up(self) -> None:
        self._move(down=False)

    def action_move_down(self) -> None:
        self._move(down=True)

    def _move(self, down: bool) -> None:
        places = self.view.selected()
        ranged = self.view.anchor is not None
        if self.change(lambda: edits.move(self.store.committed, *self._span(), down=down)) and ranged:
            first = self.view.cursor  # a step out of a block only changes the indentation
            self.view.cursor, self.view.anchor = first + len(places) - 1, first
            self.on_store()

    def action_indent(self) -> None:
        self.change(lambda: edits.indent(self.store.committed, *self._span()))

    def action_outdent(self) -> None:
        self.change(lambda: edits.outdent(self.store.committed, *self._span()))

    def action_undo(self) -> None:
        self._travel(self.store.undo, "undone", "there is nothing to undo")

    def action_redo(self) -> None:
        self._travel(self.store.redo, "done again", "there is nothing to do again")

    def _travel(self, go: Callable[[], bool], done: str, nothing: str) -> None:
        steps, at = self.store.steps, self.store.at
        if self.travel(go):
            self.say(f"{done}: {steps[max(at, self.store.at)].label}")
        else:
            self.say(nothing)

    def travel(self, go: Callable[[], bool]) -> bool:
        """Go through the history, the cursor to what changes; False where there is no such step."""
        from tui.ui.arrival import arrival

        before, row = self.store.committed, self.view.row
        if not go():
            return False
        self.view.unsort()
        self.end_range()
        self.go_to_row(arrival(before, self.store.committed, row, self.store.cursor))
        return True

    def action_increase(self) -> None:
        self._step(1)

    def action_decrease(self) -> None:
        self._step(-1)

    def action_double(self) -> None:
        self._step("double")

    def action_halve(self) -> None:
        self._step("halve")

    def _step(self, change: Step) -> None:
        if self.view.anchor is not None and len(self.view.selected()) > 1:
            self._step_range(change)
            return
        from tui.formats.edits import step_number

        self.view.open_here()
        row, pick = self.view.row, self.view.pick
        if row is None:
            return
        told = partial(self._code, row)
        if self.change(lambda: step_number(self.store.committed, row, pick, change), told):
            self.view.pick = pick

    def _code(self, row: int) -> str:
        return self.store.snapshot.lines[row].code

    def _step_range(self, change: Step) -> None:
        """Step the picked number of every line of the range, as one edit."""
        from tui.formats.edits import step_number

        snapshot, places = self.store.committed, self.view.selected()
        changes: list[Change] = []
        for place in places:
            try:
                changes += step_number(snapshot, self.view.shown[place], self.view.pick, change).changes
            except EditError:
                continue  # a line without such a number stays as it is
        if not changes:
            self.say("no line of the range has such a number", error=True)
            return
        row = self.view.shown[places[0]]
        self.store.apply(Edit(f"step {len(changes)} lines", tuple(changes), row, merge=f"step range {row}"))
        self.say(f"stepped {len(changes)} lines   (u undoes)")
