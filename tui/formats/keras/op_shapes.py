"""Functions of ``keras.ops`` that move, join, cut or reduce axes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from tui.core.network import Source
from tui.core.size import product, same
from tui.formats.frameworks.words import is_whole, shown
from tui.formats.keras.function import Function, Plan, Step, UnknownFunctionError, axis_from_end, one

MOST_PARTS: Final = 1_000


def reduced(function: Function, kind: str) -> Plan:
    """A reduction; in ``keras.ops`` the axes go unless they are kept."""
    axes = function.option("axis")
    args: dict[str, Any] = {"keepdims": bool(function.option("keepdims", False))}
    return one(kind, function.first(), **args, **({} if axis_is_none(axes) else {"axes": axes}))


def axis_is_none(axes: Any) -> bool:
    """Whether no axis is named, which stands for all of them."""
    return axes is None or axes == []


def _flattened_first(function: Function, x: Source, kind: str, **args: Any) -> Plan:
    """A function that without an axis works on all elements in a row."""
    flat = Step("reshape", {"shape": [-1], "whole": True}, (x,))
    return Plan((flat, Step(kind, args, (0,))))


def _argument(kind: str) -> Callable[[Function], Plan]:
    def rule(function: Function) -> Plan:
        x, axis, keep = function.first(), function.option("axis"), bool(function.option("keepdims", False))
        if axis is None and not keep:
            return _flattened_first(function, x, kind, axis=0, keepdims=False)
        return one(kind, x, axis=axis, keepdims=keep)

    return rule


def _running(kind: str) -> Callable[[Function], Plan]:
    def rule(function: Function) -> Plan:
        x, axis = function.first(), function.option("axis")
        return _flattened_first(function, x, kind, axis=0) if axis is None else one(kind, x, axis=axis)

    return rule


def _norm(function: Function) -> Plan:
    order, axes = function.option("ord"), function.option("axis")
    if isinstance(axes, list) and len(axes) == 2 and order not in (None, "fro"):
        raise UnknownFunctionError("Norm of matrices is not read")
    return reduced(function, "reducel1" if order == 1 else "reducel2")


def _concatenate(function: Function) -> Plan:
    return _joined(function.listed("xs"), function.option("axis", -1))


def _joined(parts: list[Any], axis: Any) -> Plan:
    return one("concat", *parts, axis=axis) if len(parts) > 1 else one("identity", *parts)


def _append(function: Function) -> Plan:
    parts, axis = [function.operand(0, "x1"), function.operand(1, "x2")], function.option("axis")
    if axis is not None:
        return _joined(parts, axis)
    flat = tuple(Step("reshape", {"shape": [-1], "whole": True}, (part,)) for part in parts)
    return Plan((*flat, Step("concat", {"axis": 0}, (0, 1))))


def _stacked_along(axis: int) -> Callable[[Function], Plan]:
    """hstack, vstack and dstack: along an axis that tensors of few axes get first."""

    def rule(function: Function) -> Plan:
        parts = function.listed("xs")
        if len(function.shape(parts[0])) < axis + 1:
            raise UnknownFunctionError(f"{function.name} of tensors of so few axes is not read")
        return _joined(parts, axis)

    return rule


def _stack(function: Function) -> Plan:
    parts, axis = function.listed("x"), function.option("axis", 0)
    if len(parts) == 1:
        return one("unsqueeze", *parts, axes=[axis])
    return one("stack", *parts, axis=axis)


def _reshape(function: Function) -> Plan:
    """The whole shape, or that without the batch where the batch stays as it is."""
    x, wanted = function.first(), function.option("newshape", function.given(1, "newshape"))
    wanted = wanted if isinstance(wanted, list) else [wanted]
    sizes = [-1 if size is None else size for size in wanted]
    shape = function.shape(x)
    if not all(map(is_whole, sizes)):
        raise UnknownFunctionError(f"Reshape to {shown(wanted)} is not read")
    keeps = sizes and shape and (sizes[0] == -1 or same(sizes[0], shape[0]))
    if keeps and (-1 in sizes[1:] or same(product(tuple(sizes[1:])), product(shape[1:]))) and len(sizes) > 1:
        return one("reshape", x, shape=sizes[1:])
    return one("reshape", x, shape=sizes, whole=True)


def _ravel(function: Function) -> Plan:
    return one("reshape", function.first(), shape=[-1], whole=True)


def _transpose(function: Function) -> Plan:
    x, axes = function.first(), function.option("axes")
    return one("permute", x, axes=list(range(len(function.shape(x))))[::-1] if axes is None else axes)


def _swapped(function: Function) -> Plan:
    return one("permute", function.first(), swap=[function.option("axis1"), function.option("axis2")])


def _moved(function: Function) -> Plan:
    x = function.first()
    ndim = len(function.shape(x))
    pair = [[axis_from_end(axis, ndim) for axis in (value if isinstance(value, list) else [value])]
            for value in (function.option("source"), function.option("destination"))]  # fmt: skip
    order = [axis for axis in range(ndim) if axis not in pair[0]]
    for place, axis in sorted(zip(pair[1], pair[0], strict=True)):
        order.insert(place, axis)
    return one("permute", x, axes=order)


def _rotated(function: Function) -> Plan:
    x = function.first("array")
    if function.option("k", 1) % 2 == 0:
        return one("reverse", x, axis=function.option("axes", [0, 1]))
    return one("permute", x, swap=function.option("axes", [0, 1]))


def _expanded(function: Function) -> Plan:
    axis = function.option("axis")
    return one("unsqueeze", function.first(), axes=axis if isinstance(axis, list) else [axis])


def _squeezed(function: Function) -> Plan:
    axis = function.option("axis")
    return one("squeeze", function.first(), **({} if axis is None else {"axes": axis}))


def _broadcast(function: Function) -> Plan:
    shape = function.option("shape")
    if not isinstance(shape, list):
        raise UnknownFunctionError(f"BroadcastTo {shown(shape)} is not read")
    return one("expand", function.first(), shape=[-1 if size is None else size for size in shape])


def _tiled(function: Function) -> Plan:
    times = function.option("repeats")
    return one("tile", function.first(), repeats=times if isinstance(times, list) else [times])


def _repeated(function: Function) -> Plan:
    """Each entry several times: the sizes are those of tiles."""
    x, times, axis = function.first(), function.option("repeats"), function.option("axis")
    times = times[0] if isinstance(times, list) and len(times) == 1 else times
    if axis is None and is_whole(times):
        return _flattened_first(function, x, "tile", repeats=[times])
    ndim = len(function.shape(x))
    axis = axis_from_end(axis, ndim)
    if is_whole(times):
        return one("tile", x, repeats=[times if i == axis else 1 for i in range(ndim)])
    if isinstance(times, list) and all(map(is_whole, times)):
        return one("gather", x, indices=[sum(times)], axis=axis)
    raise UnknownFunctionError(f"Repeat by {shown(times)} is not read")


def _reversed(*axes: int) -> Callable[[Function], Plan]:
    def rule(function: Function) -> Plan:
        found = function.option("axis", list(axes) or None)
        return one("reverse", function.first(), **({} if found is None else {"axis": found}))

    return rule


def _triangle(upper: bool) -> Callable[[Function], Plan]:
    def rule(function: Function) -> Plan:
        return one("trilu", function.first(), upper=upper, k=function.option("k", 0))

    return rule


def _grayscale(function: Function) -> Plan:
    """A weighted sum of the channels."""
    axis = -3 if function.option("data_format") == "channels_first" else -1
    return one("reducesum", function.first("images"), axes=[axis], keepdims=True)


RULES: Final[Mapping[str, Callable[[Function], Plan]]] = {
    "Argmax": _argument("argmax"), "Argmin": _argument("argmin"), "Nanargmax": _argument("argmax"),
    "Nanargmin": _argument("argmin"), "Cumsum": _running("cumsum"), "Cumprod": _running("cumprod"),
    "Nancumsum": _running("cumsum"), "Nancumprod": _running("cumprod"), "Norm": _norm,
    "Concatenate": _concatenate, "Append": _append, "Stack": _stack, "Hstack": _stacked_along(1),
    "Vstack": _stacked_along(0), "Dstack": _stacked_along(2),
    "Reshape": _reshape, "Ravel": _ravel,
    "Transpose": _transpose, "Swapaxes": _swapped, "Moveaxis": _moved, "Rot90": _rotated, "ExpandDims": _expanded,
    "Squeeze": _squeezed, "BroadcastTo": _broadcast, "Tile": _tiled, "Repeat": _repeated, "Flip": _reversed(),
    "Roll": _reversed(), "Fliplr": _reversed(1), "Flipud": _reversed(0), "Tril": _triangle(False),
    "Triu": _triangle(True),
    "RGBToGrayscale": _grayscale,
}  # fmt: skip
