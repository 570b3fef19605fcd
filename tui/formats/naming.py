"""Names: giving a layer or a block another one, with everything that reads it, and names for copies of lines."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from tui.core.blocks import body_of, head_of
from tui.core.edits import Edit
from tui.core.errors import EditError
from tui.core.layer_name import NAME, is_layer_name
from tui.core.network import Line, Source
from tui.core.snapshot import Change, Snapshot
from tui.formats.line import in_place_of, parse_line, with_args, with_parts, without_note
from tui.formats.statements import print_repeat

_COUNTER: Final = re.compile(r"\d*$")
_NAMING: Final = re.compile(r"(?<=\s)(?:tied=\S*)?@\S+")
"""The words of a line that name other layers: sources, and what weights are tied to."""
_NAMED: Final = re.compile(rf"@({NAME.pattern})")


def rename(snapshot: Snapshot, row: int, name: str | None) -> Edit:
    """Another name for a layer or a block, in its line and wherever it is read; None or "" takes the name away.

    Raises EditError where the name cannot be one, is taken, or is still read when it is taken away.
    """
    new = (name or "").strip() or None
    line = snapshot.lines[row] if 0 <= row < len(snapshot.lines) else None
    if line is None or (line.spec is None and line.repeat is None):
        raise EditError("this line is no layer")
    old = line.name if line.repeat is None else line.repeat.name
    if new is not None and (not is_layer_name(new) or new == "off"):
        raise EditError(f"{new!r} cannot be a name: it may hold letters, digits and . - _ / and must not be a number")
    owner = _taken(snapshot, row, new)
    if new is not None and owner is not None:
        number = snapshot.number(owner)
        where = f"#{number}" if number is not None else f"the block {snapshot.lines[owner].code}"
        raise EditError(f"the name {new} is taken by {where}; choose another")
    changes = {row: _named(line, new)}
    if line.repeat is None and old is not None and old != new:
        for other, reader in enumerate(snapshot.lines):
            if not _reads(reader, old):
                continue
            meant = _meant(snapshot.lines, other, old)
            if row not in meant:
                continue
            if new is None:
                raise EditError(f"#{snapshot.number(other)} reads @{old}; name another source there first")
            if len(meant) > 1:
                raise EditError(
                    f"#{snapshot.number(other)} reads more than one {old}, by the copy; name them apart first"
                )
            changes[other] = rewired(
                changes.get(other, reader), {old: new}
            )  # in a block a layer may read its last copy
    if snapshot.expansion is not None and old != new:
        _follow_copies(snapshot, changes)
    label = f"name {new}" if new else f"take the name {old} away"
    return Edit(label, tuple(Change(r, r + 1, [changed]) for r, changed in sorted(changes.items())), row)


def _taken(snapshot: Snapshot, row: int, name: str | None) -> int | None:
    """The line that has a name already: any layer, for a block another block beside it."""
    if name is None:
        return None
    if snapshot.lines[row].repeat is None:
        owner = snapshot.names.get(name, row)
        return owner if owner != row else None
    head = head_of(snapshot.lines, row)
    others = (i for i, line in enumerate(snapshot.lines) if line.repeat is not None and line.repeat.name == name)
    return next((i for i in others if i != row and head_of(snapshot.lines, i) == head), None)


def _named(line: Line, name: str | None) -> Line:
    if line.repeat is not None:
        return parse_line(in_place_of(print_repeat(line.repeat.times, name), line))
    if line.error is not None and line.name and name:
        return parse_line(line.text.replace(f"{line.name}:", f"{name}:", 1))
    return parse_line(with_parts(line, name=name, sources=line.sources, off=line.off))


def _follow_copies(snapshot: Snapshot, changes: dict[int, Line]) -> None:
    """Change the lines that read a single copy by its full name, such as ``@block.0.conv``."""
    after = snapshot.edited([Change(row, row + 1, [line]) for row, line in changes.items()]).inference.lines
    before = snapshot.inference.lines
    if len(before) != len(after):  # an error came or went with the name: then no copy is read
        return
    renamed = {a.name: b.name for a, b in zip(before, after, strict=True) if a.name and b.name and a.name != b.name}
    for row, line in enumerate(snapshot.lines):
        line = changes.get(row, line)
        asked = {source.name for source in line.sources} | {*line.shares}
        if any(name in renamed and "." in name and not _meant(snapshot.lines, row, name) for name in asked):
            changes[row] = rewired(line, renamed)


def _meant(lines: Sequence[Line], reader: int, name: str) -> set[int]:
    """The rows that a line may mean by a name: the nearest above, and in a block that of the copy before."""
    owners = [row for row, line in enumerate(lines) if line.name == name]
    found = {_first_beside(lines, owners, max(above))} if (above := [row for row in owners if row < reader]) else set()
    head = head_of(lines, reader)
    while head is not None:
        inside = [row for row in owners if row in body_of(lines, head)]
        if inside and inside[0] < reader:
            break
        if inside:  # in its first copy the block means what a block around it has
            found.add(_first_beside(lines, owners, inside[-1]))
        head = head_of(lines, head)
    return found


def _first_beside(lines: Sequence[Line], owners: Sequence[int], row: int) -> int:
    """Of layers with one name in one block the readers mean the first."""
    head = head_of(lines, row)
    return next(owner for owner in owners if head_of(lines, owner) == head)


def _reads(line: Line, name: str) -> bool:
    if line.error is not None:
        code, _ = without_note(line.text)
        return any(name in _NAMED.findall(word) for word in _NAMING.findall(code))
    return name in line.shares or any(source.name == name for source in line.sources)


def rewired(line: Line, renamed: Mapping[str, str]) -> Line:
    """The line with the names that it reads replaced; a line that does not read is changed as text."""
    if line.error is not None:

        def other(found: re.Match[str]) -> str:
            return _NAMED.sub(lambda name: f"@{renamed.get(name[1], name[1])}", found[0])

        code, note = without_note(line.text)
        return parse_line(_NAMING.sub(other, code) + note)
    shared = line.spec.sharing(renamed.get) if line.spec is not None else {}
    if shared:
        line = parse_line(with_args(line, shared))
    sources = [Source(renamed.get(source.name, source.name), source.output) for source in line.sources]
    return parse_line(with_parts(line, name=line.name, sources=sources, off=line.off))


def named_for_reading(snapshot: Snapshot, row: int) -> Line:
    """The layer of a row with a name by which it can be read: its own, or that of its kind, counted up."""
    line = snapshot.lines[row]
    if line.name is not None or line.spec is None:
        return line
    return _named(line, _free(line.spec.kind.name, {other.name for other in snapshot.lines if other.name}))


def with_own_names(block: Sequence[Line], snapshot: Snapshot) -> list[Line]:
    """The lines with names that the network does not have yet; references inside the block follow them."""
    taken = {line.name for line in snapshot.lines if line.name}
    blocks = {line.repeat.name for line in snapshot.lines if line.repeat is not None and line.repeat.name}
    renamed: dict[str, str] = {}
    made = []
    for line in block:
        copy = rewired(line, renamed) if line.sources or line.shares or line.error is not None else line
        if copy.name:
            own = _free(copy.name, taken)
            if own != copy.name:
                renamed[copy.name] = own
                copy = _named(copy, own)
        elif copy.repeat is not None and copy.repeat.name and copy.repeat.name in blocks:
            copy = _named(copy, _free(copy.repeat.name, blocks))
        made.append(copy)
    return made


def _free(name: str, taken: set[str]) -> str:
    """The name, counted up until it is free, and then taken."""
    while name in taken:
        name = _next_name(name)
    taken.add(name)
    return name


def _next_name(name: str) -> str:
    digits = _COUNTER.search(name)
    counter = digits[0] if digits and digits[0] else "1"
    return f"{name.removesuffix(counter) if digits and digits[0] else name}{int(counter) + 1}"
