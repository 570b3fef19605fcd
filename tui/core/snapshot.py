"""One version of a network with all its results: what panes and commands are given to show."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from functools import cached_property
from itertools import chain

from tui.core.field import Field
from tui.core.infer import Inference, infer
from tui.core.measure import Peak, Totals, peak, totals
from tui.core.network import Facts, Line, facts_of, free_symbols
from tui.core.repeat import Expansion, body_of, expand
from tui.core.result import WAITING, Result, combined, refused
from tui.core.rows import Rows
from tui.core.settings import Settings
from tui.core.size import Size
from tui.core.validity import Condition, conditions


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
    are rows of the list pane. Where blocks are repeated, the inference runs on the document written
    out, and a row stands for all its copies.
    """

    def __init__(
        self,
        inference: Inference,
        shown: array[int] | None = None,
        lines: Rows[Line] | None = None,
        expansion: Expansion | None = None,
    ) -> None:
        self.inference = inference
        self.lines = inference.lines if lines is None else lines
        self.expansion = expansion
        self._shown = shown

    @classmethod
    def of(cls, lines: Sequence[Line]) -> Snapshot:
        """The first version of a document."""
        rows = lines if isinstance(lines, Rows) else Rows(lines)
        return cls._made(rows, facts_of(rows), None)

    @classmethod
    def _made(cls, lines: Rows[Line], facts: Facts, before: Inference | None) -> Snapshot:
        """A version of a document that may hold repeated blocks, from an older inference where there is one."""
        expansion = expand(lines, facts.bindings)
        if expansion is None:
            written, numbers = lines, None
        else:
            written = Rows(expansion.lines)
            own = _numbers(lines)
            numbers = [own[row] for row in expansion.origin]
        if before is None:
            inference = infer(written, facts, numbers)
        else:
            change = difference(before.lines, written)
            inference = before.edited(change.first, change.last, change.lines, facts, numbers)
        inference.times = {} if expansion is None else expansion.times
        return cls(inference, None, lines, expansion)

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

    @cached_property
    def _own_numbers(self) -> Sequence[int]:
        return self.inference.wiring.numbers if self.expansion is None else _numbers(self.lines)

    def number(self, row: int) -> int | None:
        """The number of a layer on the screen, from 0; None for a line that is no layer."""
        number = self._own_numbers[row]
        return number if number >= 0 else None

    @cached_property
    def names(self) -> Mapping[str, int]:
        """The row of each named layer; of two with one name the first."""
        if self.expansion is None:
            return self.inference.wiring.names
        found: dict[str, int] = {}
        for row, line in enumerate(self.lines):
            if line.name is not None and line.spec is not None:
                found.setdefault(line.name, row)
        return found

    def copies(self, row: int) -> Sequence[int]:
        """The lines of the inference that a row stands for: itself, or its copies in a repeated block."""
        return (row,) if self.expansion is None else self.expansion.copies[row]

    def result(self, row: int) -> Result | None:
        """The result of a line (of its first copy, for a line in a block; the subtotal, for the head of one);
        None for a line that is no layer or is skipped."""
        if self.expansion is None:
            return self.inference.result(row)
        if self.lines[row].repeat is not None:
            return self._head(row)
        copies = self.expansion.copies[row]
        return self.inference.result(copies[0]) if copies else None

    def _head(self, row: int) -> Result:
        assert self.expansion is not None
        wrong = self.expansion.errors.get(row)
        if wrong is not None:
            return refused(wrong)
        for guard in self.expansion.copies[row]:
            checked = self.inference.result(guard)
            if checked is not None and checked.status == "error":
                return checked
        return self.subtotal(body_of(self.lines, row))

    def subtotal(self, rows: range) -> Result:
        """Some rows taken together: the sums over all their copies, and the output of the last."""
        if rows not in self._subtotals:
            found = [
                (place, result)
                for row in rows
                for place in self.copies(row)
                if self.lines[row].repeat is None and (result := self.inference.result(place)) is not None
            ]
            self._subtotals[rows] = combined(
                [(result, self.inference.times.get(place, 1)) for place, result in sorted(found, key=lambda f: f[0])]
            )
        return self._subtotals[rows]

    @cached_property
    def _subtotals(self) -> dict[range, Result]:
        return {}

    def field(self, row: int) -> Field | None:
        """The receptive field of a layer's output; of a block that of its last layer."""
        if self.expansion is None:
            return self.inference.field(row)
        copies = self.expansion.copies[row]
        if self.lines[row].repeat is not None:
            copies = [place for inner in body_of(self.lines, row) for place in self.expansion.copies[inner]][-1:]
        return self.inference.field(copies[0]) if copies else None

    def sources(self, row: int) -> tuple[int, ...]:
        """The lines that a layer reads."""
        if self.expansion is None:
            return tuple(feed.row for feed in self.inference.wiring.feeds(row))
        copies = self.expansion.copies[row]
        feeds = self.inference.wiring.feeds(copies[0]) if copies else ()
        return tuple(self.expansion.origin[feed.row] for feed in feeds)

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
        found = peak(self.inference)
        if self.expansion is None or found.row is None:
            return found
        return found._replace(row=self.expansion.origin[found.row])

    @cached_property
    def conditions(self) -> tuple[Condition, ...]:
        """What the free symbols must be for every layer to have an output."""
        return conditions(self.inference.results()) if any(v is None for v in self.symbols.values()) else ()

    @cached_property
    def symbols(self) -> dict[str, Size | None]:
        """Every symbol with its value, None where it is free."""
        return free_symbols(self.lines, self.facts.bindings)

    def edited(self, changes: Sequence[Change]) -> Snapshot:
        """The version after some changes; they must not overlap."""
        if self.expansion is not None or any(line.repeat is not None for c in changes for line in c.lines):
            return self._edited_blocks(changes)
        inference = self.inference
        same_view = self._shown is not None
        same_symbols = "symbols" in self.__dict__  # to look for them would walk over all lines
        for change in reversed(self._joined(changes)):
            old = inference.lines[change.first : change.last]
            facts = inference.context.facts
            if any(line.setting is not None or line.binding is not None for line in (*old, *change.lines)):
                facts = facts_of(inference.lines.spliced(change.first, change.last, change.lines))
            inference = inference.edited(change.first, change.last, change.lines, facts)
            same_view = same_view and list(map(_row_kind, old)) == list(map(_row_kind, change.lines))
            same_symbols = same_symbols and list(map(_declared, old)) == list(map(_declared, change.lines))
        edited = Snapshot(inference, self._shown if same_view else None)
        if same_symbols:
            edited.__dict__["symbols"] = self.symbols
        return edited

    def _edited_blocks(self, changes: Sequence[Change]) -> Snapshot:
        """The version after changes of a document with repeated blocks: written out anew, computed where it differs."""
        lines = self.lines
        for change in reversed(self._joined(changes)):
            lines = lines.spliced(change.first, change.last, change.lines)
        return self._made(lines, facts_of(lines), self.inference)

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


def _numbers(lines: Sequence[Line]) -> array[int]:
    numbers, count = array("i"), 0
    for line in lines:
        numbers.append(count if line.is_layer else -1)
        count += line.is_layer
    return numbers


def _row_kind(line: Line) -> tuple[bool, bool]:
    return line.shown, line.is_layer


def _declared(line: Line) -> tuple[object, ...]:
    """What of a line the symbols of the network depend on."""
    return line.spec.symbols() if line.spec is not None else None, line.setting, line.binding


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
