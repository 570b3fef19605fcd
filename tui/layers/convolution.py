"""Convolutions: a window of weights slides over the spatial axes."""

from __future__ import annotations

from typing import ClassVar

from tui.core.argument import Arg, Axes, Padding, Pads, PerAxis, Switch, Whole, per_axis
from tui.core.errors import Fix, ShapeError
from tui.core.kind import Kind, Reach, Work
from tui.core.size import Size, product, same, text
from tui.core.tensor import Shape, Tensor, Tensors, Weight
from tui.core.windows import check_rank, slide_all, windows
from tui.core.working import plain

KERNEL = Arg("kernel", Axes(examples=("3x3", "1x1", "5x5")), help="the window: 3, or 3x5", slot=1,
             aliases=("kernel_size",), short="k", sign="k")  # fmt: skip
STRIDE = Arg("stride", Axes(), 1, "the step of the window", aliases=("strides",), short="s", sign="s")
PADDING = Arg("padding", Pads(), "valid", "what is added around the input", short="p", aliases=("pad", "pads"),
              sign="p", flags=tuple((word, word) for word in ("valid", "same", "same_lower")))  # fmt: skip
DILATION = Arg("dilation", Axes(), 1, "the distance between the taps of the window", aliases=("dilation_rate",),
               short="d", sign="d")  # fmt: skip
BIAS = Arg("bias", Switch(), True, "one bias for each filter", aliases=("use_bias",), setting="bias",
           flags=(("nobias", False),))  # fmt: skip


def need_spatial(kind: Kind, shape: Shape) -> int:
    """The number of spatial axes, 1 to 3; raises ShapeError where there are none or more."""
    rank = len(shape) - 2
    if rank not in (1, 2, 3):
        raise ShapeError(f"{kind.name} needs 1 to 3 spatial axes and channels, it gets {max(rank, 0)} spatial axes")
    return rank


class Conv(Kind):
    name = "conv"
    summary = "Convolution: filters slide over the input; 1-D to 3-D by the rank of the input."
    example = "conv 20 4x4 stride=2 padding=same"
    aliases: ClassVar = {"conv1d": 1, "conv2d": 2, "conv3d": 3, "convolution": None, "convolution2d": 2, "합성곱": None}
    args = (
        Arg("filters", Whole(1, examples=("32", "64", "128")), help="output channels", slot=0,
            aliases=("out_channels",)),
        KERNEL, STRIDE, PADDING, DILATION,
        Arg("groups", Whole(1), 1, "groups of channels that do not mix", short="g"),
        BIAS,
    )  # fmt: skip
    filters: Size
    kernel: PerAxis
    stride: PerAxis
    padding: Padding
    dilation: PerAxis
    groups: Size
    bias: bool

    def output(self, inputs: Tensors) -> Tensors:
        (x,) = inputs
        rank = need_spatial(self, x.shape)
        for arg in ("kernel", "stride", "padding", "dilation"):
            check_rank(arg, getattr(self, arg), rank)
        channels = self.channels(x.shape)
        for what, size in (("input channels", channels), ("filters", self.filters)):
            check_groups(self.groups, size, what)
        out = slide_all(self.spatial(x.shape), self.kernel, self.stride, self.dilation, self.padding)
        return (Tensor(self.shaped(x.shape[0], self.filters, out), x.dtype),)

    def weights(self, inputs: Tensors) -> tuple[Weight, ...]:
        (x,) = inputs
        channels = self.channels(x.shape)
        depth = channels if self.groups == 1 else channels // self.groups
        kernel = Weight("kernel", (*per_axis(self.kernel, len(x.shape) - 2), depth, self.filters))
        return (kernel, Weight("bias", (self.filters,))) if self.bias else (kernel,)

    def work(self, inputs: Tensors, outputs: Tensors) -> Work:
        (kernel, *_) = self.weights(inputs)
        (y,) = outputs
        return Work(kernel.elements * product(self.spatial(y.shape)) * y.shape[0])

    def reach(self, inputs: Tensors) -> Reach:
        return windows(self.spatial(inputs[0].shape), self.kernel, self.stride, self.dilation, self.padding)


def check_groups(groups: Size, size: Size, what: str) -> None:
    """Raise ShapeError where the groups do not divide a number of channels."""
    if groups == 1 or same(size % groups, 0) is not False:
        return
    plain_groups, plain_size = plain(groups), plain(size)
    fixes = [Fix("groups=1", {"groups": 1})]
    if isinstance(plain_groups, int) and isinstance(plain_size, int):
        lower = next((g for g in range(plain_groups, 1, -1) if plain_size % g == 0), 1)
        if lower > 1:
            fixes.insert(0, Fix(f"groups={lower}", {"groups": lower}))
    raise ShapeError(f"groups={text(plain_groups)} does not divide {text(plain_size)} {what}", fixes=fixes)
