"""Layers of which only the name is known, and perhaps what comes out: custom layers and operators of other programs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar, Final, Self

from tui.core.argument import Arg, Switch, ValueType
from tui.core.axis_sizes import ShapeOrScalar, size_word
from tui.core.broadcast import broadcast
from tui.core.errors import ParseError
from tui.core.kind import UNKNOWN_REACH, Kind, Reach, Work
from tui.core.size import Size, bind, symbols
from tui.core.tensor import Shape, Tensor, Tensors

_NAME: Final = re.compile(r"[\w./:<>-]+")
_ONE: Final = ShapeOrScalar(0)


@dataclass(eq=False, repr=False)
class OperatorName(ValueType):
    """The name that another program has for what it does."""

    expected: str = "the name of the operation, such as LayerNormLSTM"

    def parse(self, word: str) -> str:
        if not _NAME.fullmatch(word):
            raise ParseError(f"{word!r} is not {self.expected}", (0, len(word)), expected=(self.expected,))
        return word


@dataclass(eq=False, repr=False)
class Shapes(ValueType):
    """One shape, or several with a semicolon between them: one for each output."""

    expected: str = "a shape such as 20x3x4, or one for each output such as 20x4;4"

    def parse(self, word: str) -> tuple[Shape, ...]:
        shapes, start = [], 0
        for part in word.split(";"):
            try:
                shapes.append(_ONE.parse(part))
            except ParseError as error:
                raise error.shifted(start) from None
            start += len(part) + 1
        return tuple(shapes)

    def print(self, value: tuple[Shape, ...]) -> str:
        return ";".join("x".join(map(size_word, shape)) or "scalar" for shape in value)

    def bind(self, value: tuple[Shape, ...], values: dict[str, Size]) -> tuple[Shape, ...]:
        return tuple(tuple(bind(size, values) for size in shape) for shape in value)

    def symbols(self, value: tuple[Shape, ...]) -> frozenset[str]:
        return frozenset().union(*(symbols(size) for shape in value for size in shape))

    def sizes(self, value: tuple[Shape, ...]) -> tuple[Size, ...]:
        return tuple(size for shape in value for size in shape)

    def places(self, word: str) -> tuple[tuple[int, int], ...]:
        found, start = [], 0
        for part in word.split(";"):
            found += [] if part == "scalar" else [(a + start, b + start) for a, b in _ONE.places(part)]
            start += len(part) + 1
        return tuple(found)


class Opaque(Kind):
    name = "opaque"
    summary = "An operation that is not known here: its weights and work are not counted, and totals say so."
    example = "opaque LayerNormLSTM 20x64"
    aliases: ClassVar = {"custom": None, "unknown": None}
    inputs = (1, None)
    known = False
    args = (
        Arg("operator", OperatorName(), help="what the operation is called where it comes from", slot=0),
        Arg("shape", Shapes(), (), "what comes out, without the batch; where it is left out, the readers of this layer "
            "wait", slot=1),
        Arg("whole", Switch(), False, "the shape is the whole one: its first size stands for the batch"),
    )  # fmt: skip
    operator: str
    shape: tuple[Shape, ...]
    whole: bool

    def recorded(self) -> Self:
        """The layer itself: no size is computed, so there is nothing to record."""
        return self

    def output(self, inputs: Tensors) -> Tensors:
        """The shapes that are stated, one for each output, in the type of the first input; none where none is."""
        dtype = inputs[0].dtype if inputs else self.settings.dtype
        if self.whole:
            return tuple(Tensor(shape, dtype) for shape in self.shape)
        batch = inputs[0].shape[0] if inputs and inputs[0].shape else self.settings.batch
        return tuple(Tensor((batch, *shape), dtype) for shape in self.shape)

    def reach(self, inputs: Tensors) -> Reach:
        return UNKNOWN_REACH

    def remarks(self, inputs: Tensors, outputs: Tensors) -> tuple[str, ...]:
        missing = "its weights and its work are" if outputs else "its output, its weights and its work are"
        return (f"{self.operator} is opaque: {missing} not known, so totals are at least what is shown",)


class Pointwise(Kind):
    name = "pointwise"
    summary = "A function of each element, or of elements of several inputs, that has no kind of its own."
    example = "pointwise log2"
    inputs = (1, None)
    args = (Arg("operator", OperatorName(), help="what the function is called where it comes from", slot=0),)
    operator: str

    def output(self, inputs: Tensors) -> Tensors:
        """The broadcast shape of all inputs, in the type of the first."""
        return (Tensor(broadcast(self.operator, [x.shape for x in inputs]), inputs[0].dtype),)

    def work(self, inputs: Tensors, outputs: Tensors) -> Work:
        """No MACs. Element-wise: one operation an element."""
        return Work(elementwise=outputs[0].elements)
