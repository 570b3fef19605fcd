"""Products of two inputs: matrix products, Einstein sums, and measures of likeness.

A MAC is one multiplication that is summed up: a product over an inner axis of k costs k MACs for each
output element. Norms and distances count as element-wise work.
"""

from __future__ import annotations

from typing import Any, ClassVar

from tui.core.argument import Arg, Real, Switch
from tui.core.axes import AxisNumber, AxisNumbers, all_but, axis_at, need_rank, reach_along
from tui.core.broadcast import broadcast, merged, stretched_agreements
from tui.core.einsum import EquationText, Sizes, letter_sizes, parse_equation
from tui.core.errors import Fix, ShapeError
from tui.core.kind import POINTWISE, Kind, Reach, Work
from tui.core.size import Size, product, same, text
from tui.core.tensor import Shape, Tensor, Tensors
from tui.core.working import plain


def inner(kind: str, a: Size, b: Size, where: str) -> Size:
    """The common size of the axes that are summed over; raises ShapeError where they differ."""
    size = merged((a, b))
    if size is None:
        raise ShapeError(
            f"{kind} sums over {text(plain(a))} and {text(plain(b))} ({where}); the two must be equal",
            working=f"{text(plain(a))} is not {text(plain(b))}",
        )
    return size


class MatMul(Kind):
    name = "matmul"
    summary = "The matrix product of two inputs over their last axes; leading axes are stretched."
    example = "matmul @other"
    aliases: ClassVar = {"bmm": None, "mm": None, "matmulinteger": None}
    inputs = (2, 2)

    def _parts(self, inputs: Tensors) -> tuple[Shape, Shape, Size, Shape]:
        """The leading axes, the rows, the size summed over and the columns; a vector has no rows or columns."""
        a, b = (x.shape for x in inputs)
        if not a or not b:
            raise ShapeError("matmul needs vectors or matrices, not a scalar")
        depth = inner("matmul", a[-1], b[-2] if len(b) > 1 else b[0], "last axis of the first, last but one of the "
                      "second")  # fmt: skip
        return broadcast("matmul", [a[:-2], b[:-2]]), a[-2:-1], depth, b[-1:] if len(b) > 1 else ()

    def output(self, inputs: Tensors) -> Tensors:
        """``(..., m, k)`` and ``(..., k, n)`` to ``(..., m, n)`` (numpy.matmul, ONNX MatMul)."""
        leading, rows, _, columns = self._parts(inputs)
        return (Tensor((*leading, *rows, *columns), inputs[0].dtype),)

    def work(self, inputs: Tensors, outputs: Tensors) -> Work:
        leading, rows, depth, columns = self._parts(inputs)
        return Work(product((*leading, *rows, depth, *columns)))

    def agreements(self, inputs: Tensors) -> tuple[tuple[Size, Size], ...]:
        a, b = (x.shape for x in inputs)
        return ((a[-1], b[-2] if len(b) > 1 else b[0]), *stretched_agreements([a[:-2], b[:-2]]))

    def reach(self, inputs: Tensors) -> Reach:
        """Its own position where the second input is one matrix for all, else the whole of both."""
        if len(inputs[1].shape) == 2 and len(inputs[0].shape) > 2 and self.channels_last:
            return POINTWISE
        return None


class Gemm(Kind):
    name = "gemm"
    summary = "alpha*A*B + beta*C of matrices, A and B transposed if wanted."
    example = "gemm @b transb=true"
    inputs = (2, 3)
    args = (
        Arg("transa", Switch(), False, "transpose A first", aliases=("transA",)),
        Arg("transb", Switch(), False, "transpose B first", aliases=("transB",)),
        Arg("alpha", Real(float("-inf")), 1.0, "the factor of the product"),
        Arg("beta", Real(float("-inf")), 1.0, "the factor of C"),
    )
    transa: bool
    transb: bool

    def _parts(self, inputs: Tensors) -> tuple[Size, Size, Size]:
        a, b = (x.shape for x in inputs[:2])
        if len(a) != 2 or len(b) != 2:
            raise ShapeError(f"gemm needs matrices, it gets {len(a)} and {len(b)} axes; use matmul")
        rows, left = a[::-1] if self.transa else a
        right, columns = b[::-1] if self.transb else b
        return rows, inner("gemm", left, right, "the inner axes"), columns

    def output(self, inputs: Tensors) -> Tensors:
        """``(m, k)`` and ``(k, n)`` to ``(m, n)``, which C must stretch to (ONNX Gemm)."""
        rows, _, columns = self._parts(inputs)
        shape = (rows, columns)
        if len(inputs) > 2:
            stretched = broadcast("gemm", [shape, inputs[2].shape])
            if len(stretched) > 2 or any(same(a, b) is False for a, b in zip(stretched, shape, strict=True)):
                raise ShapeError(f"C must stretch to {text(plain(rows))} rows of {text(plain(columns))}")
        return (Tensor(shape, inputs[0].dtype),)

    def work(self, inputs: Tensors, outputs: Tensors) -> Work:
        return Work(product(self._parts(inputs)))

    def reach(self, inputs: Tensors) -> Reach:
        return None


class Dot(Kind):
    name = "dot"
    summary = "The products of two inputs summed over one axis of each, example by example (Keras)."
    example = "dot @other axes=1"
    inputs = (2, 2)
    args = (
        Arg("axes", AxisNumbers(), (-1,), "the axis of both inputs, or one for each", slot=0, aliases=("axis",)),
        Arg("normalize", Switch(), False, "scale both to length 1 first: the cosine"),
    )
    axes: Any
    normalize: bool

    def _axes(self, inputs: Tensors) -> tuple[int, int]:
        named = self.axes if isinstance(self.axes, tuple) else (self.axes,)
        if len(named) not in (1, 2):
            why = f"dot sums over one axis of each input, axes names {len(named)}"
            raise ShapeError(why, fixes=[Fix("axes=-1", {"axes": (-1,)})])
        a, b = (axis_at(axis, x.shape, "axes") for axis, x in zip((named * 2)[:2], inputs, strict=True))
        if 0 in (a, b):
            raise ShapeError("dot works example by example: it cannot sum over the batch, axis 0")
        return a, b

    def output(self, inputs: Tensors) -> Tensors:
        """The other axes of both, the batch once; a single number for each example is an axis of 1."""
        for x in inputs:
            need_rank("dot", x.shape, 2)
        a, b = self._axes(inputs)
        first, second = (x.shape for x in inputs)
        inner("dot", first[a], second[b], f"axis {a} and axis {b}")
        batch = inner("dot", first[0], second[0], "the batches")
        rest = (*all_but((0, a), first), *all_but((0, b), second))
        return (Tensor((batch, *(rest or (1,))), inputs[0].dtype),)

    def work(self, inputs: Tensors, outputs: Tensors) -> Work:
        """The size of the axis for each output element; ``normalize`` adds 3 operations an input element."""
        a, _ = self._axes(inputs)
        scaled = 3 * (inputs[0].elements + inputs[1].elements) if self.normalize else 0
        return Work(outputs[0].elements * inputs[0].shape[a], scaled)

    def reach(self, inputs: Tensors) -> Reach:
        return None


class Einsum(Kind):
    name = "einsum"
    summary = "An Einstein sum of its inputs."
    example = "einsum bij,bjk->bik @a @b"
    inputs = (1, None)
    args = (Arg("equation", EquationText(), help="the letters of each input and of the output", slot=0),)
    equation: str

    def _sizes(self, inputs: Tensors) -> tuple[Sizes, str]:
        equation = parse_equation(self.equation)
        if len(equation.operands) != len(inputs):
            raise ShapeError(f"{self.equation} joins {len(equation.operands)} inputs, it has {len(inputs)}")
        return letter_sizes("einsum", equation.operands, [x.shape for x in inputs]), equation.output

    def output(self, inputs: Tensors) -> Tensors:
        sizes, out = self._sizes(inputs)
        return (Tensor(sizes.of(out), inputs[0].dtype),)

    def work(self, inputs: Tensors, outputs: Tensors) -> Work:
        """The sizes of all letters multiplied, once for each input after the first; one input is only summed."""
        sizes, _ = self._sizes(inputs)
        if len(inputs) == 1:
            return Work(elementwise=sizes.everything())
        return Work(sizes.everything() * (len(inputs) - 1))

    def reach(self, inputs: Tensors) -> Reach:
        return None


class CosineSimilarity(Kind):
    name = "cosinesimilarity"
    summary = "The cosine of the angle between two inputs along an axis."
    example = "cosinesimilarity @other"
    aliases: ClassVar = {"cosine_similarity": None}
    inputs = (2, 2)
    args = (Arg("axis", AxisNumber(), 1, "the axis of the vectors", slot=0, aliases=("dim",)),)
    axis: Size

    def output(self, inputs: Tensors) -> Tensors:
        """The stretched shape of both without the axis (torch.nn.CosineSimilarity)."""
        shape = broadcast(self.name, [x.shape for x in inputs])
        return (Tensor(all_but((axis_at(self.axis, shape),), shape), inputs[0].dtype),)

    def work(self, inputs: Tensors, outputs: Tensors) -> Work:
        """Three products an element: of the two, and of each with itself."""
        return Work(elementwise=3 * product(broadcast(self.name, [x.shape for x in inputs])))

    def reach(self, inputs: Tensors) -> Reach:
        shape = broadcast(self.name, [x.shape for x in inputs])
        return reach_along(self, shape, (axis_at(self.axis, shape),))


class PairwiseDistance(Kind):
    name = "pairwisedistance"
    summary = "The distance between two inputs along the last axis."
    example = "pairwisedistance @other"
    aliases: ClassVar = {"pairwise_distance": None}
    inputs = (2, 2)
    args = (
        Arg("p", Real(0), 2.0, "the norm"),
        Arg("keepdims", Switch(), False, "the axis stays, with size 1", aliases=("keepdim",)),
    )
    keepdims: bool

    def output(self, inputs: Tensors) -> Tensors:
        """The stretched shape of both without the last axis (torch.nn.PairwiseDistance)."""
        shape = broadcast(self.name, [x.shape for x in inputs])
        need_rank(self.name, shape, 1)
        return (Tensor((*shape[:-1], 1) if self.keepdims else shape[:-1], inputs[0].dtype),)

    def work(self, inputs: Tensors, outputs: Tensors) -> Work:
        """A difference and a power an element."""
        return Work(elementwise=2 * product(broadcast(self.name, [x.shape for x in inputs])))

    def reach(self, inputs: Tensors) -> Reach:
        shape = broadcast(self.name, [x.shape for x in inputs])
        return reach_along(self, shape, (len(shape) - 1,))
