"""Ways out that put a layer in: an input above all, or a layer that gives the next one the axes that it reads."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import Final

from tui.core.edits import Edit, insert
from tui.core.network import Source
from tui.core.result import Result
from tui.core.size import text as text_of
from tui.core.snapshot import Change, Snapshot
from tui.formats.line import parse_line, with_parts
from tui.formats.naming import named_for_reading
from tui.formats.way_out import WayOut

INPUTS: Final = {
    "channels_last": ("input 28x28x1", "input 28", "input 28x28", "input 28x28x28x1"),
    "channels_first": ("input 1x28x28", "input 28", "input 28x28", "input 1x28x28x28"),
}
"""Inputs of the commonest ranks, an image before all."""
MORE_AXES: Final = ("unsqueeze -1", "unsqueeze 1")
"""Layers that add an axis: channels behind the others, or in front."""
FEWER_AXES: Final = ("flatten start=2", "flatten")
"""Layers that take axes away, of a tensor that has an image's or more."""


def input_above(snapshot: Snapshot, row: int) -> Iterator[WayOut]:
    """For the first layer where it reads nothing: an input of its rank."""
    line = snapshot.lines[row]
    if line.spec is None or snapshot.sources(row) or line.sources or not line.spec.kind.inputs[0]:
        return
    for text in INPUTS[snapshot.settings.data_format]:
        yield WayOut(f"put {text} above", text, _above(snapshot, row, text), row + 1)


def other_axes(snapshot: Snapshot, row: int) -> Iterator[WayOut]:
    """For a layer that reads the one above it, and other axes than that one has: a layer between the two."""
    line, sources = snapshot.lines[row], snapshot.sources(row)
    read = snapshot.result(sources[0]) if len(sources) == 1 else None
    if line.spec is None or line.sources or read is None or not read.outputs:
        return
    for text in MORE_AXES if len(read.outputs[0].shape) < 4 else FEWER_AXES:
        yield WayOut(f"put {text} before it", text, _above(snapshot, row, text), row + 1)


def shortcut(snapshot: Snapshot, row: int) -> Iterator[WayOut]:
    """For a layer that joins maps of other sizes: one of the two through a 1x1 convolution, as in a ResNet."""
    line, sources = snapshot.lines[row], snapshot.sources(row)
    if line.spec is None or len(sources) != 2 or len(line.sources) != 1:
        return
    above, skip = map(snapshot.result, sources)
    if above is None or skip is None:
        return
    if (code := _projection(above, skip)) is not None:
        yield WayOut(f"put {code} before it", code, _above(snapshot, row, code), row + 1)
    main = named_for_reading(snapshot, sources[0])
    if (code := _projection(skip, above)) is not None and main.name is not None:
        taken = {*snapshot.names, main.name}
        name = next(n for i in count() if (n := f"shortcut{i or ''}") not in taken)
        made = parse_line(f"{' ' * line.indent}{name}: {code} {line.sources[0]}")
        reader = parse_line(with_parts(line, name=line.name, sources=(Source(main.name), Source(name)), off=line.off))
        changes = (Change(sources[0], sources[0] + 1, [main]), Change(row, row + 1, [made, reader]))
        label = f"put {code} into {line.sources[0]}"
        yield WayOut(label, made.code, Edit(label, changes, row + 1), row + 1)


def _projection(source: Result, target: Result) -> str | None:
    """The convolution that gives one map the channels and the size of another; None where no stride does."""
    if source.kind is None or target.kind is None or not source.outputs or not target.outputs:
        return None
    a, b = source.outputs[0].shape, target.outputs[0].shape
    if len(a) != len(b) or not 3 <= len(a) <= 5:
        return None
    strides = []
    for given, wanted in zip(source.kind.spatial(a), target.kind.spatial(b), strict=True):
        if not isinstance(given, int) or not isinstance(wanted, int):
            return None
        strides.append(-(-given // wanted))
    steps = "x".join(map(str, strides if len(set(strides)) > 1 else strides[:1]))
    return f"conv {text_of(target.kind.channels(b), spaces=False)} 1{f' stride={steps}' if steps != '1' else ''}"


def _above(snapshot: Snapshot, row: int, text: str) -> Edit:
    made = insert(snapshot, row, [parse_line(" " * snapshot.lines[row].indent + text)])
    return made._replace(cursor=row + 1)
