"""The words for an unknown: which symbols and numbers of a network one of them stands for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import count
from typing import Final

from tui.core.errors import did_you_mean, or_list
from tui.core.expression import is_name
from tui.core.network import Line, free_symbols
from tui.core.settings import SETTINGS
from tui.core.size import Size, symbol, symbols, text
from tui.core.snapshot import Snapshot
from tui.core.solve_problem import SolveError
from tui.formats.record import layer_names, row_called
from tui.formats.solve.place import Place, takes_numbers

INPUT: Final = "input"
WIDTH: Final = "width"
LETTERS: Final = {1: "L", 2: "HW", 3: "DHW"}
AXES: Final = ("D", "H", "W", "L")


def found_by(snapshot: Snapshot, part: str) -> Iterator[Place | str]:
    """The symbols and numbers that one part of the word stands for."""
    if part in used_symbols(snapshot):
        yield part
        return
    if part == INPUT or (part in AXES and input_row(snapshot) is not None):
        yield from _input(snapshot, part)
        return
    if part in SETTINGS and SETTINGS[part].type.sizes(SETTINGS[part].default):
        rows = [i for i, line in enumerate(snapshot.lines) if line.setting is not None and part in dict(line.setting)]
        given = dict(snapshot.lines[rows[-1]].setting or ())[part] if rows else 1
        yield _symbol_or_place(given, Place(rows[-1] if rows else -1, part), part)
        return
    layer, dot, argument = part.rpartition(".")
    if dot and layer:
        yield _argument(snapshot, layer, argument)
        return
    raise SolveError(_no_such(snapshot, part))


def used_symbols(snapshot: Snapshot) -> dict[str, Size | None]:
    """The symbols that the network depends on, bound or not, those behind bindings (``let k = 2*n``) too."""
    bindings = bindings_of(snapshot.lines)
    found: dict[str, Size | None] = {}
    waiting = list(free_symbols(snapshot.lines, {}))
    while waiting:
        name = waiting.pop(0)
        if name not in found:
            found[name] = snapshot.symbols.get(name)
            value = bindings.get(name)
            waiting += sorted(symbols(value)) if value is not None else []
    return found


def _no_such(snapshot: Snapshot, part: str) -> str:
    used = used_symbols(snapshot)
    near = did_you_mean(part, [*used, INPUT, WIDTH, "batch"])
    if near:
        hint = f"did you mean {or_list(near)}?"
    elif used:
        hint = f"its symbols: {', '.join(used)}; or name a number, such as #1.filters or input"
    else:
        hint = "it has no symbols; name a number, such as #1.filters or input"
    none = "no layer uses" if is_name(part) else "there is no unknown called"
    return f"{none} {part!r}; {hint}"


def free_name(snapshot: Snapshot, wanted: str) -> str:
    """The name, with a number behind it where it is taken by another symbol."""
    taken = {*snapshot.symbols, *bindings_of(snapshot.lines)}
    return next(name for i in count() if (name := f"{wanted}{i or ''}") not in taken)


def bindings_of(lines: Iterable[Line]) -> dict[str, Size | None]:
    """The symbols that ``let`` lines bind, with their values as they are written there."""
    return {line.binding[0]: line.binding[1] for line in lines if line.binding is not None}


def input_row(snapshot: Snapshot) -> int | None:
    rows = (i for i, line in enumerate(snapshot.lines) if line.spec is not None and not line.off)
    return next((i for i in rows if (s := snapshot.lines[i].spec) is not None and s.kind.name == "input"), None)


def input_axes(snapshot: Snapshot, row: int) -> dict[str, int]:
    """The letters of all axes of an input line, the batch left out, with their places in its shape."""
    spec = snapshot.lines[row].spec
    assert spec is not None
    channels = len(spec.args["shape"]) - 1 if snapshot.settings.channels_last else 0
    return {**spatial_axes(snapshot, row), "C": channels}


def spatial_axes(snapshot: Snapshot, row: int) -> dict[str, int]:
    """The letters of the spatial axes of an input line, with their places in its shape."""
    spec = snapshot.lines[row].spec
    assert spec is not None
    rank = len(spec.args["shape"]) - 1
    first = 0 if snapshot.settings.channels_last else 1
    return {letter: first + i for i, letter in enumerate(LETTERS.get(rank, ""))}


def _input(snapshot: Snapshot, part: str) -> Iterator[Place | str]:
    row = input_row(snapshot)
    if row is None:
        raise SolveError("there is no input line; name a symbol or a number, such as #1.filters")
    axes, spec = spatial_axes(snapshot, row), snapshot.lines[row].spec
    assert spec is not None
    if not axes:
        raise SolveError(f"{snapshot.lines[row].code}: it has no spatial axis; write input.C, or name a symbol")
    if part != INPUT and part not in axes:
        raise SolveError(f"{snapshot.lines[row].code} has no {part}; its axes: {', '.join(axes)}")
    for axis in axes.values() if part == INPUT else [axes[part]]:
        yield _symbol_or_place(spec.args["shape"][axis], Place(row, "shape", axis), part)


def _symbol_or_place(size: Size, place: Place, part: str) -> Place | str:
    """The place of a plain number; for a lone symbol the symbol, which may stand elsewhere too."""
    if isinstance(size, int):
        return place
    names = sorted(symbols(size))
    if len(names) == 1 and size == symbol(names[0]):
        return names[0]
    raise SolveError(f"{part} is {text(size)} there; solve for {or_list(names)} instead")


def _argument(snapshot: Snapshot, layer: str, argument: str) -> Place | str:
    row, axis = _row(snapshot, layer), None
    if row is None and layer == INPUT:
        row = input_row(snapshot)
    if row is None and "." in layer and (argument in AXES or argument.isdecimal()):
        outer, _, inner = layer.rpartition(".")
        row, axis, argument = _row(snapshot, outer), argument, inner
    if row is None:
        names = [*layer_names(snapshot).values(), *_blocks(snapshot)]
        near = did_you_mean(layer, names)
        hint = f"did you mean {or_list(near)}?" if near else "write its number, such as #1.filters, or its name"
        raise SolveError(f"there is no layer {layer!r}; {hint}")
    line = snapshot.lines[row]
    if line.repeat is not None:
        if argument not in ("times", "count"):
            raise SolveError(f"a block has a count only: {layer}.times")
        return _symbol_or_place(line.repeat.times, Place(row, "times"), f"{layer}.times")
    if line.spec is None:
        raise SolveError(f"#{snapshot.number(row)} does not read: {line.error.message if line.error else line.code}")
    kind = line.spec.kind
    if kind.name == "input" and argument in (letters := input_axes(snapshot, row)):
        axis, argument = str(letters[argument]), "shape"
    arg = kind.by_name.get(argument)
    numbers = {a.name: a for a in kind.all_args() if takes_numbers(a)}
    if arg is None or arg.name not in numbers:
        near = did_you_mean(argument, numbers)
        known = f"did you mean {or_list(near)}?" if near else f"it has {', '.join(numbers) or 'none'}"
        what = "no whole number" if arg is not None else "no argument"
        raise SolveError(f"{kind.name} has {what} {argument!r}; {known}")
    value = line.spec.args.get(arg.name)
    sizes = arg.type.sizes(value) if value is not None else ()
    if axis is not None:
        place = _axis(snapshot, row, axis, len(sizes))
        size = sizes[place] if place < len(sizes) else sizes[0] if sizes else 0
        return _symbol_or_place(size, Place(row, arg.name, place), f"{layer}.{argument}")
    if len(set(sizes)) > 1:
        example = f"{layer}.{argument}.H" if len(sizes) in (2, 3) and arg.name != "shape" else f"{layer}.{argument}.0"
        shown = arg.type.print(value)
        raise SolveError(f"{layer}.{argument} is {shown}, several numbers; name one of them, such as {example}")
    return _symbol_or_place(sizes[0] if sizes else 0, Place(row, arg.name), f"{layer}.{argument}")


def _row(snapshot: Snapshot, layer: str) -> int | None:
    row = row_called(snapshot, layer)
    return _blocks(snapshot).get(layer) if row is None else row


def _blocks(snapshot: Snapshot) -> dict[str, int]:
    return {line.repeat.name: i for i, line in enumerate(snapshot.lines) if line.repeat and line.repeat.name}


def _axis(snapshot: Snapshot, row: int, axis: str, sizes: int) -> int:
    if axis.isdecimal():
        return int(axis)
    result = snapshot.result(row)
    rank = sizes if sizes > 1 else len(result.inputs[0].shape) - 2 if result is not None and result.inputs else 2
    letters = LETTERS.get(rank, "")
    if axis not in letters:
        raise SolveError(f"#{snapshot.number(row)} has no axis {axis}; it has {', '.join(letters) or 'none'}")
    return letters.index(axis)
