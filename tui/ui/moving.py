"""Moving about: the cursor, the range, the panes. Keys and the mouse end in the same methods."""

from __future__ import annotations

from collections.abc import Callable

from textual import events

from tui.formats.numbers import numbers
from tui.ui.bench import Bench
from tui.ui.layer_list import LayerList
from tui.ui.results import columns_for

PANES = ("layers", "results", "working")
ASIDE = 8
"""The cells by which a long line of the working moves."""


class Moving(Bench):
    """The bench with a cursor that keys and the mouse move."""

    def go_to(self, index: int, *, keep_range: bool = False) -> None:
        """Put the cursor on a place of the list."""
        view = self.view
        if not keep_range and not view.marking:
            view.anchor = None
        if index != view.cursor:
            view.pick = 0
        view.cursor = index
        view.clamp()
        self._followed = ()
        self.on_store()

    def end_range(self) -> None:
        """Let the range go."""
        self.view.anchor, self.view.marking = None, False

    def go_to_row(self, row: int) -> None:
        """Put the cursor on a line of the document, or the nearest that is shown."""
        self.view.snapshot = self.store.snapshot
        self.view.unfold_around(row)
        self.go_to(self.view.place(row))

    def on_layer_list_scrolled(self, event: LayerList.Scrolled) -> None:
        panes = (self.layer_list, self.results)
        # Where neither is there any more the news is old, and following it would set both to and fro for ever.
        if all(int(pane.scroll_offset.y) != event.top for pane in panes):
            return
        for pane in panes:
            if int(pane.scroll_offset.y) != event.top:
                pane.scroll_rows_to(event.top)
        self.on_store()

    def on_layer_list_clicked(self, event: LayerList.Clicked) -> None:
        self.go_to(event.index)
        if event.again:
            self.run_action_of("edit")

    def run_action_of(self, name: str) -> None:
        """Run one of the actions by its id, as the palette does."""
        method: Callable[[], None] = getattr(self, f"action_{name}")
        method()

    def on_results_column_moved(self) -> None:
        column = self.results.column
        if column is not None:
            self.say(f"{column.title}: {column.help}")
        self.on_store()

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        self.layer_list.forget_drawn()
        self.results.forget_drawn()
        self.on_store()

    def on_resize(self, event: events.Resize) -> None:
        if self.is_mounted:  # the first size comes before that
            self.complete_styles()
        self.call_after_refresh(self._resized)

    def _resized(self) -> None:
        self.results.show_columns(columns_for(self._results_width(), self.columns))
        self.layer_list.forget_drawn()
        self.on_store()

    def action_cursor_up(self) -> None:
        if self.focused is self.working:
            self.working.scroll_up(animate=False)
            return
        self.go_to(self.view.cursor - 1)

    def action_cursor_down(self) -> None:
        if self.focused is self.working:
            self.working.scroll_down(animate=False)
            return
        self.go_to(self.view.cursor + 1)

    def action_page_up(self) -> None:
        if self.focused is self.working:
            self.working.scroll_page_up(animate=False)
            return
        self.go_to(self.view.cursor - max(len(self.layer_list.rows_on_screen()) - 1, 1))

    def action_page_down(self) -> None:
        if self.focused is self.working:
            self.working.scroll_page_down(animate=False)
            return
        self.go_to(self.view.cursor + max(len(self.layer_list.rows_on_screen()) - 1, 1))

    def action_first(self) -> None:
        if self.focused is self.working:
            self.working.scroll_home(animate=False)
            return
        self.go_to(0)

    def action_last(self) -> None:
        if self.focused is self.working:
            self.working.scroll_end(animate=False)
            return
        self.go_to(len(self.view.shown))

    def action_left(self) -> None:
        self._sideways(-1)

    def action_right(self) -> None:
        self._sideways(1)

    def _sideways(self, step: int) -> None:
        if self.focused is self.results:
            self.results.move_cursor(column=self.results.cursor_column + step)
            return
        if self.focused is self.working:
            self.working.scroll_relative(x=step * ASIDE, animate=False)
            return
        row = self.view.row
        count = len(numbers(self.view.snapshot.lines[row])) if row is not None else 0
        self.view.pick = min(max(self.view.pick + step, 0), max(count - 1, 0))
        self.on_store()

    def action_range(self) -> None:
        self.view.unsort()
        self.view.marking = self.view.anchor is None
        self.view.anchor = self.view.cursor if self.view.marking else None
        self.on_store()

    def action_range_up(self) -> None:
        self._mark(-1)

    def action_range_down(self) -> None:
        self._mark(1)

    def _mark(self, step: int) -> None:
        self.view.unsort()
        if self.view.anchor is None:
            self.view.anchor = self.view.cursor
        self.go_to(self.view.cursor + step, keep_range=True)

    def action_next_pane(self) -> None:
        self._pane(1)

    def action_previous_pane(self) -> None:
        self._pane(-1)

    def _pane(self, step: int) -> None:
        panes = [self.layer_list, self.results, self.working]
        at = panes.index(self.focused) if self.focused in panes else -1
        self._show_pane((at + step) % len(panes))

    def _show_pane(self, place: int) -> None:
        for other in PANES:
            self.set_class(other == PANES[place], f"-on-{other}")
        (self.layer_list, self.results, self.working)[place].focus()

    def action_pane_1(self) -> None:
        self._show_pane(0)

    def action_pane_2(self) -> None:
        self._show_pane(1)

    def action_pane_3(self) -> None:
        self._show_pane(2)

    def action_zoom(self) -> None:
        focused = self.focused.id if self.focused is not None else None
        self.complete_styles()
        self.toggle_class("-zoomed")
        self._show_pane(PANES.index(focused) if focused in PANES else 0)
        self.call_after_refresh(self._resized)
