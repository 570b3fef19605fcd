"""Normalization of each example by itself: the statistics are those of some axes of the input.

Element-wise work, counted an element: 4 for the normalization (sum, difference, sum of squares,
quotient; 3 where no mean is taken away), 1 for the scale and 1 for the offset.
"""

from __future__ import annotations

from typing import Any, ClassVar

from tui.core.argument import Arg, Dims, Real, Switch, Whole
from tui.core.axes import AxisNumbers, axes_at, need_rank, reach_along
from tui.core.errors import Fix, ShapeError
from tui.core.kind import Kind, Reach, Work
from tui.core.size import Size, same, text
from tui.core.tensor import Shape, Tensors, Weight, shape_text
from tui.core.working import plain

EPSILON = Arg("epsilon", Real(0), 1e-3, "keeps the divisor from 0 (Keras 0.001, PyTorch and ONNX 0.00001)",
              aliases=("eps",))  # fmt: skip
AFFINE = Arg("affine", Switch(), True, "false leaves out all weights", aliases=("elementwise_affine",))
SCALE = Arg("scale", Switch(), True, "one factor for each element of the normalized axes")
CENTER = Arg("center", Switch(), True, "one offset for each element of the normalized axes", aliases=("bias",))
AXES = Arg("axis", AxisNumbers(), (-1,), "the normalized axes", aliases=("axes",))
NORMALIZED = Arg("normalized_shape", Dims(), None, "the sizes of the last axes, which are normalized (PyTorch)")


def normalized_axes(kind: Kind, shape: Shape, axes: Any, stated: Shape | None) -> tuple[int, ...]:
    """The axes that are normalized; raises ShapeError where they do not have the sizes that are stated."""
    need_rank(kind.name, shape, 1)
    if stated is None:
        return axes_at(axes, shape)
    last = shape[-len(stated) :]
    if len(stated) > len(shape) or any(same(a, b) is False for a, b in zip(stated, last, strict=True)):
        sizes = tuple(map(plain, last))
        word = "x".join(map(text, sizes))
        raise ShapeError(
            f"normalized_shape={'x'.join(text(plain(s)) for s in stated)} does not end "
            f"{shape_text(tuple(map(plain, shape)))}",
            fixes=[Fix(f"normalized_shape={word}", {"normalized_shape": sizes})],
        )
    return tuple(range(len(shape) - len(stated), len(shape)))


class _AlongAxes(Kind):
    """Base of the normalizations over some axes: the shape stays, a unit reads along the axes."""

    axis: Any
    normalized_shape: Shape | None

    def output(self, inputs: Tensors) -> Tensors:
        self._axes(inputs)
        return inputs

    def _axes(self, inputs: Tensors) -> tuple[int, ...]:
        return normalized_axes(self, inputs[0].shape, self.axis, self.normalized_shape)

    def reach(self, inputs: Tensors) -> Reach:
        return reach_along(self, inputs[0].shape, self._axes(inputs))


class LayerNorm(_AlongAxes):
    name = "layernorm"
    summary = "Layer normalization: each example over its last axis, or over the axes named."
    example = "layernorm"
    aliases: ClassVar = {"ln": None, "layernormalization": None, "층정규화": None}
    args = (
        AXES, NORMALIZED, SCALE, CENTER, AFFINE, EPSILON,
        Arg("rms_scaling", Switch(), False, "by the root mean square, without an offset (Keras before 3.10)"),
    )  # fmt: skip
    scale: bool
    center: bool
    affine: bool
    rms_scaling: bool

    def weights(self, inputs: Tensors) -> tuple[Weight, ...]:
        """A scale and an offset for each element of the normalized axes: 2 * product (Ba et al. 2016)."""
        shape = tuple(inputs[0].shape[axis] for axis in self._axes(inputs))
        scale = (Weight("gamma", shape),) if self.affine and (self.scale or self.rms_scaling) else ()
        has_offset = self.affine and self.center and not self.rms_scaling
        return (*scale, Weight("beta", shape)) if has_offset else scale

    def work(self, inputs: Tensors, outputs: Tensors) -> Work:
        return Work(elementwise=(4 + len(self.weights(inputs))) * outputs[0].elements)


class RMSNorm(_AlongAxes):
    name = "rmsnorm"
    summary = "Root mean square normalization: no mean, no offset."
    example = "rmsnorm"
    aliases: ClassVar = {"rmsnormalization": None}
    args = (AXES, NORMALIZED, AFFINE, EPSILON)
    affine: bool

    def weights(self, inputs: Tensors) -> tuple[Weight, ...]:
        """One scale for each element of the normalized axes (Zhang and Sennrich 2019)."""
        shape = tuple(inputs[0].shape[axis] for axis in self._axes(inputs))
        return (Weight("scale", shape),) if self.affine else ()

    def work(self, inputs: Tensors, outputs: Tensors) -> Work:
        return Work(elementwise=(3 + self.affine) * outputs[0].elements)


class Unweighted(Kind):
    """Base of the normalizations that have no weights: 3 operations an element (square, sum, quotient)."""

    def output(self, inputs: Tensors) -> Tensors:
        self._axes(inputs[0].shape)
        return inputs

    def _axes(self, shape: Shape) -> tuple[int, ...]:
        raise NotImplementedError

    def work(self, inputs: Tensors, outputs: Tensors) -> Work:
        return Work(elementwise=3 * outputs[0].elements)

    def reach(self, inputs: Tensors) -> Reach:
        shape = inputs[0].shape
        return reach_along(self, shape, self._axes(shape))


class UnitNorm(Unweighted):
    name = "unitnorm"
    summary = "Scales to length 1 along an axis."
    example = "unitnorm"
    aliases: ClassVar = {"unitnormalization": None, "lpnormalization": None, "normalize": None}
    args = (AXES, Arg("order", Real(0), 2.0, "the norm: 1 or 2", aliases=("p",)))
    axis: Any

    def _axes(self, shape: Shape) -> tuple[int, ...]:
        return axes_at(self.axis, shape)


class MeanVarianceNorm(Unweighted):
    name = "meanvariancenorm"
    summary = "To mean 0 and variance 1 over the named axes (ONNX)."
    example = "meanvariancenorm axis=0,2,3"
    aliases: ClassVar = {"meanvariancenormalization": None, "mvn": None}
    args = (Arg("axis", AxisNumbers(), (0, 2, 3), "the normalized axes", aliases=("axes",)),)
    axis: Any

    def _axes(self, shape: Shape) -> tuple[int, ...]:
        return axes_at(self.axis, shape)


class LocalResponseNorm(Kind):
    name = "localresponsenorm"
    summary = "Local response normalization: by neighbouring channels at the same position."
    example = "localresponsenorm 5"
    aliases: ClassVar = {"lrn": None, "crossmaplrn2d": None}
    args = (
        Arg("size", Whole(1), help="how many neighbouring channels", slot=0),
        Arg("alpha", Real(0), 1e-4, "the factor of the sum of squares"),
        Arg("beta", Real(0), 0.75, "the power of the divisor"),
        Arg("k", Real(0), 1.0, "added to the sum", aliases=("bias",)),
    )
    size: Size

    def output(self, inputs: Tensors) -> Tensors:
        need_rank("localresponsenorm", inputs[0].shape, 3, " (batch, channels and positions)")
        return inputs

    def work(self, inputs: Tensors, outputs: Tensors) -> Work:
        """A square and a sum for each neighbour, then a power and a quotient (Krizhevsky et al. 2012)."""
        return Work(elementwise=(2 * self.size + 2) * outputs[0].elements)

    def remarks(self, inputs: Tensors, outputs: Tensors) -> tuple[str, ...]:
        if same(self.size % 2, 0):
            return (f"ONNX Runtime refuses an even size ({text(plain(self.size))}); PyTorch computes it",)
        return ()
