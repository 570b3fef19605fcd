"""What Keras has no layer for but its layers can build: learned tensors, tokens, positions, transformer layers."""

from __future__ import annotations

from typing import Any

from tui.core.size import Size, product
from tui.formats.keras.write_call import Call
from tui.formats.keras.write_program import POSITIONAL, Ref
from tui.formats.keras.write_row import Refs, Row

ALL = slice(None)


def _counted(call: Call, x: Ref, count: int | None) -> Ref:
    """The numbers 0, 1, 2, ... for each example along the steps, or along the first ``count`` of them."""
    steps: Any = [ALL, slice(None, count)] if count is not None else [ALL, ALL]
    features = [0] * (len(call.shape) - 2)
    ones = call.op("ones_like", call.op("get_item", x, [*steps, *features]), dtype="int32")
    return call.op("subtract", call.op("cumsum", ones, axis=1), 1)


def _vectors(call: Call, rows: Size, index: Ref, suffix: str = "") -> Ref:
    """An Embedding of so many rows of the input's width."""
    width = call.number(product(call.shape[2:]), "the width")
    args = {"input_dim": call.number(rows, "the rows"), "output_dim": width}
    table = call.layer("Embedding", args, index, suffix=suffix, ways=dict.fromkeys(args, POSITIONAL))
    if len(call.shape) == 3:
        return table
    shape = (-1, *call.numbers(call.shape[2:], "the width"))
    return call.layer("Reshape", {"target_shape": shape}, table, suffix="features", ways={"target_shape": POSITIONAL})


def positionembedding(call: Call, row: Row) -> Refs:
    """An Embedding of the numbers of the steps, added to the input."""
    call.rewritten("an Embedding of the numbers of the steps, and Add")
    rows = call.shape[1] if call.kind.positions is None else call.kind.positions
    table = _vectors(call, rows, _counted(call, call.refs[0], None), "table")
    return (call.layer("Add", {}, (call.refs[0], table)),)


def classtoken(call: Call, row: Row) -> Refs:
    """An Embedding of a row for each token, in front of the steps."""
    tokens = call.number(call.kind.tokens, "tokens")
    steps = call.shape[1]
    if isinstance(steps, int) and steps < tokens:
        call.refuse("it is written by counting the steps, and there are fewer than tokens", "take fewer tokens")
    call.rewritten("an Embedding of a row for each token, and Concatenate")
    made = _vectors(call, tokens, _counted(call, call.refs[0], tokens), "token")
    return (call.layer("Concatenate", {"axis": 1}, (made, call.refs[0])),)


def parameter(call: Call, row: Row) -> Refs:
    """A learned tensor: the one row of an Embedding, as a functional model has no weights outside of layers."""
    inputs = call.writing.program.inputs
    if not inputs:
        call.refuse("its weights need an input in front of them", "put the line input first")
    shape = call.numbers(call.kind.shape, "its shape")
    call.rewritten("the only row of an Embedding: a Keras model has no weights outside of layers")
    first = next(node for node in call.writing.graph.nodes if node.kind.name == "input")
    place = [0] * len(first.result.outputs[0].shape)
    index = call.op("zeros_like", call.op("get_item", inputs[0], place), dtype="int32")
    args = {"input_dim": 1, "output_dim": product(shape)}
    made = call.layer("Embedding", args, index, ways=dict.fromkeys(args, POSITIONAL))
    return (call.op("reshape", made, newshape=shape),)


class _Block:
    """The parts of one transformer kind. All layers have the width of their input, as in PyTorch."""

    def __init__(self, call: Call) -> None:
        kind = call.kind
        if kind.unbatched:
            call.refuse("its attention reads batches", "leave unbatched out")
        if kind.timedistributed:
            call.refuse("it is several layers", "leave timedistributed out")
        self.call, self.kind = call, kind
        self.width = call.number(call.shape[-1], "the width of the input")
        self.heads = call.number(kind.heads, "heads")
        self.inner = call.number(kind.feedforward, "feedforward")
        call.rewritten("attention, sums, norms with epsilon=1e-05 and two dense layers, each a layer of its own")

    def attend(self, x: Ref, seen: Ref, name: str) -> Ref:
        args = {"num_heads": self.heads, "key_dim": self.width // self.heads, **self.shares(), **self.bias()}
        return self.call.layer("MultiHeadAttention", args, (x, seen), suffix=name, apart=True)

    def bias(self) -> dict[str, Any]:
        return {} if self.kind.bias else {"use_bias": False}

    def shares(self) -> dict[str, Any]:
        return {"dropout": self.kind.dropout} if self.kind.dropout else {}

    def dropped(self, x: Ref, name: str) -> Ref:
        if not self.kind.dropout:
            return x
        return self.call.layer("Dropout", {"rate": self.kind.dropout}, x, suffix=name, ways={"rate": POSITIONAL})

    def norm(self, x: Ref, name: str) -> Ref:
        args = {"epsilon": 1e-5, **({} if self.kind.bias else {"center": False})}
        return self.call.layer("LayerNormalization", args, x, suffix=name)

    def feed(self, x: Ref, name: str) -> Ref:
        first = {"units": self.inner, "activation": self.call.function(self.kind.activation), **self.bias()}
        hidden = self.call.layer("Dense", first, x, suffix=f"{name}inner", ways={"units": POSITIONAL})
        hidden = self.dropped(hidden, f"{name}inner_dropout")
        last = {"units": self.width, **self.bias()}
        return self.call.layer("Dense", last, hidden, suffix=f"{name}outer", ways={"units": POSITIONAL})

    def part(self, x: Ref, work: Any, prefix: str, number: int) -> Ref:
        """A residual sum around some work, with the norm before or behind it."""
        first = self.norm(x, f"{prefix}norm{number}") if self.kind.norm_first else x
        made = self.dropped(work(first), f"{prefix}dropout{number}")
        total = self.call.layer("Add", {}, (x, made), suffix=f"{prefix}add{number}")
        return total if self.kind.norm_first else self.norm(total, f"{prefix}norm{number}")

    def layers(self, x: Ref, memory: Ref | None, count: int, prefix: str, final: bool) -> Ref:
        for i in range(1, count + 1):
            at = f"{prefix}{i}_" if count > 1 or prefix else ""
            x = self.part(x, lambda y, at=at: self.attend(y, y, f"{at}self"), at, 1)
            if memory is not None:
                x = self.part(x, lambda y, at=at: self.attend(y, memory, f"{at}memory"), at, 2)
            x = self.part(x, lambda y, at=at: self.feed(y, at), at, 2 if memory is None else 3)
        return self.norm(x, f"{prefix}norm" if prefix else "final_norm") if final else x


def transformer(call: Call, row: Row) -> Refs:
    """Encoder or decoder layers, or both, with the parts of PyTorch's."""
    block, kind = _Block(call), call.kind
    refs = list(call.refs)
    if not kind.batch_first:
        refs = [call.op("transpose", ref, axes=(1, 0, 2)) for ref in refs]
    if kind.name == "transformer":
        encoder = call.number(kind.encoder_layers, "encoder_layers")
        decoder = call.number(kind.decoder_layers, "decoder_layers")
        memory = block.layers(refs[0], None, encoder, "encoder", True)
        made = block.layers(refs[1], memory, decoder, "decoder", True)
    else:
        seen = refs[1] if len(refs) > 1 else None
        made = block.layers(refs[0], seen, call.number(kind.layers, "layers"), "", kind.final_norm)
    if made in refs:
        return (call.layer("Identity", {}, made),)
    return (made if kind.batch_first else call.op("transpose", made, axes=(1, 0, 2)),)
