"""The question dialog: letters, the safe focus, the mouse."""

import pytest

from tui.ui.dialogs.confirm import Choice, Confirm

QUIT = (Choice("y", "Quit, lose the changes", "quit"), Choice("s", "Save first", "save"), Choice("n", "Cancel", "no"))


def quit_question():
    return Confirm("Quit without saving [bold]x[/]?", "two\nlines \x1b[31m", QUIT)


@pytest.mark.parametrize(("key", "answer"), [("y", "quit"), ("s", "save"), ("n", "no"), ("escape", None)])
async def test_keys_answer(opened, key, answer):
    async with opened(quit_question) as (app, pilot):
        await pilot.press(key)
        assert app.answers == [answer]


async def test_the_safe_choice_has_the_focus_and_text_is_literal(opened):
    async with opened(quit_question) as (app, pilot):
        assert "> [ n Cancel ]" in app.text()
        assert "[bold]x[/]" in app.text()
        assert "lines \\x1b[31m" in app.text()
        await pilot.press("enter")
        assert app.answers == ["no"]


async def test_arrows_go_to_another_choice(opened):
    async with opened(quit_question) as (app, pilot):
        await pilot.press("up")
        assert "> [ s Save first ]" in app.text()
        assert "> [ n Cancel ]" not in app.text()
        await pilot.press("enter")
        assert app.answers == ["save"]


async def test_the_mouse_chooses(opened):
    async with opened(quit_question) as (app, pilot):
        await pilot.click("#choice-0")
        assert app.answers == ["quit"]


async def test_a_burst_of_answers_closes_one_screen(opened):
    async with opened(quit_question) as (app, pilot):
        await pilot.press("y", "y", "enter")
        assert app.answers == ["quit"]
        assert "below" in app.text()
