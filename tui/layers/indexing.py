"""Indexing: entries picked out by indices or by a condition. Nothing is computed."""

from __future__ import annotations

from typing import ClassVar

from tui.core.argument import Arg, Choice, Dims, Whole
from tui.core.axes import AxisNumber, axis_at, replaced
from tui.core.errors import ShapeError
from tui.core.kind import Kind
from tui.core.size import Size, at_least, product, same, text
from tui.core.tensor import Shape, Tensor, Tensors
from tui.core.working import plain


class Gather(Kind):
    name = "gather"
    summary = "The entries of an axis at some indices."
    example = "gather 4 axis=1"
    aliases: ClassVar = {"take": None, "index_select": None, "indexselect": None}
    inputs = (1, 2)
    args = (
        Arg("indices", Dims(0), (), "the shape of the indices, where they are no second input; one index drops the "
            "axis", slot=0),
        Arg("axis", AxisNumber(), 0, "the axis that is looked up", aliases=("dim",)),
    )  # fmt: skip
    indices: Shape
    axis: Size

    def output(self, inputs: Tensors) -> Tensors:
        """The shape of the indices in the place of the axis (ONNX Gather, numpy.take)."""
        x = inputs[0]
        indices = inputs[1].shape if len(inputs) > 1 else self.indices
        return (Tensor(replaced(x.shape, axis_at(self.axis, x.shape), *indices), x.dtype),)


class GatherElements(Kind):
    name = "gatherelements"
    summary = "One entry along an axis for each index."
    example = "gatherelements 1x4 axis=1"
    aliases: ClassVar = {"take_along_axis": None, "takealongaxis": None}
    inputs = (1, 2)
    args = (
        Arg("indices", Dims(0), (), "the shape of the indices, where they are no second input", slot=0),
        Arg("axis", AxisNumber(), 0, "the axis that is looked up", aliases=("dim",)),
    )
    indices: Shape
    axis: Size

    def output(self, inputs: Tensors) -> Tensors:
        """The shape of the indices, which has as many axes as the input (ONNX GatherElements, torch.gather)."""
        x = inputs[0]
        axis_at(self.axis, x.shape)
        indices = inputs[1].shape if len(inputs) > 1 else self.indices
        if len(indices) != len(x.shape):
            raise ShapeError(f"the indices have {len(indices)} axes, the input {len(x.shape)}; they must be as many")
        return (Tensor(indices, x.dtype),)


class GatherND(Kind):
    name = "gathernd"
    summary = "The entries at places named by several indices each."
    example = "gathernd 4x2"
    inputs = (1, 2)
    args = (
        Arg("indices", Dims(0), (), "the shape of the indices, where they are no second input", slot=0),
        Arg("batch_dims", Whole(0), 0, "leading axes that both have"),
    )
    indices: Shape
    batch_dims: Size

    def output(self, inputs: Tensors) -> Tensors:
        """``indices.shape[:-1] + data.shape[batch_dims + indices.shape[-1]:]`` (ONNX GatherND)."""
        x = inputs[0]
        indices = inputs[1].shape if len(inputs) > 1 else self.indices
        places, shared = plain(indices[-1]) if indices else None, plain(self.batch_dims)
        if not isinstance(places, int) or not isinstance(shared, int):
            raise ShapeError("gathernd needs indices whose last axis is a plain number")
        if shared + places > len(x.shape) or shared >= len(indices):
            raise ShapeError(f"gathernd names {shared + places} axes, the input has {len(x.shape)}")
        return (Tensor((*indices[:-1], *x.shape[shared + places :]), x.dtype),)


class Compress(Kind):
    name = "compress"
    summary = "The entries of an axis that a condition keeps."
    example = "compress 4 axis=1"
    inputs = (1, 2)
    args = (
        Arg("kept", Whole(0), help="how many the condition keeps; a symbol where that depends on the data", slot=0),
        Arg("axis", AxisNumber(), None, "the axis; the flattened input if none is named", aliases=("dim",)),
    )
    kept: Size
    axis: Size | None

    def output(self, inputs: Tensors) -> Tensors:
        """``kept`` entries of the axis (ONNX Compress)."""
        x = inputs[0]
        n = product(x.shape) if self.axis is None else x.shape[axis_at(self.axis, x.shape)]
        if at_least(n, self.kept) is False:
            raise ShapeError(f"compress keeps {text(plain(self.kept))} of only {text(plain(n))}")
        if self.axis is None:
            return (Tensor((self.kept,), x.dtype),)
        return (Tensor(replaced(x.shape, axis_at(self.axis, x.shape), self.kept), x.dtype),)


class OneHot(Kind):
    name = "onehot"
    summary = "Each index as a row of zeros with a single 1."
    example = "onehot 10"
    aliases: ClassVar = {"one_hot": None}
    args = (
        Arg("depth", Whole(1), help="how many classes", slot=0, aliases=("num_classes",)),
        Arg("axis", AxisNumber(), -1, "where the new axis stands", aliases=("dim",)),
    )
    depth: Size
    axis: Size

    def output(self, inputs: Tensors) -> Tensors:
        """A new axis of ``depth`` (ONNX OneHot, torch one_hot)."""
        shape = inputs[0].shape
        axis = axis_at(self.axis, shape, room=1)
        return (Tensor((*shape[:axis], self.depth, *shape[axis:]), self.settings.dtype),)


class CategoryEncoding(Kind):
    name = "categoryencoding"
    summary = "The indices of each example as one row of zeros and ones, or of counts (Keras)."
    example = "categoryencoding 10"
    args = (
        Arg("num_tokens", Whole(1), help="how many classes", slot=0),
        Arg("output_mode", Choice(("multi_hot", "one_hot", "count")), "multi_hot", "one row for all, or one for each"),
    )
    num_tokens: Size
    output_mode: str

    def output(self, inputs: Tensors) -> Tensors:
        """The last axis as ``num_tokens``; with ``one_hot`` a new one beside it, unless it is 1."""
        shape = inputs[0].shape
        keeps = len(shape) < 2 or (self.output_mode == "one_hot" and not same(shape[-1], 1))
        return (Tensor((*(shape if keeps else shape[:-1]), self.num_tokens), self.settings.dtype),)


class Scatter(Kind):
    name = "scatter"
    summary = "Its first input with the entries at some indices replaced."
    example = "scatter"
    aliases: ClassVar = {"scatterelements": None, "scatternd": None, "tensorscatter": None, "index_copy": None}
    inputs = (1, 3)
    args = (Arg("axis", AxisNumber(), 0, "the axis of the indices", aliases=("dim",)),)

    def output(self, inputs: Tensors) -> Tensors:
        """The shape of the first input (ONNX ScatterElements, ScatterND)."""
        return inputs[:1]


class NonZero(Kind):
    name = "nonzero"
    batched = False
    summary = "The indices of the elements that are not 0."
    example = "nonzero found"
    args = (Arg("found", Whole(0), help="how many there are; a symbol, for it depends on the data", slot=0),)
    found: Size

    def output(self, inputs: Tensors) -> Tensors:
        """One index an axis for each element found: ``(axes, found)`` (ONNX NonZero)."""
        return (Tensor((len(inputs[0].shape), self.found), "int64"),)
