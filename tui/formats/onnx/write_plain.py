"""Layers that pass their input, make tensors of their own or change a type, in ONNX's operators."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tui.core.tensor import Shape
from tui.formats.onnx.write_call import Call, Rule, sub_call
from tui.formats.onnx.write_graph import FLOATS, NUMBERS, Stored, Value, plain_shape


def _passes(said: str = "") -> Rule:
    """A layer that does nothing at inference."""

    def rule(call: Call) -> None:
        if said:
            call.notice("dropped", said)
        name, first = call.either(dtype="")
        call.give(call.op("Identity", name), first, dtype=call.inputs[0].dtype)

    return rule


def _dropout(call: Call) -> None:
    name, first = call.either()
    call.give(call.op("Dropout", name, call.const(call.kind.rate, "float32")), first)


def _masking(call: Call) -> None:
    """Keras's: steps whose features all are the number become 0."""
    x = call.x()
    same = call.typed(call.op("Equal", x, call.const(call.kind.mask_value)), "bool", call.dtype)
    masked = call.op("ReduceMin", same, call.ints([-1], "axes")) if call.shape() else same
    call.give(call.op("Mul", x, call.op("Sub", call.const(1.0), masked)))


def _parameter(call: Call) -> None:
    """The initializer itself is the tensor; it has the name of the layer."""
    call.used.add("weight")
    call.build.stored[call.name] = Stored(plain_shape(call.name, "weight", call.kind.shape), call.dtype, False)
    call.give(call.name)


def _constant(call: Call) -> None:
    dtype = call.kind.dtype or call.kind.settings.dtype
    call.give(call.filled(call.kind.shape, 0, dtype), dtype=dtype)


def _range(call: Call) -> None:
    kind = call.kind
    bounds = [call.op("Squeeze", call.ints([size], "bound")) for size in (kind.start, kind.end, kind.step)]
    call.give(call.op("Range", *bounds), dtype="int64")


def _shape(call: Call) -> None:
    end = {} if call.kind.end is None else {"end": call.kind.end}
    call.give(call.op("Shape", call.x(dtype=""), start=call.kind.start, **end), dtype="int64")


def _cast(call: Call) -> None:
    name, first = call.either(dtype="")
    call.give(call.op("Cast", name, to=NUMBERS[call.kind.to]), first, dtype=call.kind.to)


def _quantize(call: Call) -> None:
    (x, first), to = call.either(), call.kind.to
    if to == "int32":
        call.give(call.op("Cast", x, to=NUMBERS[to]), first, dtype=to)
        return
    call.notice("dropped", "its scale and zero point are no part of the text; written as 1 and 0")
    zero = call.build.list_of(f"{call.name}/zero_point", [0], [], to)
    call.give(call.op("QuantizeLinear", x, call.const(1.0), zero), first, dtype=to)


def _dequantize(call: Call) -> None:
    x, first = call.either(dtype="")
    dtype = call.kind.settings.dtype if call.kind.settings.dtype in FLOATS else "float32"
    if call.inputs[0].dtype not in ("uint8", "int8", "int16", "int32"):
        call.give(call.op("Cast", x, to=NUMBERS[dtype]), first, dtype=dtype)
        return
    call.notice("dropped", "its scale is no part of the text; written as 1")
    call.give(call.op("DequantizeLinear", x, call.const(1.0, dtype)), first, dtype=dtype)


def _like(call: Call) -> None:
    x, first = call.either()
    call.give(call.op("RandomNormalLike", x, dtype=NUMBERS[call.dtype]), first)


def _lookup(call: Call) -> None:
    call.notice("dropped", "its vocabulary is no part of the text; written as the whole part of each entry")
    name, first = call.either(dtype="")
    call.give(call.op("Cast", name, to=NUMBERS["int64"]), first, dtype="int64")


def each_step(rule: Rule) -> Rule:
    """A layer applied to each step by itself: the steps join the batch and leave it again."""

    def steps(call: Call) -> None:
        inputs = []
        for index, value in enumerate(call.inputs):
            joined: Shape = (value.shape[0] * value.shape[1], *value.shape[2:])
            name = call.reshape(call.x(index, ""), value.shape, joined)
            inputs.append(Value({False: name}, joined, value.dtype, call.kind.channels_last and len(joined) > 2))
        expected = tuple(t._replace(shape=(t.shape[0] * t.shape[1], *t.shape[2:])) for t in call.expected)
        inner = sub_call(call, call.kind.layer(), inputs, expected)
        rule(inner)
        call.made |= inner.made
        call.used |= inner.used
        for index, tensor in enumerate(expected):
            made = inner.results[index]
            name = call.reshape(call.build.form(made, False), tensor.shape, call.expected[index].shape)
            call.give(name, index=index, dtype=made.dtype)

    return steps


_IN_TRAINING: Final = (
    "alphadropout", "droppath", "featurealphadropout", "gaussiandropout", "gaussiannoise", "spatialdropout",
    "activityregularization",
)  # fmt: skip
_AUGMENTATIONS: Final = (
    "augmix", "autocontrast", "cutmix", "equalization", "mixup", "randaugment", "randombrightness",
    "randomcolordegeneration", "randomcolorjitter", "randomcontrast", "randomelastictransform", "randomerasing",
    "randomflip", "randomgaussianblur", "randomgrayscale", "randomhue", "randominvert", "randomperspective",
    "randomposterization", "randomrotation", "randomsaturation", "randomsharpness", "randomshear", "randomtranslation",
    "randomzoom", "solarization",
)  # fmt: skip


def _unknown(call: Call) -> None:
    call.fail("only its name is known, not what it does", "skip it, or write known layers in its place")


RULES: Final[Mapping[str, Rule]] = {
    **dict.fromkeys(("opaque", "pointwise"), _unknown),
    "identity": _passes(), "dropout": _dropout, "masking": _masking,
    **dict.fromkeys(_IN_TRAINING, _passes("changes values only while training; the input passes")),
    **dict.fromkeys(_AUGMENTATIONS, _passes("changes images only while training; the input passes")),
    "parameter": _parameter, "constant": _constant, "range": _range, "shape": _shape,
    "size": lambda call: call.give(call.op("Size", call.x(dtype="")), dtype="int64"),
    "cast": _cast, "quantize": _quantize, "dequantize": _dequantize, "like": _like, "lookup": _lookup,
}  # fmt: skip
