"""Pools whose windows follow from the output that is asked for: global, adaptive and fractional ones."""

from __future__ import annotations

from fractions import Fraction
from typing import ClassVar

from tui.core.argument import MISSING, Arg, Axes, PerAxis, Real, Switch, per_axis
from tui.core.errors import Fix, ShapeError
from tui.core.kind import Kind, Reach, Window, Work
from tui.core.output_size import OutputSize, kept
from tui.core.ratio import Factor, Ratios, scaled
from tui.core.size import at_least, maximum, product, text
from tui.core.tensor import Shape, Tensor, Tensors
from tui.core.windowed import POOL_KERNEL, RETURN_INDICES, need_spatial, with_indices
from tui.core.windows import check_rank
from tui.core.working import plain


class GlobalPool(Kind):
    """Base of the pools over all of every spatial axis."""

    args: ClassVar[tuple[Arg, ...]] = (
        Arg("keepdims", Switch(), False, "keep the spatial axes, each of size 1", flags=(("keepdims", True),)),
    )
    keepdims: bool

    def output(self, inputs: Tensors) -> Tensors:
        (x,) = inputs
        rank = need_spatial(self, x.shape)
        channels = self.channels(x.shape)
        shape = self.shaped(x.shape[0], channels, (1,) * rank) if self.keepdims else (x.shape[0], channels)
        return (Tensor(shape, x.dtype),)

    def work(self, inputs: Tensors, outputs: Tensors) -> Work:
        """No MACs. Element-wise: one comparison or addition for each element of the input."""
        return Work(0, inputs[0].elements)

    def reach(self, inputs: Tensors) -> Reach:
        return None


class GlobalMaxPool(GlobalPool):
    name = "globalmaxpool"
    summary = "Global max pooling: the largest element of each channel."
    example = "globalmaxpool"
    aliases: ClassVar = {
        "globalmaxpooling": None, "globalmaxpooling1d": 1, "globalmaxpooling2d": 2, "globalmaxpooling3d": 3,
        "globalmaxpool1d": 1, "globalmaxpool2d": 2, "globalmaxpool3d": 3, "전역최대풀링": None,
    }  # fmt: skip


class GlobalAvgPool(GlobalPool):
    name = "globalavgpool"
    summary = "Global average pooling: the mean of each channel."
    example = "globalavgpool"
    aliases: ClassVar = {
        "globalaveragepool": None, "globalaveragepooling": None, "globalaveragepooling1d": 1, "gap": None,
        "globalaveragepooling2d": 2, "globalaveragepooling3d": 3, "globalavgpool1d": 1, "globalavgpool2d": 2,
        "globalavgpool3d": 3, "전역평균풀링": None,
    }  # fmt: skip


class GlobalLpPool(GlobalPool):
    name = "globallppool"
    summary = "Global Lp pooling: the p-norm of each channel."
    example = "globallppool norm=2"
    args = (*GlobalPool.args, Arg("norm", Real(0.0), 2.0, "the p of the norm", aliases=("p",)))

    def work(self, inputs: Tensors, outputs: Tensors) -> Work:
        """No MACs. Element-wise: one power and one addition an input element, one root an output element."""
        return Work(0, 2 * inputs[0].elements + outputs[0].elements)


class AdaptivePool(Kind):
    """Base of the pools with a given output: window i of m reads ``floor(i*n/m)`` to ``ceil((i + 1)*n/m)``."""

    args: ClassVar[tuple[Arg, ...]] = (
        Arg("size", OutputSize(), help="the spatial output size; keep leaves an axis as it is", slot=0,
            aliases=("output_size",)),
    )  # fmt: skip
    rank_arg = "size"
    size: PerAxis

    def output(self, inputs: Tensors) -> Tensors:
        (x,) = inputs
        rank = need_spatial(self, x.shape)
        check_rank("size", self.size, rank)
        out = kept(per_axis(self.size, rank), self.spatial(x.shape))
        return (Tensor(self.shaped(x.shape[0], self.channels(x.shape), out), x.dtype),)

    def work(self, inputs: Tensors, outputs: Tensors) -> Work:
        """No MACs. Element-wise: one operation for each element of the input, or of the output where that is larger.

        An element that two neighbouring windows share is counted once.
        """
        return Work(0, maximum(inputs[0].elements, outputs[0].elements))

    def reach(self, inputs: Tensors) -> Reach:
        """The whole input: the windows differ in size, so no one window says what a unit reads."""
        return None


class AdaptiveMaxPool(AdaptivePool):
    name = "adaptivemaxpool"
    summary = "Adaptive max pooling: as many windows as the output asks for."
    example = "adaptivemaxpool 7x7"
    aliases: ClassVar = {
        "adaptivemaxpool1d": 1, "adaptivemaxpool2d": 2, "adaptivemaxpool3d": 3,
        "adaptivemaxpooling1d": 1, "adaptivemaxpooling2d": 2, "adaptivemaxpooling3d": 3,
    }  # fmt: skip
    args = (*AdaptivePool.args, RETURN_INDICES)
    return_indices: bool

    def output(self, inputs: Tensors) -> Tensors:
        return with_indices(super().output(inputs), self.return_indices)


class AdaptiveAvgPool(AdaptivePool):
    name = "adaptiveavgpool"
    summary = "Adaptive average pooling: as many windows as the output asks for."
    example = "adaptiveavgpool 7x7"
    aliases: ClassVar = {
        "adaptiveavgpool1d": 1, "adaptiveavgpool2d": 2, "adaptiveavgpool3d": 3,
        "adaptiveaveragepooling1d": 1, "adaptiveaveragepooling2d": 2, "adaptiveaveragepooling3d": 3,
    }  # fmt: skip


class FractionalMaxPool(Kind):
    name = "fractionalmaxpool"
    summary = "Fractional max pooling: windows at pseudo-random places give a size or a ratio (Graham 2014)."
    example = "fractionalmaxpool 2 ratio=0.7"
    aliases: ClassVar = {"fractionalmaxpool2d": 2, "fractionalmaxpool3d": 3}
    args = (
        POOL_KERNEL,
        Arg("size", Axes(), None, "the spatial output size", aliases=("output_size",)),
        Arg("ratio", Factor(shrinks=True), None, "the output size as a part of the input", aliases=("output_ratio",)),
        RETURN_INDICES,
    )
    kernel: PerAxis
    size: PerAxis | None
    ratio: Ratios | None
    return_indices: bool

    def output(self, inputs: Tensors) -> Tensors:
        (x,) = inputs
        rank = need_spatial(self, x.shape)
        check_rank("kernel", self.kernel, rank)
        spatial = self.spatial(x.shape)
        out = self.sizes(spatial)
        for n, k, m in zip(spatial, per_axis(self.kernel, rank), out, strict=True):
            if at_least(k + m - 2, n) or at_least(0, m):
                raise ShapeError(
                    f"{text(plain(m))} windows of {text(plain(k))} do not fit an axis of {text(plain(n))}",
                    working=f"{text(plain(m))} + {text(plain(k))} - 1 = {text(plain(m + k - 1))}, "
                    f"must be at most {text(plain(n))}",
                    fixes=[Fix("kernel=1", {"kernel": 1})],
                )
        return with_indices(
            (Tensor(self.shaped(x.shape[0], self.channels(x.shape), out), x.dtype),), self.return_indices
        )

    def sizes(self, spatial: Shape) -> Shape:
        """The spatial output sizes; raises ShapeError unless exactly one of size and ratio is given."""
        rank = len(spatial)
        if self.size is not None and self.ratio is None:
            check_rank("size", self.size, rank)
            return per_axis(self.size, rank)
        if self.ratio is None or self.size is not None:
            raise ShapeError(
                "fractionalmaxpool needs either size or ratio",
                fixes=[Fix("ratio=0.5", {"size": MISSING, "ratio": Fraction(1, 2)})],
            )
        check_rank("ratio", self.ratio, rank)
        ratios = self.ratio if isinstance(self.ratio, tuple) else (self.ratio,) * rank
        return tuple(scaled(n, ratio) for n, ratio in zip(spatial, ratios, strict=True))

    def work(self, inputs: Tensors, outputs: Tensors) -> Work:
        """No MACs. Element-wise: one comparison for each tap of the window, an output element."""
        y = outputs[0]
        return Work(0, product(per_axis(self.kernel, len(y.shape) - 2)) * y.elements)

    def reach(self, inputs: Tensors) -> Reach:
        """The kernel, at a step that is right on the average."""
        spatial = self.spatial(inputs[0].shape)
        sizes = self.sizes(spatial)
        kernels = per_axis(self.kernel, len(spatial))
        return tuple(Window(k, n, 0, up=m) for k, n, m in zip(kernels, spatial, sizes, strict=True))
