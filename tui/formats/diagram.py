"""A network as a picture: what is drawn, before anything is drawn.

:func:`picture_of` makes boxes, frames and the lines between them from a snapshot. ``diagram_text``
and ``diagram_svg`` draw what it gives.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import log2
from typing import Final

from tui.core.network import Line
from tui.core.result import Result
from tui.core.size import Size, SizeError, bind, symbols
from tui.core.snapshot import Snapshot
from tui.core.tensor import Shape
from tui.formats.columns import count_text, out_text, status_text
from tui.formats.diagram_frames import Frame, Span, frames_of, named_inside, spans_of
from tui.formats.diagram_lanes import Skip, skips_of
from tui.formats.escape import visible
from tui.layers import family_of

MOST: Final = 300
"""The most boxes of a picture; a larger network is folded to its groups and blocks, then cut."""
MOST_ATTACHED: Final = 4
NOMINAL: Final = 64
"""The value that a symbol is drawn at."""
SMALL: Final = frozenset({"activation", "axis_activation", "normalization", "layer_normalization", "regularization"})
"""The families that keep the shape: a layer of them is drawn with the box above it, or as a thin box."""
BLOCK: Final = "block"
"""The family of a box that stands for several layers."""


@dataclass(frozen=True, slots=True)
class Box:
    """One box: a layer with the small ones ``attached`` below it, or a group folded to one box.

    ``channels`` and ``side`` are base-2 logarithms of the output's channels and of the geometric mean
    of its spatial axes, 0 where there is no output. ``remark`` says why there is none.
    """

    title: str
    out: str
    family: str
    status: str = "ok"
    remark: str = ""
    channels: float = 0.0
    side: float = 0.0
    thin: bool = False
    attached: tuple[str, ...] = ()
    number: str = ""
    """How text refers to the box where a line to it is not drawn: ``#3``, a group's title."""

    @property
    def wrong(self) -> bool:
        return self.status == "error"


@dataclass(frozen=True, slots=True)
class Picture:
    """A network to be drawn, from top to bottom. ``joined`` tells which boxes read the box above them."""

    name: str
    boxes: tuple[Box, ...]
    joined: tuple[bool, ...]
    frames: tuple[Frame, ...]
    skips: tuple[Skip, ...]
    remarks: tuple[str, ...]
    """What the picture leaves out, and the totals."""


class _Unit:
    """Rows that become one box. ``path`` are the spans around it; ``tail`` is the row whose output it has."""

    def __init__(self, rows: range, path: tuple[Span, ...], folded: Span | None) -> None:
        self.rows = rows
        self.path = path
        self.folded = folded
        self.tail = rows[-1]
        self.attached: list[str] = []


def picture_of(snapshot: Snapshot, name: str = "", most: int = MOST) -> Picture:
    """The picture of a network, of at most about ``most`` boxes. Symbolic sizes are drawn at a nominal size."""
    maker = _Maker(snapshot)
    depth = max((len(path) for path in maker.paths.values()), default=0)
    units = maker.units(depth)
    folded = depth
    while len(units) > most and folded > 0:
        folded -= 1
        units = maker.units(folded)
    remarks = [f"folded to {len(units):,} boxes for {len(maker.paths):,} layers"] if folded < depth else []
    head, tail = units, []
    if len(units) > most:
        head, tail = units[: (most + 1) // 2], units[len(units) - most // 2 :]
    cut = units[len(head) : len(units) - len(tail)]
    left_out = sum(1 for unit in cut for row in unit.rows if row in maker.paths)
    if cut:
        remarks.append(f"{left_out:,} of {len(maker.paths):,} layers are not drawn")
    return maker.picture(name, head, cut, tail, left_out, [*remarks, *_totals(snapshot)])


def _totals(snapshot: Snapshot) -> Iterator[str]:
    totals = snapshot.totals
    least = "" if totals.complete else "at least "
    yield f"{least}{count_text(totals.params)} parameters, {least}{count_text(totals.macs)} MACs"


class _Maker:
    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self.paths = spans_of(snapshot.lines, self._drawn)
        self.sources: dict[int, tuple[int, ...]] = {}
        self.readers: dict[int, set[int]] = {}
        for row in self.paths:
            self.sources[row] = snapshot.sources(row)
            for source in self.sources[row]:
                self.readers.setdefault(source, set()).add(row)

    def _drawn(self, row: int) -> bool:
        return self.snapshot.lines[row].repeat is None and self._result(row) is not None

    def _result(self, row: int) -> Result | None:
        return self.snapshot.result(row) if self.snapshot.lines[row].is_layer else None

    def units(self, depth: int) -> list[_Unit]:
        """The boxes-to-be where spans deeper than ``depth`` are folded to one box each."""
        found: list[_Unit] = []
        for row, path in self.paths.items():
            last = found[-1] if found else None
            if len(path) > depth:
                if last is None or last.folded is not path[depth]:
                    span = path[depth]
                    rows = range(span.rows.start, span.rows.stop)
                    found.append(_Unit(rows, path[:depth], span))
                found[-1].tail = row
            elif last is not None and self._attaches(row, path, last):
                last.attached.append(_code(self.snapshot.lines[row]))
                last.rows = range(last.rows.start, row + 1)
                last.tail = row
            else:
                found.append(_Unit(range(row, row + 1), path, None))
        return found

    def _attaches(self, row: int, path: tuple[Span, ...], unit: _Unit) -> bool:
        """Whether a small layer is drawn with the box above it: nothing else may read what lies between."""
        if unit.folded is not None or len(unit.attached) == MOST_ATTACHED or self._family(row) not in SMALL:
            return False
        if not self.sources[unit.rows.start]:
            return False  # an input is no layer that something could belong to
        left = unit.path[len(path) :]
        # The name of a group ends with its last named layer, what follows that without a name is still its own.
        trailing = self.snapshot.lines[row].name is None and not any(span.block for span in left)
        if path != unit.path and not (trailing and path == unit.path[: len(path)]):
            return False
        if self.sources[row] != (unit.tail,) or self.readers.get(unit.tail) != {row}:
            return False
        mine, theirs = self._result(row), self._result(unit.tail)
        return mine is not None and theirs is not None and bool(mine.outputs) and mine.outputs == theirs.outputs

    def _family(self, row: int) -> str:
        spec = self.snapshot.lines[row].spec
        return "" if spec is None else family_of(spec.kind)

    def picture(
        self, name: str, head: Sequence[_Unit], cut: Sequence[_Unit], tail: Sequence[_Unit], left_out: int,
        remarks: Sequence[str],
    ) -> Picture:  # fmt: skip
        """The boxes with what joins them; the units that are cut become one box."""
        units = [*head, *tail]
        gap = len(head) if cut else -1
        paths = [unit.path for unit in units]
        if cut:
            common = tuple(a for a, b in zip(head[-1].path, tail[0].path, strict=False) if a is b) if tail else ()
            paths.insert(gap, common)
        kept, frames = frames_of(paths)
        boxes = [self._box(unit, path) for unit, path in zip(units, kept[:gap] + kept[gap + 1 :] if cut else kept, strict=True)]
        index: dict[int, int] = {}
        for i, unit in enumerate(units):
            for row in unit.rows:
                index[row] = i + 1 if 0 <= gap <= i else i
        if cut:
            boxes.insert(gap, Box(f"{left_out:,} more layers", "", BLOCK, "cut", number="above"))
            for unit in cut:
                index.update(dict.fromkeys(unit.rows, gap))
        edges = self._edges(index)
        joined = tuple((i - 1, i) in edges for i in range(len(boxes)))
        return Picture(visible(name), tuple(boxes), joined, frames, skips_of(edges, kept), tuple(map(visible, remarks)))

    def _edges(self, index: Mapping[int, int]) -> set[tuple[int, int]]:
        return {
            (index[source], index[row])
            for row, sources in self.sources.items()
            for source in sources
            if source in index and row in index and index[source] < index[row]
        }

    def _box(self, unit: _Unit, path: tuple[Span, ...]) -> Box:
        if unit.folded is not None:
            count = sum(1 for row in unit.rows if row in self.paths)
            title = f"{unit.folded.title(path)}: {count:,} layer{'s' * (count != 1)}"
            result = self.snapshot.subtotal(unit.rows)
            return self._sized(Box(visible(title), "", BLOCK, number=visible(unit.folded.title(()))), unit, result)
        row = unit.rows.start
        line = self.snapshot.lines[row]
        result = self._result(row)
        assert result is not None
        name = named_inside(line.name, path)
        title = f"{name}: {_code(line)}" if name else _code(line)
        small = self._family(row) in SMALL and result.status in ("ok", "warning")
        box = Box(visible(title), "", self._family(row), thin=small, attached=tuple(map(visible, unit.attached)))
        return self._sized(replace(box, number=f"#{self.snapshot.number(row)}"), unit, result)

    def _sized(self, box: Box, unit: _Unit, result: Result) -> Box:
        """The box with its result: the shape and the size that it is drawn at, or why there is none."""
        if not result.outputs:
            if unit.folded is not None:
                said = f"! {result.message}" if result.message else ""
            else:
                said = status_text(self.snapshot, unit.rows.start, result)
            return replace(box, status=result.status, remark=visible(said))
        channels, side = self._logarithms(result.outputs[0].shape)
        return replace(box, out=visible(out_text(result)), status=result.status, channels=channels, side=side)

    def _logarithms(self, shape: Shape) -> tuple[float, float]:
        sizes = [log2(nominal(size)) for size in shape[1:]]
        if not sizes:
            return 0.0, 0.0
        channels = sizes.pop(-1 if self.snapshot.settings.channels_last else 0)
        return channels, sum(sizes) / len(sizes) if sizes else 0.0


def nominal(size: Size) -> int:
    """The size with each symbol at a nominal value; 1 where that cannot be computed."""
    try:
        value = bind(size, dict.fromkeys(symbols(size), NOMINAL))
    except SizeError:
        return 1
    return max(value, 1) if isinstance(value, int) else 1


def _code(line: Line) -> str:
    """What the line says, without its name; its sources are drawn."""
    return line.code if line.spec is None else line.spec.code
