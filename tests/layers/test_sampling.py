"""Sampling at named places: shapes from the documentation of ONNX's GridSample, AffineGrid and RoiAlign."""

from __future__ import annotations

import pytest

from tests.layers.building import run


def test_a_grid_gives_the_output_its_places() -> None:
    # ONNX node test gridsample: X (1, 1, 4, 4), grid (1, 6, 6, 2), Y (1, 1, 6, 6)
    result = run("gridsample", (1, 1, 4, 4), (1, 6, 6, 2), data_format="channels_first")
    assert result.outputs[0].shape == (1, 1, 6, 6)
    assert run("gridsample", (1, 4, 4, 3), (1, 6, 5, 2)).outputs[0].shape == (1, 6, 5, 3)
    assert result.counts.params == result.counts.macs == 0


@pytest.mark.parametrize(
    ("shapes", "said"),
    [
        (((1, 4, 4, 3), (1, 6, 6, 3)), "a place in the input"),
        (((1, 4, 4, 3), (1, 6, 2)), "a grid of 4 axes"),
        (((2, 4, 4, 3), (1, 6, 6, 2)), "2 examples, but 1 grids"),
    ],
)
def test_a_grid_must_fit_its_input(shapes: tuple[tuple[int, ...], ...], said: str) -> None:
    result = run("gridsample", *shapes)
    assert result.status == "error"
    assert said in (result.message or "")


def test_an_affine_map_makes_a_grid() -> None:
    assert run("affinegrid 2x3x5x6", (2, 2, 3)).outputs[0].shape == (2, 5, 6, 2)
    assert run("affinegrid 2x3x4x5x6", (2, 3, 4)).outputs[0].shape == (2, 4, 5, 6, 3)
    assert run("affinegrid 2x3x5x6", (2, 3, 4)).status == "error"


def test_regions_become_a_batch_of_one_size() -> None:
    # ONNX node test roialign_mode_max: X (1, 1, 10, 10), rois (3, 4), Y (3, 1, 5, 5)
    assert run("roialign 5", (1, 1, 10, 10), (3, 4), data_format="channels_first").outputs[0].shape == (3, 1, 5, 5)
    assert run("roialign 5x4", (1, 10, 10, 7), (3, 4)).outputs[0].shape == (3, 5, 4, 7)
    assert run("roialign 5", (1, 10, 7), (3, 4)).status == "error"
