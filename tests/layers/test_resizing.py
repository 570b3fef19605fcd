"""Resizing by a factor and to a size."""

from __future__ import annotations

import pytest

from tests.layers.building import run, spatial
from tui.core.field import AxisField, axis_after
from tui.core.kind import Window
from tui.core.size import symbol, text


def test_a_factor_is_rounded_down() -> None:
    # PyTorch 2.13: Upsample(scale_factor=1.5) makes 12x3x10 of 8x2x7, 1.7 makes 5 of 3
    assert spatial("upsample 1.5", 8, 2, 7) == (12, 3, 10)
    assert spatial("upsample 1.7", 3) == (5,)
    assert spatial("upsample 1x2.5 mode=linear", 7, 8) == (7, 20)
    height = run("upsample 1.5", (1, symbol("H"), 8, 3)).outputs[0].shape[1]
    assert text(height) == "H + H//2"


def test_a_size_takes_the_place_of_a_factor() -> None:
    assert spatial("Upsample size=11x10x12", 3, 4, 9) == (11, 10, 12)
    for line in ("upsample", "upsample 2 size=4"):
        assert run(line, (1, 3, 3, 1)).message == "upsample needs either scale or size"


def test_the_size_of_keras_upsampling_is_a_factor() -> None:
    assert spatial("UpSampling3D size=1x1x3", 4, 1, 9) == (4, 1, 27)
    assert spatial("upsampling", 4, 5) == (8, 10)  # its default is 2


@pytest.mark.parametrize(("mode", "rank"), [("bilinear", 2), ("trilinear", 3), ("bicubic", 2)])
def test_some_modes_are_for_one_rank(mode: str, rank: int) -> None:
    for axes in (1, 2, 3):
        result = run(f"upsample 2 mode={mode}", (1, *(4,) * axes, 3))
        assert (result.status == "ok") == (axes == rank), axes


def test_elementwise_work_by_hand() -> None:
    # 8x8 outputs of 3 channels; bilinear makes each of 2*2, bicubic of 4*4; a copy is no operation
    assert run("upsample 2", (1, 4, 4, 3)).counts.elementwise == 0
    assert run("upsample 2 mode=bilinear", (1, 4, 4, 3)).counts.elementwise == 8 * 8 * 3 * 4
    assert run("upsample 2 mode=bicubic", (1, 4, 4, 3)).counts.elementwise == 8 * 8 * 3 * 16


def test_a_doubled_axis_halves_the_jump() -> None:
    (window, _) = run("upsample 2", (1, 4, 4, 3)).reach or ()
    assert axis_after(AxisField(5, 4, -2), window) == AxisField(5, 2, -2)
    assert run("upsample size=6x4", (1, 4, 4, 3)).reach == (Window(1, 2, 0, up=3), Window(1, 1, 0, up=1))


def test_images_of_a_given_height_and_width() -> None:
    assert spatial("Resizing height=16 width=2", 10, 10) == (16, 2)
    assert spatial("CenterCrop height=16 width=2", 10, 10) == (16, 2)  # Keras 3.15 enlarges what is too small
    assert run("centercrop 6 6", (1, 10, 7, 3)).reach == (Window(1, 1, -2), Window(1, 1, 0))
    assert run("resizing 4 4", (1, 9, 3)).message == "resizing needs an image with 2 spatial axes, the input has 1"


def test_center_crop_pad_takes_a_size_for_each_axis_that_changes() -> None:
    # ONNX node test center_crop_pad_crop: 20x10x3 becomes 10x7x3
    assert run("centercroppad 10x7xkeep", (20, 10, 3)).outputs[0].shape == (10, 7, 3)
    assert run("centercroppad keepxkeepxkeepx4", (3, 4, 3, 2)).outputs[0].shape == (3, 4, 3, 4)
    assert spatial("centercroppad 4xkeep", 3, 5) == (4, 5)


def test_an_axis_that_would_vanish_is_refused() -> None:
    refused = run("upsample 0.2", (1, 4, 9))
    assert refused.message == "nothing is left of an axis of 4: its new size would be 0"
