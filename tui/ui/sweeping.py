"""The keys that look at many networks or at all layers at once: sweeps and charts."""

from __future__ import annotations

from textual import work

from tui.ui.finding import Finding


class Sweeping(Finding):
    """The bench with the dialogs of sweeps and charts."""

    @work
    async def action_sweep(self) -> None:
        """Compute the network for many values of one or two symbols."""
        from tui.core.sweep import symbols_of
        from tui.ui.dialogs.declare import bind_edit
        from tui.ui.dialogs.sweep import SweepSymbols

        snapshot = self.store.committed
        if not symbols_of(snapshot):
            self.say("there are no symbols to sweep: write dense n, or press L on a number")
            return
        row = self.view.row
        spec = snapshot.lines[row].spec if row is not None and row < len(snapshot.lines) else None
        here = sorted(spec.symbols()) if spec is not None else []
        values = await self.app.push_screen_wait(SweepSymbols(self.store, self.document_name, here, self.folder))
        edit = bind_edit(self.store.committed, values) if values else None
        if edit is not None:
            self.change_in_place(edit)

    @work
    async def action_charts(self) -> None:
        """The share of each layer, or group, as bars."""
        from tui.ui.dialogs.charts import Charts

        row = await self.app.push_screen_wait(Charts(self.view.snapshot, self.view.row))
        if row is not None:
            self.view.unfold_around(row)
            self.go_to_row(row)
            self.on_store()
