"""Recorded numbers: the value is that of the plain rule, and the text evaluates to the value."""

from __future__ import annotations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.core.trees import OURS, Tree, bindings, ours, trees
from tests.core.workings import written
from tui.core.size import Size, SizeError, bind, ceil_div, floor_div, maximum, minimum, product, symbol
from tui.core.working import Recorded, Working, as_working, plain, recorded


def record(tree: Tree, leaves: dict[str, Size]) -> Size:
    """The expression carried out on recorded numbers, each leaf under a name of its own."""
    if isinstance(tree, int | str):
        value = tree if isinstance(tree, int) else symbol(tree)
        name = f"x{len(leaves)}"
        leaves[name] = value
        return recorded(value, name)
    op, left, right = tree
    if op == "**":
        return record(left, leaves) ** right
    return OURS[op](record(left, leaves), record(right, leaves))


@settings(max_examples=250)
@given(trees(leaves=6), bindings())
def test_the_value_is_the_rules_and_the_text_comes_to_it(tree: Tree, values: dict[str, int]) -> None:
    leaves: dict[str, Size] = {}
    try:
        expected = ours(tree)
        size = record(tree, leaves)
        number = bind(expected, values)
        named = {name: bind(value, values) for name, value in leaves.items()}
    except ArithmeticError:
        assume(False)
        raise
    assert isinstance(size, Recorded)
    assert size.value == expected
    assert size == expected
    assert hash(size) == hash(expected)
    assert type(plain(size)) is type(expected)
    try:
        from_numbers, from_rule = written(size.numbers, values), written(size.rule, named)
    except (ZeroDivisionError, TypeError, ValueError):
        assume(False)  # divides by zero at these values
        raise
    assert from_numbers == number
    assert from_rule == number


@given(st.integers(1, 200), st.integers(1, 9), st.integers(1, 5), st.integers(0, 4))
def test_plain_numbers_among_recorded_ones(n: int, k: int, s: int, p: int) -> None:
    def rule(n: Size, k: Size, s: Size) -> Size:
        return maximum(0, ceil_div(n - k + 2 * p, s) + 1 - minimum(3, k % 2), floor_div(17, s)) * 2 - (5 - k)

    size = rule(recorded(n, "n"), recorded(k, "k"), recorded(s, "s"))
    assert isinstance(size, Recorded)
    assert size.value == rule(n, k, s)
    assert written(size.numbers, {}) == size.value
    assert written(size.rule, {"n": n, "k": k, "s": s}) == size.value


def rec(value: Size, name: str = "x") -> Recorded:
    return recorded(value, name)


a, b, c, H = rec(2, "a"), rec(3, "b"), rec(5, "c"), symbol("H")


@pytest.mark.parametrize(
    ("size", "rule"),
    [
        (a - (b - c), "a - (b - c)"), (a - b - c, "a - b - c"), (a + (b - c), "a + b - c"), (a * (b + c), "a*(b + c)"),
        ((a + b) * c, "(a + b)*c"), ((a + b) // c, "floor((a + b)/c)"), (a // (b * c), "floor(a/(b*c))"),
        (a * b // c, "floor(a*b/c)"), ((a * b) ** 2, "(a*b)**2"), (a * b**2, "a*b**2"), (-a + b, "-a + b"),
        (a - (-b), "a - (-b)"), (-(a + b), "-(a + b)"), ((a + b) % c, "mod(a + b, c)"), (7 - a, "7 - a"),
        (ceil_div(7, a), "ceil(7/a)"), (ceil_div(a + b, c), "ceil((a + b)/c)"), (maximum(H, a), "max(H, a)"),
        (minimum(a + b, c), "min(a + b, c)"), (2**a, "2**a"),
        (product((a, b + c)), "a*(b + c)"), (0 + a * 1 - 0, "a"), (a // 1, "a"), (floor_div(a, b), "floor(a/b)"),
    ],
)  # fmt: skip
def test_the_rule_reads_as_it_would_be_written(size: Size, rule: str) -> None:
    assert isinstance(size, Recorded)
    assert size.rule == rule


def test_sizes_put_in_keep_their_meaning() -> None:
    w = rec(H // 2, "w")
    assert (3 * w).numbers == "3*(H//2)"
    assert (rec(4) - w).numbers == "4 - (H//2)"
    assert (w // 2).numbers == "floor((H//2)/2)"
    assert (rec(-3) * 2).numbers == "(-3)*2"
    assert (ceil_div(rec(H - 3), 1) * 2).numbers == "(H - 3)*2"
    assert (rec(0) + w).numbers == "0 + H//2"
    assert (0 - w).numbers == "-(H//2)"


def test_a_division_by_zero_is_refused_as_for_sizes() -> None:
    for divide in (floor_div, ceil_div):
        with pytest.raises(SizeError, match="zero"):
            divide(a, rec(0))
    with pytest.raises(SizeError):
        a // 0


def test_the_line_of_a_working() -> None:
    # H = floor((39 - 4)/1) + 1 = 36: a kernel of 4 over 39 positions, by hand.
    size = (rec(39, "H") - rec(4, "k")) // rec(1, "s") + 1
    assert as_working(size, "H").line() == "H = floor((39 - 4)/1) + 1 = 36"
    assert as_working(rec(20), "C").line() == "C = 20"
    assert as_working(rec(48_320), "all", "once").line() == "all = 48,320  (once)"
    assert as_working(rec(H - 3), "H").line() == "H = H - 3"
    assert as_working(rec(H + 3), "H").line() == "H = 3 + H"
    assert as_working(7, "x") == Working("x", "7", "7", 7)
