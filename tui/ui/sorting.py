"""Sorting on the screen: both panes show the rows in the order of a column, until Esc."""

from __future__ import annotations

from tui.ui.finding import Finding
from tui.ui.results import SHARE, TITLE


class Sorting(Finding):
    """The bench whose rows can be sorted. An edit goes back to the order of the layers first: it has a place there."""

    def action_sort(self) -> None:
        """Sort by the column under the cursor: largest first, smallest first, the order of the layers."""
        from tui.formats.columns import COLUMNS
        from tui.formats.sorting import NUMBERS, next_sorting

        key = self.results.column_key
        if key == SHARE:
            key = self.results.top_share[0]
        key = key if key in COLUMNS else NUMBERS.get(key, "params")
        row, view = self.view.row, self.view
        self.end_range()
        view.sorting = next_sorting(view.sorting, key)
        if row is not None:
            self.go_to(view.place(row))
        order = view.sorting
        self.say("layer order again" if order is None else f"sorted {order}; s turns it, Esc: layer order")
        self.on_store()

    def refresh_panes(self) -> None:
        super().refresh_panes()
        title = TITLE if self.view.sorting is None else f"{TITLE}  {self.view.sorting} (s)"
        if self.is_mounted and title != self.results.border_title:  # setting it paints the whole pane
            self.results.border_title = title
