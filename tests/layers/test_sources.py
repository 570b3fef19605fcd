"""Inputs: with the batch of the network, or whole."""

from __future__ import annotations

import pytest

from tests.layers.building import layer, run
from tui.formats.line import parse_line


def test_an_input_has_the_batch_of_the_network_in_front_unless_it_is_whole() -> None:
    assert run("input 4x3").outputs[0].shape == (1, 4, 3)
    assert run("input 4x3 whole=true").outputs[0].shape == (4, 3)
    made = layer("input 4x3")
    made.settings = made.settings._replace(batch=8)
    assert made.output(())[0].shape == (8, 4, 3)


def test_an_input_without_axes_is_a_scalar() -> None:
    assert run("input scalar").outputs[0].shape == (1,)
    assert run("input scalar whole=true").outputs[0].shape == ()


@pytest.mark.parametrize("text", ["input scalar whole=true", "input 4x3 whole=true", "input nx3"])
def test_what_is_written_is_read_back(text: str) -> None:
    assert parse_line(text).text == text
