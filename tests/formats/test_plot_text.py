"""Plots in characters: where the marks stand, and that they fit."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from tui.formats.plot_text import RAMP, Heat, Series, chosen, heat_map, lines, scatter, shade_of


def test_a_rising_line_in_ascii() -> None:
    rows = lines(Series("n", ["1", "2", "3", "4", "5"], [0, 10, 20, 30, 40]), 12, 5, ascii_only=True)
    # Five numbers in five rows and eight columns, at 0, 2, 4, 5 and 7; half way between two it is still the lower.
    assert rows == [
        "40 |       *",
        "   |     **",
        "20 |    *",
        "   |  **",
        " 0 |**",
        "   +--------",
        "    1 2 3  5",
    ]


def test_a_value_without_a_number_is_a_gap_with_a_mark() -> None:
    rows = lines(Series("n", ["1", "2", "3"], [5, None, 5]), 20, 3, ascii_only=True)
    assert [row.count("*") for row in rows[:3]] == [0, 0, 2]
    assert rows[3].count("x") == 1
    assert lines(Series("n", ["1"], [None]), 20, 3) == ["no combination has a number"]


def test_the_cursor_is_on_its_point() -> None:
    rows = lines(Series("n", ["1", "2", "3"], [0, 1, 2]), 20, 3, ascii_only=True, mark=2)
    assert rows[0].endswith("o")
    first = lines(Series("n", ["1", "2", "3"], [0, 1, 2]), 20, 3, ascii_only=True, mark=0)
    assert first[2].partition("|")[2].startswith("o")
    rows = lines(Series("n", ["1", "2", "3"], [0, None, 2]), 20, 3, mark=1)
    assert "x" in rows[2]


NUMBERS = st.none() | st.integers(0, 10**30)


@given(numbers=st.lists(NUMBERS, min_size=1, max_size=60), width=st.integers(20, 100), height=st.integers(1, 20),
       plain=st.booleans(), mark=st.integers(0, 59))  # fmt: skip
def test_a_line_chart_fits(numbers: list[int | None], width: int, height: int, plain: bool, mark: int) -> None:
    rows = lines(
        Series("n", [str(i) for i in range(len(numbers))], numbers), width, height, ascii_only=plain, mark=mark
    )
    assert max(map(cell_len, rows)) <= max(width, 28)
    assert len(rows) <= height + 2
    assert not plain or "".join(rows).isascii()


@given(st.lists(st.lists(NUMBERS, min_size=4, max_size=4), min_size=1, max_size=40), st.integers(20, 90),
       st.integers(4, 20))  # fmt: skip
def test_a_heat_map_fits(grid: list[list[int | None]], width: int, height: int) -> None:
    rows = heat_map(Heat("n", [str(i) for i in range(len(grid))], ["1", "2", "3", "4"], grid), width, height)
    assert max(map(cell_len, rows[:-1]), default=0) <= width
    assert len(rows) <= height
    assert "".join(rows).isascii()


def test_heat_has_its_numbers_where_there_is_room() -> None:
    rows = heat_map(Heat("n", ["8", "16"], ["3", "5"], [[100, 200], [300, None]]), 60, 10)
    assert rows[1].split() == ["8", "100", RAMP[0], "200", RAMP[4 if (200 - 100) * 9 / 200 < 4.5 else 5]]
    assert rows[2].split() == ["16", "300", RAMP[-1], "-", "x"]
    assert "x does not fit" in rows[-1]
    small = heat_map(Heat("n", ["8"], [str(i) for i in range(30)], [list(range(30))]), 40, 6)
    assert small[1].split() == ["8", "".join(shade_of(i, 0, 29) for i in range(30))]


@pytest.mark.parametrize(("number", "shade"), [(0, RAMP[0]), (9, RAMP[-1]), (5, RAMP[5]), (None, "x")])
def test_shades_are_even(number: int | None, shade: str) -> None:
    assert shade_of(number, 0, 9) == shade


@given(st.integers(1, 500), st.integers(1, 60), st.data())
def test_what_is_chosen_holds_both_ends(count: int, most: int, data: st.DataObject) -> None:
    kept = data.draw(st.none() | st.integers(0, count - 1))
    found = chosen(count, most, kept)
    assert found == sorted(set(found))
    assert len(found) == min(count, most)
    assert kept is None or kept in found
    if kept is None and most > 1:
        assert (found[0], found[-1]) == (0, count - 1)


def test_points_of_two_numbers() -> None:
    rows = scatter([(0, 0, True), (10, 5, False), (10, 10, True)], 15, 3, ascii_only=True)
    # At the corners, and one at half the height on the right.
    assert [row[-1] for row in rows[:2]] == ["#", "."]
    assert rows[2][4] == "#"
    assert scatter([], 15, 3) == ["no combination has a number"]
