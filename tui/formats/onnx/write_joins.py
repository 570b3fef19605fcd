"""Layers of several inputs in ONNX's operators: element by element, end to end, and products of matrices."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from tui.core.axes import axis_at
from tui.core.broadcast import batches_lined_up, broadcast
from tui.core.einsum import parse_equation
from tui.core.tensor import Shape
from tui.formats.onnx.write_call import Call, Rule
from tui.formats.onnx.write_graph import FLOATS

Join = Callable[[Call, list[str]], str]


def joined(call: Call, dtype: str) -> tuple[list[str], bool]:
    """The inputs in one form: channels first where they are there so and have equally many axes.

    Keras lines batches up where ONNX lines up the last axes: the axes between are written out.
    """
    shapes = [tensor.shape for tensor in call.given]
    forms = [next(iter(value.names)) for value in call.inputs]
    if any(forms) and len({len(shape) for shape in shapes}) == 1:
        return [call.first(i, dtype) for i in range(len(shapes))], True
    names = [call.x(i, dtype) for i in range(len(shapes))]
    if batches_lined_up(shapes):
        most = max(map(len, shapes))
        for i, shape in enumerate(shapes):
            if len(shape) < most:
                names[i] = call.op("Unsqueeze", names[i], call.ints(list(range(1, 1 + most - len(shape))), "axes"))
    return names, False


def _number_type(call: Call) -> str:
    """The type that numbers are joined in: that of the first input."""
    dtype = call.inputs[0].dtype
    return call.dtype if dtype == "bool" else dtype


def _join(join: Join, dtype: Callable[[Call], str] = _number_type, made: str = "") -> Rule:
    """A rule for layers that join element by element in one type, and give it or another one."""

    def rule(call: Call) -> None:
        kind = dtype(call)
        names, first = joined(call, kind)
        call.give(join(call, names), first, dtype=made or kind)

    return rule


def _one(operator: str, **attributes: Any) -> Join:
    return lambda call, names: call.op(operator, *names, **attributes)


def _chain(operator: str, many: str = "") -> Join:
    """An operator of two inputs; one of any number where there are more, else one after the other."""

    def join(call: Call, names: list[str]) -> str:
        if many and len(names) > 2:
            return call.op(many, *names)
        result = names[0]
        for name in names[1:]:
            result = call.op(operator, result, name)
        return result

    return join


def _floor_divide(call: Call, names: list[str]) -> str:
    divided = call.op("Div", *names)
    return call.op("Floor", divided) if call.inputs[0].dtype in FLOATS else divided


def _mod(call: Call, names: list[str]) -> str:
    return call.op("Mod", *names, **({"fmod": 1} if _number_type(call) in FLOATS else {}))


def _whole_type(call: Call) -> str:
    dtype = call.inputs[0].dtype
    return dtype if "int" in dtype else "int64"


def _shift(call: Call) -> None:
    """ONNX shifts numbers without a sign."""
    names, first = joined(call, "uint64")
    whole = _whole_type(call)
    call.give(call.typed(call.op("BitShift", *names, direction="LEFT"), "uint64", whole), first, dtype=whole)


def _where(call: Call) -> None:
    dtype = call.inputs[1].dtype
    names, first = joined(call, "")
    condition = call.typed(names[0], call.inputs[0].dtype, "bool")
    other = call.typed(names[2], call.inputs[2].dtype, dtype)
    call.give(call.op("Where", condition, names[1], other), first, dtype=dtype)


def _concat(call: Call) -> None:
    dtype = call.inputs[0].dtype
    axis = call.kind._axis(call.shape())
    if any(next(iter(value.names)) for value in call.inputs):
        names = [call.first(i, dtype) for i in range(len(call.inputs))]
        call.give(call.op("Concat", *names, axis=call.axis(axis, True)), True, dtype=dtype)
        return
    names = [call.x(i, dtype) for i in range(len(call.inputs))]
    call.give(call.op("Concat", *names, axis=axis), dtype=dtype)


def _stack(call: Call) -> None:
    dtype, axis = call.inputs[0].dtype, axis_at(call.kind.axis, call.shape(), room=1)
    axes = call.ints([axis], "axes")
    parts = [call.op("Unsqueeze", call.x(i, dtype), axes) for i in range(len(call.inputs))]
    call.give(call.op("Concat", *parts, axis=axis), dtype=dtype)


def _mat_mul(call: Call) -> None:
    call.give(call.op("MatMul", call.x(0), call.x(1)))


def _gemm(call: Call) -> None:
    kind = call.kind
    names = [call.x(i) for i in range(len(call.inputs))]
    found: dict[str, Any] = {name: float(v) for name, v in (("alpha", kind.alpha), ("beta", kind.beta)) if v != 1}
    found |= {name: 1 for name, there in (("transA", kind.transa), ("transB", kind.transb)) if there}
    call.give(call.op("Gemm", *names, **found))


def _dot(call: Call) -> None:
    """An Einstein sum with a letter for each axis: the batch once, the named axes summed over."""
    a, b = call.kind._axes(call.given)
    names = [call.x(0), call.x(1)]
    if call.kind.normalize:
        names = [call.op("LpNormalization", x, axis=axis, p=2) for x, axis in zip(names, (a, b), strict=True)]
    letters = "bcdefghijklmnopqrstuvwxyzACDEFGHIJKLMNOPQRSTUVWXYZ"
    first = ["a" if i == 0 else "B" if i == a else letters[i] for i in range(len(call.shape(0)))]
    shift = len(first)
    second = ["a" if i == 0 else "B" if i == b else letters[shift + i] for i in range(len(call.shape(1)))]
    rest = [letter for letter in first[1:] + second[1:] if letter != "B"]
    equation = f"{''.join(first)},{''.join(second)}->a{''.join(rest)}"
    result = call.op("Einsum", *names, equation=equation)
    call.give(result if rest else call.op("Unsqueeze", result, call.ints([1], "axes")))


def _einsum(call: Call) -> None:
    names = [call.x(i, call.dtype) for i in range(len(call.inputs))]
    call.give(call.op("Einsum", *names, equation=str(parse_equation(call.kind.equation))))


def _sum_along(call: Call, x: str, axis: int) -> str:
    return call.op("ReduceSum", x, call.ints([axis], "axes"), keepdims=0)


def _cosine(call: Call) -> None:
    """The sum of the products over the product of the lengths, which is kept from 0 as in PyTorch."""
    shape: Shape = broadcast(call.kind.name, [x.shape for x in call.given])
    axis = axis_at(call.kind.axis, shape)
    a, b = ((call.op("Expand", call.x(i), call.ints(shape)) if call.shape(i) != shape else call.x(i)) for i in (0, 1))
    together = _sum_along(call, call.op("Mul", a, b), axis)
    lengths = [call.op("ReduceL2", x, call.ints([axis], "axes"), keepdims=0) for x in (a, b)]
    scale = call.op("Max", call.op("Mul", *lengths), call.const(1e-8))
    call.give(call.op("Div", together, scale))


def _distance(call: Call) -> None:
    """The norm of the difference, to which PyTorch adds a millionth."""
    kind = call.kind
    difference = call.op("Add", call.op("Sub", call.x(0), call.x(1)), call.const(1e-6))
    axes, keep = call.ints([-1], "axes"), int(kind.keepdims)
    if kind.p in (1, 2):
        call.give(call.op(f"ReduceL{int(kind.p)}", difference, axes, keepdims=keep))
        return
    powers = call.op("Pow", call.op("Abs", difference), call.const(float(kind.p)))
    total = call.op("ReduceSum", powers, axes, keepdims=keep)
    call.give(call.op("Pow", total, call.const(1 / kind.p if kind.p else 1.0)))


def _compared(operators: Mapping[str, str]) -> dict[str, Rule]:
    return {name: _join(_one(operator), made="bool") for name, operator in operators.items()}


def _of_type(operators: Sequence[str], dtype: Callable[[Call], str]) -> dict[str, Rule]:
    return {operator.lower(): _join(_one(operator), dtype) for operator in operators}


RULES: Final[Mapping[str, Rule]] = {
    "add": _join(_chain("Add", "Sum")), "multiply": _join(_chain("Mul")), "subtract": _join(_one("Sub")),
    "divide": _join(_one("Div")), "power": _join(_one("Pow")), "floordivide": _join(_floor_divide), "mod": _join(_mod),
    "average": _join(_one("Mean"), lambda call: call.dtype), "maximum": _join(_one("Max")),
    "minimum": _join(_one("Min")),
    **_compared({"equal": "Equal", "greater": "Greater", "greaterorequal": "GreaterOrEqual", "less": "Less",
                 "lessorequal": "LessOrEqual"}),
    **_of_type(("And", "Or", "Xor"), lambda call: "bool"),
    **_of_type(("BitwiseAnd", "BitwiseOr", "BitwiseXor"), _whole_type),
    "notequal": _join(lambda call, names: call.op("Not", call.op("Equal", *names)), made="bool"),
    "bitshift": _shift, "where": _where, "concat": _concat, "stack": _stack, "matmul": _mat_mul, "gemm": _gemm,
    "dot": _dot, "einsum": _einsum, "cosinesimilarity": _cosine, "pairwisedistance": _distance,
}  # fmt: skip
