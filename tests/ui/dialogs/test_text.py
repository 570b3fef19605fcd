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
