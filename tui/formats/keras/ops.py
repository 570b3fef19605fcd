"""Functions of ``keras.ops`` as our kinds. One line a function, or one for many of a kind.

Source: the classes in ``keras/src/ops`` of Keras 3, whose names, arguments and order of arguments stand in the file.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from tui.core.network import Source
from tui.formats.frameworks.words import is_whole, without_nothing
from tui.formats.keras import op_cuts as cuts
from tui.formats.keras import op_products as products
from tui.formats.keras import op_shapes as shapes
from tui.formats.keras.function import Function, Plan, Step, UnknownFunctionError, one
from tui.formats.keras.inputs import sources_in
from tui.formats.keras.op_index import get_item
from tui.formats.keras.op_table import NAMED, PAIRS, REDUCTIONS, SAME

LAYERS_OF_FUNCTIONS: Final = {
    "MaxPool": "MaxPooling{}D", "AveragePool": "AveragePooling{}D", "AdaptiveMaxPool": "AdaptiveMaxPooling{}D",
    "AdaptiveAveragePool": "AdaptiveAveragePooling{}D",
}  # fmt: skip
"""Functions that are what a layer does; the number of spatial axes follows from the input."""


def as_layer(name: str, config: Mapping[str, Any], axes: int) -> tuple[str, dict[str, Any]] | None:
    """The layer that a function is, with its configuration; None for the others. ``axes`` counts the batch too."""
    pattern = LAYERS_OF_FUNCTIONS.get(name)
    rest = {key: value for key, value in config.items() if key != "name"}
    if pattern is not None:
        return pattern.format(axes - 2), rest
    size = config.get("size")
    if name == "Resize" and axes == 4 and isinstance(size, list) and len(size) == 2:
        return "Resizing", {"height": size[0], "width": size[1],
                            **{key: rest[key] for key in ("interpolation", "data_format") if key in rest}}  # fmt: skip
    return None


def plan_of(function: Function) -> Plan:
    """The lines of a call; raises UnknownFunctionError where no kind stands for it."""
    name = function.name
    if name in PAIRS:
        return _pair(function)
    if name in SAME:
        return one(SAME[name], function.first(_first_name(name)), **_taken(function))
    if name in NAMED:
        tensors = list(sources_in([function.args, function.options])) or [function.first()]
        return one("pointwise", *tensors, operator=name)
    if name in REDUCTIONS:
        return shapes.reduced(function, REDUCTIONS[name])
    rule = RULES.get(name)
    if rule is None:
        raise UnknownFunctionError(f"keras.ops has {name}, no kind here is it")
    return rule(function)


def _first_name(name: str) -> str:
    return {"StopGradient": "variable", "ScatterUpdate": "inputs", "SliceUpdate": "inputs"}.get(name, "x")


_ARGUMENTS: Final = {
    "negative_slope": "negative_slope", "alpha": "alpha", "approximate": "approximate", "axis": "axis", "b": "b",
    "threshold": "threshold", "default_value": "value",
}  # fmt: skip
_OF: Final = {
    "LeakyRelu": ("negative_slope",), "Elu": ("alpha",), "Celu": ("alpha",), "Gelu": ("approximate",),
    "Glu": ("axis",), "Squareplus": ("b",), "SoftShrink": ("threshold",), "HardShrink": ("threshold",),
    "Threshold": ("threshold", "default_value"),
}  # fmt: skip


def _taken(function: Function) -> dict[str, Any]:
    found = {_ARGUMENTS[key]: function.option(key) for key in _OF.get(function.name, ())}
    dtype = function.option("dtype") if function.name in ("ZerosLike", "OnesLike") else None
    return without_nothing({**found, **({"dtype": dtype} if isinstance(dtype, str) else {})})


def _pair(function: Function) -> Plan:
    """Two tensors, or a tensor and a number, which the commonest functions have as an argument."""
    names = ("x", "y") if function.name.startswith(("Bitwise", "LeftShift", "RightShift")) else ("x1", "x2")
    given = [function.given(place, name) for place, name in enumerate(names)]
    a, b = (function.operand(place, name) for place, name in enumerate(names))
    kind = PAIRS[function.name]
    if isinstance(a, Source) and isinstance(given[1], int | float):
        folded = _with_number(kind, a, given[1], number_first=False)
    elif isinstance(b, Source) and isinstance(given[0], int | float):
        folded = _with_number(kind, b, given[0], number_first=True)
    else:
        folded = None
    return one(kind, a, b) if folded is None else folded


def _with_number(kind: str, x: Source, number: Any, number_first: bool) -> Plan | None:
    """``x + 1``, ``2*x``, ``x**2`` and their like as one line without a second input."""
    if isinstance(number, bool) or not abs(number) < 1e30:
        return None
    if kind == "add":
        return one("rescaling", x, offset=number)
    if kind == "subtract":
        return one("rescaling", x, **({"scale": -1, "offset": number} if number_first else {"offset": -number}))
    if kind == "multiply":
        return one("rescaling", x, scale=number)
    if kind == "divide" and number and not number_first:
        return one("rescaling", x, scale=1 / number)
    if kind == "divide" and number == 1:
        return one("reciprocal", x)
    if kind == "power" and not number_first and number in (2, 0.5, -1):
        return one({2: "square", 0.5: "sqrt", -1: "reciprocal"}[number], x)
    if kind == "maximum":
        return one("clip", x, min=number)
    return one("clip", x, max=number) if kind == "minimum" else None


def _where(function: Function) -> Plan:
    return one("where", *(function.operand(place, name) for place, name in enumerate(("condition", "x1", "x2"))))


def _softmax(kind: str) -> Callable[[Function], Plan]:
    def rule(function: Function) -> Plan:
        axis = function.option("axis", -1)
        if isinstance(axis, list) and len(axis) != 1:
            return one("pointwise", function.first(), operator=kind)
        return one(kind, function.first(), **({} if axis is None else {"axis": axis}))

    return rule


def _cast(function: Function) -> Plan:
    return one("cast", function.first(), to=function.option("dtype"))


def _one_hot(function: Function) -> Plan:
    return one("onehot", function.first(), depth=function.option("num_classes"), axis=function.option("axis", -1))


def _multi_hot(function: Function) -> Plan:
    return one("categoryencoding", function.first("inputs"), num_tokens=function.option("num_classes"))


def _top_k(function: Function) -> Plan:
    return one("topk", function.first(), k=function.option("k"))


def _clip(function: Function) -> Plan:
    bounds = {ours: bound for ours, theirs in (("min", "x_min"), ("max", "x_max"))
              if isinstance(bound := function.option(theirs), int | float) and not isinstance(bound, bool)}  # fmt: skip
    return one("clip", function.first(), **bounds)


def _normalize(function: Function) -> Plan:
    axis = function.option("axis", -1)
    return one("unitnorm", function.first(), **({"axis": axis} if is_whole(axis) else {}))


def _rearranged(kind: str) -> Callable[[Function], Plan]:
    """Space and channels; in another order of axes than the network's between two that turn them."""

    def rule(function: Function) -> Plan:
        x, args = function.first(), {"factor": function.option("block_size")}
        ndim = len(function.shape(x))
        if function.option("data_format") in (None, function.data_format) or ndim != 4:
            return one(kind, x, **args)
        there, back = [0, 2, 3, 1], [0, 3, 1, 2]
        if function.data_format == "channels_first":
            there, back = back, there
        return Plan((
            Step("permute", {"axes": there}, (x,)), Step(kind, args, (0,)), Step("permute", {"axes": back}, (1,)),
        ))  # fmt: skip

    return rule


def _patches(function: Function) -> Plan:
    """Windows laid into the channels, where they are: (rows, columns, window of all channels)."""
    x = function.first("images")
    shape, size = function.shape(x), function.option("size")
    if len(shape) != 4 or function.data_format != "channels_last" or function.option("data_format") == "channels_first":
        raise UnknownFunctionError("ExtractPatches in this order of axes is not read")
    if function.option("dilation_rate", 1) not in (1, None):
        raise UnknownFunctionError("ExtractPatches with holes is not read")
    kernel = size if isinstance(size, list) else [size, size]
    stride = function.option("strides") or kernel
    stride = stride if isinstance(stride, list) else [stride, stride]
    if not all(is_whole(n) and n > 0 for n in (*kernel, *stride)) or not len(kernel) == len(stride) == 2:
        raise UnknownFunctionError("ExtractPatches of this size is not read")
    same_padding = str(function.option("padding", "valid")).lower() == "same"
    sides = [
        -(-n // s) if same_padding else (n - k) // s + 1 for n, k, s in zip(shape[1:3], kernel, stride, strict=True)
    ]
    args = {"kernel": kernel, "stride": stride, **({"padding": "same"} if same_padding else {})}
    return Plan((Step("unfold", args, (x,)), Step("reshape", {"shape": [*sides, -1]}, (0,))))


def _columns(function: Function) -> Plan:
    """Windows as columns, and back; both have the channels first, whatever the network has."""
    x, kind = function.first(), function.name.lower()
    names = ("kernel_size", "dilation", "padding", "stride", *(("output_size",) if kind == "fold" else ()))
    args = {name: value for name in names if (value := function.option(name)) is not None}
    for name in ("kernel_size", "output_size"):
        if name in names and name not in args:
            raise UnknownFunctionError(f"{function.name} without {name} is not read")
    if args.get("padding") == 0:
        del args["padding"]
    if function.data_format == "channels_first":
        return one(kind, x, **args)
    image, columns = ([0, 2, 3, 1], [0, 3, 1, 2]), ([0, 2, 1], [0, 2, 1])
    there, back = (columns[0], image[1]) if kind == "fold" else (image[0], columns[1])
    return Plan((
        Step("permute", {"axes": there}, (x,)), Step(kind, args, (0,)), Step("permute", {"axes": back}, (1,)),
    ))  # fmt: skip


def _padded(function: Function) -> Plan:
    """Padding of the spatial axes; of others there is no kind."""
    x, width = function.first(), function.option("pad_width")
    ndim = len(function.shape(x))
    if is_whole(width):
        width = [[width, width]] * ndim
    elif isinstance(width, list) and width and all(map(is_whole, width)):
        width = [[width[0], width[-1]]] * ndim
    elif isinstance(width, list) and len(width) == 1:
        width = width * ndim
    if not isinstance(width, list) or len(width) != ndim:
        raise UnknownFunctionError(f"Pad with pad_width={width!r} is not read"[:200])
    if ndim < 3 or width[0] != [0, 0] or width[-1] != [0, 0]:
        return cuts.framed(function, x, width)
    return one("pad", x, padding=width[1:-1])


def _moments(function: Function) -> Plan:
    x, axes = function.first(), function.option("axes")
    args = {"axes": axes, "keepdims": bool(function.option("keepdims"))}
    return Plan((Step("reducemean", args, (x,)), Step("reducevar", args, (x,))), (0, 1))


RULES: Final[Mapping[str, Callable[[Function], Plan]]] = {
    "GetItem": get_item, "Where": _where, "Clip": _clip, "Cast": _cast, "SaturateCast": _cast, "OneHot": _one_hot,
    "MultiHot": _multi_hot, "TopK": _top_k, "Softmax": _softmax("softmax"), "LogSoftmax": _softmax("logsoftmax"),
    "Sparsemax": _softmax("sparsemax"), "Normalize": _normalize, "Pad": _padded, "Moments": _moments,
    "DepthToSpace": _rearranged("pixelshuffle"), "SpaceToDepth": _rearranged("pixelunshuffle"),
    "ExtractPatches": _patches, "Unfold": _columns, "Fold": _columns,
    **shapes.RULES, **cuts.RULES, **products.RULES,
}  # fmt: skip
