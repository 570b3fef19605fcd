"""Numbers that a graph computes of sizes: exporters write ``x.shape[0] * 2`` as Shape, Gather and Mul.

What is known of them decides the shapes of Reshape, Slice and their like; no weight is ever looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import product
from math import prod
from typing import Any, Final

from tui.core.size import Poly
from tui.formats.onnx_node import Known, Node

MOST: Final = 1024
"""The most entries that are followed: shapes are short."""

Fold = Callable[[Node, list[Known]], "Known | None"]


def folded(node: Node) -> Known | None:
    """What the first output of a node holds, where all that it is made of is known."""
    fold = _FOLDS.get(node.operator)
    try:
        if node.operator == "Shape":
            return _shape(node)
        if fold is None or any(one is not None and one.known is None for one in node.inputs):
            return None
        found = fold(node, [one.known for one in node.inputs if one is not None and one.known is not None])
    except (IndexError, ValueError, TypeError, ArithmeticError):
        return None
    return found if found is not None and len(found.entries) <= MOST else None


def _shape(node: Node) -> Known | None:
    given = node.input(0)
    if given is None or given.shape is None:
        return None
    cut = given.shape[node.attributes.get("start", 0) : node.attributes.get("end")]
    return Known(cut, (len(cut),))


def _same(node: Node, given: list[Known]) -> Known:
    return given[0]


def _cast(node: Node, given: list[Known]) -> Known:
    whole = node.attributes.get("to") in (2, 3, 4, 5, 6, 7, 12, 13)
    return Known(tuple(int(n) if whole and not isinstance(n, Poly) else n for n in given[0].entries), given[0].shape)


def _gather(node: Node, given: list[Known]) -> Known | None:
    data, indices = given
    if len(data.shape) != 1 or node.attributes.get("axis", 0) != 0:
        return None
    return Known(tuple(data.entries[i] for i in indices.entries), indices.shape)


def _concat(node: Node, given: list[Known]) -> Known | None:
    if any(len(one.shape) != 1 for one in given):
        return None
    joined = tuple(entry for one in given for entry in one.entries)
    return Known(joined, (len(joined),))


def _flat(node: Node, given: list[Known]) -> Known | None:
    """Unsqueeze and Squeeze between a number and a list of one; a list stays a list."""
    count = len(given[0].entries)
    if node.operator == "Squeeze" and count == 1:
        return Known(given[0].entries, ())
    return Known(given[0].entries, (count,)) if len(given[0].shape) <= 1 else None


def _reshape(node: Node, given: list[Known]) -> Known | None:
    data, sizes = given[0], given[1].entries
    rest = prod(size for size in sizes if size != -1)
    shape = tuple(len(data.entries) // rest if size == -1 else size for size in sizes)
    return Known(data.entries, shape) if prod(shape) == len(data.entries) else None


def _transpose(node: Node, given: list[Known]) -> Known | None:
    data = given[0]
    order = node.attributes.get("perm") or range(len(data.shape))[::-1]
    places = product(*(range(data.shape[axis]) for axis in order))
    back = sorted(range(len(order)), key=lambda i: order[i])
    entries = tuple(_at(data, [place[i] for i in back]) for place in places)
    return Known(entries, tuple(data.shape[axis] for axis in order))


def _slice(node: Node, given: list[Known]) -> Known | None:
    data, start, end = given[0], given[1].entries, given[2].entries
    axes = given[3].entries if len(given) > 3 else range(len(start))
    steps = given[4].entries if len(given) > 4 else (1,) * len(start)
    kept = [range(size) for size in data.shape]
    for axis, first, last, step in zip(axes, start, end, steps, strict=True):
        kept[axis] = kept[axis][first : None if step < 0 and last < -data.shape[axis] else last : step]
    entries = tuple(_at(data, place) for place in product(*kept))
    return Known(entries, tuple(map(len, kept)))


def _at(data: Known, place: Sequence[int]) -> Any:
    """The entry at an index for each axis."""
    index = 0
    for size, i in zip(data.shape, place, strict=True):
        index = index * size + i
    return data.entries[index]


def _expand(node: Node, given: list[Known]) -> Known | None:
    data, sizes = given[0], given[1].entries
    if len(data.entries) != 1:
        return data if tuple(sizes) in ((1,), data.shape) else None
    count = prod(sizes)
    return Known(data.entries * count, tuple(sizes)) if count <= MOST else None


def _constant_of_shape(node: Node, given: list[Known]) -> Known | None:
    shape = given[0].entries
    value = node.attributes.get("value")
    if len(shape) > 1 or not isinstance(value, Known) or not all(isinstance(n, int) and n <= MOST for n in shape):
        return None
    count = shape[0] if shape else 1
    return Known(value.entries * count, tuple(shape))


def _pairwise(apply: Callable[[Any, Any], Any]) -> Fold:
    def fold(node: Node, given: list[Known]) -> Known | None:
        a, b = given
        if a.shape != b.shape and len(a.entries) != 1 and len(b.entries) != 1:
            return None
        long = a if len(a.shape) >= len(b.shape) and len(a.entries) >= len(b.entries) else b
        left, right = (_stretched(one.entries, len(long.entries)) for one in (a, b))
        return Known(tuple(apply(x, y) for x, y in zip(left, right, strict=True)), long.shape)

    return fold


def _stretched(entries: Sequence[Any], count: int) -> Sequence[Any]:
    return tuple(entries) * count if len(entries) == 1 else entries


def _divided(a: Any, b: Any) -> Any:
    return a / b if isinstance(a, float) or isinstance(b, float) else a // b


_FOLDS: Final[Mapping[str, Fold]] = {
    "Identity": _same,
    "Cast": _cast,
    "Gather": _gather,
    "Concat": _concat,
    "Unsqueeze": _flat,
    "Squeeze": _flat,
    "Slice": _slice,
    "Reshape": _reshape,
    "Transpose": _transpose,
    "Expand": _expand,
    "CastLike": _same,
    "ConstantOfShape": _constant_of_shape,
    "Add": _pairwise(lambda a, b: a + b),
    "Sub": _pairwise(lambda a, b: a - b),
    "Mul": _pairwise(lambda a, b: a * b),
    "Div": _pairwise(_divided),
}
"""The operators that exporters make of arithmetic with sizes."""
