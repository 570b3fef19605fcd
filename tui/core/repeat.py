"""Repeated blocks: a document with ``repeat`` heads written out as the lines that are computed.

A plain count is written out copy by copy, so that a block may change its shape and a receptive field
is exact. A symbolic or very large count is written out twice: the first copy once, the second for all
others. That holds where the second copy hands on the shapes that it gets; guard lines check it.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from tui.core.blocks import body_of
from tui.core.errors import ParseError
from tui.core.network import Line
from tui.core.references import renamed
from tui.core.size import Size, SizeError, bind
from tui.core.steady import STEADY
from tui.core.wiring import Guard

if TYPE_CHECKING:
    from tui.core.unroll import Written

__all__ = ["STEADY", "Expansion", "body_of", "expand"]

Key = tuple[tuple[Line, ...], str, tuple["Size | str", ...]]


class Expansion:
    """The lines that are computed, with the document row that each comes from (``origin``).

    ``times``, ``guards`` and ``errors`` are those of the blocks, by place and by row; ``bodies`` are the
    bodies of the heads; ``local`` gives the full name of a copy as the document writes it.
    """

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self.origin = array("i")
        self.times: dict[int, Size] = {}
        self.guards: dict[int, Guard] = {}
        self.errors: dict[int, ParseError] = {}
        self.bodies: dict[int, range] = {}
        self.local: dict[str, str] = {}
        self.blocks: dict[Key, Written] = {}
        """The blocks by what they depend on, so that the next version writes out only what changed."""
        self._starts: list[int] = []
        self._pieces: list[tuple[int, Written | None]] = []

    def copies(self, row: int) -> Sequence[int]:
        """The places that a row of the document is computed at; for a head those of its guards."""
        piece = bisect_right(self._starts, row) - 1
        place, written = self._pieces[piece]
        offset = row - self._starts[piece]
        return (place + offset,) if written is None else [place + p for p in written.copies[offset]]

    def counts(self) -> list[Size]:
        """The counts of all blocks that have one."""
        return [count for _, _, counts in self.blocks for count in counts if not isinstance(count, str)]

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
        self.guards.update({place + p: guard.moved(place) for p, guard in written.guards.items()})
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
    from tui.core.unroll import UNROLL, write_block  # most networks repeat nothing, and start without it

    source, made = list(lines), Expansion()
    known = before.blocks if before is not None else {}
    scope: dict[str, str] = {}
    later = _last_reads(source)
    room, unnamed, at = UNROLL, 0, 0
    for head in heads:
        repeat = source[head].repeat
        if head < at or repeat is None:
            continue  # in the block before
        made.add_plain(_read_below(source[at:head], scope), at)
        unnamed += repeat.name is None
        name = repeat.name or f"repeat{unnamed}"
        at = max(body_of(source, head).stop, head + 1)
        block = tuple(source[head:at])
        key = (block, name, tuple(_count(line, bindings) for line in block if line.repeat is not None))
        written = known.get(key)
        below = frozenset(n for line in block if (n := line.name) is not None and later.get(n, -1) >= at)
        if written is None or written.below != below or not _holds(written, scope, room):
            written = write_block(block, name, key[2], scope, below, room)
        made.blocks[key] = written
        made.add_block(written, head)
        scope.update(written.names)
        room = max(room - len(written.lines), 0)
    made.add_plain(_read_below(source[at:], scope), at)
    return made


def _last_reads(lines: Sequence[Line]) -> dict[str, int]:
    """For each name that is read the last row that reads it."""
    reads: dict[str, int] = {}
    for row, line in enumerate(lines):
        for source in line.sources:
            reads[source.name] = row
        for name in line.shares:
            reads[name] = row
    return reads


def _count(line: Line, bindings: Mapping[str, Size]) -> Size | str:
    """The count of a head, or why there is none."""
    assert line.repeat is not None
    try:
        return bind(line.repeat.times, bindings)
    except SizeError as error:
        return f"the count cannot be computed: {error}"


def _holds(written: Written, scope: Mapping[str, str], room: int) -> bool:
    """Whether a block written out for other surroundings would be written out the same here."""
    if written.room != room and written.need > min(written.room, room):
        return False
    return all(scope.get(asked) == answer for asked, answer in written.outer.items())


def _read_below(lines: list[Line], scope: dict[str, str]) -> list[Line]:
    """Lines outside of blocks, what they read by its full name: below a block a name means its last copy."""
    if not scope:
        return lines
    made = []
    for line in lines:
        made.append(renamed(line, line.name, scope.get) if line.sources or line.shares else line)
        if line.name is not None:
            scope.pop(line.name, None)
    return made
