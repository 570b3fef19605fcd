"""Weights that a layer shares with another: which of its weights, and which layer has them too.

Written ``tied=kernel@tokens,bias`` in a line: the kernel is also a weight of the layer called tokens, the
bias one of a layer that is not named. ``tied=@tokens`` says it of every weight.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from tui.core.errors import Fix, ParseError, ShapeError, did_you_mean
from tui.core.layer_name import is_layer_name
from tui.core.value_type import ValueType

ALL: Final = ""
"""Stands in a pair for every weight of the layer."""


class Ties:
    """Pairs of a weight and the layer that has it too, None where that is not named. Holds weights by their names."""

    __slots__ = ("pairs",)

    def __init__(self, pairs: tuple[tuple[str, str | None], ...] = ()) -> None:
        self.pairs = pairs

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Ties) and self.pairs == other.pairs

    def __hash__(self) -> int:
        return hash(self.pairs)

    def __contains__(self, weight: object) -> bool:
        return any(name in (weight, ALL) for name, _ in self.pairs)

    def __iter__(self) -> Iterator[str]:
        """The weights that are named one by one."""
        return (name for name, _ in self.pairs if name != ALL)

    def __str__(self) -> str:
        return ",".join(name if owner is None else f"{name}@{owner}" for name, owner in self.pairs)

    def __bool__(self) -> bool:
        return bool(self.pairs)

    def owner(self, weight: str) -> str | None:
        """The name of the layer that has a weight too; None where it is not tied, or nobody says to what."""
        return next((owner for name, owner in self.pairs if name in (weight, ALL)), None)

    def owners(self) -> tuple[str, ...]:
        """The names of all those layers, each once."""
        return tuple(dict.fromkeys(owner for _, owner in self.pairs if owner is not None))

    def renamed(self, meaning: Callable[[str], str | None]) -> Ties:
        """The same with the layers under other names, where ``meaning`` has one."""
        return Ties(tuple((name, owner and (meaning(owner) or owner)) for name, owner in self.pairs))


class TiedWeights(ValueType):
    """Weights of the layer, each with the layer that has it too."""

    expected = "weights and the layer that has them too: kernel@NAME, @NAME for all, or kernel where it has no row"

    def parse(self, word: str) -> Ties:
        pairs: list[tuple[str, str | None]] = []
        start = 0
        for part in word.split(","):
            span = (start, start + len(part))
            start += len(part) + 1
            name, at, owner = part.partition("@")
            wrong = not name.replace("_", "a").isalnum() if name else not at
            if wrong or (at and not is_layer_name(owner)):
                raise ParseError(f"{part!r} is not {self.expected}", span, expected=("kernel@NAME", "@NAME"))
            if any(name == known for known, _ in pairs):
                raise ParseError(f"{name or 'every weight'} is tied twice", span)
            pairs.append((name, owner or None))
        if len(pairs) > 1 and any(name == ALL for name, _ in pairs):
            raise ParseError("@NAME ties every weight; name the weights one by one, or that alone", (0, len(word)))
        return Ties(tuple(pairs))

    def print(self, value: Ties) -> str:
        return str(value)


def no_such_weight(kind: str, ties: Ties, strange: str | None, names: Sequence[str]) -> ShapeError:
    """The error of a weight that a layer has not; None where it has none at all."""
    if strange is None or not names:
        return ShapeError(f"{kind} has no weights that could be another layer's; leave tied out")
    owner = ties.owner(strange)
    meant = [Ties(tuple((name if known == strange else known, at) for known, at in ties.pairs))
             for name in did_you_mean(strange, names) if name not in ties]  # fmt: skip
    if owner is None:  # the name of a layer, perhaps
        meant.append(Ties(((ALL, strange),)))
    return ShapeError(
        f"{kind} has no weight {strange}; it has {', '.join(names)}, and @ names the layer that has one too: "
        f"tied={names[0]}@{owner or 'NAME'}",
        fixes=[Fix(f"tied={one}", {"tied": one}) for one in meant],
    )
