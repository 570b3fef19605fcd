"""Functions of each element in ONNX's operators: activations and elementary functions, with what is composed of others.

A function gets the call, its input and the axis of the channels (for softmax); it gives the name of its result.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import inf
from typing import Any, Final

from tui.formats.onnx.write_call import MOST_NUMBERS, Call, Rule

Function = Callable[[Call, str, int], str]


def _operator(operator: str, **fixed: Any) -> Function:
    """An operator, with attributes that are fixed."""
    return lambda call, x, axis: call.op(operator, x, **fixed)


def _attributes(operator: str, **names: str) -> Function:
    """An operator whose attributes are arguments of the kind: ONNX's name = ours."""
    return lambda call, x, axis: call.op(operator, x, **{o: float(getattr(call.kind, n)) for o, n in names.items()})


def clipped(call: Call, x: str, low: float | None, high: float | None) -> str:
    """Between two bounds, either of which may be missing."""
    if low is None and high is None:
        return call.op("Identity", x)
    bounds = [call.const(bound) if bound is not None else "" for bound in (low, high)]
    return call.op("Clip", x, *(bounds if high is not None else bounds[:1]))


def _relu(call: Call, x: str, axis: int) -> str:
    """Keras's: ``max_value`` from there on, x from the threshold on, else ``slope*(x - threshold)``."""
    kind = call.kind
    top, slope, threshold = kind.max_value, kind.negative_slope, kind.threshold
    if threshold == 0 and slope == 0:
        return call.op("Relu", x) if top is None else clipped(call, x, 0.0, top)
    if threshold == 0:
        result = call.op("LeakyRelu", x, alpha=float(slope))
    else:
        bound = call.const(threshold)
        below = call.op("Mul", call.op("Sub", x, bound), call.const(slope))
        result = call.op("Where", call.op("GreaterOrEqual", x, bound), x, below)
    return result if top is None else call.op("Min", result, call.const(top))


def _threshold(call: Call, x: str, axis: int) -> str:
    bound, value = (getattr(call.kind, name, 0.0) for name in ("threshold", "value"))
    return call.op("Where", call.op("Greater", x, call.const(bound)), x, call.const(value))


def _silu(call: Call, x: str, axis: int) -> str:
    return call.op("Mul", x, call.op("Sigmoid", x))


def _log_sigmoid(call: Call, x: str, axis: int) -> str:
    return call.op("Neg", call.op("Softplus", call.op("Neg", x)))


def _gelu(call: Call, x: str, axis: int) -> str:
    approximate = getattr(call.kind, "approximate", "none")
    return call.op("Gelu", x, **({"approximate": "tanh"} if approximate == "tanh" else {}))


def _softplus(call: Call, x: str, axis: int) -> str:
    beta = getattr(call.kind, "beta", 1.0)
    if beta == 1:
        return call.op("Softplus", x)
    return call.op("Div", call.op("Softplus", call.op("Mul", x, call.const(beta))), call.const(beta))


def _tanh_shrink(call: Call, x: str, axis: int) -> str:
    return call.op("Sub", x, call.op("Tanh", x))


def _shrunk(moves: bool) -> Function:
    def function(call: Call, x: str, axis: int) -> str:
        bound = float(getattr(call.kind, "lambd", 0.5))
        return call.op("Shrink", x, lambd=bound, bias=bound if moves else 0.0)

    return function


def _square_plus(call: Call, x: str, axis: int) -> str:
    root = call.op("Sqrt", call.op("Add", call.op("Mul", x, x), call.const(getattr(call.kind, "b", 4.0))))
    return call.op("Mul", call.op("Add", x, root), call.const(0.5))


def _sparse_plus(call: Call, x: str, axis: int) -> str:
    """``(x + 1)**2/4`` between -1 and 1, and from there on x: the parabola ends with the slope of the line."""
    middle = call.op("Add", clipped(call, x, -1.0, 1.0), call.const(1.0))
    parabola = call.op("Mul", call.op("Mul", middle, middle), call.const(0.25))
    return call.op("Add", parabola, call.op("Relu", call.op("Sub", x, call.const(1.0))))


def _sparse_sigmoid(call: Call, x: str, axis: int) -> str:
    return call.op("HardSigmoid", x, alpha=0.5, beta=0.5)


def _hard_tanh(call: Call, x: str, axis: int) -> str:
    return clipped(call, x, getattr(call.kind, "min_val", -1.0), getattr(call.kind, "max_val", 1.0))


def _rrelu(call: Call, x: str, axis: int) -> str:
    return call.op("LeakyRelu", x, alpha=(call.kind.lower + call.kind.upper) / 2)


def sparsemax(call: Call, x: str, axis: int, size: int) -> str:
    """The projection onto the simplex (Martins and Astudillo 2016), over ``size`` elements along an axis."""
    rank = len(call.expected[0].shape)
    if size > MOST_NUMBERS:
        call.fail(f"it is written with the numbers up to the {size:,} elements of its axis", "use softmax")
    axes = call.ints([axis], "axes")
    ordered, _ = call.ops("TopK", x, call.ints([size], "count"), outputs=[0, 1], axis=axis)
    numbers = call.const([float(i + 1) for i in range(size)], shape=[size if i == axis else 1 for i in range(rank)])
    total = call.op("CumSum", ordered, call.build.list_of(f"{call.name}/axis", [axis], ()))
    inside = call.op("Greater", call.op("Mul", ordered, numbers), call.op("Sub", total, call.const(1.0)))
    mask = call.typed(inside, "bool", call.dtype)
    kept = call.op("ReduceSum", call.op("Mul", ordered, mask), axes)
    count = call.op("ReduceSum", mask, axes)
    level = call.op("Div", call.op("Sub", kept, call.const(1.0)), count)
    return call.op("Relu", call.op("Sub", x, level))


def _sparsemax(call: Call, x: str, axis: int) -> str:
    shape = call.expected[0].shape
    size = shape[call.kind.channel_axis(shape) if call.kind.channels_last else -1]
    return sparsemax(call, x, axis, call.whole(size, "the axis of sparsemax"))


ACTIVATIONS: Final[Mapping[str, Function]] = {
    "linear": lambda call, x, axis: x,
    "relu": _operator("Relu"),
    "relu6": lambda call, x, axis: clipped(call, x, 0.0, 6.0),
    "leakyrelu": _operator("LeakyRelu", alpha=0.2),
    "elu": _operator("Elu"), "celu": _operator("Celu"), "selu": _operator("Selu"),
    "gelu": _gelu, "silu": _silu, "mish": _operator("Mish"),
    "sigmoid": _operator("Sigmoid"), "hardsigmoid": _operator("HardSigmoid", alpha=1 / 6, beta=0.5),
    "hardsilu": _operator("HardSwish"), "logsigmoid": _log_sigmoid,
    "tanh": _operator("Tanh"), "hardtanh": _hard_tanh, "tanhshrink": _tanh_shrink,
    "hardshrink": _shrunk(False), "softshrink": _shrunk(True),
    "softplus": _softplus, "softsign": _operator("Softsign"),
    "softmax": lambda call, x, axis: call.op("Softmax", x, axis=axis),
    "logsoftmax": lambda call, x, axis: call.op("LogSoftmax", x, axis=axis),
    "sparsemax": _sparsemax, "squareplus": _square_plus, "sparseplus": _sparse_plus, "sparsesigmoid": _sparse_sigmoid,
    "exponential": _operator("Exp"), "threshold": _threshold,
}  # fmt: skip
"""The functions that a layer can apply to its own output, with Keras's defaults."""

_KINDS: Final[Mapping[str, Function]] = {
    **{name: ACTIVATIONS[name] for name in (
        "relu6", "gelu", "silu", "mish", "sigmoid", "hardsilu", "logsigmoid", "tanh", "hardtanh", "tanhshrink",
        "hardshrink", "softshrink", "softplus", "softsign", "squareplus", "sparseplus", "sparsesigmoid", "exponential",
        "threshold",
    )},
    "relu": _relu, "rrelu": _rrelu,
    "leakyrelu": _attributes("LeakyRelu", alpha="slope"),
    "thresholdedrelu": _attributes("ThresholdedRelu", alpha="theta"),
    "elu": _attributes("Elu", alpha="alpha"), "celu": _attributes("Celu", alpha="alpha"),
    "selu": _attributes("Selu", alpha="alpha", gamma="gamma"),
    "hardsigmoid": _attributes("HardSigmoid", alpha="alpha", beta="beta"),
    "shrink": _attributes("Shrink", lambd="lambd", bias="bias"),
    **{operator.lower(): _operator(operator) for operator in (
        "Abs", "Acos", "Acosh", "Asin", "Asinh", "Atan", "Atanh", "Ceil", "Cos", "Cosh", "Erf", "Floor", "Log", "Neg",
        "Reciprocal", "Round", "Sign", "Sin", "Sinh", "Sqrt", "Tan",
    )},
    "clip": lambda call, x, axis: clipped(call, x, _bound(call.kind.min), _bound(call.kind.max)),
    "expm1": lambda call, x, axis: call.op("Sub", call.op("Exp", x), call.const(1.0)),
    "log1p": lambda call, x, axis: call.op("Log", call.op("Add", x, call.const(1.0))),
    "rsqrt": lambda call, x, axis: call.op("Reciprocal", call.op("Sqrt", x)),
    "square": lambda call, x, axis: call.op("Mul", x, x),
    "rescaling": lambda call, x, axis: call.op(
        "Add", call.op("Mul", x, call.const(call.kind.scale)), call.const(call.kind.offset)
    ),
}  # fmt: skip


def _bound(value: float | None) -> float | None:
    return None if value is None or abs(value) == inf else float(value)


def _rule(function: Function) -> Rule:
    def rule(call: Call) -> None:
        x, first = call.either()
        call.give(function(call, x, 0), first)

    return rule


def finish(call: Call, x: str, first: bool = False) -> None:
    """Give what a layer computed, after the activation that it names."""
    shape = call.expected[0].shape
    last = 1 if first and call.kind.channels_last and len(shape) > 2 else len(shape) - 1
    call.give(ACTIVATIONS[call.kind.activation](call, x, last), first)


def _activation(call: Call) -> None:
    x, first = call.either()
    finish(call, x, first)


def _tested(operator: str) -> Rule:
    """A question of each element, with true or false as its answer; our kinds keep the type of the input."""

    def rule(call: Call) -> None:
        x, first = call.either()
        call.give(call.typed(call.op(operator, x), "bool", call.dtype), first)

    return rule


def _not(call: Call) -> None:
    x, first = call.either(dtype="bool")
    call.give(call.op("Not", x), first, dtype="bool")


def _bitwise_not(call: Call) -> None:
    whole = call.inputs[0].dtype if "int" in call.inputs[0].dtype else "int64"
    x, first = call.either(dtype=whole)
    call.give(call.op("BitwiseNot", x), first, dtype=whole)


RULES: Final[Mapping[str, Rule]] = {
    **{name: _rule(function) for name, function in _KINDS.items()},
    "activation": _activation,
    "isinf": _tested("IsInf"), "isnan": _tested("IsNaN"), "not": _not, "bitwisenot": _bitwise_not,
}  # fmt: skip
