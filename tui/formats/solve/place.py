"""Numbers in the lines of a network as places: what stands there, and the line with something else there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from tui.core.argument import Arg
from tui.core.errors import ParseError
from tui.core.network import Line
from tui.core.settings import SETTINGS
from tui.core.size import Size, bind
from tui.core.snapshot import Snapshot
from tui.core.solve_problem import SolveError
from tui.formats.line import in_place_of, parse_line, with_args
from tui.formats.statements import print_repeat, print_settings


class Place(NamedTuple):
    """A number in a line: of a layer's argument (``axis`` None: all its sizes), of a setting, or a block's count."""

    row: int
    argument: str
    axis: int | None = None


def takes_numbers(arg: Arg) -> bool:
    """Whether a whole number can stand for an argument."""
    try:
        return bool(arg.type.sizes(arg.type.parse("7")))
    except ParseError:
        return False


def number_at(snapshot: Snapshot, line: Line, place: Place) -> tuple[Size | None, int]:
    """The number that stands at a place, None for none, and the least that its argument takes."""
    if line.setting is not None:
        return getattr(snapshot.settings, place.argument), 1
    if line.repeat is not None:
        return line.repeat.times, 1
    assert line.spec is not None
    arg = line.spec.kind.by_name[place.argument]
    value = line.spec.args.get(arg.name)
    sizes = arg.type.sizes(value) if value is not None else ()
    try:
        arg.type.parse("0")
        low = 0
    except ParseError:
        low = 1
    if not sizes:
        result = snapshot.result(place.row)
        used = getattr(result.kind, arg.name, None) if result is not None and result.kind is not None else None
        return (used if isinstance(used, int) else None), low
    return sizes[place.axis if place.axis is not None and place.axis < len(sizes) else 0], low


def with_size(snapshot: Snapshot, line: Line, place: Place, unknown: Size) -> Line:
    """The line with the unknown at a place."""
    if line.setting is not None:
        return read(print_settings({**dict(line.setting), place.argument: unknown}.items()))
    if line.repeat is not None:
        return parse_line(in_place_of(print_repeat(unknown, line.repeat.name), line))
    assert line.spec is not None
    arg = line.spec.kind.by_name[place.argument]
    value = line.spec.args.get(arg.name)
    new: Size | tuple[Size, ...] = unknown
    if place.axis is not None:
        sizes = list(arg.type.sizes(value)) if value is not None else []
        if len(sizes) < 2 and arg.name != "shape":
            result = snapshot.result(place.row)
            rank = len(result.inputs[0].shape) - 2 if result is not None and result.inputs else 2
            sizes = (sizes or [1]) * max(rank, place.axis + 1)
        if place.axis >= len(sizes):
            raise SolveError(f"{arg.name} has {len(sizes)} sizes; the first is .0")
        sizes[place.axis] = unknown
        new = tuple(sizes)
    elif isinstance(value, tuple) and arg.type.sizes(value):
        new = (unknown,) * len(value)
    return read(with_args(line, {arg.name: new}))


def read(written: str) -> Line:
    """The line of a text; raises SolveError where it does not read."""
    line = parse_line(written)
    if line.error is not None:
        raise SolveError(f"cannot be solved for: {line.error.message}")
    return line


def with_number(line: Line, name: str, value: int) -> Line:
    """The line with a number in the place of a symbol."""
    values: Mapping[str, Size] = {name: value}
    if line.repeat is not None:
        return read(in_place_of(print_repeat(bind(line.repeat.times, values), line.repeat.name), line))
    if line.setting is not None:
        bound_settings = [(key, SETTINGS[key].type.bind(given, dict(values))) for key, given in line.setting]
        return read(print_settings(bound_settings) + (f"  {line.note}" if line.note else ""))
    assert line.spec is not None
    by_name = line.spec.kind.by_name
    bound = {
        key: by_name[key].type.bind(given, dict(values))
        for key, given in line.spec.args.items()
        if name in by_name[key].type.symbols(given)
    }
    return read(with_args(line, bound))
