"""Pools in Keras: padding that a maximum must not see, windows that hang over the end, means that count the padding."""

from __future__ import annotations

from typing import Final

from tui.core.size import Size, same, symbols
from tui.core.windows import extent, slide
from tui.formats.keras.write_call import Call
from tui.formats.keras.write_program import Ref
from tui.formats.keras.write_row import Refs, Row
from tui.formats.keras.write_windows import PADDING, Axes, Pairs, filled, framed, numbers

LOWEST: Final = {"float16": -65504.0, "bfloat16": -3.3895313892515355e38, "float64": -1.7976931348623157e308}
"""The lowest number of a type; a maximum never takes it where there is another. JSON has no infinities."""
LOWEST_FLOAT32: Final = -3.4028234663852886e38

NOT_BELOW_ZERO: Final = frozenset((
    "relu", "relu6", "sigmoid", "hardsigmoid", "softplus", "exponential", "abs", "square", "sqrt", "softmax",
    "reducel1", "reducel2",
))  # fmt: skip
"""Functions, as kinds and as the activation of a layer, that give nothing below 0."""
KEEPS_SIGN: Final = frozenset((
    "identity", "dropout", "spatialdropout", "droppath", "maxpool", "avgpool", "adaptiveavgpool", "adaptivemaxpool",
    "globalavgpool", "globalmaxpool", "flatten", "reshape", "permute", "add", "multiply", "maximum", "concat",
    "average", "upsampling", "resizing", "crop", "pad",
))  # fmt: skip
"""Kinds that give nothing below 0 where nothing below 0 comes in."""


def pool(call: Call, row: Row) -> Refs:
    """Pools: padding that a maximum must not see, windows that hang over the end, means that count the padding."""
    args, axes, kind = row.values(call), Axes(call), call.kind
    largest, word = row.class_name.startswith("Max"), kind.padding
    if any(size != 1 for size in axes.dilation):
        call.refuse("its pools have no dilation", "leave dilation out")
    if largest and kind.return_indices and call.is_read(1):
        call.refuse("its pools give no indices", "leave return_indices out")
    if largest and kind.return_indices:
        call.differs("the indices, which no layer reads, are left out")
    counts = not largest and kind.count_include_pad
    if word == "same" and not (counts and "count_include_pad" in call.given):
        return row.layer(call, {**args, "padding": "same"})
    frame = axes.pads()
    over = [_hanging(*axis) for axis in zip(axes.sizes, axes.kernel, axes.stride, frame, strict=True)] if (
        kind.ceil_mode) else [0] * call.rank  # fmt: skip
    wide = numbers(call, [(a, b + more) for (a, b), more in zip(frame, over, strict=True)])
    args["padding"] = "valid"
    if not any(end for pair in wide for end in pair):
        return row.layer(call, args)
    if axes.is_same() and not counts:
        call.rewritten('the padding is what padding="same" adds at a stride of 1')
        return row.layer(call, {**args, "padding": "same"})
    padded = any(not same(end, 0) for pair in frame for end in pair)
    if wide == axes.same_pads() and (largest or not (padded and counts)):
        call.rewritten('what hangs over the end, or is padded, is what padding="same" adds for this size')
        return row.layer(call, {**args, "padding": "same"})
    if largest:
        return row.layer(call, args, reads=lowest(call, wide))
    if any(same(more, 0) is not True for more in over):
        call.refuse("a mean over a window that hangs over the end counts what is there only", "leave ceil_mode out")
    if not counts:
        call.refuse("its means count zeros of a padding by sizes", "use padding=same, or count_include_pad=true")
    call.rewritten("the padding is a ZeroPadding layer before the pool, so that the mean counts it")
    return row.layer(call, args, reads=framed(call, wide, suffix=PADDING))


def _hanging(n: Size, k: Size, s: Size, ends: tuple[Size, Size]) -> Size:
    """How far the last window of ``ceil_mode`` hangs over the padded end; below 0 it does not."""
    first, last = ends
    more = (slide(n, k, s, 1, ends, True) - 1) * s + extent(k, 1) - (n + first + last)
    return more if symbols(more) else max(int(str(more)), 0)


def lowest(call: Call, frame: Pairs) -> Ref:
    """The input of a maximum, padded with what never is the largest: zeros where nothing is below them."""
    if not_below_zero(call, call.node.inputs[0].node):
        call.rewritten("the padding is a ZeroPadding layer before the pool: nothing that comes in is below 0")
        return framed(call, frame, suffix=PADDING)
    call.rewritten("the padding is keras.ops.pad with the lowest number, which a maximum never takes")
    value = LOWEST.get(call.inputs[0].dtype, LOWEST_FLOAT32)
    return filled(call, frame, "constant", constant_values=value)


def not_below_zero(call: Call, place: int) -> bool:
    """Whether a node gives nothing below 0, as far as its kind says and those that it reads."""
    waiting, seen = [place], set[int]()
    while waiting:
        at = waiting.pop()
        if at in seen:
            continue
        seen.add(at)
        node = call.writing.graph.nodes[at]
        kind, applied = node.kind, getattr(node.kind, "activation", "linear")
        if kind.name in NOT_BELOW_ZERO:
            if kind.name == "relu" and getattr(kind, "negative_slope", 0) != 0:
                return False
        elif applied in NOT_BELOW_ZERO:
            continue
        elif kind.name in KEEPS_SIGN:
            if kind.name == "pad" and getattr(kind, "value", 0.0) < 0:
                return False
            waiting += [wire.node for wire in node.inputs]
        else:
            return False
    return True


def adaptive(call: Call, row: Row) -> Refs:
    """Pools with a given output; an axis that is kept has the size of the input."""
    kind = call.kind
    if getattr(kind, "return_indices", False):
        if call.is_read(1):
            call.refuse("its pools give no indices", "leave return_indices out")
        call.differs("the indices, which no layer reads, are left out")
    sizes = call.numbers(kind.spatial(call.outputs[0].shape), "the output size")
    asked = kind.size
    size = asked if not isinstance(asked, tuple) and asked == sizes[0] else sizes[0] if len(sizes) == 1 else sizes
    return row.layer(call, {"output_size": size})
