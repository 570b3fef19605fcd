"""Rearranging between the channels and the spatial axes: nothing is lost."""

from __future__ import annotations

import pytest

from tests.layers.building import run
from tui.core.field import AxisField, axis_after
from tui.core.size import symbol, text


@pytest.mark.parametrize(
    ("line", "shape", "out"),
    [
        # PyTorch 2.13 and the node tests of ONNX; channels first
        ("PixelShuffle upscale_factor=4", (2, 48, 6, 5), (2, 3, 24, 20)),
        ("PixelUnshuffle downscale_factor=4", (1, 3, 12, 16), (1, 48, 3, 4)),
        ("DepthToSpace blocksize=2 mode=CRD", (1, 8, 2, 3), (1, 2, 4, 6)),
        ("SpaceToDepth blocksize=3", (1, 2, 6, 3), (1, 18, 2, 1)),
        ("ChannelShuffle groups=2", (1, 4, 5, 6), (1, 4, 5, 6)),
        ("Unfold kernel_size=4 stride=2 padding=2x0", (1, 4, 14, 10), (1, 64, 32)),
        ("Fold output_size=4x11 kernel_size=1 stride=3 padding=1", (1, 2, 10), (1, 2, 4, 11)),
    ],
)
def test_shapes_that_the_frameworks_give(line: str, shape: tuple[int, ...], out: tuple[int, ...]) -> None:
    assert run(line, shape, data_format="channels_first").outputs[0].shape == out


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("pixelshuffle 2", "6 channels are not divisible by 4"),
        ("pixelunshuffle 2", "5 units of an axis are not divisible by 2"),
        ("channelshuffle 4", "groups=4 does not divide 6 channels"),
        ("unfold 6", "kernel 6x6 does not fit 5x5"),
    ],
)
def test_what_does_not_divide_is_refused(line: str, message: str) -> None:
    refused = run(line, (1, 5, 5, 6))
    assert (refused.status, refused.message) == ("error", message)


def test_fold_takes_back_what_unfold_made() -> None:
    columns = run("unfold 3 stride=2 padding=1", (2, 9, 7, 4)).outputs[0].shape
    assert columns == (2, 5 * 4, 4 * 9)
    assert run("fold 9x7 3 stride=2 padding=1", columns).outputs[0].shape == (2, 9, 7, 4)
    assert run("fold 8x9 3 stride=2", columns).message == "20 columns, but 12 windows fit the output size"
    assert run("fold 9x7 3x5 stride=2 padding=1x2", columns).message == "36 channels are not divisible by 15"
    assert run("fold 9x7 3", (2, 9, 7, 4)).message == "fold needs columns, 1 axis and channels; it gets 3 axes"
    assert run("fold 4 2 stride=2", (1, 4, 8)).outputs[0].shape == (1, 4, 4, 2)  # one number: two axes, as in PyTorch


def test_space_and_depth_are_each_other_s_inverse_on_symbols() -> None:
    height = symbol("H")
    up = run("pixelshuffle r", (1, height, 4, 3 * symbol("r") * symbol("r"))).outputs[0].shape
    assert [text(size) for size in up] == ["1", "H*r", "4*r", "3"]
    assert run("pixelunshuffle r", up).outputs[0].shape == (1, height, 4, 3 * symbol("r") * symbol("r"))


def test_the_field_follows_the_elements() -> None:
    (window, _) = run("pixelunshuffle 2", (1, 4, 4, 1)).reach or ()
    assert axis_after(AxisField(), window) == AxisField(2, 2, 0)
    (window, _) = run("pixelshuffle 2", (1, 4, 4, 4)).reach or ()
    assert axis_after(AxisField(2, 2, 0), window) == AxisField(2, 1, 0)
    (window, _) = run("unfold 3 stride=2 padding=1", (1, 9, 7, 4)).reach or ()
    assert axis_after(AxisField(), window) == AxisField(3, 2, -1)
