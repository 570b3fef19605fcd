"""What each ONNX operator is in our kinds. Source: the operators' schemas (onnx, ``docs/Operators.md``), all opsets.

An operator that is not in ``RULES`` goes by its own name with its attributes, and reads all its inputs.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from tui.core.size import symbol
from tui.formats.frameworks.words import FrameworkError
from tui.formats.onnx.contrib import CONTRIB
from tui.formats.onnx.functions import FUNCTIONS, known_number, settings
from tui.formats.onnx.fused import FUSED
from tui.formats.onnx.layers import LAYERS
from tui.formats.onnx.node import DTYPES, FLOATS, Extra, Node, UnknownError, Written
from tui.formats.onnx.quantized import QUANTIZED
from tui.formats.onnx.resizing import RESIZING
from tui.formats.onnx.shapes import SHAPES

Rule = Callable[[Node], Written]


def every_input(node: Node, args: Mapping[str, Any] | None = None, class_name: str = "") -> Written:
    """The operator by its name, reading all the inputs there are."""
    reads = [i for i, given in enumerate(node.inputs) if given is not None]
    return Written(class_name or node.operator, node.attributes if args is None else args, reads)


def _einsum(node: Node) -> Written:
    """An ellipsis stands for as many axes in every input; numpy would stretch it, ONNX does not."""
    equation = str(node.attributes.get("equation", "")).replace(" ", "")
    terms = equation.partition("->")[0].split(",")
    axes = {len(node.sizes(i)) - len(t) + 3 for i, t in enumerate(terms) if "..." in t and i < len(node.inputs)}
    if len(axes) > 1:
        raise FrameworkError(f"Einsum: the ellipsis of {equation} stands for other numbers of axes in each input")
    return every_input(node, {"equation": equation})


def _no_attributes(node: Node) -> Written:
    """Before opset 7 the second input was lined up with the first from an axis on, and never beyond it."""
    written = every_input(node, {})
    if node.opset >= 7 or not node.attributes.get("broadcast") or len(written.reads) != 2:
        return written
    shape, other = node.sizes(0), node.sizes(1)
    after = len(shape) - node.attributes.get("axis", len(shape) - len(other)) - len(other)
    if after <= 0:
        return written
    lined_up = (*other, *(1,) * after)
    return replace(written, turned=(1, "reshape", {"shape": list(lined_up), "whole": True}, lined_up))


def _axis(default: int) -> Rule:
    return lambda node: Written(node.operator, {"axis": default, **node.attributes})


def _joining(node: Node) -> Written:
    """A sum, mean or the like of one input is that input."""
    return every_input(node, {}) if len(node.inputs) > 1 else Written("identity", {})


def _concat(node: Node) -> Written:
    if len(node.inputs) == 1:
        return Written("identity", {})
    if "axis" not in node.attributes and node.opset >= 4:
        raise FrameworkError("Concat needs an axis")
    return every_input(node, {"axis": node.attributes.get("axis", 1)})


def _reduce(node: Node) -> Written:
    axes = node.numbers(1, "axes")
    args = node.chosen("keepdims", "noop_with_empty_axes")
    return Written(node.operator, {**args, "axes": list(axes)} if axes else args)


def _gather(node: Node) -> Written:
    data, indices, axis = node.needs(0), node.needs(1), node.attributes.get("axis", 0)
    if data.stored and len(data.shape or ()) == 2 and axis == 0 and not indices.stored and data.dtype in FLOATS:
        rows, width = node.sizes(0)
        return Written("embedding", {"num_embeddings": rows, "embedding_dim": width}, reads=(1,), weights=(0,))
    if indices.known is not None:
        shape = list(indices.known.shape)
        return Written("gather", {"axis": axis, **({"indices": shape} if shape else {})})
    return Written("gather", {"axis": axis}, (0, 1))


def _compress(node: Node) -> Written:
    condition, axis = node.needs(1), node.attributes.get("axis")
    kept: Any = None if condition.known is None else sum(map(bool, condition.known.entries))
    if kept is None:
        raise UnknownError("Compress: how many entries its condition keeps is only known when the model runs")
    return Written("compress", {"kept": kept} if axis is None else {"kept": kept, "axis": axis})


def _one_hot(node: Node) -> Written:
    return Written("onehot", {"depth": int(node.number(1)), "axis": node.attributes.get("axis", -1)})


def _top_k(node: Node) -> Written:
    given = {name: bool(node.attributes.get(name, 1)) for name in ("largest", "sorted")}
    args = {"k": node.number(1, "k"), "axis": node.attributes.get("axis", -1)}
    return Written("topk", {**args, **settings("topk", given)})


_TYPE_NAMES: Final = {
    "FLOAT": 1, "UINT8": 2, "INT8": 3, "UINT16": 4, "INT16": 5, "INT32": 6, "INT64": 7, "BOOL": 9, "FLOAT16": 10,
    "DOUBLE": 11, "UINT32": 12, "UINT64": 13,
}  # fmt: skip


def _cast(node: Node) -> Written:
    given = node.input(1)
    to = node.attributes.get("to") if given is None else given.dtype
    if isinstance(to, str):  # opset 1 to 5
        to = _TYPE_NAMES.get(to.upper())
    if not isinstance(to, int) or to not in DTYPES:
        raise FrameworkError(f"{node.operator}: the type {to} has no numbers")
    return Written("cast", {"to": DTYPES[to]})


def _quantize(node: Node) -> Written:
    zero = node.input(2)
    return Written("quantize", {"to": "uint8" if zero is None else DTYPES.get(zero.dtype, "uint8")})


def _constant(node: Node) -> Written:
    known = node.attributes.get("known")
    if known is None:
        raise FrameworkError("Constant without numbers")
    return Written("constant", _with_shape(list(known.shape)), ())


def _constant_of_shape(node: Node) -> Written:
    return Written("constant", _with_shape(list(node.numbers(0) or ())), ())


def _with_shape(shape: list[Any]) -> dict[str, Any]:
    return {"shape": shape} if shape else {}


def _random(node: Node) -> Written:
    return Written("constant", _with_shape(list(node.attributes.get("shape") or ())), ())


def _range(node: Node) -> Written:
    start, limit, delta = (node.number(i) for i in range(3))
    if any(isinstance(value, float) for value in (start, limit, delta)):
        if not delta:
            raise FrameworkError("Range with a step of 0")
        return Written("constant", {"shape": [max(-int((start - limit) // delta), 0)]}, ())
    return Written("range", {"start": start, "end": limit, "step": delta}, ())


def _dropout(node: Node) -> Written:
    rate = {"rate": known_number(node, 1, "ratio", 0.5)}
    return Written("dropout", settings("dropout", rate), extras=[Extra(1, "like")])


def _attention(node: Node) -> Written:
    args = node.chosen("q_num_heads", "kv_num_heads", "is_causal")
    reads = [i for i in range(min(6, len(node.inputs))) if node.input(i) is not None]
    present = node.has_output(1) or node.has_output(2)
    flags = {"mask": 3 in reads, "return_present": present, "return_scores": node.has_output(3)}
    places = (0, 1, 2, 3) if present else (0, 1, 1, 1)
    return Written("attention", {**args, **{key: True for key, there in flags.items() if there}}, reads, outputs=places)


def _scatter(node: Node) -> Written:
    """Several updates of one place are combined as an attribute says; the shape is that of the first input."""
    return Written(node.operator, {}, (0, 2, 1) if node.operator == "TensorScatter" else (0, 1, 2))


def _affine_grid(node: Node) -> Written:
    return Written("affinegrid", {"size": list(node.numbers(1) or ())})


def _roi_align(node: Node) -> Written:
    size = [node.attributes.get("output_height", 1), node.attributes.get("output_width", 1)]
    return Written("roialign", {"size": size}, (0, 1))


def _non_zero(node: Node) -> Written:
    """How many there are is a symbol, of its own for each operator."""
    return Written("nonzero", {"found": symbol("found_" + re.sub(r"\W+", "_", node.name)[-40:].strip("_"))})


_JOINING: Final = ("Sum", "Mean", "Max", "Min")

RULES: Final[Mapping[str, Rule]] = {
    **LAYERS,
    **SHAPES,
    **RESIZING,
    **FUSED,
    **CONTRIB,
    **QUANTIZED,
    **FUNCTIONS,
    **dict.fromkeys(_JOINING, _joining),
    **dict.fromkeys(("Mod", "BitShift", "Add", "Sub", "Mul", "Div", "Pow", "And", "Or", "Xor", "Equal",
                     "Greater", "Less"), _no_attributes),
    "Concat": _concat, "Einsum": _einsum,
    **{f"Reduce{what}": _reduce for what in ("L1", "L2", "LogSum", "LogSumExp", "Max", "Mean", "Min", "Prod", "Sum",
                                             "SumSquare")},
    "ArgMax": _axis(0), "ArgMin": _axis(0),
    "Softmax": _axis(-1), "LogSoftmax": _axis(-1), "Hardmax": _axis(-1), "LpNormalization": _axis(-1),
    "Flatten": _axis(1),
    "Gather": _gather, "Compress": _compress, "OneHot": _one_hot, "TopK": _top_k,
    "Cast": _cast, "CastLike": _cast, "QuantizeLinear": _quantize,
    "Constant": _constant, "ConstantOfShape": _constant_of_shape, "RandomNormal": _random, "RandomUniform": _random,
    "Range": _range, "Dropout": _dropout, "Attention": _attention,
    "AffineGrid": _affine_grid, "GridSample": lambda node: Written("gridsample", {}, (0, 1)), "RoiAlign": _roi_align,
    "NonZero": _non_zero,
    **dict.fromkeys(("ScatterElements", "ScatterND", "Scatter", "TensorScatter"), _scatter),
}  # fmt: skip
