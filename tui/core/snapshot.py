"""One version of a network with all its results: what panes and commands are given to show."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from tui.core.change import Change as Change
from tui.core.change import difference as difference
from tui.core.change import joined
from tui.core.field import Field
from tui.core.infer import Inference, infer
from tui.core.listing import layer_numbers, shown_rows
from tui.core.network import Facts, Line, facts_of, free_symbols
from tui.core.remarks import remarked
from tui.core.repeat import Expansion, expand
from tui.core.result import WAITING, Result, combined, of_copies, refused
from tui.core.rows import Rows
from tui.core.settings import Settings
from tui.core.size import Size
from tui.core.wiring import Copies

# What the rows do not need is imported where it is asked for: the first frame shows rows.
if TYPE_CHECKING:
    from tui.core.measure import Peak, Totals
    from tui.core.validity import Condition
    from tui.core.waiting import Waits


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
    def _made(cls, lines: Rows[Line], facts: Facts, before: Snapshot | None) -> Snapshot:
        """A version of a document that may hold repeated blocks, from an older version where there is one."""
        expansion = expand(lines, facts.bindings, before.expansion if before is not None else None)
        if expansion is None:
            written, copies = lines, None
        else:
            written = Rows(expansion.lines)
            own = layer_numbers(lines)
            numbers = array("i", [own[row] for row in expansion.origin])
            copies = Copies(numbers, expansion.local, expansion.guards)
        if before is None:
            inference = infer(written, facts, copies)
        else:
            change = difference(before.inference.lines, written)
            inference = before.inference.edited(change.first, change.last, change.lines, facts, copies)
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
            self._shown = shown_rows(self.lines)
        return self._shown

    def place(self, row: int) -> int:
        """Where in ``shown`` a line stands, or would stand."""
        return bisect_left(self.shown, row)

    @cached_property
    def _own_numbers(self) -> Sequence[int]:
        return self.inference.wiring.numbers if self.expansion is None else layer_numbers(self.lines)

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
            if line.name is not None:
                found.setdefault(line.name, row)
        return found

    def copies(self, row: int) -> Sequence[int]:
        """The lines of the inference that a row stands for: itself, or its copies in a repeated block."""
        return (row,) if self.expansion is None else self.expansion.copies(row)

    def body(self, head: int) -> range:
        """The rows of the block that a line is the head of; none for other lines."""
        return range(0) if self.expansion is None else self.expansion.bodies.get(head, range(0))

    def result(self, row: int) -> Result | None:
        """The result of a line; None for a line that is no layer or is skipped.

        For a line in a block that of its first copy, or of the first that has an error; for the head
        of a block the subtotal, with the output of the last copy.
        """
        if self.expansion is None:
            return remarked(self.inference, row)
        if self.lines[row].repeat is not None:
            return self._head(row, self.expansion)
        copies = self.expansion.copies(row)
        if len(copies) < 2:
            return remarked(self.inference, copies[0]) if copies else None
        if row not in self._of_copies:
            alone = self.inference.times.keys().isdisjoint(copies)
            self._of_copies[row] = of_copies([remarked(self.inference, place) for place in copies], alone)
        return self._of_copies[row]

    def _head(self, row: int, expansion: Expansion) -> Result | None:
        wrong = expansion.errors.get(row)
        if wrong is not None:
            return refused(wrong)
        for guard in expansion.copies(row):
            checked = self.inference.result(guard)
            if checked is not None and checked.status == "error":
                return checked
        body = self.body(row)
        return self.subtotal(body) if any(self._placed(body)) else None

    def _placed(self, rows: range) -> Iterator[tuple[int, Result]]:
        """The lines of the inference that some rows stand for, with their results."""
        for row in rows:
            for place in self.copies(row):
                result = self.inference.result(place)
                if result is not None:
                    yield place, result

    def subtotal(self, rows: range) -> Result:
        """Some rows taken together: the sums over all their copies, and the output of the last."""
        if rows not in self._subtotals:
            found = sorted(self._placed(rows), key=lambda f: f[0])
            parts = [(result, self.inference.counted(place)) for place, result in found]
            if self.expansion is not None:
                parts += [(refused(error), 1) for row, error in self.expansion.errors.items() if row in rows]
            layers = (row for row in rows if self.number(row) is not None)
            wrong = next((row for row in layers if (r := self.result(row)) is not None and r.status == "error"), None)
            self._subtotals[rows] = combined(parts) if wrong is None else combined(parts, f"#{self.number(wrong)}")
        return self._subtotals[rows]

    @cached_property
    def _subtotals(self) -> dict[range, Result]:
        return {}

    @cached_property
    def _of_copies(self) -> dict[int, Result | None]:
        return {}

    def field(self, row: int) -> Field | None:
        """The receptive field of a layer's output, in its first copy; of a block that of its last layer."""
        if self.expansion is None:
            return self.inference.field(row)
        copies = self.expansion.copies(row)
        if self.lines[row].repeat is not None:
            copies = [max((place for place, _ in self._placed(range(row, self.body(row).stop))), default=-1)]
        return self.inference.field(copies[0]) if copies and copies[0] >= 0 else None

    def sources(self, row: int) -> tuple[int, ...]:
        """The lines that a layer reads, in its first copy; that a block reads from outside."""
        if self.expansion is None:
            return tuple(feed.row for feed in self.inference.wiring.feeds(row))
        if self.lines[row].repeat is not None:
            inside = self.body(row)
            read = (source for inner in inside if self.lines[inner].is_layer for source in self.sources(inner))
            return tuple(dict.fromkeys(source for source in read if source < row))
        copies = self.expansion.copies(row)
        feeds = self.inference.wiring.feeds(copies[0]) if copies else ()
        return tuple(self.expansion.origin[feed.row] for feed in feeds)

    def waits_for(self, row: int) -> int | None:
        """The line that keeps a waiting layer from its result: the first that is wrong itself."""
        rows: Iterable[int] = (row, *self.body(row))
        place = next((p for r in rows for p in self.copies(r) if self.inference.result(p) is WAITING), None)
        found = None if place is None else self._waits.on(place)
        return found if found is None or self.expansion is None else self.expansion.origin[found]

    @cached_property
    def _waits(self) -> Waits:
        from tui.core.waiting import Waits

        return Waits(self.inference)

    @cached_property
    def totals(self) -> Totals:
        """The sums over all layers."""
        from tui.core.measure import totals

        found = totals(self.inference)
        return found._replace(complete=False) if self._wrong_heads else found

    @property
    def _wrong_heads(self) -> bool:
        return self.expansion is not None and bool(self.expansion.errors)

    @cached_property
    def _peak(self) -> Peak:
        from tui.core.measure import peak

        return peak(self.inference)

    @property
    def peak(self) -> Peak:
        """The largest memory that the activations need at once."""
        found = self._peak._replace(complete=False) if self._wrong_heads else self._peak
        if self.expansion is None or found.row is None:
            return found
        return found._replace(row=self.expansion.origin[found.row])

    @property
    def at_peak(self) -> Result | None:
        """The layer, of several copies the one, where the activations need most memory."""
        return None if self._peak.row is None else self.inference.result(self._peak.row)

    @cached_property
    def conditions(self) -> tuple[Condition, ...]:
        """What the free symbols must be for every layer to have an output."""
        if all(value is not None for value in self.symbols.values()):
            return ()
        from tui.core.validity import conditions

        return conditions(self.inference.results(), self.expansion.counts() if self.expansion is not None else ())

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
        for change in reversed(joined(self.lines, changes)):
            old = inference.lines[change.first : change.last]
            facts = inference.context.facts
            if any(line.declares for line in (*old, *change.lines)):
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
        for change in reversed(joined(self.lines, changes)):
            lines = lines.spliced(change.first, change.last, change.lines)
        changed = [line for c in changes for line in (*self.lines[c.first : c.last], *c.lines)]
        stays = not any(line.declares for line in changed)
        return self._made(lines, self.facts if stays else facts_of(lines), self)


def _row_kind(line: Line) -> tuple[bool, bool]:
    return line.shown, line.is_layer


def _declared(line: Line) -> tuple[object, ...]:
    """What of a line the symbols of the network depend on."""
    return line.spec.symbols() if line.spec is not None else None, line.setting, line.binding
