"""Making a number of a line a symbol: the results stay what they are, and from then on the symbol can be stepped.

Over several lines the numbers of one argument get a common factor: 20, 40 and 60 filters become ``w``, ``2*w`` and
``3*w`` with ``let w = 20``, or in percent ``(w*20)//100`` with ``let w = 100``.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from math import gcd
from typing import Final, NamedTuple

from tui.core.edits import Edit
from tui.core.errors import EditError, ParseError
from tui.core.expression import is_name
from tui.core.network import Line
from tui.core.size import Size, symbol, symbols, text
from tui.core.snapshot import Change, Snapshot
from tui.formats.edits import bind
from tui.formats.line import in_place_of, parse_line, with_args
from tui.formats.numbers import numbers
from tui.formats.solve.width import FULL, WIDTHS, with_width
from tui.formats.solve.words import LETTERS, bindings_of, free_name
from tui.formats.statements import print_repeat

NAMES: Final = {"filters": "f", "units": "n", "kernel": "k", "stride": "s", "padding": "p", "times": "t", "shape": "H"}
"""A name to begin with for an argument; others begin with their own first letter."""
FACTOR: Final = "w"


class Found(NamedTuple):
    """The numbers that become one symbol: the argument, and for each row its value."""

    argument: str
    values: dict[int, int]


def found_in(snapshot: Snapshot, rows: Sequence[int], pick: int) -> Found:
    """The numbers of the argument that is picked in the first of the rows that has one, in all of them.

    Filters and units are one argument here. Raises EditError where there is no plain number.
    """
    for row in rows:
        picks = numbers(snapshot.lines[row])
        if picks:
            argument = picks[min(pick, len(picks) - 1)].argument
            break
    else:
        raise EditError("there is no number here" if len(rows) == 1 else "no line of the range has a number")
    alike = WIDTHS if argument in WIDTHS else (argument,)
    values = {row: value for row in rows if (value := _value(snapshot.lines[row], alike)) is not None}
    if not values:
        raise EditError(f"{argument} is no plain number in these lines")
    return Found(argument, values)


def _value(line: Line, names: Sequence[str]) -> int | None:
    """The one plain number of the first of some arguments that a layer has."""
    if line.spec is None or line.off:
        return None
    for name in names:
        if name in line.spec.args:
            sizes = set(line.spec.kind.by_name[name].type.sizes(line.spec.args[name]))
            value = next(iter(sizes)) if len(sizes) == 1 else None
            return value if isinstance(value, int) and value > 0 else None
    return None


def default_name(snapshot: Snapshot, row: int, pick: int, *, several: bool) -> str:
    """A free name for the symbol."""
    wanted = FACTOR
    if not several:
        picks = numbers(snapshot.lines[row])
        picked = picks[min(pick, len(picks) - 1)] if picks else None
        wanted = NAMES.get(picked.argument, picked.argument[0]) if picked is not None else "n"
        if picked is not None and picked.argument == "shape":
            wanted = _axis_letter(snapshot, row, picked.position)
    return free_name(snapshot, wanted)


def _axis_letter(snapshot: Snapshot, row: int, position: int) -> str:
    spec = snapshot.lines[row].spec
    if spec is None:
        return "n"
    rank = len(spec.args["shape"]) - 1
    spatial = LETTERS.get(rank, "")
    letters = f"{spatial}c" if snapshot.settings.channels_last else f"c{spatial}"
    return letters[position] if spatial and position < len(letters) else "n"


def make_variable(snapshot: Snapshot, row: int, pick: int, name: str) -> Edit:
    """The picked number of a line as a symbol that has its value; raises EditError where that cannot be."""
    line = snapshot.lines[row]
    picks = numbers(line)
    if not picks:
        raise EditError("there is no number here to make a symbol of")
    picked = picks[min(pick, len(picks) - 1)]
    size = _size_at(line, picked.argument, picked.position)
    if not isinstance(size, int):
        raise EditError(f"{picked.argument} holds {', '.join(sorted(symbols(size)))} already: {text(size)}")
    changed = _with_symbol(line, picked.argument, picked.position, name)
    return _edit(snapshot, {row: changed}, name, size, row, f"{picked.argument} {name}")


def _size_at(line: Line, argument: str, position: int) -> Size:
    if line.repeat is not None:
        return line.repeat.times
    assert line.spec is not None
    return line.spec.kind.by_name[argument].type.sizes(line.spec.args[argument])[position]


def _with_symbol(line: Line, argument: str, position: int, name: str) -> Line:
    """The line with a symbol in the place of a number; raises EditError where the name would read as something else."""
    _check_name(name)
    if line.repeat is not None:
        return _reads(in_place_of(print_repeat(symbol(name), line.repeat.name), line), line, name)
    picked = next(p for p in numbers(line) if (p.argument, p.position) == (argument, position))
    first, last = (place + line.indent for place in picked.span)
    # By the argument's value where it is one size or a row of them, which names an argument that would else be misread.
    assert line.spec is not None
    value = line.spec.args[argument]
    if isinstance(value, int):
        return _reads(with_args(line, {argument: symbol(name)}), line, name)
    if isinstance(value, tuple) and all(not isinstance(size, tuple) for size in value):
        sizes = (*value[:position], symbol(name), *value[position + 1 :])
        return _reads(with_args(line, {argument: sizes}), line, name)
    return _reads(f"{line.text[:first]}({name}){line.text[last:]}", line, name)


def _reads(written: str, old: Line, name: str) -> Line:
    line = parse_line(written)
    if line.error is not None:
        raise EditError(f"{name} cannot stand there: {line.error.message}")
    if line.spec is not None and (name not in line.spec.symbols() or line.spec.args.keys() != _keys(old)):
        raise EditError(f"{name} would read as something else in {line.code}; take another name")
    return line


def _keys(line: Line) -> object:
    return line.spec.args.keys() if line.spec is not None else None


def _check_name(name: str) -> None:
    if not is_name(name):
        raise EditError(f"{name!r} cannot be a symbol: it is a letter, then letters, digits and _")


def make_factor(snapshot: Snapshot, rows: Sequence[int], pick: int, name: str) -> Edit:
    """The numbers of one argument in some rows as multiples of a symbol; ``w%`` for a percentage of each.

    Raises EditError where no row has such a number, or the name cannot be taken.
    """
    percent = name.endswith("%")
    name = name.removesuffix("%").strip() or default_name(snapshot, rows[0], pick, several=True)
    _check_name(name)
    found = found_in(snapshot, rows, pick)
    common = FULL if percent else reduce(gcd, found.values.values())
    changed = {}
    for row, value in found.values.items():
        changed[row] = _scaled(snapshot.lines[row], found.argument, value, symbol(name), common, percent=percent)
    what = "1 number" if len(changed) == 1 else f"{len(changed)} numbers"
    label = f"{what} by {name}{'%' if percent else ''}"
    return _edit(snapshot, changed, name, common, rows[0], label)


def _scaled(line: Line, argument: str, value: int, factor: Size, common: int, *, percent: bool) -> Line:
    if argument in WIDTHS:
        scaled = with_width(line, factor, FULL if percent else common)
    else:
        assert line.spec is not None
        size = value * factor // (FULL if percent else common)
        old = line.spec.args[argument]
        new = (size,) * len(old) if isinstance(old, tuple) else size
        scaled = parse_line(with_args(line, {argument: new}))
    if scaled.error is not None:
        raise EditError(scaled.error.message)
    return scaled


def _edit(snapshot: Snapshot, changed: dict[int, Line], name: str, value: int, cursor: int, label: str) -> Edit:
    """The changed lines, and the ``let`` line that keeps the results what they are."""
    changes = [Change(row, row + 1, [line]) for row, line in changed.items()]
    known = bindings_of(snapshot.lines)
    if name in known or name in snapshot.symbols:
        if snapshot.symbols.get(name, known.get(name)) != value:
            now = snapshot.symbols.get(name)
            shown = "free" if now is None else text(now)
            raise EditError(f"{name} is a symbol already and is {shown}; take another name, or give it {value} first")
        return Edit(label, tuple(changes), cursor)
    try:
        binding = bind(snapshot, name, value)
    except ParseError as error:
        raise EditError(error.message) from None
    added = sum(len(c.lines) - (c.last - c.first) for c in binding.changes if c.first <= cursor)
    return Edit(f"{label} = {value}", (*changes, *binding.changes), cursor + added)


def preview(edit: Edit) -> str:
    """What an edit makes of its lines, in one line: ``w = 20: conv w 4x4, conv 2*w 3x3``."""
    made = [line.code for change in edit.changes for line in change.lines if line.binding is None]
    bound = [line.code.removeprefix("let ") for change in edit.changes for line in change.lines if line.binding]
    return "; ".join([*bound, ", ".join(made)])
