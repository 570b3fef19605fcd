"""Edits that need the text form: each makes new lines by writing them and reading them back.

Nothing is applied here. Every function returns the :class:`Edit` for the store, or raises
:class:`EditError` with the reason in plain words and leaves the network as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from tui.core.edits import Edit, insert, replace
from tui.core.errors import EditError, ParseError
from tui.core.expression import is_name, parse_size
from tui.core.network import Line, Source
from tui.core.settings import SETTINGS
from tui.core.size import Size, text
from tui.core.snapshot import Change, Snapshot
from tui.formats.document import parse_document
from tui.formats.line import NAME, parse_line, with_parts
from tui.formats.line import with_args as line_with_args
from tui.formats.numbers import Step, step_text
from tui.formats.statements import print_binding, print_settings

_COUNTER: Final = re.compile(r"\d*$")


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


def rename(snapshot: Snapshot, row: int, name: str | None) -> Edit:
    """Another name for a layer, in its own line and wherever it is read; None or "" takes the name away.

    Raises EditError where the name cannot be one, is taken, or is still read when it is taken away.
    """
    line = _layer(snapshot, row)
    new, old = (name or "").strip() or None, line.name
    names = snapshot.names
    if new is not None and (not NAME.fullmatch(new) or new.isdecimal() or new == "off"):
        raise EditError(f"{new!r} cannot be a name: it may hold letters, digits and . - _ / and must not be a number")
    if new is not None and names.get(new, row) != row:
        raise EditError(f"the name {new} is taken by #{snapshot.number(names[new])}; choose another")
    changes = [Change(row, row + 1, [_read(with_parts(line, name=new, sources=line.sources, off=line.off))])]
    # Of two layers with one name, the readers mean the first.
    if old is not None and old != new and names.get(old) == row:
        for other, reader in enumerate(snapshot.lines):
            if other == row or not _reads(reader, old):
                continue
            if new is None:
                raise EditError(f"#{snapshot.number(other)} reads @{old}; name another source there first")
            changes.append(Change(other, other + 1, [_rewired(reader, {old: new})]))
    return Edit(f"name {new}" if new else f"take the name {old} away", tuple(changes), row)


def _reads(line: Line, name: str) -> bool:
    if line.error is not None:
        return bool(_mention(name).search(line.text))
    return any(source.name == name for source in line.sources)


def _mention(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?<=\s)@{re.escape(name)}(?=[:\s]|$)")


def _rewired(line: Line, renamed: Mapping[str, str]) -> Line:
    """The line with the names of its sources replaced; a line that does not read is changed as text."""
    if line.error is not None:
        written = line.text
        for old, new in renamed.items():
            written = _mention(old).sub(f"@{new}", written)
        return parse_line(written)
    sources = [Source(renamed.get(source.name, source.name), source.output) for source in line.sources]
    return parse_line(with_parts(line, name=line.name, sources=sources, off=line.off))


def toggle_off(snapshot: Snapshot, first: int, last: int) -> Edit:
    """Skip the layers from ``first`` to ``last`` (included); where all of them are skipped, take them back in."""
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
    """Copies of the shown lines from ``first`` to ``last`` (included), below them, with names of their own."""
    block = [line for line in snapshot.lines[first : last + 1] if line.shown]
    if not block:
        raise EditError("there is nothing to duplicate here")
    return insert(snapshot, last + 1, _with_own_names(block, snapshot), "duplicate")


def paste(snapshot: Snapshot, row: int, pasted: str) -> Edit:
    """The lines of a text put in below a row (-1: above all), with names of their own where theirs are taken."""
    lines = parse_document(pasted.strip("\r\n"))
    if not any(line.text.strip() for line in lines):
        raise EditError("there is nothing to paste")
    return insert(snapshot, row + 1, _with_own_names(lines, snapshot), "paste")


def _with_own_names(block: Sequence[Line], snapshot: Snapshot) -> list[Line]:
    """The lines with names that the network does not have yet; references inside the block follow them."""
    taken = {line.name for line in snapshot.lines if line.name}
    renamed: dict[str, str] = {}
    made = []
    for line in block:
        copy = _rewired(line, renamed) if line.sources or line.error is not None else line
        if copy.spec is not None and copy.name:
            own = copy.name
            while own in taken:
                own = _next_name(own)
            if own != copy.name:
                renamed[copy.name] = own
                copy = parse_line(with_parts(copy, name=own, sources=copy.sources, off=copy.off))
            taken.add(own)
        made.append(copy)
    return made


def _next_name(name: str) -> str:
    digits = _COUNTER.search(name)
    counter = digits[0] if digits and digits[0] else "1"
    return f"{name.removesuffix(counter) if digits and digits[0] else name}{int(counter) + 1}"


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
