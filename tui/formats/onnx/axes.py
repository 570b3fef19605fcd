"""Orders of axes, and shapes side by side."""

from __future__ import annotations

from tui.core.size import same
from tui.core.tensor import Shape


def to_first(rank: int) -> list[int]:
    """The order of the axes that puts the channels behind the batch."""
    return [0, rank - 1, *range(1, rank - 1)]


def to_last(rank: int) -> list[int]:
    """The order of the axes that puts the channels last again."""
    return [0, *range(2, rank), 1]


def alike(a: Shape, b: Shape) -> bool:
    """Whether two shapes are the same whatever their symbols are."""
    return len(a) == len(b) and all(same(x, y) for x, y in zip(a, b, strict=True))
