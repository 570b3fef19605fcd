"""Convolutions: the sizes, weights, MACs, refusals and remarks that do not follow from the frameworks' random cases."""

from __future__ import annotations

import pytest

from tests.layers.building import run, spatial
from tui.core.field import AxisField, axis_after
from tui.core.result import Result
from tui.core.size import symbol, text
from tui.formats.line import parse_line, with_args


def message(result: Result) -> str:
    assert result.message is not None
    return result.message


def test_the_convolutions_of_the_worked_example() -> None:
    # A textbook's network, without bias: 39x31x1, then each input as the pool before leaves it.
    shape, params = (1, 39, 31, 1), []
    for line, after in (
        ("conv 20 4x4 nobias", (1, 18, 14, 20)),
        ("conv 40 3x3 nobias", (1, 8, 6, 40)),
        ("conv 60 3x3 nobias", (1, 3, 2, 60)),
        ("conv 80 2x2 nobias", None),
    ):
        result = run(line, shape)
        params.append(result.counts.params)
        if after is None:
            assert result.outputs[0].shape == (1, 2, 1, 80)
            break
        pooled = run("maxpool 2", result.outputs[0].shape).outputs[0].shape
        assert pooled == after
        shape = after
    assert params == [320, 7_200, 21_600, 19_200]


@pytest.mark.parametrize(
    ("line", "shape", "macs"),
    [
        # torch.utils.flop_counter of torch 2.13, halved; 3*8*9*32*32 and 8*8*16*32*32 by hand
        ("conv 8 3 padding=1", (1, 32, 32, 3), 221_184),
        ("conv 8 4 same", (1, 32, 32, 8), 1_048_576),
        # a batch of 4 is four times the work
        ("conv 8 3 padding=1", (4, 32, 32, 3), 884_736),
    ],
)
def test_macs_leave_the_bias_out(line: str, shape: tuple[int, ...], macs: int) -> None:
    result = run(line, shape)
    assert result.counts.macs == macs
    assert result.counts.elementwise == result.outputs[0].elements
    assert run(f"{line} nobias", shape).counts.elementwise == 0
    assert run(f"{line} activation=relu", shape).counts.elementwise == 2 * result.outputs[0].elements


def test_a_separable_convolution_has_one_bias_and_a_depthwise_one_a_bias_a_channel() -> None:
    # Keras 3.15, SeparableConv2D(32, 3, depth_multiplier=2) on 16 channels: 144*2 + 32*32 + 32
    assert run("separable 32 3 depth_multiplier=2", (1, 8, 8, 16)).counts.params == 1_344
    # Keras 3.15, DepthwiseConv2D(3, depth_multiplier=2): 9*16*2 + 32
    assert run("depthwise 3 2", (1, 8, 8, 16)).counts.params == 320


def test_depthwise_is_a_convolution_with_a_group_a_channel() -> None:
    depthwise, grouped = run("depthwise 3 2 same", (1, 9, 9, 8)), run("conv 16 3 same groups=8", (1, 9, 9, 8))
    assert depthwise.outputs == grouped.outputs
    assert depthwise.counts == grouped.counts


def test_names_of_the_frameworks_fix_the_rank() -> None:
    assert spatial("nn.Conv2d 8 3", 9, 9) == (7, 7)
    assert spatial("Conv1D 8 3", 9) == (7,)
    assert spatial("합성곱 8 3", 9, 9, 9) == (7, 7, 7)
    assert message(run("conv1d 8 3", (1, 9, 9, 1))) == "kernel names 1 axis, the input has 2 spatial axes"


def test_causal_is_for_one_axis() -> None:
    assert spatial("conv 8 3 causal dilation=4", 50) == (50,)
    refused = run("conv 8 3 causal", (1, 9, 9, 1))
    assert message(refused) == "padding=causal is for a single axis, the input has 2 spatial axes"


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("conv 8 3 groups=3", "groups=3 does not divide 4 input channels"),
        ("conv 7 3 groups=4", "groups=4 does not divide 7 filters"),
        ("conv 8 3 in_channels=3", "in_channels=3, the input has 4 channels"),
        ("conv 8 20", "kernel 20x20 does not fit 10x10"),
        ("conv 8 3 stride=1x2x3", "stride names 3 axes, the input has 2 spatial axes"),
        ("conv 8 3 padding=(-1)", "padding below 0; a crop layer before it does that"),
        ("conv 8 3 padding=10 padding_mode=reflect", "reflect padding of 10 on an axis of 10: at most 9 can be filled"),
        ("conv 8 9 same padding_mode=circular dilation=3", "circular padding of 12 on an axis of 10: at most 10"),
    ],
)
def test_what_does_not_fit_is_refused_with_the_reason_and_a_fix_that_fits(line: str, reason: str) -> None:
    refused = run(line, (1, 10, 10, 4))
    assert refused.status == "error"
    assert message(refused).startswith(reason)
    for fix in refused.fixes:
        repaired = run(with_args(parse_line(line), fix.args), (1, 10, 10, 4))
        assert repaired.message != refused.message, fix.label
    assert refused.fixes


def test_groups_are_repaired_at_once_however_large() -> None:
    refused = run(f"conv 8 3 groups={10**17}", (1, 10, 10, 4))
    assert [fix.args["groups"] for fix in refused.fixes] == [4, 1]


def test_a_negative_padding_of_another_mode_crops_as_in_pytorch() -> None:
    # PyTorch 2.13: Conv2d(1, 8, 1, stride=3, padding=-1, padding_mode="circular") makes 5x2 of 15x7
    assert spatial("conv 8 1 stride=3 padding=(-1) padding_mode=circular", 15, 7) == (5, 2)


def test_what_one_framework_refuses_is_computed_with_a_remark_that_names_it() -> None:
    strided = run("conv 8 3 stride=2 same", (1, 9, 9, 1))
    assert (strided.status, strided.outputs[0].shape) == ("warning", (1, 5, 5, 8))
    assert message(strided) == "PyTorch refuses padding=same with a stride above 1"
    dilated = run("conv 8 3 stride=2x1 dilation=1x2", (1, 9, 9, 1))
    assert message(dilated) == "Keras refuses a stride above 1 together with a dilation above 1"
    assert run("depthwise 3 stride=2 dilation=2", (1, 9, 9, 1)).status == "ok"  # Keras accepts it
    assert run("conv 8 3 stride=s same", (1, 9, 9, 1)).status == "ok"  # the stride may be 1


def test_symbols_stay_exact() -> None:
    height = symbol("H")
    result = run("conv n 3 stride=2 padding=1", (1, height, 31, 16))
    assert [text(size) for size in result.outputs[0].shape] == ["1", "(H + 1)//2", "16", "n"]
    assert text(result.counts.params, constant_first=True) == "145*n"
    assert text(run("conv 8 3 groups=g", (1, 9, 9, symbol("C"))).counts.params) == "72*(C//g) + 8"


def test_the_receptive_field_of_vgg16_is_212() -> None:
    # Araujo, Norris, Sim, Distill 2019: VGG16 has 212 after its last pool
    field, size = AxisField(), 224
    for convolutions in (2, 2, 3, 3, 3):
        for line in ["conv 8 3 same"] * convolutions + ["maxpool 2"]:
            result = run(line, (1, size, size, 8))
            assert result.reach
            field, size = axis_after(field, result.reach[0]), result.outputs[0].shape[1]
    assert (field.size, field.jump, size) == (212, 32, 7)
