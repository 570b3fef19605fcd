"""Normalization by statistics of channels: one scale, one offset, one mean and one variance a channel.

Element-wise work: where the statistics are constants at inference, a channel is ``a*x + b``: 2 operations
an element.
"""

from __future__ import annotations

from typing import Any, ClassVar

from tui.core.argument import Arg, Real, Switch, Whole
from tui.core.axes import AxisNumber, AxisNumbers, axes_at, axis_at, need_rank
from tui.core.errors import Fix, ShapeError
from tui.core.kind import POINTWISE, Kind, Reach, Work
from tui.core.size import Size, same, text
from tui.core.tensor import Role, Shape, Tensors, Weight
from tui.core.windowed import divides
from tui.core.working import plain

EPSILON = Arg("epsilon", Real(0), 1e-3, "keeps the divisor from 0 (Keras 0.001, PyTorch and ONNX 0.00001)",
              aliases=("eps",))  # fmt: skip
MOMENTUM = Arg("momentum", Real(0, 1), 0.99, "how slowly the moving statistics move (PyTorch names 1 - momentum)")
AFFINE = Arg("affine", Switch(), True, "scale and offset; false leaves out both", aliases=("elementwise_affine",))
SCALE = Arg("scale", Switch(), True, "one factor for each channel")
CENTER = Arg("center", Switch(), True, "one offset for each channel")


class BatchNorm(Kind):
    name = "batchnorm"
    summary = "Batch normalization: each channel by its moving mean and variance."
    example = "batchnorm"
    aliases: ClassVar = {
        "bn": None, "batchnormalization": None, "batchnorm1d": None, "batchnorm2d": None, "batchnorm3d": None,
        "lazybatchnorm1d": None, "lazybatchnorm2d": None, "lazybatchnorm3d": None, "syncbatchnorm": None,
        "배치정규화": None,
    }  # fmt: skip
    why_conventions_differ = (
        "Keras counts the moving mean and variance as non-trainable parameters, ONNX as initializers; in PyTorch they "
        "are buffers, with a counter of batches beside them"
    )
    args = (
        Arg("num_features", Whole(1), None, "the channels that must be found; from the input"),
        Arg("axis", AxisNumber(), None, "the axis of the channels; from data_format"),
        SCALE, CENTER, AFFINE,
        Arg("track_running_stats", Switch(), True, "keep a moving mean and variance"),
        EPSILON, MOMENTUM,
    )  # fmt: skip
    num_features: Size | None
    axis: Size | None
    scale: bool
    center: bool
    affine: bool
    track_running_stats: bool

    def output(self, inputs: Tensors) -> Tensors:
        (x,) = inputs
        need_rank("batchnorm", x.shape, 2)
        check_channels(self.num_features, self._features(x.shape), "num_features")
        return inputs

    def _features(self, shape: Shape) -> Size:
        return self.channels(shape) if self.axis is None else shape[axis_at(self.axis, shape)]

    def weights(self, inputs: Tensors) -> tuple[Weight, ...]:
        """2C trainable and 2C statistics, and PyTorch's count of batches (torch.nn.BatchNorm2d, Keras)."""
        shape = (self._features(inputs[0].shape),)
        own = scale_and_offset(shape, self.affine and self.scale, self.affine and self.center)
        return (*own, *moving_statistics(shape)) if self.track_running_stats else own

    def work(self, inputs: Tensors, outputs: Tensors) -> Work:
        return Work(elementwise=2 * outputs[0].elements)


class InstanceNorm(Kind):
    name = "instancenorm"
    summary = "Instance normalization: each channel of each example by itself."
    example = "instancenorm affine=true"
    aliases: ClassVar = {
        "instancenormalization": None, "instancenorm1d": None, "instancenorm2d": None, "instancenorm3d": None,
        "lazyinstancenorm1d": None, "lazyinstancenorm2d": None, "lazyinstancenorm3d": None,
    }  # fmt: skip
    args = (
        Arg("num_features", Whole(1), None, "the channels that must be found; from the input"),
        Arg("affine", Switch(), False, "scale and offset for each channel (off in PyTorch, always there in ONNX)"),
        Arg("track_running_stats", Switch(), False, "keep a moving mean and variance"),
        EPSILON, MOMENTUM,
    )  # fmt: skip
    num_features: Size | None
    affine: bool
    track_running_stats: bool

    def output(self, inputs: Tensors) -> Tensors:
        (x,) = inputs
        need_rank("instancenorm", x.shape, 2)
        if self.affine or self.track_running_stats:
            check_channels(self.num_features, self.channels(x.shape), "num_features")
        return inputs

    def weights(self, inputs: Tensors) -> tuple[Weight, ...]:
        """None by default; 2C with ``affine`` and 2C statistics with ``track_running_stats`` (Ulyanov et al. 2016)."""
        shape = (self.channels(inputs[0].shape),)
        own = scale_and_offset(shape, self.affine, self.affine)
        return (*own, *moving_statistics(shape)) if self.track_running_stats else own

    def work(self, inputs: Tensors, outputs: Tensors) -> Work:
        return Work(elementwise=own_statistics(2 * self.affine) * outputs[0].elements)

    def reach(self, inputs: Tensors) -> Reach:
        """The whole input, whose mean and variance each unit is measured by; moving statistics are constants."""
        return POINTWISE if self.track_running_stats or len(inputs[0].shape) < 3 else None

    def remarks(self, inputs: Tensors, outputs: Tensors) -> tuple[str, ...]:
        found = self.channels(inputs[0].shape)
        if self.num_features is not None and same(self.num_features, found) is False:
            return (f"num_features={text(plain(self.num_features))} is not the {text(plain(found))} channels of the "
                    "input; PyTorch ignores that without weights",)  # fmt: skip
        return ()


class GroupNorm(Kind):
    name = "groupnorm"
    summary = "Group normalization: groups of channels of each example."
    example = "groupnorm 8"
    aliases: ClassVar = {"groupnormalization": None}
    args = (
        Arg("groups", Whole(-1), 32, "groups of channels; -1 makes each channel one", slot=0, aliases=("num_groups",)),
        Arg("num_channels", Whole(1), None, "the channels that must be found; from the input"),
        Arg("axis", AxisNumber(), None, "the axis of the channels; from data_format"),
        SCALE, CENTER, AFFINE, EPSILON,
    )  # fmt: skip
    groups: Size
    num_channels: Size | None
    axis: Size | None
    scale: bool
    center: bool
    affine: bool

    def output(self, inputs: Tensors) -> Tensors:
        (x,) = inputs
        need_rank("groupnorm", x.shape, 2)
        found = self._features(x.shape)
        check_channels(self.num_channels, found, "num_channels")
        if same(self.groups, -1):
            return inputs
        if same(self.groups, 0):
            raise ShapeError("groups=0 makes no group", fixes=[Fix("groups=1", {"groups": 1})])
        if same(found % self.groups, 0) is False:
            raise ShapeError(
                f"groups={text(plain(self.groups))} does not divide {text(plain(found))} channels",
                fixes=[Fix("groups=1", {"groups": 1}), Fix("groups=-1", {"groups": -1})],
            )
        return inputs

    def agreements(self, inputs: Tensors) -> tuple[tuple[Size, Size], ...]:
        return () if same(self.groups, -1) else divides(self.groups, self._features(inputs[0].shape))

    def _features(self, shape: Shape) -> Size:
        return self.channels(shape) if self.axis is None else shape[axis_at(self.axis, shape)]

    def weights(self, inputs: Tensors) -> tuple[Weight, ...]:
        """A scale and an offset for each channel: 2C (Wu and He 2018)."""
        shape = (self._features(inputs[0].shape),)
        return scale_and_offset(shape, self.affine and self.scale, self.affine and self.center)

    def work(self, inputs: Tensors, outputs: Tensors) -> Work:
        return Work(elementwise=own_statistics(len(self.weights(inputs))) * outputs[0].elements)

    def reach(self, inputs: Tensors) -> Reach:
        """The whole input: the mean and variance of a group go over all positions."""
        return None


class Normalization(Kind):
    name = "normalization"
    summary = "Shifts and scales by a mean and variance found before training (Keras)."
    example = "normalization"
    why_conventions_differ = "only Keras has it, its statistics not trainable; elsewhere they are buffers, initializers"
    args = (
        Arg("axis", AxisNumbers(), (-1,), "the axes that keep statistics of their own; none for one of all", slot=0),
        Arg("fixed", Switch(), False, "mean and variance are given as numbers, not kept as weights"),
    )
    axis: Any
    fixed: bool

    def output(self, inputs: Tensors) -> Tensors:
        axes_at(self.axis, inputs[0].shape)
        return inputs

    def weights(self, inputs: Tensors) -> tuple[Weight, ...]:
        """A mean and a variance for each element of the axes and one count: 2C + 1, none of them trained."""
        if self.fixed:
            return ()
        shape = tuple(inputs[0].shape[axis] for axis in sorted(axes_at(self.axis, inputs[0].shape)))
        return (
            Weight("mean", shape, Role.STATISTIC),
            Weight("variance", shape, Role.STATISTIC),
            Weight("count", (), Role.STATISTIC),
        )

    def work(self, inputs: Tensors, outputs: Tensors) -> Work:
        return Work(elementwise=2 * outputs[0].elements)


class SpectralNorm(Kind):
    name = "spectralnorm"
    summary = "Keeps the largest singular value of the weights above at 1: one vector beside the kernel."
    example = "spectralnorm"
    aliases: ClassVar = {"spectralnormalization": None, "spectral_norm": None}
    why_conventions_differ = "Keras has one vector, not trainable; PyTorch two buffers, of which this is the first"
    args = (
        Arg("size", Whole(1), None, "the length of the vector: the last axis of the kernel; the channels by default",
            slot=0),
        Arg("power_iterations", Whole(1), 1, "steps of the estimate for each batch", aliases=("n_power_iterations",)),
    )  # fmt: skip
    size: Size | None

    def weights(self, inputs: Tensors) -> tuple[Weight, ...]:
        """The vector u, a statistic of the size of the layer's outputs (Miyato et al. 2018, as in Keras)."""
        need_rank("spectralnorm", inputs[0].shape, 1)
        size = self.channels(inputs[0].shape) if self.size is None else self.size
        return (Weight("vector_u", (1, size), Role.STATISTIC),)


def own_statistics(weights: int) -> int:
    """The operations an element where a layer measures its own input: 4 (sum, difference, sum of squares, quotient),
    and one for the scale and one for the offset."""
    return 4 + weights


def scale_and_offset(shape: Shape, scale: bool, center: bool) -> tuple[Weight, ...]:
    """The trainable weights of a normalization."""
    return (*((Weight("gamma", shape),) if scale else ()), *((Weight("beta", shape),) if center else ()))


def moving_statistics(shape: Shape) -> tuple[Weight, ...]:
    """The moving mean and variance, and PyTorch's counter of the batches they were made from."""
    return (
        Weight("moving_mean", shape, Role.STATISTIC),
        Weight("moving_variance", shape, Role.STATISTIC),
        Weight("num_batches_tracked", (), Role.COUNTER),
    )


def check_channels(stated: Size | None, found: Size, arg: str) -> None:
    """Raise ShapeError where the input has another number of channels than an argument states."""
    if stated is not None and same(stated, found) is False:
        size = plain(found)
        raise ShapeError(
            f"{arg}={text(plain(stated))}, but the input has {text(size)} channels",
            fixes=[Fix(f"{arg}={text(size)}", {arg: size})],
        )
