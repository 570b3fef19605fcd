"""Padding and cropping."""

from __future__ import annotations

import pytest

from tests.layers.building import run, spatial
from tui.core.kind import Window
from tui.core.size import symbol, text


def test_ends_are_given_first_to_last_axis_and_first_to_last_end() -> None:
    assert spatial("pad 1", 6, 8) == (8, 10)
    assert spatial("pad 1x2", 6, 8) == (8, 12)
    assert spatial("pad 0:2x4:3", 12, 9) == (14, 16)  # Keras 3.15 ZeroPadding2D(((0, 2), (4, 3)))
    assert spatial("pad 0:1", 6, 8) == (7, 9)


@pytest.mark.parametrize("data_format", ["channels_last", "channels_first"])
def test_an_amount_for_every_axis_pads_the_whole_shape(data_format: str) -> None:
    # ONNX Runtime 1.32 Pad with pads [3, 0, 0, 0, 1, 3, 1, 3, 3, 0] on 5x6x2x2x2
    result = run("pad 3:3x0:1x0:3x0:3x1:0", (5, 6, 2, 2, 2), data_format=data_format)
    assert result.outputs[0].shape == (11, 7, 5, 5, 3)
    assert run("pad 0x2", (4, 8)).outputs[0].shape == (4, 12)


def test_a_negative_amount_crops_with_a_remark() -> None:
    # PyTorch 2.13: ZeroPad2d((2, -1, 4, 5)) makes 21x7 of 12x6; Keras refuses ZeroPadding1D(-1)
    result = run("pad 4:5x2:(-1)", (1, 12, 6, 1))
    assert result.outputs[0].shape == (1, 21, 7, 1)
    assert result.message == "Keras refuses a padding below 0"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("reflectionpad 4", "reflect padding of 4 on an axis of 4: at most 3 can be filled"),
        ("pad 5 mode=wrap", "circular padding of 5 on an axis of 4: at most 4 can be filled"),
        ("pad (-2)", "pad leaves nothing of an axis of 4"),
        ("crop 1:3", "crop leaves nothing of an axis of 4"),
        ("pad 1x1", "padding names 2 axes, the input has 1 spatial axis"),
    ],
)
def test_what_does_not_fit_is_refused(line: str, message: str) -> None:
    refused = run(line, (1, 4, 8))
    assert (refused.status, refused.message) == ("error", message)
    assert refused.fixes


def test_modes_have_the_names_of_all_frameworks() -> None:
    for line in ("pad 3 mode=edge", "replicationpad 3", "ConstantPad1d 3 value=0.5", "circularpad1d 3"):
        assert spatial(line, 4) == (10,)


def test_cropping_takes_from_each_end() -> None:
    assert spatial("Cropping1D 3:0", 8) == (5,)  # Keras 3.15 Cropping1D((3, 0))
    assert spatial("crop 0x0x0:1", 12, 7, 6) == (12, 7, 5)  # Keras 3.15 Cropping3D(((0, 0), (0, 0), (0, 1)))
    assert text(run("crop 1", (1, symbol("H"), 8)).outputs[0].shape[1]) == "H - 2"


def test_padding_moves_the_field_back_and_cropping_forward() -> None:
    assert run("pad 2:0x1", (1, 6, 6, 1)).reach == (Window(1, 1, 2), Window(1, 1, 1))
    assert run("crop 2:0x1", (1, 6, 6, 1)).reach == (Window(1, 1, -2), Window(1, 1, -1))
