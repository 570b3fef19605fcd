"""Texts fitted for the screen, in cells as a terminal counts them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from tui.ui.words import fitted, wrapped


def test_words_are_kept_whole_and_later_lines_hang() -> None:
    assert wrapped("  one two three four five six", 20, 4) == ["  one two three four", "    five six"]
    assert wrapped("short", 20, 4) == ["short"]
    assert wrapped("", 20) == [""]


def test_wide_characters_count_twice() -> None:
    # Nine syllables are 18 cells, and a tenth with its space would be 21.
    assert wrapped("가나다라마바사아자 차", 20) == ["가나다라마바사아자", "차"]


def test_a_word_that_no_line_holds_is_broken() -> None:
    assert wrapped("x" * 45, 20) == ["x" * 20, "x" * 20, "x" * 5]
    assert wrapped("ab " + "한" * 12, 20, 2) == ["ab", "  " + "한" * 9, "  " + "한" * 3]


@given(
    st.lists(st.text("ab한글=+*", min_size=1, max_size=30), min_size=1, max_size=12),
    st.integers(20, 60),
    st.integers(0, 12),
)
def test_no_line_is_too_long_and_nothing_is_lost(words: list[str], width: int, hang: int) -> None:
    lines = wrapped(" ".join(words), width, hang)
    assert max(map(cell_len, lines)) <= width
    assert "".join("".join(lines).split()) == "".join(words)


def test_what_is_cut_says_so_and_what_is_short_is_filled() -> None:
    assert fitted("channels", 5) == "chan…"
    assert fitted("한국어", 4) == "한 …"  # half a character cannot be drawn
    assert fitted("ab", 5) == "ab   "
    assert fitted("ab", 5, right=True) == "   ab"
