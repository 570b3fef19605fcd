"""What two layers beside each other are to each other: the same, changed, or only with other numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from tui.core.compare_similar import Item
from tui.core.compare_values import Values, same_values
from tui.core.snapshot import Snapshot

SAME, FOLLOWS, CHANGED, ADDED, REMOVED = "same", "follows", "changed", "added", "removed"
CHANGES: Final = (SAME, FOLLOWS, CHANGED, ADDED, REMOVED)
"""What can be said of a pair. ``follows`` is a layer that says the same on both sides and comes to other
numbers, for what is above it or for the settings."""
Known = dict[int, Values]
"""The values of the layers of one side, by their rows."""


class Pair(NamedTuple):
    """A layer of each side, by their rows; None where a side lacks it.

    ``moved`` is the row of the other side where an added or removed layer stands unchanged. ``renamed`` says
    that the two have different names, which alone is no change. ``reasons`` are what makes a layer a changed
    one, of ``kind``, ``arguments``, ``skipped``, ``block`` (that it lies in) and ``sources``.
    """

    a: int | None
    b: int | None
    change: str
    moved: int | None = None
    renamed: bool = False
    reasons: tuple[str, ...] = ()


class Judge:
    """Says what two layers beside each other are to each other."""

    def __init__(self, a: Snapshot, b: Snapshot, rows: dict[int, int], known: tuple[Known, Known]) -> None:
        self.a, self.b, self.rows, self.known = a, b, rows, known
        self.moved = a.settings.data_format != b.settings.data_format

    def pair(self, x: Item | None, y: Item | None) -> Pair:
        if x is None or y is None:
            rows = (None if x is None else x.row, None if y is None else y.row)
            return Pair(*rows, ADDED if x is None else REMOVED)
        renamed, reasons = x.name != y.name, tuple(self._reasons(x, y))
        if reasons:
            return Pair(x.row, y.row, CHANGED, None, renamed, reasons)
        return Pair(x.row, y.row, SAME if self._alike(x, y) else FOLLOWS, None, renamed)

    def _turned(self, x: Item, y: Item) -> bool:
        """Whether they are the same input, with its channels at the other end as the settings say."""
        return x.kind == "input" and self.moved and self._alike(x, y)

    def _alike(self, x: Item, y: Item) -> bool:
        return same_values(self.known[0][x.row], self.known[1][y.row], moved=self.moved)

    def _reasons(self, x: Item, y: Item) -> Iterator[str]:
        off = self.a.lines[x.row].off, self.b.lines[y.row].off
        if x.kind != y.kind:
            yield "kind"
        elif not x.says(y) and not self._turned(x, y):
            yield "arguments"
        if off[0] != off[1]:
            yield "skipped"
        if x.depth != y.depth:
            yield "block"
        if not self._reads_alike(x, y):
            yield "sources"

    def _reads_alike(self, x: Item, y: Item) -> bool:
        """Whether two layers name the same sources: by the same words, or what stands beside each other."""
        p, q = self.a.lines[x.row], self.b.lines[y.row]
        if len(p.shares) != len(q.shares):
            return False
        for mine, other in zip(p.shares, q.shares, strict=True):
            if mine != other and self.rows.get(self.a.names.get(mine, -1), -2) != self.b.names.get(other, -1):
                return False
        if p.sources == q.sources:
            return True
        if [source.output for source in p.sources] != [source.output for source in q.sources]:
            return False
        return [self.rows.get(row) for row in self.a.sources(x.row)] == [*self.b.sources(y.row)]


def with_moves(pairs: Sequence[Pair], left: Sequence[Item], right: Sequence[Item]) -> list[Pair]:
    """The pairs with what was taken away here and put in unchanged there marked as moved.

    Of several layers alike none is: which went where is not known.
    """
    gone, new = {pair.a for pair in pairs if pair.b is None}, {pair.b for pair in pairs if pair.a is None}
    old = [item for item in left if item.row in gone]
    fresh = [item for item in right if item.row in new]
    from_a: dict[int, int] = {}
    from_b: dict[int, int] = {}
    for named in (True, False):
        places: dict[object, tuple[list[int], list[int]]] = {}
        for which, side, found in ((0, old, from_a), (1, fresh, from_b)):
            for item in side:
                # A lone activation that went here and another that came there is no move.
                if item.row not in found and (item.name is not None if named else not item.plain):
                    key = (item.code, item.name if named else None)
                    places.setdefault(key, ([], []))[which].append(item.row)
        for rows_a, rows_b in places.values():
            if len(rows_a) == len(rows_b) == 1:
                from_a[rows_a[0]], from_b[rows_b[0]] = rows_b[0], rows_a[0]
    return [
        pair._replace(moved=from_b.get(pair.b))
        if pair.a is None and pair.b is not None
        else pair._replace(moved=from_a.get(pair.a))
        if pair.b is None and pair.a is not None
        else pair
        for pair in pairs
    ]
