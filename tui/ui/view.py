"""What both lists show: the snapshot, the cursor and the marks that are the screen's own."""

from __future__ import annotations

from dataclasses import dataclass, field

from tui.core.network import Line
from tui.core.result import Result
from tui.core.snapshot import Snapshot


@dataclass
class View:
    """The state that the two panes share. ``cursor`` and ``anchor`` are places in ``snapshot.shown``."""

    snapshot: Snapshot
    cursor: int = 0
    anchor: int | None = None
    marking: bool = False
    """Whether moving the cursor extends the range, as after V."""
    pick: int = 0
    """Which number of the line under the cursor is picked for stepping."""
    typing: bool = False
    """Whether the snapshot previews a half-typed line."""
    matches: frozenset[int] = field(default_factory=frozenset)
    """The document rows that a search found."""

    @property
    def row(self) -> int | None:
        """The document row under the cursor; None in an empty list."""
        shown = self.snapshot.shown
        return shown[self.cursor] if self.cursor < len(shown) else None

    def line(self, index: int) -> Line:
        """The line at a place of the list."""
        return self.snapshot.lines[self.snapshot.shown[index]]

    def result(self, index: int) -> Result | None:
        """The result of the line at a place of the list."""
        return self.snapshot.result(self.snapshot.shown[index])

    def number(self, index: int) -> int | None:
        """The number of the layer at a place of the list."""
        return self.snapshot.number(self.snapshot.shown[index])

    def selected(self) -> range:
        """The places in the selected range: the cursor alone where none is marked."""
        if self.anchor is None:
            return range(self.cursor, min(self.cursor + 1, len(self.snapshot.shown)))
        low, high = sorted((self.anchor, self.cursor))
        return range(low, min(high + 1, len(self.snapshot.shown)))

    def clamp(self) -> None:
        """Bring cursor and anchor back into the list."""
        last = max(len(self.snapshot.shown) - 1, 0)
        self.cursor = min(max(self.cursor, 0), last)
        if self.anchor is not None:
            self.anchor = min(self.anchor, last)
