"""The text of sizes: it reads well, and means the same to our grammar and to SymPy."""

from __future__ import annotations

from time import process_time

import pytest
import sympy
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from tests.core.trees import SYMPY_SYMBOLS, Tree, bindings, ours, trees
from tui.core.expression import parse_size
from tui.core.size import Size, SizeError, bind, maximum, symbol, text

H, W, n = symbol("H"), symbol("W"), symbol("n")


@settings(max_examples=150)
@example(("//", 1, ("//", 1, ("+", 1, "n"))), [{"n": 1, "H": 1, "W": 1}])
@given(trees(leaves=5), st.lists(bindings(), min_size=2, max_size=4))
def test_text_means_the_same_to_our_grammar_and_to_sympy(tree: Tree, many: list[dict[str, int]]) -> None:
    try:
        size = ours(tree)
    except ArithmeticError:
        assume(False)
        raise
    shown = text(size)
    assert parse_size(shown) == size
    assert parse_size(text(size, spaces=False)) == size
    assert " " not in text(size, spaces=False)
    assert parse_size(text(size, constant_first=True)) == size
    names = {**SYMPY_SYMBOLS, "min": sympy.Min, "max": sympy.Max}
    try:
        read = sympy.sympify(shown, locals=names)
    except ZeroDivisionError:  # sympy sees that a divisor is 0 for every value, as in 1//(1//(1 + n))
        for values in many:
            with pytest.raises(SizeError):
                bind(size, values)
        return
    for values in many:
        try:
            expected = bind(size, values)
        except SizeError:
            continue
        assert int(read.subs({SYMPY_SYMBOLS[k]: v for k, v in values.items()})) == expected


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        (2 * n + 1, "2*n + 1"),
        (1 - n, "1 - n"),
        ((H - 3) // 2, "(H - 3)//2"),  # kept as (H + 1)//2 - 2
        ((H - 5) // 2 + 1 + n, "(H - 3)//2 + n"),
        ((H - 1) // 2 + 1, "(H + 1)//2"),
        (H // 2 - 1, "H//2 - 1"),
        (3 * (H // 2) - 2, "3*(H//2) - 2"),
        (3 * (H // 2), "3*(H//2)"),
        (-(H // 2), "-(H//2)"),
        (4 - H // 2, "4 - H//2"),
        ((H // 2) ** 2, "(H//2)**2"),
        ((-H) // 2, "(-H)//2"),
        (H * H - n // 2, "H**2 - n//2"),
        (H * H + 3 * (n // 2), "H**2 + 3*(n//2)"),
        (H * H - 3 * (n // 2), "H**2 - 3*(n//2)"),
        (maximum(H, 4) - 1, "max(4, H) - 1"),
        (H // (W + 1), "H//(W + 1)"),
        (n * n * H, "H*n**2"),
    ],
)
def test_text(size: Size, expected: str) -> None:
    assert text(size) == expected


def test_text_of_totals() -> None:
    # 48,320 parameters up to a dense layer of n units that reads 160 numbers.
    total = 160 * n + 48_320
    assert text(total, thousands=True, constant_first=True) == "48,320 + 160*n"
    assert text(n - 5, constant_first=True) == "n - 5"


def test_thousands_are_separated_inside_an_operation_too() -> None:
    peak = maximum(100_800, 4 * n + 6_400)
    assert text(peak, thousands=True) == "max(100,800, 4*n + 6,400)"
    assert text((n + 1_500) // 2_000, thousands=True) == "(n + 1,500)//2,000"
    assert text(peak) == "max(100800, 4*n + 6400)"
    assert text(n // 2 + 48_320, constant_first=True, thousands=True) == "48,320 + n//2"


def test_divisions_inside_each_other_are_written_in_no_time() -> None:
    size: Size = n
    for _ in range(30):
        size = (size - 3) // symbol("k") - 2
    started = process_time()
    shown = text(size)
    assert process_time() - started < 1
    assert parse_size(shown) == size


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("(m - 17)//m", "1 + -17//m"), ("(7 - 2*n)//n", "7//n - 2"), ("(n*s - p)//s", "n + (-p)//s"),
        ("(n*m + n + m)//(m + 1)", "n + m//(m + 1)"), ("7//(m + 7)", "0"), ("m//(m + 1)", "0"),
        ("(n**2 + n*m + k)//n", "n + m + k//n"),
    ],
)  # fmt: skip
def test_what_a_symbol_divides_without_a_rest_is_taken_out(one: str, other: str) -> None:
    size = parse_size(one)
    assert size == parse_size(other) == parse_size(text(size, spaces=False))
    for values in ({"n": 1, "m": 1, "s": 3, "p": 7, "k": 5}, {"n": 6, "m": 4, "s": 2, "p": 1, "k": 11}):
        assert bind(size, dict(values)) == eval(one, {"__builtins__": {}}, values)
