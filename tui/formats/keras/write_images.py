"""Merging, dropout of whole parts, and resizing in Keras."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from tui.core.argument import per_axis
from tui.core.axes import axis_at
from tui.formats.keras.write_call import Call
from tui.formats.keras.write_norms import channel
from tui.formats.keras.write_program import POSITIONAL
from tui.formats.keras.write_row import Refs, Row
from tui.formats.keras.write_windows import framed

RANKS_OF: Final = {"nearest": (1, 2, 3), "bilinear": (2,), "bicubic": (2,), "lanczos3": (2,), "lanczos5": (2,)}


def merge(call: Call, row: Row) -> Refs:
    return row.layer(call, {}, reads=call.refs)


def concat(call: Call, row: Row) -> Refs:
    axis = channel(call) if call.kind.axis is None else call.kind.axis
    if axis % len(call.shape) == 0:
        return (call.op("concatenate", list(call.refs), axis=0),)
    return row.layer(call, {"axis": axis}, reads=call.refs)


def rate_of_shape(class_name: str, shared: str) -> Callable[[Call, Row], Refs]:
    """Dropout of whole parts: the mask is one number along the ``shared`` axes, space or all but the batch."""

    def how(call: Call, row: Row) -> Refs:
        ndim = len(call.shape)
        keep = (0,) if shared == "all" else (0, axis_at(call.kind.channel_axis(call.shape), call.shape))
        mask = tuple(None if axis in keep else 1 for axis in range(ndim))
        call.rewritten(f"{class_name} with a noise_shape of whole {'examples' if shared == 'all' else 'channels'}")
        return (call.layer(class_name, {"rate": call.kind.rate, "noise_shape": mask}, ways={"rate": POSITIONAL}),)

    return how


def spatialdropout(call: Call, row: Row) -> Refs:
    if call.rank in (1, 2, 3) and (call.channels_last or call.rank > 1):
        return row.layer(call)
    if call.rank < 1:
        return (call.layer("Dropout", {"rate": call.kind.rate}, ways={"rate": POSITIONAL}),)
    return rate_of_shape("Dropout", "space")(call, row)


def _interpolation(call: Call) -> str:
    mode = call.kind.mode
    word = {"linear": "bilinear", "cubic": "bicubic"}.get(mode, mode) if call.rank == 2 else mode
    if call.rank not in RANKS_OF.get(word, ()):
        call.refuse(
            f"it has no {mode} over {call.rank} axes", "use mode=nearest" + (", or bilinear" * (call.rank == 2))
        )
    return str(word)


def upsample(call: Call, row: Row) -> Refs:
    """By whole factors UpSampling, an image to a size Resizing."""
    kind, rank = call.kind, call.rank
    word = _interpolation(call)
    out = kind.spatial(call.outputs[0].shape)
    factor = kind.size if kind.name == "upsampling" else kind.scale
    whole = factor is not None and all(
        isinstance(one, int) for one in (factor if isinstance(factor, tuple) else (factor,))
    )
    if whole and rank == 1 and not call.channels_last:
        return (call.op("repeat", call.refs[0], repeats=per_axis(factor, 1)[0], axis=2),)
    if whole:
        if word != "nearest" and call.writing.given.nodes[call.place].kind.settings.counting != "keras":
            call.rewritten(f"{word} has half-pixel centres in Keras: PyTorch's align_corners=False")
        args = {"size": factor, **({"interpolation": word} if rank == 2 else {})}
        return row.layer(call, args, class_name=f"UpSampling{rank}D")
    if rank != 2:
        call.refuse("it resizes images by any size, other shapes by whole factors", "use a whole factor")
    height, width = call.numbers(out, "the output size")
    call.rewritten("Resizing to the size that comes out")
    args = {"height": height, "width": width, "interpolation": word}
    return (call.layer("Resizing", args, ways={"height": POSITIONAL, "width": POSITIONAL}),)


def resizing(call: Call, row: Row) -> Refs:
    return row.layer(call, {**row.values(call), "interpolation": _interpolation(call)})


def centercroppad(call: Call, row: Row) -> Refs:
    """The middle, or zeros around: Cropping and ZeroPadding, the odd unit at the end."""
    n, m = (call.numbers(call.kind.spatial(x.shape), "a size") for x in (call.inputs[0], call.outputs[0]))
    if call.shape[0] != call.outputs[0].shape[0] or call.kind.channels(call.shape) != call.kind.channels(
        call.outputs[0].shape
    ):
        call.refuse("its layers crop space only", "keep the batch and the channels")
    more = [max(b - a, 0) for a, b in zip(n, m, strict=True)]
    less = [max(a - b, 0) for a, b in zip(n, m, strict=True)]
    made = call.refs[0]
    if any(less):
        made = framed(call, tuple((i // 2, i - i // 2) for i in less), made, "", "Cropping")
    if any(more):
        made = framed(call, tuple((i // 2, i - i // 2) for i in more), made, "pad" if any(less) else "")
    return (made if any(less) or any(more) else call.layer("Identity", {}),)
