"""Activations that know their axes: those along an axis (softmax, GLU) and those with a slope an axis (PReLU).

Element-wise work an element: softmax and its relatives 5 (maximum, difference, exponential, sum,
quotient), the others one for each output element.
"""

from __future__ import annotations

from typing import Any, ClassVar

from tui.core.argument import Arg, Dims, Whole
from tui.core.axes import AxisNumber, AxisNumbers, axes_at, axis_at, need_rank, reach_along, replaced
from tui.core.broadcast import broadcast
from tui.core.errors import Fix, ShapeError
from tui.core.kind import Kind, Reach, Work
from tui.core.size import Size, same, text
from tui.core.tensor import Shape, Tensor, Tensors, Weight
from tui.core.windowed import divides
from tui.core.working import plain

AXIS = Arg("axis", AxisNumbers(), (-1,), "the axis, or axes, whose elements share one sum", aliases=("dim",))


class AlongAxis(Kind):
    """Base of the functions that normalize along an axis."""

    args = (AXIS,)
    axis: Any

    def output(self, inputs: Tensors) -> Tensors:
        axes_at(self.axis, inputs[0].shape)
        return inputs

    def work(self, inputs: Tensors, outputs: Tensors) -> Work:
        return Work(elementwise=5 * outputs[0].elements)

    def reach(self, inputs: Tensors) -> Reach:
        """Its own position for a unit of the channels, the whole input along any other axis."""
        shape = inputs[0].shape
        return reach_along(self, shape, axes_at(self.axis, shape))

    def remarks(self, inputs: Tensors, outputs: Tensors) -> tuple[str, ...]:
        if isinstance(self.axis, tuple) and len(self.axis) > 1:
            return (f"PyTorch and ONNX take one axis, not {len(self.axis)}",)
        return ()


class Softmax(AlongAxis):
    name = "softmax"
    summary = "Softmax: exp(x) over its sum along an axis."
    example = "softmax"
    aliases: ClassVar = {"소프트맥스": None}


class LogSoftmax(AlongAxis):
    name = "logsoftmax"
    summary = "The logarithm of softmax."
    example = "logsoftmax"
    aliases: ClassVar = {"log_softmax": None}


class Softmin(AlongAxis):
    name = "softmin"
    summary = "Softmax of -x."
    example = "softmin"


class Softmax2d(Kind):
    name = "softmax2d"
    summary = "Softmax over the channels at each position."
    example = "softmax2d"

    def output(self, inputs: Tensors) -> Tensors:
        need_rank("softmax2d", inputs[0].shape, 3)
        return inputs

    def work(self, inputs: Tensors, outputs: Tensors) -> Work:
        return Work(elementwise=5 * outputs[0].elements)


class Hardmax(AlongAxis):
    name = "hardmax"
    summary = "1 for the largest element along an axis, else 0."
    example = "hardmax"


class Sparsemax(AlongAxis):
    name = "sparsemax"
    summary = "Softmax that gives exact zeros."
    example = "sparsemax"


class GLU(Kind):
    name = "glu"
    summary = "Gated linear unit: one half of the channels times the sigmoid of the other."
    example = "glu"
    args = (Arg("axis", AxisNumber(), -1, "the axis that is halved", aliases=("dim",)),)
    axis: Size

    def output(self, inputs: Tensors) -> Tensors:
        """The axis halved; raises ShapeError where its size is odd (Dauphin et al. 2017)."""
        (x,) = inputs
        axis = axis_at(self.axis, x.shape)
        size = x.shape[axis]
        if same(size % 2, 0) is False:
            raise ShapeError(f"glu needs an even size to halve, axis {axis} has {text(plain(size))}")
        return (Tensor(replaced(x.shape, axis, size // 2), x.dtype),)

    def agreements(self, inputs: Tensors) -> tuple[tuple[Size, Size], ...]:
        shape = inputs[0].shape
        return divides(2, shape[axis_at(self.axis, shape)])

    def work(self, inputs: Tensors, outputs: Tensors) -> Work:
        """A sigmoid and a product for each output element."""
        return Work(elementwise=2 * outputs[0].elements)


class PRelu(Kind):
    name = "prelu"
    summary = "Parametric ReLU: x, or a learned slope times x below 0."
    example = "prelu"
    why_conventions_differ = (
        "without arguments PReLU has one slope in PyTorch, and so in what it exports to ONNX, but in Keras one for "
        "each element of an example"
    )
    args = (
        Arg("num_parameters", Whole(1), None, "slopes: 1, or one for each channel (PyTorch); by default as the "
            "network's counting has it", slot=0),
        Arg("shared_axes", AxisNumbers(), None, "one slope for each element but along these axes (Keras); none shares "
            "nothing"),
        Arg("slope", Dims(), None, "the shape of the slopes, stretched to the input (ONNX)"),
    )  # fmt: skip
    num_parameters: Size | None
    shared_axes: Any
    slope: Shape | None

    def output(self, inputs: Tensors) -> Tensors:
        """The input; raises ShapeError where the slopes fit neither the channels nor the shape."""
        shape = inputs[0].shape
        if self.slope is not None:
            for axis, (got, kept) in enumerate(zip(broadcast("prelu", [shape, self.slope]), shape, strict=False)):
                if len(self.slope) > len(shape) or same(got, kept) is False:
                    raise ShapeError(f"the slopes stretch the input along axis {axis}; they must fit into its shape")
        elif self.shared_axes is None and self.num_parameters is not None and self.num_parameters != 1:
            channels = shape[1 if not self.channels_last and len(shape) > 2 else -1] if shape else 1
            if same(self.num_parameters, channels) is False:
                found = plain(channels)
                raise ShapeError(
                    f"prelu has {text(plain(self.num_parameters))} slopes for {text(found)} channels",
                    fixes=[Fix(label, {"num_parameters": n}) for label, n in (("one slope", 1), ("one each", found))],
                )
        self.weights(inputs)
        return inputs

    def weights(self, inputs: Tensors) -> tuple[Weight, ...]:
        """``num_parameters`` slopes (torch.nn.PReLU), or one an element of an example (keras.layers.PReLU).

        Where neither is asked for, the counting says whose default holds.
        """
        shape = inputs[0].shape
        if self.slope is not None:
            return (Weight("slope", self.slope),)
        if self.num_parameters is not None and self.shared_axes is None:
            return (Weight("slope", (self.num_parameters,)),)
        if self.shared_axes is None and self.settings.counting != "keras":
            return (Weight("slope", (1,)),)
        shared = axes_at(self.shared_axes or (), shape, "shared_axes")
        sizes = tuple(1 if axis in shared else size for axis, size in enumerate(shape))
        return (Weight("slope", sizes[1:]),)

    def work(self, inputs: Tensors, outputs: Tensors) -> Work:
        return Work(elementwise=outputs[0].elements)
