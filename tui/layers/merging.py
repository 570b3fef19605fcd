"""Merging: several inputs become one, element by element or end to end.

Element-wise work: one operation an output element for each input after the first.
"""

from __future__ import annotations

from typing import ClassVar

from tui.core.argument import Arg
from tui.core.axes import AxisNumber, axis_at
from tui.core.broadcast import agreements, batches_lined_up, broadcast, merged, stretched_agreements
from tui.core.errors import ShapeError
from tui.core.kind import Kind, Work
from tui.core.size import Size, text
from tui.core.tensor import Shape, Tensor, Tensors, shape_text
from tui.core.variant import variant
from tui.core.working import plain


class Elementwise(Kind):
    """Base of the kinds that join their inputs element by element, stretching sizes of 1."""

    inputs: ClassVar[tuple[int, int | None]] = (2, None)

    def output(self, inputs: Tensors) -> Tensors:
        """The broadcast shape of all inputs; raises ShapeError where one axis does not fit."""
        return (Tensor(broadcast(self.name, [x.shape for x in inputs], batches=True), inputs[0].dtype),)

    def work(self, inputs: Tensors, outputs: Tensors) -> Work:
        return Work(elementwise=(len(inputs) - 1) * outputs[0].elements)

    def remarks(self, inputs: Tensors, outputs: Tensors) -> tuple[str, ...]:
        if batches_lined_up([x.shape for x in inputs]):
            return ("Keras lines up the batches; PyTorch and ONNX line up the last axes and refuse this",)
        return ()

    def agreements(self, inputs: Tensors) -> tuple[tuple[Size, Size], ...]:
        return stretched_agreements([x.shape for x in inputs])


class _Pair(Elementwise):
    """Base of the kinds that join exactly two inputs, in their order."""

    inputs = (2, 2)


class _Comparison(_Pair):
    """Base of the kinds that say true or false of each pair of elements."""

    def output(self, inputs: Tensors) -> Tensors:
        return tuple(x._replace(dtype="bool") for x in super().output(inputs))


def _join(name: str, summary: str, *aliases: str, base: type[Elementwise] = Elementwise) -> type[Kind]:
    return variant(base, name, summary, *aliases, example=f"{name} @other")


Add = _join("add", "The sum of its inputs, element by element.", "sum", "더하기")
Subtract = _join("subtract", "Its first input minus the second.", "sub", base=_Pair)
Multiply = _join("multiply", "The product of its inputs, element by element.", "mul", "곱하기")
Divide = _join("divide", "Its first input over the second.", "div", "true_divide", "truedivide", base=_Pair)
FloorDivide = _join("floordivide", "Its first input over the second, rounded down.", "floor_divide", base=_Pair)
Power = _join("power", "Its first input to the power of the second.", "pow", base=_Pair)
Mod = _join("mod", "The rest of its first input by the second.", "fmod", "remainder", base=_Pair)
Average = _join("average", "The mean of its inputs, element by element.", "mean")
Maximum = _join("maximum", "The largest of its inputs, element by element.", "max")
Minimum = _join("minimum", "The smallest of its inputs, element by element.", "min")
Equal = _join("equal", "True where two inputs are equal.", "eq", base=_Comparison)
NotEqual = _join("notequal", "True where two inputs differ.", "not_equal", "ne", base=_Comparison)
Greater = _join("greater", "True where the first input is larger.", "gt", base=_Comparison)
GreaterOrEqual = _join("greaterorequal", "True where the first input is no smaller.", "ge", "greater_equal",
                       base=_Comparison)  # fmt: skip
Less = _join("less", "True where the first input is smaller.", "lt", base=_Comparison)
LessOrEqual = _join("lessorequal", "True where the first input is no larger.", "le", "less_equal", base=_Comparison)
And = _join("and", "True where both inputs are.", "logicaland", "logical_and", base=_Comparison)
Or = _join("or", "True where one of two inputs is.", "logicalor", "logical_or", base=_Comparison)
Xor = _join("xor", "True where two inputs differ.", "logicalxor", "logical_xor", base=_Comparison)
BitwiseAnd = _join("bitwiseand", "The bits that both inputs have.", base=_Pair)
BitwiseOr = _join("bitwiseor", "The bits that one of two inputs has.", base=_Pair)
BitShift = _join("bitshift", "The bits of its first input moved by the second.", base=_Pair)
BitwiseXor = _join("bitwisexor", "The bits in which two inputs differ.", base=_Pair)


class Where(Elementwise):
    name = "where"
    summary = "Where its first input is true the second, else the third."
    example = "where @condition @a @b"
    inputs = (3, 3)

    def output(self, inputs: Tensors) -> Tensors:
        """The broadcast shape of all three; the dtype of the second."""
        return tuple(x._replace(dtype=inputs[1].dtype) for x in super().output(inputs))

    def work(self, inputs: Tensors, outputs: Tensors) -> Work:
        return Work(elementwise=outputs[0].elements)


class Concat(Kind):
    name = "concat"
    summary = "Its inputs end to end along one axis: the channels, if none is named."
    example = "concat @skip"
    aliases: ClassVar = {"concatenate": None, "cat": None, "연결": None}
    inputs = (2, None)
    args = (Arg("axis", AxisNumber(), None, "the axis along which; the channels by default", aliases=("dim",)),)
    axis: Size | None

    def output(self, inputs: Tensors) -> Tensors:
        """The sizes along the axis added up; raises ShapeError where the other axes differ."""
        first = inputs[0].shape
        axis = self._axis(first)
        shapes = [x.shape for x in inputs]
        if any(len(shape) != len(first) for shape in shapes):
            raise ShapeError(f"concat needs inputs with equally many axes, it gets {_shapes(shapes)}")
        out = [self._joined(i, axis, [shape[i] for shape in shapes], shapes) for i in range(len(first))]
        return (Tensor(tuple(out), inputs[0].dtype),)

    def agreements(self, inputs: Tensors) -> tuple[tuple[Size, Size], ...]:
        axis = self._axis(inputs[0].shape)
        columns = zip(*(x.shape for x in inputs), strict=True)
        return agreements(column for i, column in enumerate(columns) if i != axis)

    def _axis(self, shape: Shape) -> int:
        if not shape:
            raise ShapeError("concat cannot join scalars: they have no axis")
        return self.channel_axis(shape) if self.axis is None else axis_at(self.axis, shape)

    def _joined(self, i: int, axis: int, sizes: list[Size], shapes: list[Shape]) -> Size:
        if i == axis:
            total = sizes[0]
            for size in sizes[1:]:
                total = total + size
            return total
        common = merged(sizes)
        if common is None:
            different = " and ".join(dict.fromkeys(text(plain(s)) for s in sizes))
            raise ShapeError(
                f"concat along axis {axis} needs all other sizes equal: axis {i} has {different} in {_shapes(shapes)}"
            )
        return common


def _shapes(shapes: list[Shape]) -> str:
    return " and ".join(shape_text(tuple(map(plain, shape))) for shape in shapes)


class Stack(Kind):
    name = "stack"
    summary = "Its inputs side by side along a new axis."
    example = "stack @other axis=1"
    inputs = (2, None)
    args = (Arg("axis", AxisNumber(), 1, "where the new axis stands", aliases=("dim",)),)
    axis: Size

    def output(self, inputs: Tensors) -> Tensors:
        """The number of inputs as a new axis; raises ShapeError where the shapes differ."""
        shapes = [x.shape for x in inputs]
        first = shapes[0]
        columns = [merged(sizes) for sizes in zip(*shapes, strict=False)]
        sizes = tuple(size for size in columns if size is not None)
        if len(sizes) != max(map(len, shapes)):
            raise ShapeError(f"stack needs inputs of one shape, it gets {_shapes(shapes)}")
        axis = axis_at(self.axis, first, room=1)
        return (Tensor((*sizes[:axis], len(shapes), *sizes[axis:]), inputs[0].dtype),)

    def agreements(self, inputs: Tensors) -> tuple[tuple[Size, Size], ...]:
        return agreements(zip(*(x.shape for x in inputs), strict=True))
