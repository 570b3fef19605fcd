"""Convolutional LSTMs in ONNX's operators: no operator has them, so that the steps are written one by one.

All steps are convolved in one; what a step reads of the last state is a convolution of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from tui.core.argument import per_axis
from tui.core.size import Size
from tui.core.tensor import Shape
from tui.core.windows import ends_of, pads
from tui.formats.onnx.axes import to_first, to_last
from tui.formats.onnx.write_call import Call, Rule
from tui.formats.onnx.write_functions import ACTIVATIONS
from tui.formats.onnx.write_windows import flat

MOST_STEPS: Final = 256
"""Longer sequences than this are not written step by step."""


def _weights(call: Call, rank: int, part: tuple[int, ...]) -> tuple[list[str], list[str]]:
    """The kernels over input and state, (4*filters, channels, window...), the first with its bias."""
    names = []
    for name in ("kernel", "recurrent_kernel"):
        shape = call.weights[name].shape[len(part) :]
        names.append(call.weight(name, [shape[-1], shape[-2], *shape[:rank]], part))
    bias = [call.weight("bias", call.weights["bias"].shape[len(part) :], part)] if call.kind.bias else []
    return [names[0], *bias], [names[1]]


def _window(call: Call, spatial: Shape) -> dict[str, Any]:
    """The window over a step; padding in numbers."""
    kind, rank = call.kind, len(spatial)
    columns = [per_axis(value, rank) for value in (kind.kernel, kind.stride, kind.dilation)]
    found = {name: call.wholes(column, name) for name, column in zip(
        ("kernel_shape", "strides", "dilations"), columns, strict=True)}  # fmt: skip
    ends = [pads(n, *rest) for n, *rest in zip(spatial, *columns, ends_of(kind.padding, rank), strict=True)]
    return {**found, "pads": flat([(call.whole(a, "a padding"), call.whole(b, "a padding")) for a, b in ends])}


def _direction(call: Call, part: tuple[int, ...], initial: Sequence[str], backwards: bool) -> tuple[list[str], str]:
    """The states h of each step in the order of reading, (N, filters, space...), and the last cell state."""
    kind, shape = call.kind, call.shape()
    n, count, step = shape[0], call.whole(shape[1], "the steps of a convlstm"), kind.step(shape)
    if count > MOST_STEPS:
        call.fail(f"{count} steps are too many to write one by one", f"give it at most {MOST_STEPS}")
    order = to_first(len(step)) if kind.channels_last else list(range(len(step)))
    first = tuple(step[axis] for axis in order)
    rank, gates = len(first) - 2, 4 * kind.filters
    joined = call.reshape(call.x(), shape, (n * count, *step[1:]))
    over, of_state = _weights(call, rank, part)
    convolved = call.op("Conv", call.permute(joined, order), *over, **_window(call, first[2:]))
    space = kind.spatial(kind.step((n, count, *_state_shape(call)[1:])))
    every = call.reshape(convolved, (n * count, gates, *space), (n, count, gates, *space))
    parts = call.ops("Split", every, outputs=list(range(count)), axis=1, num_outputs=count) if count > 1 else (every,)
    dims: list[Size] = [n, kind.filters, *space]
    h, c = (initial[i] if i < len(initial) else call.filled(dims, 0) for i in (0, 1))
    found, axes = list[str](), call.ints([1], "axes")
    kernel = call.wholes(per_axis(kind.kernel, rank), "a kernel")
    both = [((k - 1) // 2, k - 1 - (k - 1) // 2) for k in kernel]

    def function(name: str, x: str) -> str:
        return ACTIVATIONS[getattr(kind, name)](call, x, 1)

    for one in reversed(parts) if backwards else parts:
        read = call.op("Conv", h, *of_state, kernel_shape=kernel, pads=flat(both))
        total = call.op("Add", call.op("Squeeze", one, axes), read)
        i, f, g, o = call.ops("Split", total, outputs=[0, 1, 2, 3], axis=1, num_outputs=4)
        i, f, o = (function("recurrent_activation", gate) for gate in (i, f, o))
        c = call.op("Add", call.op("Mul", f, c), call.op("Mul", i, function("activation", g)))
        h = call.op("Mul", o, function("activation", c))
        found.append(h)
    return found, c


def _state_shape(call: Call) -> Shape:
    """The shape of a state, in the order of the network."""
    kind, shape = call.kind, call.shape()
    bare = type(kind).make({**kind.given, "return_state": True, "return_sequences": False}, kind.settings)
    state: Shape = bare.output(call.given[:1] if shape else ())[-1].shape
    return state


def _conv_lstm(call: Call) -> None:
    kind = call.kind
    rank = len(_state_shape(call))
    back = to_last(rank) if kind.channels_last else list(range(rank))
    into = to_first(rank) if kind.channels_last else list(range(rank))
    given = [call.permute(call.x(i), into) for i in range(1, len(call.inputs))]
    ways = (False, True) if kind.bidirectional else (kind.go_backwards,)
    outputs, states = list[str](), list[str]()
    for place, backwards in enumerate(ways):
        part = (place,) if kind.bidirectional else ()
        every, cell = _direction(call, part, given[2 * place : 2 * place + 2], backwards)
        states += [call.permute(every[-1], back), call.permute(cell, back)]
        if not kind.return_sequences:
            outputs.append(states[-2])
            continue
        # The backward steps of both directions line up with the forward ones; alone they stay as they were read.
        ordered = every[::-1] if backwards and kind.bidirectional else every
        steps = [call.op("Unsqueeze", call.permute(h, back), call.ints([1], "axes")) for h in ordered]
        outputs.append(steps[0] if len(steps) == 1 else call.op("Concat", *steps, axis=1))
    if kind.bidirectional and kind.merge_mode != "none":
        joins = {"sum": "Add", "mul": "Mul", "ave": "Mean"}
        merged = call.op("Concat", *outputs, axis=-1) if kind.merge_mode == "concat" else call.op(
            joins[kind.merge_mode], *outputs)  # fmt: skip
        outputs = [merged]
    for index, name in enumerate([*outputs, *(states if kind.return_state else [])]):
        call.give(name, index=index)


RULES: Final[Mapping[str, Rule]] = {"convlstm": _conv_lstm}
