"""Questions about symbols: solving backwards, and making a number of a line a symbol."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import work

from tui.core.edits import Edit
from tui.core.errors import EditError
from tui.formats.numbers import numbers
from tui.ui.finding import Finding

if TYPE_CHECKING:
    from textual.widgets import Input


class Solving(Finding):
    """The bench that solves backwards and makes variables."""

    @work
    async def action_solve(self) -> None:
        """The largest or smallest value of one unknown within limits."""
        from tui.ui.dialogs.solve import Solve

        snapshot = self.store.committed
        if not any(line.is_layer for line in snapshot.lines):
            self.say("there is nothing to solve for: a adds a layer, Ctrl+N opens a preset")
            return
        row = self.view.row or 0
        edit = await self.app.push_screen_wait(Solve(self.store, self._number_here(), row))
        if edit is not None:
            self.change(lambda: edit)

    def _number_here(self) -> list[str]:
        """The word for the picked number of the layer under the cursor."""
        row, snapshot = self.view.row, self.store.committed
        if row is None or snapshot.lines[row].spec is None:
            return []
        picks = numbers(snapshot.lines[row])
        if not picks:
            return []
        picked = picks[min(self.view.pick, len(picks) - 1)]
        several = sum(pick.argument == picked.argument for pick in picks) > 1
        return [f"#{snapshot.number(row)}.{picked.argument}" + (f".{picked.position}" if several else "")]

    # -- a number becomes a symbol -----------------------------------------------------------------

    _rows: tuple[int, ...] = ()
    """The document rows whose numbers become a symbol."""

    def action_make_variable(self) -> None:
        """Ask for a name; the list shows what comes of it while it is typed."""
        from tui.formats.solve.variable import default_name, found_in

        snapshot = self.store.committed
        rows = tuple(row for place in self.view.selected() for row in self.view.rows(place))
        try:
            if not rows:
                raise EditError("the list is empty: a adds a layer")
            if len(rows) > 1:
                argument = found_in(snapshot, rows, self.view.pick).argument
            elif not numbers(snapshot.lines[rows[0]]):
                raise EditError("there is no number here to make a symbol of")
        except EditError as error:
            self.say(error.message, error=True)
            return
        self._rows = rows
        if len(rows) == 1:
            asked = "a name for the number; Enter takes it, Esc ends"
        else:
            asked = f"a name for the common factor of {argument}; w% for a percentage"
        self._ask_below("variable", asked, default_name(snapshot, rows[0], self.view.pick, several=len(rows) > 1))
        self._preview_variable(self.question.value)

    def _variable_edit(self, name: str) -> Edit:
        from tui.formats.solve.variable import make_factor, make_variable

        if len(self._rows) > 1:
            return make_factor(self.store.committed, self._rows, self.view.pick, name.strip())
        return make_variable(self.store.committed, self._rows[0], self.view.pick, name.strip())

    def _preview_variable(self, name: str) -> None:
        from tui.formats.solve.variable import preview

        try:
            edit = self._variable_edit(name)
        except EditError as error:
            self.store.preview(None)
            self.say(error.message, error=True)
            return
        self.store.preview(edit)
        self.say(preview(edit))

    def on_input_changed(self, event: Input.Changed) -> None:
        if event.input.id == "find" and self._purpose == "variable" and self.has_class("-finding"):
            self._preview_variable(event.value)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        if event.input.id != "find" or self._purpose != "variable":
            return
        # The field stays open while the name cannot be taken.
        event.prevent_default()
        try:
            edit = self._variable_edit(event.value)
        except EditError as error:
            self.say(error.message, error=True)
            return
        self._end_asking()
        self.change(lambda: edit)

    def _end_asking(self) -> None:
        if self._purpose == "variable":
            self.store.preview(None)
            self.say("")
        super()._end_asking()
