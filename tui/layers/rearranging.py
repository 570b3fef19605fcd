"""Rearranging: every element stays, and moves between the spatial axes and the channels."""

from __future__ import annotations

from typing import ClassVar

from tui.core.argument import Arg, Axes, Choice, Padding, Pads, PerAxis, Whole, per_axis
from tui.core.errors import Fix, ShapeError
from tui.core.kind import Kind, Reach, Window, Work
from tui.core.size import Size, product, same, text
from tui.core.spread import spread_window
from tui.core.tensor import Shape, Tensor, Tensors
from tui.core.windowed import DILATION, KERNEL, STRIDE, Windowed, check_groups, divides, need_spatial
from tui.core.windows import axes_text, check_rank, ends_of, pads, slide_all
from tui.core.working import plain

FACTOR = Arg("factor", Whole(1), help="by how much each spatial axis changes", slot=0,
             aliases=("upscale_factor", "downscale_factor", "blocksize", "block_size"))  # fmt: skip
ORDER = Arg("mode", Choice(("DCR", "CRD")), "DCR", "the order of the channels; changes no size")
WINDOW_PADDING = Arg("padding", Pads(("valid", "same")), "valid", "what is added around the input", short="p",
                     aliases=("pads",), sign="p")  # fmt: skip


def divided(size: Size, by: Size, what: str) -> Size:
    """``size/by``; raises ShapeError where that is not a whole number."""
    if same(size % by, 0) is False:
        raise ShapeError(
            f"{text(plain(size))} {what} are not divisible by {text(plain(by))}",
            working=f"{text(plain(size))} mod {text(plain(by))} = {text(plain(size) % plain(by))}, must be 0",
        )
    return size // by


class PixelShuffle(Kind):
    name = "pixelshuffle"
    summary = "Channels become space: an axis grows by the factor r, r**axes channels become one."
    example = "pixelshuffle 2"
    aliases: ClassVar = {"depthtospace": None, "depth_to_space": None}
    args = (FACTOR, ORDER)
    factor: Size

    def output(self, inputs: Tensors) -> Tensors:
        (x,) = inputs
        rank = need_spatial(self, x.shape)
        channels = divided(self.channels(x.shape), self.factor**rank, "channels")
        out = tuple(n * self.factor for n in self.spatial(x.shape))
        return (Tensor(self.shaped(x.shape[0], channels, out), x.dtype),)

    def agreements(self, inputs: Tensors) -> tuple[tuple[Size, Size], ...]:
        shape = inputs[0].shape
        return divides(self.factor ** (len(shape) - 2), self.channels(shape))

    def reach(self, inputs: Tensors) -> Reach:
        return (Window(1, 1, 0, up=self.factor),) * (len(inputs[0].shape) - 2)


class PixelUnshuffle(Kind):
    name = "pixelunshuffle"
    summary = "Space becomes channels: an axis shrinks by the factor r, a channel becomes r**axes."
    example = "pixelunshuffle 2"
    aliases: ClassVar = {"spacetodepth": None, "space_to_depth": None}
    args = (FACTOR, ORDER)
    factor: Size

    def output(self, inputs: Tensors) -> Tensors:
        (x,) = inputs
        rank = need_spatial(self, x.shape)
        out = tuple(divided(n, self.factor, "units of an axis") for n in self.spatial(x.shape))
        return (Tensor(self.shaped(x.shape[0], self.channels(x.shape) * self.factor**rank, out), x.dtype),)

    def agreements(self, inputs: Tensors) -> tuple[tuple[Size, Size], ...]:
        return divides(self.factor, *self.spatial(inputs[0].shape))

    def reach(self, inputs: Tensors) -> Reach:
        return (Window(self.factor, self.factor),) * (len(inputs[0].shape) - 2)


class ChannelShuffle(Kind):
    name = "channelshuffle"
    summary = "The channels of the groups are interleaved."
    example = "channelshuffle 4"
    args = (Arg("groups", Whole(1), help="groups of channels", slot=0, short="g"),)
    groups: Size

    def output(self, inputs: Tensors) -> Tensors:
        need_spatial(self, inputs[0].shape)
        check_groups(self.groups, self.channels(inputs[0].shape), "channels")
        return inputs

    def agreements(self, inputs: Tensors) -> tuple[tuple[Size, Size], ...]:
        return divides(self.groups, self.channels(inputs[0].shape))


class Unfold(Windowed):
    name = "unfold"
    summary = "Each window becomes a column: channels times kernel by number of windows (im2col)."
    example = "unfold 3 padding=1"
    aliases: ClassVar = {"im2col": None}
    args = (
        Arg("kernel", KERNEL.type, help=KERNEL.help, slot=0, aliases=KERNEL.aliases, short="k", sign="k"),
        DILATION, WINDOW_PADDING, STRIDE,
    )  # fmt: skip

    def output(self, inputs: Tensors) -> Tensors:
        (x,) = inputs
        rank = self.rank(x.shape)
        rows = self.channels(x.shape) * product(per_axis(self.kernel, rank))
        return (Tensor(self.shaped(x.shape[0], rows, (product(self.slid(x.shape)),)), x.dtype),)


class Fold(Kind):
    name = "fold"
    summary = "Columns become windows, and where they overlap their sum (col2im)."
    example = "fold 32x32 4 stride=4"
    aliases: ClassVar = {"col2im": None}
    args = (
        Arg("size", Axes(), help="the spatial output size", slot=0, aliases=("output_size",)),
        KERNEL, DILATION, WINDOW_PADDING, STRIDE,
    )  # fmt: skip
    size: PerAxis
    kernel: PerAxis
    dilation: PerAxis
    padding: Padding
    stride: PerAxis

    def sizes(self) -> Shape:
        """The spatial output size; one number is for two axes, as in PyTorch."""
        return per_axis(self.size, 2)

    def output(self, inputs: Tensors) -> Tensors:
        (x,) = inputs
        if len(x.shape) != 3:
            raise ShapeError(f"fold needs columns, 1 axis and channels; it gets {axes_text(len(x.shape) - 1)}")
        sizes = self.sizes()
        for name in ("kernel", "dilation", "padding", "stride"):
            check_rank(name, getattr(self, name), len(sizes))
        windows = product(slide_all(sizes, self.kernel, self.stride, self.dilation, self.padding))
        (columns,) = self.spatial(x.shape)
        if same(columns, windows) is False:
            raise ShapeError(
                f"{text(plain(columns))} columns, but {text(plain(windows))} windows fit the output size",
                fixes=[Fix("stride=1", {"stride": 1})] if self.stride != 1 else [],
            )
        channels = divided(self.channels(x.shape), product(per_axis(self.kernel, len(sizes))), "channels")
        return (Tensor(self.shaped(x.shape[0], channels, sizes), x.dtype),)

    def work(self, inputs: Tensors, outputs: Tensors) -> Work:
        """No MACs. Element-wise: one addition for each element of the columns."""
        return Work(0, inputs[0].elements)

    def reach(self, inputs: Tensors) -> Reach:
        """As of a transposed convolution; after an unfold its axes are still known."""
        sizes = self.sizes()
        rank = len(sizes)
        kernel, stride, dilation = (per_axis(v, rank) for v in (self.kernel, self.stride, self.dilation))
        axes = zip(sizes, kernel, stride, dilation, ends_of(self.padding, rank), strict=True)
        return tuple(spread_window(n, k, s, d, pads(n, k, s, d, ends)) for n, k, s, d, ends in axes)
