"""Operators that ONNX Runtime makes of several when it optimizes a model: each as the layers that it stands for.

Source: ONNX Runtime, ``docs/ContribOperators.md``. One that is not here, or is used in a way that is not, is opaque.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from tui.formats.onnx.layers import LAYERS
from tui.formats.onnx.node import Node, UnknownError, Written, whole
from tui.formats.onnx.quantized import moved

_MICROSOFT: Final = "com.microsoft."
_ACTIVATIONS: Final = {
    "Relu": "relu", "Tanh": "tanh", "Sigmoid": "sigmoid", "LeakyRelu": "leakyrelu", "Clip": "clip",
    "HardSigmoid": "hardsigmoid", "HardSwish": "hardswish", "Elu": "elu", "Gelu": "gelu",
}  # fmt: skip


def _activation(node: Node) -> list[Written]:
    """The function that a fused operator ends in."""
    name = node.attributes.get("activation")
    if not name:
        return []
    if name not in _ACTIVATIONS:
        raise UnknownError(f"{node.operator}: the activation {name} is not known here")
    return [Written(_ACTIVATIONS[name], {}, ())]


def _fused_conv(node: Node) -> Written:
    bias = 2 if node.input(2) is not None else None
    written = moved(node, (0, 1, bias), LAYERS["Conv"], "Conv")
    added = [Written("add", {}, (3,))] if node.input(3) is not None else []
    return replace(written, then=[*added, *_activation(node)])


def _fused_gemm(node: Node) -> Written:
    return replace(LAYERS["Gemm"](replace(node, operator="Gemm")), then=_activation(node))


def _fused_mat_mul(node: Node) -> Written:
    if any(node.attributes.get(name) for name in ("transA", "transB", "transBatchA", "transBatchB")):
        raise UnknownError(f"{node.operator}: its inputs are transposed")
    return LAYERS["MatMul"](replace(node, operator="MatMul"))


def _gelu(node: Node) -> Written:
    offset = node.input(1)
    if offset is None:
        return Written("gelu", {})
    return Written("add", {}, (0, 1), then=[Written("gelu", {}, ())])


def _normalization(node: Node, scale: int, offset: int | None) -> Written:
    simple = "Simplified" in node.operator
    present = [i for i in (scale, offset) if i is not None and node.input(i) is not None]
    args: dict[str, Any] = {"axis": [node.attributes.get("axis", -1)]}
    if simple:
        return Written("rmsnorm", args, weights=present)
    if len(present) < 2:
        args["center"] = False
    return Written("layernorm", args, weights=present)


def _layer_norm(node: Node) -> Written:
    rank, axis = len(node.sizes(0)), node.attributes.get("axis", -1)
    written = _normalization(node, 1, 2)
    return replace(written, args={**written.args, "axis": list(range(axis % rank, rank))})


def _skip_norm(node: Node) -> Written:
    """The sum of input and skip (and of a bias), normalized; output 3 is the sum."""
    if node.has_output(1) or node.has_output(2):
        raise UnknownError(f"{node.operator}: its mean and its deviation are outputs")
    simple = "Simplified" in node.operator
    bias = 3 if simple else 4
    last = replace(_normalization(node, 2, None if simple else 3), reads=())
    steps = [Written("add", {}, (bias,), gives=3)] if node.input(bias) is not None else []
    return Written("add", {}, (0, 1), gives=None if steps else 3, then=[*steps, last])


def _attention(node: Node) -> Written:
    """Attention with one projection for query, key and value side by side: a dense layer, a split, the products."""
    heads, weights = node.attributes.get("num_heads"), node.sizes(1)
    if any(node.input(i) is not None for i in range(3, len(node.inputs))) or node.has_output(1) or len(weights) != 2:
        raise UnknownError(f"{node.operator}: masks, past keys and other widths are not known here")
    sizes = node.attributes.get("qkv_hidden_sizes") or [whole(weights[1], "a width") // 3] * 3
    args = {"units": weights[1], "in_features": weights[0], "bias": node.input(2) is not None}
    split = Written("split", {"axis": -1, "sizes": sizes}, ())
    return Written("dense", args, weights=(1, 2), then=[split, Written("attention", {"heads": heads}, (), spread=3)])


def _multi_head(node: Node) -> Written:
    """The products alone; heads are side by side in the features."""
    extra = [i for i in range(3, len(node.inputs)) if node.input(i) is not None]
    if extra or node.input(2) is None or any(len(node.sizes(i)) != 3 for i in range(3)) or node.has_output(1):
        raise UnknownError(f"{node.operator}: biases, masks and past keys are not known here")
    return Written("attention", {"heads": node.attributes.get("num_heads")}, (0, 1, 2))


def _few_bits(node: Node) -> Written:
    """A dense layer with its weights packed, several in a byte."""
    sizes = {"units": node.attributes.get("N"), "in_features": node.attributes.get("K")}
    bias = node.input(5) is not None
    return Written("dense", {**sizes, "bias": bias}, weights=(1, *((5,) if bias else ())), checked=False)


_BY_NAME: Final[Mapping[str, Callable[[Node], Written]]] = {
    "FusedConv": _fused_conv, "FusedGemm": _fused_gemm, "FusedMatMul": _fused_mat_mul,
    "Gelu": _gelu, "FastGelu": _gelu, "BiasGelu": _gelu,
    "QuickGelu": lambda node: Written("swish", {}),
    "LayerNormalization": _layer_norm, "SimplifiedLayerNormalization": _layer_norm,
    "SkipLayerNormalization": _skip_norm, "SkipSimplifiedLayerNormalization": _skip_norm,
    "Attention": _attention, "MultiHeadAttention": _multi_head, "MatMulNBits": _few_bits,
}  # fmt: skip

CONTRIB: Final[Mapping[str, Callable[[Node], Written]]] = {
    **{_MICROSOFT + name: rule for name, rule in _BY_NAME.items()},
    "SimplifiedLayerNormalization": _layer_norm,
}
