"""Edits that need the text form: each makes new lines by writing them and reading them back.

Nothing is applied here. Every function returns the :class:`Edit` for the store, or raises
:class:`EditError` with the reason in plain words and leaves the network as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from tui.core.blocks import indent_at, shifted, whole
from tui.core.edits import Edit, insert, replace
from tui.core.errors import EditError, ParseError
from tui.core.expression import is_name, parse_size
from tui.core.network import Line
from tui.core.settings import SETTINGS
from tui.core.size import Size, text
from tui.core.snapshot import Change, Snapshot
from tui.formats.document import parse_document
from tui.formats.line import parse_line, with_parts
from tui.formats.line import with_args as line_with_args
from tui.formats.naming import rename as rename
from tui.formats.naming import with_own_names
from tui.formats.numbers import Step, step_text
from tui.formats.statements import print_binding, print_settings


def step_number(snapshot: Snapshot, row: int, index: int, change: Step) -> Edit:
    """One more, one less, twice or half of the ``index``-th number of a line; quick steps become one undo step.

    Raises EditError where the argument does not allow the new size, with the bound in the message.
    """
    line = snapshot.lines[row]
    stepped = _read(step_text(line, index, change))
    if stepped.text == line.text:
        raise EditError("the number stays what it is")
    return replace(snapshot, row, stepped, merge=f"step {row} {index}")


def with_args(snapshot: Snapshot, row: int, changes: Mapping[str, Any]) -> Edit:
    """Other values for some arguments of a layer; MISSING takes an argument away."""
    line = _layer(snapshot, row)
    assert line.spec is not None
    if unknown := [name for name in changes if name not in line.spec.kind.by_name]:
        raise EditError(f"{line.spec.kind.name} has no argument {unknown[0]!r}")
    return replace(snapshot, row, _read(line_with_args(line, changes)))


def toggle_off(snapshot: Snapshot, first: int, last: int) -> Edit:
    """Skip the layers from ``first`` to ``last`` (included); where all of them are skipped, take them back in.

    The head of a block stands for all its layers.
    """
    last = whole(snapshot.lines, first, last)
    rows = [row for row in range(first, last + 1) if snapshot.lines[row].spec is not None]
    if not rows:
        raise EditError("there is no layer here to skip")
    off = not all(snapshot.lines[row].off for row in rows)
    changes = []
    for row in rows:
        line = snapshot.lines[row]
        if line.off != off:
            turned = _read(with_parts(line, name=line.name, sources=line.sources, off=off))
            changes.append(Change(row, row + 1, [turned]))
    what = snapshot.lines[rows[0]].code.removeprefix("off ") if len(rows) == 1 else f"{len(rows)} layers"
    return Edit(f"{'skip' if off else 'use'} {what}", tuple(changes), first)


def duplicate(snapshot: Snapshot, first: int, last: int) -> Edit:
    """Copies of the shown lines from ``first`` to ``last`` (included), below them, with names of their own.

    A head is copied with its whole block.
    """
    last = whole(snapshot.lines, first, last)
    block = [line for line in snapshot.lines[first : last + 1] if line.shown]
    if not block:
        raise EditError("there is nothing to duplicate here")
    return insert(snapshot, last + 1, with_own_names(block, snapshot), "duplicate")


def paste(snapshot: Snapshot, row: int, pasted: str, *, indent: int | None = None) -> Edit:
    """The lines of a text put in below a row (-1: above all), with names of their own where theirs are taken.

    They keep their indentation among each other, and are indented as a new line would be there, or by ``indent``.
    """
    lines = parse_document(pasted.strip("\r\n"))
    if not any(line.text.strip() for line in lines):
        raise EditError("there is nothing to paste")
    level = indent_at(snapshot.lines, row + 1) if indent is None else indent
    by = level - min(line.indent for line in lines if line.text)
    return insert(snapshot, row + 1, with_own_names([shifted(line, by) for line in lines], snapshot), "paste")


def set_setting(snapshot: Snapshot, name: str, value: Any, *, cursor: int | None = None) -> Edit:
    """A setting of the network, as a value or as the word for it; ``cursor`` is the line to stay at.

    The ``set`` line that holds it is rewritten, else one is added below the comments and settings at the top.
    """
    arg = SETTINGS.get(name)
    if arg is None:
        raise EditError(f"no setting is called {name!r}; there are {', '.join(SETTINGS)}")
    try:
        value = arg.type.parse(value if isinstance(value, str) else arg.type.print(value))
    except ParseError as error:
        raise EditError(f"{name}: {error.message}") from None
    label = f"{name}={arg.type.print(value)}"
    for row in reversed(range(len(snapshot.lines))):
        line = snapshot.lines[row]
        if line.setting is not None and name in dict(line.setting):
            written = print_settings({**dict(line.setting), name: value}.items())
            return Edit(label, (Change(row, row + 1, [_noted(written, line)]),), row if cursor is None else cursor)
    return _at_top(snapshot, parse_line(print_settings([(name, value)])), label, cursor, lambda line: False)


def bind(snapshot: Snapshot, symbol: str, size: Size | str | None, *, cursor: int | None = None) -> Edit:
    """A value for a symbol, or None to free it; ``cursor`` is the line to stay at."""
    if not is_name(symbol):
        raise EditError(f"{symbol!r} cannot be a symbol: it is a letter, then letters, digits and _")
    rows = [i for i, line in enumerate(snapshot.lines) if line.binding is not None and line.binding[0] == symbol]
    if size is None:
        if not rows:
            raise EditError(f"{symbol} has no value to take away")
        if cursor is not None:
            cursor -= sum(row < cursor for row in rows)
        return Edit(f"free {symbol}", tuple(Change(r, r + 1, []) for r in rows), rows[0] if cursor is None else cursor)
    try:
        value = parse_size(size.strip()) if isinstance(size, str) else size
    except ParseError as error:
        raise EditError(f"{symbol}: {error.message}") from None
    written = print_binding(symbol, text(value))
    label = written.removeprefix("let ")
    if rows:
        change = Change(rows[-1], rows[-1] + 1, [_noted(written, snapshot.lines[rows[-1]])])
        return Edit(label, (change,), rows[-1] if cursor is None else cursor)
    return _at_top(snapshot, _read(written), label, cursor, lambda line: line.binding is not None)


def _at_top(snapshot: Snapshot, line: Line, label: str, cursor: int | None, passes: Callable[[Line], bool]) -> Edit:
    """A line added below the comments and settings that the document begins with."""
    row = 0
    for i, other in enumerate(snapshot.lines):
        if other.spec is not None or other.error is not None:
            break
        if other.setting is not None or other.note or passes(other):
            row = i + 1
        elif other.text:
            break
    return Edit(label, (Change(row, row, [line]),), row if cursor is None else cursor + (cursor >= row))


def _noted(code: str, old: Line) -> Line:
    return _read(f"{code}  {old.note}" if old.note else code)


def _layer(snapshot: Snapshot, row: int) -> Line:
    line = snapshot.lines[row] if 0 <= row < len(snapshot.lines) else None
    if line is None or line.spec is None:
        raise EditError("this line is no layer")
    return line


def _read(written: str) -> Line:
    line = parse_line(written)
    if line.error is not None:
        raise EditError(line.error.message)
    return line
