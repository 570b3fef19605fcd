"""Numbers that a graph computes of sizes: exporters write ``x.shape[0] * 2`` as Shape, Gather and Mul.

What is known of them decides the shapes of Reshape, Slice and their like; no weight is ever looked at. The
arithmetic is that of ONNX on arrays of whole numbers, decimals and sizes with symbols (NumPy, which the package
``onnx`` needs too); a result that a symbol leaves open is not known.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import ceil, floor, prod, sqrt
from typing import Any, Final

import numpy as np

from tui.core.size import Poly, at_least, maximum, minimum, same
from tui.formats.onnx.node import Known, Node

MOST: Final = 1024
"""The most entries that are followed: shapes are short."""
LARGEST: Final = 2**63
"""No whole number of ONNX is larger; without a bound a chain of squares would fill the memory."""
MOST_POWER: Final = 64
_WHOLE: Final = frozenset((2, 3, 4, 5, 6, 7, 12, 13))
_BOOL: Final = 9


class _OpenError(Exception):
    """A comparison that the values of symbols decide."""


def folded(node: Node) -> Known | None:
    """What the first output of a node holds, where all that it is made of is known."""
    if node.operator == "Shape":
        return _shape(node)
    if node.operator == "Size":
        given = node.input(0)
        return None if given is None or given.shape is None else Known((_product(given.shape),), ())
    fold = _FOLDS.get(node.operator)
    inputs = node.inputs[:1] if node.operator == "CastLike" else node.inputs
    if fold is None or not inputs or any(one is not None and one.known is None for one in inputs):
        return None
    known = [one.known for one in inputs if one is not None and one.known is not None]
    try:
        if sum(len(one.entries) for one in known) > 4 * MOST:
            return None
        found = fold(node, *[_array(one) for one in known])
        if found is None or found.size > MOST:
            return None
        entries = tuple(found.ravel().tolist())
        return None if any(isinstance(n, int) and abs(n) > LARGEST for n in entries) else Known(entries, found.shape)
    except (IndexError, ValueError, TypeError, ArithmeticError, AttributeError, _OpenError):
        return None


def _product(shape: Sequence[Any]) -> Any:
    total: Any = 1
    for size in shape:
        total = total * size
    return total


def _shape(node: Node) -> Known | None:
    given = node.input(0)
    if given is None or given.shape is None:
        return None
    cut = given.shape[node.attributes.get("start", 0) : node.attributes.get("end")]
    return Known(cut, (len(cut),))


def _array(known: Known) -> Any:
    array = np.empty(len(known.entries), dtype=object)
    for place, entry in enumerate(known.entries):
        array[place] = entry
    return array.reshape(known.shape)


def _each(apply: Callable[..., Any]) -> Callable[..., Any]:
    """A function of entries, on arrays that are stretched to one shape."""

    def fold(node: Node, *given: Any) -> Any:
        arrays = np.broadcast_arrays(*given)
        if arrays[0].size > MOST:
            return None
        made = np.empty(arrays[0].size, dtype=object)
        for place, entries in enumerate(zip(*(array.ravel().tolist() for array in arrays), strict=True)):
            made[place] = apply(*entries)
        return made.reshape(arrays[0].shape)

    return fold


def _divided(a: Any, b: Any) -> Any:
    """Whole numbers are cut towards 0, as ONNX does."""
    if isinstance(a, float) or isinstance(b, float):
        return a / b
    if isinstance(a, Poly) or isinstance(b, Poly):
        return a // b
    return -(-a // b) if (a < 0) != (b < 0) else a // b


def _power(a: Any, b: Any) -> Any:
    return a**b if isinstance(a, float) or abs(b) <= MOST_POWER else float(a) ** b


def _is(answer: bool | None) -> bool:
    if answer is None:
        raise _OpenError
    return answer


def _number(entry: Any) -> bool:
    return isinstance(entry, int | float)


def _equal(a: Any, b: Any) -> bool:
    return bool(a == b) if _number(a) and _number(b) else _is(same(a, b))


def _at_least(a: Any, b: Any) -> bool:
    return bool(a >= b) if _number(a) and _number(b) else _is(at_least(a, b))


def _least(*entries: Any) -> Any:
    return min(entries) if all(map(_number, entries)) else minimum(*entries)


def _most(*entries: Any) -> Any:
    return max(entries) if all(map(_number, entries)) else maximum(*entries)


def _cast(node: Node, data: Any) -> Any:
    to = node.attributes.get("to")
    if to == _BOOL:
        return _each(lambda n: not _equal(n, 0))(node, data)
    return _each(lambda n: int(n) if to in _WHOLE and isinstance(n, float | bool) else n)(node, data)


def _axes(node: Node, given: tuple[Any, ...]) -> tuple[int, ...] | None:
    axes = given[0].ravel().tolist() if given else node.attributes.get("axes")
    return None if axes is None else tuple(axes)


def _squeeze(node: Node, data: Any, *axes: Any) -> Any:
    return data.squeeze(_axes(node, axes))


def _unsqueeze(node: Node, data: Any, *axes: Any) -> Any:
    return np.expand_dims(data, _axes(node, axes) or ())


def _gather(node: Node, data: Any, indices: Any) -> Any:
    return np.asarray(np.take(data, indices.astype(int), axis=node.attributes.get("axis", 0)), dtype=object)


def _concat(node: Node, *given: Any) -> Any:
    return np.concatenate(given, axis=node.attributes.get("axis", 1))


def _reshape(node: Node, data: Any, shape: Any) -> Any:
    keep = not node.attributes.get("allowzero", 0)
    sizes = [data.shape[i] if size == 0 and keep else size for i, size in enumerate(shape.tolist())]
    return data.reshape(sizes)


def _slice(node: Node, data: Any, *given: Any) -> Any:
    bounds: list[list[int] | None] = [one.ravel().tolist() for one in given]
    if not bounds:
        bounds = [node.attributes.get(name) for name in ("starts", "ends", "axes")]
    starts, ends, axes, steps = [*bounds, None, None, None, None][:4]
    kept = [slice(None)] * data.ndim
    for i, (first, last) in enumerate(zip(starts or (), ends or (), strict=True)):
        axis, step = (i if axes is None else axes[i]), (1 if steps is None else steps[i])
        kept[axis] = slice(first, None if step < 0 and last < -data.shape[axis] else last, step)
    return data[tuple(kept)]


def _expand(node: Node, data: Any, shape: Any) -> Any:
    sizes = tuple(shape.tolist())
    if prod(sizes) > MOST:
        return None
    return np.broadcast_to(data, np.broadcast_shapes(data.shape, sizes))


def _tile(node: Node, data: Any, repeats: Any) -> Any:
    return None if prod(repeats.tolist()) * data.size > MOST else np.tile(data, repeats.astype(int))


def _constant_of_shape(node: Node, shape: Any) -> Any:
    value, sizes = node.attributes.get("value"), shape.tolist()
    if any(not isinstance(n, int) or n > MOST for n in sizes) or prod(sizes) > MOST:
        return None
    return np.full(sizes, value.entries[0] if isinstance(value, Known) else 0.0, dtype=object)


def _range(node: Node, start: Any, limit: Any, delta: Any) -> Any:
    first, last, step = start.item(), limit.item(), delta.item()
    count = max(ceil((last - first) / step), 0)
    return None if count > MOST else np.array([first + i * step for i in range(count)], dtype=object)


def _reduced(apply: Callable[..., Any]) -> Callable[..., Any]:
    def fold(node: Node, data: Any, *axes: Any) -> Any:
        chosen = _axes(node, axes)
        return np.asarray(
            np.apply_over_axes(lambda a, i: _along(apply, a, i), data, range(data.ndim) if chosen is None else chosen)
            if node.attributes.get("keepdims", 1)
            else _along_all(apply, data, chosen),
            dtype=object,
        )

    return fold


def _along(apply: Callable[..., Any], data: Any, axis: int) -> Any:
    return np.asarray(np.frompyfunc(apply, 2, 1).reduce(data, axis=axis), dtype=object)


def _along_all(apply: Callable[..., Any], data: Any, axes: tuple[int, ...] | None) -> Any:
    for axis in sorted((axis % data.ndim for axis in (range(data.ndim) if axes is None else axes)), reverse=True):
        data = _along(apply, data, axis)
    return data


_FOLDS: Final[Mapping[str, Callable[..., Any]]] = {
    "Identity": lambda node, data: data,
    "CastLike": lambda node, data: data,
    "Cast": _cast, "Gather": _gather, "Concat": _concat, "Unsqueeze": _unsqueeze, "Squeeze": _squeeze,
    "Slice": _slice, "Reshape": _reshape, "Expand": _expand, "Tile": _tile, "Range": _range,
    "Flatten": lambda node, data: data.reshape(prod(data.shape[: node.attributes.get("axis", 1)]), -1),
    "Transpose": lambda node, data: data.transpose(node.attributes.get("perm")),
    "ConstantOfShape": _constant_of_shape,
    "Add": _each(lambda a, b: a + b), "Sub": _each(lambda a, b: a - b), "Mul": _each(lambda a, b: a * b),
    "Div": _each(_divided), "Mod": _each(lambda a, b: a % b), "Neg": _each(lambda a: -a),
    "Pow": _each(_power), "Sqrt": _each(lambda a: sqrt(a)), "Reciprocal": _each(lambda a: 1 / a),
    "Abs": _each(abs), "Floor": _each(lambda a: float(floor(a))), "Ceil": _each(lambda a: float(ceil(a))),
    "Min": _each(_least), "Max": _each(_most),
    "Equal": _each(_equal), "GreaterOrEqual": _each(_at_least), "LessOrEqual": _each(lambda a, b: _at_least(b, a)),
    "Greater": _each(lambda a, b: not _at_least(b, a)), "Less": _each(lambda a, b: not _at_least(a, b)),
    "Not": _each(lambda a: not a), "And": _each(lambda a, b: bool(a and b)), "Or": _each(lambda a, b: bool(a or b)),
    "Where": _each(lambda condition, a, b: a if condition else b),
    "ReduceProd": _reduced(lambda a, b: a * b), "ReduceSum": _reduced(lambda a, b: a + b),
    "ReduceMax": _reduced(_most), "ReduceMin": _reduced(_least),
}  # fmt: skip
"""The operators that exporters make of arithmetic with sizes."""
