"""The layers of a network taken together to boxes: small layers with the one above, groups folded whole."""

from __future__ import annotations

from bisect import bisect_left
from typing import Final

from tui.core.network import Line
from tui.core.repeat import body_of
from tui.core.result import Result
from tui.core.snapshot import Snapshot
from tui.formats.columns import out_text
from tui.formats.diagram.frames import Span, spans_of
from tui.layers import family_of

SMALL: Final = frozenset({"activation", "axis_activation", "normalization", "layer_normalization", "regularization"})
"""The families that keep the shape: a layer of them is drawn with the box above it, or as a thin box."""
PASSING: Final = frozenset({"identity"})
"""Kinds of other families for which the same holds."""
MOST_ATTACHED: Final = 4


class Unit:
    """Rows that become one box, in ``path``; a ``folded`` one stands for all layers of a span.

    ``tail`` is the row whose output the box has. ``copies`` are the rows of like layers that it stands
    for too, where groups that repeat are drawn once.
    """

    def __init__(self, rows: range, path: tuple[Span, ...], folded: Span | None = None) -> None:
        self.rows = rows
        self.path = path
        self.folded = folded
        self.tail = rows[-1]
        self.attached: list[str] = []
        self.copies: list[range] = []


class Plan:
    """What is drawn of a snapshot, before it is put in boxes. ``paths`` holds the spans around each drawn row."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self.paths = spans_of(snapshot.lines, self._drawn, snapshot.facts.bindings)
        self.depth = max(map(len, self.paths.values()), default=0)
        self._rows = list(self.paths)
        self.sources = {row: tuple(map(self._layer, snapshot.sources(row))) for row in self.paths}
        self.readers: dict[int, set[int]] = {}
        for row, sources in self.sources.items():
            for source in sources:
                self.readers.setdefault(source, set()).add(row)

        for span in dict.fromkeys(span for path in self.paths.values() for span in path if span.block):
            self._note_change(span)

    def _note_change(self, span: Span) -> None:
        """Let a block that changes its shape each time say what comes out of it: its boxes show the first time."""
        whole, last = self.snapshot.result(span.rows.start), self.result(self._layer(span.rows.start))
        if whole is not None and last is not None and whole.outputs and whole.outputs != last.outputs:
            span.gives = out_text(whole)

    def _drawn(self, row: int) -> bool:
        return self.result(row) is not None

    def _layer(self, row: int) -> int:
        """The layer that a source is: what reads a whole block reads its last layer."""
        if self.snapshot.lines[row].repeat is None:
            return row
        last = bisect_left(self._rows, body_of(self.snapshot.lines, row).stop) - 1
        return self._rows[last] if last >= 0 else row

    def result(self, row: int) -> Result | None:
        """The result of a layer; None for any other line, and for one that is skipped."""
        return self.snapshot.result(row) if self.snapshot.lines[row].is_layer else None

    def family(self, row: int) -> str:
        """The family of a layer's kind; empty for a line that does not read."""
        spec = self.snapshot.lines[row].spec
        return "" if spec is None else family_of(spec.kind)

    def small(self, row: int) -> bool:
        """Whether a layer is one that needs no box of its own."""
        spec = self.snapshot.lines[row].spec
        return spec is not None and (family_of(spec.kind) in SMALL or spec.kind.name in PASSING)

    def units(self, depth: int) -> list[Unit]:
        """The boxes-to-be where spans in ``depth`` others are folded to one box each."""
        found: list[Unit] = []
        for row, path in self.paths.items():
            last = found[-1] if found else None
            if len(path) > depth:
                if last is None or last.folded is not path[depth]:
                    last = Unit(path[depth].rows, path[:depth], path[depth])
                    found.append(last)
                last.tail = row
            elif last is not None and self._attaches(row, path, last):
                last.attached.append(code_of(self.snapshot.lines[row]))
                last.rows = range(last.rows.start, row + 1)
                last.tail = row
            else:
                found.append(Unit(range(row, row + 1), path))
        return found

    def _attaches(self, row: int, path: tuple[Span, ...], unit: Unit) -> bool:
        """Whether a small layer is drawn with the box above it: nothing else may read what lies between."""
        if unit.folded is not None or len(unit.attached) == MOST_ATTACHED or not self.small(row):
            return False
        if not self.sources[unit.rows.start]:
            return False  # an input is no layer that something could belong to
        # A group of names ends with its last name; a small layer that follows is still the last one's own.
        trailing = not any(span.block for span in unit.path[len(path) :])
        if path != unit.path and not (trailing and path == unit.path[: len(path)]):
            return False
        if self.sources[row] != (unit.tail,) or self.readers.get(unit.tail) != {row}:
            return False
        mine, above = self.result(row), self.result(unit.tail)
        return mine is not None and above is not None and bool(mine.outputs) and mine.outputs == above.outputs


def code_of(line: Line) -> str:
    """What the line says, without its name and its sources, which are drawn."""
    return line.code if line.spec is None else line.spec.code
