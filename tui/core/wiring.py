"""Who reads whom: each line's sources as positions in the list, and what is wrong with them."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from tui.core.errors import Fix, LayersheetError, ShapeError, did_you_mean, or_list
from tui.core.network import Line


class Feed(NamedTuple):
    """One input of a layer: the position of its source and which of that layer's outputs."""

    row: int
    output: int = 0


class Wiring:
    """The sources of every line, found once and shared by all versions in which no wire moves.

    A layer reads the layer above it unless it names sources; lines that are blank, notes or skipped
    (``off``) are passed by. A line that does not read still stands in the chain, so that the rows
    below wait for it.
    """

    def __init__(self, lines: Sequence[Line], numbers: Sequence[int] | None = None) -> None:
        """``numbers`` gives the lines other numbers than their own, for lines that are copies (see repeat)."""
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
        self.numbers = array("i", [-1]) * n if numbers is None else array("i", numbers)
        """The number that the screen gives to each layer line, from 0; -1 for other lines."""
        self.calls: dict[int, int] = {}
        """For each line that uses another layer again, that layer's line."""
        self.called_by: dict[int, list[int]] = {}
        self._build(lines, counted=numbers is None)

    def _build(self, lines: Sequence[Line], counted: bool) -> None:
        above, below, last, number = self.above, self.below, -1, 0
        passed: dict[int, Feed | None] = {}
        later = {line.name: i for i, line in enumerate(lines) if line.name} if _any_sources(lines) else {}
        for i, line in enumerate(lines):
            above[i] = last
            spec = line.spec
            if spec is None and line.error is None:
                continue
            if counted:
                self.numbers[i] = number
                number += 1
            if line.off:
                passed[i] = self._pass_by(i, line, last, passed)
                if line.name:
                    self.names.setdefault(line.name, i)
                continue
            if line.name and (first := self.names.setdefault(line.name, i)) != i:
                self.errors[i] = _name_taken(line, self.numbers[first])
            if spec is not None and spec.kind.calls:
                self._call(i, str(spec.args[spec.kind.calls]), lines)
            if line.sources or (spec is not None and spec.kind.inputs != (1, 1)):
                self._wire(i, line, last, later, passed, lines)
            elif last >= 0:
                below[last] = i
            last = i

    def _call(self, i: int, name: str, lines: Sequence[Line]) -> None:
        target = self.names.get(name)
        if target is None or target == i or lines[target].spec is None:
            near = did_you_mean(name, self.names)
            hint = f"; did you mean {or_list(near)}?" if near else ""
            self.errors.setdefault(i, ShapeError(f"no layer above is named {name}{hint}"))
            return
        target = self.calls.get(target, target)
        self.calls[i] = target
        self.called_by.setdefault(target, []).append(i)

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
        last: int,
        later: dict[str, int],
        passed: dict[int, Feed | None],
        lines: Sequence[Line],
    ) -> None:
        fewest, most = line.spec.kind.inputs if line.spec is not None else (1, None)
        feeds: list[Feed] = []
        if fewest > len(line.sources) and last >= 0:
            feeds.append(Feed(last))
            self.below[last] = i
        for source in line.sources:
            row = self.names.get(source.name)
            if row is None or row == i:
                self.errors.setdefault(i, _missing(line, source.name, i, self.names, later, lines))
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
            self.errors[i] = _wrong_count(line, len(feeds), fewest, most)

    def feeds(self, row: int) -> tuple[Feed, ...]:
        """The sources of a line; none for the first layer, which has nothing to read."""
        feeds = self.explicit.get(row)
        if feeds is not None:
            return feeds
        above = self.above[row]
        return (Feed(above),) if above >= 0 else ()

    def read_by(self, row: int) -> Iterator[int]:
        """The lines that read this one."""
        if self.below[row] >= 0:
            yield self.below[row]
        yield from self.readers.get(row, ())


def signature(line: Line) -> tuple[object, ...]:
    """What of a line the wiring depends on; equal signatures leave every wire where it is."""
    kind_inputs = line.spec.kind.inputs if line.spec is not None else None
    return (line.error is None and line.spec is None, line.name, line.sources, line.off, kind_inputs)


def _any_sources(lines: Sequence[Line]) -> bool:
    return any(line.sources for line in lines)


def _name_taken(line: Line, number: int) -> LayersheetError:
    return ShapeError(f"the name {line.name} is taken by #{number}; choose another")


def _missing(
    line: Line, name: str, row: int, names: dict[str, int], later: dict[str, int], lines: Sequence[Line]
) -> LayersheetError:
    if line.name == name:
        return ShapeError(f"@{name} is this layer itself: a cycle")
    if name in later:
        below = lines[later[name]]
        if any(source.name == line.name for source in below.sources):
            return ShapeError(f"@{name} reads this layer: a cycle; break it at one of the two")
        return ShapeError(f"@{name} stands below this layer; move it above, a layer reads only layers above it")
    near = did_you_mean(name, names)
    hint = f"did you mean @{or_list(near)}?" if near else f"name a layer above with `{name}: kind ...`"
    code = line.text
    fixes = [Fix(f"@{n}", text=code.replace(f"@{name}", f"@{n}", 1)) for n in near]
    return ShapeError(f"no layer above is named {name}; {hint}", fixes=fixes)


def _wrong_count(line: Line, count: int, fewest: int, most: int | None) -> LayersheetError:
    assert line.spec is not None
    kind = line.spec.kind.name
    if count < fewest:
        if fewest == 1:
            return ShapeError(f"{kind} has nothing to read; start with an input line, such as input 28x28x1")
        return ShapeError(f"{kind} joins {fewest} or more layers, it has {count}; name another with @name")
    return ShapeError(f"{kind} reads {'no layer' if most == 0 else f'at most {most}'}, it is given {count}")
