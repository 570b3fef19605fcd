"""Short numbers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.formats.short_number import short, told_apart


@pytest.mark.parametrize(
    ("number", "text"),
    [(0, "0"), (9_999, "9,999"), (10_000, "10.0k"), (99_949, "99.9k"), (99_950, "100k"), (999_499, "999k"),
     (999_500, "1.00M"), (138_357_544, "138M"), (10**18, "1.00E"), (10**21, "1.00e21"), (-54_720, "-54.7k")],
)  # fmt: skip
def test_three_digits(number: int, text: str) -> None:
    assert short(number) == text


@given(st.integers(0, 10**21), st.integers(0, 10**21))
def test_the_order_of_numbers_stays(a: int, b: int) -> None:
    def value(text: str) -> float:
        units = dict(zip("kMGTPE", (10**3, 10**6, 10**9, 10**12, 10**15, 10**18), strict=True))
        number = text.replace(",", "")
        return float(number[:-1]) * units[number[-1]] if number[-1] in units else float(number)

    low, high = sorted((a, b))
    assert value(short(low)) <= value(short(high))
    assert abs(value(short(low)) - low) <= low * 0.00501


def test_two_numbers_of_an_axis_never_read_alike() -> None:
    # 2,262 and 2,269 thousand are both 2.26M and 2.27M to three digits; the fourth tells them apart.
    assert told_apart([2_269_760, 2_265_840, 2_261_920]) == ["2.270M", "2.266M", "2.262M"]
    assert told_apart([48_480, 56_320]) == ["48.5k", "56.3k"]
    assert told_apart([10**20, 10**20 + 1]) == ["100,000,000,000,000,000,000", "100,000,000,000,000,000,001"]


@given(st.lists(st.integers(0, 10**25), max_size=4))
def test_different_numbers_get_different_labels(numbers: list[int]) -> None:
    assert len(set(told_apart(numbers))) == len(set(numbers))
