"""Tensors and weights: a shape with a dtype, and what the numbers in it are for."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from typing import Final, NamedTuple, TypeAlias

from tui.core.size import Size, product, text

Shape: TypeAlias = tuple[Size, ...]

BYTES: Final = {
    "float64": 8,
    "float32": 4,
    "float16": 2,
    "bfloat16": 2,
    "int64": 8,
    "int32": 4,
    "int16": 2,
    "int8": 1,
    "uint8": 1,
    "bool": 1,
}
"""Bytes of one element of each dtype."""


class Tensor(NamedTuple):
    """What flows between layers. ``shape`` is whole: batch first, axes in their physical order."""

    shape: Shape
    dtype: str = "float32"

    @property
    def elements(self) -> Size:
        """The number of elements, the batch included."""
        return product(self.shape)

    @property
    def bytes(self) -> Size:
        """The bytes of all elements."""
        return product(self.shape) * BYTES[self.dtype]


Tensors: TypeAlias = tuple[Tensor, ...]


class Role(Enum):
    """What a weight is for; the conventions of the frameworks differ in what they call it."""

    TRAINABLE = "trainable"
    FROZEN = "frozen"
    STATISTIC = "statistic"  # a moving mean or variance
    COUNTER = "counter"  # PyTorch's num_batches_tracked


class Weight(NamedTuple):
    """A named tensor that a layer owns."""

    name: str
    shape: Shape
    role: Role = Role.TRAINABLE

    @property
    def elements(self) -> Size:
        return product(self.shape)


def shape_text(shape: Shape) -> str:
    """The shape without its batch as the screen writes it: ``36x28x20``, ``(H - 3)x28``, ``n``; a scalar is ``()``."""
    if not shape[1:]:
        return "scalar"
    if len(shape) == 2:
        return text(shape[1], thousands=False)
    return joined(shape[1:])


def joined(sizes: Iterable[Size]) -> str:
    """Sizes as the screen writes a shape; empty for none."""
    return "x".join(d if (d := text(size)).isalnum() else f"({d})" for size in sizes)
