"""Tensors that the network owns or that only depend on sizes, and what changes a tensor's type but not its numbers."""

from __future__ import annotations

from typing import ClassVar, Final

from tui.core.argument import Arg, Choice, Dims, Real, Whole
from tui.core.axes import AxisNumber
from tui.core.errors import Fix, ShapeError
from tui.core.kind import Kind
from tui.core.settings import DTYPE
from tui.core.size import Size, at_least, ceil_div, maximum, same
from tui.core.tensor import Shape, Tensor, Tensors, Weight
from tui.core.working import plain

ANY: Final = -(10**18)


class Sourceless(Kind):
    """Base of the kinds that read no input: their axes are no positions of one, whatever their sizes."""

    inputs = (0, 0)
    batched = False

    def spatial(self, shape: Shape) -> tuple[Size, ...]:
        return ()


class Parameter(Sourceless):
    name = "parameter"
    summary = "A tensor of weights that later layers read."
    example = "parameter 1x197x768"
    aliases: ClassVar = {"initializer": None}
    args = (Arg("shape", Dims(), (), "the whole shape; a single number if none is given", slot=0),)
    shape: Shape

    def output(self, inputs: Tensors) -> Tensors:
        return (Tensor(self.shape, self.settings.dtype),)

    def weights(self, inputs: Tensors) -> tuple[Weight, ...]:
        """All of it (torch.nn.Parameter, a float initializer of ONNX)."""
        return (Weight("weight", self.shape),)


class Constant(Sourceless):
    name = "constant"
    summary = "A tensor of fixed numbers, no weights."
    example = "constant 2x5"
    aliases: ClassVar = {
        "constantofshape": None, "zeros": None, "ones": None, "full": None, "randomnormal": None, "randomuniform": None,
    }  # fmt: skip
    args = (Arg("shape", Dims(0), (), "the whole shape; a single number if none is given", slot=0),)
    shape: Shape

    def output(self, inputs: Tensors) -> Tensors:
        """The shape itself (ONNX Constant, ConstantOfShape)."""
        return (Tensor(self.shape, self.settings.dtype),)


class Range(Sourceless):
    name = "range"
    summary = "Whole numbers from start up to, not with, end."
    example = "range 0 10"
    aliases: ClassVar = {"arange": None}
    args = (
        Arg("start", Whole(ANY), 0, "the first number", slot=0),
        Arg("end", Whole(ANY), help="the number past the last", slot=1, aliases=("limit", "stop")),
        Arg("step", Whole(ANY), 1, "the difference between neighbours", slot=2, aliases=("delta",)),
    )
    start: Size
    end: Size
    step: Size

    def output(self, inputs: Tensors) -> Tensors:
        """``max(ceil((end - start)/step), 0)`` numbers (ONNX Range, torch.arange)."""
        if same(self.step, 0):
            raise ShapeError("range with a step of 0 never ends", fixes=[Fix("step=1", {"step": 1})])
        if at_least(self.step, 0) is False:
            count = ceil_div(self.start - self.end, -self.step)
        else:
            count = ceil_div(self.end - self.start, self.step)
        return (Tensor((count if at_least(count, 0) else maximum(count, 0),), "int64"),)


class ShapeOf(Kind):
    name = "shape"
    summary = "The sizes of its input as a list of numbers."
    example = "shape"
    batched = False
    args = (
        Arg("start", AxisNumber(), 0, "the first axis"),
        Arg("end", AxisNumber(), None, "the axis past the last"),
    )
    start: Size
    end: Size | None

    def output(self, inputs: Tensors) -> Tensors:
        """One number for each axis from start to end, cut to the axes there are (ONNX Shape)."""
        ndim = len(inputs[0].shape)
        first, last = (plain(self.start), ndim if self.end is None else plain(self.end))
        assert isinstance(first, int)
        assert isinstance(last, int)
        return (Tensor((len(range(ndim)[first:last]),), "int64"),)


class CountOf(Kind):
    name = "size"
    summary = "The number of elements of its input."
    example = "size"
    batched = False

    def output(self, inputs: Tensors) -> Tensors:
        return (Tensor((), "int64"),)


class Cast(Kind):
    name = "cast"
    summary = "The same numbers stored as another type."
    example = "cast int32"
    aliases: ClassVar = {"castlike": None, "to": None}
    args = (Arg("to", DTYPE, help="the type", slot=0),)
    to: str

    def output(self, inputs: Tensors) -> Tensors:
        return (inputs[0]._replace(dtype=self.to),)


class Quantize(Kind):
    name = "quantize"
    summary = "Numbers as whole numbers of few bits."
    example = "quantize uint8"
    aliases: ClassVar = {"quantizelinear": None}
    args = (Arg("to", Choice(("uint8", "int8", "int16", "int32")), "uint8", "the type", slot=0),)
    to: str

    def output(self, inputs: Tensors) -> Tensors:
        return (inputs[0]._replace(dtype=self.to),)


class Dequantize(Kind):
    name = "dequantize"
    summary = "Whole numbers of few bits as numbers of the network's type."
    example = "dequantize"
    aliases: ClassVar = {"dequantizelinear": None}

    def output(self, inputs: Tensors) -> Tensors:
        return (inputs[0]._replace(dtype=self.settings.dtype),)


class Like(Kind):
    name = "like"
    summary = "A tensor of new numbers in the shape of its input."
    example = "like"
    aliases: ClassVar = {
        "randomnormallike": None, "randomuniformlike": None, "bernoulli": None, "eyelike": None,
        "zeroslike": None, "zeros_like": None, "oneslike": None, "ones_like": None,
    }  # fmt: skip


class Identity(Kind):
    name = "identity"
    summary = "Its input."
    example = "identity"
    aliases: ClassVar = {
        "contiguous": None, "clone": None, "detach": None, "stopgradient": None, "stop_gradient": None,
    }  # fmt: skip


class Lookup(Kind):
    name = "lookup"
    summary = "Each entry as the number of its class (Keras)."
    example = "lookup"
    aliases: ClassVar = {"hashing": None, "discretization": None, "stringlookup": None, "integerlookup": None}

    def output(self, inputs: Tensors) -> Tensors:
        return (inputs[0]._replace(dtype="int64"),)


class Masking(Kind):
    name = "masking"
    summary = "Marks the steps that later layers skip; the numbers stay (Keras)."
    example = "masking"
    args = (Arg("mask_value", Real(float("-inf")), 0.0, "the number that marks a step"),)
