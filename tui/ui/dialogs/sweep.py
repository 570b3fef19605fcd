"""Sweeps on the screen: symbols over ranges, as a table, a plot or the Pareto front, while it is typed."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from textual import work
from textual.app import ComposeResult
from textual.widgets import ContentSwitcher, Input

from tui.core.errors import LayersheetError
from tui.core.store import ModelStore
from tui.core.sweep import Steps, UnboundError
from tui.core.sweep_front import front
from tui.core.sweep_run import sweep as sweep_steps
from tui.formats.sweep.columns import quickest
from tui.formats.sweep.measures import STANDARD
from tui.formats.sweep.request import VIEWS, Request, RequestError, first_ranges, read_request
from tui.formats.sweep.text import cells, goals_text, row_text, summary, titles, widths_of
from tui.ui.dialogs.declare import bind_edit
from tui.ui.dialogs.fields import Field, Fields
from tui.ui.dialogs.frame import Push, saying
from tui.ui.dialogs.pick_list import Pick, PickList
from tui.ui.dialogs.sweep_file import SavesSweep
from tui.ui.dialogs.sweep_view import Plot

ROWS: Final = 5_000
"""The most rows of the table; the file has all."""
BREATH: Final = 0.03
"""Seconds of work between two looks at the keyboard."""


class SweepSymbols(SavesSweep):
    """One or two symbols over ranges. The result are the values of the chosen combination, to be bound."""

    DEFAULT_CSS = """
    SweepSymbols Fields { max-height: 6; }
    SweepSymbols #heads { text-style: bold; height: 1; text-wrap: nowrap; }
    SweepSymbols ContentSwitcher { height: 1fr; }
    SweepSymbols #state { max-height: 3; }
    SweepSymbols .dialog-foot { margin-top: 0; }
    SweepSymbols Field > .field-label { width: 11; }
    """
    AUTO_FOCUS = "FieldInput"
    tall = True
    title_text = "Sweep"
    keys = "Enter bind  s save CSV  m plot metric  Esc close"
    accept_label = "Bind"

    def __init__(
        self, store: ModelStore, name: str = "", preferred: Sequence[str] = (), folder: Path | None = None
    ) -> None:
        super().__init__()
        self.folder = folder
        self.snapshot = store.committed
        self.document_name = name
        self.start_with = first_ranges(self.snapshot, preferred)
        self._asked: tuple[object, ...] = ()
        self._fixed: dict[str, int] = {}
        self._view = VIEWS[0]
        self._said = ""

    def body(self) -> ComposeResult:
        with Fields():
            yield Field("first", "sweep", self.start_with[0], help_text="10..100:10  1..64  8..1024*2  8,16,32")
            yield Field("second", "and", self.start_with[1], placeholder="one symbol",
                        help_text="a second one, or values: k=3,5,7 m=4")  # fmt: skip
            yield Field("metrics", "metrics", ",".join(STANDARD), help_text="or conv1:macs; for pareto n:max")
            yield Field("view", "view", "table", words=VIEWS, help_text="Space: table, plot, pareto")
        yield saying("heads")
        with ContentSwitcher(initial="rows", id="views"):
            yield PickList(id="rows")
            yield Plot()
        yield saying("state", muted=True)

    def pushes(self) -> ComposeResult:
        yield Push("Bind", id="accept")
        yield Push("Save CSV", id="save")
        yield Push("Close", id="cancel")

    def on_mount(self) -> None:
        self._read()

    # -- what is asked for -------------------------------------------------------------------------

    def on_field_changed(self, event: Field.Changed) -> None:
        self.later(self._read)

    def _read(self) -> None:
        """Start what the fields say, or say what is wrong with them."""
        fields = self.query_one(Fields)
        wrong: dict[str, str] = {}
        asked: Request | None = None
        try:
            asked = read_request(self.snapshot, {field.key: field.value for field in fields.all()})
        except RequestError as error:
            wrong = {error.field: error.message}
        # The message itself has no room beside its field.
        fields.show_errors(dict.fromkeys(wrong, "see below"))
        if asked is None:
            self._stop()
            self._fail("; ".join(wrong.values()))
            return
        self.goals, self._view = asked.goals, asked.view
        key = (asked.axes, asked.fixed, [measure.name for measure in asked.measures])
        if key == self._asked and self.found is not None:
            self._show()
            return
        self._asked = key
        self._fixed = asked.fixed
        edit = bind_edit(self.snapshot, asked.fixed) if asked.fixed else None
        snapshot = self.snapshot.edited(edit.changes) if edit is not None else self.snapshot
        self._worker = self._run(sweep_steps(snapshot, asked.axes, asked.measures, quickest()))

    def _stop(self) -> bool:
        """End what runs; False where nothing does."""
        worker, self._worker = self._worker, None
        self._asked = ()
        if worker is None or not worker.is_running:
            return False
        worker.cancel()
        return True

    def _fail(self, message: str) -> None:
        self.found = None
        self.query_one("#rows", PickList).fill([])
        self.query_one("#views", ContentSwitcher).current = "rows"
        self.say("#heads", "")
        self.say("#state", message, error=True)

    @work(exclusive=True, group="sweep")
    async def _run(self, steps: Steps) -> None:
        """Run a sweep; a key that changes it, or Esc, ends this one."""
        self.found = None
        last = time.monotonic()
        try:
            while True:
                progress = next(steps)
                now = time.monotonic()
                if now - last > BREATH:
                    self._progress(progress.done, progress.total, progress.what)
                    await asyncio.sleep(0)
                    last = time.monotonic()
        except StopIteration as stop:
            self.found = stop.value
            self._show()
        except UnboundError as error:
            self._fail(f"{error.message}; add {' '.join(f'{name}=32' for name in error.names)} to the second field")
        except LayersheetError as error:
            self._fail(error.message)

    # -- what was found ----------------------------------------------------------------------------

    @property
    def _plotted(self) -> bool:
        return self.query_one("#views", ContentSwitcher).current == "plot"

    def _show(self) -> None:
        found = self.found
        if found is None:
            return
        self.query_one("#views", ContentSwitcher).current = "plot" if self._view == "plot" else "rows"
        said = summary(found)
        if self._view == "plot":
            self.query_one(Plot).show(found)
            return
        self._listed = front(found, *self.goals) if self.goals is not None else range(len(found))
        rows = [cells(found.point(index)) for index in self._listed[:ROWS]]
        widths = widths_of(found, rows)
        self.say("#heads", f"  {row_text(titles(found), widths)}")
        picks = [Pick(str(index), row_text(row, widths)) for index, row in zip(self._listed, rows, strict=False)]
        self.query_one("#rows", PickList).fill(picks)
        if self.goals is not None:
            said.insert(0, f"Pareto front: {len(self._listed):,} with the {goals_text(self.goals)}")
        if len(self._listed) > ROWS:
            said.insert(0, f"the first {ROWS:,} rows; s saves all")
        self._said = "; ".join(said)
        self.say("#state", self._said)

    def on_plot_moved(self, event: Plot.Moved) -> None:
        if self._plotted:
            self.say("#heads", event.text)
            self.say("#state", "; ".join(summary(self.found)) if self.found is not None else "")

    def on_plot_taken(self, event: Plot.Taken) -> None:
        self._bind(event.values)

    def on_pick_list_marked(self, event: PickList.Marked) -> None:
        """The whole reason where a row has no room for it."""
        if self.found is not None and event.key is not None and not self._plotted:
            point = self.found.point(int(event.key))
            self.say("#state", point.reason or self._said, error=bool(point.reason))

    def on_pick_list_chosen(self, event: PickList.Chosen) -> None:
        self.accept()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        self.query_one(Plot if self._plotted else "#rows").focus()

    def accept(self) -> None:
        if self.found is None:
            return
        plot = self.query_one(Plot)
        if self._plotted:
            plot.action_take()
        elif (marked := self.query_one("#rows", PickList).marked) is not None:
            self._bind(self.found.values(int(marked)))

    def _bind(self, values: Iterable[int]) -> None:
        if self.found is not None:
            names = [axis.name for axis in self.found.axes]
            self.answer({**self._fixed, **dict(zip(names, values, strict=True))})

    def action_cancel(self) -> None:
        if self._stop():
            self.say("#state", "stopped; change a field to start again, Esc closes")
        else:
            super().action_cancel()
