"""Attention without projections in ONNX's operators: (N, T, d), (N, h, T, d), or (N, T, h*d) with ``heads``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import inf
from typing import Final

from tui.core.size import Size
from tui.core.tensor import Shape
from tui.formats.onnx.write_attention import Heads, causal
from tui.formats.onnx.write_call import Call, Rule
from tui.formats.onnx.write_graph import FLOATS


def _attention(call: Call) -> None:
    """Scores, softmax and sums; heads that share keys and values stand beside them on an axis of their own."""
    kind, found = call.kind, call.kind.call(call.given)
    names, shapes, mask = _inputs(call)
    (query, keys, values), (q, k, v) = names, shapes
    presents: list[str] = []
    if kind.heads is not None:
        groups = kind.heads if kind.kv_heads is None else kind.kv_heads
        sizes = Heads(q[0], kind.heads, groups, q[1], found.seen)
        parts = [(query, q, kind.heads), (keys, k, groups), (values, v, groups)]
        query, keys, values = (
            call.permute(call.reshape(x, s, (*s[:2], n, s[2] // n)), [0, 2, 1, 3]) for x, s, n in parts
        )
        q, k, v = ((s[0], n, s[1], s[2] // n) for _, s, n in parts)
    else:
        sizes = Heads(q[0], q[1] if len(q) > 3 else 1, k[1] if len(q) > 3 else 1, q[-2], found.seen)
    if len(call.inputs) >= 5:
        past = len(call.inputs) - 2
        keys = call.op("Concat", call.x(past), keys, axis=-2)
        values = call.op("Concat", call.x(past + 1), values, axis=-2)
    presents = [keys, values]
    rank, grouped = len(q), sizes.heads != sizes.groups
    if grouped:
        apart: Shape = (q[0], sizes.groups, sizes.heads // sizes.groups, *q[2:])
        query = call.reshape(query, q, apart)
        keys, values = (call.op("Unsqueeze", x, call.ints([2], "axes")) for x in (keys, values))
        rank = 5
    weights = _scores(call, query, keys, rank, q[-1])
    shape: Shape = (*q[:-1], found.seen)
    weights = weights if not grouped else call.reshape(weights, (*apart[:-1], found.seen), shape)
    weights = call.op("Softmax", _masked(call, weights, mask, sizes, found.seen, len(shape)), axis=-1)
    spread = weights if not grouped else call.reshape(weights, shape, (*apart[:-1], found.seen))
    made = call.op("MatMul", spread, values)
    if grouped:
        made = call.reshape(made, (*apart[:-1], v[-1]), (*q[:-1], v[-1]))
    if kind.heads is not None:
        made = call.permute(made, [0, 2, 1, 3])
        made = call.reshape(made, (q[0], q[2], q[1], v[-1]), (q[0], q[2], q[1] * v[-1]))
    outputs = [made, *(presents if kind.return_present else []), *([weights] if kind.return_scores else [])]
    for index, name in enumerate(outputs):
        call.give(name, index=index)


def _inputs(call: Call) -> tuple[list[str], list[Shape], int | None]:
    """Query, key and value with their shapes, and which input is the mask."""
    count = len(call.inputs)
    if count >= 5:
        count -= 2
    mask = count - 1 if call.kind.mask and count > 1 else None
    places = list(range(count if mask is None else mask))
    places = [*places, places[-1], places[-1]][:3]
    return [call.x(i) for i in places], [call.shape(i) for i in places], mask


def _scores(call: Call, query: str, keys: str, rank: int, width: Size) -> str:
    """Products of query and key, scaled; or, where they are added, the sum of tanh(query + key)."""
    kind = call.kind
    if not kind.adds:
        turned = call.permute(keys, [*range(rank - 2), rank - 1, rank - 2])
        scores = call.op("MatMul", query, turned)
        if call.has("scale"):
            return call.op("Mul", scores, call.weight("scale"))
        if kind.settings.counting == "keras":
            return scores  # Keras scales by a weight only
        if isinstance(width, int):
            return call.op("Mul", scores, call.const(width**-0.5))
        return call.op("Div", scores, call.op("Sqrt", call.typed(call.ints([width], "width"), "int64", call.dtype)))
    left = call.op("Unsqueeze", query, call.ints([rank - 1], "axes"))
    right = call.op("Unsqueeze", keys, call.ints([rank - 2], "axes"))
    total = call.op("Add", left, right)
    if kind.name == "attention" and call.has("scale"):
        total = call.op("Mul", total, call.weight("scale"))
    total = call.op("Tanh", total)
    if kind.name == "additiveattention" and call.has("scale"):
        total = call.op("Mul", total, call.weight("scale"))
    scores = call.op("ReduceSum", total, call.ints([-1], "axes"), keepdims=0)
    return call.op("Mul", scores, call.weight("concat_score_weight")) if call.has("concat_score_weight") else scores


def _masked(call: Call, scores: str, mask: int | None, sizes: Heads, seen: Size, rank: int) -> str:
    if call.kind.causal:
        scores = call.op("Add", scores, causal(call, sizes.asking, seen))
    if mask is None:
        return scores
    shape, allows = call.shape(mask), call.inputs[mask].dtype not in FLOATS or call.kind.settings.counting == "keras"
    x = call.x(mask, "bool" if allows else None)
    if shape[-1] != seen:  # what a short mask does not name is hidden
        amounts: Sequence[Size] = [0] * (2 * len(shape) - 1) + [seen - shape[-1]]
        x = call.op("Pad", x, call.ints(amounts, "pads"), *([] if allows else [call.const(-inf)]))
    if len(shape) == 3 and rank == 4:
        x = call.op("Unsqueeze", x, call.ints([1], "axes"))
    return call.op("Where", x, scores, call.const(-inf)) if allows else call.op("Add", scores, x)


RULES: Final[Mapping[str, Rule]] = {"attention": _attention, "additiveattention": _attention}
