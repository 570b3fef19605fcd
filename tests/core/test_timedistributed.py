"""Layers applied to each step by itself, as Keras's TimeDistributed applies them."""

from __future__ import annotations

import pytest

from tests.layers.sequence_layers import layer, run
from tui.core.kind import POINTWISE
from tui.core.size import symbol
from tui.core.tensor import Tensor

T = symbol("T")


@pytest.mark.parametrize(
    ("line", "shape", "expected"),
    [
        ("dense 8", (1, 5, 6), (1, 5, 8)),
        ("conv 8 3x3", (2, 5, 9, 9, 3), (2, 5, 7, 7, 8)),
        ("lstm 8", (2, 5, 6, 3), (2, 5, 8)),
        ("flatten", (2, 5, 6, 3), (2, 5, 18)),
        ("conv 8 3", (2, T, 9, 3), (2, T, 7, 8)),
    ],
)
def test_a_layer_applied_to_each_step_by_itself(line: str, shape: tuple[int, ...], expected: tuple[int, ...]) -> None:
    """T steps cost T times one step and share their weights (Keras's TimeDistributed)."""
    distributed = run(f"{line} timedistributed=true", shape)
    one = run(line, (1, *shape[2:]))
    assert distributed.outputs[0].shape == expected
    assert distributed.counts.params == one.counts.params
    assert distributed.counts.macs == one.counts.macs * shape[0] * shape[1]


def test_what_has_no_steps_or_mixes_the_batch_is_not_applied_to_each_step() -> None:
    result = run("relu timedistributed=true", (1, 6))
    assert "needs steps and features" in (result.message or "")
    assert [fix.label for fix in result.fixes] == ["timedistributed=false"]
    assert "mixes the examples" in (
        run("gru 8 states=stacked return_state timedistributed=true", (1, 2, 3, 4)).message or ""
    )
    assert run("input 3x4 timedistributed=true").status == "error"


def test_a_layer_made_again_from_its_own_class_still_sees_one_step() -> None:
    made = layer("conv 8 3 timedistributed=true")
    again = type(made).make({"filters": 8, "kernel": 3, "timedistributed": True}, made.settings)
    assert type(again) is type(made)
    assert again.output((Tensor((1, 5, 9, 2)),)) == (Tensor((1, 5, 7, 8)),)


def test_a_layer_of_each_step_moves_windows_over_its_own_axes_alone() -> None:
    reach = run("conv 8 3 stride=2 timedistributed=true", (1, 5, 9, 3)).reach
    assert reach is not None
    assert [(window.kernel, window.stride) for window in reach] == [(1, 1), (3, 2)]
    assert run("dense 8 timedistributed=true", (1, 5, 9)).reach == POINTWISE
    assert run("lstm 8 timedistributed=true", (1, 5, 9, 3)).reach is None
