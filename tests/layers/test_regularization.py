"""Layers that act while training only."""

from __future__ import annotations

import pytest

from tests.layers.building import run
from tui.formats.line import parse_line


@pytest.mark.parametrize(
    "line",
    ["dropout 0.5", "dropout", "nn.Dropout2d p=0.1", "spatialdropout 0.2", "alphadropout 1", "gaussiannoise 0.1",
     "gaussiandropout rate=0", "randomrotation 0.1", "randomtranslation height_factor=0.1 width_factor=-0.1,0.2",
     "randomflip horizontal", "mixup", "activityregularization l1=0.1"],
)  # fmt: skip
def test_nothing_is_left_of_them_at_inference(line: str) -> None:
    result = run(line, (2, 6, 6, 3))
    assert result.outputs[0].shape == (2, 6, 6, 3)
    assert result.counts[:-1] == (0,) * 7


@pytest.mark.parametrize("rate", ["1.5", "-0.1", "nan", "inf", "half"])
def test_a_rate_is_from_0_to_1(rate: str) -> None:
    error = parse_line(f"dropout {rate}").error
    assert error is not None
    assert "a number from 0 to 1" in error.message


def test_randomcrop_names_its_size() -> None:
    assert run("randomcrop 24 20", (2, 32, 32, 3)).outputs[0].shape == (2, 24, 20, 3)
    assert run("randomcrop 24 20", (2, 3, 32, 32), data_format="channels_first").outputs[0].shape == (2, 3, 24, 20)
    assert run("randomcrop 24 20", (2, 32)).status == "error"


def test_small_numbers_of_regularization_are_read() -> None:
    for line in ("activityregularization l1=0.01 l2=0.001", "gaussiannoise 0.1", "randomcrop 1 1"):
        assert parse_line(line).error is None


@pytest.mark.parametrize(("line", "side"), [("randomcrop 0 24", "height"), ("randomcrop 24 0", "width")])
def test_a_crop_leaves_something(line: str, side: str) -> None:
    error = parse_line(line).error
    assert error is not None
    assert error.message == f"{side}: 0 is not a whole number of at least 1"


def test_a_factor_is_one_number_or_two() -> None:
    assert parse_line("randombrightness -0.1,0.2").error is None
    for word in ("nan", "0.1,nan", "inf", "1e10", "1,2,3", "much"):
        error = parse_line(f"randombrightness {word}").error
        assert error is not None
        assert error.message == f"factor: '{word}' is not a number such as 0.1, or two such as -0.1,0.2"
