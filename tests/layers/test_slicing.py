"""Cutting and repeating: the sizes that numpy's indexing and numpy.tile give."""

from __future__ import annotations

import pytest

from tests.layers.building import run
from tui.core.kind import POINTWISE, Window
from tui.core.size import Size, symbol

n = symbol("n")


@pytest.mark.parametrize("size", [1, 2, 5, 8])
@pytest.mark.parametrize("step", [1, 2, 3, -1, -2])
@pytest.mark.parametrize("start", [-9, -3, -1, 0, 1, 4, 9])
@pytest.mark.parametrize("end", [-9, -2, -1, 0, 1, 3, 9])
def test_a_slice_is_as_long_as_python_s_own(size: int, start: int, end: int, step: int) -> None:
    result = run(f"slice start={start} end={end} step={step} axis=1", (1, size))
    # ONNX lets a backward slice that starts before the axis begin at its first entry, where Python leaves nothing.
    first = max(start, -size) if step < 0 else start
    assert result.outputs[0].shape == (1, len(range(size)[first:end:step]))


@pytest.mark.parametrize(
    ("line", "shape", "out"),
    [
        ("slice start=1 axis=1", (1, 8, 3), (1, 7, 3)),
        ("slice start=0x0x3 end=20x10x4", (20, 10, 5), (20, 10, 1)),
        ("slice start=2 axis=1", (1, n + 2, 3), (1, n, 3)),
        ("slice start=0 end=n axis=1", (1, 2 * n, 3), (1, n, 3)),
        ("slice start=-1 axis=1", (1, n, 3), (1, 1, 3)),
        ("slice start=0 end=-1 axis=1", (1, n + 1, 3), (1, n, 3)),
        ("slice start=0 end=2147483647 step=2 axis=1", (1, 2 * n, 3), (1, n, 3)),
        ("slice start=0 step=-1 axis=1", (1, 5), (1, 1)),
    ],
)
def test_slices_of_several_axes_and_of_symbols(line: str, shape: tuple[Size, ...], out: tuple[Size, ...]) -> None:
    assert run(line, shape).outputs[0].shape == out


def test_a_slice_moves_the_receptive_field() -> None:
    assert run("slice start=3 step=2 axis=1", (1, 9, 9, 4)).reach == (Window(1, 2, -3), Window(1))
    assert run("slice start=1 axis=3", (1, 9, 9, 4)).reach == POINTWISE


def test_what_a_slice_refuses_and_remarks() -> None:
    assert run("slice start=0 step=0 axis=1", (1, 4)).message == "slice with a step of 0 goes nowhere"
    assert run("slice start=0x0 end=1 axis=1,2", (1, 4, 4)).status == "error"
    assert run("slice start=3 step=-1 axis=1", (1, 4)).message == "PyTorch refuses to step backwards"
    assert run("slice start=4 axis=1", (1, 4)).message == "nothing is left along an axis; Keras refuses that"


def test_a_split_has_a_plain_number_of_parts() -> None:
    assert len(run("split 1000", (1, 5000)).outputs) == 1_000
    assert run("split 1001", (1, 5005)).message == "split needs a plain number of parts up to 1,000, not 1001"
    assert run("split n", (1, 8)).message == "split needs a plain number of parts up to 1,000, not n"


def test_a_split_that_may_be_even_is_not_blamed() -> None:
    assert run("split 2", (1, n)).message is None  # n may be even
    assert run("split 2", (1, 2 * n + 1)).message == "the last part is smaller; Keras refuses unequal parts"


@pytest.mark.parametrize(
    ("line", "shape", "sizes"),
    [
        ("split 2", (1, 8), [4, 4]),
        ("split sizes=1x4x3 axis=1", (6, 8, 2), [1, 4, 3]),
        ("split split_size=3 axis=1", (1, 8), [3, 3, 2]),
        ("split split_size=1 axis=1", (1, 3), [1, 1, 1]),
        ("chunk chunks=3 axis=1", (1, 8), [3, 3, 2]),
        ("split 2 axis=1", (1, 2 * n), [n, n]),
        ("split 1 axis=0", (2, 6), [2]),
    ],
)
def test_split_gives_one_output_a_part(line: str, shape: tuple[Size, ...], sizes: list[Size]) -> None:
    result = run(line, shape)
    axis = 0 if "axis=0" in line else 1
    assert [x.shape[axis] for x in result.outputs] == sizes


def test_split_of_an_odd_symbol_keeps_both_halves_exact() -> None:
    first, last = (x.shape[1] for x in run("split 2", (1, n)).outputs)
    assert str(first) == "(n + 1)//2"
    assert first + last == n


def test_what_split_refuses_and_remarks() -> None:
    assert run("split sizes=1x4 axis=1", (1, 8)).failed == "1 + 4 = 5"
    assert run("split", (1, 8)).message == "split needs a number of parts, or their sizes"
    assert run("split n", (1, 8)).message == "split needs a plain number of parts up to 1,000, not n"
    assert run("split 4", (1, 5)).message == "axis 1 has 5 and cannot be cut into 4 parts of 2"
    assert "Keras" in (run("split 2", (1, 5)).message or "")


def test_tile_repeats() -> None:
    assert run("tile 1x1x2", (4, 4, n)).outputs[0].shape == (4, 4, 2 * n)
    assert run("tile 3", (4, 5)).outputs[0].shape == (4, 15)
    assert "ONNX" in (run("tile 3", (4, 5)).message or "")
    assert run("tile 2x1x1", (4, 5)).outputs[0].shape == (2, 4, 5)


def test_layers_that_keep_the_shape() -> None:
    assert run("trilu", (3, 4, 5)).outputs[0].shape == (3, 4, 5)
    assert run("trilu", (3,)).status == "error"
    assert run("flip axis=1", (3, 4)).outputs[0].shape == (3, 4)
    assert run("flip axis=2", (3, 4)).status == "error"
