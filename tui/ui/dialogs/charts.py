"""Charts of the network: a bar for each layer, group or kind, to scroll through and to go from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Final

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.events import Resize

from tui.core.snapshot import Snapshot
from tui.formats.chart.model import BY, DEPTH, QUANTITIES, Chart, chart_of
from tui.formats.chart.text import head, layout, line, strip
from tui.ui.actions import keyed
from tui.ui.dialogs.frame import Dialog, Push, saying
from tui.ui.dialogs.pick_list import Pick, PickList
from tui.ui.gutter import ASCII, glyphs

SHOWN: Final = ("params", "macs", "activations", DEPTH, "weights", "live", "elementwise")
"""The quantities in the order in which the keys go through them."""


class Charts(Dialog[int]):
    """Bars; the result is the row of the line to go to."""

    DEFAULT_CSS = """
    Charts > .dialog-box { max-width: 120; }
    Charts.-tall > .dialog-box { max-height: 100%; }
    Charts #strip, Charts #head { height: 1; text-wrap: nowrap; }
    Charts #head { text-style: bold; }
    Charts #notes { max-height: 2; }
    Charts .dialog-foot { margin-top: 0; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(keyed("right", "l"), "quantity(1)", "Next number", show=False),
        Binding(keyed("left", "h"), "quantity(-1)", "Number before", show=False),
        Binding(keyed("b"), "by", "By layer, group or kind", show=False),
    ]
    AUTO_FOCUS = "PickList"
    tall = True
    title_text = "Charts"
    keys = "left/right number  b by  Enter go  Esc close"

    def __init__(self, snapshot: Snapshot, row: int | None = None) -> None:
        super().__init__()
        self.snapshot = snapshot
        self.row = row
        self.at = 0
        self.by = 0
        self._chart: Chart | None = None
        self._drawn_for = 0

    def body(self) -> ComposeResult:
        yield saying("head")
        yield saying("strip")
        yield PickList(id="bars")
        yield saying("notes", muted=True)

    def pushes(self) -> ComposeResult:
        yield Push("Go to the layer", id="accept")
        yield Push("Close", id="cancel")

    def on_mount(self) -> None:
        self.call_after_refresh(self._show)

    def on_resize(self, event: Resize) -> None:
        self.later(self._show)

    def _show(self) -> None:
        quantity, by = QUANTITIES[SHOWN[self.at]], BY[self.by]
        if quantity.name == DEPTH:
            by = "layer"
        chart = self._chart = chart_of(self.snapshot, quantity, by)
        bars, plain = self.query_one("#bars", PickList), glyphs() is ASCII
        width = max(bars.size.width - 3, 20)  # the mark, and a scrollbar that may come
        sizes = layout(chart.bars, width)
        marked = next((str(i) for i, bar in enumerate(chart.bars) if bar.row == self.row), None)
        picks = [Pick(str(i), line(bar, sizes, ascii_only=plain)) for i, bar in enumerate(chart.bars)]
        bars.fill(picks, marked=marked)
        self.say("#head", head(chart))
        self.say("#strip", strip(chart.bars, width + 3, ascii_only=plain) if by != "layer" else "")
        notes: Sequence[str] = chart.notes or () if chart.bars else ("no layers yet: a adds one",)
        self.say("#notes", "; ".join(notes))

    def action_quantity(self, step: int) -> None:
        self.at = (self.at + step) % len(SHOWN)
        self._show()

    def action_by(self) -> None:
        self.by = (self.by + 1) % len(BY)
        if SHOWN[self.at] == DEPTH:
            self.at = 0  # a receptive field has no other parts
        self._show()

    def on_pick_list_marked(self, event: PickList.Marked) -> None:
        if self._chart is not None and event.key is not None and int(event.key) < len(self._chart.bars):
            self.row = self._chart.bars[int(event.key)].row

    def on_pick_list_chosen(self, event: PickList.Chosen) -> None:
        self.accept()

    def accept(self) -> None:
        if self.row is not None:
            self.answer(self.row)
