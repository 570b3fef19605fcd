"""The ONNX operators that change a shape and nothing else: what they are in our kinds.

Sizes that older opsets keep in attributes are inputs in newer ones; both are read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from tui.formats.frameworks.words import FrameworkError
from tui.formats.onnx.functions import known_number, settings
from tui.formats.onnx.node import Node, Written

FAR: Final = 2**31 - 1
"""Bounds of slices beyond this stand for the end."""


def _reshape(node: Node) -> Written:
    shape = list(node.numbers(1, "shape") or ())
    if not shape:
        return Written("squeeze", {"whole": True})
    return Written("reshape", {"shape": shape, "whole": True, "allowzero": node.attributes.get("allowzero", 0)})


def _squeeze(node: Node) -> Written:
    axes = node.numbers(1, "axes")
    return Written("squeeze", {"whole": True} if axes is None else {"axes": list(axes), "whole": True})


def _unsqueeze(node: Node) -> Written:
    return Written("unsqueeze", {"axes": list(node.numbers(1, "axes") or ())})


def _expand(node: Node) -> Written:
    shape = list(node.numbers(1) or ())
    return Written("expand", {"shape": shape}) if shape else Written("identity", {})


def _tile(node: Node) -> Written:
    """Before opset 6 one axis was repeated, which a third input named."""
    if len(node.inputs) == 3:
        times, axis = node.number(1), node.number(2)
        rank = len(node.sizes(0))
        return Written("tile", {"repeats": [times if i == axis % rank else 1 for i in range(rank)]})
    return Written("tile", {"repeats": list(node.numbers(1) or ())})


def _slice(node: Node) -> Written:
    starts, ends = (node.numbers(i, name) or () for i, name in ((1, "starts"), (2, "ends")))
    axes, steps = node.numbers(3, "axes"), node.numbers(4)
    args: dict[str, Any] = {"starts": _near(starts), "ends": _near(ends)}
    if axes is not None:
        args["axes"] = list(axes)
    if steps is not None:
        args["steps"] = list(steps)
    return Written("slice", args)


def _near(bounds: tuple[Any, ...]) -> list[Any]:
    return [max(-FAR, min(FAR, bound)) if isinstance(bound, int) else bound for bound in bounds]


def _split(node: Node) -> Written:
    sizes = node.numbers(1, "split")
    parts = node.attributes.get("num_outputs", len(node.outputs))
    if sizes is None and parts != len(node.outputs):
        raise FrameworkError(f"Split: num_outputs={parts}, but the node has {len(node.outputs)} outputs")
    how = {"parts": parts} if sizes is None else {"sizes": list(sizes)}
    return Written("split", {"axis": node.attributes.get("axis", 0), **how})


def _pad(node: Node) -> Written:
    rank = len(node.sizes(0))
    amounts = node.numbers(1, "pads" if "pads" in node.attributes else "paddings") or ()
    axes = node.numbers(3) or tuple(range(rank))
    if len(amounts) != 2 * len(axes):
        raise FrameworkError(f"Pad: {len(amounts)} amounts for both ends of {len(axes)} axes")
    pairs = {axis % rank: [amounts[i], amounts[i + len(axes)]] for i, axis in enumerate(axes)}
    args = {"padding": [pairs.get(axis, [0, 0]) for axis in range(rank)]}
    value = settings("pad", {"value": known_number(node, 2, "value", 0.0)})
    return Written("pad", {**args, **value, "mode": node.attributes.get("mode", "constant")})


def _center_crop_pad(node: Node) -> Written:
    rank, asked = len(node.sizes(0)), node.numbers(1) or ()
    axes = node.attributes.get("axes") or range(rank)
    found = {axis % rank: size for axis, size in zip(axes, asked, strict=False)}
    return Written("centercroppad", {"size": [found.get(axis) for axis in range(rank)]})


SHAPES: Final[Mapping[str, Callable[[Node], Written]]] = {
    "Reshape": _reshape, "Squeeze": _squeeze, "Unsqueeze": _unsqueeze, "Expand": _expand, "Tile": _tile,
    "Slice": _slice, "Split": _split, "Pad": _pad, "CenterCropPad": _center_crop_pad,
}  # fmt: skip
