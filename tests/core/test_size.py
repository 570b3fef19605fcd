"""Exact sizes, judged by SymPy at random values of the symbols."""

from __future__ import annotations

import math
import re

import pytest
import sympy
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.core.trees import NAMES, Tree, bindings, judge, ours, trees
from tui.core.size import (
    Poly,
    Size,
    SizeError,
    at_least,
    bind,
    ceil_div,
    floor_div,
    lower,
    maximum,
    minimum,
    power_of,
    product,
    same,
    symbol,
    symbols,
    text,
    upper,
)

H, W, n = symbol("H"), symbol("W"), symbol("n")


def made(tree: Tree) -> Size:
    """The size of the expression; an expression that divides by a plain zero is passed over."""
    try:
        return ours(tree)
    except ArithmeticError:
        assume(False)
        raise


def bound(size: Size, values: dict[str, int]) -> int:
    value = bind(size, values)
    assert type(value) is int
    return value


@settings(max_examples=300)
@given(trees(), st.lists(bindings(), min_size=3, max_size=6))
def test_arithmetic_is_sympys(tree: Tree, many: list[dict[str, int]]) -> None:
    size = made(tree)
    for values in many:
        expected = judge(tree, values)
        if expected is not None:
            assert bound(size, values) == expected


@settings(max_examples=150)
@given(trees(), st.lists(bindings(), min_size=3, max_size=6))
def test_bounds_hold(tree: Tree, many: list[dict[str, int]]) -> None:
    size = made(tree)
    low, high = lower(size), upper(size)
    for values in many:
        try:
            value = bound(size, values)
        except SizeError:
            continue
        assert low is None or low <= value
        assert high is None or value <= high


@settings(max_examples=150)
@given(trees(leaves=4), trees(leaves=4), st.lists(bindings(), min_size=3, max_size=6))
def test_comparisons_hold(left: Tree, right: Tree, many: list[dict[str, int]]) -> None:
    a, b = made(left), made(right)
    not_less, equal = at_least(a, b), same(a, b)
    for values in many:
        try:
            x, y = bound(a, values), bound(b, values)
        except SizeError:
            continue
        assert not_less in (None, x >= y)
        assert equal in (None, x == y)


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        (H, 1, True),
        (H + 2, 3, True),
        (1 - H, 1, False),
        (H, 2, None),
        (H, W, None),
        (H * W, 1, True),
        ((H - 1) // 2, 0, True),
        ((H + 5) // 2, 3, True),
        (-(H // 2), 1, False),
        (minimum(H, 4), 5, False),
        (maximum(H, 4), 4, True),
        (5 // H, 6, False),
        (((H - 9) // 2) ** 2, 1, None),
        (H * ((3 - W) // 2), 1, None),
    ],
)
def test_a_comparison_is_decided_where_it_can_be(a: Size, b: Size, expected: bool | None) -> None:
    assert at_least(a, b) is expected


def test_same_is_decided_where_it_can_be() -> None:
    assert same(H + W, W + H) is True
    assert same(H, H + 1) is False
    assert same(H, W) is None
    assert same(7, 7) is True
    assert same(7, 8) is False


@given(st.integers(1, 60), st.integers(-60, 60), st.integers(-200, 200), bindings())
def test_a_division_of_whole_multiples_is_exact(k: int, q: int, r: int, values: dict[str, int]) -> None:
    # floor((k*x + r)/k) = x + floor(r/k) for whole x.
    assert (k * q * H + k * W + r) // k == q * H + W + r // k


@given(st.integers(1, 30), st.integers(1, 30), st.integers(-50, 50), st.integers(-50, 50))
def test_nested_floors_join(a: int, b: int, c: int, d: int) -> None:
    # floor((floor((x + c)/a) + d)/b) = floor((x + c + a*d)/(a*b)), Graham, Knuth, Patashnik, (3.11).
    assert ((H + c) // a + d) // b == (H + c + a * d) // (a * b)


@given(st.integers(1, 20), st.integers(1, 20), st.integers(1, 20), st.integers(-50, 50))
def test_a_shared_factor_cancels(g: int, p: int, k: int, c: int) -> None:
    assert (g * p * H + c) // (g * k) == (p * H + math.floor(c / g)) // k


@given(trees(leaves=3), trees(leaves=2))
def test_a_product_divides_by_its_factor(left: Tree, right: Tree) -> None:
    a, b = made(left), made(right)
    assume(b != 0)
    assert (a * b) // b == a
    assert (a * b) % b == 0


def test_long_division_finds_the_quotient() -> None:
    # (n + H + W)*(n*H + W) multiplied out by hand; the leading term must not depend on the order of the symbols.
    big = n * n * H + n * W + n * H * H + H * W + n * H * W + W * W
    for factor, other in ((n + H + W, n * H + W), (n * H + W, n + H + W)):
        assert big // factor == other


@given(trees(names=()))
def test_numbers_stay_plain(tree: Tree) -> None:
    assert type(made(tree)) is int


@pytest.mark.parametrize(
    "size",
    [
        H - H, H * 0, H // H, (6 * H) // (3 * H), (H + 1) - H, (H * W) // (W * H), H**0, (2 * H) % 2, H % 1,
        minimum(H, 1), maximum(0, -H), (4 * H + 3) // 4 - H, bind(H, {"H": 7}), bind(H // 2, {"H": 7}),
        bind(maximum(H, W), {"H": 7, "W": 9}), product(()), ceil_div(2 * H, H), ceil_div(7, 2), floor_div(7, 2),
    ],
)  # fmt: skip
def test_a_constant_is_a_plain_int(size: Size) -> None:
    assert type(size) is int


def test_nothing_less_than_a_number_is_a_polynomial() -> None:
    assert isinstance(H, Poly)
    assert isinstance(minimum(H, 2), Poly)


@given(trees(leaves=4), st.integers(1, 12), bindings())
def test_ceil_div_rounds_up(tree: Tree, k: int, values: dict[str, int]) -> None:
    size = made(tree)
    expected = judge(tree, values)
    assume(expected is not None)
    assert bound(ceil_div(size, k), values) == sympy.ceiling(sympy.Rational(expected, k))


@given(st.integers(-99, 99), st.integers(-9, 9).filter(bool))
def test_divisions_of_numbers_are_sympys(a: int, b: int) -> None:
    assert floor_div(a, b) == sympy.floor(sympy.Rational(a, b))
    assert ceil_div(a, b) == sympy.ceiling(sympy.Rational(a, b))


@given(trees(), bindings())
def test_binding_in_two_steps_is_binding_at_once(tree: Tree, values: dict[str, int]) -> None:
    size = made(tree)
    try:
        at_once = bind(size, values)
    except SizeError:
        return
    first = {"n": values["n"]}
    rest = {k: v for k, v in values.items() if k != "n"}
    try:
        assert bind(bind(size, first), rest) == at_once
    except SizeError:
        assert judge(tree, values) is None


@given(trees(leaves=4), bindings())
def test_a_symbol_binds_to_an_expression(tree: Tree, values: dict[str, int]) -> None:
    size = made(tree)
    replaced = bind(size, {"n": H + 2 * W})
    assert "n" not in symbols(replaced)
    try:
        expected = bound(size, {**values, "n": values["H"] + 2 * values["W"]})
    except SizeError:
        return
    assert bound(replaced, values) == expected


@given(trees())
def test_only_symbols_that_were_written_are_found(tree: Tree) -> None:
    assert symbols(made(tree)) <= {word for word in re.findall(r"\w+", str(tree)) if word in NAMES}


def test_symbols_inside_operations_are_found() -> None:
    assert symbols(maximum(H // 2, W) + n // H) == {"H", "W", "n"}


@pytest.mark.parametrize("divide", [floor_div, ceil_div])
@pytest.mark.parametrize("a", [5, H, H + W])
def test_a_division_by_zero_is_refused(divide: object, a: Size) -> None:
    assert callable(divide)
    with pytest.raises(SizeError, match="zero"):
        divide(a, 0)


@pytest.mark.parametrize(
    ("base", "power"), [(10, 10**9), (H, 65), (H, -1), (H, n), (H + W, 64), (2, n), ((2**4000) * H, 2)]
)
def test_a_power_beyond_use_is_refused_at_once(base: Size, power: Size) -> None:
    if base == H + W:
        assert len(power_of(base, power).terms) == 65
        return
    with pytest.raises(SizeError):
        power_of(base, power)


def test_a_sum_of_too_many_terms_is_refused() -> None:
    total: Size = 0
    for i in range(2_000):
        total = total + symbol(f"s{i}")
    with pytest.raises(SizeError, match="terms"):
        total + symbol("one_more")


def test_deep_divisions_cost_little_and_end_in_a_refusal() -> None:
    # ceil(x/n) inside each other, as a chain of layers with a symbolic stride has them.
    sizes: list[Size] = [H]

    def divide_on() -> None:
        for _ in range(1_000):
            sizes.append(ceil_div(sizes[-1], n))
            assert at_least(sizes[-1], 1) in (True, None)

    with pytest.raises(SizeError, match="inside each other"):
        divide_on()
    size = sizes[-1]
    assert text(size)
    assert symbols(size) == {"H", "n"}
    assert bind(size, {"H": 1000, "n": 1}) == 1000


def test_repeated_divisions_by_a_number_stay_one() -> None:
    size: Size = H
    for _ in range(200):
        size = ceil_div(size, 2)
    assert text(size) == f"(H + {2**200 - 1})//{2**200}"


@pytest.mark.parametrize(
    ("size", "low", "high"),
    [
        # Symbols are at least 1; by hand from the least and the largest of the parts.
        (H, 1, None),
        (minimum(H, 10) // 2, 0, 5),
        (minimum(H, 9) // W, 0, 9),
        ((H - 10) // 3, -3, None),
        (5 - H, None, 4),
        (maximum(H, 4) * minimum(W, 3), 4, None),
    ],
)
def test_bounds_for_all_symbols(size: Size, low: int | None, high: int | None) -> None:
    assert (lower(size), upper(size)) == (low, high)


def test_a_choice_inside_a_product_stays_there() -> None:
    # max(H, W)*n is no choice between three: at H = 1, W = 2, n = 5 it is 10.
    for one, other in ((H, W), (symbol("x1"), symbol("x2"))):
        size = maximum(3, maximum(one, other) * symbol("x3"))
        names = [str(one), str(other), "x3"]
        assert bind(size, dict(zip(names, (1, 2, 5), strict=True))) == 10
