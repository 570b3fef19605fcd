"""Weights that are tied to another layer's (``tied=kernel@tokens``): which those are, and whether they fit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from tui.core.calling import sizes_of
from tui.core.errors import ShapeError
from tui.core.result import Result, refused
from tui.core.size import Size, text
from tui.core.tensor import Weight


class Tie(NamedTuple):
    """A weight that is another layer's too: the name of that layer and its weight, ``other``."""

    weight: Weight
    owner: str
    other: Weight

    @property
    def turned(self) -> bool:
        """Whether the two have their axes in another order, as a dense kernel (in, out) and an embedding (out, in)."""
        return self.weight.shape != self.other.shape


def tied(result: Result, owners: Mapping[str, Result | None]) -> Result:
    """The result of a layer with weights of others; refused where one of those has no weight of the same sizes.

    A layer that has no result itself is not asked: the row that is wrong is its own.
    """
    try:
        for _ in ties_of(result, owners):
            pass
    except ShapeError as error:
        return refused(error)
    return result


def ties_of(result: Result | None, owners: Mapping[str, Result | None]) -> Iterator[Tie]:
    """The weights of a layer that are tied to a named one, in order; raises ShapeError where they do not fit.

    ``owners`` are the results of those layers by their names; of one that has none nothing is said.

    Of several weights that fit it is that of the same name, then one with the axes in the same order.
    """
    if result is None or result.kind is None:
        return
    for weight in result.kind.weights(result.inputs):
        name = result.kind.tied.owner(weight.name)
        owner = owners.get(name) if name is not None else None
        if name is None or owner is None or owner.kind is None:
            continue
        there = owner.kind.weights(owner.inputs)
        fitting = [w for w in there if _sizes(w) == _sizes(weight)]
        other = min(fitting, key=lambda w: (w.name != weight.name, w.shape != weight.shape), default=None)
        if other is None:
            has = ", ".join(f"{w.name} {sizes_of(w)}" for w in there) or "no weights"
            raise ShapeError(
                f"its {weight.name} is {sizes_of(weight)}, {name} has {has}; tie it to a weight of the same sizes"
            )
        yield Tie(weight, name, other)


def _sizes(weight: Weight) -> list[Size]:
    """The sizes of a weight in any order: frameworks order the axes of a kernel differently, and that of a decoder
    is its encoder's turned."""
    return sorted(weight.shape, key=text)
