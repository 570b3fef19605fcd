"""How a size moves as one symbol grows, by its form alone, and its value where only that symbol is open.

A trend is proven or it is None: a polynomial may still be monotone where its form does not show it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final, Literal, TypeAlias

from tui.core.atoms import ATOMS, Atom, Monomial
from tui.core.size import Size, SizeError, lower

Trend: TypeAlias = Literal["flat", "up", "down"]

_TURNED: Final[dict[Trend, Trend]] = {"flat": "flat", "up": "down", "down": "up"}


def trend(size: Size, name: str) -> Trend | None:
    """Whether a size never shrinks (up), never grows (down) or stays (flat) as the symbol grows from 1 on.

    Other symbols are taken as fixed, each at least 1. None where the form does not say it.
    """
    if isinstance(size, int):
        return "flat"
    return _all(_term(monomial, count, name) for monomial, count in size.terms.items())


def _all(trends: Iterable[Trend | None]) -> Trend | None:
    """The trend of a sum, a minimum or a maximum, from those of its parts."""
    found: Trend = "flat"
    for one in trends:
        if one is None or (one != "flat" and found not in ("flat", one)):
            return None
        found = one if one != "flat" else found
    return found


def _term(monomial: Monomial, count: int, name: str) -> Trend | None:
    if sum(power for _, power in monomial) > 1 and not all(_not_negative(ATOMS[ident]) for ident, _ in monomial):
        return None  # a factor below 0 turns the others around
    found = _all(_atom(ATOMS[ident], name) for ident, _ in monomial)
    return found if found is None or count > 0 else _TURNED[found]


def _not_negative(atom: Atom) -> bool:
    low = atom.bounds[0]
    return low is not None and low >= 0


def _atom(atom: Atom, name: str) -> Trend | None:
    if atom.op == "symbol":
        return "up" if atom.name == name else "flat"
    trends = [trend(arg, name) for arg in atom.args]
    if atom.op != "//":
        return _all(trends)
    above, below = trends
    least = lower(atom.args[1])
    if above is None or below is None or least is None or least < 1:
        return None
    if below == "flat":
        return above
    least = lower(atom.args[0])
    return _all((above, _TURNED[below])) if least is not None and least >= 0 else None


def evaluator(size: Size, name: str) -> Callable[[int], int] | None:
    """The value of a size for each value of its only symbol; None where it holds another one.

    The function raises SizeError where it divides by zero. It is some ten times as fast as ``size.bind``,
    which builds a polynomial at each step.
    """
    if isinstance(size, int):
        number = size
        return lambda value: number
    terms: list[tuple[int, list[tuple[Callable[[int], int], int]]]] = []
    for monomial, count in size.terms.items():
        factors = []
        for ident, power in monomial:
            one = _atom_evaluator(ATOMS[ident], name)
            if one is None:
                return None
            factors.append((one, power))
        terms.append((count, factors))

    def value_at(value: int) -> int:
        total = 0
        for count, factors in terms:
            for factor, power in factors:
                count *= factor(value) ** power
            total += count
        return total

    return value_at


def _atom_evaluator(atom: Atom, name: str) -> Callable[[int], int] | None:
    if atom.op == "symbol":
        return (lambda value: value) if atom.name == name else None
    found = [evaluator(arg, name) for arg in atom.args]
    args = [one for one in found if one is not None]
    if len(args) < len(found):
        return None
    if atom.op == "min":
        return lambda value: min(arg(value) for arg in args)
    if atom.op == "max":
        return lambda value: max(arg(value) for arg in args)
    above, below = args

    def divided(value: int) -> int:
        divisor = below(value)
        if divisor == 0:
            raise SizeError("division by zero")
        return above(value) // divisor

    return divided
