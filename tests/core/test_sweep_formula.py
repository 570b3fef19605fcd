"""Formulas over columns: every operation against the size with numbers put in, and what 64 bits hold."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.sweeps import BOTH
from tui.core.expression import parse_size
from tui.core.size import SizeError, bind
from tui.core.sweep_columns import Columns
from tui.core.sweep_formula import Values, divisors, magnitude

TEXTS = (
    "n", "7", "2*n*k - 3", "n**3 + k", "(n - k)//3", "(2*n + 1)//(k + 1)", "n//k", "max(n, 4*k) - min(n, 8)",
    "-n*k", "((n + 3)//2 - k)//5 + n", "n % 3", "n % (k + 2)", "100//n", "max(n - 5, 0)//2", "min(n, k, 3)",
)  # fmt: skip


@pytest.mark.parametrize("columns", BOTH, ids=lambda c: c.name)
@given(text=st.sampled_from(TEXTS), ns=st.lists(st.integers(1, 60), min_size=1, max_size=5),
       ks=st.lists(st.integers(1, 60), min_size=1, max_size=5), wide=st.booleans())  # fmt: skip
def test_each_point_is_the_size_with_its_values(
    columns: Columns, text: str, ns: list[int], ks: list[int], wide: bool
) -> None:
    size = parse_size(text)
    values = Values(columns, dict(zip("nk", columns.grid(ns, ks, wide), strict=True)))
    found = [int(v) for v in columns.flat(values.of(size), len(ns), len(ks))]
    assert found == [bind(size, {"n": n, "k": k}) for n in ns for k in ks]


@given(text=st.sampled_from(TEXTS), n=st.integers(1, 10**6), k=st.integers(1, 10**6))
def test_no_value_exceeds_the_magnitude(text: str, n: int, k: int) -> None:
    size = parse_size(text)
    try:
        value = bind(size, {"n": n, "k": k})
    except SizeError:
        return
    assert abs(value) <= magnitude(size, {"n": n, "k": k})


def test_the_magnitude_counts_what_is_only_met_on_the_way() -> None:
    # n**2//n is n, but its dividend is the square; a difference can be small while its parts are not
    assert magnitude(parse_size("(n*n + 1)//k"), {"n": 10**10, "k": 10**10}) >= 10**20
    assert magnitude(parse_size("n*n - k*k"), {"n": 10**10, "k": 10**10}) >= 10**20


def test_divisors_that_could_be_0() -> None:
    assert divisors([parse_size("n//(k - 3) + n//2"), 4]) == {parse_size("k - 3")}
    assert divisors([parse_size("(n//(n - 1))//(k + n)")]) == {parse_size("n - 1"), parse_size("k + n")}
    assert divisors([parse_size("n*k")]) == set()


@given(st.lists(st.lists(st.booleans(), min_size=6, max_size=6), max_size=150))
def test_points_are_sorted_by_all_their_answers(answers: list[list[bool]]) -> None:
    import numpy as np

    lists, arrays = BOTH
    for columns, flags in ((lists, answers), (arrays, [np.array(a).reshape(2, 3) for a in answers])):
        kinds, own = columns.kinds_of(flags, 2, 3)
        found = [kinds[int(number)] for number in own]
        assert found == [tuple(int(answer[point]) for answer in answers) for point in range(6)]


@pytest.mark.parametrize("columns", BOTH, ids=lambda c: c.name)
@given(own=st.lists(st.integers(0, 4), min_size=1, max_size=30))
def test_members_of_each_number(columns: Columns, own: list[int]) -> None:
    joined = columns.joined([columns.flat(columns.grid(own, [1, 1], False)[0], len(own), 2)])
    found = [list(map(int, places)) for places in columns.members(joined, 5)]
    twice = [number for number in own for _ in (1, 2)]
    assert found == [[i for i, n in enumerate(twice) if n == number] for number in range(5)]
