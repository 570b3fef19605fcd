"""Sampling: an input is read at places that another tensor names."""

from __future__ import annotations

from typing import ClassVar

from tui.core.argument import Arg, Axes, Dims, PerAxis, per_axis
from tui.core.errors import ShapeError
from tui.core.kind import Kind, Reach
from tui.core.size import same, text
from tui.core.tensor import Shape, Tensor, Tensors
from tui.core.working import plain


class GridSample(Kind):
    name = "gridsample"
    summary = "The input read at the places of a grid, interpolated."
    example = "gridsample @grid"
    aliases: ClassVar = {"grid_sample": None}
    inputs = (2, 2)

    def output(self, inputs: Tensors) -> Tensors:
        """``(N, C, ...)`` and a grid ``(N, D1, ..., Dr, r)`` to ``(N, C, D1, ..., Dr)`` (ONNX GridSample)."""
        x, grid = (tensor.shape for tensor in inputs)
        if len(x) < 3 or len(grid) != len(x) or same(grid[-1], len(x) - 2) is False:
            raise ShapeError(
                f"gridsample needs a grid of {len(x)} axes whose last one has {max(len(x) - 2, 1)}: "
                "a place in the input"
            )
        if same(x[0], grid[0]) is False:
            raise ShapeError(f"{text(plain(x[0]))} examples, but {text(plain(grid[0]))} grids")
        return (Tensor(self.shaped(x[0], self.channels(x), grid[1:-1]), inputs[0].dtype),)

    def reach(self, inputs: Tensors) -> Reach:
        return None


class AffineGrid(Kind):
    name = "affinegrid"
    summary = "The grid of places that an affine map gives."
    example = "affinegrid 1x3x8x8"
    aliases: ClassVar = {"affine_grid": None}
    args = (Arg("size", Dims(), help="the whole shape that is sampled: batch, channels, space", slot=0),)
    size: Shape

    def output(self, inputs: Tensors) -> Tensors:
        """``(N, r, r + 1)`` to ``(N, D1, ..., Dr, r)`` for a size of ``(N, C, D1, ..., Dr)`` (ONNX AffineGrid)."""
        (x,) = inputs
        rank = len(self.size) - 2
        if len(x.shape) != 3 or same(x.shape[1], rank) is False or same(x.shape[2], rank + 1) is False:
            raise ShapeError(f"affinegrid needs a map of {rank}x{rank + 1} for each example")
        return (Tensor((x.shape[0], *self.size[2:], rank), x.dtype),)

    def reach(self, inputs: Tensors) -> Reach:
        return None


class RoiAlign(Kind):
    name = "roialign"
    summary = "Each region of the input, pooled to one size."
    example = "roialign 7 @regions"
    aliases: ClassVar = {"roi_align": None}
    inputs = (2, 2)
    args = (Arg("size", Axes(most=2), 1, "the height and width of each region in the output", slot=0,
                aliases=("output_size",)),)  # fmt: skip
    size: PerAxis

    def output(self, inputs: Tensors) -> Tensors:
        """``(N, C, H, W)`` and R regions ``(R, 4)`` to ``(R, C, h, w)`` (ONNX RoiAlign)."""
        x, regions = inputs
        if len(x.shape) != 4 or len(regions.shape) != 2:
            raise ShapeError("roialign reads images (4 axes) and a list of regions (2 axes)")
        shape = self.shaped(regions.shape[0], self.channels(x.shape), per_axis(self.size, 2))
        return (Tensor(shape, x.dtype),)

    def reach(self, inputs: Tensors) -> Reach:
        return None
