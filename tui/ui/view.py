"""What both lists show: the snapshot, the cursor and the marks that are the screen's own."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from operator import is_not
from typing import TYPE_CHECKING

from tui.core.change import difference
from tui.core.field import Field
from tui.core.groups import Group, groups_of, same_groups
from tui.core.network import Line
from tui.core.result import Result
from tui.core.rows import Rows
from tui.core.snapshot import Snapshot

if TYPE_CHECKING:
    from tui.formats.sorting import Sorting


@dataclass
class View:
    """The state that the two panes share. ``cursor`` and ``anchor`` are places in ``shown``."""

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
    folds: frozenset[str] = frozenset()
    """The keys of the groups that are folded into one row."""
    sorting: Sorting | None = None
    """What the rows are sorted by; None for the order of the document."""
    _known: tuple[list[Group], Sequence[int], frozenset[str]] | None = None
    _grouped: tuple[Rows[Line], list[Group]] | None = None
    _shown: Sequence[int] = ()
    _folded: dict[int, Group] = field(default_factory=dict)
    _ordered: tuple[Snapshot, Sequence[int], Sorting, Sequence[int]] | None = None

    @property
    def shown(self) -> Sequence[int]:
        """The document rows that the list shows, in order; of a folded group the first one."""
        if self.sorting is not None:
            return self._sorted(self.sorting)
        if self.folds:
            return self.listed
        self._folded = {}  # here too, and not by way of listed: each row that is drawn asks a few times
        return self.snapshot.shown

    @property
    def listed(self) -> Sequence[int]:
        """The same rows in the order of the document, however they are sorted."""
        if not self.folds:
            self._folded = {}
            return self.snapshot.shown
        known = (self.groups, self.snapshot.shown, self.folds)
        if self._known is None or any(map(is_not, self._known, known)):
            self._known = known
            self._fold()
        return self._shown

    @property
    def groups(self) -> list[Group]:
        """All groups of the document; the same list as long as no edit touches them."""
        lines = self.snapshot.lines
        if self._grouped is None:
            self._grouped = (lines, groups_of(lines))
        elif self._grouped[0] is not lines:
            before, groups = self._grouped
            change = difference(before, lines)
            stays = same_groups(before[change.first : change.last], change.lines)
            self._grouped = (lines, groups if stays else groups_of(lines))
        return self._grouped[1]

    def _fold(self) -> None:
        self._folded = {}
        hidden_until = -1
        rows = array("i")
        folded = {g.rows.start: g for g in reversed(self.groups) if g.key in self.folds}
        for row in self.snapshot.shown:
            if row < hidden_until:
                continue
            group = folded.get(row)
            if group is not None:
                self._folded[row] = group
                hidden_until = group.rows.stop
            rows.append(row)
        self._shown = rows

    def _sorted(self, sorting: Sorting) -> Sequence[int]:
        from tui.formats.sorting import sorted_rows

        listed = self.listed
        known = self._ordered
        if known is None or known[0] is not self.snapshot or known[1] is not listed or known[2] != sorting:
            rows = sorted_rows(self.snapshot, listed, self._folded, sorting)
            known = self._ordered = (self.snapshot, listed, sorting, rows)
        return known[3]

    def unsort(self) -> None:
        """Go back to the order of the document, the cursor on the same line."""
        if self.sorting is not None:
            row, self.sorting = self.row, None
            if row is not None:
                self.cursor = self.place(row)

    def fold(self, index: int) -> Group | None:
        """The folded group that stands at a place of the list."""
        if not self.folds:  # each row that is drawn asks several times
            return None
        row = self.shown[index]
        return self._folded.get(row)

    def rows(self, index: int) -> range:
        """The document rows that a place of the list stands for."""
        row = self.shown[index]
        group = self._folded.get(row)
        return range(row, row + 1) if group is None else group.rows

    def place(self, row: int) -> int:
        """Where in the list a document row stands, or the folded group that holds it."""
        listed = self.listed
        place = bisect_right(listed, row) - 1
        if not (place >= 0 and (listed[place] == row or self._holds(listed[place], row))):
            place += 1
        return place if self.sorting is None or place >= len(listed) else self.shown.index(listed[place])

    def _holds(self, first: int, row: int) -> bool:
        """Whether a row is in the folded group of another."""
        group = self._folded.get(first)
        return group is not None and row in group.rows

    def unfold_around(self, row: int) -> None:
        """Unfold the groups that hide a row."""
        if self.folds:
            self.folds -= {g.key for g in self.groups if row in g.rows and row != g.rows.start}

    def open_here(self) -> None:
        """Unfold the groups that hide the layer under the cursor behind their subtotal. A folded block stays:
        its row is the head itself."""
        while self.row is not None and (group := self.fold(self.cursor)) is not None and not group.block:
            self.folds -= {group.key}

    @property
    def row(self) -> int | None:
        """The document row under the cursor; None in an empty list."""
        shown = self.shown
        return shown[self.cursor] if self.cursor < len(shown) else None

    def line(self, index: int) -> Line:
        """The line at a place of the list."""
        return self.snapshot.lines[self.shown[index]]

    def result(self, index: int) -> Result | None:
        """The result of the line at a place of the list; of a folded group its subtotal."""
        group = self.fold(index)
        if group is not None and not group.block:
            return self.snapshot.subtotal(group.rows)
        return self.snapshot.result(self.shown[index])

    def result_row(self, index: int) -> int:
        """The document row whose output stands at a place of the list: the last of a folded group."""
        group = self.fold(index)
        return self.shown[index] if group is None or group.block else group.rows[-1]

    def field(self, index: int) -> Field | None:
        """The receptive field at a place of the list; of a folded group that of its very last layer."""
        group = self.fold(index)
        if group is None or group.block:
            return self.snapshot.field(self.shown[index])
        copies = self.snapshot.copies(group.rows[-1])
        return self.snapshot.inference.field(copies[-1]) if copies else None

    def number(self, index: int) -> int | None:
        """The number of the layer at a place of the list."""
        return self.snapshot.number(self.shown[index])

    def selected(self) -> range:
        """The places in the selected range: the cursor alone where none is marked."""
        if self.anchor is None:
            return range(self.cursor, min(self.cursor + 1, len(self.shown)))
        low, high = sorted((self.anchor, self.cursor))
        return range(low, min(high + 1, len(self.shown)))

    def clamp(self) -> None:
        """Bring cursor and anchor back into the list."""
        last = max(len(self.shown) - 1, 0)
        self.cursor = min(max(self.cursor, 0), last)
        if self.anchor is not None:
            self.anchor = min(self.anchor, last)
