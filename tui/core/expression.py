"""Expressions of whole numbers and symbols: ``2*k+1``, ``H//2``, ``max(n, 8)``.

Recursive descent over a few characters; never ``eval``. Errors carry their place in the text.
"""

from __future__ import annotations

import re
from typing import Final

from tui.core.errors import Fix, ParseError
from tui.core.size import Size, SizeError, maximum, minimum, power_of, symbol

MAX_NUMBER: Final = 10**18
MAX_DEPTH: Final = 40
_NAME: Final = re.compile(r"[^\W\d]\w*")
_TOKEN: Final = re.compile(r"\s*(\d[\d_]*|[^\W\d]\w*|\*\*|//|[-+*/%(),])")
_CALLS: Final = {"min": minimum, "max": maximum}
_NO_SYMBOLS: Final = frozenset(("None", "True", "False", "none", "true", "false"))
"""Words of Python, and of our own switches, that would pass for symbols."""
_MEANT: Final = {"^": "**", "×": "*", "·": "*", "÷": "//"}
"""Signs of other notations, and how they are written here."""


def is_name(text: str) -> bool:
    """Whether the text can name a symbol."""
    return bool(_NAME.fullmatch(text)) and text.isidentifier() and text not in _CALLS and text not in _NO_SYMBOLS


def parse_size(text: str) -> Size:
    """The size that the text says; raises ParseError with the place inside ``text``."""
    if text.isdecimal() and len(text) < 19 and text.isascii():
        return int(text)
    reader = _Reader(text)
    size = reader.sum()
    if reader.at < len(reader.text):
        raise reader.strange()
    return size


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text.rstrip()
        self.at = 0
        self.depth = 0

    def rest(self) -> str:
        rest = self.text[self.at :].strip()
        return rest if len(rest) <= 20 else rest[:19] + "…"

    def error(self, message: str, *expected: str, start: int | None = None) -> ParseError:
        first = self.at if start is None else start
        first += len(self.text[first:]) - len(self.text[first:].lstrip())
        last = self.at if start is not None else min(len(self.text), first + 1)
        return ParseError(message, (first, max(last, first)), expected=expected)

    def strange(self) -> ParseError:
        """The error of what stands where only an operator may stand, with what was meant where that is known."""
        rest = self.rest()
        message, written = f"cannot read {rest!r} here", ""
        if rest[0] in _MEANT:
            written = _MEANT[rest[0]]
            message = f"{rest[0]} is no operator here; write {written}"
        elif rest[0] == "(" or _NAME.match(rest):
            written = f"*{rest[0]}"
            message = f"an operator is missing before {rest!r}; write * for a product"
        elif rest[0] == "." and self.text[self.at - 1].isdecimal():
            message = "a size is a whole number, without a point"
        error = self.error(message, "an operator + - * // % ** or the end")
        return error.with_fixes(Fix(f"write {written}", text=written)) if written else error

    def peek(self) -> str:
        match = _TOKEN.match(self.text, self.at)
        return match[1] if match else ""

    def take(self) -> str:
        match = _TOKEN.match(self.text, self.at)
        if match is None:
            return ""
        self.at = match.end()
        return match[1]

    def expect(self, token: str, message: str) -> None:
        if self.peek() != token:
            raise self.error(message, token)
        self.take()

    def sum(self) -> Size:
        value = self.term()
        while (op := self.peek()) in ("+", "-") and op:
            start = self.at
            self.take()
            right = self.term()
            value = self.apply("+" if op == "+" else "-", value, right, start)
        return value

    def term(self) -> Size:
        value = self.unary()
        while (op := self.peek()) in ("*", "//", "%", "/") and op:
            start = self.at
            self.take()
            if op == "/":
                error = self.error("a plain / may leave a fraction; write // to round down", "//", start=start)
                raise error.with_fixes(Fix("write //", text="//"))
            value = self.apply(op, value, self.unary(), start)
        return value

    def unary(self) -> Size:
        if self.peek() in ("-", "+"):
            self.enter()
            sign = self.take()
            value = self.unary()
            self.depth -= 1
            return -value if sign == "-" else value
        return self.power()

    def power(self) -> Size:
        base = self.atom()
        if self.peek() != "**":
            return base
        start = self.at
        self.take()
        self.enter()
        value = self.apply("**", base, self.unary(), start)
        self.depth -= 1
        return value

    def atom(self) -> Size:
        start = self.at
        token = self.take()
        if token[:1].isdecimal():
            digits = token.replace("_", "")
            if len(digits) > 19 or int(digits) > MAX_NUMBER:
                raise self.error("a number larger than 10**18, the largest size", start=start)
            return int(digits)
        if token == "(":
            self.enter()
            value = self.sum()
            self.expect(")", "a parenthesis is not closed")
            self.depth -= 1
            return value
        if token in _CALLS:
            return self.call(token, start)
        if token in _NO_SYMBOLS:
            raise self.error(f"{token} is no size; what is not known is a symbol, such as n", "a symbol", start=start)
        if token.isidentifier():
            return symbol(token)
        self.at = start
        raise self.error(
            f"cannot read {self.rest()!r} here" if self.rest() else "the expression ends too early",
            "a number",
            "a symbol",
            "(",
        )

    def call(self, name: str, start: int) -> Size:
        self.enter()
        self.expect("(", f"{name} needs parentheses: {name}(a, b)")
        values = [self.sum()]
        while self.peek() == ",":
            self.take()
            values.append(self.sum())
        self.expect(")", "a parenthesis is not closed")
        self.depth -= 1
        try:
            return _CALLS[name](*values)
        except SizeError as error:
            raise self.error(str(error), start=start) from None

    def enter(self) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self.error(f"more than {MAX_DEPTH} levels of parentheses")

    def apply(self, op: str, left: Size, right: Size, start: int) -> Size:
        try:
            match op:
                case "+":
                    value = left + right
                case "-":
                    value = left - right
                case "*":
                    value = left * right
                case "//":
                    value = left // right if right != 0 else _zero()
                case "%":
                    value = left % right if right != 0 else _zero()
                case _:
                    value = power_of(left, right) if isinstance(right, int) and 0 <= right < 64 else _power()
        except SizeError as error:
            raise self.error(str(error), start=start) from None
        if _beyond(value):
            raise self.error("the result is larger than 10**18, or a power above 63", start=start)
        return value


def _beyond(size: Size) -> bool:
    """Whether a size holds a number that could not be read back from its text."""
    if isinstance(size, int):
        return abs(size) > MAX_NUMBER
    return any(abs(c) > MAX_NUMBER or any(power > 63 for _, power in m) for m, c in size.terms.items())


def _zero() -> Size:
    raise SizeError("division by zero")


def _power() -> Size:
    raise SizeError("a power must be a plain number from 0 to 63")
