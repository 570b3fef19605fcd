"""Factors by which an axis grows or shrinks: whole numbers, symbols, or decimals kept exact as fractions."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar, Final, TypeAlias

from tui.core.argument import Axes, ValueType, join_axes, one_or_axes, parse_axes, size_word
from tui.core.errors import ParseError
from tui.core.expression import parse_size
from tui.core.size import Size, at_least, bind, symbols

Ratio: TypeAlias = "Size | Fraction"
Ratios: TypeAlias = "Ratio | tuple[Ratio, ...]"
"""One factor for every axis, or one for each."""

MAX_DIGITS: Final = 30


def scaled(n: Size, ratio: Ratio) -> Size:
    """``floor(n*ratio)``.

    The frameworks multiply in floating point and can end one lower where the exact product is whole
    (PyTorch: 45 times 1.4 is 62).

    >>> scaled(7, Fraction("1.5"))
    10
    """
    if isinstance(ratio, Fraction):
        return n * ratio.numerator // ratio.denominator
    return n * ratio


def parts_of(ratio: Ratio) -> tuple[Size, Size]:
    """The ratio as a numerator and a denominator."""
    return (ratio.numerator, ratio.denominator) if isinstance(ratio, Fraction) else (ratio, 1)


@dataclass(eq=False, repr=False)
class Factor(ValueType):
    """A factor above 0, whole, symbolic or decimal (2, s, 1.5), or one for each axis (2x1.5).

    ``whole`` refuses decimals; ``shrinks`` refuses everything but decimals below 1.
    """

    spatial: ClassVar[bool] = True
    whole: bool = False
    shrinks: bool = False

    @property
    def expected(self) -> str:  # type: ignore[override]
        if self.shrinks:
            return "a ratio between 0 and 1, or one for each axis, such as 0.5x0.7"
        if self.whole:
            return "a whole factor of at least 1, or one for each axis, such as 2x3"
        return "a factor above 0, or one for each axis, such as 2x1.5"

    def parse(self, word: str) -> Ratios:
        found: Ratios = one_or_axes(word, parse_axes(word, _OneFactor(self)))
        return found

    def print(self, value: Ratios) -> str:
        return join_axes([*map(_word, value)]) if isinstance(value, tuple) else _word(value)

    def bind(self, value: Ratios, values: dict[str, Size]) -> Ratios:
        if isinstance(value, tuple):
            return tuple(r if isinstance(r, Fraction) else bind(r, values) for r in value)
        return value if isinstance(value, Fraction) else bind(value, values)

    def symbols(self, value: Ratios) -> frozenset[str]:
        return frozenset().union(*map(symbols, self.sizes(value)))

    def sizes(self, value: Any) -> tuple[Size, ...]:
        ratios = value if isinstance(value, tuple) else (value,)
        return tuple(r for r in ratios if not isinstance(r, Fraction))

    def places(self, word: str) -> tuple[tuple[int, int], ...]:
        return tuple((first, last) for first, last in Axes().places(word) if "." not in word[first:last])


@dataclass(eq=False, repr=False)
class _OneFactor(ValueType):
    """The factor of one axis."""

    of: Factor

    @property
    def expected(self) -> str:  # type: ignore[override]
        return self.of.expected

    def parse(self, word: str) -> Ratio:
        digits = word.replace(".", "", 1)
        ratio: Ratio
        if digits != word and digits.isdecimal() and digits.isascii() and len(word) < MAX_DIGITS:
            ratio = Fraction(word)
            ratio = ratio.numerator if ratio.denominator == 1 else ratio
        else:
            ratio = parse_size(word)
        if isinstance(ratio, Fraction):
            fits = not self.of.whole and not (self.of.shrinks and ratio >= 1)
        else:
            fits = not self.of.shrinks and not at_least(0, ratio)
        if not fits:
            raise ParseError(f"{word!r} is not {self.expected}", (0, len(word)), expected=(self.expected,))
        return ratio


def _word(ratio: Ratio) -> str:
    if not isinstance(ratio, Fraction):
        return size_word(ratio)
    # A decimal has a denominator of twos and fives only, so that so many digits write it exactly.
    digits = next(d for d in range(1, MAX_DIGITS) if 10**d % ratio.denominator == 0)
    whole, rest = divmod(ratio.numerator * 10**digits // ratio.denominator, 10**digits)
    return f"{whole}.{rest:0{digits}d}"
