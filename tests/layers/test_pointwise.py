"""Functions of each element that have no kind of their own. Shapes by the rule of NumPy: a 1 stretches."""

from __future__ import annotations

from tests.layers.building import run


def test_one_input_keeps_its_shape_and_several_are_stretched() -> None:
    alone = run("pointwise log2", (2, 8, 3))
    assert (alone.outputs[0].shape, alone.work.macs, alone.work.elementwise) == ((2, 8, 3), 0, 2 * 8 * 3)
    assert run("pointwise hypot", (2, 8, 1), (2, 1, 3)).outputs[0].shape == (2, 8, 3)
    assert run("pointwise hypot", (2, 8), (2, 3)).status == "error"
    assert alone.counts.missing == 0
