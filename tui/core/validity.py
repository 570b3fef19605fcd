"""What symbols must be for a network to exist: every axis of every tensor has at least one element."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from tui.core.atoms import ATOMS
from tui.core.polynomial import Poly
from tui.core.result import Result
from tui.core.size import Size, at_least, bind, symbols, text

MOST: Final = 500
"""So many different symbolic axes are looked at; longer networks repeat the same conditions."""
LARGEST: Final = 1 << 20


class Condition(NamedTuple):
    """What must hold: ``symbol >= least``, or where no single bound says it, the axis that must be at least 1."""

    text: str
    symbol: str | None = None
    least: int = 1


def conditions(results: Iterable[Result | None], counts: Iterable[Size] = ()) -> tuple[Condition, ...]:
    """The conditions of a network, as one bound for each symbol and the axes that no bound covers.

    ``counts`` are those of its repeated blocks, which must be at least 1 too.
    """
    axes: dict[Size, None] = {count: None for count in counts if isinstance(count, Poly)}
    for result in dict.fromkeys(results):
        for tensor in result.outputs if result is not None else ():
            # A flattened axis is a product of axes that were looked at before.
            if len(tensor.shape) > 2:
                axes.update((size, None) for size in tensor.shape if isinstance(size, Poly))
    bounds: dict[str, int] = {}
    others: dict[str, None] = {}
    for size in list(axes)[:MOST]:
        if at_least(size, 1):
            continue
        names = symbols(size)
        least = smallest(size, next(iter(names))) if len(names) == 1 else None
        if least is None:
            others[f"{text(size)} >= 1"] = None
        elif least > 1:
            name = next(iter(names))
            bounds[name] = max(bounds.get(name, 1), least)
    single = tuple(Condition(f"{name} >= {least}", name, least) for name, least in bounds.items())
    return (*single, *map(Condition, others))


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
