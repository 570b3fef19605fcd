"""The layers of two networks put beside each other: a sequence alignment that keeps the order of both."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Final

from tui.core.compare_similar import Item, by_names, names_of, relation
from tui.core.compare_stretches import Match, long_runs, shortest_edits, unique_matches

CELLS: Final = 250_000
"""Two stretches are compared pair by pair where there are no more pairs than this."""
ALL_CELLS: Final = 3_000_000
"""About so many pairs are looked at where nothing says where long stretches may be cut: some seconds."""
LEAST_CHUNK: Final = 64
MOST_EDITS: Final = 1_000
STEPS: Final = 2_000_000
"""Steps that the search for shortest edits may take in all."""
SCALE: Final = 1 << 20
"""More than there are pairs: what a pair is worth comes first, how many there are second."""
NAMELESS: Final = -1
RUN: Final = 12
"""So many layers alike in a row are no chance."""

Watch = Callable[[int, int], None]
Beside = tuple["int | None", "int | None"]


def align(a: Sequence[Item], b: Sequence[Item], watch: Watch = lambda done, total: None) -> list[Beside]:
    """Places of ``a`` and ``b`` beside each other; None stands for a layer that the other side lacks.

    Each place comes once and in order, and what is missing on one side comes before what is missing on
    the other. ``watch`` is told how many layers are done, of how many.
    """
    matches = sorted(_Alignment(a, b, watch).matches())
    found: list[Beside] = []
    i = j = 0
    for x, y in [*matches, (len(a), len(b))]:
        found += ((left, None) for left in range(i, x))
        found += ((None, right) for right in range(j, y))
        if x < len(a):
            found.append((x, y))
        i, j = x + 1, y + 1
    return found


class _Alignment:
    """The work of one alignment: the layers as numbers, and what is still to be done."""

    def __init__(self, a: Sequence[Item], b: Sequence[Item], watch: Watch) -> None:
        self.a, self.b, self.watch = a, b, watch
        whole: dict[object, int] = {}
        codes: dict[object, int] = {}
        self.whole_a, self.whole_b = (
            [whole.setdefault((item.name, item.code, item.depth), len(whole)) for item in side] for side in (a, b)
        )
        self.codes_a, self.codes_b = (
            [codes.setdefault((item.code, item.depth), len(codes)) for item in side] for side in (a, b)
        )
        self.names_a, self.names_b = names_of(a), names_of(b)
        said: dict[str, int] = {}
        self.said_a, self.said_b = (
            [said.setdefault(name, len(said)) if name is not None and not place else NAMELESS for name, place in side]
            for side in (self.names_a, self.names_b)
        )
        self.worths: dict[tuple[int, int], tuple[int, ...]] = {}
        self.steps, self.cells = STEPS, ALL_CELLS
        self.total = max(len(a) + len(b), 1)
        self.done = 0

    def tell(self) -> None:
        self.watch(min(self.done, self.total), self.total)

    def matches(self) -> list[Match]:
        """The pairs."""
        found: list[Match] = []
        todo = [(0, len(self.a), 0, len(self.b))]
        while todo:
            a0, a1, b0, b1 = todo.pop()
            size = a1 - a0 + b1 - b0
            a0, a1, b0, b1 = self._without_ends(a0, a1, b0, b1, found)
            self.done += size - (a1 - a0 + b1 - b0)
            if a0 == a1 or b0 == b1:
                self.done += a1 - a0 + b1 - b0
            elif (a1 - a0) * (b1 - b0) <= CELLS:
                found += self._pair_by_pair(a0, a1, b0, b1)
                self.done += a1 - a0 + b1 - b0
            else:
                todo += self._cut(a0, a1, b0, b1, found)
            self.tell()
        return found

    def _without_ends(self, a0: int, a1: int, b0: int, b1: int, found: list[Match]) -> tuple[int, int, int, int]:
        """The ranges without the layers that are the same at both ends: no pair is worth more than those."""
        x, y = self.whole_a, self.whole_b
        while a0 < a1 and b0 < b1 and x[a0] == y[b0]:
            found.append((a0, b0))
            a0, b0 = a0 + 1, b0 + 1
        while a0 < a1 and b0 < b1 and x[a1 - 1] == y[b1 - 1]:
            a1, b1 = a1 - 1, b1 - 1
            found.append((a1, b1))
        return a0, a1, b0, b1

    # -- long stretches ----------------------------------------------------------------------------

    def _cut(self, a0: int, a1: int, b0: int, b1: int, found: list[Match]) -> list[tuple[int, int, int, int]]:
        """The ranges that are left between what surely belongs together, which is added to ``found``."""
        anchors = self._anchors(a0, a1, b0, b1)
        cells = (a1 - a0) * (b1 - b0)
        if not anchors and cells <= self.cells:
            self.cells -= cells
            found += self._pair_by_pair(a0, a1, b0, b1)
            self.done += a1 - a0 + b1 - b0
            return []
        if not anchors:
            return self._chunks(a0, a1, b0, b1)
        ranges = []
        for x, y in [*anchors, (a1, b1)]:
            if a0 < x or b0 < y:
                ranges.append((a0, x, b0, y))
            a0, b0 = x + 1, y + 1
        found += anchors
        self.done += 2 * len(anchors)
        return ranges

    def _anchors(self, a0: int, a1: int, b0: int, b1: int) -> list[Match]:
        whole = self.whole_a[a0:a1], self.whole_b[b0:b1]
        codes = self.codes_a[a0:a1], self.codes_b[b0:b1]
        for left, right in (whole, codes):
            most = min(MOST_EDITS, int(self.steps**0.5))
            # Fewer edits than the lengths differ by there cannot be.
            if abs(len(left) - len(right)) > most:
                continue
            matches = shortest_edits(left, right, most, self.tell)
            edits = most if matches is None else len(left) + len(right) - 2 * len(matches)
            self.steps -= edits * edits // 2
            if matches is not None and (runs := long_runs(matches, RUN)):
                return [(a0 + i, b0 + j) for i, j in runs]
        names = self.said_a[a0:a1], self.said_b[b0:b1]
        for left, right in (whole, names, codes):
            if matches := [(i, j) for i, j in unique_matches(left, right) if left[i] != NAMELESS]:
                return [(a0 + i, b0 + j) for i, j in matches]
        return []

    def _chunks(self, a0: int, a1: int, b0: int, b1: int) -> list[tuple[int, int, int, int]]:
        """The ranges cut at the same shares of both, as nothing says where; pairs beyond a cut are not found."""
        n, m = a1 - a0, b1 - b0
        chunk = max(ALL_CELLS // max(n, m), LEAST_CHUNK)
        pieces = max(-(-max(n, m) // chunk), 2)
        cuts = [(a0 + n * p // pieces, b0 + m * p // pieces) for p in range(pieces + 1)]
        return [(x0, x1, y0, y1) for (x0, y0), (x1, y1) in pairwise(cuts)]

    # -- short stretches ---------------------------------------------------------------------------

    def _pair_by_pair(self, a0: int, a1: int, b0: int, b1: int) -> list[Match]:
        """The pairs that are worth most together, in order (Needleman and Wunsch 1970, gaps cost nothing)."""
        m = b1 - b0
        above = [0] * (m + 1)
        ways: list[bytearray] = []  # 0: a layer of a alone, 1: one of b alone, 2: a pair
        for i in range(a0, a1):
            if i % 32 == 31:
                self.tell()
            worths = self._worths(i, b0, b1)
            row, way, left = [0] * (m + 1), bytearray(m + 1), 0
            for j in range(1, m + 1):
                best, worth = above[j], worths[j - 1]
                if left > best:
                    best, way[j] = left, 1
                if worth and above[j - 1] + worth >= best:
                    best, way[j] = above[j - 1] + worth, 2
                row[j] = left = best
            ways.append(way)
            above = row
        found: list[Match] = []
        i, j = a1 - a0, m
        while i > 0 and j > 0:
            step = ways[i - 1][j]
            if step == 2:
                found.append((a0 + i - 1, b0 + j - 1))
            i, j = i - (step != 1), j - (step != 0)
        return found

    def _worths(self, i: int, b0: int, b1: int) -> list[int]:
        code, name = self.codes_a[i], self.names_a[i]
        codes, names = self.codes_b, self.names_b
        return [self._worth(code, codes[j], i, j)[relation(name, names[j])] for j in range(b0, b1)]

    def _worth(self, x: int, y: int, i: int, j: int) -> tuple[int, ...]:
        worth = self.worths.get((x, y))
        if worth is None:
            # Of two alignments that are worth the same, the one with more pairs: from both sides it is as many.
            worth = tuple(SCALE * value + 1 if value else 0 for value in by_names(self.a[i], self.b[j]))
            self.worths[x, y] = worth
        return worth
