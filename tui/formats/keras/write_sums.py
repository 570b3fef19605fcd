"""Reductions, products and norms that Keras writes with functions of ``keras.ops``."""

from __future__ import annotations

from collections.abc import Callable
from math import prod
from typing import Any

from tui.core.axes import axes_at, axis_at
from tui.formats.keras.write_call import Call
from tui.formats.keras.write_program import POSITIONAL, Ref
from tui.formats.keras.write_row import Args, Refs, Row
from tui.formats.keras.write_windows import Axes, framed, numbers


def reduction(name: str, before: str = "", after: str = "") -> Callable[[Call, Row], Refs]:
    """A function along some axes, with another one before and after it."""

    def how(call: Call, row: Row) -> Refs:
        kind, ndim = call.kind, len(call.shape)
        axes = axes_at(kind.axes, call.shape) if kind.axes else () if kind.noop_with_empty_axes else tuple(range(ndim))
        x = call.op(before, call.refs[0]) if before else call.refs[0]
        if axes or not kind.noop_with_empty_axes:
            axis: Any = None if len(axes) == ndim else axes[0] if len(axes) == 1 else axes
            keep: Args = {"keepdims": True} if kind.keepdims else {}
            x = call.op(name, x, axis=axis, **keep)
        elif not before and not after:
            return (call.layer("Identity", {}),)
        return (call.op(after, x) if after else x,)

    return how


def arg(name: str) -> Callable[[Call, Row], Refs]:
    """Where the largest or smallest stands."""

    def how(call: Call, row: Row) -> Refs:
        if call.kind.select_last_index:
            call.refuse("of equals it takes the first", "leave select_last_index out")
        keep: Args = {"keepdims": True} if call.kind.keepdims else {}
        return (call.op(name, call.refs[0], axis=call.kind.axis, **keep),)

    return how


def topk(call: Call, row: Row) -> Refs:
    """Along the last axis; another one is moved there and back."""
    kind, x, ndim = call.kind, call.refs[0], len(call.shape)
    axis, k = axis_at(kind.axis, call.shape), call.number(kind.k, "k")
    moved = axis != ndim - 1
    if moved:
        x = call.op("moveaxis", x, source=axis, destination=-1)
    if not kind.largest:
        x = call.op("negative", x)
    config: Args = {} if kind.sorted else {"sorted": False}
    made = call.op("top_k", x, k=k, outputs=2, **config)
    values, places = Ref(made.step, 0), Ref(made.step, 1)
    if not kind.largest:
        values = call.op("negative", values)
    if moved:
        values, places = (call.op("moveaxis", one, source=-1, destination=axis) for one in (values, places))
    return values, places


def running(name: str, undo: str) -> Callable[[Call, Row], Refs]:
    """A running sum or product; ``undo`` takes an element out again."""

    def how(call: Call, row: Row) -> Refs:
        kind, x = call.kind, call.refs[0]
        start = call.op("flip", x, axis=kind.axis) if kind.reverse else x
        if kind.exclusive and undo == "divide":
            call.refuse("a product without the element itself would divide by it", "leave exclusive out")
        made = call.op(name, start, axis=kind.axis)
        if kind.exclusive:
            made = call.op(undo, made, start)
        return (call.op("flip", made, axis=kind.axis) if kind.reverse else made,)

    return how


def gemm(call: Call, row: Row) -> Refs:
    kind = call.kind
    a, b, *rest = call.refs
    a = call.op("transpose", a, axes=(1, 0)) if kind.transa else a
    b = call.op("transpose", b, axes=(1, 0)) if kind.transb else b
    made = call.op("matmul", a, b)
    if kind.alpha != 1:
        made = call.op("multiply", made, kind.alpha)
    for c in rest:
        made = call.op("add", made, c if kind.beta == 1 else call.op("multiply", c, kind.beta))
    return (made,)


def dot(call: Call, row: Row) -> Refs:
    """``layers.Dot``: an axis of both, or one of each, the batch left alone."""
    kind = call.kind
    named = kind.axes if isinstance(kind.axes, tuple) else (kind.axes,)
    axes: Any = named[0] if len(named) == 1 else named
    return row.layer(call, {"axes": axes, "normalize": kind.normalize}, reads=call.refs)


def einsum(call: Call, row: Row) -> Refs:
    return (call.op("einsum", *call.refs, subscripts=call.kind.equation),)


def bilinear(call: Call, row: Row) -> Refs:
    """The outer product of both, then EinsumDense over its two axes."""
    kind, ndim = call.kind, len(call.shape)
    units = call.number(kind.units, "units")
    lead = "abcdefgh"[: ndim - 1]
    call.rewritten("the outer product of both inputs, and EinsumDense over its two axes")
    outer = call.op("einsum", *call.refs, subscripts=f"{lead}x,{lead}y->{lead}xy")
    shape = tuple(None if i == 0 or not isinstance(n, int) else n for i, n in enumerate(call.shape[:-1]))[1:]
    args = {"equation": f"{lead}xy,xyz->{lead}z", "output_shape": (*shape, units),
            **({"bias_axes": "z"} if kind.bias else {})}  # fmt: skip
    return (call.layer("EinsumDense", args, outer, ways={"equation": POSITIONAL}),)


def cosine(call: Call, row: Row) -> Refs:
    a, b = call.refs
    axis = call.kind.axis
    inner = call.op("sum", call.op("multiply", a, b), axis=axis)
    lengths = [call.op("sqrt", call.op("sum", call.op("square", x), axis=axis)) for x in (a, b)]
    return (call.op("divide", inner, call.op("maximum", call.op("multiply", *lengths), 1e-8)),)


def distance(call: Call, row: Row) -> Refs:
    kind = call.kind
    gap = call.op("add", call.op("subtract", *call.refs), 1e-6)
    keep: Args = {"keepdims": True} if kind.keepdims else {}
    if kind.p == 2:
        return (call.op("sqrt", call.op("sum", call.op("square", gap), axis=-1, **keep)),)
    if kind.p == 0 or kind.p == float("inf"):
        call.refuse("only norms by sums of powers are written", "give another p")
    powers = call.op("power", call.op("absolute", gap), kind.p)
    return (call.op("power", call.op("sum", powers, axis=-1, **keep), 1 / kind.p),)


def lppool(call: Call, row: Row) -> Refs:
    """The mean of the powers times the size of the window, and its root."""
    kind, axes = call.kind, Axes(call)
    if any(size != 1 for size in axes.dilation) or kind.ceil_mode or kind.norm == 0:
        call.refuse("it is written by a mean over whole windows", "leave dilation, ceil_mode and norm=0 out")
    window = call.numbers(axes.kernel, "the kernel")
    call.rewritten("the mean of the powers times the size of the window, and its root")
    powers = call.op("power", call.op("absolute", call.refs[0]), kind.norm)
    frame = numbers(call, axes.pads())
    if any(end for pair in frame for end in pair):
        powers = framed(call, frame, powers)
    args = {"pool_size": window, "strides": call.numbers(axes.stride, "the stride")}
    means = call.layer(f"AveragePooling{call.rank}D", args, powers, ways={"pool_size": POSITIONAL})
    return (call.op("power", call.op("multiply", means, float(prod(window))), 1 / kind.norm),)


def globallppool(call: Call, row: Row) -> Refs:
    kind, ndim = call.kind, len(call.shape)
    axes = tuple(range(1, ndim - 1)) if call.channels_last else tuple(range(2, ndim))
    powers = call.op("power", call.op("absolute", call.refs[0]), kind.norm)
    keep: Args = {"keepdims": True} if kind.keepdims else {}
    total = call.op("sum", powers, axis=axes, **keep)
    return (call.op("power", total, 1 / kind.norm),)


def localresponse(call: Call, row: Row) -> Refs:
    """The sum of squares over neighbouring channels is the difference of two running sums."""
    kind, ndim = call.kind, len(call.shape)
    size, axis = call.number(kind.size, "size"), kind.channel_axis(call.shape)
    call.rewritten("the sum over neighbouring channels is the difference of two running sums")
    frame = [(0, 0)] * ndim
    frame[axis] = (size // 2 + 1, (size - 1) // 2)
    squares = call.op("pad", call.op("square", call.refs[0]), pad_width=tuple(frame))
    sums = call.op("cumsum", squares, axis=axis)
    ends = [[slice(None)] * ndim, [slice(None)] * ndim]
    ends[0][axis], ends[1][axis] = slice(size, None), slice(None, -size)
    late, early = (call.op("get_item", sums, key) for key in ends)
    total = call.op("multiply", call.op("subtract", late, early), kind.alpha / size)
    return (call.op("divide", call.refs[0], call.op("power", call.op("add", total, kind.k), kind.beta)),)


def meanvariance(call: Call, row: Row) -> Refs:
    """ONNX's: to mean 0 and variance 1, with 1e-9 in the root."""
    x, axes = call.refs[0], axes_at(call.kind.axis, call.shape)
    centred = call.op("subtract", x, call.op("mean", x, axis=axes, keepdims=True))
    spread = call.op("sqrt", call.op("add", call.op("var", x, axis=axes, keepdims=True), 1e-9))
    return (call.op("divide", centred, spread),)


def embeddingbag(call: Call, row: Row) -> Refs:
    """An embedding, and the sum, mean or maximum of the rows of a bag."""
    kind = call.kind
    if len(call.refs) > 1:
        call.refuse("its tensors have no bags of different sizes", "give the bags as rows, without offsets")
    padding(call)
    args = {name: call.number(call.kind.__dict__[ours], name) for name, ours in
            (("input_dim", "num_embeddings"), ("output_dim", "embedding_dim"))}  # fmt: skip
    rows = call.layer("Embedding", args, ways=dict.fromkeys(args, POSITIONAL))
    return (call.op(kind.mode, rows, axis=1),)


def padding(call: Call) -> None:
    """Report a row that stays zero: Keras trains it as any other."""
    if call.kind.padding_idx is not None:
        call.differs(f"row {call.kind.padding_idx} stays zero here; Keras trains it")


def embedding(call: Call, row: Row) -> Refs:
    """An embedding; one that a dense layer reads backwards is a ReversibleEmbedding, which has no lora_rank."""
    padding(call)
    owner = call.place if call.node.shares is None else call.node.shares
    if owner not in call.writing.reversed:
        return row.layer(call)
    args = {name: value for name, value in row.values(call).items() if name != "lora_rank"}
    return row.layer(call, args, class_name="ReversibleEmbedding")


def layerscale(call: Call, row: Row) -> Refs:
    """A factor for each channel: EinsumDense whose kernel has one axis."""
    ndim = len(call.shape)
    axis = call.kind.channel_axis(call.shape)
    letters = "abcdefgh"[:ndim]
    if axis == 0:
        call.refuse("it takes the first axis for the batch", "give the input another axis")
    shape = tuple(n if isinstance(n, int) else None for n in call.shape[1:])
    call.rewritten("EinsumDense with a kernel of one factor for each channel")
    args = {"equation": f"{letters},{letters[axis]}->{letters}", "output_shape": shape,
            **({"bias_axes": letters[axis]} if call.kind.bias else {})}  # fmt: skip
    return (call.layer("EinsumDense", args, ways={"equation": POSITIONAL}),)


def squeezeexcitation(call: Call, row: Row) -> Refs:
    """The mean of all channels through two convolutions of kernel 1, times the input."""
    kind, rank = call.kind, call.rank
    if rank not in (1, 2, 3):
        call.refuse("it needs 1 to 3 spatial axes", "put it behind a convolution")
    call.rewritten("the mean of each channel, two convolutions of kernel 1, and a product")
    bias = {} if kind.bias else {"use_bias": False}
    ways = {"filters": POSITIONAL, "kernel_size": POSITIONAL}

    def mixed(filters: Any, activation: str, reads: Ref, suffix: str) -> Ref:
        args = {"filters": call.number(filters, "filters"), "kernel_size": 1, "activation": activation, **bias}
        return call.layer(f"Conv{rank}D", args, reads, suffix=suffix, ways=ways)

    call.marked = True
    mean = call.layer(f"GlobalAveragePooling{rank}D", {"keepdims": True}, suffix="squeeze")
    reduced = mixed(kind.squeeze, "relu", mean, "reduce")
    weights = mixed(kind.channels(call.shape), "sigmoid", reduced, "expand")
    return (call.layer("Multiply", {}, (call.refs[0], weights)),)
