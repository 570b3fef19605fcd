"""Cutting and repeating: slices, splits, tiles. Nothing is computed; the elements only move."""

from __future__ import annotations

from typing import Any, ClassVar, Final

from tui.core.argument import Arg, Dims, Switch, Whole
from tui.core.axes import AxisNumber, AxisNumbers, axes_at, axis_at, replaced
from tui.core.errors import Fix, ShapeError
from tui.core.kind import POINTWISE, Kind, Reach, Window, Work
from tui.core.size import Size, at_least, ceil_div, maximum, minimum, same, text
from tui.core.tensor import Shape, Tensor, Tensors
from tui.core.working import plain

ANY: Final = -(10**18)
MAX_PARTS: Final = 1_000
TO_THE_END: Final = 2**31 - 1
"""An index from here on stands for the end of an axis of any size, as ONNX and PyTorch write it."""

AXIS = Arg("axis", AxisNumber(), None, "the axis that is cut; the channels by default", aliases=("dim",))


def emptied(outputs: Tensors) -> tuple[str, ...]:
    """A remark where nothing is left of an output."""
    if any(same(size, 0) for x in outputs for size in x.shape):
        return ("nothing is left along an axis; Keras refuses that",)
    return ()


class Slice(Kind):
    name = "slice"
    summary = "A part of each named axis: from start up to, not with, end."
    example = "slice start=0 end=10 axis=1"
    aliases: ClassVar = {"strided_slice": None}
    args = (
        Arg("start", Dims(ANY), (0,), "the first index on each axis; negative counts from the end",
            aliases=("starts",)),
        Arg("end", Dims(ANY), None, "the index past the last on each axis; to the end by default", aliases=("ends",)),
        Arg("axis", AxisNumbers(), None, "the axes that are cut; the first ones by default", aliases=("axes",)),
        Arg("step", Dims(ANY), None, "every how many; negative goes backwards", aliases=("steps",)),
    )  # fmt: skip
    start: Shape
    end: Shape | None
    axis: Any
    step: Shape | None

    def _cuts(self, shape: Shape) -> tuple[tuple[int, Size, Size | None, Size], ...]:
        """The axis, start, end and step of each cut."""
        count = len(self.start)
        axes = axes_at(self.axis if self.axis is not None else tuple(range(count)), shape)
        ends = self.end if self.end is not None else (None,) * count
        steps = self.step if self.step is not None else (1,) * count
        if not count == len(axes) == len(ends) == len(steps):
            raise ShapeError(f"slice needs one start, end and step for each axis: {count} starts, {len(axes)} axes, "
                             f"{len(ends)} ends, {len(steps)} steps")  # fmt: skip
        if any(same(step, 0) for step in steps):
            raise ShapeError("slice with a step of 0 goes nowhere", fixes=[Fix("step=1", {"step": (1,) * count})])
        return tuple(zip(axes, self.start, ends, steps, strict=True))

    def output(self, inputs: Tensors) -> Tensors:
        """``ceil((end - start)/step)`` on each named axis, bounds cut to the axis (ONNX Slice, numpy indexing)."""
        (x,) = inputs
        shape = list(x.shape)
        for axis, start, end, step in self._cuts(x.shape):
            shape[axis] = _sliced(shape[axis], start, end, step)
        return (Tensor(tuple(shape), x.dtype),)

    def reach(self, inputs: Tensors) -> Reach:
        """One position for each unit, ``start + i*step`` along a spatial axis that is cut."""
        shape = inputs[0].shape
        first = 1 if self.channels_last else 2
        windows = [Window(1) for _ in self.spatial(shape)]
        for axis, start, _, step in self._cuts(shape):
            if 0 <= axis - first < len(windows):
                windows[axis - first] = Window(1, step, -_cut(start, shape[axis], 0, shape[axis]))
        return tuple(windows) if any(window != Window(1) for window in windows) else POINTWISE

    def remarks(self, inputs: Tensors, outputs: Tensors) -> tuple[str, ...]:
        if any(at_least(step, 0) is False for step in self.step or ()):
            return ("PyTorch refuses to step backwards", *emptied(outputs))
        return emptied(outputs)


def _sliced(n: Size, start: Size, end: Size | None, step: Size) -> Size:
    if at_least(step, 0):
        first = _cut(start, n, 0, n)
        last = n if end is None else _cut(end, n, 0, n)
        return _not_negative(ceil_div(last - first, step))
    first = _cut(start, n, 0, n - 1)
    last = -1 if end is None else _cut(end, n, -1, n - 1)
    return _not_negative(ceil_div(first - last, -step))


def _cut(index: Size, n: Size, low: Size, high: Size) -> Size:
    """The index counted from the front, no less than ``low`` and no more than ``high``."""
    if at_least(index, TO_THE_END):
        return high
    if at_least(-index, TO_THE_END):
        return low
    if at_least(index, 0) is False:
        counted = n - plain(-index)  # 16 - 1 reads better than 16 + -1
        return counted if at_least(counted, low) else maximum(counted, low)
    if at_least(index, high):
        return high
    return index if at_least(high, index) else minimum(index, high)


def _not_negative(size: Size) -> Size:
    return size if at_least(size, 0) else maximum(size, 0)


class Split(Kind):
    name = "split"
    summary = "One input cut into several outputs along an axis."
    example = "split 2"
    aliases: ClassVar = {"chunk": None}
    args = (
        Arg("parts", Whole(1), None, "how many equal parts; the last may be smaller", slot=0,
            aliases=("num_outputs", "chunks")),
        Arg("sizes", Dims(0), None, "the size of each part", aliases=("split",)),
        Arg("part", Whole(1), None, "the size of all parts but the last", aliases=("split_size",)),
        AXIS,
    )  # fmt: skip
    parts: Size | None
    sizes: Shape | None
    part: Size | None
    axis: Size | None

    def output(self, inputs: Tensors) -> Tensors:
        """As many outputs as parts, each ``ceil(n/parts)`` but the last (ONNX Split, torch.split, torch.chunk)."""
        (x,) = inputs
        axis = self.channel_axis(x.shape) if self.axis is None and x.shape else axis_at(self.axis or 0, x.shape)
        sizes = self._sizes(x.shape[axis], axis)
        return tuple(Tensor(replaced(x.shape, axis, size), x.dtype) for size in sizes)

    def _sizes(self, n: Size, axis: int) -> tuple[Size, ...]:
        if self.sizes is not None:
            total: Size = 0
            for size in self.sizes:
                total = total + size
            if same(total, n) is False:
                raise ShapeError(
                    f"the parts hold {text(plain(total))}, axis {axis} has {text(plain(n))}",
                    working=f"{' + '.join(text(plain(s)) for s in self.sizes)} = {text(plain(total))}",
                )
            return self.sizes
        if self.parts is None and self.part is None:
            raise ShapeError("split needs a number of parts, or their sizes", fixes=[Fix("2 parts", {"parts": 2})])
        parts = self.parts if self.parts is not None else ceil_div(n, self.part or 1)
        count = plain(parts)
        if not isinstance(count, int) or count > MAX_PARTS:
            raise ShapeError(f"split needs a plain number of parts up to {MAX_PARTS:,}, not {text(count)}")
        size = self.part if self.part is not None else ceil_div(n, parts)
        last = n - size * (count - 1) if count > 1 else n
        if at_least(last, 0) is False:
            raise ShapeError(
                f"axis {axis} has {text(plain(n))} and cannot be cut into {count} parts of {text(plain(size))}"
            )
        return (*(size,) * (count - 1), last)

    def remarks(self, inputs: Tensors, outputs: Tensors) -> tuple[str, ...]:
        ends = zip(outputs[0].shape, outputs[-1].shape, strict=True)
        if self.parts is not None and any(same(first, last) is False for first, last in ends):
            return ("the last part is smaller; Keras refuses unequal parts", *emptied(outputs))
        return emptied(outputs)


class Tile(Kind):
    name = "tile"
    summary = "The input repeated along its axes."
    example = "tile 1x2x2"
    args = (Arg("repeats", Dims(0), help="how often along each axis, lined up at the last", slot=0,
                aliases=("dims",)),)  # fmt: skip
    repeats: Shape

    def output(self, inputs: Tensors) -> Tensors:
        """Each size times its repeats (ONNX Tile, numpy.tile)."""
        (x,) = inputs
        ndim = max(len(x.shape), len(self.repeats))
        sizes, times = ((1,) * (ndim - len(s)) + tuple(s) for s in (x.shape, self.repeats))
        return (Tensor(tuple(n * r for n, r in zip(sizes, times, strict=True)), x.dtype),)

    def remarks(self, inputs: Tensors, outputs: Tensors) -> tuple[str, ...]:
        if len(self.repeats) != len(inputs[0].shape):
            return (f"ONNX needs one repeat for each of the {len(inputs[0].shape)} axes",)
        return ()


class Trilu(Kind):
    name = "trilu"
    summary = "Zeros above or below a diagonal."
    example = "trilu upper=false"
    aliases: ClassVar = {"triu": None}
    args = (
        Arg("upper", Switch(), True, "keep what is above the diagonal"),
        Arg("k", Whole(ANY), 0, "which diagonal", aliases=("diagonal",)),
    )

    def output(self, inputs: Tensors) -> Tensors:
        if len(inputs[0].shape) < 2:
            raise ShapeError(f"trilu needs 2 axes or more, it gets {len(inputs[0].shape)}")
        return inputs

    def work(self, inputs: Tensors, outputs: Tensors) -> Work:
        return Work(elementwise=outputs[0].elements)


class Reorder(Kind):
    name = "reverse"
    summary = "The entries of an axis in another order."
    example = "reverse axis=1"
    aliases: ClassVar = {"flip": None, "roll": None, "reversesequence": None}
    args = (Arg("axis", AxisNumbers(), None, "the axes", aliases=("dims", "axes")),)
    axis: Any

    def output(self, inputs: Tensors) -> Tensors:
        axes_at(() if self.axis is None else self.axis, inputs[0].shape)
        return inputs
