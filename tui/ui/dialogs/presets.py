"""The gallery of ready networks, each with its layers and totals before it is opened."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import ClassVar, NamedTuple

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.widgets import Input

from tui.core.snapshot import Snapshot
from tui.formats.columns import count_text
from tui.formats.document import parse_document
from tui.ui.dialogs.frame import Dialog, saying
from tui.ui.dialogs.pick_list import Pick, PickList
from tui.ui.dialogs.preview import totals_text
from tui.ui.safe_input import SafeInput

# Enough to recognise a network by; a preset of a thousand layers costs no more to look at.
PREVIEW_LINES = 200


class PresetEntry(NamedTuple):
    """A ready network: its name, a title for people, where it comes from, and its text in the native form."""

    name: str
    title: str
    source: str
    text: str


class Presets(Dialog[str]):
    """Choose a preset; the result is its name."""

    DEFAULT_CSS = """
    Presets #search { margin-bottom: 1; }
    Presets #sides { height: 1fr; }
    Presets PickList { width: 1fr; height: 1fr; margin-right: 1; }
    Presets #preview { width: 1fr; height: 1fr; }
    Presets #layers-pane { height: 1fr; scrollbar-size-vertical: 1; border-left: solid $primary 50%; padding-left: 1; }
    Presets #layers { text-wrap: nowrap; text-overflow: ellipsis; }
    Presets #totals, Presets #source { max-height: 4; border-left: solid $primary 50%; padding-left: 1; }
    Presets.-narrow #sides { layout: vertical; }
    Presets.-narrow PickList { width: 100%; margin: 0; }
    Presets.-narrow #preview { width: 100%; height: auto; }
    Presets.-narrow #layers-pane { height: 3; }
    Presets.-narrow #totals, Presets.-narrow #source { max-height: 2; }
    """
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (80, "-normal")]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "search", "Find", show=False),
        Binding("down", "move(1)", "Next", show=False),
        Binding("up", "move(-1)", "Previous", show=False),
    ]
    AUTO_FOCUS = "PickList"
    tall = True
    title_text = "Presets"
    keys = "Enter open a copy  / find  Esc cancel"
    accept_label = "Open a copy"

    def __init__(self, presets: Sequence[PresetEntry]) -> None:
        super().__init__()
        self.presets = {preset.name: preset for preset in presets}
        self._snapshots: dict[str, Snapshot] = {}

    def body(self) -> ComposeResult:
        yield SafeInput(placeholder="/ to find a network", id="search", compact=True)
        with Horizontal(id="sides"):
            yield PickList(self._picks(""))
            with Vertical(id="preview"):
                with VerticalScroll(id="layers-pane", can_focus=False):
                    yield saying("layers")
                yield saying("totals")
                yield saying("source", muted=True)

    def _picks(self, search: str) -> list[Pick]:
        found = [preset for preset in self.presets.values() if _rank(preset, search) is not None]
        found.sort(key=lambda preset: _rank(preset, search) or 0)
        return [Pick(p.name, p.title or p.name, partial(self._params, p.name)) for p in found]

    def _params(self, name: str) -> str:
        return count_text(self._snapshot(name).totals.params)

    def _snapshot(self, name: str) -> Snapshot:
        if name not in self._snapshots:
            self._snapshots[name] = Snapshot.of(parse_document(self.presets[name].text))
        return self._snapshots[name]

    def action_search(self) -> None:
        self.query_one(Input).focus()

    def action_move(self, by: int) -> None:
        self.query_one(PickList).move(by)

    def on_input_changed(self, event: Input.Changed) -> None:
        picks = self.query_one(PickList)
        picks.fill(self._picks(event.value), marked=None if event.value.strip() else picks.marked)

    def on_pick_list_marked(self, event: PickList.Marked) -> None:
        self.later(self._show)

    def _show(self) -> None:
        name = self.query_one(PickList).marked
        if name is None:
            self.say("#layers", "no preset has these words")
            self.say("#totals", "")
            self.say("#source", "")
            return
        snapshot = self._snapshot(name)
        lines = [snapshot.lines[row].text for row in snapshot.shown[:PREVIEW_LINES]]
        more = len(snapshot.shown) - len(lines)
        self.say("#layers", "\n".join([*lines, f"... {more:,} more"] if more else lines) or "no layers yet")
        self.say("#totals", totals_text(snapshot))
        self.say("#source", self.presets[name].source)
        self.query_one("#layers-pane").scroll_home(animate=False)

    def accept(self) -> None:
        name = self.query_one(PickList).marked
        if name is not None:
            self.answer(name)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        self.accept()

    def on_pick_list_chosen(self, event: PickList.Chosen) -> None:
        self.answer(event.key)


def _rank(preset: PresetEntry, search: str) -> int | None:
    """How well a preset answers to the words of a search: its name begins so (0), has them (1), or else its source
    (2); None where it does not. LeNet is looked for more often by these letters than GoogLeNet."""
    name = f"{preset.name} {preset.title}".casefold()
    words = search.casefold().split()
    if all(word in name for word in words):
        return 0 if name.startswith(" ".join(words)) else 1
    return 2 if all(word in f"{name} {preset.source}".casefold() for word in words) else None
