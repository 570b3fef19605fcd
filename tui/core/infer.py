"""Incremental inference: after an edit only what can have changed is recomputed, in the order of the list.

Propagation is lazy. An edit marks lines as dirty; ``advance(row)`` recomputes dirty lines up to that
row and stops following a wire as soon as a result equals the old one. The screen asks for the rows
it shows, paints, and asks for the rest afterwards.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

from tui.core.calling import used_again
from tui.core.collecting import no_collection
from tui.core.context import Context
from tui.core.errors import ShapeError
from tui.core.field import Field, field_after
from tui.core.network import Facts, Line, Spec
from tui.core.propagation import Propagation
from tui.core.result import WAITING, Counts, Result, refused
from tui.core.rows import Rows
from tui.core.size import Size
from tui.core.sums import difference, summed
from tui.core.tensor import Tensor
from tui.core.wiring import Copies, Wiring, signature

AT_ONCE: Final = 2_000
"""A document of more lines is computed as far as it is asked for: the first frame shows 40 of them."""
RECOUNT: Final = 256
"""Beyond so many changed rows the totals are counted anew instead of by differences."""


class Inference:
    """The results of one version of a network. Made by :func:`infer` or, from an older one, by ``edited``."""

    def __init__(
        self,
        lines: Rows[Line],
        context: Context,
        wiring: Wiring,
        flow: Propagation[Result | None],
        fields: Propagation[Field | None],
        counts: Counts | None,
    ) -> None:
        self.lines = lines
        self.context = context
        self.wiring = wiring
        self._flow = flow
        self._fields = fields
        self._counts = counts
        self._timed: Counts | None = None
        self._not_steady: frozenset[int] | None = None
        self._changes = 0
        self.times: Mapping[int, Size] = {}
        """How often a line counts in the sums, where that is not once (see repeat)."""
        self.log: list[int] = []
        """The rows recomputed in this version, in order: a promise that tests check."""

    def result(self, row: int) -> Result | None:
        """The result of a line; None for a line that is no layer, or is skipped."""
        self.advance(row)
        return self._flow.values[row]

    def results(self) -> Rows[Result | None]:
        """The results of all lines."""
        self.advance(len(self.lines))
        return self._flow.values

    def field(self, row: int) -> Field | None:
        """The receptive field of a layer's output; None where nothing is known of it."""
        self.advance(row)
        values = self._fields.values

        def compute_field(i: int) -> Field | None:
            result = self._flow.values[i]
            if result is None or not result.outputs:
                return None
            return field_after(result, [values[feed.row] for feed in self.wiring.feeds(i)])

        self._fields.advance(row, compute_field, self.wiring.read_by, _equal)
        return values[row]

    def advance(self, row: int) -> None:
        """Recompute what is dirty up to a row."""
        first = self._flow.first_dirty
        if first > row:
            return
        if self._flow.untouched and row - first > AT_ONCE:
            self._compute_all()
            return
        values = self._flow.values
        self._flow.advance(
            row, lambda i: self._compute(i, values), self.wiring.read_by, _same_outputs, self._note_change, self.log
        )

    def _compute_all(self) -> None:
        """Every line, the first of them perhaps a second time: by the memo that is quicker than line by line."""
        with no_collection():
            self._flow = Propagation(Rows(_full_pass(self)), len(self.lines))

    @property
    def complete(self) -> bool:
        """Whether nothing waits to be recomputed."""
        return self._flow.first_dirty >= len(self.lines)

    def counts(self) -> Counts:
        """The sums over all layers."""
        self.advance(len(self.lines))
        if self.times:  # no differences here: the next version may count its lines otherwise
            if self._timed is None:
                self._timed = summed(self._occurrences())
            return self._timed
        if self._counts is None:
            self._counts = summed(self._occurrences())
        return self._counts

    def _occurrences(self) -> Mapping[Result | None, Size]:
        if not self.times:
            return Counter(self._flow.values)
        found: dict[Result | None, Size] = {}
        unsteady = self._unsteady()
        for row, result in enumerate(self._flow.values):
            if row not in unsteady:
                found[result] = self.times.get(row, 1) + found.get(result, 0)
        return found

    def counted(self, row: int) -> Size:
        """How often a line counts in the sums."""
        times = self.times.get(row, 1)
        return 0 if times != 1 and row in self._unsteady() else times

    def _unsteady(self) -> frozenset[int]:
        """The lines that do not stand for other copies after all: their block changes its shape each time."""
        if self._not_steady is None:
            results = self.results()
            wrong = (i for i in self.wiring.guards if (r := results[i]) is not None and r.status == "error")
            self._not_steady = frozenset(row for i in wrong for row in range(self.wiring.guards[i].copy, i))
        return self._not_steady

    def _note_change(self, row: int, old: Result | None, new: Result | None) -> None:
        if old is None or new is None or old.reach != new.reach or not old.outputs or not new.outputs:
            self._fields.mark(row)
        for again in self.wiring.used_by.get(row, ()):
            self._flow.mark(again)
        self._changes += 1
        if self._counts is not None:
            self._counts = None if self._changes > RECOUNT else difference(self._counts, old, new)

    def _compute(self, row: int, values: Sequence[Result | None]) -> Result | None:
        line = self.lines[row]
        if line.error is not None:
            return refused(line.error)
        if line.spec is None or line.off:
            return None
        wrong = self.wiring.errors.get(row)
        if wrong is not None:
            return refused(wrong)
        inputs: list[Tensor] = []
        for source, index in self.wiring.feeds(row):
            given = values[source]
            if given is None or not given.outputs:
                return WAITING
            if index >= len(given.outputs):
                if given.status == "opaque":  # which outputs it has is not known
                    return WAITING
                return refused(
                    ShapeError(f"the source has {len(given.outputs)} outputs, the first is :0; it has no :{index}")
                )
            inputs.append(given.outputs[index])
        if not inputs and line.spec.kind.inputs[0]:
            return refused(NOTHING_ABOVE)
        called = self.wiring.calls.get(row)
        if called is None:
            own = self.context.result(line.spec, tuple(inputs))
            ties = self.wiring.ties.get(row)
            if ties is None:
                return own
            from tui.core.tying import tied  # few networks have any

            return tied(own, {name: values[owner] for name, owner in ties.items()})
        owner = values[called]
        spec = self.lines[called].spec
        if spec is None or owner is None or owner.kind is None:
            return WAITING
        return used_again(self.context, spec, owner, tuple(inputs))

    def edited(self, first: int, last: int, new: list[Line], facts: Facts, copies: Copies | None = None) -> Inference:
        """The inference after the lines ``first`` up to ``last`` are replaced."""
        lines = self.lines.spliced(first, last, new)
        if facts != self.context.facts:
            return infer(lines, facts, copies)
        stays = (
            copies == self.wiring.copies
            and len(new) == last - first
            and self.wiring.errors.keys().isdisjoint(range(first, last))  # what they say quotes the line
            and all(signature(old) == signature(line) for old, line in zip(self.lines[first:last], new, strict=True))
        )
        wiring = self.wiring if stays else Wiring(lines, copies)
        counts = self._counts
        if len(new) == last - first:
            flow, fields = self._flow.fork(), self._fields.fork()
        else:
            blank: list[None] = [None] * len(new)
            flow = self._flow.spliced(first, last, [*blank])
            fields = self._fields.spliced(first, last, [*blank])
            if counts is not None:
                for old in self._flow.values[first:last]:
                    counts = None if counts is None else difference(counts, old, None)
        twin = Inference(lines, self.context, wiring, flow, fields, counts)
        for row in range(first, first + len(new)):
            if stays and new[row - first] is self.lines[row]:
                continue  # between two copies of an edited line
            twin._mark(row)
            for again in wiring.used_by.get(row, ()):
                twin._mark(again)
        if not stays:
            twin._mark_moved(self.wiring, first, last, len(new))
        self.log = []
        return twin

    def _mark(self, row: int) -> None:
        self._flow.mark(row)
        self._fields.mark(row)

    def _mark_moved(self, before: Wiring, first: int, last: int, count: int) -> None:
        """Mark the rows whose wires are not what they were, after ``first`` up to ``last`` became ``count`` rows."""
        shift = count - (last - first)

        def moved(row: int) -> int:
            return row if row < first else row + shift if row >= last else -1

        for row in range(first + count, len(self.lines)):
            line = self.lines[row]
            if (line.spec is not None or line.error is not None) and not line.off and not line.statement:
                self._mark(row)  # the first layer below may have another layer above it now
                break
        old_feeds = {moved(row): [(moved(f.row), f.output) for f in feeds] for row, feeds in before.explicit.items()}
        for row, feeds in self.wiring.explicit.items():
            if old_feeds.get(row) != list(map(tuple, feeds)):
                self._mark(row)
        old_uses = {moved(row): [*map(moved, owners)] for row, owners in before.uses.items()}
        for row, owners in self.wiring.uses.items():
            if old_uses.get(row) != owners:
                self._mark(row)
        old_errors = {moved(row): error.message for row, error in before.errors.items()}
        for row in old_errors.keys() | self.wiring.errors.keys():
            error = self.wiring.errors.get(row)
            if row >= 0 and old_errors.get(row) != (error.message if error else None):
                self._mark(row)


NOTHING_ABOVE: Final = ShapeError("there is nothing above to read; start with an input line, such as input 28x28x1")


def _equal(old: object, new: object) -> bool:
    return old == new


def _same_outputs(old: Result | None, new: Result | None) -> bool:
    if old is None or new is None:
        return old is new
    return old.outputs == new.outputs


def infer(lines: Rows[Line], facts: Facts, copies: Copies | None = None) -> Inference:
    """The inference of a whole document; of a long one nothing is computed yet."""
    nothing: Propagation[Field | None] = Propagation(Rows([None] * len(lines)), 0)
    results: Propagation[Result | None] = Propagation(Rows([None] * len(lines)), 0)
    inference = Inference(lines, Context(facts), Wiring(lines, copies), results, nothing, None)
    if len(lines) <= AT_ONCE:
        inference._compute_all()
    return inference


def _full_pass(inference: Inference) -> list[Result | None]:
    """Every line in order. The common case, a layer that reads the one above, is a lookup of what came after such a
    result before: by identity, as the sizes of a shape cost more to hash than all else here."""
    context, wiring = inference.context, inference.wiring
    special = wiring.explicit.keys() | wiring.errors.keys()
    values: list[Result | None] = []
    after: dict[int, dict[Spec, Result]] = {}
    below: dict[Spec, Result] = {}
    above: Result | None = None
    for row, line in enumerate(inference.lines):
        spec = line.spec
        if spec is None or line.off or row in special or above is None or len(above.outputs) != 1:
            result = inference._compute(row, values)
        else:
            result = below.get(spec)
            if result is None:
                result = below[spec] = context.result(spec, above.outputs)
        values.append(result)
        if result is not None and result is not above:
            above = result
            below = after.setdefault(id(result), {})
    return values
