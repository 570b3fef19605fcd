"""The page of keys."""

from rich.cells import cell_len

from tui.ui.actions import ACTIONS, groups, key_name
from tui.ui.dialogs.keys import BESIDES, KeysHelp, page_lines

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
    assert page_lines(GROUPS, "zzz", 80) == ["no key does 'zzz'; Esc shows all"]


def test_keys_stand_in_one_column():
    assert page_lines(GROUPS[:1], "", 80) == ["everywhere", "  up/down hjkl  move", "  u Ctrl+Z      undo"]


def test_what_a_key_does_is_wrapped_in_its_own_column():
    long = [("edit", [("a", "one two three four five"), ("b", "six")])]
    assert page_lines(long, "", 20) == ["edit", "  a  one two three", "     four five", "  b  six"]


def test_the_page_of_all_keys_fits_a_narrow_dialog():
    # 60 columns less borders, padding and the scrollbar
    everything = [*groups(), *BESIDES]
    lines = page_lines(everything, "", 55)
    assert max(map(cell_len, lines)) <= 55
    wide = page_lines(everything, "", 500)
    assert " ".join(" ".join(lines).split()) == " ".join(" ".join(wide).split())


def test_a_group_is_found_by_its_title():
    assert page_lines(GROUPS, "everywhere", 80)[0] == "everywhere"
    assert len(page_lines(GROUPS, "everywhere", 80)) == 3


async def test_letters_scroll_the_page_too(opened):
    async with opened(lambda: KeysHelp(GROUPS)) as (app, pilot):
        await pilot.press("G")
        await pilot.pause()
        assert "does thing 29" in app.text()
        await pilot.press("g", "j")
        await pilot.pause()
        assert "everywhere" not in app.text()
        assert "u Ctrl+Z" in app.text()


def test_keys_are_shown_as_they_are_on_the_keyboard() -> None:
    # Textual's own names of signs, such as greater_than_sign, stand on no key.
    shown = {key_name(key) for action in ACTIONS for key in action.keys}
    assert {"<", ">", "+", "-", "[", "]", "/", "?"} <= shown
    assert not [key for key in shown if "_" in key]
