"""Layers of weights and matrices in ONNX's operators: dense, embedding, what a transformer learns beside its blocks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tui.core.einsum import parse_equation
from tui.core.size import Size, product
from tui.core.tensor import Shape
from tui.formats.onnx.write_call import Call, Rule
from tui.formats.onnx.write_functions import ACTIVATIONS, finish


def affine(call: Call, x: str, kernel: str, bias: str, flat: bool = False) -> str:
    """x by a stored kernel and plus a bias, which may be missing (empty); ``flat`` says that x is a matrix."""
    if flat:
        return call.op("Gemm", x, kernel, *([bias] if bias else []))
    made = call.op("MatMul", x, kernel)
    return call.op("Add", made, bias) if bias else made


def adapted(call: Call, kernel: str) -> str:
    """A kernel with its low-rank factors; they are multiplied anew in each call, as in Keras."""
    if not call.has("lora_a"):
        return call.weight(kernel)
    return call.op("Add", call.weight(kernel), call.op("MatMul", call.weight("lora_a"), call.weight("lora_b")))


def _dense(call: Call) -> None:
    kernel = adapted(call, "kernel")
    bias = call.weight("bias") if call.kind.bias else ""
    finish(call, affine(call, call.x(), kernel, bias, len(call.shape()) == 2))


def _bilinear(call: Call) -> None:
    """All products of the two inputs as one row, then a matrix: one multiply-accumulate a weight."""
    a, b = call.shape(0), call.shape(1)
    rank, leading = len(a), call.expected[0].shape[:-1]
    left = call.op("Unsqueeze", call.x(0), call.ints([rank], "axes"))
    right = call.op("Unsqueeze", call.x(1), call.ints([rank - 1], "axes"))
    pairs = call.reshape(call.op("Mul", left, right), (*leading, a[-1], b[-1]), (*leading, a[-1] * b[-1]))
    kernel = call.weight("kernel", [a[-1] * b[-1], call.kind.units])
    call.give(affine(call, pairs, kernel, call.weight("bias") if call.kind.bias else "", rank == 2))


def _einsum_dense(call: Call) -> None:
    equation = parse_equation(call.kind.equation)
    if not call.has("lora_a"):
        kernel = call.weight("kernel")
    else:
        *ahead, rank = call.weights["lora_a"].shape
        flat: Shape = (product(ahead), rank)
        a = call.reshape(call.weight("lora_a"), (*ahead, rank), flat)
        made = call.op("MatMul", a, call.weight("lora_b"))
        whole = call.weights["kernel"].shape
        kernel = call.op("Add", call.weight("kernel"), call.reshape(made, (flat[0], whole[-1]), whole))
    result = call.op("Einsum", call.x(), kernel, equation=str(equation))
    if call.kind.bias_axes:
        result = call.op("Add", result, call.weight("bias"))
    finish(call, result)


def _embedding(call: Call) -> None:
    call.give(call.op("Gather", adapted(call, "embeddings"), call.x(dtype="int64")))


def _embedding_bag(call: Call) -> None:
    if len(call.inputs) > 1:
        call.fail("bags that begin at offsets are not known before the model runs", "give bags of one size")
    rows = call.op("Gather", call.weight("embeddings"), call.x(dtype="int64"))
    reduction = {"mean": "ReduceMean", "sum": "ReduceSum", "max": "ReduceMax"}[call.kind.mode]
    call.give(call.op(reduction, rows, call.ints([1], "axes"), keepdims=0))


def _class_token(call: Call) -> None:
    shape = call.shape()
    token = call.weight("token", (1, call.kind.tokens, *shape[2:]))
    if shape[0] != 1:
        token = call.op("Expand", token, call.ints((shape[0], call.kind.tokens, *shape[2:])))
    call.give(call.op("Concat", token, call.x(), axis=1))


def _position_embedding(call: Call) -> None:
    steps, table = call.shape()[1], call.weight("positions")
    if call.weights["positions"].shape[0] != steps:
        table = call.op("Slice", table, call.ints([0], "start"), call.ints([steps], "end"), call.ints([0], "axes"))
    call.give(call.op("Add", call.x(), table))


def per_channel(call: Call, first: bool) -> list[Size]:
    """The shape of a weight with one number for each channel, in a form of the input."""
    shape = call.shape()
    axis = call.axis(call.kind.channel_axis(shape), first)
    return [call.kind.channels(shape), *(1,) * (len(shape) - 1 - axis)]


def _layer_scale(call: Call) -> None:
    x, first = call.either()
    wide = per_channel(call, first)
    x = call.op("Mul", x, call.weight("gamma", wide))
    call.give(call.op("Add", x, call.weight("offset", wide)) if call.kind.bias else x, first)


def _squeeze_excitation(call: Call) -> None:
    """As in torchvision: the mean of each channel through two convolutions of kernel 1."""
    x, kind, rank = call.first(), call.kind, len(call.shape()) - 2
    image = rank in (1, 2, 3)
    result = x
    if rank > 0:
        axes = call.ints(list(range(2, 2 + rank)), "axes")
        result = call.op("GlobalAveragePool", x) if image else call.op("ReduceMean", x, axes, keepdims=0)
    for name, function in (("reduce", "relu"), ("expand", "sigmoid")):
        inner, outer = call.weights[name].shape
        bias = [call.weight(f"{name}_bias")] if kind.bias else []
        if image:
            kernel = call.weight(name, [outer, inner, *(1,) * rank])
            result = call.op("Conv", result, kernel, *bias, kernel_shape=[1] * rank)
        else:
            result = affine(call, result, call.weight(name), "".join(bias), rank >= 0)
        result = ACTIVATIONS[function](call, result, 1)
    if rank > 3:
        result = call.op("Unsqueeze", result, axes)
    call.give(call.op("Mul", x, result), True)


def _prelu(call: Call) -> None:
    """The slopes stretch to the input; one for each channel lies along the axis of the channels."""
    kind, (x, first) = call.kind, call.either()
    declared = call.weights["slope"].shape
    each = kind.slope is None and kind.shared_axes is None and kind.num_parameters is not None
    if first and declared != (1,) and not each:
        x, first = call.x(), False  # they are stored in the order of the network
    wide = per_channel(call, first) if each and declared != (1,) else declared if call.shape() else []
    call.give(call.op("PRelu", x, call.weight("slope", wide)), first)


RULES: Final[Mapping[str, Rule]] = {
    "dense": _dense, "bilinear": _bilinear, "einsumdense": _einsum_dense, "embedding": _embedding,
    "embeddingbag": _embedding_bag, "classtoken": _class_token, "positionembedding": _position_embedding,
    "layerscale": _layer_scale, "squeezeexcitation": _squeeze_excitation, "prelu": _prelu,
}  # fmt: skip
