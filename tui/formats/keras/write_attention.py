"""Attention in Keras: its layers take query, value, key; our lines query, key, value."""

from __future__ import annotations

from typing import Any

from tui.core.axes import axes_at
from tui.core.size import Size, same
from tui.formats.keras.write_call import Call
from tui.formats.keras.write_program import KEYWORD, POSITIONAL, UNSAID, Ref
from tui.formats.keras.write_row import Args, Refs, Row
from tui.formats.keras.write_shapes import reshaped, turned


def multihead(call: Call, row: Row) -> Refs:
    """MultiHeadAttention, or with fewer heads of the key GroupQueryAttention; ``key_dim`` is per head."""
    kind = call.kind
    for name, why in (("add_bias_kv", "learns no key of its own"), ("add_zero_attn", "adds no key of zeros"),
                      ("unbatched", "reads batches")):  # fmt: skip
        if getattr(kind, name):
            call.refuse(f"its attention {why}", f"leave {name} out")
    query, *others = call.refs
    if not kind.batch_first:
        call.rewritten("steps and batch change places before and behind the layer: Keras's batch comes first")
        turned = {ref: call.op("transpose", ref, axes=(1, 0, 2)) for ref in dict.fromkeys(call.refs)}
        query, *others = (turned[ref] for ref in call.refs)
    key, value = (others[0], others[-1]) if others else (query, query)
    heads = call.number(kind.heads, "heads")
    width = call.number(call.shape[-1], "the width of the query")
    size = width // heads if kind.key_dim is None else call.number(kind.key_dim, "key_dim")
    scores = kind.return_weights != "none"
    options: dict[str, Any] = {} if key == value else {"key": key}
    if kind.causal:
        options["use_causal_mask"] = True
    if scores:
        options["return_attention_scores"] = True
    common: Args = {"dropout": kind.dropout, "use_bias": kind.bias, "use_gate": kind.gate}
    defaults: Args = {"dropout": 0.0, "use_bias": True, "use_gate": False}
    ways = {name: UNSAID if common[name] == default else KEYWORD for name, default in defaults.items()}
    if kind.kv_heads is not None:
        if kind.value_dim not in (None, kind.key_dim) or kind.output_shape is not None:
            call.refuse("its GroupQueryAttention has one width for keys and values and gives the query's",
                        "leave value_dim and output_shape out")  # fmt: skip
        args = {"head_dim": size, "num_query_heads": heads,
                "num_key_value_heads": call.number(kind.kv_heads, "kv_heads"), **common}  # fmt: skip
        class_name = "GroupQueryAttention"
    else:
        args = {"num_heads": heads, "key_dim": size, **_optional(call), **common}
        ways |= {"num_heads": POSITIONAL}
        class_name = "MultiHeadAttention"
    made = call.layer(class_name, args, (query, value), ways=ways, apart=True, outputs=2 if scores else 1, **options)
    attended = Ref(made.step, 0) if scores else made
    if not kind.batch_first:
        attended = call.op("transpose", attended, axes=(1, 0, 2))
    if not scores:
        return (attended,)
    weights = Ref(made.step, 1)
    if kind.return_weights == "mean":
        weights = call.op("mean", weights, axis=1)
    return attended, weights


def _optional(call: Call) -> Args:
    kind, found = call.kind, Args()
    if kind.value_dim is not None:
        found["value_dim"] = call.number(kind.value_dim, "value_dim")
    if kind.output_shape is not None:
        shape = call.numbers(kind.output_shape, "output_shape")
        found["output_shape"] = shape[0] if len(shape) == 1 else shape
    if kind.attention_axes is not None:
        found["attention_axes"] = axes_at(kind.attention_axes, call.shape)
    return found


def weighed(call: Call, row: Row) -> Refs:
    """``layers.Attention`` and ``layers.AdditiveAttention``: on [query, value, key], each with all its axes."""
    kind = call.kind
    if getattr(kind, "return_present", False) or len(call.refs) > 3 or (kind.mask and len(call.refs) > 1):
        call.refuse("its Attention reads query, value and key, and masks of steps alone", "leave mask and past out")
    if getattr(kind, "heads", None) is not None:
        return _in_heads(call, row)
    query, *others = call.refs
    key, value = (others[0], others[-1]) if others else (query, query)
    shapes = [x.shape for x in (call.inputs[0], call.inputs[1] if others else call.inputs[0])]
    if len(shapes[0]) == 4 and same(shapes[0][1], shapes[1][1]) is not True:
        call.refuse("the heads of the key are not those of the query", "repeat them by a line tile above")
    asked = [query, value] if key == value else [query, value, key]
    return _scores(call, row, asked, shapes[0][-1])


def _in_heads(call: Call, row: Row) -> Refs:
    """Heads that share the features: they get an axis of their own, and give it back behind the layer."""
    kind, heads = call.kind, call.number(call.kind.heads, "heads")
    if kind.kv_heads is not None and same(kind.kv_heads, heads) is not True:
        call.refuse("the heads of the key are not those of the query", "leave kv_heads out")
    call.rewritten("the heads become an axis by Reshape and Permute, and are joined again")
    apart = []
    for i, (ref, tensor) in enumerate(zip(call.refs, call.inputs, strict=True)):
        batch, steps, width = tensor.shape
        each = call.number(width, "the width") // heads
        split = reshaped(call, (batch, steps, heads, each), ref, f"split{i + 1}", tensor.shape)
        apart.append(turned(call, [0, 2, 1, 3], split, f"heads{i + 1}"))
    query, *others = apart
    key, value = (others[0], others[-1]) if others else (query, query)
    asked = [query, value] if key == value else [query, value, key]
    made, *scores = _scores(call, row, asked, call.number(call.shape[-1], "the width") // heads)
    batch, steps, width = call.outputs[0].shape
    each = call.number(width, "the width") // heads
    joined = turned(call, [0, 2, 1, 3], made, "steps")
    return (reshaped(call, call.outputs[0].shape, joined, "joined", (batch, steps, heads, each)), *scores)


def _scores(call: Call, row: Row, asked: list[Ref], width: Size) -> Refs:
    kind, args = call.kind, row.values(call)
    if kind.name == "attention" and call.writing.given.nodes[call.place].kind.settings.counting != "keras":
        if kind.use_scale or kind.score_mode != "dot":
            return _layer(call, row, args, asked)
        return _layer(call, row, args, [_scaled(call, asked[0], width), *asked[1:]])
    return _layer(call, row, args, asked)


def _scaled(call: Call, query: Ref, width: Size) -> Ref:
    """The query over the root of its width: what PyTorch and ONNX divide the scores by, and Keras's layer does not."""
    call.rewritten("the query is divided by the root of its width first, as PyTorch and ONNX divide the scores")
    scale = float(call.number(width, "the width of the query")) ** -0.5
    return call.scaled(scale, reads=query, suffix="scale")


def _layer(call: Call, row: Row, args: Args, asked: list[Ref]) -> Refs:
    kind = call.kind
    options: dict[str, Any] = {"use_causal_mask": True} if kind.causal else {}
    if kind.return_scores:
        options["return_attention_scores"] = True
    made = row.layer(call, args, reads=asked, outputs=2 if kind.return_scores else 1, **options)[0]
    return (Ref(made.step, 0), Ref(made.step, 1)) if kind.return_scores else (made,)
