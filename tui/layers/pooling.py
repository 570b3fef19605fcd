"""Pooling: a window without weights takes the largest element, the mean, or a norm of what it sees."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from tui.core.argument import Arg, Axes, Padding, Pads, PerAxis, Real, Switch, Whole, per_axis
from tui.core.errors import Fix, ShapeError
from tui.core.kind import Kind, Reach, Work
from tui.core.size import Size, at_least, product, same, text
from tui.core.spread import check_left, spread, spread_window
from tui.core.tensor import Shape, Tensor, Tensors, shape_text
from tui.core.windowed import (
    DILATION,
    PADDING,
    POOL_KERNEL,
    POOL_STRIDE,
    RETURN_INDICES,
    Windowed,
    need_spatial,
    with_indices,
)
from tui.core.windows import Ends, check_rank, ends_of, extent, minus_ends, slide_all
from tui.core.working import plain

CEIL_MODE = Arg("ceil_mode", Switch(), False, "round up: a last window may hang over the end",
                flags=(("ceil", True),))  # fmt: skip


class Pool(Windowed):
    """Base of the pools: as many channels as the input, no weights."""

    args: ClassVar[tuple[Arg, ...]] = (POOL_KERNEL, POOL_STRIDE, PADDING, DILATION, CEIL_MODE)

    def output(self, inputs: Tensors) -> Tensors:
        (x,) = inputs
        self.rank(x.shape)
        if not isinstance(self.padding, str):
            self.check_padding(x.shape)
        return (Tensor(self.shaped(x.shape[0], self.channels(x.shape), self.slid(x.shape)), x.dtype),)

    def slid(self, shape: Shape) -> tuple[Size, ...]:
        """The spatial output sizes; raises ShapeError where no window fits.

        ONNX divides towards zero: an axis that is shorter than the window by less than a stride still has one.
        """
        spatial = self.spatial(shape)
        if self.settings.counting == "onnx" and self.padding not in ("same", "same_lower", "causal"):
            rank = len(spatial)
            axes = zip(spatial, per_axis(self.kernel, rank), per_axis(self.steps(), rank),
                       per_axis(self.dilation, rank), ends_of(self.padding, rank), strict=True)  # fmt: skip
            spatial = tuple(_no_shorter(*axis) for axis in axes)
        return slide_all(spatial, self.kernel, self.steps(), self.dilation, self.padding, self.ceil_mode)

    def check_padding(self, shape: Shape) -> None:
        """Raise ShapeError where a padding is as large as the kernel: a window would see nothing but padding."""
        for k, d, p in self.paddings(len(shape) - 2):
            if at_least(p, k) and not _half_fits(p, k, d):
                raise ShapeError(
                    f"padding {text(plain(p))} is not smaller than the kernel {text(plain(k))}: "
                    "a window would lie in the padding",
                    fixes=[Fix("padding=0", {"padding": 0}), Fix("padding=same", {"padding": "same"})],
                )

    def paddings(self, rank: int) -> list[tuple[Size, Size, Size]]:
        """Kernel, dilation and padding of both ends of every axis that is padded by sizes."""
        kernel, dilation = per_axis(self.kernel, rank), per_axis(self.dilation, rank)
        axes = zip(kernel, dilation, ends_of(self.padding, rank), strict=True)
        return [(k, d, p) for k, d, ends in axes if not isinstance(ends, str) for p in ends]

    def work(self, inputs: Tensors, outputs: Tensors) -> Work:
        """No MACs. Element-wise: one comparison or addition for each tap of the window, an output element."""
        y = outputs[0]
        return Work(0, product(per_axis(self.kernel, len(y.shape) - 2)) * y.elements)

    def remarks(self, inputs: Tensors, outputs: Tensors) -> tuple[str, ...]:
        found = super().remarks(inputs, outputs)
        # Its pools look at the kernel without its dilation, although the check of shapes before them does not.
        if all(at_least(k, 2 * p) is not False for k, _, p in self.paddings(len(inputs[0].shape) - 2)):
            return found
        return (*found, "PyTorch refuses a padding of more than half the kernel")


def _no_shorter(n: Size, k: Size, s: Size, d: Size, ends: Ends) -> Size:
    """The axis, made as long as a window where less than a stride is missing."""
    first, last = (0, 0) if isinstance(ends, str) else ends
    least = minus_ends(extent(k, d), first, last)
    return least if at_least(n, least) is False and at_least(n + s - 1, least) else n


def _half_fits(p: Size, k: Size, d: Size) -> bool:
    """The limit of ATen's ``Pool.h``: a padding of at most half the effective kernel."""
    return at_least(extent(k, d), 2 * p) is not False


class MaxPool(Pool):
    name = "maxpool"
    summary = "Max pooling: the largest element of each window."
    example = "maxpool 2"
    aliases: ClassVar = {
        "maxpool1d": 1, "maxpool2d": 2, "maxpool3d": 3, "maxpooling": None, "maxpooling1d": 1, "maxpooling2d": 2,
        "maxpooling3d": 3, "최대풀링": None, "맥스풀링": None,
    }  # fmt: skip
    args = (*Pool.args, RETURN_INDICES)
    return_indices: bool

    def output(self, inputs: Tensors) -> Tensors:
        return with_indices(super().output(inputs), self.return_indices)


class MeanPool(Pool):
    """Base of the pools that PyTorch computes by averages."""

    def remarks(self, inputs: Tensors, outputs: Tensors) -> tuple[str, ...]:
        found = super().remarks(inputs, outputs)
        sizes = self.spatial(inputs[0].shape)
        # ATen's check for 3-D average pools looks at the input without its padding, unlike all its others.
        if len(sizes) == 3 and not (isinstance(self.padding, str) and self.padding != "valid"):
            kernels = per_axis(self.kernel, 3)
            if any(at_least(k, n + 1) for k, n in zip(kernels, sizes, strict=True)):
                return (*found, f"PyTorch refuses a 3-D {self.name} whose kernel is larger than the input")
        return found


class AvgPool(MeanPool):
    name = "avgpool"
    summary = "Average pooling: the mean of each window."
    example = "avgpool 2"
    aliases: ClassVar = {
        "avgpool1d": 1, "avgpool2d": 2, "avgpool3d": 3, "averagepool": None, "averagepooling": None,
        "averagepooling1d": 1, "averagepooling2d": 2, "averagepooling3d": 3, "평균풀링": None,
    }  # fmt: skip
    args = (
        *Pool.args,
        Arg("count_include_pad", Switch(), True, "whether the mean counts the padding; changes values only"),
        Arg("divisor_override", Whole(1), None, "what the sum is divided by, if not the window's size"),
    )  # fmt: skip


class LpPool(MeanPool):
    name = "lppool"
    summary = "Lp pooling: the p-norm of each window."
    example = "lppool 2 norm=2"
    aliases: ClassVar = {"lppool1d": 1, "lppool2d": 2, "lppool3d": 3}
    args = (*Pool.args, Arg("norm", Real(0.0), 2.0, "the p of the norm", aliases=("norm_type", "p")))

    def work(self, inputs: Tensors, outputs: Tensors) -> Work:
        """No MACs. Element-wise: one power and one addition a tap, one root an output element."""
        (y,) = outputs
        return Work(0, (2 * product(per_axis(self.kernel, len(y.shape) - 2)) + 1) * y.elements)


class MaxUnpool(Kind):
    name = "maxunpool"
    summary = "Max unpooling: each element goes back to where the indices of a max pool say, zeros elsewhere."
    example = "maxunpool 2 @pooled @places"
    aliases: ClassVar = {"maxunpool1d": 1, "maxunpool2d": 2, "maxunpool3d": 3}
    inputs = (2, 2)
    args = (
        POOL_KERNEL, POOL_STRIDE, replace(PADDING, type=Pads(()), default=0, flags=()),
        Arg("output_size", Axes(), None, "the spatial output size, where it is not what follows from the stride",
            aliases=("output_shape",)),
    )  # fmt: skip
    kernel: PerAxis
    stride: PerAxis | None
    padding: Padding
    output_size: PerAxis | None

    def output(self, inputs: Tensors) -> Tensors:
        x, indices, *_ = inputs
        rank = need_spatial(self, x.shape)
        for name in ("kernel", "stride", "padding", "output_size"):
            check_rank(name, getattr(self, name), rank)
        if len(indices.shape) != len(x.shape) or any(
            same(a, b) is False for a, b in zip(x.shape, indices.shape, strict=True)
        ):
            raise ShapeError(
                f"the indices are {shape_text(tuple(map(plain, indices.shape)))}, the elements "
                f"{shape_text(tuple(map(plain, x.shape)))}: they must have one shape"
            )
        out = []
        for n, k, s, ends in self.axes(self.spatial(x.shape)):
            out.append(spread(n, k, s, 1, ends))
            check_left(out[-1], n, k, s, 1, ends)
        size = tuple(out) if self.output_size is None else per_axis(self.output_size, rank)
        return (Tensor(self.shaped(x.shape[0], self.channels(x.shape), size), x.dtype),)

    def axes(self, spatial: Shape) -> list[tuple[Size, Size, Size, Ends]]:
        """Input size, kernel, stride and padding of each axis."""
        rank = len(spatial)
        kernel = per_axis(self.kernel, rank)
        stride = kernel if self.stride is None else per_axis(self.stride, rank)
        return list(zip(spatial, kernel, stride, ends_of(self.padding, rank), strict=True))

    def reach(self, inputs: Tensors) -> Reach:
        return tuple(spread_window(n, k, s, 1, ends) for n, k, s, ends in self.axes(self.spatial(inputs[0].shape)))
