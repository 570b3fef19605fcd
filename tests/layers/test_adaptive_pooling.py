"""Pools whose windows follow from their output."""

from __future__ import annotations

import pytest

from tests.layers.building import run, spatial
from tui.core.size import symbol, text


@pytest.mark.parametrize("kind", ["globalavgpool", "globalmaxpool", "globallppool", "GlobalAveragePooling2D"])
def test_a_global_pool_leaves_features_or_axes_of_one(kind: str) -> None:
    # Keras 3.15 GlobalAveragePooling2D, keepdims False and True
    assert run(kind, (4, 7, 5, 16)).outputs[0].shape == (4, 16)
    assert run(f"{kind} keepdims", (4, 7, 5, 16)).outputs[0].shape == (4, 1, 1, 16)
    assert run(kind, (4, 16, 7, 5), data_format="channels_first").outputs[0].shape == (4, 16)


def test_a_global_pool_reads_the_whole_input() -> None:
    result = run("globalavgpool", (1, symbol("H"), 5, 16))
    assert result.reach is None
    assert text(result.counts.elementwise) == "80*H"


def test_an_adaptive_pool_has_the_size_that_is_asked() -> None:
    # PyTorch 2.13: AdaptiveAvgPool3d((6, 9, 4)) on 10x2x11, more windows than units on one axis
    assert spatial("adaptiveavgpool 6x9x4", 10, 2, 11) == (6, 9, 4)
    # PyTorch 2.13: AdaptiveMaxPool3d((9, 2, None)) on 16x16x13
    assert spatial("AdaptiveMaxPool3d 9x2xkeep", 16, 16, 13) == (9, 2, 13)
    assert spatial("adaptiveavgpool2d 7", 20, 20) == (7, 7)
    assert run("adaptiveavgpool 7", (1, 20, 20, 3)).reach is None
    assert run("adaptiveavgpool2d 7", (1, 20, 3)).message == "size names 2 axes, the input has 1 spatial axis"
    assert len(run("adaptivemaxpool 7 return_indices=true", (1, 20, 20, 3)).outputs) == 2


def test_elementwise_work_is_that_of_the_larger_side() -> None:
    assert run("adaptiveavgpool 2", (1, 6, 6, 3)).counts.elementwise == 6 * 6 * 3
    assert run("adaptiveavgpool 8", (1, 6, 6, 3)).counts.elementwise == 8 * 8 * 3


def test_a_fractional_pool_takes_a_size_or_a_ratio() -> None:
    # PyTorch 2.13: FractionalMaxPool2d(2, output_ratio=(0.6, 0.63)) on 20x22, output_size=(1, 4, 6) on 9x12x8
    assert spatial("fractionalmaxpool 2 ratio=0.6x0.63", 20, 22) == (12, 13)
    assert spatial("fractionalmaxpool 2 output_size=1x4x6", 9, 12, 8) == (1, 4, 6)
    for line in ("fractionalmaxpool 2", "fractionalmaxpool 2 size=3 ratio=0.5"):
        refused = run(line, (1, 20, 20, 1))
        assert refused.message == "fractionalmaxpool needs either size or ratio"


def test_a_fractional_pool_must_leave_room_for_its_windows() -> None:
    # PyTorch: output + kernel - 1 must be at most the input
    assert spatial("fractionalmaxpool 3 size=8", 10) == (8,)
    refused = run("fractionalmaxpool 3 size=9", (1, 10, 1))
    assert refused.message == "9 windows of 3 do not fit an axis of 10"
    assert refused.failed == "9 + 3 - 1 = 11, must be at most 10"
