"""The grammar of expressions, judged by Python's own evaluation of the same text."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from tests.core.trees import Tree, bindings, trees, written
from tui.core.errors import ParseError
from tui.core.expression import MAX_DEPTH, is_name, parse_size
from tui.core.size import SizeError, bind, symbol, symbols


def pythons(text: str, values: dict[str, int] | None = None) -> int | None:
    """What Python makes of the text; None where it divides by zero."""
    names = {"__builtins__": {}, "min": lambda *sizes: min(sizes), "max": lambda *sizes: max(sizes)}
    try:
        return eval(text, names, dict(values or {}))
    except ZeroDivisionError:
        return None


@given(trees(names=(), leaves=8))
@example(("//", ("-", 0, 7), 2))
@example(("%", -7, 3))
@example(("**", ("-", 0, 2), 2))
@example(("**", ("**", ("**", 5, 3), 3), 3))  # 5**27, some 7*10**18
def test_numbers_are_pythons(tree: Tree) -> None:
    text = written(tree)
    expected = pythons(text)
    if any(abs(pythons(written(part)) or 0) > 10**18 for part in parts(tree)):
        with pytest.raises(ParseError, match=r"larger than|zero"):
            parse_size(text)
    elif expected is None:
        with pytest.raises(ParseError, match="zero"):
            parse_size(text)
    else:
        assert parse_size(text) == expected


def parts(tree: Tree) -> Iterator[Tree]:
    """The tree and all trees inside it."""
    yield tree
    if isinstance(tree, tuple):
        for part in tree[1:]:
            yield from parts(part)


words = st.lists(
    st.sampled_from(
        [" + ", " - ", "*", "//", "%", "**", " ", "(", ")", "-", "1", "2", "7", "10", "n", "H", "min(", ","]
    ),
    max_size=14,
)


@given(words, bindings())
def test_precedence_is_pythons(parts: list[str], values: dict[str, int]) -> None:
    text = "".join(parts)
    try:
        size = parse_size(text)
    except ParseError as error:
        first, last = error.span
        assert 0 <= first <= last <= len(text) + 1
        return
    assume(symbols(size) <= values.keys())
    expected = pythons(text, values)
    try:
        assert bind(size, values) == expected
    except SizeError:
        assert expected is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2+3*4", 14), ("(2+3)*4", 20), ("-2**2", -4), ("(-2)**2", 4), ("2**3**2", 512), ("2**-0", 1), ("7//2*2", 6),
        ("-7//2", -4), ("-7%3", 2), ("10-3-2", 5), ("100//5//2", 10), ("--3", 3), ("2*-3", -6), ("min(3,1,2)", 1),
        ("max(3, 1)", 3), ("1_000", 1000), ("  4 ", 4), ("7 % 4", 3), ("999999999999999999", 10**18 - 1),
    ],
)  # fmt: skip
def test_values_by_hand(text: str, value: int) -> None:
    assert parse_size(text) == value


def test_a_symbol_is_a_symbol() -> None:
    assert parse_size("2*k+1") == 2 * symbol("k") + 1
    assert parse_size("채널//2") == symbol("채널") // 2
    assert not any(is_name(word) for word in ("max", "min", "2k", "a b", "", "a-b"))
    assert is_name("k_2")


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("2 + $", "$"), ("n & 3", "&"), ("(1, 2)", ","), ("3 4", "4"), ("2*", ""), ("", ""), ("max", ""),
        ("min 3", "3"),
        ("(2 + 3", ""), ("2 + (3 * )", ")"), ("7 // 0", "//"), ("7 % (3 - 3)", "%"), ("n / 2", "/"), ("2 ** -1", "**"),
        ("2 ** n", "**"), ("0 ** -1", "**"), ("n ** 64", "**"), ("1 + 12345678901234567890", "12345678901234567890"),
        ("max(n, )", ")"), ("10**18 * 10", "*"), ("2)", ")"),
    ],
)  # fmt: skip
def test_an_error_points_at_its_place(text: str, place: str) -> None:
    with pytest.raises(ParseError) as caught:
        parse_size(text)
    first, last = caught.value.span
    assert text[first:last].startswith(place)
    assert place or first == last == len(text)
    assert caught.value.message


@pytest.mark.parametrize(
    "text",
    [
        "9" * 1_000, "(" * 5_000, "(" * 5_000 + "1" + ")" * 5_000, "-" * 5_000 + "1", "max(" * 500 + "n" + ")" * 500,
        "9**9**9**9", "2**" * 300 + "2", "((2*n)**63)**63", "n**63" + "**63" * 200, "(n + m + k)**63" + "*(a+b+c)**40",
        "(" * 30 + "2*n" + ")**63" * 30, "10**17*10**17",
    ],
)  # fmt: skip
def test_what_is_too_much_is_refused_at_once(text: str) -> None:
    with pytest.raises(ParseError):
        parse_size(text)


def test_what_is_deep_but_not_too_deep_is_read() -> None:
    assert parse_size("(" * MAX_DEPTH + "5" + ")" * MAX_DEPTH) == 5
    assert parse_size("+".join(["n"] * 900)) == 900 * symbol("n")
    assert parse_size("1" + "+0" * 900) == 1
    # Beside each other they are not deep.
    assert parse_size("+".join(["(n)"] * 2 * MAX_DEPTH)) == 2 * MAX_DEPTH * symbol("n")
    assert parse_size("+".join(["max(2, 3)"] * 2 * MAX_DEPTH)) == 6 * MAX_DEPTH
    assert parse_size("+".join(["2**2"] * 2 * MAX_DEPTH)) == 8 * MAX_DEPTH
