"""Kinds that no framework's records name: their shapes by the definition of each function, by hand."""

from __future__ import annotations

import pytest

from tests.layers.building import run

SHAPE = (2, 6, 5, 8)


@pytest.mark.parametrize(
    "kind", ["rsqrt", "expm1", "log1p", "square", "squareplus", "sparseplus", "sparsesigmoid", "droppath", "cumprod"]
)
def test_a_function_of_each_element_keeps_the_shape_and_owns_nothing(kind: str) -> None:
    result = run(kind, SHAPE)
    assert [tensor.shape for tensor in result.outputs] == [SHAPE]
    assert (result.weights, result.counts.params, result.counts.macs) == ((), 0, 0)


def test_two_inputs_are_broadcast() -> None:
    # numpy's rule: (2, 6, 5, 8) over (1, 8) is (2, 6, 5, 8).
    assert run("floordivide", SHAPE, (1, 8)).outputs[0].shape == SHAPE
    assert run("floordivide", SHAPE, (1, 7)).status == "error"


def test_a_standard_deviation_takes_axes_away() -> None:
    assert run("reducestd 1,2", SHAPE).outputs[0].shape == (2, 1, 1, 8)
    assert run("reducestd 1,2 keepdims=false", SHAPE).outputs[0].shape == (2, 8)
    assert run("reducemedian 1,2 keepdims=false", SHAPE).outputs[0].shape == (2, 8)
