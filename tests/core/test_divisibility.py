"""For which rests of a symbol two sizes are equal: by hand, and by trying every value."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.core.divisibility import Rests, equal_rests
from tui.core.expression import parse_size
from tui.core.size import bind


def rests(a: str, b: str) -> Rests | None:
    return equal_rests(parse_size(a), parse_size(b))


def test_halved_and_doubled_again() -> None:
    assert rests("2*(H//2)", "H") == Rests(2, frozenset({0}))
    assert rests("4*(H//2//2)", "H") == Rests(4, frozenset({0}))
    assert rests("H//8", "2*(H//16)") == Rests(16, frozenset(range(8)))
    assert rests("2*(H//2) + 2", "H") == Rests(1, frozenset())  # never


@pytest.mark.parametrize(
    ("a", "b"), [("H", "5"), ("H", "2*H"), ("H", "W"), ("H*H//2", "H"), ("H//k", "2"), ("H**2", "H")]
)
def test_what_is_no_matter_of_rests(a: str, b: str) -> None:
    assert rests(a, b) is None


def test_two_rests_together() -> None:
    even, third = Rests(2, frozenset({0})), Rests(3, frozenset({1}))
    assert even.both(third) == Rests(6, frozenset({4}))
    assert even.both(Rests(2, frozenset({1}))) == Rests(1, frozenset())
    assert Rests(6, frozenset({4})).first_from(5) == 10
    assert Rests(1009, frozenset({4})).both(even) is None  # too long a period to try


@given(a=st.integers(1, 6), b=st.integers(1, 6), shift=st.integers(-5, 5), off=st.integers(-2, 2))
def test_the_rests_are_what_trying_gives(a: int, b: int, shift: int, off: int) -> None:
    one, other = parse_size(f"{a}*{b}*((H+{shift + 5})//{a}//{b})"), parse_size(f"H+{off + 5}")
    found = equal_rests(one, other)
    if found is None:  # the difference is a plain number: equal always or never
        assert a * b == 1
        return
    for value in range(1, 100):
        assert found.holds(value) == (bind(one, {"H": value}) == bind(other, {"H": value}))
