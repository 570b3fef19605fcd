"""Reductions by hand, as the ONNX operators define them."""

from __future__ import annotations

import pytest

from tests.layers.building import run
from tui.core.kind import POINTWISE
from tui.core.size import symbol

h, n = symbol("h"), symbol("n")


@pytest.mark.parametrize(
    "name", ["reducemean", "reducemax", "reducesum", "reduceprod", "reducel1", "reducel2", "logsumexp", "var"]
)
def test_axes_are_kept_or_dropped(name: str) -> None:
    shape = (1, h, h, 16)
    assert run(f"{name} axes=1,2", shape).outputs[0].shape == (1, 1, 1, 16)
    assert run(f"{name} axes=1,2 keepdims=false", shape).outputs[0].shape == (1, 16)
    assert run(f"{name} dim=-1 keepdim=false", shape).outputs[0].shape == (1, h, h)
    assert run(name, shape).outputs[0].shape == (1, 1, 1, 1)
    assert run(f"{name} keepdims=0", shape).outputs[0].shape == ()
    assert run(f"{name} noop_with_empty_axes=1", shape).outputs[0].shape == shape
    assert run(f"{name} axes=1", shape).counts.elementwise == 16 * h * h
    assert run(f"{name} axes=4", shape).status == "error"


def test_a_mean_over_space_reads_the_whole_input() -> None:
    assert run("reducemean axes=1,2", (1, 8, 8, 16)).reach is None
    assert run("reducemean axes=3", (1, 8, 8, 16)).reach == POINTWISE


def test_arguments_of_the_extremes_are_whole_numbers() -> None:
    result = run("argmax axis=0", (2, 3, 4))
    assert (result.outputs[0].shape, result.outputs[0].dtype) == ((1, 3, 4), "int64")
    assert run("argmin axis=1 keepdims=false", (2, 3, 4)).outputs[0].shape == (2, 4)
    assert run("argmax axis=3", (2, 3, 4)).status == "error"


def test_topk_has_two_outputs() -> None:
    result = run("topk 3", (2, n))
    assert [(x.shape, x.dtype) for x in result.outputs] == [((2, 3), "float32"), ((2, 3), "int64")]
    result = run("topk 3 axis=0", (2, 9))
    assert result.message == "topk wants 3 of only 2 along axis 0"
    assert [fix.args for fix in result.fixes] == [{"k": 2}]


def test_cumsum_keeps_the_shape() -> None:
    assert run("cumsum 1", (2, 3)).outputs[0].shape == (2, 3)
    assert run("cumsum 2", (2, 3)).status == "error"
