"""Layers that give an image another size or another order, in ONNX's operators."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product as places
from math import prod
from typing import Any, Final

from tui.core.argument import per_axis
from tui.core.size import Size, product
from tui.core.tensor import Shape
from tui.formats.onnx.write_call import Call, Rule
from tui.formats.onnx.write_shapes import cut
from tui.formats.onnx.write_windows import flat, padding

MOST_TAPS: Final = 512
"""A larger window than this is not written tap by tap."""

_MODES: Final[Mapping[str, Mapping[str, Any]]] = {
    "nearest": {"mode": "nearest", "coordinate_transformation_mode": "asymmetric", "nearest_mode": "floor"},
    "nearest-exact": {"mode": "nearest", "coordinate_transformation_mode": "half_pixel"},
    **{mode: {"mode": "linear"} for mode in ("linear", "bilinear", "trilinear")},
    **{mode: {"mode": "cubic", "cubic_coeff_a": -0.75} for mode in ("cubic", "bicubic")},
    "area": {"mode": "linear", "antialias": 1},
    **{mode: {"mode": "cubic", "antialias": 1} for mode in ("lanczos3", "lanczos5")},
}
_NEAR: Final = {"area": "linear with antialiasing", "lanczos3": "cubic", "lanczos5": "cubic"}


def resized(call: Call, x: str, asked: Shape, scales: list[float] | None, mode: str) -> str:
    """An image with its channels behind the batch, resized along its spatial axes by factors, else to sizes."""
    rank = len(asked)
    attributes: dict[str, Any] = {**_MODES[mode], "axes": list(range(2, 2 + rank))}
    if mode in _NEAR:
        call.notice("differs", f"mode={mode}: ONNX has no such mode; written as {_NEAR[mode]}")
    if scales is not None:
        return call.op("Resize", x, "", call.const(scales, "float32"), **attributes)
    return call.op("Resize", x, "", "", call.ints(asked, "sizes"), **attributes)


def _resize(call: Call) -> None:
    """By factors where they are whole; else to the sizes, for ONNX multiplies in floating point and may be one off."""
    kind, spatial = call.kind, call.kind.spatial(call.shape())
    factor = {"upsample": "scale", "upsampling": "size"}.get(kind.name)
    asked = kind.asked(spatial)
    scales: list[float] | None = None
    ratio = getattr(kind, factor) if factor else None
    if ratio is not None:
        ratios = ratio if isinstance(ratio, tuple) else (ratio,) * len(spatial)
        if all(isinstance(r, int) for r in ratios) or not all(isinstance(n, int) for n in asked):
            scales = [float(r) if not hasattr(r, "terms") else float(call.whole(r, "a factor")) for r in ratios]
    x = call.first()
    if kind.mode.endswith("cubic") and len(spatial) != 2:
        call.fail("ONNX Runtime has cubic resizing of two axes only", "use mode=linear")
    call.give(resized(call, x, asked, scales, kind.mode), True)


def _center(call: Call) -> None:
    """The middle; where an axis is too short, first the largest middle of that proportion, then resized (Keras)."""
    kind = call.kind
    n = call.wholes(kind.spatial(call.shape()), "the size of the image")
    m = call.wholes((kind.height, kind.width), "a size")
    x = call.first()
    if kind.name == "randomcrop":
        call.notice("differs", "cuts at a random place while training; written as the middle")
    enlarges = any(a < b for a, b in zip(n, m, strict=True))
    middle = m if not enlarges else [min(n[0], m[0] * n[1] // m[1]) or 1, min(n[1], m[1] * n[0] // m[0]) or 1]
    x = cut(call, x, [(i + 2, (a - b) // 2, (a - b) // 2 + b, 1) for i, (a, b) in enumerate(zip(n, middle, strict=True))
                      if a != b])  # fmt: skip
    call.give(resized(call, x, tuple(m), None, "bilinear") if enlarges else x, True)


def _center_crop_pad(call: Call) -> None:
    shape, out = call.shape(), call.expected[0].shape
    axes = [axis for axis in range(len(shape)) if shape[axis] != out[axis]]
    x = call.x(dtype="")
    asked = call.ints([out[axis] for axis in axes])
    result = call.op("CenterCropPad", x, asked, axes=axes) if axes else call.op("Identity", x)
    call.give(result, dtype=call.inputs[0].dtype)


def _give_moved(call: Call, x: str, shapes: tuple[Shape, Shape, Shape], order: list[int]) -> None:
    """Give a tensor whose axes are split, moved and joined: its shapes before, apart and after."""
    before, apart, after = shapes
    moved = call.permute(call.reshape(x, before, apart), order)
    call.give(call.reshape(moved, tuple(apart[i] for i in order), after), True, 0, call.inputs[0].dtype)


def _shuffle(call: Call) -> None:
    """Channels to space; the operator for two axes, written out for others."""
    kind, shape = call.kind, call.shape_in(call.turned())
    rank, factor, x = len(shape) - 2, call.whole(kind.factor, "a factor"), call.first(dtype="")
    if rank == 2:
        call.give(call.op("DepthToSpace", x, blocksize=factor, mode=kind.mode), True, 0, call.inputs[0].dtype)
        return
    channels = shape[1] // factor**rank
    blocks = (factor,) * rank
    inner = (*blocks, channels) if kind.mode == "DCR" else (channels, *blocks)
    apart = (shape[0], *inner, *shape[2:])
    taps = list(range(1, rank + 1)) if kind.mode == "DCR" else list(range(2, rank + 2))
    order = [0, rank + 1 if kind.mode == "DCR" else 1]
    for axis in range(rank):
        order += [rank + 2 + axis, taps[axis]]
    _give_moved(call, x, (shape, apart, (shape[0], channels, *(n * factor for n in shape[2:]))), order)


def _unshuffle(call: Call) -> None:
    kind, shape = call.kind, call.shape_in(call.turned())
    rank, factor, x = len(shape) - 2, call.whole(kind.factor, "a factor"), call.first(dtype="")
    if rank == 2 and kind.mode == "DCR":
        call.give(call.op("SpaceToDepth", x, blocksize=factor), True, 0, call.inputs[0].dtype)
        return
    apart: tuple[Size, ...] = (shape[0], shape[1])
    for n in shape[2:]:
        apart = (*apart, n // factor, factor)
    taps, cells = [3 + 2 * i for i in range(rank)], [2 + 2 * i for i in range(rank)]
    order = [0, *taps, 1, *cells] if kind.mode == "DCR" else [0, 1, *taps, *cells]
    _give_moved(call, x, (shape, apart, (shape[0], shape[1] * factor**rank, *(n // factor for n in shape[2:]))), order)


def _channel_shuffle(call: Call) -> None:
    shape = call.shape_in(call.turned())
    groups, x = call.kind.groups, call.first(dtype="")
    apart = (shape[0], groups, shape[1] // groups, *shape[2:])
    order = [0, 2, 1, *range(3, len(apart))]
    _give_moved(call, x, (shape, apart, shape), order)


def _unfold(call: Call) -> None:
    """The windows tap by tap: a slice with the stride for each tap, side by side behind the channels."""
    kind, shape = call.kind, call.shape_in(call.turned())
    spatial = shape[2:]
    rank = len(spatial)
    ends = padding(call, spatial)
    x = call.first()
    if any(map(any, ends)):
        x = call.op("Pad", x, call.ints(flat([(0, 0), (0, 0), *ends]), "pads"))
    kernel, stride, dilation = (call.wholes(per_axis(v, rank), "a window") for v in (
        kind.kernel, kind.steps(), kind.dilation))  # fmt: skip
    count = prod(kernel)
    if count > MOST_TAPS:
        call.fail(f"a window of {count} taps is too large to write tap by tap", "make the kernel smaller")
    out, taps = kind.slid(call.shape()), []
    for place in places(*map(range, kernel)):
        cuts = [(axis + 2, i * d, i * d + (m - 1) * s + 1, s) for axis, (i, d, m, s) in enumerate(
            zip(place, dilation, out, stride, strict=True))]  # fmt: skip
        taps.append(call.op("Unsqueeze", cut(call, x, cuts), call.ints([2], "axes")))
    columns = call.op("Concat", *taps, axis=2)
    apart = (shape[0], shape[1], len(taps), *out)
    call.give(call.reshape(columns, apart, (shape[0], shape[1] * len(taps), product(out))), True)


def _fold(call: Call) -> None:
    kind = call.kind
    sizes = kind.sizes()
    rank = len(sizes)
    found: dict[str, Any] = {}
    for name, value in (("strides", kind.stride), ("dilations", kind.dilation)):
        found[name] = call.wholes(per_axis(value, rank), name)
    ends = padding(call, sizes)
    found |= {"pads": flat(ends)} if any(map(any, ends)) else {}
    kernel = call.ints(call.wholes(per_axis(kind.kernel, rank), "a kernel"), "kernel")
    call.give(call.op("Col2Im", call.first(), call.ints(sizes), kernel, **found), True)


def _grid_sample(call: Call) -> None:
    call.give(call.op("GridSample", call.first(0), call.x(1)), True)


def _affine_grid(call: Call) -> None:
    asked = list(call.kind.size)
    asked[0] = call.expected[0].shape[0]
    call.give(call.op("AffineGrid", call.x(), call.ints(asked)))


def _roi_align(call: Call) -> None:
    height, width = call.wholes(per_axis(call.kind.size, 2), "a size")
    images = call.filled([call.shape(1)[0]], 0, "int64")
    call.notice("differs", "which image a region belongs to is no input of the layer; all are of the first")
    made = call.op("RoiAlign", call.first(0), call.x(1), images, output_height=height, output_width=width)
    call.give(made, True)


RULES: Final[Mapping[str, Rule]] = {
    **dict.fromkeys(("resizing", "upsample", "upsampling"), _resize),
    "centercrop": _center, "randomcrop": _center, "centercroppad": _center_crop_pad,
    "pixelshuffle": _shuffle, "pixelunshuffle": _unshuffle, "channelshuffle": _channel_shuffle,
    "unfold": _unfold, "fold": _fold, "gridsample": _grid_sample, "affinegrid": _affine_grid, "roialign": _roi_align,
}  # fmt: skip
