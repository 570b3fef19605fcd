"""Factors and asked sizes: what is read is printed again, and decimals stay exact."""

from __future__ import annotations

from fractions import Fraction

import pytest

from tui.core.errors import ParseError
from tui.core.output_size import KEEP, OutputSize, kept
from tui.core.ratio import Factor, parts_of, scaled
from tui.core.size import symbol, text


@pytest.mark.parametrize("word", ["2", "1.5", "2x1.5", "0.125", "s", "2xs", "(2*s)x3", "(xs)x1.5"])
def test_a_factor_is_printed_as_it_was_read(word: str) -> None:
    factor = Factor()
    assert factor.print(factor.parse(word)) == word


def test_a_decimal_is_kept_as_a_fraction_and_a_whole_one_as_a_number() -> None:
    assert Factor().parse("1.7") == Fraction(17, 10)
    assert Factor().parse("2.0") == 2
    assert Factor().parse("(1.5,2)") == (Fraction(3, 2), 2)
    assert parts_of(Fraction(3, 2)) == (3, 2)
    assert parts_of(4) == (4, 1)


@pytest.mark.parametrize("word", ["0", "0.0", "-1", "1.5.2", "", "3x", "1e3", "."])
def test_what_is_no_factor_is_refused_with_its_place(word: str) -> None:
    with pytest.raises(ParseError) as refused:
        Factor().parse(word)
    first, last = refused.value.span
    assert 0 <= first <= last <= len(word) + 1


def test_whole_factors_and_ratios_below_one_refuse_the_others() -> None:
    assert Factor(whole=True).parse("3") == 3
    assert Factor(shrinks=True).parse("0.5x0.7") == (Fraction(1, 2), Fraction(7, 10))
    for factor, word in ((Factor(whole=True), "1.5"), (Factor(shrinks=True), "1.2"), (Factor(shrinks=True), "2")):
        with pytest.raises(ParseError, match="is not a"):
            factor.parse(word)


def test_a_size_times_a_factor_is_rounded_down() -> None:
    # PyTorch 2.13: Upsample(scale_factor=1.7) makes 5 of 3, 1.5 makes 12, 3, 10 of 8, 2, 7.
    assert scaled(3, Fraction("1.7")) == 5
    assert [scaled(n, Fraction("1.5")) for n in (8, 2, 7)] == [12, 3, 10]
    assert text(scaled(symbol("n"), Fraction("1.5"))) == "n + n//2"
    assert text(scaled(symbol("n"), 2)) == "2*n"


def test_symbols_and_places_are_those_of_the_whole_factors() -> None:
    factor = Factor()
    value = factor.parse("1.5x(2*s)")
    assert factor.symbols(value) == {"s"}
    assert factor.places("1.5x(2*s)") == ((4, 9),)
    assert factor.bind(value, {"s": 4}) == (Fraction(3, 2), 8)


@pytest.mark.parametrize("word", ["7", "keep", "keepx7", "7xkeepxn", "(2*n)xkeep"])
def test_an_output_size_is_printed_as_it_was_read(word: str) -> None:
    sizes = OutputSize()
    assert sizes.print(sizes.parse(word)) == word


def test_keep_takes_the_size_of_the_input_and_no_number_means_it() -> None:
    assert OutputSize().parse("keepx7") == (KEEP, 7)
    assert kept((KEEP, 7), (5, 9)) == (5, 7)
    with pytest.raises(ParseError, match="0 is not a whole number of at least 1"):
        OutputSize().parse("0")
