"""Reshaping by hand, with symbols where they make sense."""

from __future__ import annotations

import pytest

from tests.layers.building import layer, run
from tui.core.kind import record_tensor
from tui.core.size import Size, symbol
from tui.core.tensor import Tensor
from tui.core.working import as_working

h, k, n = symbol("h"), symbol("k"), symbol("n")


@pytest.mark.parametrize(
    ("line", "shape", "out"),
    [
        ("flatten", (1, 2, 1, 80), (1, 160)),  # the worked example
        ("flatten", (1, h, h, 3), (1, 3 * h * h)),
        ("flatten", (4,), (4, 1)),
        ("flatten start_dim=2", (1, 2, 3, 8, 2), (1, 2, 48)),
        ("flatten start_dim=0 end_dim=-2", (1, 9, 2, 3), (18, 3)),
        ("flatten axis=2", (6, 7), (42, 1)),
        ("flatten axis=0", (2, 3, 4, 5), (1, 120)),
        ("flatten axis=-2", (2, 3, 4, 5), (6, 20)),
        ("unflatten 1 4x2x5", (2, 40, 3), (2, 4, 2, 5, 3)),
        ("unflatten -1 (-1)x4", (2, 8 * n), (2, 2 * n, 4)),
        ("reshape 4x3x4x1", (1, 2, 2, 12), (1, 4, 3, 4, 1)),
        ("reshape (-1)x5x6", (1, 2, 12, 5), (1, 4, 5, 6)),
        ("reshape (-1)x8", (1, h, h, 16), (1, 2 * h * h, 8)),
        ("reshape -1,n", (1, 3 * n, 7), (1, 21, n)),
        ("reshape 0x40 whole=true", (1, 5, 8), (1, 40)),
        ("reshape 0,-1 whole=true", (5, 6, 4), (5, 24)),
        ("permute 2,1", (1, 4, 19), (1, 19, 4)),
        ("Permute dims=2,4,1,3", (1, 1, 3, 5, 22), (1, 3, 22, 1, 5)),
        ("transpose perm=0,2,3,1", (8, 3, h, k), (8, h, k, 3)),
        ("Transpose", (3, 4, 5), (5, 4, 3)),
        ("transpose swap=1,-1", (8, 3, h, k), (8, k, h, 3)),
        ("squeeze", (1, 1, 7, 1), (1, 7)),
        ("squeeze whole=true", (1, 1, 7, 1), (7,)),
        ("squeeze axes=-1", (1, 7, 1), (1, 7)),
        ("unsqueeze 1", (3, 4), (3, 1, 4)),
        ("unsqueeze 0,-1", (3, 4), (1, 3, 4, 1)),
        ("expand 3x1x5", (1, 4, 1), (3, 4, 5)),
        ("expand 3,-1,5", (1, 4, 5), (3, 4, 5)),
        ("repeatvector 3", (2, n), (2, 3, n)),
    ],
)
def test_what_comes_out(line: str, shape: tuple[Size, ...], out: tuple[Size, ...]) -> None:
    result = run(line, shape)
    assert result.status == "ok", result.message
    assert result.outputs[0].shape == out
    assert result.counts[:-1] == (0,) * 7


@pytest.mark.parametrize(
    ("line", "shape", "reason"),
    [
        ("flatten start=2 end=1", (1, 2, 3), "start=2 comes after end=1"),
        ("flatten start=5", (1, 2, 3), "start=5 names no axis: the axes are 0 (the batch) to 2"),
        ("unflatten 1 4x2", (2, 40), "sizes holds 8 elements, the input 40"),
        ("reshape (-1)x6x2", (1, 5, 3), "shape: 15 elements do not divide into parts of 12"),
        ("reshape (-1)x(-1)", (1, 5, 3), "shape leaves 2 sizes open with -1; one can be found from the others"),
        ("reshape 4x4", (1, 5, 3), "shape holds 16 elements, the input 15"),
        ("reshape 7x(n+1)", (1, 7, n), "shape holds 7*n + 7 elements, the input 7*n"),
        ("permute 2,2", (1, 4, 19), "axes names axis 2 twice"),
        ("permute 1,2", (1, 4, 4, 19),
         "permute must name each axis once: 1,2,3, or with the batch 0; it names 2"),
        ("permute swap=1", (1, 4, 19), "swap names two axes, not 1"),
        ("squeeze 1", (1, 7, 1), "axis 1 has 7; only an axis of 1 can be dropped (PyTorch would leave it as it is)"),
        ("repeatvector 3", (1, 4, 4),
         "repeatvector reads one vector for each example, it gets 2 axes after the batch; flatten first"),
    ],
)  # fmt: skip
def test_what_is_refused(line: str, shape: tuple[Size, ...], reason: str) -> None:
    assert run(line, shape).message == reason


def test_a_reshape_that_fails_shows_its_sum_and_what_would_fit() -> None:
    result = run("reshape 4x8", (1, 6, 8))
    assert result.failed == "6 * 8 = 48 is not 4 * 8 = 32"
    assert [fix.args for fix in result.fixes] == [{"shape": (6, 8)}, {"shape": (4, 12)}]


def test_a_division_that_depends_on_a_symbol_is_taken_to_come_out() -> None:
    assert str(run("reshape (-1)x4", (1, n)).outputs[0].shape[1]) == "n//4"
    assert run("reshape n", (1, 10)).outputs[0].shape == (1, n)


def test_the_explanation_of_flatten_and_reshape() -> None:
    inputs = (record_tensor(Tensor((1, 2, 1, 80)), channels_last=True),)
    flat = layer("flatten").recorded().output(inputs)[0].shape[1]
    assert as_working(flat, "C").line() == "C = 2*1*80 = 160"
    rows = layer("reshape (-1)x8").recorded().output(inputs)[0].shape[1]
    assert as_working(rows, "H").line() == "H = floor(2*1*80/8) = 20"


def test_a_failed_sum_repeats_no_single_number() -> None:
    failed = run("unflatten 1 3x5", (1, 128)).failed
    assert failed is not None
    assert failed.startswith("128 is not 3 * 5 = 15")
