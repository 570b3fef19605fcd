"""The named steps of a network, to look at and to go back to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from textual.app import ComposeResult

from tui.core.change import difference
from tui.core.store import ModelStore, Step
from tui.formats.columns import count_text
from tui.ui.dialogs.frame import Dialog, saying
from tui.ui.dialogs.pick_list import Pick, PickList
from tui.ui.dialogs.preview import totals_text

MOST_LINES: Final = 2


def _aside(step: Step) -> Callable[[], str]:
    """The totals of a step, worked out when its row is drawn: of 500 steps a screen shows 20."""

    def said() -> str:
        totals = step.snapshot.totals
        return f"{'' if totals.complete else '>= '}{count_text(totals.params)} params"

    return said


def changed_lines(before: Step, after: Step) -> str:
    """What a step took away and what it put there, a few lines of each."""
    change = difference(before.snapshot.lines, after.snapshot.lines)
    sides = (("-", before.snapshot.lines[change.first : change.last]), ("+", change.lines))
    shown = []
    for sign, lines in sides:
        shown += [f"{sign} {line.text}" for line in lines[:MOST_LINES]]
        if len(lines) > MOST_LINES:
            shown.append(f"{sign} ... {len(lines) - MOST_LINES:,} more lines")
    return "\n".join(shown)


class History(Dialog[int]):
    """List the steps, newest first; the result is the index into ``store.steps`` to jump to."""

    DEFAULT_CSS = """
    History #step, History #totals { height: auto; max-height: 3; }
    History #lines { height: auto; max-height: 6; text-wrap: nowrap; text-overflow: ellipsis; }
    History #step { margin-top: 1; }
    """
    AUTO_FOCUS = "PickList"
    tall = True
    title_text = "History"
    keys = "up/down look  Enter jump  Esc close"
    accept_label = "Jump"

    def __init__(self, store: ModelStore) -> None:
        super().__init__()
        self.steps = store.steps
        self.at = store.at

    def body(self) -> ComposeResult:
        digits = len(str(len(self.steps) - 1))
        yield PickList(
            [
                Pick(
                    str(i),
                    f"{'*' if i == self.at else ' '} {i:>{digits}}  {self.steps[i].label}",
                    _aside(self.steps[i]),
                )
                for i in reversed(range(len(self.steps)))
            ],
            marked=str(self.at),
        )
        yield saying("step")
        yield saying("lines")
        yield saying("totals", muted=True)

    def on_pick_list_marked(self, event: PickList.Marked) -> None:
        if event.key is None:
            return
        index = int(event.key)
        where = "the version on the screen" if index == self.at else "undone" if index > self.at else "earlier"
        self.say("#step", f"step {index}: {self.steps[index].label}  ({where})")
        self.later(self._show_totals)

    def _show_totals(self) -> None:
        marked = self.query_one(PickList).marked
        if marked is not None:
            at = int(marked)
            self.say("#lines", changed_lines(self.steps[at - 1], self.steps[at]) if at else "")
            self.say("#totals", totals_text(self.steps[at].snapshot))

    def accept(self) -> None:
        marked = self.query_one(PickList).marked
        if marked is not None:
            self.answer(int(marked))

    def on_pick_list_chosen(self, event: PickList.Chosen) -> None:
        self.accept()
