"""Reshaping: the same elements under other axes. Nothing is computed; each unit is one unit of the input.

Receptive fields pass through by position, as if the axes stayed: true for flatten and for added or dropped
axes of 1, and as near as it can be said where a reshape lays rows end to end.
"""

from __future__ import annotations

from typing import Any, ClassVar

from tui.core.argument import Arg, Dims, Switch, Whole
from tui.core.axes import AxisNumber, AxisNumbers, all_but, axes_at, axis_at, replaced
from tui.core.broadcast import broadcast
from tui.core.errors import Fix, ShapeError
from tui.core.kind import Kind
from tui.core.regroup import regrouped
from tui.core.size import Size, product, same, text
from tui.core.tensor import Shape, Tensor, Tensors
from tui.core.working import plain

WHOLE = Arg("whole", Switch(), False, "the batch counts as any other axis")


class Flatten(Kind):
    name = "flatten"
    summary = "All axes after the batch become one."
    example = "flatten"
    aliases: ClassVar = {"평탄화": None}
    args = (
        Arg("start", AxisNumber(), 1, "the first axis that is merged", aliases=("start_dim",)),
        Arg("end", AxisNumber(), -1, "the last axis that is merged", aliases=("end_dim",)),
        Arg("axis", AxisNumber(), None, "two axes come out: those before this one merged, and the rest (ONNX)"),
    )
    start: Size
    end: Size
    axis: Size | None

    def output(self, inputs: Tensors) -> Tensors:
        """The product of the axes ``start`` to ``end``; in Keras a batch of scalars gets an axis of 1."""
        (x,) = inputs
        shape = x.shape
        if self.axis is not None:
            # ONNX allows the axis past the last: everything then comes before it.
            first = len(shape) if self.axis == len(shape) else axis_at(self.axis, shape)
            return (Tensor((product(shape[:first]), product(shape[first:])), x.dtype),)
        if len(shape) < 2 and self.settings.counting == "keras":
            return (Tensor((*shape, 1), x.dtype),)
        first, last = axis_at(self.start, shape, "start"), axis_at(self.end, shape, "end")
        if first > last:
            raise ShapeError(
                f"start={first} comes after end={last}", fixes=[Fix("start=1 end=-1", {"start": 1, "end": -1})]
            )
        return (Tensor((*shape[:first], product(shape[first : last + 1]), *shape[last + 1 :]), x.dtype),)


class Unflatten(Kind):
    name = "unflatten"
    summary = "One axis becomes several."
    example = "unflatten 1 8x8x4"
    args = (
        Arg("axis", AxisNumber(), help="the axis that is split up", slot=0, aliases=("dim",)),
        Arg("sizes", Dims(-1), help="the sizes it becomes; -1 follows from the others", slot=1,
            aliases=("unflattened_size",)),
    )  # fmt: skip
    axis: Size
    sizes: Shape

    def output(self, inputs: Tensors) -> Tensors:
        """The axis as ``sizes``, whose product it must be (torch.nn.Unflatten)."""
        (x,) = inputs
        axis = axis_at(self.axis, x.shape)
        sizes = regrouped("sizes", self.sizes, (x.shape[axis],))
        return (Tensor(replaced(x.shape, axis, *sizes), x.dtype),)

    def agreements(self, inputs: Tensors) -> tuple[tuple[Size, Size], ...]:
        return ((inputs[0].elements, self.output(inputs)[0].elements),)


class Reshape(Kind):
    name = "reshape"
    summary = "The elements of each example under new axes."
    example = "reshape 8x8x4"
    aliases: ClassVar = {"view": None, "재구성": None}
    args = (
        Arg("shape", Dims(-1), help="the new sizes without the batch; -1 follows from the others, 0 keeps", slot=0,
            aliases=("target_shape",)),
        WHOLE,
        Arg("allowzero", Switch(), False, "0 is a size, not one that is kept"),
    )  # fmt: skip
    shape: Shape
    whole: bool
    allowzero: bool

    def output(self, inputs: Tensors) -> Tensors:
        """The new shape, of as many elements (keras.layers.Reshape; with ``whole`` ONNX Reshape, torch.reshape)."""
        (x,) = inputs
        kept = () if self.whole else x.shape[:1]
        sizes = regrouped("shape", self.shape, x.shape[len(kept) :], zero_keeps=not self.allowzero)
        return (Tensor((*kept, *sizes), x.dtype),)

    def agreements(self, inputs: Tensors) -> tuple[tuple[Size, Size], ...]:
        return ((inputs[0].elements, self.output(inputs)[0].elements),)


class Permute(Kind):
    name = "permute"
    summary = "The axes in another order."
    example = "permute 2,1"
    aliases: ClassVar = {"transpose": None, "swapaxes": None}
    args = (
        Arg("axes", AxisNumbers(), None, "the old axis at each new place; the batch stays if it is not named; "
            "backwards if none is", slot=0, aliases=("dims", "perm")),
        Arg("swap", AxisNumbers(), None, "two axes that change places; the others stay"),
    )  # fmt: skip
    axes: Any
    swap: Any

    def output(self, inputs: Tensors) -> Tensors:
        """The sizes in the new order (keras.layers.Permute, torch.permute, ONNX Transpose; torch.transpose swaps)."""
        (x,) = inputs
        ndim = len(x.shape)
        if self.swap is not None:
            pair = axes_at(self.swap, x.shape, "swap")
            if len(pair) != 2:
                raise ShapeError(f"swap names two axes, not {len(pair)}")
            places = dict(zip(pair, reversed(pair), strict=True))
            return (Tensor(tuple(x.shape[places.get(axis, axis)] for axis in range(ndim)), x.dtype),)
        if self.axes is None:
            return (Tensor(x.shape[::-1], x.dtype),)
        order = axes_at(self.axes, x.shape, "axes")
        if len(order) == ndim - 1 and 0 not in order:
            order = (0, *order)
        if len(order) != ndim:
            shown = AxisNumbers().print(tuple(axis for axis in range(1, ndim)))
            raise ShapeError(f"permute must name each axis once: {shown}, or with the batch 0; it names {len(order)}")
        return (Tensor(tuple(x.shape[axis] for axis in order), x.dtype),)


class Squeeze(Kind):
    name = "squeeze"
    summary = "Axes of 1 dropped."
    example = "squeeze axes=1"
    args = (
        Arg("axes", AxisNumbers(), None, "the axes that are dropped; all of 1 if none is named", slot=0,
            aliases=("axis", "dim")),
        WHOLE,
    )  # fmt: skip
    axes: Any
    whole: bool

    def output(self, inputs: Tensors) -> Tensors:
        """The other axes; raises ShapeError where a named one is not 1 (ONNX Squeeze, numpy.squeeze)."""
        (x,) = inputs
        if self.axes is None:
            first = 0 if self.whole else 1
            dropped = tuple(i for i, size in enumerate(x.shape) if i >= first and same(size, 1))
        else:
            dropped = axes_at(self.axes, x.shape, "axes")
        for axis in dropped:
            if same(x.shape[axis], 1) is False:
                raise ShapeError(
                    f"axis {axis} has {text(plain(x.shape[axis]))}; only an axis of 1 can be dropped "
                    "(PyTorch would leave it as it is)"
                )
        return (Tensor(all_but(dropped, x.shape), x.dtype),)


class Unsqueeze(Kind):
    name = "unsqueeze"
    summary = "New axes of 1."
    example = "unsqueeze 1"
    aliases: ClassVar = {"expanddims": None, "expand_dims": None}
    args = (Arg("axes", AxisNumbers(), help="the new axes, as they are counted afterwards", slot=0,
                aliases=("axis", "dim")),)  # fmt: skip
    axes: Any

    def output(self, inputs: Tensors) -> Tensors:
        """A 1 at each named place of the output (ONNX Unsqueeze, torch.unsqueeze)."""
        (x,) = inputs
        new = axes_at(self.axes, x.shape, "axes", room=len(self.axes))
        old = iter(x.shape)
        shape = tuple(1 if i in new else next(old) for i in range(len(x.shape) + len(new)))
        return (Tensor(shape, x.dtype),)


class Expand(Kind):
    name = "expand"
    summary = "Axes of 1 stretched to a shape."
    example = "expand 1x8x4"
    aliases: ClassVar = {"broadcastto": None, "broadcast_to": None}
    args = (Arg("shape", Dims(-1), help="the sizes, lined up at the last axes; -1 and 1 keep", slot=0,
                aliases=("size",)),)  # fmt: skip
    shape: Shape

    def output(self, inputs: Tensors) -> Tensors:
        """The broadcast of the input and the shape (ONNX Expand, torch.expand)."""
        (x,) = inputs
        wanted = tuple(1 if same(size, -1) else size for size in self.shape)
        return (Tensor(broadcast("expand", [x.shape, wanted]), x.dtype),)


class RepeatVector(Kind):
    name = "repeatvector"
    summary = "A vector repeated along a new axis."
    example = "repeatvector 3"
    args = (Arg("times", Whole(1), help="how often", slot=0, aliases=("n",)),)
    times: Size

    def output(self, inputs: Tensors) -> Tensors:
        """``(B, C)`` to ``(B, n, C)`` (keras.layers.RepeatVector)."""
        (x,) = inputs
        if len(x.shape) != 2:
            raise ShapeError(
                f"repeatvector reads one vector for each example, it gets {max(len(x.shape) - 1, 0)} axes after the "
                "batch; flatten first"
            )
        return (Tensor((x.shape[0], self.times, x.shape[1]), x.dtype),)
