"""Small rewrites of one statement: activations, norms, dropouts, resizing, merging, and functions of ``keras.ops``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tui.core.axes import axes_at
from tui.formats.keras.write_call import Call
from tui.formats.keras.write_program import POSITIONAL, Ref
from tui.formats.keras.write_row import Args, Refs, Row

How = Callable[[Call, Row], Refs]


def activation(word: str, *apart: str) -> Row:
    """``layers.Activation`` by a name; ``apart`` are arguments that have to be at their defaults."""

    def how(call: Call, row: Row) -> Refs:
        return (call.layer("Activation", {"activation": word}, ways={"activation": POSITIONAL}),)

    return Row("Activation", also=" ".join(apart), how=how)


def function(name: str, args: str = "") -> Row:
    """A function of ``keras.ops`` on all inputs, with the arguments of the line by their Keras names."""

    def how(call: Call, row: Row) -> Refs:
        config = {theirs: call.value(theirs) for theirs, _, _ in row.spec}
        return (call.op(name, *call.refs, **config),)

    return Row(name, args, how=how)


def by(how: How, args: str = "", also: str = "", class_name: str = "", everything: bool = False) -> Row:
    """A row of which a function sees to the most."""
    return Row(class_name, args, also, how, everything)


def refused(why: str, way_out: str) -> Row:
    """A row for what Keras cannot say."""

    def how(call: Call, row: Row) -> Refs:
        call.refuse(why, way_out)

    return Row(how=how, everything=True)


def named(call: Call, word: str, reads: Ref | None = None, suffix: str = "") -> Ref:
    """An activation by its name."""
    return call.layer("Activation", {"activation": word}, reads, suffix=suffix, ways={"activation": POSITIONAL})


def gelu(call: Call, row: Row) -> Refs:
    """The formula with tanh has no name."""
    return (
        named(call, "gelu") if call.kind.approximate == "none" else call.op("gelu", call.refs[0], approximate=True),
    )


def with_numbers(word: str, name: str, **theirs: str) -> Row:
    """By its name where the numbers are Keras's own, else the function of ``keras.ops`` that takes them."""

    def how(call: Call, row: Row) -> Refs:
        args = {arg.name: arg.default for arg in type(call.kind).args}
        if all(getattr(call.kind, arg) == default for arg, default in args.items()):
            return (named(call, word),)
        return (call.op(name, call.refs[0], **{key: getattr(call.kind, arg) for key, arg in theirs.items()}),)

    return Row(how=how, everything=True)


def clip(low: str, high: str, word: str = "") -> How:
    """Between two bounds, of which one may be missing."""

    def how(call: Call, row: Row) -> Refs:
        first, last = getattr(call.kind, low), getattr(call.kind, high)
        if word and (first, last) == (-1.0, 1.0):
            return (named(call, word),)
        if first is not None and last is not None:
            return (call.op("clip", call.refs[0], x_min=first, x_max=last),)
        if first is None and last is None:
            return (call.layer("Identity", {}),)
        name, bound = ("maximum", first) if last is None else ("minimum", last)
        return (call.op(name, call.refs[0], bound),)

    return how


def hard_sigmoid(call: Call, row: Row) -> Refs:
    """Keras has the slope 1/6 alone; any other is a line that is cut off."""
    alpha, beta = call.kind.alpha, call.kind.beta
    if abs(alpha - 1 / 6) < 1e-9 and beta == 0.5:
        return (named(call, "hard_sigmoid"),)
    line = call.scaled(alpha, beta, suffix="line")
    return (call.op("clip", line, x_min=0.0, x_max=1.0),)


def selu(call: Call, row: Row) -> Refs:
    """Other scales than the paper's are an ELU that is scaled."""
    alpha, gamma = call.kind.alpha, call.kind.gamma
    if abs(alpha - 1.6732632) < 1e-6 and abs(gamma - 1.050701) < 1e-6:
        return (named(call, "selu"),)
    inner = call.layer("ELU", {"alpha": alpha}, suffix="elu")
    return (call.scaled(gamma, reads=inner),)


def softplus(call: Call, row: Row) -> Refs:
    """``log(1 + exp(beta*x))/beta``; above the threshold it is the line x to the last bit."""
    if call.kind.threshold < 15:
        call.refuse("its softplus bends at every size", "leave threshold out")
    if call.kind.beta == 1:
        return (named(call, "softplus"),)
    sharp = call.op("softplus", call.op("multiply", call.refs[0], call.kind.beta))
    return (call.op("divide", sharp, call.kind.beta),)


def shrink(call: Call, row: Row) -> Refs:
    """ONNX's Shrink is one of two functions where its bias is 0 or as large as its lambd."""
    near, bias = call.kind.lambd, call.kind.bias
    if bias in (0, near):
        return (call.op("soft_shrink" if bias else "hard_shrink", call.refs[0], threshold=near),)
    x = call.refs[0]
    kept = call.op("greater", call.op("absolute", x), near)
    moved = call.op("subtract", x, call.op("multiply", call.op("sign", x), bias))
    return (call.op("where", kept, moved, 0.0),)


def softmax(name: str, op: str) -> How:
    """Along one axis or several."""

    def how(call: Call, row: Row) -> Refs:
        axes = tuple(call.kind.axis) if isinstance(call.kind.axis, tuple) else (call.kind.axis,)
        axis: Any = axes[0] if len(axes) == 1 else axes
        if name == "Softmax":
            return (call.layer("Softmax", {"axis": axis}, ways=Row(args="axis=-1").ways({"axis": axis})),)
        if name and axis == -1:
            return (named(call, name),)
        if not isinstance(axis, int):
            call.refuse(f"its {op} takes one axis", "name one axis")
        return (call.op(op, call.refs[0], axis=axis),)

    return how


def softmin(call: Call, row: Row) -> Refs:
    axes = tuple(call.kind.axis)
    turned = call.op("negative", call.refs[0])
    return (call.op("softmax", turned, axis=axes[0] if len(axes) == 1 else axes),)


def hardmax(call: Call, row: Row) -> Refs:
    axes = axes_at(call.kind.axis, call.shape)
    if len(axes) != 1:
        call.refuse("its argmax searches one axis", "name one axis")
    size = call.number(call.shape[axes[0]], "the size of the axis")
    largest = call.op("argmax", call.refs[0], axis=axes[0])
    axis: Args = {} if axes[0] == len(call.shape) - 1 else {"axis": axes[0]}
    return (call.op("one_hot", largest, num_classes=size, **axis, dtype=call.outputs[0].dtype),)
