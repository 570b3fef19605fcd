"""Integer polynomials in symbols, with floor division that is cancelled only where that is exact."""

from __future__ import annotations

from functools import reduce
from math import gcd
from typing import Final, TypeAlias, Union, cast

from tui.core.atoms import ATOMS, Monomial, SizeError, bounds, intern
from tui.core.size_text import text

Size: TypeAlias = Union[int, "Poly"]

MAX_TERMS: Final = 2_000
MAX_BITS: Final = 4_096
STEPS: Final = 64
"""So many terms are divided one after the other."""


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

    def record(self, op: str, sizes: tuple[Size, ...]) -> Size | None:
        """The min, max or ceil of the sizes where this number records it (see working), else None."""
        return None

    def __str__(self) -> str:
        return text(self)

    __repr__ = __str__


def operation(op: str, name: str, args: tuple[Size, ...]) -> Poly:
    """The polynomial that is one atom: a symbol, or an operation that cannot be carried out."""
    return Poly({((intern(op, name, args), 1),): 1})


def symbol(name: str) -> Poly:
    """The symbol ``name``, a whole number of at least 1."""
    return operation("symbol", name, ())


def _simplest(terms: dict[Monomial, int]) -> Size:
    terms = {m: c for m, c in terms.items() if c}
    if not terms:
        return 0
    if len(terms) == 1 and () in terms:
        return terms[()]
    if len(terms) > MAX_TERMS:
        raise SizeError(f"an expression of more than {MAX_TERMS:,} terms")
    if max(map(int.bit_length, terms.values())) > MAX_BITS:
        raise SizeError("the number is too large")
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
    quotient, rest = _divided(a, b)
    if rest == 0 or (_not_below(rest, 0) and _not_below(b - rest, 1)):
        return quotient
    if _not_below(-rest, 1) and _not_below(b + rest, 0):
        return quotient - 1
    return operation("//", "", (rest, b)) + quotient


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
        inner = ATOMS[others[0][0][0][0]]
        if inner.op == "//" and isinstance(inner.args[1], int):
            b = inner.args[1]
            return outside + _floor_div(inner.args[0] + b * constant, b * k)
    return outside + operation("//", "", (left, k))


def _divided(a: Size, b: Poly) -> tuple[Size, Size]:
    """``a = q*b + rest`` by long division: ``floor(a/b)`` is then ``q + floor(rest/b)``, for whatever b stands for.

    Only whole coefficients are taken out, so that equal sizes come to one form where b has a leading coefficient
    of 1, as a symbol has.
    """
    lead, lead_c = max(b.terms.items(), key=_degree_order)
    quotient: Size = 0
    rest, left = a, dict[Monomial, int]()
    for _ in range(STEPS):
        if rest == 0:
            return quotient, _simplest(left)
        top, top_c = max((rest.terms if isinstance(rest, Poly) else {(): rest}).items(), key=_degree_order)
        powers = dict(top)
        for atom, power in lead:
            powers[atom] = powers.get(atom, 0) - power
        if top_c % lead_c or any(power < 0 for power in powers.values()):
            left[top] = top_c
            rest = rest - _simplest({top: top_c})
            continue
        step = _simplest({tuple(sorted((k, p) for k, p in powers.items() if p)): top_c // lead_c})
        quotient = quotient + step
        rest = rest - step * b
    return 0, a


def _not_below(size: Size, least: int) -> bool:
    """Whether a size is at least a number for all values of the symbols, as far as its bounds say."""
    low = size if isinstance(size, int) else bounds(size.terms)[0]
    return low is not None and low >= least


def _degree_order(term: tuple[Monomial, int]) -> tuple[int, list[tuple[int, int]]]:
    """Graded reverse lexicographic order: multiplying two monomials by a third keeps their order."""
    return sum(p for _, p in term[0]), sorted((-atom, -p) for atom, p in term[0])
