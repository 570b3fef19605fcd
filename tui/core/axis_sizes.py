"""Values that are sizes: one whole number, one for each axis, or a shape."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final, TypeAlias

from tui.core.errors import Fix, ParseError
from tui.core.expression import parse_size
from tui.core.size import Size, at_least, bind, symbols, text
from tui.core.value_type import ValueType

PerAxis: TypeAlias = "Size | tuple[Size, ...]"
"""One size for every spatial axis, or one for each."""

AXES: Final = {1: "W", 2: "HW", 3: "DHW"}


@dataclass(eq=False, repr=False)
class Whole(ValueType):
    """A whole number or an expression of symbols, from ``low`` to ``high``."""

    low: int = 1
    high: int | None = None
    examples: tuple[str, ...] = ()

    @property
    def expected(self) -> str:  # type: ignore[override]
        if self.high is not None:
            return f"a whole number from {self.low} to {self.high}"
        return f"a whole number of at least {self.low}" if self.low > -(10**9) else "a whole number"

    def parse(self, word: str) -> Size:
        size = parse_size(word)
        self.check(size, (0, len(word)))
        return size

    def check(self, size: Size, span: tuple[int, int]) -> None:
        if at_least(size, self.low) is False:
            fix = Fix(f"{self.low}, the least", text=str(self.low))
        elif self.high is not None and at_least(self.high, size) is False:
            fix = Fix(f"{self.high}, the most", text=str(self.high))
        else:
            return
        raise ParseError(f"{text(size)} is not {self.expected}", span, expected=(self.expected,), fixes=[fix])

    def print(self, value: Size) -> str:
        return text(value, spaces=False)

    def bind(self, value: Size, values: dict[str, Size]) -> Size:
        return bind(value, values)

    def symbols(self, value: Size) -> frozenset[str]:
        return symbols(value)

    def words(self) -> tuple[str, ...]:
        return self.examples

    def sizes(self, value: Any) -> tuple[Size, ...]:
        return (value,)

    def places(self, word: str) -> tuple[tuple[int, int], ...]:
        return ((0, len(word)),)


def split_top(word: str, separators: str) -> list[tuple[int, str]]:
    """The parts of the word between separators outside parentheses, each with its place."""
    parts, depth, start = [], 0, 0
    for i, c in enumerate(word):
        depth += (c == "(") - (c == ")")
        if depth == 0 and c in separators:
            parts.append((start, word[start:i]))
            start = i + 1
    parts.append((start, word[start:]))
    return parts


def axes_of(word: str) -> list[tuple[int, str]]:
    """``4x4``, ``4,4`` and ``(4,4)`` split into axes; commas win, and so do parentheses: a symbol may hold an x.

    ``4×4``, ``4X4`` and ``[4,4]`` are read as well: so papers and programs write it.
    """
    if "[" in word:
        word = word.replace("[", "(").replace("]", ")")
    if "×" in word or "X" in word:
        word = re.sub(r"(?<=[\w)])×|(?<=\d)X(?=\d)", "x", word)
    if word.startswith("(") and word.endswith(")") and len(split_top(word[1:-1], ",")) > 1:
        return [(i + 1, part) for i, part in split_top(word[1:-1], ",") if part]
    by_comma = split_top(word, ",")
    if len(by_comma) > 1:
        return by_comma if by_comma[-1][1] else by_comma[:-1]
    # The x of max(n, 8) joins no sizes; a symbol that begins or ends with x is one size.
    parts = split_top(word.replace("max(", "ma*("), "x")
    if word.isidentifier() and not all(part for _, part in parts):
        return [(0, word)]
    return [(start, word[start : start + len(part)]) for start, part in parts]


def _places_of_axes(word: str) -> tuple[tuple[int, int], ...]:
    return tuple((start, start + len(part)) for start, part in axes_of(word))


def parse_axes(word: str, one: ValueType) -> tuple[Any, ...]:
    """What ``one`` reads from each axis of the word; raises ParseError with its place in the word."""
    sizes = []
    for start, part in axes_of(word):
        if not part:
            raise ParseError("a size is missing", (start, start + 1), expected=(one.expected,))
        try:
            sizes.append(one.parse(part))
        except ParseError as error:
            raise error.shifted(start) from None
    return tuple(sizes)


def one_or_axes(word: str, parts: tuple[Any, ...]) -> Any:
    """A lone part stands for every axis, unless a comma after it (``3,``) says that there is one axis only."""
    return parts[0] if len(parts) == 1 and not word.endswith((",", ",)")) else parts


def size_word(size: Size) -> str:
    """A size as one of several axes: in parentheses where it would not read as one part."""
    word = text(size, spaces=False)
    return word if word.removeprefix("-").isalnum() and "x" not in word else f"({word})"


def join_axes(words: Sequence[str]) -> str:
    """The words of the axes as one, which ``one_or_axes`` reads back."""
    return "x".join(words) + ("," if len(words) == 1 else "")


def lone_size_word(size: Size) -> str:
    """A size that stands for all axes; one with an x in its text must not read as several."""
    word = text(size, spaces=False)
    return f"({word})" if "x" in word else word


@dataclass(eq=False, repr=False)
class Axes(ValueType):
    """One size for every spatial axis (``3``), or one for each (``3x5``)."""

    spatial: ClassVar[bool] = True
    low: int = 1
    most: int = 3
    examples: tuple[str, ...] = ()

    @property
    def expected(self) -> str:  # type: ignore[override]
        return f"a size of at least {self.low}, or one for each axis, such as 3x3"

    def parse(self, word: str) -> PerAxis:
        if word.isdecimal() and len(word) < 10 and int(word) >= self.low:
            return int(word)
        sizes = parse_axes(word, Whole(self.low))
        if len(sizes) > self.most:
            raise ParseError(f"{len(sizes)} sizes; there are at most {self.most} spatial axes", (0, len(word)))
        value: PerAxis = one_or_axes(word, sizes)
        return value

    def print(self, value: PerAxis) -> str:
        return join_axes([*map(size_word, value)]) if isinstance(value, tuple) else lone_size_word(value)

    def bind(self, value: PerAxis, values: dict[str, Size]) -> PerAxis:
        return tuple(bind(v, values) for v in value) if isinstance(value, tuple) else bind(value, values)

    def symbols(self, value: PerAxis) -> frozenset[str]:
        return frozenset().union(*map(symbols, self.sizes(value)))

    def words(self) -> tuple[str, ...]:
        return self.examples

    def sizes(self, value: PerAxis) -> tuple[Size, ...]:
        return value if isinstance(value, tuple) else (value,)

    def places(self, word: str) -> tuple[tuple[int, int], ...]:
        return _places_of_axes(word)


@dataclass(eq=False, repr=False)
class Dims(ValueType):
    """A shape: sizes joined by x or commas, such as 28x28x1."""

    low: int = 1
    expected: str = "a shape such as 28x28x1"

    def parse(self, word: str) -> tuple[Size, ...]:
        return parse_axes(word, Whole(self.low))

    def print(self, value: tuple[Size, ...]) -> str:
        return "x".join(map(size_word, value))

    def bind(self, value: tuple[Size, ...], values: dict[str, Size]) -> tuple[Size, ...]:
        return tuple(bind(v, values) for v in value)

    def symbols(self, value: tuple[Size, ...]) -> frozenset[str]:
        return frozenset().union(*map(symbols, value))

    def sizes(self, value: tuple[Size, ...]) -> tuple[Size, ...]:
        return value

    def places(self, word: str) -> tuple[tuple[int, int], ...]:
        return _places_of_axes(word)


@dataclass(eq=False, repr=False)
class ShapeOrScalar(Dims):
    """A shape, or ``scalar`` where there is no axis."""

    expected: str = "a shape such as 28x28x1, or scalar"

    def parse(self, word: str) -> tuple[Size, ...]:
        return () if word == "scalar" else super().parse(word)

    def print(self, value: tuple[Size, ...]) -> str:
        return super().print(value) or "scalar"


def per_axis(value: PerAxis, rank: int) -> tuple[Size, ...]:
    """The value for each of ``rank`` axes; a tuple must have that many."""
    return value if isinstance(value, tuple) else (value,) * rank
