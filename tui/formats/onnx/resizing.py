"""The ONNX operators that make an image larger or smaller: what they are in our kinds."""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from math import floor
from typing import Any, Final

from tui.core.size import Size
from tui.formats.frameworks.words import FrameworkError
from tui.formats.onnx.layers import window
from tui.formats.onnx.node import Node, Written, whole


def _resize(node: Node) -> Written:
    """Scales or sizes of all axes, or of those that ``axes`` names; batch and channels must stay."""
    shape = node.sizes(0)
    old = node.operator == "Upsample" or node.opset < 11
    scales = node.numbers(1, "scales") if old else node.numbers(2)
    sizes = None if old else node.numbers(3)
    if scales and node.attributes.get("coordinate_transformation_mode") == "tf_crop_and_resize":
        raise FrameworkError("Resize: scales with tf_crop_and_resize also depend on the region, which is not read")
    if "height_scale" in node.attributes or "width_scale" in node.attributes:  # Upsample of opset 1
        scales = (1.0, 1.0, node.attributes.get("height_scale", 1.0), node.attributes.get("width_scale", 1.0))
    given = sizes or scales
    if not given:
        raise FrameworkError(f"{node.operator} needs scales or sizes")
    axes = [axis % len(shape) for axis in node.attributes.get("axes") or range(len(shape))]
    if len(given) != len(axes):
        raise FrameworkError(f"{node.operator}: {len(given)} numbers for {len(axes)} axes")
    whole_list: list[Any] = [1.0] * len(shape) if not sizes else [*shape]
    values = _in_proportion(node, [shape[axis] for axis in axes], sizes) if sizes else given
    for axis, value in zip(axes, values, strict=True):
        whole_list[axis] = value
    stays = (shape[:2] if sizes else (1, 1)) == tuple(whole_list[:2])
    if not stays:
        raise FrameworkError(f"{node.operator}: the batch and the channels must keep their sizes")
    mode = node.attributes.get("mode", "nearest")
    if not sizes and (exact := _rounded(shape[2:], whole_list[2:])) is not None:
        return Written("upsample", {"size": exact, "mode": mode})
    return Written("upsample", {"size" if sizes else "scale": whole_list[2:], "mode": mode})


def _rounded(sizes: Sequence[Size], scales: Sequence[Any]) -> list[int] | None:
    """The sizes that come out where 32-bit floats make them others than the exact products would be; else None.

    A size of 24 scaled by 1.29166663 (31/24 as a float) is 31, as the product is rounded before it is cut.
    """
    if not all(isinstance(size, int) for size in sizes):
        return None
    exact = [floor(Fraction(scale) * size) for size, scale in zip(sizes, scales, strict=True) if isinstance(size, int)]
    found = [floor(_float(size * scale)) for size, scale in zip(sizes, scales, strict=True) if isinstance(size, int)]
    return found if found != exact else None


def _float(value: float) -> float:
    return float(struct.unpack("f", struct.pack("f", value))[0])


def _in_proportion(node: Node, old: list[Size], asked: tuple[Any, ...]) -> Sequence[Any]:
    """The sizes asked for; with a policy, all axes by the smallest or the largest factor, rounded half up."""
    choose = {"not_larger": min, "not_smaller": max}.get(node.attributes.get("keep_aspect_ratio_policy", "stretch"))
    if choose is None:
        return asked
    found = [whole(size, "a size that keeps its proportion") for size in old]
    up, down = choose(((m, n) for m, n in zip(asked, found, strict=True)), key=lambda pair: pair[0] / pair[1])
    return [(2 * n * up + down) // (2 * down) for n in found]


def _unpool(node: Node) -> Written:
    args = window(node)
    size = node.numbers(2)
    return Written("maxunpool", args if size is None else {**args, "output_size": list(size[2:])}, (0, 1))


def _col2im(node: Node) -> Written:
    size, kernel = (list(node.numbers(i) or ()) for i in (1, 2))
    args = window(node)
    return Written("fold", {**args, "size": size, "kernel": kernel})


def _channels_and_space(node: Node) -> Written:
    return Written(node.operator, node.chosen("blocksize", "mode"))


RESIZING: Final[Mapping[str, Callable[[Node], Written]]] = {
    "Resize": _resize, "Upsample": _resize, "MaxUnpool": _unpool, "Col2Im": _col2im,
    "DepthToSpace": _channels_and_space, "SpaceToDepth": _channels_and_space,
}  # fmt: skip
