"""Convolutions: a window of weights slides over the spatial axes."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from tui.core.argument import Arg, Choice, Pads, Whole, per_axis
from tui.core.errors import Fix, ShapeError
from tui.core.functions import ACTIVATION, activation_work
from tui.core.kind import Work
from tui.core.size import Size, at_least, product
from tui.core.tensor import Shape, Tensor, Tensors, Weight
from tui.core.windowed import (
    BIAS,
    DILATION,
    FILTERS,
    GROUPS,
    IN_CHANNELS,
    KERNEL,
    MODES,
    PADDING,
    STRIDE,
    Windowed,
    above_one,
    check_channels,
    check_groups,
    divides,
)
from tui.core.windows import check_fill, ends_of, pads

MULTIPLIER = Arg("depth_multiplier", Whole(1), 1, "depthwise filters for each input channel")


class Filtered(Windowed):
    """Base of the convolutions: kernels that are applied once at each output position, and a bias."""

    bias: bool
    activation: str

    def filters_for(self, channels: Size) -> Size:
        """The output channels for so many input channels."""
        raise NotImplementedError

    def kernels(self, channels: Size, rank: int) -> tuple[Weight, ...]:
        """The weights without the bias; the axes of the window first, as Keras stores them."""
        raise NotImplementedError

    def output(self, inputs: Tensors) -> Tensors:
        (x,) = inputs
        self.rank(x.shape)
        filters = self.filters_for(self.channels(x.shape))
        return (Tensor(self.shaped(x.shape[0], filters, self.slid(x.shape)), x.dtype),)

    def weights(self, inputs: Tensors) -> tuple[Weight, ...]:
        (x,) = inputs
        channels = self.channels(x.shape)
        kernels = self.kernels(channels, len(x.shape) - 2)
        return (*kernels, Weight("bias", (self.filters_for(channels),))) if self.bias else kernels

    def work(self, inputs: Tensors, outputs: Tensors) -> Work:
        """MACs: all kernels once at each output position.

        Element-wise: for each output element one addition of the bias and one operation of the activation.
        """
        (x,), (y,) = inputs, outputs
        first, *more = self.kernels(self.channels(x.shape), len(x.shape) - 2)
        taps = first.elements
        for kernel in more:
            taps = taps + kernel.elements
        elementwise = (y.elements if self.bias else 0) + activation_work(self.activation, y)
        return Work(taps * product(self.spatial(y.shape)) * y.shape[0], elementwise)


class Conv(Filtered):
    name = "conv"
    summary = "Convolution: filters slide over the input; 1-D to 3-D by the rank of the input."
    example = "conv 20 4x4 stride=2 padding=same"
    aliases: ClassVar = {
        "conv1d": 1, "conv2d": 2, "conv3d": 3, "lazyconv1d": 1, "lazyconv2d": 2, "lazyconv3d": 3,
        "convolution": None, "convolution1d": 1, "convolution2d": 2, "convolution3d": 3, "합성곱": None,
        "컨볼루션": None,
    }  # fmt: skip
    args = (
        FILTERS, KERNEL, STRIDE, replace(PADDING, type=Pads(MODES, low=-(10**9))), DILATION, GROUPS, BIAS, ACTIVATION,
        Arg("padding_mode", Choice(("zeros", "reflect", "replicate", "circular")), "zeros",
            "what the padding is filled with"),
        IN_CHANNELS,
    )  # fmt: skip
    filters: Size
    groups: Size
    padding_mode: str
    in_channels: Size | None

    def output(self, inputs: Tensors) -> Tensors:
        shape = inputs[0].shape
        rank = self.rank(shape)
        channels = self.channels(shape)
        check_channels(self.in_channels, channels)
        check_groups(self.groups, channels, "input channels")
        check_groups(self.groups, self.filters, "filters")
        if self.padding != "valid":
            self.check_padding(shape, rank)
        return super().output(inputs)

    def agreements(self, inputs: Tensors) -> tuple[tuple[Size, Size], ...]:
        return divides(self.groups, self.channels(inputs[0].shape), self.filters)

    def check_padding(self, shape: Shape, rank: int) -> None:
        """Raise ShapeError where the axes are too short for the padding mode, or zeros would have to crop."""
        ends = ends_of(self.padding, rank)
        if self.padding_mode == "zeros":
            if any(at_least(-1, p) for axis in ends if not isinstance(axis, str) for p in axis):
                raise ShapeError(
                    "padding below 0; a crop layer before it does that", fixes=[Fix("padding=0", {"padding": 0})]
                )
            return
        kernel, stride, dilation = (per_axis(v, rank) for v in (self.kernel, self.steps(), self.dilation))
        for n, k, s, d, axis in zip(self.spatial(shape), kernel, stride, dilation, ends, strict=True):
            check_fill(self.padding_mode, n, pads(n, k, s, d, axis))

    def filters_for(self, channels: Size) -> Size:
        return self.filters

    def kernels(self, channels: Size, rank: int) -> tuple[Weight, ...]:
        depth = channels if self.groups == 1 else channels // self.groups
        return (Weight("kernel", (*per_axis(self.kernel, rank), depth, self.filters)),)

    def remarks(self, inputs: Tensors, outputs: Tensors) -> tuple[str, ...]:
        if not above_one(self.steps()):
            return ()
        found = [*super().remarks(inputs, outputs)]
        if above_one(self.dilation):
            found.append("Keras refuses a stride above 1 together with a dilation above 1")
        if self.padding in ("same", "same_lower"):
            found.append("PyTorch refuses padding=same with a stride above 1")
        return tuple(found)


class Depthwise(Filtered):
    name = "depthwise"
    summary = "Depthwise convolution: each channel has its own filters, depth_multiplier of them."
    example = "depthwise 3x3 padding=same"
    aliases: ClassVar = {"depthwiseconv": None, "depthwiseconv1d": 1, "depthwiseconv2d": 2, "깊이별합성곱": None}
    args = (replace(KERNEL, slot=0), replace(MULTIPLIER, slot=1), STRIDE, PADDING, DILATION, BIAS, ACTIVATION)
    depth_multiplier: Size

    def filters_for(self, channels: Size) -> Size:
        return channels if self.depth_multiplier == 1 else channels * self.depth_multiplier

    def kernels(self, channels: Size, rank: int) -> tuple[Weight, ...]:
        return (Weight("kernel", (*per_axis(self.kernel, rank), channels, self.depth_multiplier)),)


class Separable(Filtered):
    name = "separable"
    summary = "Separable convolution: a depthwise one, then one of kernel 1 that mixes the channels; one bias."
    example = "separable 64 3x3 padding=same"
    aliases: ClassVar = {"separableconv": None, "separableconv1d": 1, "separableconv2d": 2,
                         "separableconvolution1d": 1, "separableconvolution2d": 2, "분리합성곱": None}  # fmt: skip
    args = (FILTERS, KERNEL, MULTIPLIER, STRIDE, PADDING, DILATION, BIAS, ACTIVATION)
    filters: Size
    depth_multiplier: Size

    def filters_for(self, channels: Size) -> Size:
        return self.filters

    def kernels(self, channels: Size, rank: int) -> tuple[Weight, ...]:
        depthwise = Weight("depthwise_kernel", (*per_axis(self.kernel, rank), channels, self.depth_multiplier))
        mixed = channels if self.depth_multiplier == 1 else channels * self.depth_multiplier
        return (depthwise, Weight("pointwise_kernel", (*(1,) * rank, mixed, self.filters)))
