"""TensorFlow functions in the graphs of Keras 2 (``TFOpLambda``), as the functions of ``keras.ops`` that they are.

The first argument stands in the node, the others by their names in TensorFlow. Source: ``keras/layers/core/
tf_op_layer.py`` of Keras 2.15 and the signatures of ``tf.*``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from tui.formats.keras.config import mapping

CLASSES: Final = frozenset(("TFOpLambda", "SlicingOpLambda", "ClassMethod", "InstanceMethod", "InstanceProperty"))

_BOTH: Final = {"x": "x1", "y": "x2", "a": "x1", "b": "x2"}
_AXES: Final = {"axis": "axis", "axes": "axis", "dim": "axis", "keepdims": "keepdims", "keep_dims": "keepdims"}
FUNCTIONS: Final[Mapping[str, tuple[str, Mapping[str, str]]]] = {
    **{name: (op, _BOTH) for name, op in {
        "add": "Add", "__add__": "Add", "subtract": "Subtract", "multiply": "Multiply", "truediv": "Divide",
        "divide": "Divide", "divide_no_nan": "DivideNoNan", "floordiv": "FloorDivide", "pow": "Power",
        "maximum": "Maximum", "minimum": "Minimum", "equal": "Equal", "not_equal": "NotEqual", "greater": "Greater",
        "greater_equal": "GreaterEqual", "less": "Less", "less_equal": "LessEqual", "logical_and": "LogicalAnd",
        "logical_or": "LogicalOr", "matmul": "Matmul", "mod": "Mod", "floormod": "Mod", "atan2": "Arctan2",
    }.items()},
    **{f"reduce_{name}": (name.title(), {**_AXES, "input_tensor": "x"}) for name in (
        "mean", "sum", "max", "min", "prod", "std", "any", "all", "logsumexp")},
    "reduce_variance": ("Var", _AXES),
    **{name: (name.title(), {"axis": "axis", "alpha": "negative_slope", "approximate": "approximate"}) for name in (
        "abs", "exp", "log", "log1p", "sqrt", "rsqrt", "square", "sigmoid", "tanh", "sin", "cos", "floor", "ceil",
        "round", "sign", "erf", "relu", "relu6", "softmax", "softplus", "softsign", "elu", "selu", "gelu", "silu",
        "negative", "reciprocal", "einsum", "argmax", "argmin", "cumsum", "cumprod", "where", "squeeze", "stack")},
    "leaky_relu": ("LeakyRelu", {"alpha": "negative_slope"}), "swish": ("Silu", {}), "log_softmax": ("LogSoftmax", {}),
    "identity": ("Copy", {}), "stop_gradient": ("StopGradient", {}), "logical_not": ("LogicalNot", {}),
    "cast": ("Cast", {}), "reshape": ("Reshape", {"shape": "newshape"}), "transpose": ("Transpose", {"perm": "axes"}),
    "expand_dims": ("ExpandDims", {}), "concat": ("Concatenate", {"values": "xs"}),
    "tile": ("Tile", {"multiples": "repeats"}),
    "split": ("Split", {"num_or_size_splits": "indices_or_sections"}), "unstack": ("Unstack", {}),
    "broadcast_to": ("BroadcastTo", {}), "gather": ("Take", {"params": "x"}),
    "one_hot": ("OneHot", {"depth": "num_classes"}),
    "pad": ("Pad", {"paddings": "pad_width"}), "reverse": ("Flip", {}), "roll": ("Roll", {}), "repeat": ("Repeat", {}),
    "clip_by_value": ("Clip", {"clip_value_min": "x_min", "clip_value_max": "x_max"}), "top_k": ("TopK", {}),
    "l2_normalize": ("Normalize", {}), "norm": ("Norm", {}), "zeros_like": ("ZerosLike", {}),
    "ones_like": ("OnesLike", {}), "depth_to_space": ("DepthToSpace", {}), "space_to_depth": ("SpaceToDepth", {}),
    "resize": ("Resize", {"method": "interpolation"}), "getitem": ("GetItem", {"slice_spec": "key"}),
    "reduce_euclidean_norm": ("Norm", _AXES), "tensordot": ("Tensordot", {"a": "x1", "b": "x2"}),
}  # fmt: skip


def translated_call(
    config: Mapping[str, Any], args: list[Any], options: Mapping[str, Any]
) -> tuple[str, list[Any], dict[str, Any]] | None:
    """The function of ``keras.ops`` with its arguments; None where it is not known."""
    full = config.get("function") or config.get("method_name")
    name = str(full).rpartition(".")[2]
    found = FUNCTIONS.get(name)
    if found is None:
        return None
    op, names = found
    given = {names.get(key, key): value for key, value in options.items() if key != "name"}
    first = args[0] if len(args) == 1 else args
    if op == "Concatenate":
        given.setdefault("axis", -1)
    if op == "Take":
        given["axis"] = given["axis"] if given.get("axis") is not None else 0
    if op == "Split" and isinstance(given.get("indices_or_sections"), list):
        given["indices_or_sections"] = _ends(given["indices_or_sections"])
    if op == "GetItem" and isinstance(given.get("key"), list):
        given["key"] = [_slice(part) for part in given["key"]]
    if op in ("Argmax", "Argmin"):
        given.setdefault("axis", given.pop("dimension", 0))
    if op == "Einsum":
        return op, args[1:], {**given, "subscripts": args[0]} if args and isinstance(args[0], str) else given
    return op, [first], given


def _ends(sizes: list[Any]) -> list[Any]:
    """Where the parts end, of their sizes; TensorFlow names sizes, numpy ends."""
    ends, total = [], 0
    for size in sizes[:-1]:
        total += size if isinstance(size, int) else 0
        ends.append(total)
    return ends


def _slice(part: Any) -> Any:
    if isinstance(part, Mapping) and "start" in part and "class_name" not in part:
        return {"class_name": "__slice__", "config": dict(mapping(part))}
    return part
