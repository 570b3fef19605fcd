"""Edits: named changes of a document that the store applies, each one undo step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tui.core.errors import EditError
from tui.core.network import Line
from tui.core.rows import Rows
from tui.core.snapshot import Change, Snapshot, difference


@dataclass(frozen=True, slots=True)
class Edit:
    """What to change, what to call it, and the line that the cursor goes to.

    Edits with the same ``merge`` that follow each other quickly become one undo step.
    """

    label: str
    changes: tuple[Change, ...]
    cursor: int
    merge: str | None = None


def replace(snapshot: Snapshot, row: int, line: Line, *, merge: str | None = None) -> Edit:
    """Another line in the place of one."""
    number = snapshot.number(row)
    where = f"#{number} " if number is not None else ""
    return Edit(f"{where}{line.code or line.note or 'blank'}", (Change(row, row + 1, [line]),), row, merge)


def insert(snapshot: Snapshot, row: int, lines: Sequence[Line], label: str = "add") -> Edit:
    """Lines put in before a row (or after all of them)."""
    if not 0 <= row <= len(snapshot.lines):
        raise EditError("there is no such place in the list")
    what = lines[0].code if len(lines) == 1 else f"{len(lines)} lines"
    return Edit(f"{label} {what}", (Change(row, row, lines),), row)


def delete(snapshot: Snapshot, first: int, last: int) -> Edit:
    """The shown lines from ``first`` to ``last`` (included) taken out; hidden lines between them stay."""
    changes = tuple(Change(row, row + 1, []) for row in range(first, last + 1) if snapshot.lines[row].shown)
    if not changes:
        raise EditError("there is nothing to delete here")
    what = snapshot.lines[first].code if len(changes) == 1 else f"{len(changes)} lines"
    return Edit(f"delete {what}", changes, first)


def move(snapshot: Snapshot, first: int, last: int, down: bool) -> Edit:
    """The lines from ``first`` to ``last`` (included) moved past the shown line above or below them."""
    shown = snapshot.shown
    place = snapshot.place(last) + 1 if down else snapshot.place(first) - 1
    if not 0 <= place < len(shown):
        raise EditError(f"this is the {'last' if down else 'first'} line already")
    other = shown[place]
    lines = snapshot.lines
    block = lines[first : last + 1]
    if down:
        change = Change(first, other + 1, [*lines[last + 1 : other + 1], *block])
        cursor = first + other - last
    else:
        change = Change(other, last + 1, [*block, *lines[other:first]])
        cursor = other
    what = block[0].code if len(block) == 1 else f"{len(block)} lines"
    return Edit(f"move {what} {'down' if down else 'up'}", (change,), cursor, merge="move")


def replace_all(snapshot: Snapshot, lines: Sequence[Line], label: str = "edit as text") -> Edit:
    """The whole document anew; lines that stay the same keep their results."""
    change = difference(snapshot.lines, Rows(lines))
    return Edit(label, (change,), min(change.first, max(len(lines) - 1, 0)))
