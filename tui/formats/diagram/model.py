"""A network as a picture: what is drawn, before anything is drawn.

:func:`picture_of` makes boxes, frames and the lines between them from a snapshot. ``diagram.text``
and ``diagram.svg`` draw what it gives.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import log2
from typing import Final

from tui.core.result import Result
from tui.core.size import Size, SizeError, bind, symbols
from tui.core.snapshot import Snapshot
from tui.core.tensor import Shape
from tui.formats.columns import count_text, out_text, status_text
from tui.formats.diagram.frames import Frame, Span, frames_of, named_inside
from tui.formats.diagram.lanes import Skip, skips_of
from tui.formats.diagram.repeats import merged
from tui.formats.diagram.units import Plan, Unit, code_of
from tui.formats.escape import visible

MOST: Final = 300
"""The most boxes of a picture; a larger network is folded to its groups and blocks, then cut."""
LONGEST: Final = 72
"""The most cells of a text in SVG; longer totals, as symbols make them, are written on two lines."""
NOMINAL: Final = 64
"""The value that a symbol is drawn at."""
OPAQUE: Final = "~ weights and work not known"
"""What stands beside a box of an unknown operation: the diagram has no numbers that could be missing."""
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

    @property
    def instead(self) -> str:
        """What stands in the place of a shape where there is none."""
        return {"error": "! error", "waiting": "?", "opaque": "?", "cut": "..."}.get(self.status, "")


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


def picture_of(snapshot: Snapshot, name: str = "", most: int = MOST) -> Picture:
    """The picture of a network, of ``most`` boxes (2 or more) and one for what is left out.

    Symbolic sizes are drawn at a nominal size. Groups that repeat are drawn once. Where that leaves too
    many boxes, the innermost groups and blocks are folded to a box each, then those further out; and at
    last the middle is left out. The remarks of the picture say so.
    """
    plan = Plan(snapshot)
    depth = plan.depth
    units = merged(plan, plan.units(depth))
    while len(units) > most and depth > 0:
        depth -= 1
        units = merged(plan, plan.units(depth))
    layers = f"{len(plan.paths):,} layers"
    remarks = ["groups are folded to a box each"] if depth < plan.depth else []
    gap = None
    if len(units) > most:
        gap = (most + 1) // 2
        below = len(units) - most // 2
        units = [*units[:gap], _left_out(units, gap, below), *units[below:]]
        remarks.append(f"{_count(plan, units[gap]):,} of {layers} are not drawn")
    kept, frames = frames_of([unit.path for unit in units])
    index = {row: i for i, unit in enumerate(units) for rows in (unit.rows, *unit.copies) for row in rows}
    edges = {
        (index[source], index[row])
        for row, sources in plan.sources.items()
        for source in sources
        if source in index and index[source] < index[row]
    }
    boxes = [
        _cut_box(plan, unit) if i == gap else _box(plan, unit, path)
        for i, (unit, path) in enumerate(zip(units, kept, strict=True))
    ]
    joined = tuple((i - 1, i) in edges for i in range(len(boxes)))
    said = tuple(map(visible, [*remarks, *_totals(snapshot)]))
    return Picture(visible(name), tuple(boxes), joined, frames, skips_of(edges, kept), said)


def _left_out(units: Sequence[Unit], first: int, last: int) -> Unit:
    """One unit for those from ``first`` up to ``last`` (that one not), in the spans that go on around them."""
    around = tuple(a for a, b in zip(units[first - 1].path, units[last].path, strict=False) if a is b)
    unit = Unit(units[first].rows, around)
    unit.copies = [rows for one in units[first:last] for rows in (one.rows, *one.copies)]
    return unit


def _count(plan: Plan, unit: Unit) -> int:
    return len({row for rows in (unit.rows, *unit.copies) for row in rows if row in plan.paths})


def _cut_box(plan: Plan, unit: Unit) -> Box:
    return Box(f"{_count(plan, unit):,} more layers", "", BLOCK, "cut", number="a layer left out")


def _totals(snapshot: Snapshot) -> list[str]:
    totals = snapshot.totals
    least = "" if totals.complete else "at least "
    params, macs = least + count_text(totals.params), least + count_text(totals.macs)
    together = f"{params} parameters, {macs} MACs"
    return [together] if len(together) <= LONGEST else [f"parameters: {params}", f"MACs: {macs}"]


def _box(plan: Plan, unit: Unit, path: tuple[Span, ...]) -> Box:
    if unit.folded is not None:
        count = _count(plan, unit)
        title = f"{unit.folded.title(path)}: {count:,} layer{'s' * (count != 1)}"
        box = Box(visible(title), "", BLOCK, number=visible(unit.folded.title(())))
        return _sized(plan, box, unit, plan.snapshot.subtotal(unit.rows))
    row = unit.rows.start
    line, result, family = plan.snapshot.lines[row], plan.result(row), plan.family(row)
    assert result is not None  # only rows with a result are drawn
    name = named_inside(line.name, path)
    title = f"{name}: {code_of(line)}" if name and line.spec is not None else code_of(line)
    thin = plan.small(row) and bool(result.outputs)
    attached = tuple(map(visible, unit.attached))
    number = f"#{plan.snapshot.number(row)}"
    return _sized(plan, Box(visible(title), "", family, thin=thin, attached=attached, number=number), unit, result)


def _sized(plan: Plan, box: Box, unit: Unit, result: Result) -> Box:
    """The box with its result: the shape and the size that it is drawn at, or why there is none."""
    if not result.outputs:
        said = result.message or "" if unit.folded is not None else status_text(plan.snapshot, unit.rows.start, result)
        return replace(box, status=result.status, remark=visible(said))
    channels, side = _logarithms(result.outputs[0].shape, plan.snapshot.settings.channels_last)
    remark = OPAQUE if result.status == "opaque" else ""
    return replace(
        box, out=visible(out_text(result)), status=result.status, remark=remark, channels=channels, side=side
    )


def _logarithms(shape: Shape, channels_last: bool) -> tuple[float, float]:
    sizes = [log2(nominal(size)) for size in shape[1:]]
    if not sizes:
        return 0.0, 0.0
    channels = sizes.pop(-1 if channels_last else 0)
    return channels, sum(sizes) / len(sizes) if sizes else 0.0


def nominal(size: Size) -> int:
    """The size with each symbol at a nominal value; 1 where that cannot be computed."""
    try:
        value = bind(size, dict.fromkeys(symbols(size), NOMINAL))
    except SizeError:
        return 1
    return max(value, 1) if isinstance(value, int) else 1
