"""Remarks on how layers stand together, which no layer can make of itself: an output that nobody reads."""

from __future__ import annotations

from typing import Final
from weakref import WeakKeyDictionary

from tui.core.infer import Inference
from tui.core.result import Result
from tui.core.wiring import Wiring

UNREAD: Final = "no other layer reads this: an output of its own, or a branch left out"

_unread: Final[WeakKeyDictionary[Wiring, frozenset[int]]] = WeakKeyDictionary()


def remarked(inference: Inference, row: int) -> Result | None:
    """The result of a line with what is to be said of its place; one object for one result."""
    result = inference.result(row)
    if result is None or not result.outputs or row not in unread(inference.wiring):
        return result
    return inference.context.remarked(result, UNREAD)


def unread(wiring: Wiring) -> frozenset[int]:
    """The layers above the last one that no other reads, calls or is tied to, found once for each wiring.

    Empty while a line does not read or is wired wrong: it may be the one that reads them.
    """
    found = _unread.get(wiring)
    if found is None:
        found = _unread[wiring] = frozenset() if wiring.open or wiring.errors else frozenset(_found(wiring))
    return found


def _found(wiring: Wiring) -> set[int]:
    ends = [row for row, below in enumerate(wiring.below) if below < 0 and row != wiring.last]
    layers = set(wiring.above) if ends else set()  # all but the last, and that where lines follow it
    return {row for row in ends if row in layers and row not in wiring.readers and row not in wiring.used_by}
