"""Embeddings: rows of a table looked up by index. V*D parameters and no MACs (V rows of D elements)."""

from __future__ import annotations

from typing import ClassVar

from tui.core.argument import Arg, Choice, Switch, Whole
from tui.core.axes import need_rank
from tui.core.errors import ShapeError
from tui.core.kind import Kind, Reach, Work
from tui.core.lora import LORA, factored, lora_macs
from tui.core.size import Size, at_least, product, text
from tui.core.tensor import Tensor, Tensors, Weight
from tui.core.working import plain

ROWS = Arg("num_embeddings", Whole(1, examples=("30522", "V")), help="the rows of the table: how many indices there "
           "are", slot=0, aliases=("input_dim",))  # fmt: skip
WIDTH = Arg("embedding_dim", Whole(1, examples=("128", "768")), help="the length of a row", slot=1,
            aliases=("output_dim",))  # fmt: skip
PADDING = Arg("padding_idx", Whole(-(10**9)), None, "the row that stays zero; the table keeps it")


class _Lookup(Kind):
    num_embeddings: Size
    embedding_dim: Size
    padding_idx: Size | None

    def check_padding(self) -> None:
        """Raise ShapeError where the padding index is outside the table."""
        if self.padding_idx is None:
            return
        rows, index = self.num_embeddings, self.padding_idx
        if at_least(index, rows) or at_least(-index, rows + 1):
            raise ShapeError(f"padding_idx={text(plain(index))} is outside the table: it has {text(plain(rows))} rows")


class Embedding(_Lookup):
    name = "embedding"
    summary = "One row of a table for each index."
    example = "embedding 30522 768"
    aliases: ClassVar = {"임베딩": None}
    args = (
        ROWS,
        WIDTH,
        PADDING,
        Arg("mask_zero", Switch(), False, "index 0 is padding that later layers skip (Keras)"),
        LORA,
    )
    lora_rank: Size | None

    def output(self, inputs: Tensors) -> Tensors:
        """``(...)`` to ``(..., D)`` (torch.nn.Embedding, keras.layers.Embedding)."""
        self.check_padding()
        return (Tensor((*inputs[0].shape, self.embedding_dim), self.settings.dtype),)

    def weights(self, inputs: Tensors) -> tuple[Weight, ...]:
        return factored(Weight("embeddings", (self.num_embeddings, self.embedding_dim)), self.lora_rank)

    def work(self, inputs: Tensors, outputs: Tensors) -> Work:
        """None; with low-rank factors ``V * r * D`` MACs: Keras forms the whole table before it looks up."""
        return Work(lora_macs(self.weights(inputs)))


class EmbeddingBag(_Lookup):
    name = "embeddingbag"
    summary = "The sum or mean of the rows of each bag of indices."
    example = "embeddingbag 1000 64"
    inputs = (1, 2)
    args = (
        ROWS,
        WIDTH,
        Arg("mode", Choice(("mean", "sum", "max")), "mean", "what is made of the rows of a bag"),
        PADDING,
        Arg("include_last_offset", Switch(), False, "the last offset is the end of the last bag"),
    )
    include_last_offset: bool

    def output(self, inputs: Tensors) -> Tensors:
        """``(B, N)`` to ``(B, D)``; with a second input of B offsets, ``(N)`` to ``(B, D)`` (torch.nn.EmbeddingBag)."""
        self.check_padding()
        indices, *offsets = (x.shape for x in inputs)
        if offsets:
            if len(indices) != 1 or len(offsets[0]) != 1:
                raise ShapeError("embeddingbag with offsets reads one list of indices and one list of offsets")
            bags = offsets[0][0] - 1 if self.include_last_offset else offsets[0][0]
        else:
            need_rank("embeddingbag", indices, 2, " (bags and their indices)")
            if len(indices) > 2:
                raise ShapeError(f"embeddingbag reads bags of indices, 2 axes; it gets {len(indices)}")
            bags = indices[0]
        return (Tensor((bags, self.embedding_dim), self.settings.dtype),)

    def weights(self, inputs: Tensors) -> tuple[Weight, ...]:
        return (Weight("embeddings", (self.num_embeddings, self.embedding_dim)),)

    def work(self, inputs: Tensors, outputs: Tensors) -> Work:
        """One element-wise operation for each element of each row that is read."""
        return Work(elementwise=product(inputs[0].shape) * self.embedding_dim)

    def reach(self, inputs: Tensors) -> Reach:
        return None
