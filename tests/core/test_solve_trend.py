"""Which way a size moves as a symbol grows, judged by its values."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import assume, given, settings

from tests.core.trees import Tree, bindings, ours, trees
from tui.core.expression import parse_size
from tui.core.size import SizeError, bind
from tui.core.solve_trend import evaluator, trend


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("160*n + 48320", "up"),
        ("7", "flat"),
        ("H*W", "flat"),
        ("n*H", "up"),
        ("10 - n", "down"),
        ("(n - 9)//2", "up"),
        ("((n - 9)//2)**2", None),  # 16, 16, 9, ..., 0, 1: it falls first
        ("n**2 - 6*n", None),
        ("n//2 - n", None),
        ("100//n", "down"),
        ("(n + 5)//(n + 1)", "down"),  # 1 + 4//(n + 1)
        ("(n + 5)//(2*n + 1)", None),
        ("max(n, H) + min(n, 3)", "up"),
        ("max(n, 9 - n)", None),
        ("(5 - n)//3", "down"),
        ("-(n//4)*H", "down"),
    ],
)
def test_the_trend_is_seen_by_form(text: str, expected: str | None) -> None:
    assert trend(parse_size(text), "n") == expected


@settings(max_examples=200)
@given(trees(leaves=5), bindings())
def test_a_trend_holds_for_every_value(tree: Tree, values: dict[str, int]) -> None:
    try:
        size = ours(tree)
        way = trend(size, "n")
        found = [bind(size, {**values, "n": n}) for n in range(1, 25)]
    except ArithmeticError:
        assume(False)
        raise
    steps = [b - a for a, b in pairwise(found)]
    assert all(isinstance(step, int) for step in steps)
    if way == "flat":
        assert not any(steps)
    elif way is not None:
        assert all(step >= 0 if way == "up" else step <= 0 for step in steps)


@settings(max_examples=200)
@given(trees(names=("n",), leaves=6))
def test_an_evaluator_says_what_binding_says(tree: Tree) -> None:
    try:
        size = ours(tree)
    except ArithmeticError:
        assume(False)
        raise
    value = evaluator(size, "n")
    assert value is not None
    for n in (1, 2, 3, 7, 40):
        try:
            expected = bind(size, {"n": n})
        except SizeError:
            with pytest.raises(SizeError):
                value(n)
            continue
        assert value(n) == expected


def test_another_symbol_has_no_value() -> None:
    assert evaluator(parse_size("n*H"), "n") is None


@pytest.mark.parametrize(
    ("word", "name", "way"),
    [
        ("n*k", "n", "up"),
        ("n*((n - 10)//3)", "n", None),  # -3, -6, -9, -8: down and then up
        ("n*max(n - 10, k - 9)", "n", None),  # at k = 1 it is -8, -16, -21: down, and later up
        ("k*((n - 10)//3)", "n", "up"),  # k is at least 1
        ("k*((n - 10)//3)", "k", None),  # by the sign of the other factor
        ("n//k", "k", "down"),
        ("(n - 1)//k", "k", "down"),  # of nothing at least: n is at least 1
        ("(n - 5)//k", "k", None),  # -4//1, -4//2: below 0 it goes up
    ],
)
def test_the_trend_of_products_and_quotients(word: str, name: str, way: str | None) -> None:
    assert trend(parse_size(word), name) == way
