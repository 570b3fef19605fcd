"""The part of a line around a mistake."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from tui.formats.excerpt import excerpt


def test_a_short_line_is_whole_with_carets_below_the_place() -> None:
    assert excerpt("conv 3 stride=x", (14, 15), 40) == ("conv 3 stride=x", " " * 14 + "^")


def test_a_place_at_the_end_has_one_caret() -> None:
    assert excerpt("conv", (4, 4), 40) == ("conv", "    ^")


def test_carets_count_cells_of_what_is_shown() -> None:
    # Two wide characters, and an escape that is written out in four.
    assert excerpt("층층\x1b x", (4, 5), 40) == ("층층\\x1b x", " " * 9 + "^")


def test_of_a_long_line_the_part_around_the_place() -> None:
    line, caret = excerpt("a" * 50 + "!" + "b" * 50, (50, 51), 20)
    assert line == "…" + "a" * 10 + "!" + "b" * 9 + "…"
    assert caret == " " * 11 + "^"


@given(st.text("ab 층\t", min_size=1, max_size=80), st.data())
def test_the_carets_are_always_below_the_line(text: str, data: st.DataObject) -> None:
    first = data.draw(st.integers(0, len(text)))
    last = data.draw(st.integers(first, len(text)))
    line, caret = excerpt(text, (first, last), 30)
    assert set(caret.strip()) == {"^"}
    assert len(caret) <= cell_len(line) + 1
