"""Two networks compared: layers beside each other, what of them differs, and the totals.

Differences go from the first network, ``a``, to the second, ``b``.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from functools import cached_property
from typing import Any, Final, NamedTuple

from tui.core.compare_align import Watch, align
from tui.core.compare_pairs import CHANGES, FOLLOWS, SAME, Judge, Known, Pair, with_moves
from tui.core.compare_similar import items_of
from tui.core.compare_values import Values, delta, output_of, percent, values_of
from tui.core.size import Size
from tui.core.snapshot import Snapshot

ABSENT: Final = "absent"
"""Stands for a symbol or a budget that one side does not have."""


class Fact(NamedTuple):
    """A ``setting``, ``symbol`` or ``budget`` that differs, with both values: None for a free symbol, or ABSENT."""

    group: str
    name: str
    a: Any
    b: Any


class Total(NamedTuple):
    """A total of both networks."""

    key: str
    a: Size
    b: Size

    @property
    def delta(self) -> Size | None:
        """``b - a``; None where that is too long to write."""
        return delta(self.a, self.b)

    @property
    def percent(self) -> Fraction | None:
        """The difference in percent of the first value, where that is a number."""
        return percent(self.a, self.delta)

    @property
    def differs(self) -> bool:
        """Whether the two are not the same."""
        return self.a != self.b


class Comparison:
    """Two networks with their layers aligned. All values are those of the snapshots."""

    def __init__(self, a: Snapshot, b: Snapshot, pairs: Sequence[Pair], values: tuple[Known, Known]) -> None:
        self.a, self.b = a, b
        self.pairs = pairs
        self._values = values

    def values(self, index: int) -> tuple[Values | None, Values | None]:
        """The values of both sides of a pair."""
        pair = self.pairs[index]
        return (
            None if pair.a is None else self._values[0][pair.a],
            None if pair.b is None else self._values[1][pair.b],
        )

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many pairs there are of each of CHANGES, and of them how many are ``moved`` and ``renamed``.

        A layer that was moved counts once as moved, and as removed and as added too.
        """
        found = Counter(pair.change for pair in self.pairs)
        moved = sum(pair.moved is not None and pair.a is None for pair in self.pairs)
        renamed = sum(pair.renamed for pair in self.pairs)
        return {**{change: found[change] for change in CHANGES}, "moved": moved, "renamed": renamed}

    @cached_property
    def facts(self) -> tuple[Fact, ...]:
        """The settings, symbols and budgets that differ."""
        x, y = _facts(self.a), _facts(self.b)
        keys = dict.fromkeys([*x, *y])
        return tuple(
            Fact(*key, x.get(key, ABSENT), y.get(key, ABSENT))
            for key in keys
            if x.get(key, ABSENT) != y.get(key, ABSENT)
        )

    @cached_property
    def totals(self) -> tuple[Total, ...]:
        """The totals, those of ``show --json`` by their keys, and the peak of the activations."""
        x, y = self.a.totals, self.b.totals
        keys = ("params", "trainable", "non_trainable", "buffers", "macs", "flops", "elementwise", "weight_bytes")
        sums = [Total(key, getattr(x, key), getattr(y, key)) for key in keys]
        return (*sums, Total("peak_activation_bytes", self.a.peak.bytes, self.b.peak.bytes))

    @cached_property
    def outputs(self) -> tuple[Values | None, Values | None]:
        """The values of the last layer of each side."""
        return output_of(self.a), output_of(self.b)

    @property
    def complete(self) -> tuple[bool, bool]:
        """For each side whether its totals are whole, or lower bounds."""
        return (
            self.a.totals.complete and self.a.peak.complete,
            self.b.totals.complete and self.b.peak.complete,
        )

    @property
    def differs(self) -> bool:
        """Whether anything but names is different."""
        return self.counts[SAME] < len(self.pairs) or bool(self.facts)

    # -- from difference to difference -------------------------------------------------------------

    @cached_property
    def stops(self) -> tuple[int, ...]:
        """The pairs to look at one after another: every change, and where layers begin to follow one."""
        found = []
        before = SAME
        for index, pair in enumerate(self.pairs):
            if pair.change not in (SAME, FOLLOWS) or (pair.change == FOLLOWS and before == SAME):
                found.append(index)
            before = pair.change
        return tuple(found)

    def next_stop(self, index: int) -> int | None:
        """The first difference below a pair, or from the end on the first of all; None where all is the same."""
        if not self.stops:
            return None
        place = bisect_right(self.stops, index)
        return self.stops[place % len(self.stops)]

    def previous_stop(self, index: int) -> int | None:
        """The last difference above a pair, or from the start on the last of all."""
        return self.stops[bisect_left(self.stops, index) - 1] if self.stops else None

    def place_in_b(self, index: int) -> int | None:
        """The row of ``b`` where a pair stands or, for a removed layer, would stand: that of the layer above."""
        rows = (pair.b for pair in reversed(self.pairs[: index + 1]) if pair.b is not None)
        below = (pair.b for pair in self.pairs[index:] if pair.b is not None)
        return next(rows, next(below, None))


def compare(a: Snapshot, b: Snapshot, watch: Watch = lambda done, total: None) -> Comparison:
    """Compare two networks. ``watch`` is told how far the work is; what it raises stops the work."""
    left, right = items_of(a), items_of(b)
    total = 2 * (len(left) + len(right))
    beside = align(left, right, lambda done, _: watch(done, total))
    known: tuple[Known, Known] = ({}, {})
    done = total // 2
    for snapshot, items, values in ((a, left, known[0]), (b, right, known[1])):
        for item in items:
            values[item.row] = values_of(snapshot, item.row)
            done += 1
            if done % 128 == 0:
                watch(done, total)
    rows = {left[i].row: right[j].row for i, j in beside if i is not None and j is not None}
    judge = Judge(a, b, rows, known)
    pairs = [judge.pair(None if i is None else left[i], None if j is None else right[j]) for i, j in beside]
    return Comparison(a, b, with_moves(pairs, left, right), known)


def _facts(snapshot: Snapshot) -> dict[tuple[str, str], Any]:
    facts = snapshot.facts
    return {
        **{("setting", name): value for name, value in facts.settings._asdict().items()},
        **{("symbol", name): value for name, value in snapshot.symbols.items()},
        **{("budget", str(name)): value for name, value in facts.budgets},
    }
