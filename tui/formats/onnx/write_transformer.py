"""Transformer layers in ONNX's operators: attention and a feed-forward network, each with a sum and a norm."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tui.core.layout import Places
from tui.core.size import Size
from tui.formats.onnx.write_attention import Heads, attended, joined, split
from tui.formats.onnx.write_call import Call, Rule
from tui.formats.onnx.write_dense import affine
from tui.formats.onnx.write_functions import ACTIVATIONS

EPSILON: Final = 1e-5
"""What PyTorch's layers add to the variance."""

Part = tuple[int, ...]


def _affine(call: Call, x: str, name: str, inner: Size, outer: Size, part: Part) -> str:
    bias = call.weight(f"{name}_bias", [outer], part) if call.has(f"{name}_bias") else ""
    return affine(call, x, call.weight(f"{name}_kernel", [inner, outer], part), bias)


def _norm(call: Call, x: str, name: str, width: Size, part: Part) -> str:
    names = [f"{name}_{which}" for which in ("scale", "bias") if call.has(f"{name}_{which}")]
    weights = [call.weight(one, [width], part) for one in names]
    return call.op("LayerNormalization", x, *weights, axis=-1, epsilon=EPSILON)


def _attend(call: Call, x: str, memory: str, name: str, places: tuple[Places, Places], part: Part) -> str:
    """Attention of x to a memory, which may be x itself."""
    asking, seen = places
    width, heads = asking.width, call.kind.heads
    head = width // heads
    batch = asking.batch[0] if asking.batch else 1
    sizes = Heads(batch, heads, heads, asking.positions, seen.positions)
    q = _affine(call, x, f"{name}query", width, width, part)
    k, v = (_affine(call, memory, f"{name}{which}", width, width, part) for which in ("key", "value"))
    made, _ = attended(
        call,
        split(call, q, sizes, sizes.asking, heads, head),
        split(call, k, sizes, sizes.seen, heads, head, keys=True),
        split(call, v, sizes, sizes.seen, heads, head),
        call.whole(head, "the width of a head") ** -0.5,
    )
    return _affine(call, joined(call, made, sizes, head), f"{name}output", width, width, part)


def _layer(
    call: Call, x: str, memory: str, prefix: str, places: tuple[Places, Places], part: Part, decodes: bool
) -> str:
    """One layer; ``norm_first`` says whether the norms stand before what they norm, or after the sum."""
    kind, width = call.kind, places[0].width
    asking = places[0]

    def feed_forward(y: str) -> str:
        y = _affine(call, y, f"{prefix}inner", width, kind.feedforward, part)
        y = ACTIVATIONS[kind.activation](call, y, len(call.expected[0].shape) - 1)
        return _affine(call, y, f"{prefix}outer", kind.feedforward, width, part)

    blocks = [lambda y: _attend(call, y, y, f"{prefix}self_", (asking, asking), part)]
    if decodes:
        blocks.append(lambda y: _attend(call, y, memory, f"{prefix}memory_", places, part))
    for number, block in enumerate((*blocks, feed_forward), 1):
        name = f"{prefix}norm{number}"
        if kind.norm_first:
            x = call.op("Add", x, block(_norm(call, x, name, width, part)))
        else:
            x = _norm(call, call.op("Add", x, block(x)), name, width, part)
    return x


def _transformer(call: Call) -> None:
    kind, found = call.kind, call.kind.places(call.given)
    current = {}
    for index in range(len(call.inputs)):
        x = call.x(index)
        if kind.unbatched:
            x = call.op("Unsqueeze", x, call.ints([0], "axes"))
        elif not kind.batch_first:
            x = call.op("Transpose", x, perm=[1, 0, 2])
        current[index] = x
    last = 0
    for prefix, layers, asking, memory, final_norm in kind.blocks():
        count = call.count_of(layers)
        places = (found[asking], found[asking if memory is None else memory])
        x = current[asking]
        for number in range(count):
            part = () if count == 1 else (number,)
            x = _layer(call, x, "" if memory is None else current[memory], prefix, places, part, memory is not None)
        if final_norm:
            x = _norm(call, x, f"{prefix}final_norm", places[0].width, ())
        current[asking], last = x, asking
    made = current[last]
    if kind.unbatched:
        made = call.op("Squeeze", made, call.ints([0], "axes"))
    elif not kind.batch_first:
        made = call.op("Transpose", made, perm=[1, 0, 2])
    call.give(made)


RULES: Final[Mapping[str, Rule]] = dict.fromkeys(
    ("transformer", "transformerencoder", "transformerdecoder"), _transformer
)
