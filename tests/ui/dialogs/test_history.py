"""The named steps."""

import pytest

from tui.core import edits
from tui.formats.line import parse_line
from tui.ui.dialogs.history import History


@pytest.fixture
def store(worked):
    for text in ("conv 30 4x4", "conv 20 5x5  # [bold]x[/]"):
        worked.apply(edits.replace(worked.committed, 3, parse_line(text)))
    worked.apply(edits.replace(worked.committed, 11, parse_line("dense [bold]x[/]")))
    return worked


async def test_newest_first_with_totals(opened, store):
    async with opened(lambda: History(store)) as (app, _):
        rows = [line for line in app.text().splitlines() if " params" in line and "#" in line]
        assert rows[0].split()[1:4] == [">", "*", "3"]
        assert "dense [bold]x[/]" in rows[0]
        # 5x5 windows leave 3x1 for the last convolution, which does not fit: 500 + 7,200 + 21,600 is known.
        assert "#1 conv 20 5x5" in rows[1]
        assert ">= 29,300 params" in rows[1]
        # 30 filters: 4*4*30 = 480 for 320, and 3*3*30*40 = 10,800 for 7,200.
        assert "#1 conv 30 4x4" in rows[2]
        assert "52,080 + 160*n params" in rows[2]


async def test_a_step_is_looked_at_and_chosen(opened, store):
    async with opened(lambda: History(store)) as (app, pilot):
        await pilot.press("down", "down", "down")
        await pilot.pause()
        assert "step 0: open" in app.text()
        assert "params 48,320 + 160*n | MACs 2,261,760 + 160*n" in app.flat()
        await pilot.press("enter")
        assert app.answers == [0]
        assert store.at == 3  # the dialog itself changes nothing


async def test_a_step_shows_the_lines_that_it_changed(opened, store):
    async with opened(lambda: History(store)) as (app, pilot):
        await pilot.press("down")
        await pilot.pause()
        assert "- conv 30 4x4" in app.text()
        assert "+ conv 20 5x5  # [bold]x[/]" in app.text()
        await pilot.press("up")
        await pilot.pause()
        assert "- dense n" in app.text()
        assert "+ dense [bold]x[/]" in app.text()


async def test_an_undone_step_says_so(opened, store):
    store.undo()
    async with opened(lambda: History(store)) as (app, pilot):
        assert "(the version on the screen)" in app.flat()
        await pilot.press("up")
        await pilot.pause()
        assert "(undone)" in app.text()
        await pilot.press("escape")
        assert app.answers == [None]
