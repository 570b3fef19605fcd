"""The bench: the panes around a model store. It shows what the store holds, and moves the cursor.

The store's only subscriber on the screen. Work belongs to the frame: however many edits a burst of
keys makes, the panes are brought up to date once.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final

from rich.text import Text
from textual import events
from textual.app import ComposeResult
from textual.containers import Container, Horizontal

from tui.core.store import ModelStore
from tui.formats.columns import COLUMNS, STANDARD
from tui.ui.late_parts import COMMON, LateParts
from tui.ui.layer_list import LayerList
from tui.ui.results import SHARE, Results, columns_for, with_symbols_at_one
from tui.ui.text_lines import TextLine, TextLines
from tui.ui.view import View

LATE: Final = 2_000
"""With more lines than this, what needs all of them is computed after the paint even where nothing was edited."""
AFTER_PAINT: Final = 0.03
"""Seconds, about two frames: the paint is over by then, and a key that repeats puts the work of a long network off."""


class Bench(LateParts):
    """Layers, results, working, and the lines around them, over one store.

    The first frame shows the rows: what the lines around them and the working need is imported where they are made.
    """

    HORIZONTAL_BREAKPOINTS = [(0, "-tiny"), (60, "-narrow"), (80, "-normal"), (110, "-wide"), (160, "-huge")]
    VERTICAL_BREAKPOINTS = [(0, "-flat"), (9, "-short"), (24, "-mid"), (34, "-tall")]
    AUTO_FOCUS = "#layers"
    BLANK = True  # the panes cover all of it: nothing of its own is to be drawn below them

    def __init__(self, store: ModelStore, name: str) -> None:
        # Textual sets these classes at the first resize, and then styles every widget a second time.
        width, height = self.app.size
        wide, high = fitting(self.HORIZONTAL_BREAKPOINTS, width), fitting(self.VERTICAL_BREAKPOINTS, height)
        super().__init__(classes=f"{wide} {high}")
        if not {wide, high} <= COMMON:
            self.complete_styles()
        self.store = store
        self.document_name = name
        self.view = View(store.snapshot)
        self.view.cursor = self._first_cursor()
        self.columns: tuple[str, ...] = STANDARD
        self._appeared = False
        self._due = False
        self._revision = store.revision
        """That of the version that the panes show."""
        self._late = False
        """Whether the sums and the working are put off until after the paint."""
        self._followed: tuple[int, ...] = ()
        """For what the cursor was last brought into view: its place, the revision, the height of the list."""

    def compose(self) -> ComposeResult:
        yield TextLine(id="title", classes="line")
        with Container(id="body"):
            with Container(id="main"):
                with Horizontal(id="lists"):
                    yield LayerList(self.view, id="layers")
                    yield Results(self.view, id="results")
                yield TextLine(id="totals", classes="line")
                yield TextLine(id="symbols", classes="line")
            yield TextLines(id="working")
        yield TextLine(id="message", classes="line")
        yield TextLine(id="hint", classes="line")

    def on_screen_resume(self, event: events.ScreenResume) -> None:
        """Without styling every widget a second time when the screen first appears: each was styled as it came."""
        event.refresh_styles, self._appeared = self._appeared, True

    def on_mount(self) -> None:
        self.layer_list = self.query_one("#layers", LayerList)
        self.results = self.query_one("#results", Results)
        self.working = self.query_one("#working", TextLines)
        self.working.border_title = "3 Working"
        self.results.show_columns(columns_for(self._results_width(), self.columns))
        self._unsubscribe = self.store.subscribe(lambda store: self.on_store())

    def on_unmount(self) -> None:
        self._unsubscribe()

    def _first_cursor(self) -> int:
        """The first layer after the input: there is something to see there."""
        shown = self.store.snapshot.shown
        return 1 if len(shown) > 1 else 0

    def on_store(self) -> None:
        """The store changed: bring the panes up to date once this burst of messages is over."""
        if not self._due:
            self._due = True
            self.call_later(self.refresh_panes)

    def refresh_panes(self) -> None:
        """Bring every pane up to date with the store and the cursor; what did not change is not drawn."""
        self._due = False
        if not self.is_mounted:
            return
        view = self.view
        view.snapshot = self.store.snapshot
        view.typing = view.snapshot is not self.store.committed
        view.clamp()
        last = max(self.layer_list.rows_on_screen().stop, self.results.rows_on_screen().stop, view.cursor + 1)
        if view.shown:
            view.snapshot.result(view.shown[min(last, len(view.shown)) - 1])
        edited, self._revision = self.store.revision != self._revision, self.store.revision
        late = edited or (self._is_long and not self._is_complete)
        if late:
            self._put_off()
        else:
            self._share()
        self.layer_list.changed()
        self.results.changed()
        self._show_title()
        self.show_hint()
        if not late:
            self._show_totals()
            self._show_working()
        self._follow()

    @property
    def _is_long(self) -> bool:
        return len(self.view.snapshot.lines) > LATE

    @property
    def _is_complete(self) -> bool:
        snapshot = self.view.snapshot
        return snapshot.inference.complete and "peak" in snapshot.__dict__

    @property
    def pending(self) -> bool:
        """Whether something is put off until after the paint."""
        return self._due or self._late

    def _put_off(self) -> None:
        """Leave the sums and the working for after the paint: the rows are what a key is pressed for."""
        if not self._late or self._is_long:
            self._late = True
            # Not call_after_refresh: the panes have not told the screen yet that they are to be painted.
            self.set_timer(AFTER_PAINT, partial(self._finish, self.store.revision))

    def _finish(self, revision: int) -> None:
        """What was put off; of a long network given up where there is a newer version already."""
        if not self.is_mounted or (self._is_long and revision != self.store.revision):
            return
        self._late = False
        self._share()
        self.results.changed()
        self._show_totals()
        self._show_working()

    def _share(self) -> None:
        key = self.results.column_key
        column = COLUMNS.get(key)
        before = self.results.top_share[0] if key == SHARE else "params"  # the bars themselves go on as they are
        metric = key if column is not None and column.value is not None else before
        totals = self.view.snapshot.totals
        total = {
            "params": totals.params,
            "macs": totals.macs,
            "flops": totals.flops,
            "elementwise": totals.elementwise,
            "weight_bytes": totals.weight_bytes,
            "activation_bytes": self.view.snapshot.peak.bytes,
        }.get(metric, totals.params)
        self.results.top_share = (metric, with_symbols_at_one(total))

    def _show_totals(self) -> None:
        from tui.ui import panels

        snapshot, width = self.view.snapshot, self._main_width()
        peak = snapshot.peak
        number = snapshot.number(peak.row) if peak.row is not None else None
        memory = panels.memory_text(snapshot.totals, peak, number)
        if snapshot.facts.budgets:
            from tui.formats.verdicts import summary, verdicts_of  # not for the start: few networks have budgets

            memory = f"{summary(verdicts_of(snapshot))} | {memory}"
        self.show_line("totals", panels.totals_text(snapshot.totals, width))
        self.show_line("symbols", panels.symbols_text(snapshot.symbols, snapshot.conditions, memory, width))

    def _show_title(self) -> None:
        from tui.ui import panels

        settings, width = self.view.snapshot.settings, self.size.width
        title = panels.title_text(self.document_name, settings, self.store.unsaved, self.store.at, width)
        self.show_line("title", title)

    def _show_working(self) -> None:
        from tui.ui.workings import working_lines

        view, snapshot = self.view, self.view.snapshot
        row = view.row
        column = self.results.column
        part = column.part if column is not None and self.focused is self.results else "output"
        group = view.fold(view.cursor) if row is not None else None
        width = max(self.working.scrollable_content_region.width, 20)
        self.working.show(working_lines(snapshot, row, group, part, width))
        shown = self._working_title()
        if shown != self.working.border_title:  # setting it paints the whole pane
            self.working.border_title = shown

    def show_hint(self) -> None:
        """The keys that matter here and now."""
        from tui.ui import panels

        row, width = self.view.row, self.size.width
        if self.has_class("-editing"):
            self.show_line("hint", panels.editing_hint(width))
            return
        result = self.view.snapshot.result(row) if row is not None else None
        self.show_line("hint", panels.hint_text(width, result is not None and result.status in ("error", "waiting")))

    def _working_title(self) -> str:
        row = self.view.row
        if row is None:
            return "3 Working"
        number = self.view.snapshot.number(row)
        return f"3 Working{'' if number is None else f'  #{number}'}"

    def show_line(self, name: str, text: Text) -> None:
        """Put a text into a one-line panel, where it is another one."""
        self.query_one(f"#{name}", TextLine).show(text)

    def say(self, message: str, *, error: bool = False, whole: bool = True) -> None:
        """Show a message in the line above the hints; an error gets a second one where it is to be read ``whole``."""
        from tui.ui import panels

        line = panels.message_text(message, error, self.size.width)
        self.query_one("#message", TextLine).show(line, rows=2 if error and whole else 1)

    def _results_width(self) -> int:
        return max(self.results.size.width, 20)

    def _main_width(self) -> int:
        return max(self.query_one("#totals").size.width, 20)

    def _follow(self) -> None:
        """Bring the cursor into view where it or the lists changed; the wheel may leave it out of view."""
        seen = (self.view.cursor, self.store.revision, self.layer_list.size.height)
        if seen != self._followed or self.has_class("-editing"):
            self._followed = seen
            self.layer_list.scroll_row_into_view(self.view.cursor)
            self.results.scroll_row_into_view(self.view.cursor)
        if self.results.cursor_row != self.view.cursor:
            self.results.move_cursor(row=self.view.cursor, scroll=False)


def fitting(breakpoints: Sequence[tuple[int, str]], size: int) -> str:
    """The class of the largest breakpoint that a size in cells reaches."""
    return max((at, name) for at, name in breakpoints if at <= size)[1]
