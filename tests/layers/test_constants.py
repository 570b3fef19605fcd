"""Tensors without an input, and layers that change only a type."""

from __future__ import annotations

import pytest

from tests.layers.building import run
from tui.core.size import Size, symbol
from tui.core.snapshot import Snapshot
from tui.formats.document import parse_document

n, t = symbol("n"), symbol("t")


def test_a_parameter_is_all_weights() -> None:
    # The position embedding of ViT-B/16 at 224: 197 x 768.
    result = run("parameter 1x197x768")
    assert result.outputs[0].shape == (1, 197, 768)
    assert result.counts.params == 197 * 768
    assert run("parameter").counts.params == 1
    assert run("parameter 4 trainable=false").counts.non_trainable == 4


def test_a_parameter_leaves_the_receptive_field_of_what_it_is_added_to() -> None:
    lines = parse_document("input 8x8x3\nx: conv 4 3x3\np: parameter 1x6x6x4\nadd @x @p")
    field = Snapshot.of(lines).field(3)
    assert field is not None
    assert field.sizes() == (3, 3)


def test_a_constant_has_no_weights() -> None:
    result = run("constant 2x5")
    assert (result.outputs[0].shape, result.counts.params) == ((2, 5), 0)


@pytest.mark.parametrize(
    ("line", "count"),
    [("range 1 10", 9), ("range 0 11 2", 6), ("range 2 7 2", 3), ("range 10 0 -3", 4), ("range 5 2", 0),
     ("range 0 t", t), ("range 2 t+2", t)],
)  # fmt: skip
def test_a_range_counts_as_python_does(line: str, count: Size) -> None:
    assert run(line).outputs[0].shape == (count,)
    words = line.split()[1:]
    if "t" not in line:
        assert count == len(range(*map(int, words)))


def test_a_range_of_step_zero_is_refused() -> None:
    assert run("range 0 5 0").message == "range with a step of 0 never ends"


def test_a_range_begins_at_0_unless_it_is_told() -> None:
    assert run("range end=5").outputs[0].shape == (5,)  # numpy.arange(5)


def test_the_shape_as_a_tensor() -> None:
    assert run("shape", (2, 4, n)).outputs[0].shape == (3,)
    assert run("shape start=-2 end=-1", (2, 4, 6)).outputs[0].shape == (1,)
    assert run("shape start=1", (2, 4, 6)).outputs[0].shape == (2,)
    assert run("size", (2, 4, 6)).outputs[0].shape == ()


def test_types() -> None:
    assert run("cast int8", (1, 4)).outputs[0].dtype == "int8"
    assert run("quantize", (1, 4)).outputs[0].dtype == "uint8"
    assert run("dequantizelinear", (1, 4)).outputs[0].dtype == "float32"
    assert run("nn.Identity", (1, 4)).outputs[0] == ((1, 4), "float32")
    assert run("masking mask_value=-1", (1, 4, 2)).outputs[0].shape == (1, 4, 2)
    assert run("zeros_like", (1, 4, 2)).outputs[0].shape == (1, 4, 2)
