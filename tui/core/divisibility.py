"""When two sizes are equal that hold one symbol, such as an axis that was halved and doubled again.

Where the two differ by whole divisions alone, whether they are equal depends on the rest of the symbol by
a period: ``2*(H//2) = H`` holds for ``H % 2 = 0``.
"""

from __future__ import annotations

from functools import lru_cache
from math import lcm
from typing import Final, NamedTuple

from tui.core.atoms import ATOMS
from tui.core.size import Size, bind, symbols

LONGEST: Final = 1024
"""Longer periods are not tried out: each value of one is put in."""


class Rests(NamedTuple):
    """The rests that a symbol may leave when it is divided by a period."""

    period: int
    allowed: frozenset[int]

    def both(self, other: Rests) -> Rests | None:
        """What is allowed by two; None where their common period is too long."""
        period = lcm(self.period, other.period)
        if period > LONGEST:
            return None
        values = range(period)
        return _shortest(period, frozenset(v for v in values if self.holds(v) and other.holds(v)))

    def holds(self, value: int) -> bool:
        return value % self.period in self.allowed

    def first_from(self, least: int) -> int:
        """The smallest allowed value that is at least ``least``."""
        return next(value for value in range(least, least + self.period) if self.holds(value))


@lru_cache(maxsize=1024)
def equal_rests(a: Size, b: Size) -> Rests | None:
    """The rests for which the two sizes are equal; none are allowed where they never are.

    None where that is no matter of rests: more than one symbol, a product of symbols, or two sizes that grow
    at different rates.
    """
    difference = a - b
    names = symbols(difference)
    period = _period(difference)
    if len(names) != 1 or period is None or period > LONGEST:
        return None
    name = next(iter(names))
    values = [bind(difference, {name: value}) for value in range(1, period + 2)]
    if values[0] != values[period]:
        return None
    return _shortest(period, frozenset(v % period for v, value in enumerate(values[:period], 1) if value == 0))


def _period(size: Size) -> int | None:
    """After how many steps of its symbol a size has grown by the same whole number each time; None for no such."""
    if isinstance(size, int):
        return 1
    period = 1
    for monomial in size.terms:
        if not monomial:
            continue
        ((ident, power), *others) = monomial
        atom = ATOMS[ident]
        if others or power != 1 or atom.op not in ("symbol", "//"):
            return None
        if atom.op == "//":
            divided, divisor = atom.args
            inner = _period(divided)
            if inner is None or not isinstance(divisor, int) or divisor < 1:
                return None
            period = lcm(period, inner * divisor)
    return period


def _shortest(period: int, allowed: frozenset[int]) -> Rests:
    """The same rests by the shortest period that says them."""
    for shorter in range(1, period):
        if period % shorter == 0:
            rests = frozenset(value % shorter for value in allowed)
            if len(rests) * (period // shorter) == len(allowed):
                return Rests(shorter, rests)
    return Rests(period, allowed)
