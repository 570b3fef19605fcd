"""Broadcasting, with the answers of numpy.broadcast_shapes."""

from __future__ import annotations

import pytest

from tui.core.broadcast import batches_lined_up, broadcast, merged, stretched_agreements
from tui.core.errors import ShapeError
from tui.core.size import symbol

n, m = symbol("n"), symbol("m")


@pytest.mark.parametrize(
    ("shapes", "out"),
    [
        (((3, 1), (1, 4)), (3, 4)),
        (((2, 4, 6, 1), (6, 1)), (2, 4, 6, 1)),
        (((), (5,)), (5,)),
        (((1,), (7, 7)), (7, 7)),
        (((6, 7, 7, 3), (1, 7, 1)), (6, 7, 7, 3)),
        (((n, 1), (1, m)), (n, m)),
        (((0, 3), (1, 3)), (0, 3)),
    ],
)
def test_shapes_stretch(shapes: tuple[tuple[int, ...], ...], out: tuple[int, ...]) -> None:
    assert broadcast("add", shapes) == out


def test_keras_s_way_is_taken_only_where_it_is_asked_for() -> None:
    shapes = ((8, 3, 3, 2), (8, 3, 2))
    assert broadcast("add", shapes, batches=True) == (8, 3, 3, 2)
    assert batches_lined_up(shapes)
    assert not batches_lined_up(((1, 3, 3, 2), (1, 3, 2)))
    with pytest.raises(ShapeError, match="axis 1 has the sizes 3 and 8"):
        broadcast("matmul", shapes)


def test_a_number_says_more_than_a_symbol() -> None:
    assert merged((n, 5, n)) == 5
    assert merged((n, m)) == n
    assert merged((4, 5)) is None
    assert merged((n, n + 1)) is None


def test_sizes_that_have_to_be_equal_are_those_that_no_1_stretches() -> None:
    assert stretched_agreements(((n, 1), (1, m))) == ()
    assert stretched_agreements(((n, 4), (2, m, 4))) == ((n, m),)
    assert stretched_agreements(((n, 4), (2, 1, m))) == ((4, m),)
