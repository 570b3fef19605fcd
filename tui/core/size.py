"""Exact sizes: integer polynomials in symbols, with floor division.

A :data:`Size` is a plain ``int`` or a :class:`Poly`. Every operation that could leave a number
leaves a plain ``int``, so a network without symbols never pays for this file.

A symbol stands for a whole number of at least 1. Floor division is kept (``H//2``) and cancelled
only where that is exact for every value of the symbols.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import reduce
from math import gcd
from typing import Final, TypeAlias, Union, cast

Size: TypeAlias = Union[int, "Poly"]
Monomial: TypeAlias = tuple[tuple[int, int], ...]
"""A product of atoms: ``((atom id, power), ...)`` in the order of the ids; ``()`` is the constant."""

MAX_TERMS: Final = 2_000
MAX_BITS: Final = 4_096


class SizeError(ArithmeticError):
    """A size that cannot be computed: division by zero, or a result beyond every use."""


class Atom:
    """What a polynomial is a polynomial in: a symbol, or an operation that could not be carried out."""

    __slots__ = ("args", "name", "op")

    def __init__(self, op: str, name: str, args: tuple[Size, ...]) -> None:
        self.op = op  # "symbol", "//", "min" or "max"
        self.name = name
        self.args = args

    def text(self) -> str:
        if self.op == "symbol":
            return self.name
        if self.op == "//":
            return "//".join(_operand(a) for a in self.args)
        return f"{self.op}({', '.join(map(text, self.args))})"


# Atoms are interned as small ints: sorting monomials by text was most of the cost of symbolic H and W.
_atoms: list[Atom] = []
_atom_ids: dict[tuple[str, str, tuple[Size, ...]], int] = {}


def _atom(op: str, name: str, args: tuple[Size, ...]) -> Poly:
    key = (op, name, args)
    ident = _atom_ids.get(key)
    if ident is None:
        ident = _atom_ids[key] = len(_atoms)
        _atoms.append(Atom(op, name, args))
    return Poly({((ident, 1),): 1})


def symbol(name: str) -> Poly:
    """The symbol ``name``, a whole number of at least 1."""
    return _atom("symbol", name, ())


def _simplest(terms: dict[Monomial, int]) -> Size:
    terms = {m: c for m, c in terms.items() if c}
    if not terms:
        return 0
    if len(terms) == 1 and () in terms:
        return terms[()]
    if len(terms) > MAX_TERMS:
        raise SizeError(f"an expression of more than {MAX_TERMS:,} terms")
    return Poly(terms)


def _times(a: Monomial, b: Monomial) -> Monomial:
    if not a:
        return b
    if not b:
        return a
    powers = dict(a)
    for atom, power in b:
        powers[atom] = powers.get(atom, 0) + power
    return tuple(sorted(powers.items()))


class Poly:
    """A polynomial that is not a plain number. Immutable; build one with :func:`symbol` and arithmetic."""

    __slots__ = ("_hash", "terms")

    def __init__(self, terms: dict[Monomial, int]) -> None:
        self.terms = terms
        self._hash: int | None = None

    def __hash__(self) -> int:
        if self._hash is None:
            self._hash = hash(frozenset(self.terms.items()))
        return self._hash

    def __eq__(self, other: object) -> bool:
        return self is other or (isinstance(other, Poly) and self.terms == other.terms)

    def __add__(self, other: Size) -> Size:
        terms = dict(self.terms)
        if isinstance(other, Poly):
            for m, c in other.terms.items():
                terms[m] = terms.get(m, 0) + c
        elif isinstance(other, int):
            terms[()] = terms.get((), 0) + other
        else:
            return NotImplemented
        return _simplest(terms)

    __radd__ = __add__

    def __mul__(self, other: Size) -> Size:
        if isinstance(other, Poly):
            if len(self.terms) * len(other.terms) > 50 * MAX_TERMS:
                raise SizeError(f"an expression of more than {MAX_TERMS:,} terms")
            terms: dict[Monomial, int] = {}
            for m, c in self.terms.items():
                for n, d in other.terms.items():
                    product = _times(m, n)
                    terms[product] = terms.get(product, 0) + c * d
            return _simplest(terms)
        if isinstance(other, int):
            return _simplest({m: c * other for m, c in self.terms.items()})
        return NotImplemented

    __rmul__ = __mul__

    def __neg__(self) -> Size:
        return self * -1

    def __sub__(self, other: Size) -> Size:
        return self + -other

    def __rsub__(self, other: Size) -> Size:
        return -self + other

    def __floordiv__(self, other: Size) -> Size:
        return _floor_div(self, other)

    def __rfloordiv__(self, other: Size) -> Size:
        return _floor_div(other, self)

    def __mod__(self, other: Size) -> Size:
        return self - other * (self // other)

    def __rmod__(self, other: Size) -> Size:
        return other - self * (other // self)

    def __pow__(self, power: Size) -> Size:
        return power_of(self, power)

    def __rpow__(self, base: Size) -> Size:
        return power_of(base, self)

    def ceil_div(self, other: Size) -> Size:
        return _floor_div(self + other - 1, other)

    def extreme(self, op: str, sizes: tuple[Size, ...]) -> Size:
        """The min or max of the sizes; here so that a recorded number can record it (see working)."""
        return _extreme(op, sizes)

    def __str__(self) -> str:
        return text(self)

    __repr__ = __str__


def power_of(base: Size, power: Size) -> Size:
    """``base**power``; the power must be a plain whole number of at least 0."""
    if not isinstance(power, int):
        raise SizeError("a power must be a plain number")
    if power < 0:
        raise SizeError("a power must be 0 or more")
    if isinstance(base, int):
        if base.bit_length() * power > MAX_BITS and base not in (-1, 0, 1):
            raise SizeError("the number is too large")
        return cast(int, base**power)
    if power > 64:
        raise SizeError("the power of a symbol is at most 64")
    result: Size = 1
    for _ in range(power):
        result = result * base
    return result


def _floor_div(a: Size, b: Size) -> Size:
    if b == 0:
        raise SizeError("division by zero")
    if isinstance(b, int):
        if isinstance(a, int):
            return a // b
        if b < 0:
            return _floor_div(-a, -b)
        return _floor_div_int(a, b)
    quotient = _exact_quotient(a, b)
    if quotient is not None:
        return quotient
    return _atom("//", "", (a, b))


def _floor_div_int(a: Poly, k: int) -> Size:
    """``a // k`` for a plain k of at least 1.

    ``(k*q + r)//k = q + r//k`` holds term by term; a factor that the rest shares with k cancels,
    as ``(g*x + c)//(g*k) = (x + c//g)//k``; and ``(a//b + c)//k = (a + b*c)//(b*k)``.
    """
    if k == 1:
        return a
    whole: dict[Monomial, int] = {}
    rest: dict[Monomial, int] = {}
    for m, c in a.terms.items():
        q, r = divmod(c, k)
        # -H//2 stays so, instead of -H + H//2: a lone negative term reads better whole.
        whole[m], rest[m] = (q, r) if m == () or r == 0 or c > k or c < -k else (0, c)
    left = _simplest(rest)
    outside = _simplest(whole)
    if isinstance(left, int):
        return outside + left // k
    shared = reduce(gcd, (c for m, c in left.terms.items() if m), k)
    if shared > 1:
        left = _simplest({m: c // shared for m, c in left.terms.items()})
        k //= shared
        if k == 1 or isinstance(left, int):
            return outside + left // k
    constant = left.terms.get((), 0)
    others = [(m, c) for m, c in left.terms.items() if m]
    if len(others) == 1 and others[0][1] == 1 and len(others[0][0]) == 1 and others[0][0][0][1] == 1:
        inner = _atoms[others[0][0][0][0]]
        if inner.op == "//" and isinstance(inner.args[1], int):
            b = inner.args[1]
            return outside + _floor_div(inner.args[0] + b * constant, b * k)
    return outside + _atom("//", "", (left, k))


def _exact_quotient(a: Size, b: Poly) -> Size | None:
    """``a / b`` where b divides a as a polynomial, else None (long division by the leading term)."""
    lead, lead_c = max(b.terms.items(), key=_degree_order)
    quotient: Size = 0
    rest: Size = a
    for _ in range(64):
        if rest == 0:
            return quotient
        if isinstance(rest, int):
            return None
        top, top_c = max(rest.terms.items(), key=_degree_order)
        if top_c % lead_c:
            return None
        powers = dict(top)
        for atom, power in lead:
            powers[atom] = powers.get(atom, 0) - power
            if powers[atom] < 0:
                return None
        step = _simplest({tuple(sorted((k, p) for k, p in powers.items() if p)): top_c // lead_c})
        quotient = quotient + step
        rest = rest - step * b
    return None


def _degree_order(term: tuple[Monomial, int]) -> tuple[int, list[tuple[int, int]]]:
    """Graded lexicographic order: multiplying two monomials by a third keeps their order."""
    return sum(p for _, p in term[0]), sorted((-atom, p) for atom, p in term[0])


def floor_div(a: Size, b: Size) -> Size:
    """``floor(a / b)``; raises SizeError where b is 0."""
    return _floor_div(a, b)


def ceil_div(a: Size, b: Size) -> Size:
    """``ceil(a / b)``, kept as ``(a + b - 1)//b`` where it is symbolic."""
    if isinstance(a, Poly):
        return a.ceil_div(b)
    return _floor_div(a + b - 1, b)


def minimum(*sizes: Size) -> Size:
    """The smallest of the sizes, symbolic only where it depends on the symbols."""
    return _dispatch("min", sizes)


def maximum(*sizes: Size) -> Size:
    """The largest of the sizes, symbolic only where it depends on the symbols."""
    return _dispatch("max", sizes)


def _dispatch(op: str, sizes: tuple[Size, ...]) -> Size:
    for size in sizes:
        if isinstance(size, Poly):
            return size.extreme(op, sizes)
    numbers = cast(tuple[int, ...], sizes)
    return min(numbers) if op == "min" else max(numbers)


def _extreme(op: str, sizes: tuple[Size, ...]) -> Size:
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
    if len(kept) == 1:
        return kept[0]
    return _atom(op, "", tuple(sorted(kept, key=lambda s: (isinstance(s, Poly), text(s)))))


def _lone_atom(size: Size) -> Atom | None:
    if isinstance(size, Poly) and len(size.terms) == 1:
        ((m, c),) = size.terms.items()
        if c == 1 and len(m) == 1 and m[0][1] == 1:
            return _atoms[m[0][0]]
    return None


def lower(size: Size) -> int | None:
    """A bound from below for all symbols of at least 1, or None where there is none to be seen."""
    if isinstance(size, int):
        return size
    total = 0
    for m, c in size.terms.items():
        bound = _monomial_bound(m, upwards=c < 0)
        if bound is None:
            return None
        total += c * bound
    return total


def _monomial_bound(m: Monomial, upwards: bool) -> int | None:
    product = 1
    for ident, power in m:
        low, high = _atom_bounds(_atoms[ident])
        if low is None or low < 0:
            return None  # a factor that may be negative turns the bounds around
        bound = high if upwards else low
        if bound is None:
            return None
        product *= bound**power
    return product


def _atom_bounds(atom: Atom) -> tuple[int | None, int | None]:
    if atom.op == "symbol":
        return 1, None
    lows, highs = [lower(a) for a in atom.args], [upper(a) for a in atom.args]
    if atom.op == "//":
        (low, div_low), (high, div_high) = (lows[0], lows[1]), (highs[0], highs[1])
        if div_low is None or div_low < 1:
            return None, None
        least = None if low is None else low // div_low if low < 0 else low // div_high if div_high else 0
        return least, None if high is None or high < 0 else high // div_low
    known_lows, known_highs = [x for x in lows if x is not None], [x for x in highs if x is not None]
    all_low, all_high = len(known_lows) == len(lows), len(known_highs) == len(highs)
    if atom.op == "min":
        return min(known_lows) if all_low else None, min(known_highs) if known_highs else None
    return max(known_lows) if known_lows else None, max(known_highs) if all_high else None


def upper(size: Size) -> int | None:
    """A bound from above for all symbols of at least 1, or None where there is none to be seen."""
    below = lower(-size)
    return None if below is None else -below


def at_least(a: Size, b: Size) -> bool | None:
    """Whether ``a >= b`` for all values of the symbols; None where it depends on them."""
    if isinstance(a, int) and isinstance(b, int):
        return a >= b
    difference = a - b
    low = lower(difference)
    if low is not None and low >= 0:
        return True
    high = upper(difference)
    return False if high is not None and high < 0 else None


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


def symbols(size: Size) -> frozenset[str]:
    """The names of the symbols in it."""
    if isinstance(size, int):
        return frozenset()
    found: set[str] = set()
    for m in size.terms:
        for ident, _ in m:
            atom = _atoms[ident]
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
            term = term * power_of(_bind_atom(_atoms[ident], values), power)
        result = term + result
    return result


def _bind_atom(atom: Atom, values: Mapping[str, Size]) -> Size:
    if atom.op == "symbol":
        value = values.get(atom.name)
        return symbol(atom.name) if value is None else value
    args = [bind(a, values) for a in atom.args]
    if atom.op == "//":
        return _floor_div(args[0], args[1])
    return minimum(*args) if atom.op == "min" else maximum(*args)


def text(size: Size, *, thousands: bool = False, constant_first: bool = False, spaces: bool = True) -> str:
    """The size as Python would read it: ``2*k + 1``, ``48320 + 160*n``, ``(H - 3)//2``.

    A total reads best with its constant first, a shape with its constant last; a negative constant
    is always last. ``spaces=False`` gives one word, as the text form needs it.
    """
    if isinstance(size, int):
        return f"{size:,}" if thousands else str(size)
    terms = sorted(size.terms.items(), key=lambda t: (-sum(p for _, p in t[0]), _monomial_text(t[0])))
    if constant_first:
        terms.sort(key=lambda t: not (t[0] == () and t[1] > 0))
    elif terms[0][1] < 0:
        terms.sort(key=lambda t: t[1] < 0)  # 3 - n, not -n + 3
    out = ""
    for m, c in terms:
        number = f"{abs(c):,}" if thousands else str(abs(c))
        # 3*(H//2) and -(H//2) need the parentheses that a lone H//2 does not.
        factors = _monomial_text(m, bare=c == 1 or (c == -1 and bool(out)))
        body = number if not factors else factors if abs(c) == 1 else f"{number}*{factors}"
        out += (" - " if c < 0 else " + ") + body if out else ("-" if c < 0 else "") + body
    return out if spaces else out.replace(" ", "")


def _monomial_text(m: Monomial, bare: bool = True) -> str:
    parts = []
    for ident, power in m:
        atom = _atoms[ident]
        name = atom.text()
        if atom.op == "//" and not (bare and len(m) == 1 and power == 1):
            name = f"({name})"
        parts.append(name if power == 1 else f"{name}**{power}")
    parts.sort(key=lambda p: (p.startswith("("), p))
    return "*".join(parts)


def _operand(size: Size) -> str:
    shown = text(size)
    return shown if shown.isalnum() else f"({shown})"
