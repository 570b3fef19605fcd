"""Transposed convolution."""

from __future__ import annotations

import pytest

from tests.layers.building import run, spatial
from tui.core.field import AxisField, axis_after
from tui.core.size import symbol, text
from tui.formats.line import parse_line


def test_leaving_output_padding_out_is_a_rule_of_its_own_in_keras() -> None:
    # Keras 3.15 and PyTorch 2.13 on 16 units
    assert spatial("convtranspose 8 3 stride=2 same", 16) == (32,)
    assert spatial("convtranspose 8 3 stride=2 same output_padding=0", 16) == (31,)
    assert spatial("convtranspose 8 3 stride=2 same output_padding=1", 16) == (32,)
    assert spatial("convtranspose 8 2 stride=3", 16) == (48,)
    assert spatial("convtranspose 8 2 stride=3 padding=0", 16) == (47,)


@pytest.mark.parametrize(
    ("line", "shape", "macs"),
    [
        # torch.utils.flop_counter of torch 2.13, halved
        ("convtranspose 4 2 stride=2", (1, 16, 16, 8), 32_768),
        ("convtranspose 8 2 stride=2 groups=4", (1, 16, 16, 8), 16_384),
    ],
)
def test_macs_go_by_the_input_positions(line: str, shape: tuple[int, ...], macs: int) -> None:
    assert run(line, shape).counts.macs == macs


def test_the_kernel_has_the_input_channels_first_and_the_groups_once() -> None:
    kernel, bias = run("convtranspose 8 2x3 groups=4", (1, 16, 16, 12)).weights
    assert kernel.shape == (12, 2, 2, 3)  # PyTorch: (in_channels, out_channels/groups, *kernel_size)
    assert bias.shape == (8,)


def test_an_output_size_takes_the_place_of_the_padding() -> None:
    # ONNX ConvTranspose with output_shape [10, 8], kernel 3 and strides [3, 2] on 3x3 (its node test)
    result = run("convtranspose 2 3 stride=3x2 output_shape=10x8", (1, 3, 3, 1))
    assert result.outputs[0].shape == (1, 10, 8, 2)


def test_what_does_not_fit_is_refused() -> None:
    assert run("convtranspose 8 3 output_padding=1", (1, 9, 1)).message == (
        "output_padding=1 must be below the stride or the dilation"
    )
    assert run("convtranspose 8 1 padding=5", (1, 9, 1)).message == "the padding cuts everything off"
    assert run("convtranspose 8 3 groups=3", (1, 9, 3)).message == "groups=3 does not divide 8 filters"
    assert (
        run("convtranspose 9 3 groups=3 in_channels=4", (1, 9, 3)).message == "in_channels=4, the input has 3 channels"
    )


def test_only_zeros_fill_a_transposed_convolution() -> None:
    assert spatial("convtranspose 8 3 padding_mode=zeros", 9) == (11,)
    error = parse_line("convtranspose 8 3 padding_mode=replicate").error
    assert error is not None  # PyTorch 2.13: only "zeros" is supported
    assert "'replicate' is not zeros" in error.message


def test_what_one_framework_refuses_is_computed_with_a_remark_that_names_it() -> None:
    same = run("convtranspose 8 3 same", (1, 9, 1))
    assert same.message == "PyTorch refuses padding=same in a transposed convolution"
    assert run("convtranspose 8 3 padding=1 stride=2 dilation=2", (1, 9, 1)).message == (
        "Keras refuses a stride above 1 together with a dilation above 1"
    )
    assert run("convtranspose 8 3 padding=1 dilation=3 output_padding=2", (1, 9, 1)).message == (
        "Keras refuses an output_padding that is not below the stride"
    )


def test_symbols_stay_exact() -> None:
    result = run("convtranspose n 4 stride=2 padding=1", (1, symbol("H"), 8))
    assert text(result.outputs[0].shape[1]) == "2*H"
    assert text(result.counts.macs) == "32*H*n"


def test_a_doubled_axis_halves_the_jump_and_keeps_the_field_of_what_it_reads() -> None:
    # By hand: with kernel 4, stride 2 and padding 1, output 0 is made of inputs -1 and 0, output 2 of 0 and 1.
    (window,) = run("convtranspose 8 4 stride=2 padding=1", (1, 16, 8)).reach or ()
    assert axis_after(AxisField(3, 2, 0), window) == AxisField(5, 1, -2)
