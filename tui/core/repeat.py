"""Repeated blocks: a document with ``repeat`` heads written out as the lines that are computed.

A plain count is written out copy by copy, so that a block may change its shape and a receptive field
is exact. A symbolic or very large count is written out twice: the first copy once, the second for all
others. That holds where the second copy hands on the shapes that it gets; guard lines check it.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from tui.core.blocks import body_of
from tui.core.errors import ParseError, ShapeError
from tui.core.kind import Kind, Reach, Window
from tui.core.network import Line, Spec
from tui.core.size import Size, SizeError, bind
from tui.core.tensor import Tensors, shape_text

__all__ = ["GUARD", "STEADY", "UNROLL", "Expansion", "body_of", "expand"]

UNROLL: Final = 20_000
"""The most lines that the blocks of a document are written out to."""


class Steady(Kind):
    """The guard of a block that is not written out: its second copy must give what the first one gave."""

    inputs = (2, 2)

    def output(self, inputs: Tensors) -> Tensors:
        first, second = inputs
        if first != second:
            raise ShapeError(
                f"the block changes its shape each time, {shape_text(first.shape)} and then "
                f"{shape_text(second.shape)}, and its count is symbolic or very large; "
                "make the count a small number, or keep the shape inside the block"
            )
        return (second,)

    def reach(self, inputs: Tensors) -> Reach:
        return UNKNOWN


UNKNOWN: Final[tuple[Window, ...]] = (Window(1),) * 9
"""More windows than there are axes: nothing is known of the field, which depends on the count."""
STEADY: Final = Spec(Steady, {}, "")
GUARD: Final = Line("", STEADY)


class Written(NamedTuple):
    """A block written out. Rows count from its head, places from its first line.

    ``times`` holds how often a line counts where that is not once; ``guards`` the two places that each
    guard compares; ``errors`` the heads that are wrong; ``names`` what a name means below the block;
    ``outer`` what was asked of the names above it.
    """

    lines: list[Line]
    rows: list[int]
    copies: list[list[int]]
    times: dict[int, Size]
    guards: dict[int, tuple[int, int]]
    errors: dict[int, ParseError]
    bodies: dict[int, range]
    names: dict[str, str]
    local: dict[str, str]
    outer: dict[str, str | None]


Key = tuple[tuple[Line, ...], str, tuple[Size, ...], int]


class Expansion:
    """The lines that are computed, with the document row that each comes from (``origin``).

    ``times``, ``guards`` and ``errors`` are those of the blocks, by place and by row; ``bodies`` are the
    bodies of the heads; ``local`` gives the full name of a copy as the document writes it.
    """

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self.origin = array("i")
        self.times: dict[int, Size] = {}
        self.guards: dict[int, tuple[int, int]] = {}
        self.errors: dict[int, ParseError] = {}
        self.bodies: dict[int, range] = {}
        self.local: dict[str, str] = {}
        self.blocks: dict[Key, Written] = {}
        """The blocks by all that they depend on, so that the next version writes out only what changed."""
        self._starts: list[int] = []
        self._pieces: list[tuple[int, Written | None]] = []

    def copies(self, row: int) -> Sequence[int]:
        """The places that a row of the document is computed at; for a head those of its guards."""
        piece = bisect_right(self._starts, row) - 1
        place, written = self._pieces[piece]
        offset = row - self._starts[piece]
        return (place + offset,) if written is None else [place + p for p in written.copies[offset]]

    def add_plain(self, lines: Sequence[Line], row: int) -> None:
        """Lines outside of any block."""
        if lines:
            self._piece(row, None)
            self.lines.extend(lines)
            self.origin.extend(range(row, row + len(lines)))

    def add_block(self, written: Written, head: int) -> None:
        """A block written out."""
        place = len(self.lines)
        self._piece(head, written)
        self.lines.extend(written.lines)
        self.origin.extend([head + row for row in written.rows])
        self.times.update({place + p: times for p, times in written.times.items()})
        self.guards.update({place + p: (place + a, place + b) for p, (a, b) in written.guards.items()})
        self.errors.update({head + row: error for row, error in written.errors.items()})
        self.bodies.update({head + row: range(head + b.start, head + b.stop) for row, b in written.bodies.items()})
        self.local.update(written.local)

    def _piece(self, row: int, written: Written | None) -> None:
        self._starts.append(row)
        self._pieces.append((len(self.lines), written))


def expand(lines: Sequence[Line], bindings: Mapping[str, Size], before: Expansion | None = None) -> Expansion | None:
    """The document written out; None where nothing is repeated. Blocks that ``before`` holds are taken over."""
    heads = [row for row, line in enumerate(lines) if line.repeat is not None]
    if not heads:
        return None
    from tui.core.unroll import write_block

    source, made = list(lines), Expansion()
    known = before.blocks if before is not None else {}
    scope: dict[str, str] = {}
    room, unnamed, at = UNROLL, 0, 0
    for head in heads:
        if head < at:
            continue  # in the block before
        made.add_plain(_read_below(source[at:head], scope), at)
        repeat = source[head].repeat
        assert repeat is not None
        unnamed += repeat.name is None
        name = repeat.name or f"repeat{unnamed}"
        at = max(body_of(source, head).stop, head + 1)
        block = tuple(source[head:at])
        key = (block, name, tuple(_bound(line, bindings) for line in block if line.repeat is not None), room)
        written = known.get(key)
        if written is None or any(scope.get(asked) != answer for asked, answer in written.outer.items()):
            written = write_block(block, name, key[2], scope, room)
        made.blocks[key] = written
        made.add_block(written, head)
        scope.update(written.names)
        room = max(room - len(written.lines) + len(block), 0)
    made.add_plain(_read_below(source[at:], scope), at)
    return made


def _bound(line: Line, bindings: Mapping[str, Size]) -> Size:
    """The count of a head; 0, which no head may have, where it cannot be computed."""
    assert line.repeat is not None
    try:
        return bind(line.repeat.times, bindings)
    except SizeError:
        return 0


def _read_below(lines: list[Line], scope: dict[str, str]) -> list[Line]:
    """Lines below blocks, their sources by full name: below a block a name means its last copy."""
    if not scope:
        return lines
    from tui.core.unroll import renamed

    made = []
    for line in lines:
        if line.name is not None:
            scope.pop(line.name, None)
        made.append(renamed(line, line.name, scope.get) if line.sources or line.calls else line)
    return made
