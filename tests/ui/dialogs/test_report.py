"""The page to read."""

import pytest

from tui.ui.dialogs.report import Report

LONG = [f"line {i} [bold]x[/]" for i in range(60)]


async def test_a_long_report_scrolls(opened):
    async with opened(lambda: Report("Import [b]", LONG)) as (app, pilot):
        assert "Import [b]" in app.text()
        assert "line 0 [bold]x[/]" in app.text()
        await pilot.press("end")
        await pilot.pause()
        assert "line 59 [bold]x[/]" in app.text()
        assert "line 0 " not in app.text()


@pytest.mark.parametrize("key", ["escape", "enter"])
async def test_it_closes(opened, key):
    async with opened(lambda: Report("Error", ["cannot read \x07"])) as (app, pilot):
        assert "cannot read \\x07" in app.text()
        await pilot.press(key)
        assert app.answers == [None]


async def test_the_button_closes(opened):
    async with opened(lambda: Report("Import", LONG)) as (app, pilot):
        await pilot.click("#cancel")
        assert app.answers == [None]
