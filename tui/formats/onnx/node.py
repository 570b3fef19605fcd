"""A node of an ONNX graph as the rules see it: attributes as plain data, inputs with what is known of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from tui.core.size import Size
from tui.core.tensor import Shape
from tui.formats.frameworks.words import FrameworkError

DTYPES: Final[Mapping[int, str]] = {
    1: "float32", 2: "uint8", 3: "int8", 4: "int16", 5: "int16", 6: "int32", 7: "int64", 9: "bool", 10: "float16",
    11: "float64", 12: "int32", 13: "int64", 16: "bfloat16",
}  # fmt: skip
"""Our types for the numbers of ``onnx.TensorProto.DataType``; unsigned ones have the bytes of the signed."""

FLOATS: Final = frozenset((1, 10, 11, 16))


class UnknownError(FrameworkError):
    """An operator of which nothing can be said before the model runs; the message names the reason."""


class Known(NamedTuple):
    """A tensor whose entries are known: numbers or sizes, in order, and its shape."""

    entries: tuple[Any, ...]
    shape: tuple[int, ...]


class Input(NamedTuple):
    """One input of a node. ``shape`` is None where what makes it is refused.

    ``stored``: it is an initializer, or made of nothing but those, which ``roots`` names. ``filler``: it is a
    constant of one value, such as the ones that a normalization without weights is given; ``uniform`` is the number
    that all entries are, if they are known to be one. ``filled``: so many of its
    elements, the last ones along its last axis, are constants of a Concat, such as the second biases of a cell that
    has one; they are no weights.
    """

    name: str
    shape: Shape | None
    dtype: int
    known: Known | None
    stored: bool
    roots: tuple[str, ...] = ()
    filler: bool = False
    filled: int = 0
    uniform: float | None = None

    def is_number(self, number: float) -> bool:
        """Whether it is nothing but this number, and no parameter."""
        return self.uniform == number and (self.filler or not self.stored)


@dataclass(frozen=True)
class Node:
    """An operator with its inputs; those that are left out are None."""

    operator: str
    name: str
    opset: int
    attributes: Mapping[str, Any]
    inputs: Sequence[Input | None]
    outputs: Sequence[str]

    def chosen(self, *names: str) -> dict[str, Any]:
        """Some attributes, those that are given."""
        return {name: self.attributes[name] for name in names if name in self.attributes}

    def input(self, index: int) -> Input | None:
        """An input, or None where it is left out."""
        return self.inputs[index] if index < len(self.inputs) else None

    def needs(self, index: int) -> Input:
        """An input that must be there; raises FrameworkError where it is not."""
        found = self.input(index)
        if found is None:
            raise FrameworkError(f"{self.operator} has no input {index}")
        return found

    def sizes(self, index: int) -> Shape:
        """The whole shape of an input; raises FrameworkError where it is not known."""
        found = self.needs(index)
        if found.shape is None:
            raise UnknownError(f"{self.operator}: the shape of {found.name} is not known")
        return found.shape

    def numbers(self, index: int, attribute: str = "") -> tuple[Any, ...] | None:
        """The entries of an input, or of the attribute that older opsets had in its place; None where both are absent.

        Raises UnknownError where the input is only known when the model runs.
        """
        found = self.input(index)
        if found is None:
            value = self.attributes.get(attribute)
            return None if value is None else tuple(value) if isinstance(value, list) else (value,)
        if found.known is None:
            raise UnknownError(f"{self.operator}: {found.name} is only known when the model runs")
        return found.known.entries

    def number(self, index: int, attribute: str = "") -> Any:
        """The only entry of an input or attribute; None where it is absent."""
        found = self.numbers(index, attribute)
        if found is not None and len(found) != 1:
            raise FrameworkError(f"{self.operator}: one number is wanted, {len(found)} are given")
        return None if found is None else found[0]

    def has_output(self, index: int) -> bool:
        """Whether an output is asked for."""
        return index < len(self.outputs) and bool(self.outputs[index])


@dataclass(frozen=True)
class Extra:
    """A line of its own for an output that our kind does not have; it reads the node's first input."""

    output: int
    class_name: str
    args: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Written:
    """What a node becomes: a layer, the inputs that it reads, and those that are its own weights.

    ``outputs`` gives for each output of the node the number of ours, where they differ. ``then`` are
    lines below it, each reading the one above first: an operator that is several of our layers. Where
    there are some, ``gives`` names the output of the node that this line already is. ``checked`` says
    whether the elements of the initializers must be those of the layer's weights (packed ones are not).
    ``turned`` is an input that is read in another shape, with the class, the arguments and the output of the line
    that makes it. ``spread``: of a line
    among ``then``, how many outputs of the one above it reads.
    """

    class_name: str
    args: Mapping[str, Any]
    reads: Sequence[int] = (0,)
    weights: Sequence[int] = ()
    outputs: Sequence[int] = ()
    extras: Sequence[Extra] = ()
    then: Sequence[Written] = ()
    gives: int | None = None
    checked: bool = True
    turned: tuple[int, str, Mapping[str, Any], Shape] | None = None
    spread: int = 1


def whole(size: Size, what: str) -> int:
    """A size that must be a number; raises FrameworkError where it is a symbol."""
    if not isinstance(size, int):
        raise FrameworkError(f"{what} depends on a symbol")
    return size
