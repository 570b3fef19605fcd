"""The model store: the one place where a network changes.

It holds the current snapshot, applies edits, remembers 500 named steps and tells its subscribers.
It knows nothing of screens or files.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from tui.core.edits import Edit
from tui.core.network import Line
from tui.core.snapshot import Snapshot, difference

HISTORY: Final = 500
MERGE_SECONDS: Final = 0.8

Subscriber = Callable[["ModelStore"], None]


class Step(NamedTuple):
    """One version in the history: the step that led to it, and where the cursor stood after it."""

    snapshot: Snapshot
    label: str
    cursor: int


class ModelStore:
    """A network with its history. ``snapshot`` is what to show: the preview of a half-typed edit, if any."""

    def __init__(self, lines: Sequence[Line], label: str = "open", clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._subscribers: list[Subscriber] = []
        self._preview: Snapshot | None = None
        self.revision = 0
        self._start(lines, label)

    def _start(self, lines: Sequence[Line], label: str) -> None:
        snapshot = Snapshot.of(lines)
        shown = snapshot.shown
        self._steps = [Step(snapshot, label, shown[0] if shown else 0)]
        self._at = 0
        self._merge: tuple[str, float] | None = None
        self._cursor = self._steps[0].cursor
        self._saved = snapshot.lines

    def reset(self, lines: Sequence[Line], label: str = "open") -> None:
        """Another document, with a history of its own."""
        self._preview = None
        self._start(lines, label)
        self._tell()

    @property
    def snapshot(self) -> Snapshot:
        """The version to show."""
        return self._preview or self.committed

    @property
    def committed(self) -> Snapshot:
        """The version without the half-typed edit."""
        return self._steps[self._at].snapshot

    @property
    def cursor(self) -> int:
        """The line where the last step, made or taken back, changed something."""
        return self._cursor

    @property
    def steps(self) -> Sequence[Step]:
        """The history, oldest first."""
        return tuple(self._steps)

    @property
    def at(self) -> int:
        """The place of the current version in ``steps``."""
        return self._at

    @property
    def unsaved(self) -> bool:
        """Whether the lines differ from those that were last saved or opened."""
        lines, saved = self.committed.lines, self._saved
        if lines is saved or len(lines) != len(saved):
            return lines is not saved
        change = difference(saved, lines)
        return [line.text for line in change.lines] != [line.text for line in saved[change.first : change.last]]

    def mark_saved(self) -> None:
        """The current version is what the file holds."""
        self._saved = self.committed.lines
        self._tell()

    def mark_unsaved(self) -> None:
        """The file holds nothing of this."""
        self._saved = Snapshot.of([]).lines

    def subscribe(self, subscriber: Subscriber) -> Callable[[], None]:
        """Call ``subscriber`` after every change; the result unsubscribes it."""
        self._subscribers.append(subscriber)
        return lambda: self._subscribers.remove(subscriber)

    def _tell(self) -> None:
        self.revision += 1
        for subscriber in tuple(self._subscribers):
            subscriber(self)

    def apply(self, edit: Edit) -> Snapshot:
        """Carry out an edit: one more step of the history, or part of the last one where the two merge."""
        self._preview = None
        snapshot = self.committed.edited(edit.changes)
        now = self._clock()
        merges = (
            edit.merge is not None
            and self._merge is not None
            and self._merge[0] == edit.merge
            and now - self._merge[1] < MERGE_SECONDS
            and self._at > 0
        )
        del self._steps[self._at + 1 :]
        if merges:
            self._steps.pop()
        self._steps.append(Step(snapshot, edit.label, edit.cursor))
        if len(self._steps) > HISTORY + 1:
            del self._steps[0]
        self._at = len(self._steps) - 1
        self._cursor = edit.cursor
        self._merge = (edit.merge, now) if edit.merge is not None else None
        self._tell()
        return snapshot

    def preview(self, edit: Edit | None) -> Snapshot:
        """Show what an edit would come to, without making it; None ends the preview."""
        self._preview = None if edit is None else self.committed.edited(edit.changes)
        self._tell()
        return self.snapshot

    def undo(self) -> bool:
        """Go back one step; False where there is none."""
        return self.jump(self._at - 1)

    def redo(self) -> bool:
        """Go forward one step; False where there is none."""
        return self.jump(self._at + 1)

    def jump(self, at: int) -> bool:
        """Go to a step of the history. Nothing is recomputed."""
        if not 0 <= at < len(self._steps) or at == self._at:
            return False
        self._preview = None
        self._merge = None
        self._cursor = self._steps[max(at, self._at)].cursor
        self._at = at
        self._tell()
        return True
