"""Attention without projections: numbers of Keras, ONNX and by hand; the past; refusals."""

from __future__ import annotations

import pytest

from tests.layers.sequence_layers import outputs, run
from tui.core.size import symbol
from tui.core.tensor import Shape
from tui.formats.line import parse_line, with_args

T, h = (symbol(name) for name in ("T", "h"))


@pytest.mark.parametrize(
    ("line", "inputs", "expected", "params", "macs"),
    [
        # Keras 3.15.1, batch of one: shapes, weights and MACs as measured
        ("attention use_scale=true", [(1, 7, 9), (1, 6, 9), (1, 6, 6)], [(1, 7, 6)], 1, 630),
        ("attention score_mode=concat", [(1, 1, 7), (1, 3, 7)], [(1, 1, 7)], 1, 21),
        ("additiveattention", [(1, 8, 23), (1, 7, 23)], [(1, 8, 23)], 23, 1_288),
        ("additiveattention use_scale=false", [(1, 3, 4), (1, 6, 4), (1, 6, 7)], [(1, 3, 7)], 0, 126),
        # by hand: T*S*(d + v) for each head
        ("attention", [(2, 3, 4, 8), (2, 3, 6, 8), (2, 3, 6, 10)], [(2, 3, 4, 10)], 0, 2 * 3 * 4 * 6 * (8 + 10)),
        ("attention", [(2, 9, 4, 8), (2, 3, 6, 8)], [(2, 9, 4, 8)], 0, 2 * 9 * 4 * 6 * 16),
        ("attention heads=3 return_scores=true", [(2, 4, 24), (2, 6, 24), (2, 6, 30)], [(2, 4, 30), (2, 3, 4, 6)], 0,
         2 * 4 * 6 * (24 + 30)),
        ("attention heads=6 kv_heads=2", [(2, 4, 48), (2, 5, 16), (2, 5, 6)], [(2, 4, 18)], 0, 2 * 4 * 5 * (48 + 18)),
    ],
)  # fmt: skip
def test_attention_without_projections(
    line: str, inputs: list[Shape], expected: list[Shape], params: int, macs: int
) -> None:
    result = run(line, *inputs)
    assert [tensor.shape for tensor in result.outputs] == expected
    assert (result.counts.params, result.counts.macs) == (params, macs)


def test_elementwise_operations_of_scores() -> None:
    """Softmax: one a score and head. Additive scores: sum, tanh and scale of each of 23 features."""
    assert run("attention", (1, 3, 8, 4)).counts.elementwise == 3 * 8 * 8
    assert run("attention heads=2", (1, 8, 4)).counts.elementwise == 2 * 8 * 8
    assert run("additiveattention", (1, 8, 23), (1, 7, 23)).counts.elementwise == 8 * 7 * (1 + 3 * 23)
    # Keras's Attention with score_mode="concat": w*sum(tanh(scale*(q + k))), a scale where use_scale is set.
    assert run("attention score_mode=concat", (1, 8, 23), (1, 7, 23)).counts.elementwise == 8 * 7 * (1 + 2 * 23)
    scaled = run("attention score_mode=concat use_scale=true", (1, 8, 23), (1, 7, 23)).counts
    assert (scaled.params, scaled.elementwise) == (2, 8 * 7 * (1 + 3 * 23))
    # A query of one feature is stretched over the 23 of the keys.
    assert run("additiveattention", (1, 8, 1), (1, 7, 23)).counts.elementwise == 8 * 7 * (1 + 3 * 23)


def test_keys_of_the_past_are_attended_to() -> None:
    """ONNX node test attention_3d_with_past_and_present_qk_matmul: 12 past and 6 new keys."""
    past = ((2, 3, 12, 8), (2, 3, 12, 8))
    line = "attention heads=3 mask=true return_present=true return_scores=true"
    assert outputs(line, (2, 4, 24), (2, 6, 24), (2, 6, 24), (4, 18), *past) == [
        (2, 4, 24), (2, 3, 18, 8), (2, 3, 18, 8), (2, 3, 4, 18)]  # fmt: skip
    cached = run("attention", (1, h, 1, 8), (1, h, 1, 8), (1, h, 1, 8), (1, h, T, 8), (1, h, T, 8))
    assert cached.counts.macs == (T + 1) * 16 * h


@pytest.mark.parametrize(
    ("line", "inputs", "message"),
    [
        ("attention", [(1, 4, 8), (1, 3, 7)],
         "attention: a query has 8 features, a key 7; they are compared one by one"),
        ("attention", [(1, 7, 8), (1, 8, 7)],  # the positions of one are the features of the other
         "attention: a query has 8 features, a key 7; they are compared one by one"),
        ("additiveattention", [(1, 1, 8), (1, 1, 7)],  # one position stretches no features
         "additiveattention: a query has 8 features, a key 7; they are compared one by one"),
        ("attention", [(1, 4, 8), (1, 3, 8), (1, 2, 8)],
         "attention: 3 keys, 2 values; each key stands for one value"),
        ("attention", [(2, 9, 4, 8), (2, 4, 6, 8)], "4 heads of the key do not divide the 9 of the query"),
        ("attention", [(1, 2, 4, 8), (3, 2, 4, 8)], "attention: query and key differ in their batch (1 and 3)"),
        ("attention", [(2, 4, 8), (3, 4, 8)], "attention: query and key differ in their batch (2 and 3)"),
        ("attention", [(2, 4, 8), (2, 5, 8), (3, 5, 8)], "attention: key and value differ in their batch (2 and 3)"),
        ("attention heads=3", [(2, 4, 8)], "3 heads cannot share a width of 8 equally"),
        ("attention mask=true", [(1, 4, 8), (1, 3, 8), (1, 5, 3)],
         "attention: the mask has 5 queries, there are 4"),
        ("attention mask=true", [(1, 4, 8), (1, 3, 8), (4, 5)], "attention: the mask has 5 keys, there are 3"),
        ("attention", [(1, 4, 8)] * 4, "attention reads query, key and value, then the past key and value; it is given "
         "4; a mask among them needs mask=true"),
        ("attention", [(4, 8)], "attention: the query has 2 axes; query, key and value have the same, 3 or more: "
         "batch, positions and features"),
        ("attention", [(1, 4, 8)] * 3 + [(1, 5, 9), (1, 5, 8)],
         "attention: the past key 1x5x9 does not continue the key 1x4x8"),
        ("attention", [(1, 4, 8)] * 3 + [(1, 5, 8), (1, 6, 8)], "attention: the past has 5 keys, 6 values"),
    ],
)  # fmt: skip
def test_refusals_without_projections(line: str, inputs: list[Shape], message: str) -> None:
    result = run(line, *inputs)
    assert (result.status, result.message) == ("error", message)


def test_heads_that_are_an_axis_already_can_be_taken_off_the_line() -> None:
    (fix,) = run("attention heads=3", (1, 3, 4, 8)).fixes
    assert with_args(parse_line("attention heads=3"), fix.args) == "attention"
