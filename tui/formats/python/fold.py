"""The arithmetic of read Python source: numbers, words and sizes with symbols, within limits, without ``eval``."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Mapping
from operator import add, and_, floordiv, inv, lshift, mod, mul, neg, or_, pos, rshift, sub, truediv, xor
from typing import Any, Final

from tui.core.size import Poly, SizeError, at_least, same
from tui.formats.python.values import TroubleError

MOST_BITS: Final = 512
"""Larger whole numbers are no sizes."""
MOST_ITEMS: Final = 100_000
"""The most entries of a list, and characters of a word, that are built."""

_ARITHMETIC: Final[Mapping[type[ast.operator], Callable[[Any, Any], Any]]] = {
    ast.Add: add, ast.Sub: sub, ast.Mult: mul, ast.FloorDiv: floordiv, ast.Mod: mod, ast.Div: truediv,
    ast.BitAnd: and_, ast.BitOr: or_, ast.BitXor: xor,
}  # fmt: skip
_SIGNS: Final[Mapping[type[ast.unaryop], Callable[[Any], Any]]] = {ast.USub: neg, ast.UAdd: pos, ast.Invert: inv}
_WORD: Final = (str, list, tuple)
_WIDE: Final = re.compile(r"\d{4}|\*")


def folded(operator: ast.operator, left: Any, right: Any) -> Any:
    """What an operator makes of two values; raises TroubleError where it makes nothing, or too much."""
    _check_growth(operator, left, right)
    try:
        if isinstance(operator, ast.Pow):
            return _power(left, right)
        if isinstance(operator, ast.LShift):
            return lshift(left, right)
        if isinstance(operator, ast.RShift):
            return rshift(left, right)
        if isinstance(operator, ast.Div) and (isinstance(left, Poly) or isinstance(right, Poly)):
            return _quotient(left, right)
        if isinstance(operator, ast.Add) and isinstance(left, _WORD) and type(left) is not type(right):
            raise TypeError("a list and a tuple, or a word and a number, do not add")
        return _bounded(_ARITHMETIC[type(operator)](left, right))
    except KeyError:
        raise TroubleError(f"the operator {type(operator).__name__} is not read") from None
    except (TypeError, ValueError, ArithmeticError, SizeError, AttributeError) as error:
        raise TroubleError(f"this cannot be computed: {error}") from None


def _quotient(left: Any, right: Any) -> Any:
    """A true division of sizes: the sizes where it is exact."""
    if same(left % right, 0):
        return left // right
    raise TroubleError("a division with symbols that leaves a rest; // is read")


def _check_growth(operator: ast.operator, left: Any, right: Any) -> None:
    """Refuse what would take much memory or time, before it is done."""
    if isinstance(operator, ast.Mult):
        for word, times in ((left, right), (right, left)):
            if isinstance(word, _WORD) and isinstance(times, int) and len(word) * max(times, 0) > MOST_ITEMS:
                raise TroubleError(f"a list of more than {MOST_ITEMS:,} entries is not built")
    both = isinstance(operator, ast.Add) and isinstance(left, _WORD) and isinstance(right, _WORD)
    if both and len(left) + len(right) > MOST_ITEMS:
        raise TroubleError(f"a list of more than {MOST_ITEMS:,} entries is not built")
    if isinstance(operator, ast.LShift) and isinstance(right, int) and right > MOST_BITS:
        raise TroubleError(f"a number of more than {MOST_BITS} bits is not computed")
    if isinstance(operator, ast.Mod) and isinstance(left, str) and (len(left) > 1_000 or _WIDE.search(left)):
        raise TroubleError("a format with such a width is not read")


def _power(base: Any, power: Any) -> Any:
    if isinstance(base, int) and isinstance(power, int):
        if power >= 0 and base.bit_length() * power > MOST_BITS:
            raise TroubleError(f"a number of more than {MOST_BITS} bits is not computed")
        return base**power
    if isinstance(power, float) and isinstance(base, int | float) and not isinstance(base, bool):
        return _bounded(float(base) ** power)
    return _bounded(base**power)


def _bounded(value: Any) -> Any:
    if isinstance(value, int) and value.bit_length() > MOST_BITS:
        raise TroubleError(f"a number of more than {MOST_BITS} bits is not computed")
    if isinstance(value, str) and len(value) > MOST_ITEMS:
        raise TroubleError(f"a word of more than {MOST_ITEMS:,} characters is not built")
    if isinstance(value, complex):
        raise TroubleError("complex numbers are not read")
    return value


def unary(operator: ast.unaryop, value: Any) -> Any:
    """``-x``, ``+x`` or ``~x``; ``not`` is the reader's, as it needs to know what is true."""
    try:
        return _SIGNS[type(operator)](value)
    except (KeyError, TypeError) as error:
        raise TroubleError(f"this cannot be computed: {error}") from None


def compared(operator: ast.cmpop, left: Any, right: Any) -> bool | None:
    """Whether a comparison holds; None where that depends on a symbol."""
    if isinstance(left, Poly) or isinstance(right, Poly):
        return _sizes_compared(operator, left, right)
    try:
        match operator:
            case ast.Eq():
                return bool(left == right)
            case ast.NotEq():
                return bool(left != right)
            case ast.Lt():
                return bool(left < right)
            case ast.LtE():
                return bool(left <= right)
            case ast.Gt():
                return bool(left > right)
            case ast.GtE():
                return bool(left >= right)
            case ast.In():
                return left in right
            case ast.NotIn():
                return left not in right
            case ast.Is():
                return left is right or (_plain(left) and _plain(right) and left == right)
            case ast.IsNot():
                return not (left is right or (_plain(left) and _plain(right) and left == right))
    except TypeError as error:
        raise TroubleError(f"this cannot be compared: {error}") from None
    return None


def _plain(value: Any) -> bool:
    return isinstance(value, int | str | bool | float)


def _sizes_compared(operator: ast.cmpop, left: Any, right: Any) -> bool | None:
    if not isinstance(left, int | Poly) or not isinstance(right, int | Poly):
        return {ast.Eq: False, ast.NotEq: True, ast.Is: False, ast.IsNot: True}.get(type(operator))
    equal = same(left, right)
    match operator:
        case ast.Eq() | ast.Is():
            return equal
        case ast.NotEq() | ast.IsNot():
            return None if equal is None else not equal
        case ast.GtE():
            return at_least(left, right)
        case ast.Gt():
            return at_least(left, right + 1)
        case ast.LtE():
            return at_least(right, left)
        case ast.Lt():
            return at_least(right, left + 1)
    return None


def truth(value: Any) -> bool | None:
    """Whether a plain value is true; None where it is not known."""
    if isinstance(value, Poly):
        return True if at_least(value, 1) else None
    if value is None or isinstance(value, bool | int | float | str | list | tuple | dict | set | frozenset):
        return bool(value)
    return None
