"""What symbols must be for a network to exist.

Every axis of every tensor has at least one element, and sizes that are joined are equal.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import gcd
from typing import Final, NamedTuple

from tui.core.atoms import ATOMS
from tui.core.divisibility import Rests, equal_rests
from tui.core.polynomial import Poly
from tui.core.result import Result
from tui.core.size import Size, at_least, bind, same, symbols, text

MOST: Final = 500
"""So many different symbolic axes are looked at; longer networks repeat the same conditions."""
LARGEST: Final = 1 << 20
MOST_RESTS: Final = 4
"""Of more rests than this the equation says more than the list."""


class Condition(NamedTuple):
    """What must hold: ``symbol >= least``, or where no single bound says it, the axis that must be at least 1,
    the rest that a symbol must leave, or the sizes that must be equal."""

    text: str
    symbol: str | None = None
    least: int = 1


def conditions(results: Iterable[Result | None], counts: Iterable[Size] = ()) -> tuple[Condition, ...]:
    """The conditions of a network, as one bound for each symbol and what no bound covers.

    ``counts`` are those of its repeated blocks, which must be at least 1 too.
    """
    axes: dict[Size, None] = {count: None for count in counts if isinstance(count, Poly)}
    pairs: dict[tuple[Size, Size], None] = {}
    for result in dict.fromkeys(results):
        if result is None or not result.outputs:
            continue
        for tensor in result.outputs:
            # A flattened axis is a product of axes that were looked at before.
            if len(tensor.shape) > 2:
                axes.update((size, None) for size in tensor.shape if isinstance(size, Poly))
        if result.kind is not None:
            pairs.update((pair, None) for pair in result.kind.agreements(result.inputs) if same(*pair) is None)
    bounds, several = _bounds(list(axes)[:MOST])
    rests, equations = _equalities(list(pairs)[:MOST])
    for name, rest in rests.items():
        bounds[name] = rest.first_from(bounds.get(name, 1))
    single = [Condition(f"{name} >= {least}", name, least) for name, least in bounds.items() if least > 1]
    others = [f"{text(size)} >= 1" for size in several if not _covered(size, bounds)]
    return (*single, *map(Condition, dict.fromkeys((*map(_rests_text, rests, rests.values()), *equations, *others))))


def _bounds(axes: Iterable[Size]) -> tuple[dict[str, int], list[Size]]:
    """The least value of each symbol, and the axes that no bound of a single symbol covers."""
    bounds: dict[str, int] = {}
    several: list[Size] = []
    for size in axes:
        if at_least(size, 1):
            continue
        names = symbols(size)
        least = smallest(size, next(iter(names))) if len(names) == 1 else None
        if least is None:
            several.append(size)
        else:
            name = next(iter(names))
            bounds[name] = max(bounds.get(name, 1), least)
    return bounds, several


def _equalities(pairs: Iterable[tuple[Size, Size]]) -> tuple[dict[str, Rests], list[str]]:
    """The rests that symbols must leave for each pair to be equal, and the equations that no rest says."""
    rests: dict[str, Rests] = {}
    of_symbol: dict[str, list[str]] = {}
    equations: list[str] = []
    for a, b in pairs:
        equation, found = _equation(a, b), equal_rests(a, b)
        if found is None:
            equations.append(equation)
            continue
        name = next(iter(symbols(a - b)))
        both = found.both(rests[name]) if name in rests else found
        if both is None or not both.allowed:
            equations.append(equation)
            continue
        rests[name] = both
        of_symbol.setdefault(name, []).append(equation)
    for name in [name for name, both in rests.items() if len(both.allowed) > MOST_RESTS]:
        del rests[name]
        equations += of_symbol[name]
    return rests, equations


def _equation(a: Size, b: Size) -> str:
    """That two sizes are equal: as a division without a rest, or with what both hold taken away."""
    difference = a - b
    terms = difference.terms if isinstance(difference, Poly) else {(): difference}
    shared = gcd(*terms.values())
    for atom in (ATOMS[ident] for monomial in terms for ident, _ in monomial):
        if atom.op == "//" and atom.args[0] % atom.args[1] == difference // shared:
            divided, by = (shown if (shown := text(arg)).isalnum() else f"({shown})" for arg in atom.args)
            return f"{divided} % {by} = 0"
    if shared == 1 and len(terms) == sum(len(size.terms) if isinstance(size, Poly) else 1 for size in (a, b)):
        return f"{text(a)} = {text(b)}"
    left, right = ({m: abs(c) // shared for m, c in terms.items() if (c > 0) == plus} for plus in (True, False))
    return " = ".join(text(Poly(side)) if side else "0" for side in (left, right))


def _rests_text(name: str, rests: Rests) -> str:
    allowed = sorted(rests.allowed)
    rule = f"= {allowed[0]}" if len(allowed) == 1 else f"in ({', '.join(map(str, allowed))})"
    return f"{name} % {rests.period} {rule}"


def _covered(size: Size, bounds: Mapping[str, int]) -> bool:
    """Whether the bounds of its symbols are enough for a size of several symbols to be at least 1."""
    values = {name: bounds.get(name, 1) for name in symbols(size)}
    return nondecreasing(size) and bool(at_least(bind(size, values), 1))


def smallest(size: Size, name: str) -> int | None:
    """The least value of the only symbol from which on the size is at least 1.

    None where the size may shrink as the symbol grows, so that there is no such bound to be sure of.
    """
    if not nondecreasing(size):
        return None

    def holds(value: int) -> bool:
        return bool(at_least(bind(size, {name: value}), 1))

    high = 1
    while not holds(high):
        high *= 2
        if high > LARGEST:
            return None
    low = high // 2
    while low + 1 < high:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle) else (middle, high)
    return high


def nondecreasing(size: Size) -> bool:
    """Whether the size cannot shrink as any of its symbols grows, by its form alone."""
    if isinstance(size, int):
        return True
    return all(
        (not monomial or count > 0) and all(_atom_grows(ident) for ident, _ in monomial)
        for monomial, count in size.terms.items()
    )


def _atom_grows(ident: int) -> bool:
    atom = ATOMS[ident]
    if atom.op == "symbol":
        return True
    if atom.op == "//":
        return nondecreasing(atom.args[0]) and isinstance(atom.args[1], int) and atom.args[1] > 0
    return all(map(nondecreasing, atom.args))


def bounds_of(found: Iterable[Condition]) -> Mapping[str, int]:
    """The bounds of single symbols among some conditions."""
    return {condition.symbol: condition.least for condition in found if condition.symbol is not None}
