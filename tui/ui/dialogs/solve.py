"""Solving backwards: what is asked in a few fields, and the answer with its neighbours while they are typed."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from typing import ClassVar, Final

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Input, Static
from textual.worker import Worker

from tui.core.edits import Edit
from tui.core.errors import LayersheetError
from tui.core.metric import METRICS
from tui.core.snapshot import Snapshot
from tui.core.solve import Answer, Progress, search
from tui.core.solve_problem import OpenSymbolsError
from tui.core.store import ModelStore
from tui.formats.escape import visible
from tui.formats.solve import solved
from tui.formats.solve.limits import VALID
from tui.formats.solve.unknown import EXAMPLES, names_of
from tui.ui.dialogs.fields import Field, Fields
from tui.ui.dialogs.frame import Dialog, saying
from tui.ui.dialogs.solve_question import Asked, asked_by
from tui.ui.words import wrapped

SLICE: Final = 0.012
"""Seconds of searching between two looks at the keyboard."""
PATIENCE: Final = 0.1
BAR: Final = 20
HANG: Final = 6
LIMITS: Final = {"params": "<= 100k", "trainable": "<= 100k", "macs": "<= 50M", "flops": "<= 100M", "ram": "<= 256KiB",
                 "flash": "<= 128KiB", "training": "<= 1GiB"}  # fmt: skip
"""A limit to begin with for each metric."""


class Solve(Dialog[Edit]):
    """Ask for the largest or smallest value of an unknown; the result is the edit that gives it that value.

    ``here`` are words for the number under the cursor; ``row`` is the line where the cursor stays.
    """

    DEFAULT_CSS = """
    Solve Fields { max-height: 8; }
    Solve Field > .field-label { width: 11; }
    Solve #found { height: auto; max-height: 11; margin-top: 1; scrollbar-size-vertical: 1; scrollbar-gutter: stable; }
    Solve #answer { width: 100%; height: auto; }
    Solve .dialog-foot { margin-top: 0; }
    Solve.-low > .dialog-box { height: 100%; }
    Solve.-low #found { height: 1fr; }
    """
    # A low screen gives the answer what the fields and buttons leave, so that these stay in view.
    VERTICAL_BREAKPOINTS = [(0, "-low"), (24, "-mid")]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("pagedown", "scroll_found(4)", "Scroll", show=False),
        Binding("pageup", "scroll_found(-4)", "Scroll", show=False),
    ]
    AUTO_FOCUS = "FieldInput"
    title_text = "Solve"
    keys = "Space next word  Enter apply  Esc stop, close"
    accept_label = "Apply"

    def __init__(self, store: ModelStore, here: Sequence[str], row: int) -> None:
        super().__init__()
        self.snapshot: Snapshot = store.committed
        self.offered = names_of(self.snapshot, here)
        self.row = row
        self.asked: Asked | None = None
        self.found: Answer | None = None
        self._worker: Worker[None] | None = None
        self._accepting = False
        self._metric = "params"

    def body(self) -> ComposeResult:
        with Fields():
            yield Field("unknown", "unknown", self.offered[0], words=self.offered, help_text=EXAMPLES)
            yield Field("find", "find", "largest", words=("largest", "smallest"), help_text="largest or smallest")
            yield Field(
                "metric", "metric", "params", words=(*METRICS, VALID), help_text="or of a layer: conv1:field, #3:H"
            )
            yield Field("limit", "limit", LIMITS["params"], help_text="<=, >= or =, such as <= 128KiB")
            yield Field("also", "also", "", placeholder="none", help_text="further limits: macs <= 1M, ram <= 64KiB")
            yield Field("range", "range", "", placeholder="no end", help_text="where to look: 1..10000, or 31..")
        with VerticalScroll(id="found", can_focus=False):
            yield saying("question")
            yield Static("", markup=False, id="answer")
            yield saying("notes", muted=True)

    def on_mount(self) -> None:
        self._start()

    def on_field_changed(self, event: Field.Changed) -> None:
        fields = self._fields()
        metric = fields["metric"].value
        if event.field.key == "metric" and metric != self._metric:
            # The limit that was offered for the metric before says nothing for this one.
            if metric in LIMITS and fields["limit"].value in ("", *LIMITS.values()):
                fields["limit"].input.value = LIMITS[metric]
            self._metric = metric
        self._accepting = False
        self.later(self._start)

    def _fields(self) -> dict[str, Field]:
        return {field.key: field for field in self.query_one(Fields).all()}

    def _read(self) -> tuple[Asked | None, dict[str, str]]:
        """The question, or what is wrong with the fields."""
        return asked_by(self.snapshot, {key: field.value for key, field in self._fields().items()})

    def _start(self) -> None:
        """Begin another search; the one before is given up."""
        asked, errors = self._read()
        self.query_one(Fields).show_errors(errors)
        self._stop()
        self.asked, self.found = asked, None
        if asked is None:
            self._accepting = False
            self._show("", "", "the fields above are not complete yet")
            return
        self.say("#question", solved.question(asked.unknown, asked.problem.limits, asked.problem.largest))
        self._worker = self.run_worker(self._search(asked), exclusive=True, group="solve")

    def on_unmount(self) -> None:
        self._stop()

    def _stop(self) -> bool:
        """End the running search; False where there is none."""
        worker, self._worker = self._worker, None
        if worker is None or not worker.is_running:
            return False
        worker.cancel()
        return True

    async def _search(self, asked: Asked) -> None:
        begun = time.monotonic()
        steps, pause = search(asked.problem), begun + SLICE
        progress: Progress | None = None
        while True:
            try:
                progress = next(steps)
            except StopIteration as done:
                self._done(asked, done.value)
                return
            except LayersheetError as error:
                message = error.message
                if isinstance(error, OpenSymbolsError):
                    message = solved.way_out(error, command=False)
                self._show("", "", message, error=True)
                return
            if not self.query("#answer"):  # closed under it
                return
            if time.monotonic() > pause:
                if time.monotonic() - begun > PATIENCE:
                    self._show_progress(asked, progress)
                await asyncio.sleep(0.001)
                pause = time.monotonic() + SLICE

    def _show_progress(self, asked: Asked, progress: Progress) -> None:
        done = round(BAR * min(progress.done / progress.total, 1))
        self.query_one("#answer", Static).update(
            Content(f"Esc stops  [{'#' * done:{BAR}}]  {progress.done:,} of {progress.total:,}")
        )
        self.say("#notes", f"at {visible(solved.value_text(asked.unknown, progress.value))}")

    def _done(self, asked: Asked, answer: Answer) -> None:
        self.found = answer
        lines = []
        width = self.query_one("#answer").size.width
        for text, row in solved.table(answer, asked.unknown, self.snapshot):
            # What does not fit behind the value goes below it.
            parts = wrapped(visible(text), width, HANG)
            lines += [Content.styled(part, "bold" if row.chosen else "") for part in parts]
        self.query_one("#answer", Static).update(Content("\n").join(lines))
        notes = solved.notes(answer, asked.unknown, self.snapshot)
        self.say("#notes", "\n".join(notes), error=answer.point is None)
        if self._accepting:
            self.accept()

    def _show(self, question: str, answer: str, notes: str, *, error: bool = False) -> None:
        if question:
            self.say("#question", question)
        self.query_one("#answer", Static).update(Content(answer))
        self.say("#notes", notes, error=error)

    def action_scroll_found(self, lines: int) -> None:
        self.query_one("#found").scroll_relative(y=lines, animate=False)

    def action_cancel(self) -> None:
        self._accepting = False
        if self._stop():
            self._show("", "", "stopped; Enter searches again, Esc closes")
        else:
            self.answer(None)

    def accept(self) -> None:
        asked, errors = self._read()
        if asked is None:
            self.query_one(Fields).focus_wrong(errors)
            return
        if self._update_due or self.found is None:
            # What is typed last is not answered yet: the answer is taken as soon as it is there.
            running = self._worker is not None and self._worker.is_running
            self._accepting = True
            if not running and not self._update_due:
                self._start()
            return
        self._accepting = False
        if self.found.point is None or self.asked is None:
            return  # nothing fits, as the lines above say
        self.answer(self.asked.unknown.edit(self.snapshot, self.found.point.value, self.row))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        self.accept()
