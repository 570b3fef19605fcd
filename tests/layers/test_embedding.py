"""Embeddings by hand: V*D parameters, no MACs (torch.nn.Embedding, keras.layers.Embedding)."""

from __future__ import annotations

from tests.layers.building import run
from tui.core.size import symbol

V, D, t = symbol("V"), symbol("D"), symbol("t")


def test_a_table_of_rows() -> None:
    result = run("embedding V D", (1, t))
    assert result.outputs[0].shape == (1, t, D)
    assert result.counts.params == V * D
    assert result.counts.macs == 0
    assert run("Embedding input_dim=30522 output_dim=768", (1, 128)).counts.params == 30522 * 768


def test_low_rank_factors_cost_a_product_of_the_whole_table() -> None:
    # Keras 3.15.1 forms (V, r) times (r, D) at each call: torch's FLOP counter gives 24,544 MACs for
    # Embedding(236, 26, lora_rank=4), and 4,758 for Embedding(61, 26, lora_rank=3).
    assert run("embedding 236 26 lora_rank=4", (1, 1)).counts.macs == 24_544
    assert run("embedding 61 26 lora_rank=3", (1,)).counts.macs == 4_758
    result = run("embedding 100 16 lora_rank=4", (1, 5))
    assert (result.counts.trainable, result.counts.non_trainable) == (100 * 4 + 4 * 16, 1600)


def test_a_padding_index_must_be_a_row() -> None:
    assert run("embedding 62 63 padding_idx=61", (4, 2)).status == "ok"
    assert run("embedding 62 63 padding_idx=-62", (4, 2)).status == "ok"
    assert (
        run("embedding 62 63 padding_idx=62", (4, 2)).message == "padding_idx=62 is outside the table: it has 62 rows"
    )
    assert run("embedding 62 63 padding_idx=-63", (4, 2)).status == "error"
    assert run("embedding V 63 padding_idx=62", (4, 2)).status == "ok"


def test_bags_are_rows_or_named_by_offsets() -> None:
    assert run("embeddingbag 100 6", (5, 7)).outputs[0].shape == (5, 6)
    assert run("embeddingbag 100 6", (5, 7)).counts.elementwise == 5 * 7 * 6  # each row that is read is added
    assert run("embeddingbag 100 6", (35,), (5,)).outputs[0].shape == (5, 6)
    assert run("embeddingbag 100 6 include_last_offset=true", (35,), (5,)).outputs[0].shape == (4, 6)
    assert run("embeddingbag 100 6", (5, 7, 2)).status == "error"
    assert run("embeddingbag 100 6", (5, 7), (5,)).status == "error"
