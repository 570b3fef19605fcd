"""Lines that are parts of one layer, joined to it: what ONNX's operators cannot say as one.

A join is only made where nobody else reads what the parts make and where the layer comes to the same outputs,
parameters and multiply-accumulates as its parts. What is also a choice of style (an activation as an argument or as
a line, a pool with or without the axes it pools) goes by the scope that exporters put into the names of operators:
parts of one scope were one layer.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from tui.core.network import Source, Spec
from tui.core.result import Result, compute
from tui.core.settings import Settings
from tui.core.size import same, sum_of
from tui.core.tensor import Shape
from tui.formats.frameworks.repeats import without_repeats
from tui.formats.frameworks.words import FrameworkError, spec_of, without_nothing
from tui.formats.onnx.names import LONGEST
from tui.formats.onnx.rows import Row, with_args

_NAME: Final = re.compile(r"[A-Za-z_][\w-]*(\.[\w-]+)*")
"""A name that our text takes as it is."""

Rule = Callable[["Joining", int], bool]


class Joining:
    """The lines of one network while parts are joined. ``scopes`` are those of their operators, by their names,
    ``weights`` the first initializers that they have for themselves."""

    def __init__(
        self, rows: Sequence[Row], settings: Settings, outputs: Sequence[Source], scopes: Mapping[str, str],
        weights: Mapping[str, str],
    ) -> None:  # fmt: skip
        self.rows: list[Row | None] = list(rows)
        self.settings = settings
        self.scopes = dict(scopes)
        self.weights = weights
        self.outputs = set(outputs)
        self._now: dict[Source, Source | None] = {}
        """Where the tensors of lines that were joined are now; None within a layer."""
        self._first: dict[Source, list[Source]] = {}
        """What tensors were at first that are elsewhere now."""
        self.changed = False
        """Whether a line says the same in other words now."""
        self.joined: list[tuple[str, int]] = []
        """The lines made of several, and of how many."""
        self.called = {name for row in rows for name in row.spec.shares}
        """The lines whose weights others use too: they stay what they are, under their names."""
        self._places = {row.name: place for place, row in enumerate(rows)}
        self._readers: dict[Source, Counter[int]] = {}
        """The lines that read each tensor, and how often."""
        for place, row in enumerate(rows):
            self._reads(place, row.sources)

    def run(self, rules: Mapping[str, Sequence[Rule]]) -> None:
        """Try the rules of each kind on its lines, in order; a line that changed is tried again."""
        for place in range(len(self.rows)):
            tries = 8
            while (
                tries and (row := self.rows[place]) is not None and any(r(self, place) for r in rules.get(row.kind, ()))
            ):
                tries -= 1

    def row(self, place: int) -> Row:
        """A line that is still there."""
        found = self.rows[place]
        assert found is not None
        return found

    def maker(self, source: Source, *kinds: str) -> int | None:
        """The line that makes a tensor, where it is of one of these kinds."""
        place = self._places.get(source.name)
        row = None if place is None else self.rows[place]
        return place if row is not None and row.kind in kinds else None

    def only(self, source: Source, *kinds: str) -> int | None:
        """The only reader of a tensor that is no output of the network, where it is of one of these kinds."""
        readers = self._readers.get(source)
        if not readers or len(readers) != 1 or source in self.outputs:
            return None
        ((place, times),) = readers.items()
        row = self.rows[place]
        return place if times == 1 and row is not None and (not kinds or row.kind in kinds) else None

    def _reads(self, place: int, sources: Sequence[Source]) -> None:
        for source in sources:
            self._readers.setdefault(source, Counter())[place] += 1

    def unread(self, source: Source) -> bool:
        """Whether nobody reads a tensor."""
        return not self._readers.get(source) and source not in self.outputs

    def shape(self, source: Source) -> Shape:
        """The whole shape of a tensor."""
        found: Shape = self._tensor(source).shape
        return found

    def axis(self, place: int) -> int:
        """The axis that a concatenation is along, counted from the front."""
        row = self.row(place)
        rank = len(row.result.outputs[0].shape)
        axis = row.spec.args.get("axis")
        if axis is None:
            return rank - 1 if self.settings.channels_last or rank < 3 else 1
        return int(axis) % rank

    def scope(self, place: int) -> str:
        """The scope of the operator that a line stands for; empty where it has none."""
        return self.scopes.get(self.row(place).name, "")

    def in_scope(self, *places: int) -> bool:
        """Whether lines stand for operators of one scope."""
        found = {self.scope(place) for place in places}
        return len(found) == 1 and "" not in found

    def join(
        self, places: Sequence[int], at: int, class_name: str, args: Mapping[str, Any], sources: Sequence[Source],
        ends: Sequence[Source] = (),
    ) -> bool:  # fmt: skip
        """Write lines as one in the place of ``at``; False, and nothing changed, where it is not the same.

        ``ends`` are the tensors that its outputs then are, by default the first of the last line.
        """
        if not self.called.isdisjoint(self.row(place).name for place in places):
            return False
        try:
            spec = spec_of(class_name, without_nothing(args))
            given = tuple(self._tensor(source) for source in sources)
            result = compute(spec.kind.make(spec.args, self.settings), given)
        except (FrameworkError, LookupError):
            return False
        ends = ends or (Source(self.row(places[-1]).name),)
        if not self._same(result, places, ends) or not self._kept_inside(places, ends):
            return False
        spec = without_repeats(spec, result, given, self.settings)
        self._put(places, at, spec, sources, result, ends)
        return True

    def _tensor(self, source: Source) -> Any:
        return self.row(self._places[source.name]).result.outputs[source.output]

    def _same(self, result: Result, places: Sequence[int], ends: Sequence[Source]) -> bool:
        if result.status == "error" or len(result.outputs) < len(ends):
            return False
        parts = [self.row(place).result for place in places]
        counted = (result.counts.params, result.counts.trainable, result.counts.buffers, result.counts.macs)
        summed = [
            sum_of(getattr(part.counts, name) for part in parts) for name in ("params", "trainable", "buffers", "macs")
        ]
        return all(same(a, b) for a, b in zip(counted, summed, strict=True)) and all(
            self._tensor(end) == made for end, made in zip(ends, result.outputs, strict=False)
        )

    def _kept_inside(self, places: Sequence[int], ends: Sequence[Source]) -> bool:
        """Whether nobody else reads what lines make, but for the ends."""
        made = [Source(row.name, i) for row in map(self.row, places) for i in range(len(row.result.outputs))]
        return all(
            source in ends or (source not in self.outputs and set(places).issuperset(self._readers.get(source, ())))
            for source in made
        )

    def _put(
        self, places: Sequence[int], at: int, spec: Spec, sources: Sequence[Source], result: Result,
        ends: Sequence[Source],
    ) -> None:  # fmt: skip
        name = self._name(places, at, spec.kind.name == "multiheadattention")
        inside = []
        for place in places:
            row = self.row(place)
            for source in row.sources:
                self._readers[source].pop(place, None)
            inside += [Source(row.name, index) for index in range(len(row.result.outputs))]
        were = [self._first.pop(end, [end]) for end in ends]
        for source in inside:
            if source not in ends:
                self._now.update(dict.fromkeys(self._first.pop(source, [source])))
        moved = [self._readers.pop(end, Counter()) for end in ends]
        for place in places:
            self.rows[place] = None
        self.rows[at] = Row(name, spec, tuple(sources), result)
        self._places[name] = at
        self._reads(at, sources)
        for index, (end, first, readers) in enumerate(zip(ends, were, moved, strict=True)):
            self._move(end, Source(name, index), first, readers)
        self.joined.append((name, len(places)))

    def _name(self, places: Sequence[int], at: int, by_group: bool) -> str:
        """The name of several lines together: their scope, the group that has no other lines, else one line's."""
        names = [self.row(place).name for place in places]
        scopes = {self.scope(place) for place in places} - {""}
        scope = scopes.pop() if len(scopes) == 1 else ""
        parts = [name.split(".")[:-1] for name in names] if by_group else []
        common = [column[0] for column in zip(*parts, strict=False) if len(set(column)) == 1]
        group = ".".join(common) if all(one[: len(common)] == common for one in parts) else ""
        for wanted in (scope.replace("/", "."), group):
            plain = len(wanted) <= LONGEST and bool(_NAME.fullmatch(wanted))
            if plain and self._places.get(wanted, places[0]) in places:
                self.scopes[wanted] = scope
                return wanted
        return self.row(at).name

    def _move(self, old: Source, new: Source, first: Sequence[Source], readers: Counter[int]) -> None:
        """Let everybody who reads one tensor read another."""
        for place in readers:
            row = self.row(place)
            moved = tuple(new if source == old else source for source in row.sources)
            self.rows[place] = replace(row, sources=moved)
        self._readers.setdefault(new, Counter()).update(readers)
        self._now.update(dict.fromkeys(first, new))
        self._first.setdefault(new, []).extend(first)
        if old in self.outputs:
            self.outputs.remove(old)
            self.outputs.add(new)

    def drop(self, place: int) -> None:
        """Take away a line that hands its input on as it is."""
        row = self.row(place)
        (source,), old = row.sources, Source(row.name)
        self._readers[source].pop(place, None)
        self.rows[place] = None
        self.changed = True
        self._first.setdefault(source, [source])
        self._move(old, source, self._first.pop(old, [old]), self._readers.pop(old, Counter()))

    def say(self, place: int, **args: Any) -> bool:
        """Change arguments of a line that say nothing new; False where they do."""
        row = self.row(place)
        spec = with_args(row.spec, args)
        result = compute(spec.kind.make(spec.args, self.settings), tuple(map(self._tensor, row.sources)))
        if result.status == "error" or (result.outputs, result.weights) != (row.result.outputs, row.result.weights):
            return False
        self.rows[place] = Row(row.name, spec, row.sources, result, row.note)
        self.changed = True
        return True

    def tensor(self, source: Source) -> Source | None:
        """Where a tensor is now; None where it is within a layer."""
        return self._now.get(source, source)

    def kept(self) -> Iterator[Row]:
        """The lines that are left."""
        return (row for row in self.rows if row is not None)


def out(joining: Joining, place: int, output: int = 0) -> Source:
    """An output of a line."""
    return Source(joining.row(place).name, output)


def axes_of(joining: Joining, place: int) -> tuple[int, ...] | None:
    """The axes that a line names."""
    axes = joining.row(place).spec.args.get("axes")
    return axes if isinstance(axes, tuple) else None
