"""One version of a network with all its results: what panes and commands are given to show."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Sequence
from functools import cached_property
from itertools import chain

from tui.core.field import Field
from tui.core.infer import Inference, infer
from tui.core.measure import Peak, Totals, peak, totals
from tui.core.network import Facts, Line, facts_of, free_symbols
from tui.core.result import WAITING, Result
from tui.core.rows import Rows
from tui.core.settings import Settings
from tui.core.size import Size


class Change:
    """Lines ``first`` up to ``last`` (that one left out) replaced by ``lines``."""

    __slots__ = ("first", "last", "lines")

    def __init__(self, first: int, last: int, lines: Sequence[Line]) -> None:
        self.first = first
        self.last = last
        self.lines = list(lines)


class Snapshot:
    """A frozen version. Results are computed when they are first asked for, and then kept.

    Rows are positions in the document, blank lines and settings included; ``shown`` lists those that
    are rows of the list pane.
    """

    def __init__(self, inference: Inference, shown: array[int] | None = None) -> None:
        self.inference = inference
        self._shown = shown

    @classmethod
    def of(cls, lines: Sequence[Line]) -> Snapshot:
        """The first version of a document."""
        rows = lines if isinstance(lines, Rows) else Rows(lines)
        return cls(infer(rows, facts_of(rows)))

    @property
    def lines(self) -> Rows[Line]:
        return self.inference.lines

    @property
    def facts(self) -> Facts:
        return self.inference.context.facts

    @property
    def settings(self) -> Settings:
        return self.facts.settings

    @property
    def shown(self) -> array[int]:
        """The positions of the lines that the list shows, in order."""
        if self._shown is None:
            self._shown = _shown(self.lines)
        return self._shown

    def place(self, row: int) -> int:
        """Where in ``shown`` a line stands, or would stand."""
        return bisect_left(self.shown, row)

    def number(self, row: int) -> int | None:
        """The number of a layer on the screen, from 0; None for a line that is no layer."""
        number = self.inference.wiring.numbers[row]
        return number if number >= 0 else None

    def result(self, row: int) -> Result | None:
        """The result of a line; None for a line that is no layer or is skipped."""
        return self.inference.result(row)

    def field(self, row: int) -> Field | None:
        """The receptive field of a layer's output."""
        return self.inference.field(row)

    def sources(self, row: int) -> tuple[int, ...]:
        """The lines that a layer reads."""
        return tuple(feed.row for feed in self.inference.wiring.feeds(row))

    def waits_for(self, row: int) -> int | None:
        """The line that keeps a waiting layer from its result: the first that is wrong itself."""
        for _ in range(len(self.lines)):
            stuck = [s for s in self.sources(row) if (r := self.result(s)) is None or not r.outputs]
            if not stuck:
                return None
            row = stuck[0]
            if self.result(row) is not WAITING:
                return row
        return None

    @cached_property
    def totals(self) -> Totals:
        """The sums over all layers."""
        return totals(self.inference)

    @cached_property
    def peak(self) -> Peak:
        """The largest memory that the activations need at once."""
        return peak(self.inference)

    @cached_property
    def symbols(self) -> dict[str, Size | None]:
        """Every symbol with its value, None where it is free."""
        return free_symbols(self.lines, self.facts.bindings)

    def edited(self, changes: Sequence[Change]) -> Snapshot:
        """The version after some changes; they must not overlap."""
        inference = self.inference
        same_view = self._shown is not None
        for change in reversed(self._joined(changes)):
            old = inference.lines[change.first : change.last]
            facts = inference.context.facts
            if any(line.setting is not None or line.binding is not None for line in (*old, *change.lines)):
                facts = facts_of(inference.lines.spliced(change.first, change.last, change.lines))
            inference = inference.edited(change.first, change.last, change.lines, facts)
            same_view = same_view and list(map(_row_kind, old)) == list(map(_row_kind, change.lines))
        return Snapshot(inference, self._shown if same_view else None)

    def _joined(self, changes: Sequence[Change]) -> list[Change]:
        """The changes in order, as one where there are several that move lines: each would wire the network anew."""
        ordered = sorted(changes, key=lambda c: (c.first, c.last))
        if len(ordered) < 2 or all(len(c.lines) == c.last - c.first for c in ordered):
            return ordered
        lines: list[Line] = []
        at = ordered[0].first
        for change in ordered:
            lines += self.lines[at : change.first]
            lines += change.lines
            at = change.last
        return [Change(ordered[0].first, at, lines)]


def _shown(lines: Rows[Line]) -> array[int]:
    """The rows of the list. Notes above the first layer are the head of the file: they stay in the file."""
    rows = [i for i, line in enumerate(lines) if line.shown]
    first = next((i for i in rows if lines[i].is_layer), None)
    if first is not None:
        rows = [i for i in rows if i >= first or not lines[i].note.startswith("#")]
    return array("i", rows)


def _row_kind(line: Line) -> tuple[bool, bool]:
    return line.shown, line.is_layer


def difference(old: Rows[Line], new: Rows[Line]) -> Change:
    """The one change that makes the new lines of the old ones; shared chunks are passed over whole."""
    first = _shared(old.chunks(), new.chunks(), 1)
    last = min(_shared(old.chunks(), new.chunks(), -1), len(old) - first, len(new) - first)
    return Change(first, len(old) - last, new[first : len(new) - last])


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
