"""Transposed convolution: the shape of a convolution run backwards; strides make the output larger."""

from __future__ import annotations

from typing import ClassVar

from tui.core.argument import Arg, Axes, Choice, Padding, Pads, PerAxis, per_axis
from tui.core.functions import ACTIVATION, activation_work
from tui.core.kind import Kind, Reach, Work
from tui.core.size import Size, at_least, product
from tui.core.spread import check_left, check_output_padding, spread, spread_window
from tui.core.tensor import Tensor, Tensors, Weight
from tui.core.windowed import (
    BIAS,
    DILATION,
    FILTERS,
    GROUPS,
    IN_CHANNELS,
    KERNEL,
    STRIDE,
    above_one,
    check_channels,
    check_groups,
    divides,
    need_spatial,
)
from tui.core.windows import Ends, check_rank, ends_of

MODES = ("valid", "same", "same_lower")


class ConvTranspose(Kind):
    name = "convtranspose"
    summary = "Transposed convolution: each input unit is spread over a window of the output."
    example = "convtranspose 64 2x2 stride=2"
    aliases: ClassVar = {
        "convtranspose1d": 1, "convtranspose2d": 2, "convtranspose3d": 3, "conv1dtranspose": 1, "conv2dtranspose": 2,
        "conv3dtranspose": 3, "lazyconvtranspose1d": 1, "lazyconvtranspose2d": 2, "lazyconvtranspose3d": 3,
        "convolution1dtranspose": 1, "convolution2dtranspose": 2, "convolution3dtranspose": 3, "deconv": None,
        "deconvolution": None, "전치합성곱": None,
    }  # fmt: skip
    args = (
        FILTERS, KERNEL, STRIDE,
        Arg("padding", Pads(MODES), "valid", "what is cut off the output; words as in Keras, sizes as in PyTorch",
            short="p", aliases=("pad", "pads"), sign="p", flags=tuple((word, word) for word in MODES)),
        Arg("output_padding", Axes(0), None, "units added at the end of the output"),
        DILATION, GROUPS, BIAS, ACTIVATION,
        Arg("output_size", Axes(), None, "the spatial output size; then the padding follows from it",
            aliases=("output_shape",)),
        Arg("padding_mode", Choice(("zeros",)), "zeros", "no framework fills a transposed convolution otherwise"),
        IN_CHANNELS,
    )  # fmt: skip
    filters: Size
    kernel: PerAxis
    stride: PerAxis
    padding: Padding
    output_padding: PerAxis | None
    dilation: PerAxis
    groups: Size
    bias: bool
    activation: str
    output_size: PerAxis | None
    in_channels: Size | None

    def output(self, inputs: Tensors) -> Tensors:
        (x,) = inputs
        rank = need_spatial(self, x.shape)
        for name in ("kernel", "stride", "padding", "output_padding", "dilation", "output_size"):
            check_rank(name, getattr(self, name), rank)
        channels = self.channels(x.shape)
        check_channels(self.in_channels, channels)
        check_groups(self.groups, channels, "input channels")
        check_groups(self.groups, self.filters, "filters")
        out = []
        for n, k, s, d, ends, o, size in self.axes(self.spatial(x.shape)):
            check_output_padding(o, s, d)
            out.append(spread(n, k, s, d, ends, o) if size is None else size)
            check_left(out[-1], n, k, s, d, ends, o)
        return (Tensor(self.shaped(x.shape[0], self.filters, tuple(out)), x.dtype),)

    def agreements(self, inputs: Tensors) -> tuple[tuple[Size, Size], ...]:
        return divides(self.groups, self.channels(inputs[0].shape), self.filters)

    def axes(self, spatial: tuple[Size, ...]) -> list[tuple[Size, Size, Size, Size, Ends, Size | None, Size | None]]:
        """Input size, kernel, stride, dilation, padding, output padding and asked output size of each axis."""
        rank = len(spatial)
        kernel, stride, dilation = (per_axis(v, rank) for v in (self.kernel, self.stride, self.dilation))
        none: tuple[Size | None, ...] = (None,) * rank
        padding = none if self.output_padding is None else per_axis(self.output_padding, rank)
        sizes = none if self.output_size is None else per_axis(self.output_size, rank)
        return list(zip(spatial, kernel, stride, dilation, ends_of(self.padding, rank), padding, sizes, strict=True))

    def weights(self, inputs: Tensors) -> tuple[Weight, ...]:
        """The kernel is (C, filters/groups, k...), as PyTorch and ONNX store it."""
        (x,) = inputs
        filters = self.filters if self.groups == 1 else self.filters // self.groups
        kernel = Weight("kernel", (self.channels(x.shape), filters, *per_axis(self.kernel, len(x.shape) - 2)))
        return (kernel, Weight("bias", (self.filters,))) if self.bias else (kernel,)

    def work(self, inputs: Tensors, outputs: Tensors) -> Work:
        """MACs: the kernel once at each *input* position.

        Element-wise: for each output element one addition of the bias and one operation of the activation.
        """
        (kernel, *_) = self.weights(inputs)
        (x,), (y,) = inputs, outputs
        elementwise = (y.elements if self.bias else 0) + activation_work(self.activation, y)
        return Work(kernel.elements * product(self.spatial(x.shape)) * x.shape[0], elementwise)

    def reach(self, inputs: Tensors) -> Reach:
        return tuple(spread_window(*axis) for axis in self.axes(self.spatial(inputs[0].shape)))

    def remarks(self, inputs: Tensors, outputs: Tensors) -> tuple[str, ...]:
        found = []
        if self.padding in ("same", "same_lower"):
            found.append("PyTorch refuses padding=same in a transposed convolution")
        if above_one(self.stride) and above_one(self.dilation):
            found.append("Keras refuses a stride above 1 together with a dilation above 1")
        for _, _, s, d, _, o, _ in self.axes(self.spatial(inputs[0].shape)):
            if o is not None and at_least(o, s) and not at_least(o, d):
                found.append("Keras refuses an output_padding that is not below the stride")
                break
        return tuple(found)
