"""Budgets on the screen."""

from __future__ import annotations

from textual import work

from tui.ui.finding import Finding


class Budgeting(Finding):
    """The bench with limits on the whole network."""

    @work
    async def action_budgets(self) -> None:
        """Limits for the network, and the layers that take most of them."""
        from tui.ui.dialogs.budgets import Budgets

        self.finish_editing()
        before = self.store.committed
        chosen = await self.app.push_screen_wait(Budgets(self.store))
        if chosen is None:
            return
        worst = None if chosen.row is None else before.lines[chosen.row]
        if chosen.edit is not None:
            self.change_in_place(chosen.edit)
        if worst is not None:
            # The edit may have moved the lines below it.
            row = next(row for row, line in enumerate(self.store.committed.lines) if line is worst)
            self.view.unfold_around(row)
            self.go_to_row(row)
