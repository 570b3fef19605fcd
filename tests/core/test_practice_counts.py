"""Slips in parameters, MACs and receptive fields: each wrong number is worked out by hand beside its case."""

from __future__ import annotations

import pytest

from tests.core.slips import CONV, POOL, UP, N, codes
from tui.core.practice import FIELD, MACS, PARAMS
from tui.core.size import Size

FILTERS = "input 18x14x20\nconv 40 3x5"  # 3*5*20*40 + 40 = 12,040
GROUPED = "input 16x16x8\nconv 12 3 groups=4"  # 9*2*12 + 12 = 228
FLAT = "input 6x5x4\nflatten\ndense 10"  # 120*10 + 10 = 1,210
BN = "input 8x8x16\nbatchnorm"  # 4*16 = 64 as Keras counts, 32 as PyTorch does
LSTM = "input 50x64\nlstm 128"  # 4*(64*128 + 128*128 + 128) = 98,816 (Keras)
GRU = "input 50x64\ngru 128"  # 3*(64*128 + 128*128 + 2*128) = 74,496 (Keras, reset_after)
DEPTH = "input 32x32x16\ndepthwise 3 2"  # 9*16*2 + 32 = 320
SEPARABLE = "input 32x32x16\nseparable 32 3 depth_multiplier=2"  # 9*16*2 + 32*32 + 32 = 1,344 (Keras)


@pytest.mark.parametrize(
    ("text", "answer", "slips"),
    [
        (CONV, 320, ["right"]),
        (CONV, 340, ["added_bias"]),  # 320 + 20
        (FILTERS, 12_040, ["right"]),
        (FILTERS, 12_000, ["forgot_bias"]),
        (FILTERS, 640, ["forgot_channels"]),  # 3*5*40 + 40
        (FILTERS, 600, ["forgot_channels", "forgot_bias"]),
        (FILTERS, 2_440, ["forgot_kernel_axis"]),  # 3*20*40 + 40
        (FILTERS, 4_040, ["forgot_kernel_axis"]),  # 5*20*40 + 40
        (FILTERS, 840, ["forgot_kernel"]),  # 20*40 + 40
        (FILTERS, 6_440, ["added_kernel_axes"]),  # 8*20*40 + 40
        (FILTERS, 300, ["forgot_argument", "forgot_bias"]),  # 3*5*20: the filters
        (FILTERS, 24_040, ["filters_for_channels"]),  # 3*5*40*40 + 40
        (FILTERS, 128_040, ["output_for_kernel"]),  # the output is 16x10: 160*20*40 + 40
        (FILTERS, 18_400, ["bias_everywhere"]),  # 12,000 + 40*160
        (FILTERS, 12_020, ["bias_for_inputs"]),
        (FILTERS, 12_001, ["one_bias"]),
        (FILTERS, 1_920_000, ["gave_macs"]),  # 12,000*160
        (FILTERS, 6_400, ["gave_elements"]),  # 16*10*40
        (FILTERS, 48_160, ["gave_bytes"]),  # 4*12,040
        (FILTERS, 0, ["has_weights"]),
        (FILTERS, 24_080, ["doubled"]),
        (FILTERS, 999_999, []),
        (GROUPED, 228, ["right"]),
        (GROUPED, 876, ["forgot_argument"]),  # 9*8*12 + 12: the groups
        (POOL, 4, ["no_weights"]),
        (FLAT, 1_210, ["right"]),
        (FLAT, 50, ["channels_only"]),  # 4*10 + 10
        (FLAT, 310, ["positions_only"]),  # 30*10 + 10
        (FLAT, 40, ["channels_only", "forgot_bias"]),
        (FLAT, 1_200, ["forgot_bias"]),
        (FLAT, 10, ["only_weight"]),  # the bias
        ("input 6x5x4\nflatten\ndense 2", 121, ["forgot_argument"]),  # 120*1 + 1: the units
        ("input 10x64\ndense 5", 3_205, ["flattened"]),  # 640*5 + 5; it is 64*5 + 5 = 325
        (BN, 64, ["right"]),
        (BN, 32, ["forgot_statistics"]),
        (BN, 48, ["forgot_weight"]),
        (BN, 16, ["only_weight"]),
        ("set counting=pytorch\n" + BN, 64, ["counted_as"]),
        ("set counting=pytorch\n" + BN, 65, ["counted_buffers"]),  # num_batches_tracked is the 65th
        (LSTM, 98_816, ["right"]),
        (LSTM, 99_328, ["counted_as"]),  # two bias vectors, as PyTorch has: 4*128 more
        ("set counting=pytorch\n" + LSTM, 98_816, ["one_bias_vector"]),
        (LSTM, 98_304, ["forgot_bias"]),  # 98,816 - 512
        (LSTM, 74_112, ["forgot_gate"]),  # 3/4
        (LSTM, 24_704, ["one_gate"]),  # 1/4
        (LSTM, 33_280, ["forgot_state"]),  # 4*(64*128 + 128)
        (GRU, 74_496, ["right"]),
        (GRU, 74_112, ["one_bias_vector"]),  # 384 less: reset_after=false
        (GRU, 49_664, ["forgot_gate"]),  # 2/3
        (DEPTH, 320, ["right"]),
        (DEPTH, 160, ["forgot_argument"]),  # 9*16 + 16: the depth multiplier
        (DEPTH, 4_640, ["mixed_channels"]),  # 9*16*16*2 + 32
        (SEPARABLE, 1_344, ["right"]),
        (SEPARABLE, 320, ["forgot_weight"]),  # 288 + 32: without the pointwise kernel
        (SEPARABLE, 1_376, []),  # two biases, as two PyTorch convolutions have
        ("input 10\nembedding 1000 64", 64_000, ["right"]),
        ("input 10\nembedding 1000 64", 64, ["forgot_argument"]),
        ("input 10\nembedding 1000 64", 1_000, ["forgot_argument"]),
        ("input 8x8x4\nconv 6 3\nconv 5 3", 185, ["layer_too_early"]),  # 9*4*5 + 5; it is 9*6*5 + 5 = 275
        ("input 7\na: dense 7\ncall a", 56, ["weights_elsewhere"]),  # 7*7 + 7, counted at a
        ("input 7\na: dense 7\ncall a", 0, ["right"]),
        (POOL, 0, ["right"]),
        ("input 160\ndense n bias=false", 160 * N, ["right"]),
        ("input 160\ndense n", 160 * N, ["forgot_bias"]),
        ("input 160\ndense n", N, ["only_weight"]),
        ("input 160\ndense n", 160, ["forgot_argument", "forgot_bias"]),
    ],
)
def test_params(text: str, answer: Size, slips: list[str]) -> None:
    assert codes(text, PARAMS, answer) == slips


@pytest.mark.parametrize(
    ("text", "answer", "slips"),
    [
        (CONV, 322_560, ["right"]),  # 320*36*28
        (CONV, 645_120, ["gave_flops"]),
        (CONV, 320, ["forgot_positions"]),
        (CONV, 386_880, ["input_positions"]),  # 320*39*31
        (CONV, 11_520, ["forgot_size"]),  # 320*36
        (FILTERS, 1_926_400, ["counted_bias"]),  # 1,920,000 + 6,400
        (FILTERS, 96_000, ["forgot_channels"]),  # 600*160
        (FILTERS, 12_040, ["gave_params"]),
        (UP, 73_728, ["right"]),  # 9*4*8*16*16
        (UP, 294_912, ["output_positions"]),  # 9*4*8*32*32
        (POOL, 100, ["no_macs"]),
        (POOL, 0, ["right"]),
        (CONV, 0, ["has_macs"]),
        (LSTM, 4_915_200, ["right"]),  # 50*4*128*(64 + 128), as in cuDNN
        (LSTM, 98_304, ["forgot_positions"]),
        ("set batch=8\n" + CONV, 2_580_480, ["right"]),
        ("set batch=8\n" + CONV, 322_560, ["forgot_batch"]),
        # E = 64, 8 heads, 50 steps: 50*4*64*64 = 819,200 and 2*50*50*64 = 320,000
        ("input 50x64\nmha 8 8", 0, ["has_macs"]),
        ("input 50x64\nmha 8 8", 1_139_200, ["right"]),
        ("input 50x64\nmha 8 8", 819_200, ["forgot_products"]),
    ],
)
def test_macs(text: str, answer: Size, slips: list[str]) -> None:
    assert codes(text, MACS, answer) == slips


# 3x3, then 2x2 with stride 2, then 3x3: fields 3, 3 + 1 = 4, 4 + 2*2 = 8
DEEP = "input 40x40x1\nconv 4 3\nmaxpool 2\nconv 8 3"


@pytest.mark.parametrize(
    ("answer", "slips"),
    [
        ((8,), ["right"]),
        ((8, 8), ["right"]),
        ((4,), ["field_before"]),
        ((3,), ["only_kernel"]),
        ((6,), ["forgot_jump"]),  # 4 + 2
        ((10,), ["forgot_minus_one"]),  # 4 + 3*2
        ((7,), ["forgot_minus_one"]),  # 4 + 3
        ((12,), ["multiplied_fields"]),
        ((2,), ["gave_jump"]),
        ((17,), ["gave_shape"]),  # (39 - 1 - 2)/2 + 1 = 19, 19 - 2 = 17
        ((8, 8, 8), ["wrong_axes"]),
        ((99,), []),
    ],
)
def test_fields(answer: tuple[Size, ...], slips: list[str]) -> None:
    assert codes(DEEP, FIELD, *answer) == slips
