"""A size run over columns: the polynomial with its floor divisions, at many values of its symbols at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import reduce

from tui.core.atoms import ATOMS
from tui.core.size import Poly, Size
from tui.core.size import symbols as names_in
from tui.core.sweep_columns import Columns, Numbers


def magnitude(size: Size, most: Mapping[str, int]) -> int:
    """What no number met on the way to the value exceeds, either way, for symbols of at most ``most``."""
    known: dict[int, int] = {}
    return _magnitude(size, most, known)


def _magnitude(size: Size, most: Mapping[str, int], known: dict[int, int]) -> int:
    if isinstance(size, int):
        return abs(size)
    total = largest = 0
    for monomial, count in size.terms.items():
        term = abs(count)
        for ident, power in monomial:
            atom = max(_of_atom(ident, most, known), 1)
            largest = max(largest, atom)
            term *= atom**power
        total += term
    return max(total, largest)


def _of_atom(ident: int, most: Mapping[str, int], known: dict[int, int]) -> int:
    if ident not in known:
        atom = ATOMS[ident]
        if atom.op == "symbol":
            known[ident] = most[atom.name]
        else:
            # A quotient is no larger than what is divided, and the divisor has to fit as well.
            known[ident] = max(_magnitude(arg, most, known) for arg in atom.args)
    return known[ident]


def divisors(sizes: Iterable[Size]) -> set[Size]:
    """The divisors that hold symbols, of all divisions in some sizes: they could be 0."""
    found: set[Size] = set()
    seen: set[int] = set()
    waiting = [size for size in sizes if isinstance(size, Poly)]
    while waiting:
        for monomial in waiting.pop().terms:
            for ident, _ in monomial:
                if ident in seen:
                    continue
                seen.add(ident)
                atom = ATOMS[ident]
                waiting += [arg for arg in atom.args if isinstance(arg, Poly)]
                if atom.op == "//" and isinstance(atom.args[1], Poly):
                    found.add(atom.args[1])
    return found


class Values:
    """The values of sizes where the symbols have some columns; what sizes share is computed once.

    ``kept`` are the values of what depends on some of the symbols alone, where these stay the same from one grid to
    the next.
    """

    def __init__(self, columns: Columns, symbols: Mapping[str, Numbers], kept: Values | None = None) -> None:
        self.columns = columns
        self.symbols = symbols
        self.kept = kept
        self._powers: dict[tuple[int, int], Numbers] = {}
        self._sizes: dict[Size, Numbers] = {}
        self._keeps: dict[Size, bool] = {}

    def of(self, size: Size) -> Numbers:
        """The value of a size at each point; anything where a divisor is 0."""
        if isinstance(size, int):
            return size
        if self.kept is not None and self.kept.holds(size):
            return self.kept.of(size)
        known = self._sizes.get(size)
        if known is None:
            known = self._sizes[size] = self._sum(size)
        return known

    def holds(self, size: Size) -> bool:
        """Whether the size depends on no other symbols than these."""
        known = self._keeps.get(size)
        if known is None:
            known = self._keeps[size] = names_in(size) <= self.symbols.keys()
        return known

    def _sum(self, size: Poly) -> Numbers:
        total: Numbers = size.terms.get((), 0)
        for monomial, count in size.terms.items():
            if monomial:
                term = reduce(lambda a, b: a * b, (self._power(*factor) for factor in monomial))
                term = term if count == 1 else term * count
                total = term if isinstance(total, int) and total == 0 else term + total
        return total

    def _power(self, ident: int, power: int) -> Numbers:
        known = self._powers.get((ident, power))
        if known is None:
            if self.kept is not None and self.kept.holds(Poly({((ident, 1),): 1})):
                known = self.kept._power(ident, power)
            else:
                known = self._atom(ident) if power == 1 else self._power(ident, power - 1) * self._power(ident, 1)
            self._powers[ident, power] = known
        return known

    def _atom(self, ident: int) -> Numbers:
        atom = ATOMS[ident]
        if atom.op == "symbol":
            return self.symbols[atom.name]
        args = [self.of(arg) for arg in atom.args]
        if atom.op == "//":
            below = args[1] if isinstance(args[1], int) else self.columns.without_zeros(args[1])
            return args[0] // below
        return reduce(self.columns.lesser if atom.op == "min" else self.columns.greater, args)
