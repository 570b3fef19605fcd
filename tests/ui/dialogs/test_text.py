"""The document as text."""

from tui.ui.dialogs.text import WholeText

TEXT = "input 3  # [bold]x[/]\nconv 8 3x3\n"


async def test_the_edited_text_is_the_answer(opened):
    async with opened(lambda: WholeText(TEXT)) as (app, pilot):
        assert "# [bold]x[/]" in app.text()
        assert "line 1 of 3" in app.text()
        await pilot.press("down", "x")
        await pilot.pause()
        assert "! line 2 of 3: no layer kind is called 'xconv'" in app.flat()
        await pilot.press("ctrl+s")
        assert app.answers == ["input 3  # [bold]x[/]\nxconv 8 3x3\n"]


async def test_escape_without_a_change(opened):
    async with opened(lambda: WholeText(TEXT)) as (app, pilot):
        await pilot.press("escape")
        assert app.answers == [None]


async def test_escape_with_changes_asks(opened):
    async with opened(lambda: WholeText(TEXT)) as (app, pilot):
        await pilot.press("x", "escape")
        await pilot.pause()
        assert "Discard the changes to the text?" in app.text()
        await pilot.press("enter")  # keeps editing
        await pilot.pause()
        assert app.answers == []
        assert "xinput 3" in app.text()
        await pilot.press("escape", "d")
        await pilot.pause()
        assert app.answers == [None]


async def test_tab_reaches_the_button(opened):
    async with opened(lambda: WholeText(TEXT)) as (app, pilot):
        await pilot.press("tab")
        assert "> [ Apply ]" in app.text()
        await pilot.press("enter")
        assert app.answers == [TEXT]


async def test_control_characters_stay_in_the_text_and_off_the_screen(opened):
    text = "input 3 # \x1b]0;title\x07 \u202e \udc80 tab\t합성곱\n"
    async with opened(lambda: WholeText(text)) as (app, pilot):
        assert "input 3 # \u241b]0;title\u2407 ? ? tab" in app.text()
        assert "합성곱" in app.text()
        assert not {"\x1b", "\x07", "\u202e", "\udc80"} & set(app.text())
        await pilot.press("ctrl+s")
        assert app.answers == [text]
