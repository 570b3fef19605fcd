"""What to compare the network with: a kept variant, a file, a step of the history, a preset."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from textual.app import ComposeResult

from tui.core.snapshot import Snapshot
from tui.core.store import ModelStore, Step
from tui.formats.document import parse_document
from tui.formats.presets import presets
from tui.ui.dialogs.frame import Dialog, saying
from tui.ui.dialogs.path import OpenFile
from tui.ui.dialogs.pick_list import Pick, PickList
from tui.ui.dialogs.preview import totals_text
from tui.ui.variants import Variant

FILE = "file"


class CompareWith(Dialog[str]):
    """Choose what to compare with; the result is ``kept A``, ``step 3``, ``preset lenet-5``, or FILE."""

    DEFAULT_CSS = "CompareWith #totals { max-height: 2; margin-top: 1; }"
    AUTO_FOCUS = "PickList"
    tall = True
    title_text = "Compare with"
    keys = "up/down look  Enter compare  Esc cancel"
    accept_label = "Compare"

    def __init__(self, store: ModelStore, kept: Sequence[Variant]) -> None:
        super().__init__()
        self.kept, self.steps, self.at = kept, store.steps, store.at

    def body(self) -> ComposeResult:
        yield PickList(self._picks())
        yield saying("totals", muted=True)

    def _picks(self) -> Iterator[Pick]:
        if self.kept:
            yield Pick("", "Kept with m", heading=True)
        for variant in self.kept:
            yield Pick(f"kept {variant.key}", f"{variant.key}  {variant.name}", _params(variant.snapshot))
        yield Pick("", "Files", heading=True)
        yield Pick(FILE, "a file ...", ".layers, Keras, ONNX, PyTorch")
        if len(self.steps) > 1:
            yield Pick("", "Steps of the history", heading=True)
        for place in reversed(range(len(self.steps))):
            if place != self.at:
                step = self.steps[place]
                yield Pick(f"step {place}", f"{place}  {step.label}", _params(step.snapshot))
        yield Pick("", "Presets", heading=True)
        for preset in presets().values():
            yield Pick(f"preset {preset.name}", preset.title, preset.name)

    def on_pick_list_marked(self, event: PickList.Marked) -> None:
        self.later(self._show)

    def _show(self) -> None:
        key = self.query_one(PickList).marked
        variant = None if key is None else variant_of(key, self.kept, self.steps)
        self.say("#totals", "" if variant is None else totals_text(variant.snapshot))

    def accept(self) -> None:
        marked = self.query_one(PickList).marked
        if marked is not None:
            self.answer(marked)

    def on_pick_list_chosen(self, event: PickList.Chosen) -> None:
        self.accept()


class CompareFile(OpenFile):
    """Choose the file to compare with; the result is its path."""

    title_text = "Compare with a file"
    keys = "Tab complete  Enter compare  Esc cancel"
    accept_label = "Compare"


def _params(snapshot: Snapshot) -> Callable[[], str]:
    """The totals in short, worked out when the row is drawn."""
    return lambda: totals_text(snapshot).split(" | ")[0]


def variant_of(key: str, kept: Sequence[Variant], steps: Sequence[Step]) -> Variant | None:
    """What a choice stands for; None for a file, which is not read yet."""
    what, _, which = key.partition(" ")
    if what == "kept":
        return next(variant for variant in kept if variant.key == which)
    if what == "step":
        step = steps[int(which)]
        return Variant(key, step.label, step.snapshot)
    return Variant(key, which, Snapshot.of(parse_document(presets()[which].text))) if what == "preset" else None
