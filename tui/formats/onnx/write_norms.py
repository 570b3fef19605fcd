"""Normalizations in ONNX's operators; what ONNX has no operator for is written out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from tui.core.axes import axes_at, axis_at
from tui.core.size import Size, product, same
from tui.core.tensor import Shape
from tui.formats.onnx.write_call import Call, Rule


def centred(call: Call, x: str, axes: Sequence[int]) -> str:
    """The distance from the mean along some axes."""
    return call.op("Sub", x, call.op("ReduceMean", x, call.ints(axes, "axes"), keepdims=1))


def over_root(call: Call, x: str, axes: Sequence[int], epsilon: float) -> str:
    """x by the root of the mean of its squares along some axes."""
    squares = call.op("ReduceMean", call.op("Mul", x, x), call.ints(axes, "axes"), keepdims=1)
    return call.op("Div", x, call.op("Sqrt", call.op("Add", squares, call.const(epsilon))))


def standardized(call: Call, x: str, axes: Sequence[int], epsilon: float) -> str:
    """To mean 0 and variance 1 along some axes."""
    return over_root(call, centred(call, x, axes), axes, epsilon)


def scaled(call: Call, x: str, scale: str, offset: str, shape: Sequence[Size]) -> str:
    """x times one weight and plus another, those of them that the layer has."""
    for operator, name in (("Mul", scale), ("Add", offset)):
        if call.has(name):
            x = call.op(operator, x, call.weight(name, shape))
    return x


def along(shape: Shape, axes: Sequence[int]) -> list[Size]:
    """The shape of a weight that lies along some axes; axes of 1 in front are left out."""
    sizes = [size if axis in axes else 1 for axis, size in enumerate(shape)]
    return sizes[min(axes, default=0) :]


def _channels(call: Call) -> int:
    """The axis of the channels, counted in the shape of the network."""
    axis = getattr(call.kind, "axis", None)
    return call.kind.channel_axis(call.shape()) if axis is None else axis_at(axis, call.shape())


def _with_channels_second(call: Call) -> tuple[str, list[int] | None]:
    """The input with the axis of its channels behind the batch, and the order that brings it back (None: none)."""
    axis, rank = _channels(call), len(call.shape())
    if axis == call.kind.channel_axis(call.shape()):
        return call.first(), None
    order = [0, axis, *(i for i in range(1, rank) if i != axis)]
    return call.permute(call.x(), order), [order.index(i) for i in range(rank)]


def _back(call: Call, x: str, order: list[int] | None) -> None:
    call.give(x if order is None else call.permute(x, order), order is None)


def _batch_norm(call: Call) -> None:
    kind = call.kind
    if _channels(call) == 0:
        call.fail("its channels are the batch", "name another axis")
    x, order = _with_channels_second(call)
    shape = call.shape()
    features = shape[_channels(call)]
    wide: list[Size] = [features, *(1,) * (len(shape) - 2)]
    if call.has("moving_mean"):
        weights = [*_scale_and_offset(call, features), *map(call.weight, ("moving_mean", "moving_variance"))]
        _back(call, call.op("BatchNormalization", x, *weights, epsilon=kind.epsilon, momentum=kind.momentum), order)
        return
    x = standardized(call, x, [i for i in range(len(shape)) if i != 1], kind.epsilon)
    _back(call, scaled(call, x, "gamma", "beta", wide), order)


def _scale_and_offset(call: Call, *sizes: Size) -> list[str]:
    """The weights of ONNX's operators, which always have both: for one that is missing numbers of 1 or of 0."""
    return [
        call.weight(name) if call.has(name) else call.filled(sizes, number)
        for name, number in (("gamma", 1), ("beta", 0))
    ]


def _by_statistics(call: Call, x: str, mean: str, variance: str, shape: Sequence[Size]) -> str:
    distance = call.op("Sub", x, call.weight(mean, shape))
    kept = call.op("Add", call.weight(variance, shape), call.const(getattr(call.kind, "epsilon", 1e-7)))
    return call.op("Div", distance, call.op("Sqrt", kept))


def _instance_norm(call: Call) -> None:
    kind, x, rank = call.kind, call.first(), len(call.shape())
    wide: list[Size] = [kind.channels(call.shape()), *(1,) * (rank - 2)]
    if call.has("moving_mean"):
        x = _by_statistics(call, x, "moving_mean", "moving_variance", wide)
    elif rank > 2:
        weights = _scale_and_offset(call, wide[0])
        call.give(call.op("InstanceNormalization", x, *weights, epsilon=kind.epsilon), True)
        return
    else:
        x = standardized(call, x, list(range(min(2, rank - 1), rank)), kind.epsilon)
    call.give(scaled(call, x, "gamma", "beta", wide), True)


def _group_norm(call: Call) -> None:
    kind = call.kind
    x, order = _with_channels_second(call)
    whole = call.shape()
    features = whole[_channels(call)]
    groups = features if same(kind.groups, -1) else kind.groups
    rank = len(whole)
    if rank > 2:
        weights = _scale_and_offset(call, features)
        count = call.whole(groups, "groups")
        _back(call, call.op("GroupNormalization", x, *weights, num_groups=count, epsilon=kind.epsilon), order)
        return
    shape = call.shape_in(True) if order is None and call.turned() else tuple(
        whole[i] for i in ([0, _channels(call), *(i for i in range(1, rank) if i != _channels(call))]))  # fmt: skip
    apart = (shape[0], groups, features // groups, *shape[2:])
    x = standardized(call, call.reshape(x, shape, apart), list(range(2, len(apart))), kind.epsilon)
    x = call.reshape(x, apart, shape)
    _back(call, scaled(call, x, "gamma", "beta", [features, *(1,) * (rank - 2)]), order)


def _layer_norm(call: Call) -> None:
    kind, shape = call.kind, call.shape()
    axes, rank = sorted(kind._axes(call.given)), len(shape)
    if getattr(kind, "rms_scaling", False):
        call.give(scaled(call, over_root(call, call.x(), axes, kind.epsilon), "gamma", "beta", along(shape, axes)))
        return
    if axes == list(range(axes[0], rank)):
        scale, offset = _scale_and_offset(call, *(shape[axis] for axis in axes))
        weights = [scale, offset] if call.has("beta") else [scale]
        call.give(call.op("LayerNormalization", call.x(), *weights, axis=axes[0] - rank, epsilon=kind.epsilon))
        return
    x = standardized(call, call.x(), axes, kind.epsilon)
    call.give(scaled(call, x, "gamma", "beta", along(shape, axes)))


def _rms_norm(call: Call) -> None:
    axes = sorted(call.kind._axes(call.given))
    x = over_root(call, call.x(), axes, call.kind.epsilon)
    call.give(scaled(call, x, "scale", "", along(call.shape(), axes)))


def _unit_norm(call: Call) -> None:
    axes, order, x = axes_at(call.kind.axis, call.shape()), call.kind.order, call.x()
    if len(axes) == 1 and order in (1, 2):
        call.give(call.op("LpNormalization", x, axis=axes[0], p=int(order)))
        return
    if order not in (1, 2):
        call.fail(f"order={order:g}, and ONNX has the norms 1 and 2", "write order=2")
    length = call.op(f"ReduceL{int(order)}", x, call.ints(axes, "axes"), keepdims=1)
    call.give(call.op("Div", x, call.op("Max", length, call.const(1e-12))))


def _mean_variance(call: Call) -> None:
    axes = list(axes_at(call.kind.axis, call.shape()))
    call.give(call.op("MeanVarianceNormalization", call.x(), axes=axes))


def _local_response(call: Call) -> None:
    kind = call.kind
    size = call.whole(kind.size, "size")
    if size % 2 == 0:
        call.fail(f"size={size} is even, which ONNX Runtime refuses", f"write size={size + 1}")
    attributes = {"alpha": float(kind.alpha), "beta": float(kind.beta), "bias": float(kind.k)}
    shape = call.shape_in(call.turned())
    # ONNX Runtime has it of images alone; which neighbours a position has in space does not matter here.
    image: Shape = shape if len(shape) == 4 else (*shape[:2], product(shape[2:]), 1)
    made = call.op("LRN", call.reshape(call.first(), shape, image), size=size, **attributes)
    call.give(call.reshape(made, image, shape), True)


def _normalization(call: Call) -> None:
    """Keras's: the mean and variance of the axes; the count of what they were made from is stored beside them."""
    if not call.weights:
        call.notice("dropped", "its mean and variance are numbers that the text does not hold: the input passes")
        call.give(call.op("Identity", call.x()))
        return
    axes = sorted(axes_at(call.kind.axis, call.shape()))
    wide = along(call.shape(), axes) if axes else []
    call.give(_by_statistics(call, call.x(), "mean", "variance", wide))


def _spectral(call: Call) -> None:
    call.notice("differs", "keeps weights small while training; at inference the input passes")
    x, first = call.either()
    call.give(call.op("Identity", x), first)


RULES: Final[Mapping[str, Rule]] = {
    "batchnorm": _batch_norm, "instancenorm": _instance_norm, "groupnorm": _group_norm, "layernorm": _layer_norm,
    "rmsnorm": _rms_norm, "unitnorm": _unit_norm, "meanvariancenorm": _mean_variance,
    "localresponsenorm": _local_response, "normalization": _normalization, "spectralnorm": _spectral,
}  # fmt: skip
