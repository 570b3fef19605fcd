"""Norms in Keras: every epsilon and momentum is written out, as the defaults of the frameworks differ."""

from __future__ import annotations

from typing import Any

from tui.core.axes import axes_at
from tui.core.size import same
from tui.formats.keras.write_call import Call
from tui.formats.keras.write_row import Refs, Row


def softmax_of_channels(call: Call, row: Row) -> Refs:
    axis = channel(call)
    return (call.layer("Softmax", {"axis": axis}, ways=Row(args="axis=-1").ways({"axis": axis})),)


def channel(call: Call) -> int:
    """The axis of the channels as Keras's norms count it."""
    return -1 if (axis := call.kind.channel_axis(call.shape)) == len(call.shape) - 1 else int(axis)


def prelu(call: Call, row: Row) -> Refs:
    """Keras shares slopes along axes; the slopes of the line, by its counting, say which."""
    before = call.writing.given.nodes[call.place]
    weights, kind = before.result.weights, call.kind
    shape = call.shape[1:]
    call.weights = weights
    if kind.shared_axes is not None:
        shared = list(axes_at(kind.shared_axes, call.shape)) if kind.shared_axes else []
    else:
        slopes = weights[0].shape
        sizes = (1,) * (len(shape) - len(slopes)) + tuple(slopes)
        if kind.num_parameters is not None and kind.num_parameters != 1:
            sizes = tuple(size if axis == kind.channel_axis(call.shape) else 1 for axis, size in enumerate(call.shape))[
                1:
            ]
        if len(slopes) > len(shape):
            sizes = sizes[-len(shape) :]
        shared = [axis for axis, size in enumerate(sizes, 1) if same(size, 1) and not same(shape[axis - 1], 1)]
    return (call.layer("PReLU", {"shared_axes": shared} if shared else {}),)


def epsilon_told(call: Call, theirs: float) -> None:
    """Report a default that the frameworks do not share."""
    counting = call.writing.given.nodes[call.place].kind.settings.counting
    found = call.kind.epsilon
    if "epsilon" not in call.given and counting != "keras":
        call.rewritten(f"epsilon={found:g} is written out, as the list has it; the default of {counting} is 1e-05")
    elif found != theirs:
        call.rewritten(f"epsilon={found:g} is written out: Keras's default is {theirs:g}")


def batchnorm(call: Call, row: Row) -> Refs:
    """Epsilon and momentum are written out; the momentum is Keras's, one minus PyTorch's."""
    kind = call.kind
    if not kind.track_running_stats:
        call.refuse("its BatchNormalization always keeps moving statistics", "leave track_running_stats out")
    epsilon_told(call, 1e-3)
    if "momentum" in call.given and kind.momentum != 0.99:
        call.rewritten(f"momentum={kind.momentum:g} is what Keras keeps of the old; PyTorch names the rest")
    return row.layer(call, {"axis": channel(call) if kind.axis is None else kind.axis, **_affine(call),
                            "momentum": kind.momentum, "epsilon": kind.epsilon})  # fmt: skip


def _affine(call: Call) -> dict[str, bool]:
    kind = call.kind
    return {"center": kind.center and kind.affine, "scale": kind.scale and kind.affine}


def groupnorm(call: Call, row: Row) -> Refs:
    kind = call.kind
    epsilon_told(call, 1e-3)
    axis = channel(call) if kind.axis is None else kind.axis
    groups = call.number(kind.groups, "groups")
    return row.layer(call, {"groups": groups, "axis": axis, **_affine(call), "epsilon": kind.epsilon})


def instancenorm(call: Call, row: Row) -> Refs:
    """A group for each channel."""
    kind = call.kind
    if kind.track_running_stats:
        call.refuse("its norms of an example keep no moving statistics", "leave track_running_stats out")
    epsilon_told(call, 1e-3)
    call.rewritten("GroupNormalization with a group for each channel")
    affine = {"center": kind.affine, "scale": kind.affine}
    return row.layer(call, {"groups": -1, "axis": channel(call), **affine, "epsilon": kind.epsilon})


def layernorm(call: Call, row: Row) -> Refs:
    kind = call.kind
    axis = _normalized(call)
    if kind.rms_scaling:
        call.rewritten("RMSNormalization: LayerNormalization(rms_scaling=True) is of old versions")
        if not kind.affine:
            call.refuse("its RMSNormalization has a scale", "leave affine out")
        return (call.layer("RMSNormalization", {"axis": axis, "epsilon": kind.epsilon}, ways=row.ways({"axis": axis})),)
    epsilon_told(call, 1e-3)
    return row.layer(call, {"axis": axis, **_affine(call), "epsilon": kind.epsilon})


def _normalized(call: Call) -> Any:
    kind, ndim = call.kind, len(call.shape)
    if kind.normalized_shape is not None:
        axes: tuple[int, ...] = tuple(range(-len(kind.normalized_shape), 0))
    else:
        axes = kind.axis if isinstance(kind.axis, tuple) else (kind.axis,)
    if any(axis % ndim == 0 for axis in axes):
        call.refuse("its norms leave the batch alone", "name other axes than 0")
    return axes[0] if len(axes) == 1 else axes


def rmsnorm(call: Call, row: Row) -> Refs:
    if not call.kind.affine:
        call.refuse("its RMSNormalization has a scale", "leave affine out, or write unitnorm")
    epsilon_told(call, 1e-6)
    return row.layer(call, {"axis": _normalized(call), "epsilon": call.kind.epsilon})


def unitnorm(call: Call, row: Row) -> Refs:
    if call.kind.order != 2:
        call.refuse("its UnitNormalization is by the Euclidean length", "leave order out")
    axes = call.kind.axis if isinstance(call.kind.axis, tuple) else (call.kind.axis,)
    return row.layer(call, {"axis": axes[0] if len(axes) == 1 else axes})


def normalization(call: Call, row: Row) -> Refs:
    if call.kind.fixed:
        call.refuse("the list does not say the mean and the variance that are given", "leave fixed out")
    axes = call.kind.axis if isinstance(call.kind.axis, tuple) else (call.kind.axis,)
    if any(axis % len(call.shape) == 0 for axis in axes):
        call.refuse("it has statistics for each example", "name other axes than 0")
    axis = axes[0] if len(axes) == 1 else axes or None
    return row.layer(call, {"axis": axis})


def spectralnorm(call: Call, row: Row) -> Refs:
    """Around the layer above, where that one has a kernel of which the last axis is as long as the vector."""
    source = call.node.inputs[0].node
    above = call.writing.graph.nodes[source]
    sizes = {w.name: w.shape for w in above.result.weights}
    shape = sizes.get("kernel") or sizes.get("embeddings")
    if shape is None or call.writing.spectral.get(source) != call.place or above.shares is not None:
        call.refuse("it wraps the layer whose kernel it normalizes, and the layer above has none that it alone reads",
                    "put it right below such a layer")  # fmt: skip
    # Keras stores the kernel of a transposed convolution with its input channels last.
    last = shape[0] if above.kind.name == "convtranspose" else shape[-1]
    if same(last, call.weights[0].shape[1]) is not True:
        call.refuse("its vector is as long as the last axis of the kernel", f"give size={last}")
    call.rewritten(f"SpectralNormalization is around {above.name}")
    return call.refs
