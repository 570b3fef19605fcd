"""Attention with projections: counts measured in the frameworks or done by hand, layouts, refusals.

T query positions, S key positions, h heads, k and v widths of a head, d input width. PyTorch has ``4*E*E + 4*E``
parameters whatever the heads (pytorch#60853); Keras counts ``key_dim`` for each head.
"""

from __future__ import annotations

import pytest

from tests.layers.sequence_layers import explained_macs, outputs, run
from tui.core.size import bind, symbol
from tui.core.tensor import Shape
from tui.formats.line import parse_line, with_args
from tui.layers import kind_named

T, S, d, e, h, n = (symbol(name) for name in ("T", "S", "d", "e", "h", "n"))


@pytest.mark.parametrize(
    ("line", "params"),
    [
        ("mha 8", 1_050_624),
        ("mha 8 64", 1_050_624),
        ("mha 8 512", 8_401_408),  # measured: Keras with the whole width typed as key_dim
        ("mha 16", 1_050_624),
        ("mha 8 nobias", 4 * 512 * 512),
        ("mha 8 add_bias_kv=true", 1_050_624 + 2 * 512),
        ("mha 8 64 value_dim=32", 2 * (512 * 8 * 64 + 8 * 64) + 512 * 8 * 32 + 8 * 32 + 8 * 32 * 512 + 512),
        ("mha 8 64 kv_heads=2", 2 * (512 * 512 + 512) + 2 * (512 * 2 * 64 + 2 * 64)),
        ("mha 8 kv_heads=2", 2 * (512 * 512 + 512) + 2 * (512 * 2 * 64 + 2 * 64)),
        ("mha 8 64 output_shape=10x3", 3 * (512 * 512 + 512) + 512 * 30 + 30),
        ("mha 8 64 gate=true", 1_050_624 + 512 * 512 + 512),
    ],
)
def test_parameters_of_a_width_of_512(line: str, params: int) -> None:
    assert run(line, (1, 10, 512)).counts.trainable == params


def test_macs_include_both_attention_products() -> None:
    """Width 64, 8 heads, 50 positions: 1,139,200, of which tools count between 0 and 1,152,000."""
    for line in ("mha 8", "mha 8 8"):
        assert run(line, (1, 50, 64)).counts.macs == 4 * 50 * 64 * 64 + 2 * 50 * 50 * 64 == 1_139_200
        assert run(line, (3, 50, 64)).counts.macs == 3 * 1_139_200
    assert run("mha 8 causal=true", (1, 50, 64)).counts.macs == 1_139_200


def test_macs_of_a_query_and_other_keys() -> None:
    """By hand: 5 queries of width 6, 7 keys of width 4, 2 heads of 3 and values of 8."""
    result = run("mha 2 3 value_dim=8", (1, 5, 6), (1, 7, 4))
    projections = 5 * 6 * 2 * 3 + 7 * 4 * 2 * 3 + 7 * 4 * 2 * 8 + 5 * 2 * 8 * 6
    assert result.counts.macs == projections + 5 * 7 * 2 * 3 + 5 * 7 * 2 * 8
    assert result.counts.elementwise == 2 * 5 * 7
    # A gate (Keras's GroupedQueryAttention): a sigmoid and a product for each of the 2*8 joined values.
    gated = run("mha 2 3 value_dim=8 gate=true", (1, 5, 6), (1, 7, 4)).counts.elementwise
    assert gated == 2 * 5 * 7 + 2 * 5 * 2 * 8


def test_added_keys_are_attended_to_but_not_projected() -> None:
    """torch 2.13.0: MultiheadAttention(12, 3, add_bias_kv) on 6 queries and 4 keys, batch 3, has 10,800 MACs."""
    line = "mha 3 add_bias_kv=true return_weights=mean batch_first=false"
    result = run(line, (6, 3, 12), (4, 3, 12), (4, 3, 12), counting="pytorch")
    assert result.counts.macs == 10_800
    assert [tensor.shape for tensor in result.outputs] == [(6, 3, 12), (3, 6, 5)]


def test_everything_may_be_a_symbol() -> None:
    whole = run("mha h", (1, T, d))
    assert whole.counts.params == 4 * d * d + 4 * d
    assert whole.counts.macs == 4 * T * d * d + 2 * T * T * d
    each = run("mha h 64", (1, T, d), (1, S, e))
    assert each.counts.macs == 64 * h * (2 * T * d + 2 * S * e + 2 * T * S)
    grouped = run("mha h kv_heads=n", (1, T, d))
    assert bind(grouped.counts.params, {"h": 8, "n": 2, "d": 512}) == 2 * (512 * 512 + 512) + 2 * (512 * 128 + 128)


def test_the_working_reads_as_the_formula() -> None:
    assert explained_macs("mha 8", (1, 50, 64)) == "4*L*C*C + 2*L*L*C"
    crossed = explained_macs("mha 8 16", (1, 10, 64), (1, 10, 64))
    assert crossed == "L1*C1*heads*key_dim + 2*L2*C2*heads*key_dim + L1*heads*key_dim*C1 + 2*L1*L2*heads*key_dim"
    assert explained_macs("transformerencoder 8 32", (1, 50, 64)) == "layers*(4*L*C*C + 2*L*L*C + 2*L*C*feedforward)"
    assert explained_macs("attention", (1, 50, 64)) == "L*L*(C + C)"


@pytest.mark.parametrize(
    ("line", "inputs", "expected"),
    [
        ("mha 2", [(3, 5, 6)], [(3, 5, 6)]),
        ("mha 2", [(3, 5, 6), (3, 7, 4)], [(3, 5, 6)]),
        ("mha 2 return_weights=mean", [(3, 5, 6), (3, 7, 4), (3, 7, 9)], [(3, 5, 6), (3, 5, 7)]),
        ("mha 2 return_weights=heads", [(3, 5, 6), (3, 7, 4)], [(3, 5, 6), (3, 2, 5, 7)]),
        ("mha 2 batch_first=false return_weights=mean", [(5, 3, 6), (7, 3, 4)], [(5, 3, 6), (3, 5, 7)]),
        ("mha 2 unbatched=true return_weights=mean", [(5, 6), (7, 4)], [(5, 6), (5, 7)]),
        ("mha 2 add_zero_attn=true add_bias_kv=true return_weights=mean", [(3, 5, 6)], [(3, 5, 6), (3, 5, 7)]),
        ("mha 2 3 output_shape=4x7", [(3, 5, 6)], [(3, 5, 4, 7)]),
        # Keras attends over all axes between batch and features, or over those it is told.
        ("mha 2 3 return_weights=heads", [(3, 4, 5, 6)], [(3, 4, 5, 6), (3, 2, 4, 5, 4, 5)]),
        ("mha 2 3 attention_axes=2 return_weights=heads", [(3, 4, 5, 6)], [(3, 4, 5, 6), (3, 4, 2, 5, 5)]),
    ],
)
def test_outputs(line: str, inputs: list[Shape], expected: list[Shape]) -> None:
    assert outputs(line, *inputs) == expected


def test_axes_that_are_not_attended_over_are_a_batch() -> None:
    """Rows of 5 attend within themselves: 4 times the cost of one row of a (5, 6) input."""
    one = run("mha 2 3", (1, 5, 6)).counts
    rows = run("mha 2 3 attention_axes=2", (1, 4, 5, 6)).counts
    assert (rows.macs, rows.params) == (4 * one.macs, one.params)
    assert run("mha 2 3", (1, 4, 5, 6)).counts.macs == run("mha 2 3", (1, 20, 6)).counts.macs


@pytest.mark.parametrize(
    ("line", "inputs", "message"),
    [
        ("mha 5", [(1, 4, 12)], "5 heads cannot share a width of 12 equally"),
        ("mha 6 2 kv_heads=4", [(1, 4, 12)], "kv_heads=4 does not divide the 6 heads"),
        ("mha 3", [(1, 4, 12), (1, 5, 12), (1, 6, 12)], "multiheadattention: key and value differ in their steps "
         "(5 and 6); each key stands for one value"),
        ("mha 3", [(2, 4, 12), (3, 4, 12)], "multiheadattention: query and key differ in their batch (2 and 3)"),
        ("mha 3 embed_dim=12", [(1, 4, 15)], "multiheadattention has embed_dim=12, the input has width 15"),
        ("mha 3 embed_dim=12", [(1, 4, 12), (1, 4, 9)], "multiheadattention has kdim=12, the input has width 9"),
        ("mha 3 kdim=12", [(1, 4, 12), (1, 4, 9)], "multiheadattention has kdim=12, the input has width 9"),
        ("mha 3", [(4, 12)], "multiheadattention reads 3 axes (batch, steps and features), it gets 2"),
        ("mha 3 4 attention_axes=3", [(1, 4, 5, 12)], "attention_axes must be axes from 1 to 2, between the batch and "
         "the features"),
        ("mha 3 4 kv_heads=1", [(1, 4, 12), (1, 4, 9)], "with kv_heads the value must be as wide as the query: they "
         "have 9 and 12 (Keras's GroupedQueryAttention refuses it)"),
        ("mha 3 attention_axes=1 unbatched=true", [(4, 12)], "attention_axes goes with whole batches in front and with "
         "heads of one sort"),
    ],
)  # fmt: skip
def test_refusals(line: str, inputs: list[Shape], message: str) -> None:
    result = run(line, *inputs)
    assert (result.status, result.message) == ("error", message)


def test_heads_that_do_not_divide_come_with_the_sum_and_fixes_that_fit() -> None:
    result = run("mha 5", (1, 4, 12))
    assert result.failed == "12 mod 5 = 2, must be 0"
    assert [fix.label for fix in result.fixes] == ["heads=4", "heads=1"]
    for fix in result.fixes:
        assert outputs(with_args(parse_line("mha 5"), fix.args), (1, 4, 12)) == [(1, 4, 12)]
    assert run("mha 1000003", (1, 4, 10**15)).status == "error"


@pytest.mark.parametrize(
    ("line", "counting", "message"),
    [
        ("mha 2 5", "pytorch", "PyTorch's MultiheadAttention has no key_dim"),
        ("mha 2 3 value_dim=4 gate=true", "pytorch", "PyTorch's MultiheadAttention has no value_dim, gate"),
        ("mha 2 add_zero_attn=true", "keras", "only PyTorch's MultiheadAttention has add_zero_attn"),
    ],
)
def test_what_one_framework_lacks_is_remarked(line: str, counting: str, message: str) -> None:
    result = run(line, (1, 4, 6), counting=counting)
    assert (result.status, result.message) == ("warning", message)


def test_a_position_reads_the_whole_input() -> None:
    for line in ("mha 2", "attention", "additiveattention", "transformerencoder 2"):
        assert run(line, (1, 5, 6)).reach is None


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("nn.MultiheadAttention", "multiheadattention"), ("MultiHeadAttention", "multiheadattention"),
        ("GroupQueryAttention", "multiheadattention"), ("GroupedQueryAttention", "multiheadattention"),
        ("Attention", "attention"), ("AdditiveAttention", "additiveattention"),
        ("scaled_dot_product_attention", "attention"), ("nn.Transformer", "transformer"),
        ("nn.TransformerEncoder", "transformerencoder"), ("nn.TransformerEncoderLayer", "transformerencoder"),
        ("nn.TransformerDecoder", "transformerdecoder"), ("nn.TransformerDecoderLayer", "transformerdecoder"),
    ],
)  # fmt: skip
def test_the_names_of_the_frameworks_are_read(name: str, kind: str) -> None:
    named = kind_named(name)
    assert named is not None
    assert named[0].name == kind


def test_the_arguments_of_the_frameworks_are_read() -> None:
    torch = "nn.MultiheadAttention embed_dim=12 num_heads=3 kdim=4 vdim=5 bias=False add_bias_kv=True dropout=0.1"
    assert parse_line(torch).text == (
        "multiheadattention 3 embed_dim=12 kdim=4 vdim=5 bias=false add_bias_kv=true dropout=0.1"
    )
    keras = "GroupQueryAttention head_dim=8 num_query_heads=6 num_key_value_heads=2 use_gate=True"
    assert parse_line(keras).text == "multiheadattention 6 8 kv_heads=2 gate=true"
    layer = "nn.TransformerEncoderLayer d_model=8 nhead=2 dim_feedforward=16 activation=gelu norm_first=True"
    assert parse_line(layer).text == "transformerencoder 2 16 embed_dim=8 norm_first=true activation=gelu"
