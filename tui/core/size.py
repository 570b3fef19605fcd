"""Exact sizes: whole numbers that may hold symbols, and what can be said of them.

A :data:`Size` is a plain ``int`` or a :class:`Poly`. Every operation that could leave a number
leaves a plain ``int``, so a network without symbols never pays for polynomials.

A symbol stands for a whole number of at least 1. Floor division is kept (``H//2``) and cancelled
only where that is exact for every value of the symbols.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final, cast

from tui.core.atoms import ATOMS, Atom, Monomial, SizeError, bounds
from tui.core.polynomial import MAX_BITS, MAX_TERMS, Poly, Size, operation, power_of, symbol
from tui.core.size_text import text

__all__ = [
    "MAX_BITS",
    "MAX_TERMS",
    "Monomial",
    "Poly",
    "Size",
    "SizeError",
    "at_least",
    "bind",
    "ceil_div",
    "floor_div",
    "lower",
    "maximum",
    "minimum",
    "open_questions",
    "power_of",
    "product",
    "same",
    "sum_of",
    "symbol",
    "symbols",
    "text",
    "upper",
]

_MOST_CHOICES: Final = 256
_asked: ContextVar[set[Size] | None] = ContextVar("asked", default=None)


def floor_div(a: Size, b: Size) -> Size:
    """``floor(a / b)``; raises SizeError where b is 0."""
    if b == 0:
        raise SizeError("division by zero")
    return a // b


def ceil_div(a: Size, b: Size) -> Size:
    """``ceil(a / b)``, kept as ``(a + b - 1)//b`` where it is symbolic; raises SizeError where b is 0."""
    if isinstance(a, int) and isinstance(b, int):
        return -floor_div(-a, b)
    record = _recorded("ceil", (a, b))
    if record is not None:
        return record
    return a // b if b != 0 and a % b == 0 else floor_div(a + b - 1, b)


def minimum(*sizes: Size) -> Size:
    """The smallest of the sizes, symbolic only where it depends on the symbols."""
    return _extreme("min", sizes)


def maximum(*sizes: Size) -> Size:
    """The largest of the sizes, symbolic only where it depends on the symbols."""
    return _extreme("max", sizes)


def _recorded(op: str, sizes: tuple[Size, ...]) -> Size | None:
    for size in sizes:
        if isinstance(size, Poly) and (record := size.record(op, sizes)) is not None:
            return record
    return None


def _extreme(op: str, sizes: tuple[Size, ...]) -> Size:
    if all(isinstance(size, int) for size in sizes):
        numbers = cast(tuple[int, ...], sizes)
        return min(numbers) if op == "min" else max(numbers)
    record = _recorded(op, sizes)
    if record is not None:
        return record

    def wins(a: Size, b: Size) -> bool | None:
        return at_least(a, b) if op == "max" else at_least(b, a)

    flat: list[Size] = []
    for size in sizes:
        inner = _lone_atom(size)
        flat.extend(inner.args if inner is not None and inner.op == op else [size])
    kept: list[Size] = []
    for size in flat:
        if any(wins(k, size) for k in kept):
            continue
        kept = [k for k in kept if not wins(size, k)]
        kept.append(size)
        if len(kept) > _MOST_CHOICES:
            raise SizeError(f"a {op} of more than {_MOST_CHOICES} sizes")
    if len(kept) == 1:
        return kept[0]
    return operation(op, "", tuple(sorted(kept, key=lambda s: (isinstance(s, Poly), text(s)))))


def _lone_atom(size: Size) -> Atom | None:
    if isinstance(size, Poly) and len(size.terms) == 1:
        ((m, c),) = size.terms.items()
        if c == 1 and len(m) == 1 and m[0][1] == 1:
            return ATOMS[m[0][0]]
    return None


def lower(size: Size) -> int | None:
    """A bound from below for all symbols of at least 1, or None where there is none to be seen."""
    return size if isinstance(size, int) else bounds(size.terms)[0]


def upper(size: Size) -> int | None:
    """A bound from above for all symbols of at least 1, or None where there is none to be seen."""
    return size if isinstance(size, int) else bounds(size.terms)[1]


def at_least(a: Size, b: Size) -> bool | None:
    """Whether ``a >= b`` for all values of the symbols; None where it depends on them."""
    if isinstance(a, int) and isinstance(b, int):
        return a >= b
    difference = a - b
    low = lower(difference)
    if low is not None and low >= 0:
        return True
    high = upper(difference)
    if high is not None and high < 0:
        return False
    asked = _asked.get()
    if asked is not None:
        asked.add(difference)
    return None


@contextmanager
def open_questions() -> Iterator[set[Size]]:
    """Collects the differences ``a - b`` for which :func:`at_least` answers that it depends on the symbols."""
    asked: set[Size] = set()
    token = _asked.set(asked)
    try:
        yield asked
    finally:
        _asked.reset(token)


def same(a: Size, b: Size) -> bool | None:
    """Whether the sizes are equal for all values of the symbols; None where it depends on them."""
    if a == b:
        return True
    return False if at_least(a, b + 1) or at_least(b, a + 1) else None


def product(sizes: Iterable[Size]) -> Size:
    """The product; 1 for none."""
    result: Size = 1
    for size in sizes:
        result = result * size
    return result


def sum_of(sizes: Iterable[Size]) -> Size:
    """The sum; 0 for none."""
    total: Size = 0
    for size in sizes:
        total = total + size
    return total


def symbols(size: Size) -> frozenset[str]:
    """The names of the symbols in it."""
    if isinstance(size, int):
        return frozenset()
    found: set[str] = set()
    for m in size.terms:
        for ident, _ in m:
            atom = ATOMS[ident]
            found.update((atom.name,) if atom.op == "symbol" else frozenset().union(*map(symbols, atom.args)))
    return frozenset(found)


def bind(size: Size, values: Mapping[str, Size]) -> Size:
    """The size with symbols replaced; raises SizeError where that divides by zero."""
    if isinstance(size, int) or not values:
        return size
    result: Size = 0
    for m, c in size.terms.items():
        term: Size = c
        for ident, power in m:
            term = term * power_of(_bind_atom(ATOMS[ident], values), power)
        result = term + result
    return result


def _bind_atom(atom: Atom, values: Mapping[str, Size]) -> Size:
    if atom.op == "symbol":
        value = values.get(atom.name)
        return symbol(atom.name) if value is None else value
    args = [bind(a, values) for a in atom.args]
    if atom.op == "//":
        return floor_div(args[0], args[1])
    return minimum(*args) if atom.op == "min" else maximum(*args)
