"""Layers with a sliding window in ONNX's operators: convolutions and pools, all with the channels behind the batch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import inf
from typing import Any, Final, TypeVar

from tui.core.argument import per_axis
from tui.core.size import Size, ceil_div, maximum, same
from tui.core.tensor import Shape
from tui.core.windows import ROUNDING_UP, ends_of, extent, pads
from tui.formats.onnx.write_call import Call, Rule
from tui.formats.onnx.write_functions import finish

AnySize = TypeVar("AnySize", int, Size)

AUTO: Final = {"same": "SAME_UPPER", "same_lower": "SAME_LOWER"}
FILLS: Final = {"constant": "constant", "reflect": "reflect", "replicate": "edge", "circular": "wrap"}
"""ONNX's words for what a padding holds."""


def steps(call: Call) -> dict[str, Any]:
    """Kernel, strides and dilations, those that are 1 left out."""
    kind, rank = call.kind, len(call.shape()) - 2
    found = {"kernel_shape": call.wholes(per_axis(kind.kernel, rank), "a kernel")}
    stride = kind.kernel if kind.stride is None else kind.stride
    for name, value in (("strides", stride), ("dilations", getattr(kind, "dilation", 1))):
        sizes = call.wholes(per_axis(value, rank), name)
        if sizes != [1] * rank:
            found[name] = sizes
    return found


def window(call: Call, spatial: Shape) -> dict[str, Any]:
    """The attributes of a window: kernel, strides, dilations, and the padding as a word or as sizes."""
    kind, found = call.kind, steps(call)
    if kind.padding in AUTO and "dilations" not in found:
        return {**found, "auto_pad": AUTO[kind.padding]}
    sizes = padding(call, spatial)
    return {**found, "pads": flat(sizes)} if any(map(any, sizes)) else found


def padded(call: Call, x: str, spatial: Shape, **fill: str) -> tuple[str, dict[str, Any]]:
    """The input, and the attributes of the window over it.

    Where the padding depends on a symbol and ONNX has no word for it (its own is wrong with dilations), the input
    is padded by a node of its own, by sizes that the model works out.
    """
    ends = ends_in(call, spatial)
    plain = all(isinstance(size, int) for both in ends for size in both)
    if "mode" not in fill and (plain or (call.kind.padding in AUTO and "dilations" not in steps(call))):
        return x, window(call, spatial)
    if plain and not any(map(any, ends)):
        return x, steps(call)
    amounts = call.ints(flat([(0, 0), (0, 0), *ends]), "pads")
    value = [fill.pop("value")] if "value" in fill else []
    return call.op("Pad", x, amounts, *value, **fill), steps(call)


def ends_in(call: Call, spatial: Shape) -> list[tuple[Size, Size]]:
    """The padding of both ends of each axis."""
    kind, rank = call.kind, len(spatial)
    sizes = (kind.kernel, kind.kernel if kind.stride is None else kind.stride, kind.dilation)
    columns = (per_axis(size, rank) for size in sizes)
    return [pads(n, *rest) for n, *rest in zip(spatial, *columns, ends_of(kind.padding, rank), strict=True)]


def padding(call: Call, spatial: Shape) -> list[tuple[int, int]]:
    """The same in numbers; raises WriteError where it depends on a symbol."""
    return [(call.whole(a, "a padding"), call.whole(b, "a padding")) for a, b in ends_in(call, spatial)]


def flat(ends: Sequence[tuple[AnySize, AnySize]]) -> list[AnySize]:
    """All first ends, then all last ends, as ONNX lists them."""
    return [first for first, _ in ends] + [last for _, last in ends]


def turned(shape: Shape, rank: int) -> list[Size]:
    """Our kernel (window..., C, filters) in ONNX's order (filters, C, window...)."""
    return [shape[-1], shape[-2], *shape[:rank]]


def _convolved(call: Call, x: str, attributes: Mapping[str, Any], kernel: str, group: Size, bias: bool) -> str:
    weights = [kernel, *([call.weight("bias")] if bias else [])]
    groups = call.whole(group, "groups")
    return call.op("Conv", x, *weights, **attributes, **({"group": groups} if groups != 1 else {}))


def _conv(call: Call) -> None:
    kind, x = call.kind, call.first()
    spatial = kind.spatial(call.shape())
    fill = {} if kind.padding_mode == "zeros" else {"mode": FILLS[kind.padding_mode]}
    x, attributes = padded(call, x, spatial, **fill)
    kernel = call.weight("kernel", turned(call.weights["kernel"].shape, len(spatial)))
    finish(call, _convolved(call, x, attributes, kernel, kind.groups, kind.bias), True)


def _depthwise_kernel(call: Call, name: str, rank: int) -> str:
    *taps, channels, times = call.weights[name].shape
    return call.weight(name, [channels * times, 1, *taps])


def _depthwise(call: Call) -> None:
    kind, spatial = call.kind, call.kind.spatial(call.shape())
    kernel = _depthwise_kernel(call, "kernel", len(spatial))
    channels = kind.channels(call.shape())
    x, attributes = padded(call, call.first(), spatial)
    finish(call, _convolved(call, x, attributes, kernel, channels, kind.bias), True)


def _separable(call: Call) -> None:
    kind, spatial = call.kind, call.kind.spatial(call.shape())
    rank = len(spatial)
    kernel = _depthwise_kernel(call, "depthwise_kernel", rank)
    channels = kind.channels(call.shape())
    x, attributes = padded(call, call.first(), spatial)
    between = _convolved(call, x, attributes, kernel, channels, False)
    mixing = call.weight("pointwise_kernel", turned(call.weights["pointwise_kernel"].shape, rank))
    finish(call, _convolved(call, between, {"kernel_shape": [1] * rank}, mixing, 1, kind.bias), True)


def _transposed(call: Call) -> None:
    kind, found, rank = call.kind, steps(call), len(call.shape()) - 2
    ends, extra = [], []
    asked = kind.output_size is not None
    for n, k, s, d, words, o, size in kind.axes(kind.spatial(call.shape())):
        first, last, more = _cut(call, n, extent(k, d), s, words, o, size)
        ends.append((first, last))
        extra.append(more)
        if more >= call.whole(s, "a stride"):
            asked_for = f"output_size={size} is more than its windows reach" if asked else f"{more} units are added"
            call.fail(f"{asked_for}: ONNX Runtime refuses to add as many as the stride", "make the stride larger")
    if asked and not any(extra):
        found["output_shape"] = call.wholes(per_axis(kind.output_size, rank), "an output size")
    else:
        found |= {"pads": flat(ends)} if any(map(any, ends)) else {}
        found |= {"output_padding": extra} if any(extra) else {}
    group = call.whole(kind.groups, "groups")
    weights = [call.weight("kernel"), *([call.weight("bias")] if kind.bias else [])]
    finish(call, call.op("ConvTranspose", call.first(), *weights, **found, **({"group": group} if group > 1 else {})),
           True)  # fmt: skip


def _cut(call: Call, n: Size, e: Size, s: Size, ends: Any, o: Size | None, size: Size | None) -> tuple[int, int, int]:
    """What is cut off both ends of ``(n - 1)*s + e``, and what is added at the last one.

    Words are Keras's: same gives ``n*s`` and valid at least that, which takes units added where a window is
    shorter than its stride. ONNX wants an addition below the stride: what can be is taken off the last cut.
    """
    added = 0 if o is None else o
    if size is not None:
        total = (n - 1) * s + e + added - size
        if isinstance(total, int):
            return (total // 2, total - total // 2, 0) if total >= 0 else (0, 0, -total)
        return 0, 0, 0  # the model works it out from the size that is asked for
    if not isinstance(ends, str):
        first, last, more = (call.whole(value, "a padding") for value in (*ends, added))
        if more >= call.whole(s, "a stride"):
            first, last, more = first, max(last - more, 0), max(more - last, 0)
        return first, last, more
    extra = call.whole(e - s if o is None else 2 * (e // 2), "a kernel")
    if ends == "valid":
        return 0, 0, max(-extra, 0) if o is None else call.whole(added, "an output padding")
    total = extra - call.whole(added, "an output padding")
    half = -(-max(total, 0) // 2) if ends == "same_lower" else max(total, 0) // 2
    return half, max(total, 0) - half, max(-total, 0)


def pooled(call: Call, fill: float = 0.0) -> tuple[str, dict[str, Any]]:
    """The input of a pool, and the attributes of its window; ``fill`` is what a padding of its own holds.

    Where a last window would start in the padding, versions of ONNX disagree on ``ceil_mode``: the padding of the
    last end is then written out instead.
    """
    kind, spatial = call.kind, call.kind.spatial(call.shape())
    x = call.first()
    if not kind.ceil_mode or kind.padding in ROUNDING_UP:
        value = {} if not fill or not isinstance(kind.padding, str) else {"value": call.const(fill)}
        return padded(call, x, spatial, **value)
    found, ends, out = steps(call), ends_in(call, spatial), kind.spatial(call.expected[0].shape)
    written, drops = list[tuple[Size, Size]](), False
    for n, m, (first, last), axis in zip(spatial, out, ends, range(len(spatial)), strict=True):
        s, d = (found[name][axis] if name in found else 1 for name in ("strides", "dilations"))
        e = extent(found["kernel_shape"][axis], d)
        drops = drops or (last != 0 and same(m, ceil_div(n + first + last - e, s) + 1) is not True)
        written.append((first, maximum((m - 1) * s + e - n - first, 0)))
    if not drops:
        return x, {**window(call, spatial), "ceil_mode": 1}
    if all(isinstance(last, int) for _, last in written):
        return x, {**found, "pads": [call.whole(size, "a padding") for size in flat(written)]}
    amounts = call.ints(flat([(0, 0), (0, 0), *written]), "pads")
    return call.op("Pad", x, amounts, call.const(fill)), found


def _max_pool(call: Call) -> None:
    x, found = pooled(call, -inf)
    if not call.kind.return_indices:
        call.give(call.op("MaxPool", x, **found), True)
        return
    largest, places = call.ops("MaxPool", x, outputs=[0, 1], **found)
    call.give(largest, True)
    call.give(places, True, 1, "int64")


def _avg_pool(call: Call) -> None:
    kind, (x, found) = call.kind, pooled(call)
    counts = kind.count_include_pad and "auto_pad" not in found and "pads" in found
    result = call.op("AveragePool", x, **found, **({"count_include_pad": 1} if counts else {}))
    if kind.divisor_override is not None:
        taps = 1
        for size in found["kernel_shape"]:
            taps *= size
        result = call.op("Mul", result, call.const(taps / call.whole(kind.divisor_override, "a divisor")))
    call.give(result, True)


def whole_norm(call: Call) -> int:
    """The p of a norm, which ONNX has as a whole number."""
    norm = float(call.kind.norm)
    if not norm.is_integer() or norm < 1:
        call.fail(f"norm={norm:g}, and ONNX takes whole norms of at least 1", "write norm=2")
    return int(norm)


def _lp_pool(call: Call) -> None:
    x, found = pooled(call)
    call.give(call.op("LpPool", x, p=whole_norm(call), **found), True)


def _max_unpool(call: Call) -> None:
    kind, rank = call.kind, len(call.shape()) - 2
    # Of pooling that is turned round the padding is given in numbers.
    given = [end if isinstance(end, tuple) else (0, 0) for end in ends_of(kind.padding, rank)]
    ends = [(call.whole(a, "a padding"), call.whole(b, "a padding")) for a, b in given]
    found = {"pads": flat(ends)} if any(map(any, ends)) else {}
    more = []
    if kind.output_size is not None:
        shape = call.expected[0].shape
        more = [call.ints([shape[0], kind.channels(shape), *kind.spatial(shape)])]
    x, places = call.first(0), call.first(1, "int64")
    call.give(call.op("MaxUnpool", x, places, *more, **steps(call), **found), True)


RULES: Final[Mapping[str, Rule]] = {
    "conv": _conv, "depthwise": _depthwise, "separable": _separable, "convtranspose": _transposed,
    "maxpool": _max_pool, "avgpool": _avg_pool, "lppool": _lp_pool, "maxunpool": _max_unpool,
}  # fmt: skip
