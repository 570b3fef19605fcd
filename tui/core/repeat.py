"""Repeated blocks: a document with ``repeat`` heads written out as the lines that are computed.

A plain count is written out copy by copy, so that a block may change its shape and a receptive field
is exact. A symbolic or very large count is written out twice: the first copy once, the second for all
others, which holds where the second copy gives back the shape that it gets; a guard line checks that.
"""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from tui.core.errors import ParseError, ShapeError
from tui.core.kind import Kind, Reach, Window
from tui.core.network import Line, Source, Spec
from tui.core.size import Size, SizeError, at_least, bind, text
from tui.core.tensor import Tensors

UNROLL: Final = 20_000
"""The most lines that one block is written out to."""
DEPTH: Final = 16


class Steady(Kind):
    """The guard of a block that is not written out: its second copy must give what the first one gave."""

    inputs = (2, 2)

    def output(self, inputs: Tensors) -> Tensors:
        first, second = inputs
        if first != second:
            raise ShapeError(
                "the block changes its shape each time, and its count is symbolic or very large; "
                "bind the count, or keep the shape inside the block"
            )
        return (second,)

    def reach(self, inputs: Tensors) -> Reach:
        return UNKNOWN


UNKNOWN: Final[tuple[Window, ...]] = (Window(1),) * 9
"""More windows than there are axes: nothing is known of the field, which depends on the count."""
STEADY: Final = Spec(Steady, {}, "")


class Expansion:
    """The lines that are computed, with the document row that each comes from.

    ``times`` holds how often a line counts where that is not once; ``errors`` are heads that are wrong.
    """

    def __init__(self, rows: int) -> None:
        self.lines: list[Line] = []
        self.origin = array("i")
        self.times: dict[int, Size] = {}
        self.errors: dict[int, ParseError] = {}
        self.copies: list[list[int]] = [[] for _ in range(rows)]
        """For each document row the lines that it is computed as."""

    def add(self, line: Line, row: int, times: Size) -> None:
        if times != 1:
            self.times[len(self.lines)] = times
        self.copies[row].append(len(self.lines))
        self.origin.append(row)
        self.lines.append(line)


def body_of(lines: Sequence[Line], head: int) -> range:
    """The rows of a block's body: what is indented further than its head, up to the last line that shows."""
    last = head
    for row in range(head + 1, len(lines)):
        line = lines[row]
        if line.shown and line.indent <= lines[head].indent:
            break
        if line.shown:
            last = row
    return range(head + 1, last + 1)


def expand(lines: Sequence[Line], bindings: Mapping[str, Size]) -> Expansion | None:
    """The document written out; None where nothing is repeated."""
    if not any(line.repeat is not None for line in lines):
        return None
    return _Writer(lines, bindings).expansion


class _Writer:
    def __init__(self, lines: Sequence[Line], bindings: Mapping[str, Size]) -> None:
        self.source = list(lines)
        self.bindings = bindings
        self.expansion = Expansion(len(self.source))
        self.scopes: list[dict[str, str]] = [{}]
        self._block(range(len(self.source)), "", 1)

    def _block(self, rows: range, prefix: str, times: Size) -> None:
        row = rows.start
        while row < rows.stop:
            line = self.source[row]
            if line.repeat is None:
                self.expansion.add(self._renamed(line, prefix), row, times)
                row += 1
                continue
            body = body_of(self.source, row)
            body = range(body.start, min(body.stop, rows.stop))
            self._repeat(row, body, prefix, times)
            row = max(body.stop, row + 1)

    def _repeat(self, head: int, body: range, prefix: str, times: Size) -> None:
        line = self.source[head]
        assert line.repeat is not None
        layers = [row for row in body if self.source[row].spec is not None and not self.source[row].off]
        try:
            count = bind(line.repeat.times, self.bindings)
        except SizeError as error:
            self._wrong(head, f"the count cannot be computed: {error}")
            count = 1
        if not layers:
            self._wrong(head, "there is nothing to repeat; indent the lines below that belong to the block")
        elif at_least(count, 1) is False:
            self._wrong(head, f"a block is repeated at least once, not {text(count)} times")
            count = 1
        elif len(self.scopes) > DEPTH:
            self._wrong(head, f"blocks are nested more than {DEPTH} deep")
            return
        name = f"{prefix}{line.repeat.name or f'repeat{head}'}"
        room = UNROLL - len(self.expansion.lines)
        if isinstance(count, int) and count * len(body) <= room:
            for copy in range(count):
                self._copy(body, f"{name}.{copy}.", times)
            return
        last = layers[-1] if layers else head
        self._copy(body, f"{name}.0.", times)
        first = self._name_last(last, f"{name}.0.(last)")
        self._copy(body, f"{name}.1.", times * (count - 1))
        guard = Line("", STEADY, None, (Source(first),))
        self.expansion.add(guard, head, 1)

    def _copy(self, body: range, prefix: str, times: Size) -> None:
        self.scopes.append({})
        self._block(body, prefix, times)
        inner = self.scopes.pop()
        self.scopes[-1].update(inner)  # below the block a name means its last copy

    def _name_last(self, row: int, name: str) -> str:
        """The name of the last layer of the copy just written, given one where it has none."""
        place = self.expansion.copies[row][-1]
        line = self.expansion.lines[place]
        if line.name is not None:
            return line.name
        self.expansion.lines[place] = _line(line, name, line.sources)
        return name

    def _renamed(self, line: Line, prefix: str) -> Line:
        sources = line.sources
        if sources:
            sources = tuple(source._replace(name=self._meaning(source.name)) for source in sources)
        name = line.name
        if name is not None and prefix:
            name = f"{prefix}{name}"
            self.scopes[-1][str(line.name)] = name
        if name == line.name and sources == line.sources:
            return line
        return _line(line, name, sources)

    def _meaning(self, name: str) -> str:
        return next((scope[name] for scope in reversed(self.scopes) if name in scope), name)

    def _wrong(self, head: int, message: str) -> None:
        self.expansion.errors[head] = ParseError(message, (0, len(self.source[head].text)))


# The same copy of the same line is one object in all versions, so that what did not change is not computed anew.
_copies: dict[tuple[Line, str | None, tuple[Source, ...]], Line] = {}
_MOST: Final = 100_000


def _line(line: Line, name: str | None, sources: tuple[Source, ...]) -> Line:
    key = (line, name, sources)
    known = _copies.get(key)
    if known is None:
        if len(_copies) > _MOST:
            _copies.clear()
        known = _copies[key] = replace(line, name=name, sources=sources)
    return known
