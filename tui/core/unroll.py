"""One block written out: its copies with names of their own, and the guards of what is not written out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from tui.core.blocks import body_of
from tui.core.errors import ParseError
from tui.core.network import Line
from tui.core.references import names_read, renamed
from tui.core.size import Size, SizeError, at_least, text
from tui.core.steady import GUARD
from tui.core.wiring import Guard

UNROLL: Final = 20_000
"""The most lines that the blocks of a document are written out to."""
DEPTH: Final = 16


class Written(NamedTuple):
    """A block written out. Rows count from its head, places from its first line.

    ``copies`` has for each row its places, for a head those of its guards; ``times`` how often a line
    counts where that is not once; ``names`` what a name means below the block; ``outer`` what was asked
    of the names above it; ``below`` those of its names that are read below it; ``need`` the lines that the
    block wants, of the ``room`` that it was given.
    """

    lines: list[Line]
    rows: list[int]
    copies: list[list[int]]
    times: dict[int, Size]
    guards: dict[int, Guard]
    errors: dict[int, ParseError]
    bodies: dict[int, range]
    names: dict[str, str]
    local: dict[str, str]
    outer: dict[str, str | None]
    below: frozenset[str]
    need: int
    room: int


class _Block:
    """A head with the layers and blocks of its body; ``need`` is the number of lines it is written out to,
    ``least`` that number where the block and those in it are written twice at most."""

    def __init__(self, row: int, name: str, count: Size) -> None:
        self.row = row
        self.name = name
        self.count = count
        self.parts: list[int | _Block] = []
        self.need = self.least = 0

    def measure(self) -> None:
        need = sum(1 if isinstance(part, int) else part.need for part in self.parts)
        least = sum(1 if isinstance(part, int) else part.least for part in self.parts)
        self.need = need * self.count if isinstance(self.count, int) else 2 * need + 1
        self.least = least * min(self.count, 2) if isinstance(self.count, int) else 2 * least + 1


def write_block(
    source: Sequence[Line],
    name: str,
    counts: Sequence[Size | str],
    outer: Mapping[str, str],
    below: frozenset[str],
    room: int,
) -> Written:
    """The block that ``source`` is, head first. ``counts`` are those of its heads, or why there is none;
    ``outer`` gives names above the block another meaning; ``below`` are its names that are read below it."""
    return _Writer(source, counts, outer, below).written(name, room)


class _Writer:
    def __init__(
        self, source: Sequence[Line], counts: Sequence[Size | str], outer: Mapping[str, str], below: frozenset[str]
    ) -> None:
        self.source = source
        self.below = below
        self.outer = outer
        self.asked: dict[str, str | None] = {}
        heads = [row for row, line in enumerate(source) if line.repeat is not None]
        self.counts = dict(zip(heads, counts, strict=True))
        self.bodies = {head: body_of(source, head) for head in heads}
        self.lines: list[Line] = []
        self.rows: list[int] = []
        self.copies: list[list[int]] = [[] for _ in source]
        self.times: dict[int, Size] = {}
        self.guards: dict[int, Guard] = {}
        self.errors: dict[int, ParseError] = {}
        self.local: dict[str, str] = {}
        self.places: dict[str, int] = {}
        self.scopes: list[dict[str, str]] = [{}]

    def written(self, name: str, room: int) -> Written:
        block = self._read(0, name, 1)
        if block.least > room:
            self._wrong(0, f"the blocks of this document come to more than {UNROLL:,} lines written out; repeat less")
            block = self._flat(0, name)
        self._write(block, name, 1, room)
        return Written(
            self.lines, self.rows, self.copies, self.times, self.guards, self.errors, self.bodies, self.scopes[0],
            self.local, self.asked, self.below, block.need, room,
        )  # fmt: skip

    def _read(self, head: int, name: str, depth: int) -> _Block:
        """The structure of a block; what is wrong with its heads is said, and then taken as once."""
        if depth > DEPTH:
            self._wrong(head, f"blocks are nested more than {DEPTH} deep")
            return self._flat(head, name)
        block = _Block(head, name, self._count(head))
        row, unnamed = head + 1, 0
        while row < self.bodies[head].stop:
            repeat = self.source[row].repeat
            if repeat is None:
                if self.source[row].is_layer:
                    block.parts.append(row)
                row += 1
                continue
            unnamed += repeat.name is None
            block.parts.append(self._read(row, repeat.name or f"repeat{unnamed}", depth + 1))
            row = max(self.bodies[row].stop, row + 1)
        if not block.parts:
            self._wrong(head, "there is nothing to repeat; indent the lines below that belong to the block")
        block.measure()
        return block

    def _flat(self, head: int, name: str) -> _Block:
        block = _Block(head, name, 1)
        block.parts.extend(row for row in self.bodies[head] if self.source[row].is_layer)
        block.measure()
        return block

    def _count(self, head: int) -> Size:
        count = self.counts[head]
        if isinstance(count, str):
            self._wrong(head, count)
            return 1
        if at_least(count, 1) is False:
            self._wrong(head, f"a block is repeated at least once, not {text(count)} times")
            return 1
        return count

    def _write(self, block: _Block, name: str, times: Size, room: int) -> None:
        if isinstance(block.count, int) and block.need <= room:
            for copy in range(block.count):
                self._copy(block, f"{name}.{copy}.", times, room)
            return
        inner = sum(isinstance(part, _Block) for part in block.parts)
        inside = room if block.need <= room else room // 2 // max(inner, 1)
        start = len(self.lines)
        first = self._copy(block, f"{name}.0.", times, inside)
        middle = len(self.lines)
        try:
            others = times * (block.count - 1)
        except SizeError as error:
            self._wrong(block.row, f"the counts of these blocks cannot be multiplied: {error}")
            others = times
        second = self._copy(block, f"{name}.1.", others, inside)
        end = len(self.lines)
        # What a copy takes from the one before: tensors that are read by name, and the last output. What
        # is read by name from outside has to be the same in the first copy, which may be the only one.
        read = dict.fromkeys(source for line in self.lines[middle:end] for source in line.sources)
        outside = self._read_outside(block.row)
        for name, full in first.items():
            indices = dict.fromkeys(source.output for source in read if source.name == full)
            for index in indices or ([0] if name in outside else ()):
                self._compare(block.row, name, self.places[full], self.places[second[name]], index, middle)
        of_first = set(first.values())
        if any(not of_first.isdisjoint(line.shares) for line in self.lines[middle:end]):
            why = "weights of a layer of the copy before are used again; make the count a small number"
            self._wrong(block.row, why)
        last = [next((p for p in range(b - 1, a - 1, -1) if not self.lines[p].off), None)
                for a, b in ((start, middle), (middle, end))]  # fmt: skip
        if last[0] is not None and last[1] is not None:
            self._guard(block.row, Guard(last[0], last[1], 0, middle))

    def _read_outside(self, head: int) -> frozenset[str]:
        """The names that are read outside of a block."""
        inside = range(head, self.bodies[head].stop)
        lines = [line for row, line in enumerate(self.source) if row not in inside]
        return self.below | names_read(lines)

    def _compare(self, head: int, name: str, first: int, second: int, output: int, copy: int) -> None:
        a, b = self._standing(first), self._standing(second)
        if a is not None and b is not None:
            self._guard(head, Guard(a, b, output if a == first else 0, copy))
        elif a != b:
            self._wrong(head, f"what {name} hands on, which is skipped, is not the same in all copies; "
                              "make the count a small number, or read another layer")  # fmt: skip

    def _standing(self, place: int) -> int | None:
        """The line whose output a line stands for, where it is skipped; None for one above the block."""
        while self.lines[place].off:
            sources = self.lines[place].sources
            above = self.places.get(sources[0].name) if sources else self._above(place)
            if above is None:
                return None
            place = above
        return place

    def _above(self, place: int) -> int | None:
        return next((p for p in range(place - 1, -1, -1) if not self.lines[p].off), None)

    def _guard(self, head: int, guard: Guard) -> None:
        place = len(self.lines)
        self.guards[place] = guard
        self.copies[head].append(place)
        self.rows.append(head)
        self.lines.append(GUARD)

    def _copy(self, block: _Block, prefix: str, times: Size, room: int) -> dict[str, str]:
        """One copy; the result says what its names mean in full."""
        self.scopes.append({})
        for part in block.parts:
            if isinstance(part, int):
                self._line(part, prefix, times)
            else:
                self._write(part, prefix + part.name, times, room)
        inner = self.scopes.pop()
        self.scopes[-1].update(inner)  # below the block a name means its last copy
        return inner

    def _line(self, row: int, prefix: str, times: Size) -> None:
        line, place = self.source[row], len(self.lines)
        name = line.name and prefix + line.name
        self.lines.append(renamed(line, name, self._meaning))
        self.rows.append(row)
        self.copies[row].append(place)
        if times != 1:
            self.times[place] = times
        if line.name and name:
            self.scopes[-1][line.name] = name
            self.local[name] = line.name
            self.places.setdefault(name, place)

    def _meaning(self, name: str) -> str | None:
        for scope in reversed(self.scopes):
            if name in scope:
                return scope[name]
        self.asked[name] = self.outer.get(name)
        return self.asked[name]

    def _wrong(self, head: int, message: str) -> None:
        self.errors.setdefault(head, ParseError(message, (0, len(self.source[head].text))))
