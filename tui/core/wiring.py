"""Who reads whom: each line's sources as positions in the list, and what is wrong with them."""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from tui.core.errors import Fix, LayersheetError, ShapeError, did_you_mean, or_list
from tui.core.kind import Kind
from tui.core.layer_name import NAME
from tui.core.network import Line, Spec


class Feed(NamedTuple):
    """One input of a layer: the position of its source and which of that layer's outputs."""

    row: int
    output: int = 0


class Guard(NamedTuple):
    """A check that the second copy of a block hands on what the first does: the two places that it compares,
    which of their outputs, and where the copy begins that stands for all others."""

    first: int
    second: int
    output: int
    copy: int

    def moved(self, by: int) -> Guard:
        return Guard(self.first + by, self.second + by, self.output, self.copy + by)


class Copies(NamedTuple):
    """What is known of lines that are copies of a document's lines (see repeat).

    ``numbers`` are those of the document's lines, ``local`` gives a full name as the document writes it,
    ``guards`` what is compared at a place.
    """

    numbers: array[int]
    local: Mapping[str, str]
    guards: Mapping[int, Guard]


class Wiring:
    """The sources of every line, found once and shared by all versions in which no wire moves.

    A layer reads the layer above it unless it names sources; lines that are blank, notes or skipped
    (``off``) are passed by. A line that does not read still stands in the chain, so that the rows
    below wait for it.
    """

    def __init__(self, lines: Sequence[Line], copies: Copies | None = None) -> None:
        n = len(lines)
        self.above = array("i", [-1]) * n
        """The layer line above each line, or -1."""
        self.below = array("i", [-1]) * n
        """The layer line below each line that reads the one above it, or -1."""
        self.explicit: dict[int, tuple[Feed, ...]] = {}
        """The sources of lines that name them (or, for ``input``, have none)."""
        self.errors: dict[int, LayersheetError] = {}
        self.names: dict[str, int] = {}
        self.readers: dict[int, list[int]] = {}
        """For each source the lines that name it."""
        self.copies = copies
        self.guards: Mapping[int, Guard] = {} if copies is None else copies.guards
        self.numbers = array("i", [-1]) * n if copies is None else copies.numbers
        """The number that the screen gives to each layer line, from 0; -1 for other lines."""
        self.calls: dict[int, int] = {}
        """For each line that uses another layer again, that layer's line."""
        self.ties: dict[int, dict[str, int]] = {}
        """For each line with weights of other layers, the lines of those layers by their names."""
        self.uses: dict[int, list[int]] = {}
        """For each line of these two the lines whose weights it uses."""
        self.used_by: dict[int, list[int]] = {}
        """For each line those that use its weights."""
        self.open = False
        """Whether a line does not read, so that nobody knows what it would."""
        self.last = -1
        """The last layer, or -1."""
        self._written: dict[str, None] = {}
        """The names as the document writes them, for copies the name of their line."""
        self._last: dict[str, int] | None = None
        self._near: dict[tuple[str, int], tuple[str, ...]] = {}
        self._build(lines)

    def _build(self, lines: Sequence[Line]) -> None:
        above, below, last, number, counted = self.above, self.below, -1, 0, self.copies is None
        passed: dict[int, Feed | None] = {}
        guards, numbers = self.guards, self.numbers
        for i, line in enumerate(lines):
            above[i] = last
            spec = line.spec
            if spec is None:
                if line.error is None:
                    continue
            elif spec.plain and counted and last >= 0 and line.name is None and not line.sources and not line.off:
                # Most layers: they read the one above, and nothing else is to be found out about them.
                numbers[i] = number
                number += 1
                below[last] = i
                last = i
                continue
            if i in guards:
                self._guard(i)
                last = i
                continue
            if counted:
                self.numbers[i] = number
                number += 1
            if line.statement:
                continue
            if line.off:
                passed[i] = self._pass_by(i, line, last, passed)
                if line.name:
                    self._named(i, line.name)
                continue
            if line.name and (first := self._named(i, line.name)) != i:
                self.errors[i] = _name_taken(line, self.numbers[first])
            kind = spec.kind if spec is not None else None
            self.open = self.open or kind is None
            calls = kind is not None and bool(kind.calls)
            if calls:
                kind = self._call(i, line, lines) or kind
            ties = spec is not None and self._tie(i, line, spec, lines)
            if calls or ties or line.sources or (kind is not None and kind.inputs != (1, 1)):
                self._wire(i, line, kind, last, passed, lines)
            elif last >= 0:
                below[last] = i
            last = i
        self.last = last

    def _named(self, i: int, name: str) -> int:
        """The line that a name belongs to: the first that has it."""
        self._written[self.local(name)] = None
        return self.names.setdefault(name, i)

    def local(self, name: str) -> str:
        """A name as the document writes it: that of a copy without its block."""
        return name if self.copies is None else self.copies.local.get(name, name)

    def _guard(self, i: int) -> None:
        guard = self.guards[i]
        self.explicit[i] = (Feed(guard.first, guard.output), Feed(guard.second, guard.output))
        for source in dict.fromkeys((guard.first, guard.second)):
            self.readers.setdefault(source, []).append(i)

    def _call(self, i: int, line: Line, lines: Sequence[Line]) -> type[Kind] | None:
        """Find the layer that a line uses again; its kind, which says how many layers the line reads."""
        name = self.local(str(line.called))
        owner = self._owner(i, line, str(line.called), lines, "call ")
        if owner is None:
            return None
        spec = lines[owner].spec
        if spec is not None and spec.kind.inputs[1] == 0:
            wrong = f"{name} reads no layer, so it cannot be used on one; read it with @{name}"
            self.errors.setdefault(i, ShapeError(wrong))
            return None
        self.calls[i] = owner
        self._use(i, owner)
        return spec.kind if spec is not None else None  # of a line that does not read the call waits

    def _tie(self, i: int, line: Line, spec: Spec, lines: Sequence[Line]) -> bool:
        """Find the layers that have weights of a line too; whether it names any."""
        for full in spec.ties.owners():
            owner = self._owner(i, line, full, lines, "@")
            if owner is not None:
                self.ties.setdefault(i, {})[full] = owner
                self._use(i, owner)
        return bool(spec.ties.owners())

    def _owner(self, i: int, line: Line, full: str, lines: Sequence[Line], mark: str) -> int | None:
        """The line that the weights of a named layer count in; an error of the line ``i`` where there is none."""
        name, target = self.local(full), self.names.get(full)
        if target is None or target == i:
            self.errors.setdefault(i, self._missing(i, line, name, lines, mark))
            return None
        if lines[target].off:
            self.errors.setdefault(i, ShapeError(f"{name} is skipped; take it in again, or name another layer"))
            return None
        owner = self.calls.get(target, target)
        spec = lines[owner].spec
        if spec is not None and spec.kind.calls:
            self.errors.setdefault(i, ShapeError(f"{name} calls no layer itself; put that right first"))
            return None
        return owner

    def _use(self, i: int, owner: int) -> None:
        self.uses.setdefault(i, []).append(owner)
        self.used_by.setdefault(owner, []).append(i)

    def _pass_by(self, i: int, line: Line, last: int, passed: dict[int, Feed | None]) -> Feed | None:
        if line.sources:
            row = self.names.get(line.sources[0].name)
            if row is not None:
                return passed[row] if row in passed else Feed(row, line.sources[0].output)
        return Feed(last) if last >= 0 else None

    def _wire(
        self,
        i: int,
        line: Line,
        kind: type[Kind] | None,
        last: int,
        passed: dict[int, Feed | None],
        lines: Sequence[Line],
    ) -> None:
        fewest, most = kind.inputs if kind is not None else (1, None)
        feeds: list[Feed] = []
        if fewest > len(line.sources) and last >= 0:
            feeds.append(Feed(last))
            self.below[last] = i
        for source in line.sources:
            row = self.names.get(source.name)
            if row is None or row == i:
                self.errors.setdefault(i, self._missing(i, line, self.local(source.name), lines))
                continue
            feed = passed[row] if row in passed else Feed(row, source.output)
            if feed is None:
                self.errors.setdefault(i, ShapeError(f"@{source.name} is skipped and has nothing above it"))
                continue
            feeds.append(feed)
        self.explicit[i] = tuple(feeds)
        for row in dict.fromkeys(feed.row for feed in feeds):
            if self.below[row] != i:
                self.readers.setdefault(row, []).append(i)
        if i not in self.errors and not fewest <= len(feeds) <= (len(feeds) if most is None else most):
            assert kind is not None  # a line that does not read may read any number
            self.errors[i] = _wrong_count(kind.name, len(feeds), fewest, most)

    def _missing(self, i: int, line: Line, name: str, lines: Sequence[Line], mark: str = "@") -> LayersheetError:
        """What is wrong with a name that no layer above has; ``mark`` is what stands before it in the line."""
        own = line.name and self.local(line.name)
        if own == name:
            return ShapeError(f"{mark}{name} is this layer itself: a cycle")
        if self._last is None:
            self._last = {self.local(other.name): row for row, other in enumerate(lines) if other.name}
        if self._last.get(name, -1) > i:
            below = lines[self._last[name]]
            if any(source.name == line.name for source in below.sources):
                return ShapeError(f"{mark}{name} reads this layer: a cycle; break it at one of the two")
            return ShapeError(
                f"{mark}{name} stands below this layer; move it above, a layer reads only layers above it"
            )
        known = (name, len(self._written))  # the same in every copy of a line
        near = self._near.get(known)
        if near is None:
            near = self._near[known] = did_you_mean(name, self._written)
        hint = f"did you mean {mark}{or_list(near)}?" if near else f"name a layer above with `{name}: kind ...`"
        written = re.compile(rf"{re.escape(mark + name)}(?!{NAME.pattern})")  # @a does not stand in @ab
        fixes = [Fix(f"{mark}{n}", text=written.sub(f"{mark}{n}", line.code, count=1)) for n in near]
        return ShapeError(f"no layer above is named {name}; {hint}", fixes=fixes)

    def feeds(self, row: int) -> tuple[Feed, ...]:
        """The sources of a line; none for the first layer, which has nothing to read."""
        feeds = self.explicit.get(row)
        if feeds is not None:
            return feeds
        above = self.above[row]
        return (Feed(above),) if above >= 0 else ()

    def made(self, feed: Feed) -> Feed:
        """The layer's output that a feed stands for: a guard only hands one on."""
        while feed.row in self.guards:
            guard = self.guards[feed.row]
            feed = Feed(guard.second, guard.output)
        return feed

    def read_by(self, row: int) -> Iterator[int]:
        """The lines that read this one."""
        if self.below[row] >= 0:
            yield self.below[row]
        yield from self.readers.get(row, ())


def signature(line: Line) -> tuple[object, ...]:
    """What of a line the wiring depends on; equal signatures leave every wire where it is."""
    kind_inputs = line.spec.kind.inputs if line.spec is not None else None
    nothing = line.statement or (line.error is None and line.spec is None)
    return (nothing, line.name, line.sources, line.off, kind_inputs, line.shares)


def _name_taken(line: Line, number: int) -> LayersheetError:
    return ShapeError(f"the name {line.name} is taken by #{number}; choose another")


def _wrong_count(kind: str, count: int, fewest: int, most: int | None) -> LayersheetError:
    if count < fewest:
        if fewest == 1:
            return ShapeError(f"{kind} has nothing to read; start with an input line, such as input 28x28x1")
        return ShapeError(f"{kind} joins {fewest} or more layers, it has {count}; name another with @name")
    return ShapeError(f"{kind} reads {'no layer' if most == 0 else f'at most {most}'}, it is given {count}")
