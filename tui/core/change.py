"""A change of a document, and the one change that leads from one document to another."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

from tui.core.network import Line
from tui.core.rows import Rows


class Change:
    """Lines ``first`` up to ``last`` (that one left out) replaced by ``lines``."""

    __slots__ = ("first", "last", "lines")

    def __init__(self, first: int, last: int, lines: Sequence[Line]) -> None:
        self.first = first
        self.last = last
        self.lines = list(lines)


def difference(old: Rows[Line], new: Rows[Line]) -> Change:
    """The one change that makes the new lines of the old ones; shared chunks are passed over whole."""
    first = _shared(old.chunks(), new.chunks(), 1)
    last = min(_shared(old.chunks(), new.chunks(), -1), len(old) - first, len(new) - first)
    return Change(first, len(old) - last, new[first : len(new) - last])


def joined(document: Rows[Line], changes: Sequence[Change]) -> list[Change]:
    """The changes of a document in order, as one where there are several that move lines: each would wire the
    network anew."""
    ordered = sorted(changes, key=lambda c: (c.first, c.last))
    if len(ordered) < 2 or all(len(c.lines) == c.last - c.first for c in ordered):
        return ordered
    lines: list[Line] = []
    at = ordered[0].first
    for change in ordered:
        lines += document[at : change.first]
        lines += change.lines
        at = change.last
    return [Change(ordered[0].first, at, lines)]


def _shared(old: Sequence[Sequence[Line]], new: Sequence[Sequence[Line]], step: int) -> int:
    """How many lines are the same objects from the front (step 1) or from the back (step -1)."""
    count = whole = 0
    for a, b in zip(old[::step], new[::step], strict=False):
        if a is not b:
            break
        whole += 1
        count += len(a)
    rest = (chain.from_iterable(chunk[::step] for chunk in chunks[::step][whole:]) for chunks in (old, new))
    for x, y in zip(*rest, strict=False):
        if x is not y:
            break
        count += 1
    return count
