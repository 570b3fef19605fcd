"""Atoms: what polynomials are polynomials in. A symbol, or an operation that could not be carried out.

Atoms are interned as small ints, for sorting monomials by text was most of the cost of symbolic
sizes, and each keeps its bounds, for working them out anew is exponential in the nesting.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final, TypeAlias

if TYPE_CHECKING:
    from tui.core.polynomial import Size

Monomial: TypeAlias = tuple[tuple[int, int], ...]
"""A product of atoms: ``((atom id, power), ...)`` in the order of the ids; ``()`` is the constant."""
Terms: TypeAlias = Mapping[Monomial, int]
Bounds: TypeAlias = tuple[int | None, int | None]
"""The least and the largest value for all symbols of at least 1; None where there is none to be seen."""

MAX_DEPTH: Final = 40
MAX_LEAVES: Final = 2_000


class SizeError(ArithmeticError):
    """A size that cannot be computed: division by zero, or a result beyond every use."""


class Atom:
    """A symbol, a floor division, a minimum or a maximum."""

    __slots__ = ("args", "bounds", "depth", "leaves", "name", "op")

    depth: int
    leaves: int

    def __init__(self, op: str, name: str, args: tuple[Size, ...]) -> None:
        self.op = op  # "symbol", "//", "min" or "max"
        self.name = name
        self.args = args
        inner = [ATOMS[ident] for arg in args if not isinstance(arg, int) for m in arg.terms for ident, _ in m]
        self.depth = 1 + max((atom.depth for atom in inner), default=0)
        self.leaves = 1 + sum(atom.leaves for atom in inner)
        if self.depth > MAX_DEPTH or self.leaves > MAX_LEAVES:
            raise SizeError(f"more than {MAX_DEPTH} divisions inside each other, or {MAX_LEAVES:,} symbols")
        self.bounds = _bounds_of(op, [(arg, arg) if isinstance(arg, int) else bounds(arg.terms) for arg in args])


ATOMS: Final[list[Atom]] = []
_ids: Final[dict[tuple[str, str, tuple[Size, ...]], int]] = {}


def intern(op: str, name: str, args: tuple[Size, ...]) -> int:
    """The id of an atom, the same for equal ones. Raises SizeError where it is too deep to be of use."""
    key = (op, name, args)
    ident = _ids.get(key)
    if ident is None:
        atom = Atom(op, name, args)
        ident = _ids[key] = len(ATOMS)
        ATOMS.append(atom)
    return ident


def bounds(terms: Terms) -> Bounds:
    """The bounds of a sum of terms, each term taken by itself."""
    low: int | None = 0
    high: int | None = 0
    for monomial, c in terms.items():
        least, most = _monomial_bounds(monomial)
        if c < 0:
            least, most = most, least
        low = None if low is None or least is None else low + c * least
        high = None if high is None or most is None else high + c * most
    return low, high


def _monomial_bounds(monomial: Monomial) -> Bounds:
    least: int = 1
    most: int | None = 1
    for ident, power in monomial:
        low, high = ATOMS[ident].bounds
        if low is None or low < 0:
            return None, None  # a factor that may be negative turns the bounds around
        least *= low**power
        most = None if most is None or high is None else most * high**power
    return least, most


def _bounds_of(op: str, args: list[Bounds]) -> Bounds:
    if op == "symbol":
        return 1, None
    lows, highs = [low for low, _ in args], [high for _, high in args]
    if op == "//":
        (low, div_low), (high, div_high) = lows, highs
        if div_low is None or div_low < 1:
            return None, None
        least = None if low is None else low // div_low if low < 0 else low // div_high if div_high else 0
        if high is None:
            return least, None
        return least, high // div_low if high >= 0 else high // div_high if div_high else -1
    known_lows, known_highs = [x for x in lows if x is not None], [x for x in highs if x is not None]
    all_low, all_high = len(known_lows) == len(lows), len(known_highs) == len(highs)
    if op == "min":
        return min(known_lows) if all_low else None, min(known_highs) if known_highs else None
    return max(known_lows) if known_lows else None, max(known_highs) if all_high else None
