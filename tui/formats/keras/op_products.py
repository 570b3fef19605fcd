"""Products of ``keras.ops``: of matrices, along letters, and attention by its three tensors."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from string import ascii_letters
from typing import Any, Final

from tui.core.network import Source
from tui.core.size import same
from tui.formats.frameworks.words import is_whole, shown
from tui.formats.keras.function import (
    Function,
    Operand,
    Plan,
    Step,
    UnknownFunctionError,
    axis_from_end,
    one,
    operand_of,
)


def _pair(function: Function) -> tuple[Operand, Operand]:
    return function.operand(0, "x1"), function.operand(1, "x2")


def _matmul(function: Function) -> Plan:
    return one("matmul", *_pair(function))


def _einsum(function: Function) -> Plan:
    operands = [found for value in function.args if (found := operand_of(value)) is not None]
    return one("einsum", *operands, equation=function.option("subscripts"))


def _summed(function: Function, axes_a: list[int], axes_b: list[int]) -> Plan:
    """The products summed over pairs of axes, all others side by side: numpy's tensordot."""
    a, b = _pair(function)
    first = len(function.shape(a))
    letters = ascii_letters[: first + len(function.shape(b))]
    if len(letters) < first + len(function.shape(b)):
        raise UnknownFunctionError(f"{function.name} of so many axes is not read")
    left, right = list(letters[:first]), list(letters[first:])
    for one_axis, other in zip(axes_a, axes_b, strict=True):
        right[other] = left[one_axis]
    out = [letter for i, letter in enumerate(left) if i not in axes_a]
    out += [letter for i, letter in enumerate(right) if i not in axes_b]
    return one("einsum", a, b, equation=f"{''.join(left)},{''.join(right)}->{''.join(out)}")


def _dot(function: Function) -> Plan:
    a, b = _pair(function)
    ndim_a, ndim_b = len(function.shape(a)), len(function.shape(b))
    if not ndim_a or not ndim_b:
        return one("multiply", a, b)
    if ndim_b <= 2:
        return one("matmul", a, b)
    return _summed(function, [ndim_a - 1], [ndim_b - 2])


def _inner(function: Function) -> Plan:
    a, b = _pair(function)
    ndim_a, ndim_b = len(function.shape(a)), len(function.shape(b))
    return one("multiply", a, b) if not ndim_a or not ndim_b else _summed(function, [ndim_a - 1], [ndim_b - 1])


def _tensordot(function: Function) -> Plan:
    a, b = _pair(function)
    ndim_a, ndim_b = len(function.shape(a)), len(function.shape(b))
    axes: Any = function.option("axes", 2)
    if is_whole(axes) and 0 <= axes <= min(ndim_a, ndim_b):
        return _summed(function, list(range(ndim_a - axes, ndim_a)), list(range(axes)))
    if not isinstance(axes, list) or len(axes) != 2:
        raise UnknownFunctionError(f"Tensordot over axes={shown(axes)} is not read")
    both = [part if isinstance(part, list) else [part] for part in axes]
    return _summed(function, [axis_from_end(axis, ndim_a) for axis in both[0]],
                   [axis_from_end(axis, ndim_b) for axis in both[1]])  # fmt: skip


def _of_vectors(function: Function, equation: str) -> Plan:
    """A product of two tensors whose entries stand in a row."""
    flat = tuple(Step("reshape", {"shape": [-1], "whole": True}, (part,)) for part in _pair(function))
    return Plan((*flat, Step("einsum", {"equation": equation}, (0, 1))))


def _outer(function: Function) -> Plan:
    return _of_vectors(function, "a,b->ab")


def _vdot(function: Function) -> Plan:
    return _of_vectors(function, "a,a->")


def _attention(function: Function) -> Plan:
    """Scaled dot-product attention of tensors (batch, steps, heads, width), the heads side by side."""
    query, key, value = (function.operand(place, name) for place, name in enumerate(("query", "key", "value")))
    shapes = [function.shape(part) for part in (query, key, value)]
    if any(len(shape) != 4 for shape in shapes) or same(shapes[0][2], shapes[1][2]) is False:
        raise UnknownFunctionError("DotProductAttention with shared heads is not read")
    if not isinstance(query, Source):
        raise UnknownFunctionError("DotProductAttention of fixed numbers is not read")
    return Plan((
        Step("einsum", {"equation": "btnh,bsnh->bnts"}, (query, key)),
        Step("softmax", {"axis": -1}, (0,)),
        Step("einsum", {"equation": "bnts,bsnh->btnh"}, (1, value)),
    ))  # fmt: skip


RULES: Final[Mapping[str, Callable[[Function], Plan]]] = {
    "Matmul": _matmul, "Einsum": _einsum, "Dot": _dot, "Inner": _inner, "Tensordot": _tensordot, "Outer": _outer,
    "Vdot": _vdot, "DotProductAttention": _attention,
}  # fmt: skip
