"""Edits: named changes of a document that the store applies, each one undo step."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from tui.core.blocks import body_indent, body_of, head_of, is_structural, shifted, sibling_above, whole
from tui.core.errors import EditError
from tui.core.network import Line
from tui.core.rows import Rows
from tui.core.snapshot import Change, Snapshot, difference


class Edit(NamedTuple):
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
    """The shown lines from ``first`` to ``last`` (included) taken out; hidden lines between them stay.

    What is left of the body of a head that goes leaves the block: it is indented as the head was.
    """
    lines = snapshot.lines
    gone = [row for row in range(first, last + 1) if lines[row].shown]
    if not gone:
        raise EditError("there is nothing to delete here")
    back: dict[int, int] = {}
    for row in gone:
        if is_structural(lines[row]):  # a head that does not read has lines below it too
            by = lines[row].indent - body_indent(lines, row)
            for inner in range(last + 1, body_of(lines, row).stop):
                back[inner] = back.get(inner, 0) + by
    kept = [Change(row, row + 1, [shifted(lines[row], by)]) for row, by in back.items()]
    what = lines[first].code if len(gone) == 1 else f"{len(gone)} lines"
    stay = sum(lines[row].shown for row in back)
    label = f"delete {what}" + (f"; {_lines(stay)} of its block stay{'s' if stay == 1 else ''}" if stay else "")
    return Edit(label, (*(Change(row, row + 1, []) for row in gone), *kept), first)


def move(snapshot: Snapshot, first: int, last: int, down: bool) -> Edit:
    """The lines from ``first`` to ``last`` (included) moved by one place, a head with its whole block.

    At the border of a block the step is into the block or out of it: the indentation follows.
    """
    lines, shown = snapshot.lines, snapshot.shown
    last = whole(lines, first, last)
    place = snapshot.place(last + 1) if down else snapshot.place(first) - 1
    other = shown[place] if 0 <= place < len(shown) else None
    level = _level(lines, first, last)
    # Lines of different blocks keep their indentation: they are moved as text.
    inner = lines[first].indent == level
    head = head_of(lines, first) if inner else None
    border = _border_below(lines, head, other) if down else _border_above(lines, head, first)
    if other is None and border is None:
        raise EditError(f"this is the {'last' if down else 'first'} line already")
    by, passed = 0, other
    if inner and border is not None:
        by, passed = border.indent - level, border.passed
    block = [shifted(line, by) for line in lines[first : last + 1]]
    if passed is None:
        change, cursor = Change(first, last + 1, block), first
    elif down:
        change = Change(first, passed + 1, [*lines[last + 1 : passed + 1], *block])
        cursor = first + passed - last
    else:
        change, cursor = Change(passed, last + 1, [*block, *lines[passed:first]]), passed
    where = f" {border.word} the block" if inner and border is not None else " down" if down else " up"
    return Edit(f"move {_what(lines, first, last)}{where}", (change,), cursor, merge="move")


class _Border(NamedTuple):
    """A step into a block or out of it: the new indentation, the line that is passed, and the word for it."""

    indent: int
    passed: int | None
    word: str


def _border_below(lines: Sequence[Line], head: int | None, other: int | None) -> _Border | None:
    if head is not None and (other is None or other not in body_of(lines, head)):
        return _Border(lines[head].indent, None, "out of")
    if other is not None and lines[other].repeat is not None and head_of(lines, other) == head:
        return _Border(body_indent(lines, other), other, "into")
    return None


def _border_above(lines: Sequence[Line], head: int | None, first: int) -> _Border | None:
    above = next((row for row in range(first - 1, -1, -1) if lines[row].shown), None)
    if head is not None and above == head:
        return _Border(lines[head].indent, head, "out of")
    beside = sibling_above(lines, first)
    if beside is not None and lines[beside].repeat is not None and above in range(beside, body_of(lines, beside).stop):
        return _Border(body_indent(lines, beside), None, "into")
    return None


def indent(snapshot: Snapshot, first: int, last: int) -> Edit:
    """The lines from ``first`` to ``last`` (included) taken into the block that ends above them."""
    lines = snapshot.lines
    last = whole(lines, first, last)
    beside = sibling_above(lines, first)
    if beside is None or lines[beside].repeat is None or lines[first].indent != _level(lines, first, last):
        raise EditError("no block ends above this line; add one first, such as repeat 2")
    return _shift(snapshot, first, last, body_indent(lines, beside), "into")


def outdent(snapshot: Snapshot, first: int, last: int) -> Edit:
    """The lines from ``first`` on taken out of their block, to its end: it ends above them."""
    lines = snapshot.lines
    head = head_of(lines, first)
    if head is None:
        raise EditError("this line is in no block")
    last = max(whole(lines, first, last), body_of(lines, head).stop - 1)
    return _shift(snapshot, first, last, lines[head].indent, "out of")


def _shift(snapshot: Snapshot, first: int, last: int, level: int, word: str) -> Edit:
    lines = snapshot.lines
    by = level - _level(lines, first, last)
    change = Change(first, last + 1, [shifted(line, by) for line in lines[first : last + 1]])
    return Edit(f"take {_what(lines, first, last)} {word} the block", (change,), first)


def _level(lines: Sequence[Line], first: int, last: int) -> int:
    """The least indentation of some lines."""
    levels = [lines[row].indent for row in range(first, last + 1) if is_structural(lines[row])]
    return min(levels, default=lines[first].indent)


def _what(lines: Sequence[Line], first: int, last: int) -> str:
    count = sum(lines[row].shown for row in range(first, last + 1))
    return lines[first].code or lines[first].note if count == 1 else _lines(count)


def _lines(count: int) -> str:
    return "1 line" if count == 1 else f"{count} lines"


def replace_all(snapshot: Snapshot, lines: Sequence[Line], label: str = "edit as text") -> Edit:
    """The whole document anew; lines that stay the same keep their results."""
    change = difference(snapshot.lines, Rows(lines))
    return Edit(label, (change,), min(change.first, max(len(lines) - 1, 0)))
