"""Reductions: the elements along some axes become one. Element-wise work: one operation for each input element."""

from __future__ import annotations

from typing import Any

from tui.core.argument import Arg, Switch, Whole
from tui.core.axes import AxisNumber, AxisNumbers, axes_at, axis_at, reach_along, replaced
from tui.core.errors import Fix, ShapeError
from tui.core.kind import Kind, Reach, Work
from tui.core.size import Size, at_least, text
from tui.core.tensor import Shape, Tensor, Tensors
from tui.core.variant import variant
from tui.core.working import plain

KEEP = Arg("keepdims", Switch(), True, "the axes stay, with size 1", aliases=("keepdim",))


def reduced(shape: Shape, axes: tuple[int, ...], keep: bool) -> Shape:
    """The shape without the axes, or with a 1 in the place of each."""
    if keep:
        return tuple(1 if axis in axes else size for axis, size in enumerate(shape))
    return tuple(size for axis, size in enumerate(shape) if axis not in axes)


class Reduction(Kind):
    """Base of the kinds that reduce axes (ONNX ReduceMean and its kin, torch.mean, keras.ops.mean)."""

    args = (
        Arg("axes", AxisNumbers(), None, "the axes that are reduced; all of them if none is named", slot=0,
            aliases=("axis", "dim")),
        KEEP,
        Arg("noop_with_empty_axes", Switch(), False, "reduce nothing where no axis is named"),
    )  # fmt: skip
    axes: Any
    keepdims: bool
    noop_with_empty_axes: bool

    def _axes(self, shape: Shape) -> tuple[int, ...]:
        if self.axes:
            return axes_at(self.axes, shape, "axes")
        return () if self.noop_with_empty_axes else tuple(range(len(shape)))

    def output(self, inputs: Tensors) -> Tensors:
        """The other axes, with ``keepdims`` a 1 in the place of each reduced one."""
        (x,) = inputs
        return (Tensor(reduced(x.shape, self._axes(x.shape), self.keepdims), x.dtype),)

    def work(self, inputs: Tensors, outputs: Tensors) -> Work:
        return Work(elementwise=inputs[0].elements)

    def reach(self, inputs: Tensors) -> Reach:
        return reach_along(self, inputs[0].shape, self._axes(inputs[0].shape))


def _reduction(name: str, what: str, *aliases: str) -> type[Kind]:
    return variant(Reduction, name, f"{what} along some axes.", *aliases, example=f"{name} axes=1,2")


ReduceMean = _reduction("reducemean", "The mean")
ReduceSum = _reduction("reducesum", "The sum")
ReduceMax = _reduction("reducemax", "The largest", "amax")
ReduceMin = _reduction("reducemin", "The smallest", "amin")
ReduceProd = _reduction("reduceprod", "The product", "prod")
ReduceL1 = _reduction("reducel1", "The sum of absolute values")
ReduceL2 = _reduction("reducel2", "The root of the sum of squares", "norm")
ReduceLogSum = _reduction("reducelogsum", "The logarithm of the sum")
ReduceLogSumExp = _reduction("reducelogsumexp", "The logarithm of the sum of exponentials", "logsumexp")
ReduceSumSquare = _reduction("reducesumsquare", "The sum of squares")
ReduceStd = _reduction("reducestd", "The standard deviation", "std")
ReduceVar = _reduction("reducevar", "The variance", "var", "variance")
ReduceMedian = _reduction("reducemedian", "The median", "median")
ReduceAny = _reduction("reduceany", "True where any is true,", "any")
ReduceAll = _reduction("reduceall", "True where all are true,", "all")


class ArgMax(Kind):
    name = "argmax"
    summary = "Where the largest element stands along an axis."
    example = "argmax axis=-1"
    args = (
        Arg("axis", AxisNumber(), -1, "the axis that is searched", slot=0, aliases=("dim",)),
        KEEP,
        Arg("select_last_index", Switch(), False, "of equals take the last"),
    )
    axis: Size
    keepdims: bool

    def output(self, inputs: Tensors) -> Tensors:
        """Indices, with ``keepdims`` a 1 in the place of the axis (ONNX ArgMax)."""
        shape = inputs[0].shape
        return (Tensor(reduced(shape, (axis_at(self.axis, shape),), self.keepdims), "int64"),)

    def work(self, inputs: Tensors, outputs: Tensors) -> Work:
        return Work(elementwise=inputs[0].elements)

    def reach(self, inputs: Tensors) -> Reach:
        shape = inputs[0].shape
        return reach_along(self, shape, (axis_at(self.axis, shape),))


class ArgMin(ArgMax):
    name = "argmin"
    summary = "Where the smallest element stands along an axis."
    example = "argmin axis=-1"


class TopK(Kind):
    name = "topk"
    summary = "The largest elements along an axis, and as a second output where they stand."
    example = "topk 5"
    args = (
        Arg("k", Whole(0), help="how many", slot=0),
        Arg("axis", AxisNumber(), -1, "the axis that is searched", aliases=("dim",)),
        Arg("largest", Switch(), True, "false takes the smallest"),
        Arg("sorted", Switch(), True, "in order of size"),
    )
    k: Size
    axis: Size

    def output(self, inputs: Tensors) -> Tensors:
        """Values and indices, k of each along the axis (ONNX TopK, torch.topk)."""
        (x,) = inputs
        axis = axis_at(self.axis, x.shape)
        if at_least(x.shape[axis], self.k) is False:
            size = plain(x.shape[axis])
            raise ShapeError(
                f"topk wants {text(plain(self.k))} of only {text(size)} along axis {axis}",
                fixes=[Fix(f"k={text(size)}", {"k": size})],
            )
        shape = replaced(x.shape, axis, self.k)
        return (Tensor(shape, x.dtype), Tensor(shape, "int64"))

    def work(self, inputs: Tensors, outputs: Tensors) -> Work:
        return Work(elementwise=inputs[0].elements)

    def reach(self, inputs: Tensors) -> Reach:
        shape = inputs[0].shape
        return reach_along(self, shape, (axis_at(self.axis, shape),))


class CumSum(Kind):
    name = "cumsum"
    summary = "The running sum along an axis."
    example = "cumsum 1"
    args = (
        Arg("axis", AxisNumber(), -1, "the axis that is summed along", slot=0, aliases=("dim",)),
        Arg("exclusive", Switch(), False, "leave out the element itself"),
        Arg("reverse", Switch(), False, "from the end"),
    )
    axis: Size

    def output(self, inputs: Tensors) -> Tensors:
        axis_at(self.axis, inputs[0].shape)
        return inputs

    def work(self, inputs: Tensors, outputs: Tensors) -> Work:
        return Work(elementwise=inputs[0].elements)

    def reach(self, inputs: Tensors) -> Reach:
        shape = inputs[0].shape
        return reach_along(self, shape, (axis_at(self.axis, shape),))


CumProd = variant(CumSum, "cumprod", "The running product along an axis.")
