"""Operators of each element, and what they say of values: slopes, bounds, rates and the like.

An argument is kept where it is not what our kind has by default. Defaults of the operators: onnx, ``Operators.md``.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping
from math import isfinite
from typing import Any, Final

from tui.core.argument import MISSING
from tui.formats.frameworks.words import kind_of
from tui.formats.onnx.node import Node, Written


def decimal(value: float) -> float:
    """A 32-bit float as the shortest decimal that is stored as it: 9.99999974e-06 is 1e-05.

    >>> decimal(9.999999747378752e-06)
    1e-05
    """
    if not isfinite(value):
        return value
    try:
        stored = struct.pack("f", value)
    except OverflowError:  # a 64-bit one
        return value
    if struct.unpack("f", stored)[0] != value:
        return value
    return next(found for digits in range(1, 18) if struct.pack("f", found := float(f"{value:.{digits}g}")) == stored)


def settings(class_name: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """The numbers that differ from those that our kind has by default; what is not known is left out."""
    by_name, found = kind_of(class_name).by_name, dict[str, Any]()
    for name, value in given.items():
        default = by_name[name].default
        number = decimal(value) if isinstance(value, float) else value
        if number is None or number != number or default is MISSING or _near(number, default):
            continue
        if isinstance(number, float) and not isfinite(number):
            continue
        found[name] = number
    return found


def _near(value: Any, default: Any) -> bool:
    if isinstance(value, bool) or isinstance(default, bool) or default is None or isinstance(value, str):
        return bool(value == default)
    return bool(abs(value - default) <= 1e-6 * abs(default))


def known_number(node: Node, index: int, attribute: str = "", default: Any = None) -> Any:
    """The one number of an input, or of the attribute in its place; None where it is only known when it runs."""
    given = node.input(index)
    if given is None:
        return node.attributes.get(attribute, default) if attribute else default
    entries = () if given.known is None else given.known.entries
    return entries[0] if len(entries) == 1 and isinstance(entries[0], int | float) else None


def _with(**names: tuple[str, Any]) -> Callable[[Node], Written]:
    """An operator whose attributes are arguments here: ours = ONNX's name and default."""

    def rule(node: Node) -> Written:
        given = {ours: node.attributes.get(name, default) for ours, (name, default) in names.items()}
        return Written(node.operator, settings(node.operator, given))

    return rule


def _clip(node: Node) -> Written:
    low, high = (known_number(node, i, name) for i, name in ((1, "min"), (2, "max")))
    given = [
        node.input(1) is not None or "min" in node.attributes,
        node.input(2) is not None or "max" in node.attributes,
    ]
    if (low, high) == (0, 6):
        return Written("relu6", {})
    if (low, given[1]) == (0, False):
        return Written("relu", {})
    return Written("clip", settings("clip", {"min": low, "max": high}))


def _trilu(node: Node) -> Written:
    given = {"upper": bool(node.attributes.get("upper", 1)), "k": known_number(node, 1, default=0)}
    return Written("trilu", settings("trilu", given))


def _cumulative(node: Node) -> Written:
    given = {name: bool(node.attributes.get(name, 0)) for name in ("exclusive", "reverse")}
    return Written(node.operator, settings(node.operator, {**given, "axis": known_number(node, 1)}))


def _gelu(node: Node) -> Written:
    return Written("gelu", settings("gelu", {"approximate": node.attributes.get("approximate", "none")}))


def _same(node: Node) -> Written:
    """An operator whose further inputs and attributes change values only."""
    return Written(node.operator, {})


_VALUES_ONLY: Final = (
    "Swish", "IsInf", "DequantizeLinear", "ReverseSequence", "RandomNormalLike", "RandomUniformLike", "Bernoulli",
    "EyeLike", "Softplus", "Mish",
)  # fmt: skip

FUNCTIONS: Final[Mapping[str, Callable[[Node], Written]]] = {
    **dict.fromkeys(_VALUES_ONLY, _same),
    "LeakyRelu": _with(slope=("alpha", 0.01)),
    "Elu": _with(alpha=("alpha", 1.0)), "Celu": _with(alpha=("alpha", 1.0)),
    "Selu": _with(alpha=("alpha", 1.6732632), gamma=("gamma", 1.050701)),
    "HardSigmoid": _with(alpha=("alpha", 0.2), beta=("beta", 0.5)),
    "ThresholdedRelu": _with(theta=("alpha", 1.0)),
    "Shrink": _with(lambd=("lambd", 0.5), bias=("bias", 0.0)),
    "Gelu": _gelu, "Clip": _clip, "Trilu": _trilu, "CumSum": _cumulative, "CumProd": _cumulative,
}  # fmt: skip
