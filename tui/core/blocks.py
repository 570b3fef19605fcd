"""The blocks of a document, read from the indentation of its lines: what lies in what.

A block is a ``repeat`` head and the lines below it that are indented further. Notes and blank lines
neither open nor close one, so that a comment at the margin does not cut a block in two.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from tui.core.network import Line

STEP: Final = 4
"""Spaces that a body is indented further than its head where it is written anew."""


def is_structural(line: Line) -> bool:
    """Whether the line's indentation says where a block ends: layers and heads, not notes and settings."""
    return line.is_layer or line.repeat is not None


def body_of(lines: Sequence[Line], head: int) -> range:
    """The rows of a block's body: what is indented further than its head, notes at its end included."""
    outer, last = lines[head].indent, head
    for row in range(head + 1, len(lines)):
        line = lines[row]
        if is_structural(line):
            if line.indent <= outer:
                break
            last = row
        elif line.shown and line.indent > outer and last == row - 1:
            last = row
    return range(head + 1, last + 1)


def head_of(lines: Sequence[Line], row: int) -> int | None:
    """The head of the innermost block that a row lies in."""
    limit = lines[row].indent
    for above in range(row - 1, -1, -1):
        if limit == 0:
            return None
        line = lines[above]
        if is_structural(line) and line.indent < limit:
            if line.repeat is not None:
                return above
            limit = line.indent
    return None


def whole(lines: Sequence[Line], first: int, last: int) -> int:
    """The last row of a range that takes the body of every head in it along."""
    row = first
    while row <= last:
        if lines[row].repeat is not None:
            last = max(last, body_of(lines, row).stop - 1)
        row += 1
    return last


def body_indent(lines: Sequence[Line], head: int) -> int:
    """The indentation of a block's lines: that of the first; a step beyond the head where there is none."""
    first = next((row for row in body_of(lines, head) if is_structural(lines[row])), None)
    return lines[head].indent + STEP if first is None else lines[first].indent


def indent_at(lines: Sequence[Line], row: int) -> int:
    """The indentation of a new line before a row: that of the line above, deeper below a head."""
    for above in range(row - 1, -1, -1):
        line = lines[above]
        if is_structural(line):
            return body_indent(lines, above) if line.repeat is not None else line.indent
    return 0


def sibling_above(lines: Sequence[Line], row: int) -> int | None:
    """The line above that lies in the same block as a row; of a block that ends there its head."""
    head = head_of(lines, row)
    above = next((r for r in range(row - 1, -1, -1) if is_structural(lines[r])), None)
    while above is not None and above != head:
        outer = head_of(lines, above)
        if outer == head:
            return above
        above = outer
    return None


def shifted(line: Line, by: int) -> Line:
    """The line indented further by some spaces; blank lines stay as they are."""
    indent = max(line.indent + by, 0)
    if indent == line.indent or not line.text:
        return line
    error = line.error.shifted(indent - line.indent) if line.error is not None else None
    return replace(line, text=" " * indent + line.text[line.indent :], indent=indent, error=error)
