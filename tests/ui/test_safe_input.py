"""Fields that hold text of any origin."""

from __future__ import annotations

import pytest
from textual.app import App, ComposeResult

from tests.ui.screen import Desk, opened
from tui.ui.safe_input import SafeInput, stood_in

# What a terminal acts on: an escape sequence, a bell, a reversal of the text's direction, a C1 control, a tag.
ACTED_ON = "a\x1b[2Jb\x07c\u202ed\x9b31m\U000e0041e"


def test_one_character_stands_for_one() -> None:
    assert stood_in(ACTED_ON) == "a␛[2Jb␇c?d?31m?e"
    assert stood_in("가나 emoji 👍") == "가나 emoji 👍"
    assert stood_in("a\tb\x00", keep="\t") == "a\tb␀"


class Fields(App[None]):
    def compose(self) -> ComposeResult:
        yield SafeInput(ACTED_ON + "한글", compact=True)


async def test_the_value_stays_and_the_cursor_stands_where_it_is_shown() -> None:
    app = Fields()
    async with app.run_test(size=(40, 5)) as pilot:
        field = app.query_one(SafeInput)
        assert field.value.startswith(ACTED_ON)
        field.cursor_position = len(field.value) - 1
        # One cell for each character, two for the wide one before the cursor.
        assert field._cursor_offset == len(ACTED_ON) + 2
        await pilot.click(SafeInput, offset=(len(ACTED_ON) + 2, 0))
        assert field.cursor_position == len(ACTED_ON) + 1
        await pilot.click(SafeInput, offset=(2, 0))
        assert field.cursor_position == 2
        await pilot.press("x")
        assert field.value.startswith("a\x1bx[2J")


def assert_harmless(desk: Desk) -> None:
    for line in desk.lines():
        assert line.isprintable(), repr(line)


@pytest.mark.parametrize(
    "key", ["enter", "slash", "r", "I", "b", "w", "t", "comma", "S", "ctrl+n", "W", "question_mark"]
)
async def test_what_is_pasted_or_opened_in_a_field_does_nothing_to_the_terminal(key: str) -> None:
    async with opened("input 8x8x3\nx: conv n 3x3\n# \x1b[31mred\nconv 4 3x3 \x1b]0;title\x07\n") as desk:
        for place in ("1", "3"):
            await desk.press("home", *["down"] * int(place), key)
            await desk.settle()
            assert_harmless(desk)
            if key == "question_mark":
                await desk.press("slash")
            await desk.paste(ACTED_ON)
            assert_harmless(desk)
            await desk.press("escape", "escape")
            await desk.settle()
            assert_harmless(desk)
            if desk.dialog != "Workbench":
                await desk.press("escape")
                await desk.settle()


async def test_a_line_with_a_control_character_is_edited_without_losing_it() -> None:
    async with opened("input 8x8x3\nconv 4 3x3 \x1b[31m\n") as desk:
        await desk.press("enter")
        await desk.settle()
        assert "conv 4 3x3 ␛[31m" in desk.text()
        await desk.press("end", "x", "enter")
        await desk.settle()
        assert desk.codes[1] == "conv 4 3x3 \x1b[31mx"
