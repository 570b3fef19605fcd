"""Dialogs on kinds of layers: add a layer, or only choose a kind."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import Input, Static
from textual.widgets.input import Selection

from tui.core.snapshot import Change
from tui.core.store import ModelStore
from tui.formats.line import parse_line
from tui.ui.dialogs.frame import Dialog, saying
from tui.ui.dialogs.kind_search import KindSearch
from tui.ui.dialogs.preview import layer_text, totals_text
from tui.ui.safe_input import SafeInput


class PickKind(Dialog[str]):
    """Choose a kind; the result is its name."""

    AUTO_FOCUS = "#kind-search"
    tall = True
    title_text = "Kind of layer"
    keys = "type to find  Enter choose  Esc cancel"
    accept_label = "Choose"

    def __init__(self, marked: str | None = None) -> None:
        super().__init__()
        self.marked = marked

    def body(self) -> ComposeResult:
        yield KindSearch(self.marked)

    def accept(self) -> None:
        kind = self.query_one(KindSearch).kind
        if kind is not None:
            self.answer(kind.name)

    def on_kind_search_chosen(self, event: KindSearch.Chosen) -> None:
        self.answer(event.kind.name)


class AddLayer(Dialog[str]):
    """Choose a kind and write its line; the result is the line. ``row`` is the document row it would go before."""

    DEFAULT_CSS = """
    AddLayer #line-row { height: 1; margin-top: 1; }
    AddLayer #line-label { width: 6; }
    AddLayer #layer { max-height: 3; }
    AddLayer #totals { height: 1; text-wrap: nowrap; text-overflow: ellipsis; }
    AddLayer .dialog-foot { margin-top: 0; }
    """
    AUTO_FOCUS = "#kind-search"
    tall = True
    title_text = "Add a layer"
    keys = "Enter choose, then add  Tab next  Esc cancel"
    accept_label = "Add"

    def __init__(self, store: ModelStore, row: int) -> None:
        super().__init__()
        self.snapshot = store.committed
        self.row = min(max(row, 0), len(self.snapshot.lines))
        self._offered = ""
        """The example that the line was filled with; a line that differs has been typed and is kept."""

    def body(self) -> ComposeResult:
        yield KindSearch()
        with Horizontal(id="line-row"):
            yield Static("line:", markup=False, id="line-label")
            yield SafeInput(id="line", compact=True, select_on_focus=False)
        yield saying("layer")
        yield saying("totals", muted=True)

    @property
    def line(self) -> Input:
        return self.query_one("#line", Input)

    def on_kind_search_marked(self, event: KindSearch.Marked) -> None:
        if event.kind is not None and self.line.value == self._offered:
            self._offer(event.kind.example)

    def on_kind_search_chosen(self, event: KindSearch.Chosen) -> None:
        if parse_line(self.line.value).spec is None or self.line.value.split()[0] != event.kind.name:
            self._offer(event.kind.example)
        self.line.focus()
        # What follows the kind is an example: typing replaces it, the arrow keys keep it.
        value = self.line.value
        self.line.selection = Selection(min(value.find(" ") + 1 or len(value), len(value)), len(value))

    def _offer(self, example: str) -> None:
        self._offered = example
        self.line.value = example

    def on_input_changed(self, event: Input.Changed) -> None:
        self.later(self._show)

    def _show(self) -> None:
        text = self.line.value
        if not text.strip():
            self.say("#layer", "choose a kind, or write a line")
            self.say("#totals", totals_text(self.snapshot))
            return
        after = self.snapshot.edited([Change(self.row, self.row, [parse_line(text)])])
        said, wrong = layer_text(after, self.row)
        self.say("#layer", said, error=wrong)
        self.say("#totals", totals_text(after))

    def accept(self) -> None:
        line = parse_line(self.line.value)
        if line.error is None and line.code:
            self.answer(line.text)
        else:
            # A line that does not read would be kept in the list as it is; here it can still be mended.
            self.line.focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        self.accept()
