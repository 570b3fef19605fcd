"""An error and its ways out."""

from tui.ui.dialogs.fixes import Fixes

WAYS = [("kernel=2x2", "conv 80 2x2"), ("padding=same", "conv 80 4x4 padding=same"), ("delete [bold]x[/]", "")]


def fixes():
    return Fixes("#7 conv 80 4x4", "the window needs 4, gets 3 [bold]x[/]", "floor((3 - 4)/1) + 1 = 0", WAYS)


async def test_a_digit_chooses(opened):
    async with opened(fixes) as (app, pilot):
        assert "#7 conv 80 4x4" in app.text()
        assert "! the window needs 4, gets 3 [bold]x[/]" in app.text()
        assert "floor((3 - 4)/1) + 1 = 0" in app.text()
        assert "3  delete [bold]x[/]" in app.text()
        await pilot.press("4")  # there is no fourth
        assert app.answers == []
        await pilot.press("2")
        assert app.answers == [1]


async def test_arrows_and_enter_choose(opened):
    async with opened(fixes) as (app, pilot):
        assert "> 1  kernel=2x2" in app.text()
        await pilot.press("down", "down")
        assert "> 3  delete" in app.text()
        await pilot.press("enter")
        assert app.answers == [2]


async def test_the_mouse_marks_then_chooses(opened):
    async with opened(fixes) as (app, pilot):
        await pilot.click("PickList", offset=(4, 1))
        assert "> 2  padding=same" in app.text()
        await pilot.click("#accept")
        assert app.answers == [1]


async def test_escape_leaves(opened):
    async with opened(fixes) as (app, pilot):
        await pilot.press("escape")
        assert app.answers == [None]


async def test_no_fix_known(opened):
    async with opened(lambda: Fixes("relu", "what", None, [])) as (app, pilot):
        assert "no fix is known" in app.text()
        await pilot.press("1", "enter")
        assert app.answers == [None]


async def test_twelve_fixes_are_reached_by_arrows(opened):
    async with opened(lambda: Fixes("relu", "what", None, [(f"way {i}", "") for i in range(12)])) as (app, pilot):
        await pilot.press("end")
        await pilot.pause()
        assert "way 11" in app.text()
        await pilot.press("enter")
        assert app.answers == [11]
