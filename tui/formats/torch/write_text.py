"""Python source as text: literals, calls, and statements broken where they are too long for a line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from tui.core.size import Size, text

WIDTH: Final = 88
"""The columns of a line, as formatters of Python have them."""

_CLOSERS: Final = {"(": ")", "[": "]", "{": "}"}
_TIMES: Final = re.compile(r"(?<!\*)\*(?!\*)")
_STEP: Final = "    "


def python(size: Size) -> str:
    """A size as Python: ``48320 + 160 * n``, ``(h - 3) // 2``."""
    return _TIMES.sub(" * ", text(size).replace("//", " // "))


def real(number: float) -> str:
    """A number with a point as Python: ``0.001``, ``float("inf")``."""
    value = float(number)
    return repr(value) if value not in (float("inf"), float("-inf")) else f'float("{value}")'


def quoted(word: str) -> str:
    """A word as a literal in double quotes."""
    return '"' + word.replace("\\", "\\\\").replace('"', '\\"') + '"'


def tupled(parts: Sequence[str]) -> str:
    """``(a, b)``, ``(a,)``."""
    return f"({', '.join(parts)}{',' if len(parts) == 1 else ''})"


def call(function: str, *args: str | None, **named: str | None) -> str:
    """A call; arguments that are None are left out."""
    words = [arg for arg in args if arg is not None]
    words += [f"{name}={value}" for name, value in named.items() if value is not None]
    return f"{function}({', '.join(words)})"


def operand(code: str) -> str:
    """An expression that may stand before a dot, or between operators: in brackets where it needs them."""
    return f"({code})" if code.startswith("-") or any(c == " " and not depth for c, depth, _ in _walk(code)) else code


def is_name(code: str) -> bool:
    """Whether an expression is a plain variable, which costs nothing to say twice."""
    return code.isidentifier()


def _walk(code: str) -> Iterator[tuple[str, int, int]]:
    """Each character outside of quotes with the depth of brackets around it and its place."""
    depth, quote = 0, ""
    for place, c in enumerate(code):
        if quote:
            quote = "" if c == quote else quote
            continue
        if c in "\"'":
            quote = c
            continue
        if c in ")]}":
            depth -= 1
        yield c, depth, place
        if c in _CLOSERS:
            depth += 1


def statement(code: str, indent: int = 0, note: str = "") -> list[str]:
    """The lines of a statement with a note behind it; its longest brackets are opened where it is too long."""
    tail = f"  # {note}" if note else ""
    whole = " " * indent + code + tail
    brackets = _outer(code)
    if len(whole) <= WIDTH or not brackets:
        return [whole]
    first, last = max(brackets, key=lambda pair: pair[1] - pair[0])
    if last - first < 2:
        return [whole]
    inner, deeper = code[first + 1 : last], indent + len(_STEP)
    head, end = " " * indent + code[: first + 1], " " * indent + code[last:] + tail
    if len(inner) + deeper <= WIDTH and not inner.endswith(","):
        return [head, " " * deeper + inner, end]
    parts = _parts(inner)
    # A comma behind a single part would make a tuple of it, but for the argument of a call.
    called = code[first] == "(" and first > 0 and (code[first - 1].isalnum() or code[first - 1] in "_])")
    comma = "" if len(parts) == 1 and (" for " in inner or not called) else ","
    return [head, *(line for part in parts for line in _closed(statement(part, deeper), comma)), end]


def _closed(lines: list[str], comma: str) -> list[str]:
    return [*lines[:-1], lines[-1] + comma]


def _outer(code: str) -> list[tuple[int, int]]:
    """The places of the brackets that lie in no others."""
    found, start = [], 0
    for c, depth, place in _walk(code):
        if depth == 0 and c in _CLOSERS:
            start = place
        elif depth == 0 and c in ")]}":
            found.append((start, place))
    return found


def _parts(inner: str) -> list[str]:
    """What stands between the commas."""
    cuts = [-1, *(place for c, depth, place in _walk(inner) if c == "," and not depth), len(inner)]
    parts = [inner[a + 1 : b].strip() for a, b in pairwise(cuts)]
    return [part for part in parts if part]
