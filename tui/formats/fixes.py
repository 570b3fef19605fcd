"""Ways out of an error on a row, each an edit that was tried and leaves the row without the error."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from tui.core import edits
from tui.core.argument import MISSING
from tui.core.edits import Edit
from tui.core.errors import EditError, Fix
from tui.core.network import Line
from tui.core.snapshot import Change, Snapshot
from tui.formats.layer_between import input_above, other_axes, shortcut
from tui.formats.line import in_place_of, parse_line, with_args
from tui.formats.statements import print_binding, print_repeat
from tui.formats.way_out import WayOut, as_many_sources, below_source, other_sources, sources_that_fit

MOST_LINES: Final = 2_000
"""In longer documents no larger input is searched for: each try runs the network down to the row."""
LARGEST: Final = 1 << 14
MOST_SYMBOLS: Final = 4


def ways_out(snapshot: Snapshot, row: int) -> list[WayOut]:
    """The fixes of a row that work, the likeliest first; of a block those of the first line in it that is wrong."""
    result = snapshot.result(row)
    if result is None or result.status != "error":
        return []
    wrong = (inner for inner in snapshot.body(row) if (r := snapshot.result(inner)) is not None and r.status == "error")
    if (inner := next(wrong, None)) is not None:
        return ways_out(snapshot, inner)
    line = snapshot.lines[row]
    found = []
    for way in (
        *(_from_fix(snapshot, row, line, fix) for fix in result.fixes),
        *_of_head(snapshot, row, line),
        *below_source(snapshot, row),
        *other_sources(snapshot, row),
        *as_many_sources(snapshot, row),
        *sources_that_fit(snapshot, row),
        *input_above(snapshot, row),
        *shortcut(snapshot, row),
        *_untied(snapshot, row, line),
        *_without_pooling(snapshot, row),
        *_larger_input(snapshot, row),
        *_larger_symbol(snapshot, row),
        *other_axes(snapshot, row),
    ):
        if way is not None and _works(snapshot, row, way.edit, way.row):
            found.append(way)
    delete = edits.delete(snapshot, row, row)
    label = "delete this line" if line.repeat is None else "delete this line; its block stays, once"
    return [*found[:8], WayOut(label, "", delete)]


def _works(snapshot: Snapshot, row: int, edit: Edit, moved: int | None = None) -> bool:
    """Whether the row, which then is the row ``moved``, has no error after the edit."""
    after = snapshot.edited(edit.changes)
    if moved is None:
        moved = row + sum(len(c.lines) - (c.last - c.first) for c in edit.changes if c.last <= row)
    result = after.result(moved)
    if result is None:  # a setting or a binding, which has none, or a layer that is skipped
        return after.lines[moved].error is None
    return result.status != "error"


def _from_fix(snapshot: Snapshot, row: int, line: Line, fix: Fix) -> WayOut | None:
    if fix.text is not None:
        code = fix.text.strip()
        text = " " * line.indent + code if "#" in code else in_place_of(code, line)
    elif line.spec is not None:
        text = with_args(line, fix.args)
    else:
        return None
    fixed = parse_line(text)
    return WayOut(fix.label, fixed.code, edits.replace(snapshot, row, fixed))


def _of_head(snapshot: Snapshot, row: int, line: Line) -> Iterator[WayOut]:
    """For the head of a block: a count that is small and known, or a body."""
    if line.repeat is None:
        return
    for count in (2, 1):
        fixed = parse_line(in_place_of(print_repeat(count, line.repeat.name), line))
        yield WayOut(fixed.code, fixed.code, edits.replace(snapshot, row, fixed))
    below = next((r for r in range(row + 1, len(snapshot.lines)) if snapshot.lines[r].is_layer), None)
    if below is not None:
        try:
            edit = edits.indent(snapshot, below, below)
        except EditError:
            return
        yield WayOut(f"repeat #{snapshot.number(below)} {snapshot.lines[below].code}", "", edit)


def _untied(snapshot: Snapshot, row: int, line: Line) -> Iterator[WayOut]:
    """For a layer with weights of another: weights of its own."""
    if line.spec is not None and line.spec.ties:
        own = parse_line(with_args(line, {"tied": MISSING}))
        yield WayOut("weights of its own", own.code, edits.replace(snapshot, row, own))


def _without_pooling(snapshot: Snapshot, row: int) -> Iterator[WayOut]:
    """The nearest pooling layer above taken out: the commonest reason for a map that is too small."""
    for _ in range(len(snapshot.lines)):
        sources = snapshot.sources(row)
        if len(sources) != 1:
            return
        row = sources[0]
        spec = snapshot.lines[row].spec
        if spec is None:
            return
        if "pool" in spec.kind.name:
            label = f"delete #{snapshot.number(row)} {snapshot.lines[row].code}"
            yield WayOut(label, "", edits.delete(snapshot, row, row))
            return


def _larger_input(snapshot: Snapshot, row: int) -> Iterator[WayOut]:
    """The smallest input that is large enough, found by doubling and halving; sizes grow with the input."""
    first = next((i for i, line in enumerate(snapshot.lines) if line.spec and line.spec.kind.name == "input"), None)
    if first is None or first >= row or len(snapshot.lines) > MOST_LINES:
        return
    line = snapshot.lines[first]
    result = snapshot.result(first)
    assert line.spec is not None
    shape = line.spec.args.get("shape")
    if result is None or result.kind is None or not shape or not all(isinstance(size, int) for size in shape):
        return
    last = result.kind.channels_last
    axes = range(len(shape) - 1) if last else range(1, len(shape))

    def edit(sizes: tuple[int, ...]) -> Edit:
        grown = parse_line(with_args(line, {"shape": sizes}))
        return Edit(grown.code, (Change(first, first + 1, [grown]),), row)

    def fits(sizes: tuple[int, ...]) -> bool:
        return _works(snapshot, row, edit(sizes))

    sizes = list(shape)
    extra = 1
    while not fits(tuple(s + extra if i in axes else s for i, s in enumerate(sizes))):
        extra *= 2
        if extra > LARGEST:
            return
    sizes = [s + extra if i in axes else s for i, s in enumerate(sizes)]
    for axis in axes:
        low, high = shape[axis], sizes[axis]
        while low < high:
            middle = (low + high) // 2
            if fits(tuple(middle if i == axis else s for i, s in enumerate(sizes))):
                high = middle
            else:
                low = middle + 1
        sizes[axis] = high
    way = edit(tuple(sizes))
    yield WayOut(f"a larger {way.label}", way.label, way)


def _larger_symbol(snapshot: Snapshot, row: int) -> Iterator[WayOut]:
    """The smallest larger value of a symbol with which the layer fits, found by doubling and halving."""
    if len(snapshot.lines) > MOST_LINES:
        return
    bound = [(i, line.binding) for i, line in enumerate(snapshot.lines) if line.binding is not None]
    for at, (name, value) in bound[:MOST_SYMBOLS]:
        if not isinstance(value, int):
            continue

        def edit(number: int, at: int = at, name: str = name) -> Edit:
            line = parse_line(in_place_of(print_binding(name, str(number)), snapshot.lines[at]))
            return Edit(line.code, (Change(at, at + 1, [line]),), row)

        low, high = max(value, 0), max(value, 0) + 1
        while high <= LARGEST and not _works(snapshot, row, edit(high)):
            low, high = high, 2 * high
        if high > LARGEST:
            continue
        while low + 1 < high:
            middle = (low + high) // 2
            low, high = (low, middle) if _works(snapshot, row, edit(middle)) else (middle, high)
        yield WayOut(f"let {name} = {high}", edit(high).label, edit(high))
