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


async def test_what_is_wrapped_stands_under_its_own_line(opened):
    words = [f"word{i}" for i in range(30)]
    async with opened(lambda: Report("Sum", ["title", "    " + " ".join(words)])) as (app, _pilot):
        lines = [line.strip("│ ") for line in app.text().splitlines() if "word" in line]
        starts = [line.index("word") for line in app.text().splitlines() if "word" in line]
        assert " ".join(" ".join(lines).split()) == " ".join(words)
        assert len(starts) > 2
        # four cells of its own, and two more for all but the first
        assert {start - starts[0] for start in starts[1:]} == {2}


async def test_a_report_is_wrapped_anew_when_the_screen_becomes_narrower(opened):
    async with opened(lambda: Report("Sum", ["    " + "word " * 30])) as (app, pilot):
        await pilot.resize_terminal(44, 20)
        await pilot.pause()
        assert app.flat().count("word") == 30


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
