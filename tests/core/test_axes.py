"""Axes by their numbers."""

from __future__ import annotations

import pytest

from tui.core.axes import AxisNumber, AxisNumbers, axes_at, axis_at, replaced
from tui.core.errors import ParseError, ShapeError
from tui.core.size import symbol


@pytest.mark.parametrize(("word", "axis"), [("0", 0), ("-1", -1), ("[3]", 3), ("(2)", 2)])
def test_one_axis_is_a_plain_number(word: str, axis: int) -> None:
    assert AxisNumber().parse(word) == axis
    assert AxisNumber().parse(AxisNumber().print(axis)) == axis


@pytest.mark.parametrize("word", ["n", "1.5", "", "-", "1,2", "99", "²"])
def test_anything_else_is_refused(word: str) -> None:
    with pytest.raises(ParseError, match="the number of an axis"):
        AxisNumber().parse(word)


@pytest.mark.parametrize(
    ("word", "axes", "printed"),
    [("1,2", (1, 2), "1,2"), ("(0, -1)", (0, -1), "0,-1"), ("[1]", (1,), "1"), ("1x2", (1, 2), "1,2"),
     ("none", (), "none"), ("3,", (3,), "3")],
)  # fmt: skip
def test_several_axes(word: str, axes: tuple[int, ...], printed: str) -> None:
    assert AxisNumbers().parse(word) == axes
    assert AxisNumbers().print(axes) == printed


def test_axes_count_from_either_end() -> None:
    shape = (1, 4, symbol("n"))
    assert [axis_at(axis, shape) for axis in (-3, -1, 0, 2)] == [0, 2, 0, 2]
    assert axis_at(3, shape, room=1) == 3
    assert axes_at((2, -2), shape) == (2, 1)
    assert replaced(shape, 1, 7, 8) == (1, 7, 8, symbol("n"))


def test_an_axis_that_is_not_there_is_refused_by_its_argument() -> None:
    with pytest.raises(ShapeError, match=r"dim=3 names no axis: the axes are 0 \(the batch\) to 2"):
        axis_at(3, (1, 4, 4), "dim")
    with pytest.raises(ShapeError, match="the axes are none"):
        axis_at(0, ())
    with pytest.raises(ShapeError, match="axis names axis 1 twice"):
        axes_at((1, -2), (1, 4, 4))
