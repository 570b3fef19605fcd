"""What a file of another program comes to, before it is taken: its layers, its totals, and the report."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Final

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from tui.core.snapshot import Snapshot
from tui.formats.escape import visible
from tui.formats.imported import GRADES, Notice, counted
from tui.ui.actions import keyed
from tui.ui.dialogs.frame import Dialog, Push, saying
from tui.ui.dialogs.page import Page
from tui.ui.dialogs.preview import totals_text
from tui.ui.words import fitted

PREVIEW_LINES: Final = 200
MOST_NOTICES: Final = 500


class ImportPreview(Dialog[str]):
    """Take what was read: the result is ``open`` (as a copy) or ``insert`` (below the cursor)."""

    DEFAULT_CSS = """
    ImportPreview Page { height: 1fr; }
    ImportPreview #counts { margin-top: 1; }
    ImportPreview #report { max-height: 40%; border-top: solid $primary 50%; }
    ImportPreview .dialog-foot { margin-top: 0; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(keyed("i"), "insert", "Insert", show=False),
        Binding(keyed("o"), "open", "Open", show=False),
    ]
    tall = True
    keys = "Enter open a copy  i insert below  Tab read  Esc close"
    accept_label = "Open a copy"
    AUTO_FOCUS = "#accept"

    def __init__(self, name: str, snapshot: Snapshot, notices: Sequence[Notice]) -> None:
        super().__init__()
        self.title_text = f"Import {name}"
        self.snapshot = snapshot
        self.notices = notices

    def body(self) -> ComposeResult:
        shown = self.snapshot.shown
        lines = [self.snapshot.lines[row].text for row in shown[:PREVIEW_LINES]]
        if len(shown) > PREVIEW_LINES:
            lines.append(f"... {len(shown) - PREVIEW_LINES:,} more")
        yield saying("totals", text=totals_text(self.snapshot))
        yield Page(lambda width: [fitted(visible(line), width) for line in lines or ["no layers"]], id="layers")
        yield saying("counts", muted=True, text=counts_text(self.notices))
        if self.notices:
            yield Page(notice_lines(self.notices), id="report")

    def pushes(self) -> ComposeResult:
        yield Push(self.accept_label, id="accept")
        yield Push("Insert below", id="insert")
        yield Push("Cancel", id="cancel")

    def on_push_pressed(self, event: Push.Pressed) -> None:
        if event.push.id == "insert":
            event.stop()
            self.action_insert()
        else:
            super().on_push_pressed(event)

    def accept(self) -> None:
        self.answer("open")

    def action_open(self) -> None:
        self.answer("open")

    def action_insert(self) -> None:
        self.answer("insert")


def counts_text(notices: Sequence[Notice]) -> str:
    """How many parts of a file were read in each way."""
    if not notices:
        return "everything was read as it stands"
    return "; ".join(f"{count:,} {grade} ({GRADES[grade]})" for grade, count in counted(notices).items())


def notice_lines(notices: Sequence[Notice]) -> list[str]:
    """The report line by line, what a user must see first."""
    order = list(reversed(GRADES))
    ordered = sorted(notices, key=lambda notice: order.index(notice.grade))
    lines = [f"{notice.grade}: {notice.place}: {notice.text}" for notice in ordered[:MOST_NOTICES]]
    more = len(ordered) - MOST_NOTICES
    return [*lines, f"... {more:,} more"] if more > 0 else lines
