"""ONNX's quantized operators: the layers that they are, with whole-number weights as their parameters.

Scales and zero points set how numbers are stored; they are no weights of a layer. Source: the operators' schemas
(onnx, ``docs/Operators.md``; ONNX Runtime, ``docs/ContribOperators.md``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from tui.formats.frameworks.words import FrameworkError
from tui.formats.onnx.layers import LAYERS
from tui.formats.onnx.node import DTYPES, Extra, Node, Written


def moved(node: Node, places: tuple[int | None, ...], rule: Callable[[Node], Written], operator: str) -> Written:
    """What a rule makes of a node whose inputs stand in other places; None leaves one out."""
    inputs = [None if place is None else node.input(place) for place in places]
    written = rule(replace(node, operator=operator, inputs=inputs))

    def there(index: int) -> int:
        place = places[index]
        if place is None:
            raise FrameworkError(f"{node.operator}: an input is left out")
        return place

    return replace(
        written,
        reads=[there(i) for i in written.reads],
        weights=[there(i) for i in written.weights if i < len(places) and places[i] is not None],
    )


def _type_of(node: Node, index: int, other: str = "uint8") -> dict[str, str]:
    """The type that an output is stored in: that of its zero point."""
    zero = node.input(index)
    return {"dtype": other if zero is None else DTYPES.get(zero.dtype, other)}


def _typed(written: Written, dtype: Mapping[str, str]) -> Written:
    return replace(written, args={**written.args, **dtype})


def _conv_integer(node: Node) -> Written:
    return _typed(moved(node, (0, 1), LAYERS["Conv"], "Conv"), {"dtype": "int32"})


def _linear_conv(node: Node) -> Written:
    bias = 8 if node.input(8) is not None else None
    return _typed(moved(node, (0, 3, bias), LAYERS["Conv"], "Conv"), _type_of(node, 7))


def _mat_mul_integer(node: Node) -> Written:
    return _typed(moved(node, (0, 1), LAYERS["MatMul"], "MatMul"), {"dtype": "int32"})


def _linear_mat_mul(node: Node) -> Written:
    return _typed(moved(node, (0, 3), LAYERS["MatMul"], "MatMul"), _type_of(node, 7))


def _linear_gemm(node: Node) -> Written:
    bias = 6 if node.input(6) is not None else None
    return moved(node, (0, 3, bias), LAYERS["Gemm"], "Gemm")


def _dynamic_quantize(node: Node) -> Written:
    whole: dict[str, Any] = {"axes": list(range(len(node.sizes(0)))), "keepdims": False}
    one = (Extra(1, "reducemax", whole), Extra(2, "reducemin", {**whole, "dtype": "uint8"}))
    return Written("quantize", {"to": "uint8"}, extras=one if whole["axes"] else ())


def _pairwise(kind: str) -> Callable[[Node], Written]:
    return lambda node: Written(kind, {}, (0, 3))


def _quantized_concat(node: Node) -> Written:
    return Written("concat", {"axis": node.attributes.get("axis", 1)}, range(2, len(node.inputs), 3))


def _global_pool(node: Node) -> Written:
    return Written("globalavgpool", {"keepdims": True})


QUANTIZED: Final[Mapping[str, Callable[[Node], Written]]] = {
    "ConvInteger": _conv_integer, "QLinearConv": _linear_conv,
    "MatMulInteger": _mat_mul_integer, "QLinearMatMul": _linear_mat_mul,
    "DynamicQuantizeLinear": _dynamic_quantize,
    "com.microsoft.QLinearConv": _linear_conv, "com.microsoft.QGemm": _linear_gemm,
    "com.microsoft.QLinearAdd": _pairwise("add"), "com.microsoft.QLinearMul": _pairwise("multiply"),
    "com.microsoft.QLinearConcat": _quantized_concat, "com.microsoft.QLinearGlobalAveragePool": _global_pool,
    "com.microsoft.QLinearSigmoid": lambda node: Written("sigmoid", {}),
    "com.microsoft.QLinearLeakyRelu": lambda node: Written("leakyrelu", {}),
    "com.microsoft.QLinearSoftmax": lambda node: Written("softmax", {"axis": node.attributes.get("axis", -1)}),
    "com.microsoft.QLinearAveragePool": lambda node: LAYERS["AveragePool"](replace(node, operator="AveragePool")),
    "com.microsoft.DequantizeLinear": lambda node: Written("dequantizelinear", {}),
    "com.microsoft.QuantizeLinear": lambda node: Written("quantize", {"to": _type_of(node, 2)["dtype"]}),
}  # fmt: skip
