"""Writing the network in another format: the formats, and what the marked one would give."""

from __future__ import annotations

from typing import ClassVar, Final, NamedTuple

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll

from tui.core.errors import LayersheetError
from tui.core.snapshot import Snapshot
from tui.formats.exported import Written
from tui.formats.writers import TARGETS, write
from tui.ui.actions import keyed
from tui.ui.dialogs.frame import Dialog, Push, saying
from tui.ui.dialogs.imported import counts_text, notice_lines
from tui.ui.dialogs.pick_list import Pick, PickList

PREVIEW_LINES: Final = 200
SMALL: Final = 1_000
"""The most lines of a network that is written anew for each format that is marked."""


class Export(NamedTuple):
    """The answer: the word of the format, and whether it goes into the clipboard or a file."""

    target: str
    copy: bool


class ExportAs(Dialog[Export]):
    """Choose a format, and where it goes."""

    DEFAULT_CSS = """
    ExportAs #sides { height: 1fr; }
    ExportAs PickList { width: 24; height: 1fr; margin-right: 1; }
    ExportAs #preview { width: 1fr; height: 1fr; }
    ExportAs #page { height: 1fr; scrollbar-size-vertical: 1; border-left: solid $primary 50%; padding-left: 1; }
    ExportAs #text { text-wrap: nowrap; text-overflow: ellipsis; }
    ExportAs #said { max-height: 6; border-left: solid $primary 50%; padding-left: 1; }
    ExportAs .dialog-foot { margin-top: 0; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding(keyed("y"), "copy", "Copy", show=False)]
    AUTO_FOCUS = "PickList"
    tall = True
    title_text = "Export"
    keys = "up/down format  Enter to a file  y copy  Esc cancel"
    accept_label = "To a file"

    def __init__(self, snapshot: Snapshot, name: str) -> None:
        super().__init__()
        self.snapshot = snapshot
        self.name_ = name
        self.wrong: str | None = None

    def body(self) -> ComposeResult:
        with Horizontal(id="sides"):
            yield PickList(Pick(t.name, t.name, ", ".join(t.suffixes)) for t in TARGETS.values())
            with Vertical(id="preview"):
                with VerticalScroll(id="page", can_focus=False):
                    yield saying("text")
                yield saying("said", muted=True)

    def pushes(self) -> ComposeResult:
        yield Push(self.accept_label, id="accept")
        yield Push("Copy", id="copy")
        yield Push("Cancel", id="cancel")

    def on_pick_list_marked(self, event: PickList.Marked) -> None:
        self.later(self._show)

    def _show(self) -> None:
        marked = self.query_one(PickList).marked
        if marked is None:
            return
        target = TARGETS[marked]
        self.wrong = None
        if len(self.snapshot.lines) > SMALL:
            self.say("#text", "The network is long: what comes out is shown in the file.")
            self.say("#said", target.title)
            return
        try:
            written = write(target, self.snapshot, self.name_)
        except LayersheetError as error:
            self.wrong = error.message
            self.say("#text", "")
            self.say("#said", error.message, error=True)
            return
        self.say("#text", preview_text(written))
        report = [counts_text(written.notices), *notice_lines(written.notices)] if written.notices else []
        self.say("#said", "\n".join([f"{target.title}, {len(written.data):,} bytes", *report]))
        self.query_one("#page").scroll_home(animate=False)

    def _take(self, copy: bool) -> None:
        marked = self.query_one(PickList).marked
        if marked is None:
            return
        if self.wrong is not None:
            self.say("#said", self.wrong, error=True)
        elif copy and marked == "onnx":
            self.say("#said", "an ONNX model is bytes, no text: write it to a file", error=True)
        else:
            self.answer(Export(marked, copy))

    def accept(self) -> None:
        self._take(False)

    def action_copy(self) -> None:
        self._take(True)

    def on_push_pressed(self, event: Push.Pressed) -> None:
        if event.push.id == "copy":
            event.stop()
            self.action_copy()
        else:
            super().on_push_pressed(event)

    def on_pick_list_chosen(self, event: PickList.Chosen) -> None:
        self.accept()


def preview_text(written: Written) -> str:
    """The first lines of a file to be; bytes that are no text are only counted."""
    try:
        text = written.data.decode("utf-8")
    except UnicodeDecodeError:
        return "bytes, no text"
    lines = text.split("\n")
    more = len(lines) - PREVIEW_LINES
    return "\n".join([*lines[:PREVIEW_LINES], f"... {more:,} more"] if more > 0 else lines)
