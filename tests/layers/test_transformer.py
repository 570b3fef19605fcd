"""Transformer layers: numbers of torch and by hand, symbols, refusals."""

from __future__ import annotations

import pytest

from tests.layers.sequence_layers import outputs, run
from tui.core.size import bind, symbol
from tui.core.tensor import Shape

T, n = (symbol(name) for name in ("T", "n"))


@pytest.mark.parametrize(
    ("line", "inputs", "params"),
    [
        # By hand for E = 512, F = 2048: attention 4*E*E + 4*E, feed-forward 2*E*F + E + F, a norm 2*E.
        ("transformerencoder 8", 1, 3_152_384),
        ("transformerdecoder 8", 2, 4_204_032),
        ("transformerencoder 8 2048 6", 1, 6 * 3_152_384),
        ("transformerencoder 8 2048 6 final_norm=true", 1, 6 * 3_152_384 + 1_024),
        ("transformer", 2, 6 * 3_152_384 + 6 * 4_204_032 + 2 * 1_024),
        ("transformer 8 encoder_layers=0 decoder_layers=1", 2, 4_204_032 + 2 * 1_024),
        ("transformerencoder 8 nobias", 1, 4 * 512 * 512 + 2 * 512 * 2048 + 2 * 512),
    ],
)
def test_parameters_of_transformers_of_width_512(line: str, inputs: int, params: int) -> None:
    assert run(line, *[(1, 10, 512)] * inputs).counts.trainable == params


def test_macs_of_transformers() -> None:
    """torch 2.13.0's FLOP counter, halved, for layers of width 21 and 24."""
    assert run("transformerencoder 3 52", (3, 2, 21)).counts.macs == 24_192
    assert run("transformerdecoder 4 11 batch_first=false", (6, 2, 24), (5, 2, 24)).counts.macs == 65_664
    line = "transformer 3 43 encoder_layers=2 decoder_layers=2 batch_first=false"
    assert run(line, (5, 3, 24), (7, 3, 24)).counts.macs == 428_832


def test_elementwise_operations_of_a_transformer_layer() -> None:
    """4 positions of width 6, 2 heads, 10 inside: softmax 2*4*4, activation 4*10, two sums and two norms 4*4*6."""
    assert run("transformerencoder 2 10", (1, 4, 6)).counts.elementwise == 32 + 40 + 96
    assert run("transformerencoder 2 10 final_norm=true", (1, 4, 6)).counts.elementwise == 32 + 40 + 96 + 24
    assert run("transformerdecoder 2 10", (1, 4, 6), (1, 3, 6)).counts.elementwise == 32 + 24 + 40 + 144


def test_transformers_with_symbols() -> None:
    result = run("transformerencoder 8 2048 n", (1, T, 512))
    assert result.outputs[0].shape == (1, T, 512)
    assert result.counts.params == 3_152_384 * n
    assert bind(result.counts.macs, {"T": 10, "n": 6}) == 6 * run("transformerencoder 8", (1, 10, 512)).counts.macs


def test_a_transformer_gives_the_shape_of_its_target() -> None:
    assert outputs("transformer 2", (1, 5, 6), (1, 7, 6)) == [(1, 7, 6)]
    assert outputs("transformerdecoder 2", (1, 5, 6), (1, 7, 6)) == [(1, 5, 6)]
    assert outputs("transformer 2 unbatched=true", (5, 6), (7, 6)) == [(7, 6)]


@pytest.mark.parametrize(
    ("line", "inputs", "message"),
    [
        ("transformer 7", [(1, 5, 512), (1, 7, 512)], "7 heads cannot share a width of 512 equally"),
        ("transformer 8", [(1, 5, 512), (1, 7, 256)],
         "transformer: both inputs need one width, they have 512 and 256; widen one with dense"),
        ("transformer 8", [(2, 5, 64), (3, 5, 64)], "transformer: the inputs differ in their batch (2 and 3)"),
        ("transformerencoder 8 d_model=32", [(1, 5, 64)],
         "transformerencoder has embed_dim=32, the input has width 64"),
        ("transformerencoder 8", [(5, 64)],
         "transformerencoder reads 3 axes (batch, steps and features), it gets 2"),
    ],
)  # fmt: skip
def test_refusals_of_transformers(line: str, inputs: list[Shape], message: str) -> None:
    result = run(line, *inputs)
    assert (result.status, result.message) == ("error", message)
