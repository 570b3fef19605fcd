"""Layers that move elements and compute nothing, in ONNX's operators: reshaping, slicing, padding."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from tui.core.axes import axes_at, axis_at
from tui.core.size import Size, at_least, same
from tui.core.tensor import Shape
from tui.formats.onnx.write_call import Call, Rule
from tui.formats.onnx.write_windows import FILLS

END: Final = 2**63 - 1
"""ONNX's end of an axis of any size."""


def in_order(call: Call) -> tuple[str, Shape]:
    """The input and its shape, ready for a layer that goes by the order of its elements.

    Where all channels stand at one position, or there is one channel, both forms have one order: the one that
    is there is taken, and no transposition is written.
    """
    name, first = call.either(dtype="")
    shape = call.shape()
    if first and (all(size == 1 for size in shape[1:-1]) or shape[-1] == 1):
        return name, call.shape_in(True)
    return call.x(dtype=""), shape


def _give(call: Call, name: str, first: bool = False, index: int = 0) -> None:
    """Give a tensor of the type of the input."""
    call.give(name, first, index, call.inputs[0].dtype)


def _reshaped(call: Call) -> None:
    _give(call, call.reshape(*in_order(call), call.expected[0].shape))


def _flatten(call: Call) -> None:
    kind, shape, out = call.kind, call.shape(), call.expected[0].shape
    if kind.axis is not None:
        axis = len(shape) if kind.axis == len(shape) else axis_at(kind.axis, shape)
        _give(call, call.op("Flatten", call.x(dtype=""), axis=axis))
    elif len(shape) > 1 and len(out) == 2 and axis_at(kind.start, shape) == 1:
        _give(call, call.op("Flatten", in_order(call)[0], axis=1))
    else:
        _reshaped(call)


def _reshape(call: Call) -> None:
    kind = call.kind
    if kind.whole and all(isinstance(size, int) for size in kind.shape) and kind.shape:
        zeros = {"allowzero": 1} if kind.allowzero and 0 in kind.shape else {}
        _give(call, call.op("Reshape", call.x(dtype=""), call.ints(kind.shape), **zeros))
        return
    _reshaped(call)


def _permute(call: Call) -> None:
    """A single transposition, also from an input that is there with its channels first."""
    kind, shape = call.kind, call.shape()
    rank = len(shape)
    if kind.swap is not None:
        a, b = axes_at(kind.swap, shape, "swap")
        order = [b if i == a else a if i == b else i for i in range(rank)]
    elif kind.axes is None:
        order = list(range(rank))[::-1]
    else:
        order = list(axes_at(kind.axes, shape, "axes"))
        order = order if len(order) == rank else [0, *order]
    name, first = call.either(dtype="")
    _give(call, call.permute(name, [call.axis(axis, first) for axis in order]))


def _squeeze(call: Call) -> None:
    kind, shape = call.kind, call.shape()
    if kind.axes is not None:
        dropped = axes_at(kind.axes, shape, "axes")
    else:
        dropped = tuple(i for i, size in enumerate(shape) if i >= (0 if kind.whole else 1) and same(size, 1))
    x = call.x(dtype="")
    _give(call, call.op("Squeeze", x, call.ints(dropped, "axes")) if dropped else x)


def _unsqueeze(call: Call) -> None:
    axes = axes_at(call.kind.axes, call.shape(), "axes", room=len(call.kind.axes))
    _give(call, call.op("Unsqueeze", call.x(dtype=""), call.ints(axes, "axes")))


def _expand(call: Call) -> None:
    asked = [1 if same(size, -1) else size for size in call.kind.shape]
    _give(call, call.op("Expand", call.x(dtype=""), call.ints(asked)))


def _repeat_vector(call: Call) -> None:
    row = call.op("Unsqueeze", call.x(dtype=""), call.ints([1], "axes"))
    _give(call, call.op("Expand", row, call.ints([1, call.kind.times, 1])))


def cut(call: Call, x: str, cuts: Sequence[tuple[int, Size, Size, Size]]) -> str:
    """Slices: axis, start, end and step of each axis that is cut."""
    if not cuts:
        return x
    axes, starts, ends, every = (list(column) for column in zip(*cuts, strict=True))
    given = [call.ints(starts, "start"), call.ints(ends, "end"), call.ints(axes, "axes")]
    return call.op("Slice", x, *given, *([] if all(same(s, 1) for s in every) else [call.ints(every, "steps")]))


def _slice(call: Call) -> None:
    x, first = call.either(dtype="")
    cuts = []
    for axis, start, end, step in call.kind._cuts(call.shape()):
        forward = at_least(step, 0) is True
        stop = end if end is not None else END if forward else -END
        cuts.append((call.axis(axis, first), start, stop, step))
    _give(call, cut(call, x, cuts), first)


def _split(call: Call) -> None:
    kind, shape, (x, first) = call.kind, call.shape(), call.either(dtype="")
    axis = kind.channel_axis(shape) if kind.axis is None else axis_at(kind.axis, shape)
    sizes = [out.shape[axis] for out in call.expected]
    place = call.axis(axis, first)
    if len(sizes) == 1:
        _give(call, call.op("Identity", x), first)
        return
    wanted = list(range(len(sizes)))
    if kind.parts is not None and not any(same(size, 0) for size in sizes):
        made = call.ops("Split", x, outputs=wanted, axis=place, num_outputs=len(sizes))
    else:
        made = call.ops("Split", x, call.ints(sizes, "sizes"), outputs=wanted, axis=place)
    for index, name in enumerate(made):
        _give(call, name, first, index)


def _tile(call: Call) -> None:
    repeats, shape, x = list(call.kind.repeats), call.shape(), call.x(dtype="")
    missing = len(repeats) - len(shape)
    if missing > 0:
        x = call.op("Unsqueeze", x, call.ints(list(range(missing)), "axes"))
    _give(call, call.op("Tile", x, call.ints([*(1,) * -missing, *repeats], "repeats")))


def _trilu(call: Call) -> None:
    upper = {} if call.kind.upper else {"upper": 0}
    k = [] if same(call.kind.k, 0) else [call.op("Squeeze", call.ints([call.kind.k], "diagonal"))]
    dtype = call.inputs[0].dtype
    wide = "int64" if "int" in dtype else dtype  # ONNX Runtime has it of no shorter whole numbers
    _give(call, call.typed(call.op("Trilu", call.x(dtype=wide), *k, **upper), wide, dtype))


def reversed_along(call: Call, x: str, axes: Sequence[int]) -> str:
    """The entries of some axes from the last to the first."""
    return cut(call, x, [(axis, -1, -END, -1) for axis in axes])


def _reverse(call: Call) -> None:
    x, first = call.either(dtype="")
    axes = () if call.kind.axis is None else axes_at(call.kind.axis, call.shape())
    _give(call, reversed_along(call, x, [call.axis(axis, first) for axis in axes]), first)


def framed(call: Call, first: bool) -> list[tuple[int, int]]:
    """What is added or cut at both ends of each axis, in a form of the input."""
    frame = call.kind.frame(call.shape())
    amounts = [(call.whole(a, "an amount"), call.whole(b, "an amount")) for a, b in frame]
    return [ends for _, ends in sorted(enumerate(amounts), key=lambda pair: call.axis(pair[0], first))]


def _pad(call: Call) -> None:
    kind, (x, first) = call.kind, call.either(dtype="")
    if kind.mode == "symmetric":
        call.fail("ONNX has no symmetric padding", "use mode=reflect")
    ends = framed(call, first)
    amounts = call.ints([a for a, _ in ends] + [b for _, b in ends], "pads")
    value, mode = getattr(kind, "value", 0.0), FILLS[kind.mode]
    more: list[str] = [call.const(value, call.inputs[0].dtype)] if mode == "constant" and value else []
    attributes: dict[str, Any] = {} if mode == "constant" else {"mode": mode}
    _give(call, call.op("Pad", x, amounts, *more, **attributes), first)


def _crop(call: Call) -> None:
    x, first = call.either(dtype="")
    cuts = [(axis, a, -b if b else END, 1) for axis, (a, b) in enumerate(framed(call, first)) if a or b]
    _give(call, cut(call, x, cuts) if cuts else call.op("Identity", x), first)


RULES: Final[Mapping[str, Rule]] = {
    "flatten": _flatten, "unflatten": _reshaped, "reshape": _reshape, "permute": _permute, "squeeze": _squeeze,
    "unsqueeze": _unsqueeze, "expand": _expand, "repeatvector": _repeat_vector, "slice": _slice, "split": _split,
    "tile": _tile, "trilu": _trilu, "reverse": _reverse,
    **dict.fromkeys(("pad", "reflectionpad", "replicationpad", "circularpad"), _pad), "crop": _crop,
}  # fmt: skip
