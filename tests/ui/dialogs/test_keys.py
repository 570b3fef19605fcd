"""The page of keys."""

from tui.ui.actions import ACTIONS, key_name
from tui.ui.dialogs.keys import KeysHelp, page_text

GROUPS = [
    ("everywhere", [("up/down hjkl", "move"), ("u Ctrl+Z", "undo")]),
    ("layers", [(f"f{i}", f"does thing {i} [bold]x[/]") for i in range(30)]),
]


async def test_the_page_scrolls(opened):
    async with opened(lambda: KeysHelp(GROUPS)) as (app, pilot):
        assert "u Ctrl+Z" in app.text()
        assert "[bold]x[/]" in app.text()
        await pilot.press("end")
        await pilot.pause()
        assert "does thing 29" in app.text()
        await pilot.press("escape")
        assert app.answers == [None]


async def test_slash_searches_and_escape_shows_all_again(opened):
    async with opened(lambda: KeysHelp(GROUPS)) as (app, pilot):
        await pilot.press("slash", *"thing 2")
        await pilot.pause()
        assert "does thing 2 " in app.text()
        assert "does thing 3 " not in app.text()
        assert "undo" not in app.text()
        await pilot.press("escape")
        await pilot.pause()
        assert app.answers == []
        assert "undo" in app.text()
        await pilot.press("escape")
        assert app.answers == [None]


def test_a_search_without_an_answer_says_so():
    assert page_text(GROUPS, "zzz") == "no key does 'zzz'; Esc shows all"


def test_keys_stand_in_one_column():
    assert page_text(GROUPS[:1], "") == "everywhere\n  up/down hjkl  move\n  u Ctrl+Z      undo"


def test_a_group_is_found_by_its_title():
    assert page_text(GROUPS, "everywhere").splitlines()[0] == "everywhere"
    assert len(page_text(GROUPS, "everywhere").splitlines()) == 3


def test_keys_are_shown_as_they_are_on_the_keyboard() -> None:
    # Textual's own names of signs, such as greater_than_sign, stand on no key.
    shown = {key_name(key) for action in ACTIONS for key in action.keys}
    assert {"<", ">", "+", "-", "[", "]", "/", "?"} <= shown
    assert not [key for key in shown if "_" in key]
