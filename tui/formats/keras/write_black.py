"""Calls broken into lines as Black breaks them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

WIDTH: Final = 88


def ending(lines: list[str], end: str) -> list[str]:
    """The lines with something behind the last of them."""
    return [*lines[:-1], lines[-1] + end]


def word(value: str) -> str:
    """A text in double quotes, as Black has it; one with quotes or escapes as Python writes it."""
    shown = repr(value)
    return f'"{shown[1:-1]}"' if '"' not in shown and shown[0] == "'" else shown


def broken(opened: str, args: Iterable[str], closed: str, indent: int = 0) -> list[str]:
    """A call in one line, else its arguments in a line of their own, else each in one."""
    parts = list(args)
    line = opened + ", ".join(parts) + closed
    if len(line) + indent <= WIDTH or not opened.endswith(("(", "[")):
        return [line]
    inner = "    " + ", ".join(parts)
    if len(inner) + indent <= WIDTH:
        return [opened, inner, closed]
    lines = [f"    {line}" for part in parts for line in ending(split(part, indent + 4), ",")]
    return [opened, *lines, closed]


def split(text: str, indent: int) -> list[str]:
    """An argument that is a call or a list, broken once more where its line is too long."""
    opening = re.match(r"[\w.=]*[(\[]", text)
    if len(text) + indent < WIDTH or opening is None or text[-1] not in ")]":
        return [text]
    return broken(opening[0], apart(text[opening.end() : -1]), text[-1], indent)


def apart(text: str) -> list[str]:
    """Arguments at their commas, but not at those in brackets or quotes."""
    parts, depth, quoted, start = [], 0, "", 0
    for i, letter in enumerate(text):
        if quoted:
            quoted = "" if letter == quoted else quoted
        elif letter in "\"'":
            quoted = letter
        elif letter in "([":
            depth += 1
        elif letter in ")]":
            depth -= 1
        elif letter == "," and depth == 0:
            parts.append(text[start:i].strip())
            start = i + 1
    return [part for part in [*parts, text[start:].strip()] if part]
