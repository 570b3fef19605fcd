"""Transformer layers: attention and a feed-forward network, each with a residual sum and a norm. Shapes (N, T, E).

Source: PyTorch's nn.TransformerEncoder, nn.TransformerDecoder and nn.Transformer; Vaswani et al., 2017.
"""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar, NamedTuple

from tui.core.argument import Arg, Switch, Whole
from tui.core.errors import ShapeError
from tui.core.functions import FunctionName
from tui.core.kind import Kind, Reach, Work
from tui.core.layout import BATCH_FIRST, UNBATCHED, Places, check_width, places
from tui.core.multihead import (
    BIAS,
    DROPOUT,
    EMBED_DIM,
    HEADS,
    check_batches,
    check_heads,
    whole_width,
)
from tui.core.size import Size, product, same, text
from tui.core.tensor import Shape, Tensors, Weight
from tui.core.windowed import divides
from tui.core.working import plain

FEEDFORWARD = Arg("feedforward", Whole(1, examples=("2048", "3072")), 2048, "the width inside the feed-forward network",
                  slot=1, aliases=("dim_feedforward", "intermediate_dim"))  # fmt: skip
LAYERS = Arg("layers", Whole(0), 1, "equal layers in a row", slot=2, aliases=("num_layers",))
FINAL_NORM = Arg("final_norm", Switch(), False, "whether a norm follows the last layer")
SHARED_ARGS = (
    BIAS, EMBED_DIM, BATCH_FIRST, UNBATCHED,
    Arg("norm_first", Switch(), False, "whether the norms come before attention and feed-forward; counts are the same"),
    Arg("activation", FunctionName(), "relu", "the function inside the feed-forward network"),
    DROPOUT,
)  # fmt: skip


class Block(NamedTuple):
    """Equal layers. ``asking`` and ``memory`` number the inputs: what passes through, what is attended to besides."""

    prefix: str
    layers: Size
    asking: int = 0
    memory: int | None = None
    final_norm: bool = False


class TransformerLayers(Kind):
    """Base of the kinds, and their arithmetic."""

    heads: Size
    feedforward: Size
    embed_dim: Size | None
    bias: bool
    batch_first: bool
    unbatched: bool

    def blocks(self) -> tuple[Block, ...]:
        """The stacks of layers; the last one gives the output."""
        raise NotImplementedError

    def places(self, inputs: Tensors) -> tuple[Places, ...]:
        """The inputs taken apart and checked; raises ShapeError where they do not go together."""
        found = tuple(places(self, x.shape, self.batch_first, self.unbatched) for x in inputs)
        first = found[0]
        for other in found[1:]:
            check_batches(self.name, first.batch, other.batch, "the inputs")
            if same(first.width, other.width) is False:
                widths = f"{text(plain(first.width))} and {text(plain(other.width))}"
                raise ShapeError(f"{self.name}: both inputs need one width, they have {widths}; widen one with dense")
        check_width(self, "embed_dim", self.embed_dim, first.width)
        check_heads(self.heads, first.width)
        return found

    def agreements(self, inputs: Tensors) -> tuple[tuple[Size, Size], ...]:
        first, *others = (x.shape[-1] for x in inputs)
        return (*divides(self.heads, first), *((first, other) for other in others))

    def output(self, inputs: Tensors) -> Tensors:
        self.places(inputs)
        return (inputs[self.blocks()[-1].asking],)

    def weights(self, inputs: Tensors) -> tuple[Weight, ...]:
        width, found = inputs[0].shape[-1], list[Weight]()
        heads = whole_width(width, width, width, width)
        for prefix, layers, _, memory, final_norm in self.blocks():
            copies: Shape = () if layers == 1 else (layers,)
            attentions = ("self_",) if memory is None else ("self_", "memory_")
            for name in attentions:
                found += heads.weights(self.bias, prefix + name, copies)
            found += self.affine(f"{prefix}inner", (*copies, width), self.feedforward)
            found += self.affine(f"{prefix}outer", (*copies, self.feedforward), width)
            for number in range(len(attentions) + 1):
                found += self.norm(f"{prefix}norm{number + 1}", copies, width)
            if final_norm:
                found += self.norm(f"{prefix}final_norm", (), width)
        return tuple(found)

    def affine(self, name: str, inner: Shape, width: Size) -> tuple[Weight, ...]:
        """A dense layer to ``width``; the last axis of ``inner`` is what it reads, the ones before are copies."""
        kernel = Weight(f"{name}_kernel", (*inner, width))
        return (kernel, Weight(f"{name}_bias", (*inner[:-1], width))) if self.bias else (kernel,)

    def norm(self, name: str, copies: Shape, width: Size) -> tuple[Weight, ...]:
        """A scale for each feature, and an offset where the layers have biases."""
        names = ("scale", "bias") if self.bias else ("scale",)
        return tuple(Weight(f"{name}_{part}", (*copies, width)) for part in names)

    def work(self, inputs: Tensors, outputs: Tensors) -> Work:
        """Of a layer: ``4*T*E*E + 2*T*T*E`` for attention to itself, ``2*T*E*F`` for the feed-forward network.

        Attention to S positions of a memory adds ``2*T*E*E + 2*S*E*E + 2*T*S*E``. Element-wise, one an
        element: the softmax of the scores, residual sums, norms and the activation.
        """
        found = self.places(inputs)
        macs: Size = 0
        elementwise: Size = 0
        for _, layers, asking, memory, final_norm in self.blocks():
            steps, width = found[asking].positions, found[asking].width
            heads = whole_width(width, width, width, width)
            one: Size = 0
            ops = steps * self.feedforward
            attended = (steps,) if memory is None else (steps, found[memory].positions)
            for seen in attended:
                one = one + heads.macs(steps, seen)
                ops = ops + self.heads * steps * seen
            macs = macs + layers * (one + 2 * steps * width * self.feedforward)
            elementwise = elementwise + layers * (ops + 2 * (len(attended) + 1) * steps * width)
            if final_norm:
                elementwise = elementwise + steps * width
        examples = product(found[0].batch)
        return Work(examples * macs, examples * elementwise)

    def reach(self, inputs: Tensors) -> Reach:
        return None


class TransformerEncoder(TransformerLayers):
    name = "transformerencoder"
    summary = "Transformer layers that attend to their own sequence."
    example = "transformerencoder 8 2048 6"
    aliases: ClassVar = {"transformerencoderlayer": None, "encoderlayer": None}
    args = (HEADS, FEEDFORWARD, LAYERS, FINAL_NORM, *SHARED_ARGS)
    layers: Size
    final_norm: bool

    def blocks(self) -> tuple[Block, ...]:
        return (Block("", self.layers, final_norm=self.final_norm),)


class TransformerDecoder(TransformerLayers):
    """Reads its own sequence, then the memory (of an encoder)."""

    name = "transformerdecoder"
    summary = "Transformer layers that attend to their own sequence and to a memory."
    example = "transformerdecoder 8 2048 6 @target @memory"
    aliases: ClassVar = {"transformerdecoderlayer": None, "decoderlayer": None}
    inputs = (2, 2)
    args = (HEADS, FEEDFORWARD, LAYERS, FINAL_NORM, *SHARED_ARGS)
    layers: Size
    final_norm: bool

    def blocks(self) -> tuple[Block, ...]:
        return (Block("", self.layers, memory=1, final_norm=self.final_norm),)


class Transformer(TransformerLayers):
    """Reads the source and the target sequence; the output has the shape of the target."""

    name = "transformer"
    summary = "Encoder and decoder layers, each stack with a last norm."
    example = "transformer 8 2048 @source @target"
    inputs = (2, 2)
    args = (
        replace(HEADS, default=8), FEEDFORWARD,
        Arg("encoder_layers", Whole(0), 6, "layers of the encoder", aliases=("num_encoder_layers",)),
        Arg("decoder_layers", Whole(0), 6, "layers of the decoder", aliases=("num_decoder_layers",)),
        *SHARED_ARGS,
    )  # fmt: skip
    encoder_layers: Size
    decoder_layers: Size

    def blocks(self) -> tuple[Block, ...]:
        encoder = Block("encoder_", self.encoder_layers, final_norm=True)
        return (encoder, Block("decoder_", self.decoder_layers, asking=1, memory=0, final_norm=True))
