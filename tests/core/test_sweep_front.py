"""Pareto fronts, against the definition: no other point is as good in both numbers and better in one."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from tests.core.sweeps import measures, swept
from tui.core.sweep import Axis, Outcome, Sweep
from tui.core.sweep_front import Goal, front


def made(points: Sequence[tuple[int, int] | None]) -> Sweep:
    """A sweep with these two numbers at each value; None for one that does not fit."""
    axis = Axis("n", range(1, len(points) + 1))
    numbers = [[0 if point is None else point[side] for point in points] for side in (0, 1)]
    outcomes = [Outcome(None, False, (False, False)), Outcome("#1 conv: does not fit")]
    return Sweep([axis], measures("params", "macs"), numbers, [int(p is None) for p in points], outcomes, "by hand")


def beaten(points: Sequence[tuple[int, int] | None], index: int, signs: tuple[int, int]) -> bool:
    x, y = points[index] or (0, 0)
    for other in points:
        if other is not None:
            dx, dy = signs[0] * (other[0] - x), signs[1] * (other[1] - y)
            if dx <= 0 and dy <= 0 and (dx, dy) != (0, 0):
                return True
    return False


@given(
    points=st.lists(st.none() | st.tuples(st.integers(0, 6), st.integers(0, 6)), max_size=25),
    first=st.booleans(),
    second=st.booleans(),
)
def test_by_the_definition(points: list[tuple[int, int] | None], first: bool, second: bool) -> None:
    found = front(made(points), Goal("params", 0, first), Goal("macs", 1, second))
    signs = (-1 if first else 1, -1 if second else 1)
    expected = {i for i, point in enumerate(points) if point is not None and not beaten(points, i, signs)}
    assert set(found) == expected
    assert len(found) == len(expected)
    xs = [signs[0] * points[i][0] for i in found]
    assert xs == sorted(xs)  # the best in the first goal comes first


def test_by_hand() -> None:
    points = [(1, 9), (2, 5), (2, 5), (3, 6), None, (4, 1), (4, 3)]
    # (3, 6) loses to (2, 5), (4, 3) to (4, 1); the two that tie are both on the front
    assert front(made(points), Goal("params", 0), Goal("macs", 1)) == [0, 1, 2, 5]


def test_a_symbol_is_a_goal_too() -> None:
    found = swept("input 4\ndense n", n=(8, 2, 5))
    # More units have more parameters: no point is beaten.
    assert front(found, Goal("params", 0), Goal("n", 0, True, True)) == [1, 2, 0]
    # The smallest of both is one point.
    assert front(found, Goal("params", 0), Goal("n", 0, False, True)) == [1]
