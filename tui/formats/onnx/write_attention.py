"""Attention in ONNX's operators: projections, scores, softmax and sums, each product a MatMul.

Opset 23 has an operator Attention, which few runtimes read yet.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import inf
from typing import Final, NamedTuple

from tui.core.layout import Places
from tui.core.size import Size, product
from tui.core.tensor import Shape
from tui.formats.onnx.write_call import Call, Rule
from tui.formats.onnx.write_dense import affine


class Heads(NamedTuple):
    """Sizes of one attention: batch, heads of the query and of key and value, query and key positions."""

    batch: Size
    heads: Size
    groups: Size
    asking: Size
    seen: Size


def split(call: Call, x: str, sizes: Heads, steps: Size, heads: Size, width: Size, keys: bool = False) -> str:
    """(N, T, h*d) as (N, h, T, d), or (N, h, d, T) for the keys of a product.

    With fewer heads of key and value (g) the heads of the query stand beside theirs: (N, g, h/g, T, d) and
    (N, g, 1, T, d), so that the product stretches and nothing is copied.
    """
    n, g = sizes.batch, sizes.groups
    whole: Shape = (n, steps, heads * width)
    if sizes.heads == g:
        apart: Shape = (n, steps, heads, width)
        return call.permute(call.reshape(x, whole, apart), [0, 2, 3, 1] if keys else [0, 2, 1, 3])
    apart = (n, steps, g, heads // g, width)
    return call.permute(call.reshape(x, whole, apart), [0, 2, 3, 4, 1] if keys else [0, 2, 3, 1, 4])


def attended(call: Call, query: str, keys: str, values: str, scale: float, mask: str = "") -> tuple[str, str]:
    """The weighted sums of the values, and the weights: softmax of ``scale*query @ keys + mask``."""
    scores = call.op("MatMul", query, keys)
    if scale != 1:
        scores = call.op("Mul", scores, call.const(scale))
    if mask:
        scores = call.op("Add", scores, mask)
    weights = call.op("Softmax", scores, axis=-1)
    return call.op("MatMul", weights, values), weights


def joined(call: Call, x: str, sizes: Heads, width: Size) -> str:
    """(N, h, T, d), or (N, g, h/g, T, d), as (N, T, h*d)."""
    n, h, g, t = sizes.batch, sizes.heads, sizes.groups, sizes.asking
    if h == g:
        return call.reshape(call.permute(x, [0, 2, 1, 3]), (n, t, h, width), (n, t, h * width))
    moved = call.permute(x, [0, 3, 1, 2, 4])
    return call.reshape(moved, (n, t, g, h // g, width), (n, t, h * width))


def causal(call: Call, asking: Size, seen: Size, past: int = 0) -> str:
    """What is added to scores so that a position sees only those before it, and ``past`` more."""
    everything = call.filled([asking, seen], -inf)
    return call.op("Trilu", everything, call.op("Squeeze", call.ints([1 + past], "diagonal")), upper=1)


def _flat(call: Call, index: int, places: Places) -> str:
    """An input as (batch, steps, features)."""
    kind, shape, x = call.kind, call.shape(index), call.x(index)
    if kind.unbatched:
        return call.op("Unsqueeze", x, call.ints([0], "axes"))
    if len(shape) == 3:
        return x if kind.batch_first else call.permute(x, [1, 0, 2])
    order = _order(call, shape)
    moved = call.permute(x, order)
    whole: Shape = (product(places.batch), product(places.steps), places.width)
    return call.reshape(moved, tuple(shape[i] for i in order), whole)


def _order(call: Call, shape: Shape) -> list[int]:
    """The axes that are not attended over, those that are, and the features."""
    last = len(shape) - 1
    axes = call.kind.attention_axes
    over = list(range(1, last)) if axes is None else [axis % len(shape) for axis in axes]
    return [*(i for i in range(last) if i not in over), *over, last]


def _unflat(call: Call, x: str, places: Places, features: Shape) -> str:
    """(batch, steps, features) in the layout of the query."""
    kind, shape = call.kind, call.shape()
    whole: Shape = (product(places.batch), product(places.steps), product(features))
    if kind.unbatched:
        return call.reshape(call.op("Squeeze", x, call.ints([0], "axes")), whole[1:], (*shape[:-1], *features))
    if len(shape) == 3:
        x = x if kind.batch_first else call.permute(x, [1, 0, 2])
        return call.reshape(x, (*shape[:-1], whole[-1]), (*shape[:-1], *features))
    order = _order(call, shape)[:-1]
    apart = (*(shape[i] for i in order), *features)
    back = [order.index(i) for i in range(len(order))]
    return call.permute(call.reshape(x, whole, apart), [*back, *range(len(order), len(apart))])


def _project(call: Call, x: str, name: str, inner: Shape, outer: Shape) -> str:
    kernel = call.weight(f"{name}_kernel", [product(inner), product(outer)])
    bias = call.weight(f"{name}_bias", [product(outer)]) if call.has(f"{name}_bias") else ""
    return affine(call, x, kernel, bias)


def _longer(call: Call, x: str, learned: str, batch: Size, width: Size) -> str:
    """One more key or value for each thing that the layer adds: a learned one, zeros."""
    row: Shape = (batch, 1, width)
    parts = [x]
    if call.kind.add_bias_kv:
        parts.append(call.op("Expand", call.weight(learned, [1, 1, width]), call.ints(row)))
    if call.kind.add_zero_attn:
        parts.append(call.filled(row, 0))
    return x if len(parts) == 1 else call.op("Concat", *parts, axis=1)


def _multi_head(call: Call) -> None:
    kind = call.kind
    query, key, heads = kind.call(call.given)
    last = len(call.inputs) - 1
    sources = [_flat(call, 0, query)]
    for index in (min(1, last), last):
        sources.append(_flat(call, index, kind.places(call.shape(index))) if index else sources[0])
    projections = {name: (inner, outer) for name, inner, outer in heads.projections()}
    q, k, v = (_project(call, x, name, *projections[name]) for x, name in zip(
        sources, ("query", "key", "value"), strict=True))  # fmt: skip
    h, groups = kind.heads, kind.heads if kind.kv_heads is None else kind.kv_heads
    seen = kind.seen(key)
    sizes = Heads(product(query.batch), h, groups, query.positions, seen)
    k = _longer(call, k, "key_added", sizes.batch, product(heads.keyed))
    v = _longer(call, v, "value_added", sizes.batch, product(heads.valued))
    wide, wider = product(heads.asked) // h, product(heads.joined) // h
    mask = causal(call, sizes.asking, seen, kind.add_bias_kv + kind.add_zero_attn) if kind.causal else ""
    made, weights = attended(
        call,
        split(call, q, sizes, sizes.asking, h, wide),
        split(call, k, sizes, seen, groups, wide, keys=True),
        split(call, v, sizes, seen, groups, wider),
        call.whole(wide, "the width of a head") ** -0.5,
        mask,
    )
    made = joined(call, made, sizes, wider)
    if kind.gate:
        made = call.op("Mul", made, call.op("Sigmoid", _project(call, sources[0], "gate", *projections["gate"])))
    made = _project(call, made, "output", *projections["output"])
    call.give(_unflat(call, made, query, heads.output))
    if kind.return_weights != "none":
        shape: Shape = (sizes.batch, h, sizes.asking, seen)
        if h != groups:
            weights = call.reshape(weights, (sizes.batch, groups, h // groups, *shape[2:]), shape)
        if kind.return_weights == "mean":
            weights = call.op("ReduceMean", weights, call.ints([1], "axes"), keepdims=0)
            shape = (shape[0], *shape[2:])
        call.give(call.reshape(weights, shape, call.expected[1].shape), index=1)


RULES: Final[Mapping[str, Rule]] = {"multiheadattention": _multi_head}
