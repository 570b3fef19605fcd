"""What the patterns of operators are in our kinds; where the shapes do not fit, the operators stay as they are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from tui.core.size import product, same
from tui.core.tensor import Shape
from tui.formats.frameworks.words import FrameworkError
from tui.formats.onnx.axes import alike
from tui.formats.onnx.functions import settings
from tui.formats.onnx.layers import LAYERS
from tui.formats.onnx.node import Input, Node, Written


class _NoPatternError(FrameworkError):
    """The operators are no layer after all."""

    def __init__(self) -> None:
        super().__init__("no pattern")


def _need(fits: bool | None) -> None:
    if not fits:
        raise _NoPatternError


def _without_ones(given: Input) -> Shape:
    """The shape without the ones in front of it."""
    shape = given.shape or ()
    while shape and shape[0] == 1:
        shape = shape[1:]
    return shape


def _left_out(scale: Input | None, offset: Input | None) -> dict[str, bool]:
    """What says that a normalization lacks its scale, its offset or both."""
    if scale is None:
        return {"affine": False} if offset is None else {"scale": False}
    return {"center": False} if offset is None else {}


def _normalization(node: Node) -> Written:
    shape = node.sizes(0)
    rank, axes = len(shape), node.attributes.get("axes") or [None]
    _need(all(isinstance(one, list) and one and all(isinstance(axis, int) for axis in one) for one in axes))
    first, *others = (sorted(axis % rank for axis in one) for one in axes)
    _need(first == list(range(rank - len(first), rank)) and all(one == first for one in others))
    normalized = shape[rank - len(first) :]
    scale, offset = node.input(1), node.input(2)
    _need(all(one is None or alike(_without_ones(one), normalized) for one in (scale, offset)))
    name = node.operator.rpartition(".")[2]
    args: dict[str, Any] = {} if first == [rank - 1] else {"axis": first}
    args |= settings(name, {"epsilon": node.attributes.get("epsilon")})
    if name == "RMSNormalization":
        _need(offset is None)
        if scale is None:
            args["affine"] = False
    else:
        args |= _left_out(scale, offset)
    return Written(name, args, weights=[i for i in (1, 2) if node.input(i) is not None])


def _group_norm(node: Node) -> Written:
    x, first, last = node.sizes(0), node.numbers(1) or (), node.numbers(2) or ()
    _need(len(x) > 2 and len(first) == 3 and isinstance(first[1], int) and first[1] > 0 and _batch_stays(first[0], x))
    _need(len(last) == len(x) and all(b in (0, -1) or same(a, b) for a, b in zip(x, last, strict=True)))
    scale, offset = node.input(3), node.input(4)
    for one in (scale, offset):
        if one is not None:
            sizes = one.shape or ()
            _need(len(sizes) in (len(x) - 1, len(x)) and sizes[0 if len(sizes) < len(x) else 1] == x[1])
            _need(
                all(size == 1 for size in sizes[len(sizes) - len(x) + 2 :]) and (len(sizes) < len(x) or sizes[0] == 1)
            )
    args: dict[str, Any] = {"groups": first[1]}
    args |= settings("groupnorm", {"epsilon": node.attributes.get("epsilon")})
    args |= _left_out(scale, offset)
    return Written("GroupNormalization", args, weights=[i for i in (3, 4) if node.input(i) is not None])


def _batch_stays(size: Any, x: Shape) -> bool:
    return size == 0 or bool(same(size, x[0]))


def _attention(node: Node) -> Written:
    query, source, value = (node.sizes(i) for i in range(3))
    rank = len(query)
    order = node.attributes.get("order")
    axis = node.attributes.get("axis", -1)
    _need(rank >= 3 and len(value) == rank and axis in (-1, rank - 1))
    _need(node.opset >= 13 or axis == rank - 1)
    if order is None:
        _need(len(source) == 3 and same(product(query[:-2]), source[0]))
        key = (*query[:-2], *source[1:])
        turned = None if key == source else (1, "reshape", {"shape": list(key), "whole": True}, key)
    else:
        _need(len(source) == rank and sorted(order) == list(range(rank)))
        key = tuple(source[axis] for axis in order)
        turned = None if order == list(range(rank)) else (1, "permute", {"axes": order}, key)
    _need(same(query[-1], key[-1]) and same(key[-2], value[-2]))
    _need(alike(query[:-2], key[:-2]) and alike(key[:-2], value[:-2]))
    _need(all(_elements(node.input(i)) == 1 for i in range(4, len(node.inputs))))
    mask = node.input(3)
    if mask is not None:
        _need(mask.shape is not None and 1 < len(mask.shape) <= rank)
    reads = (0, 1, 2) if mask is None else (0, 1, 2, 3)
    return Written("attention", {"mask": True} if mask is not None else {}, reads, turned=turned)


def _elements(given: Input | None) -> int:
    total = 1
    for size in (given.shape or ()) if given is not None and given.shape is not None else (0,):
        total *= size if isinstance(size, int) else 2
    return total


def _dense(node: Node) -> Written:
    weights, offset = node.sizes(1), node.needs(2)
    _need(len(weights) == 2 and len(node.sizes(0)) > 1 and alike(_without_ones(offset), weights[1:]))
    _need(len(offset.shape or ()) <= len(node.sizes(0)))
    return Written("dense", {"units": weights[1], "in_features": weights[0]}, weights=(1, 2))


def _conv(node: Node) -> Written:
    written = LAYERS["Conv"](node)
    filters, rank, offset = node.sizes(1)[0], len(node.sizes(0)), node.sizes(2)
    channel = len(offset) - rank + 1
    _need(0 <= channel < len(offset) <= rank and same(offset[channel], filters))
    _need(all(size == 1 for i, size in enumerate(offset) if i != channel))
    return written


FUSED: Final[Mapping[str, Callable[[Node], Written]]] = {
    "fused.LayerNormalization": _normalization,
    "fused.RMSNormalization": _normalization,
    "fused.GroupNormalization": _group_norm,
    "fused.Attention": _attention,
    "fused.HardSigmoid": lambda node: Written("hardsigmoid", {}),
    "fused.MatMul": _dense,
    "fused.Conv": _conv,
}
