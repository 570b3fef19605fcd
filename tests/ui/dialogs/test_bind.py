"""Values for symbols."""

from tui.core.size import symbol
from tui.core.store import ModelStore
from tui.formats.document import parse_document
from tui.ui.dialogs.bind import BindSymbols


async def test_bound_totals_are_shown_before_they_hold(opened, worked):
    async with opened(lambda: BindSymbols(worked)) as (app, pilot):
        assert "> n =" in app.text()
        assert "free" in app.text()
        await pilot.press("1", "0")
        await pilot.pause()
        assert "now params 48,320 + 160*n | MACs 2,261,760 + 160*n" in app.flat()
        # 48,320 + 160*10 and 2,261,760 + 160*10
        assert "then params 49,920 | MACs 2,263,360" in app.flat()
        await pilot.press("enter")
        assert app.answers == [{"n": 10}]
        assert worked.committed.symbols == {"n": None}


async def test_blank_frees_and_expressions_are_kept(opened):
    store = ModelStore(parse_document("let n = 10\nlet m = 2*k\ninput n*m*k\n"))
    async with opened(lambda: BindSymbols(store)) as (app, pilot):
        assert "2*k" in app.text()
        fields = {line.split("=")[0].strip("│> "): line for line in app.text().splitlines() if " = " in line}
        assert set(fields) == {"k", "m", "n"}
        await pilot.press("down", "down", "ctrl+u", "enter")
        assert app.answers == [{"n": None}]


async def test_another_symbol_may_be_the_value_but_not_itself(opened, worked):
    async with opened(lambda: BindSymbols(worked)) as (app, pilot):
        await pilot.press("n", "enter")
        assert app.answers == []
        assert "! n cannot stand for itself" in app.flat()
        await pilot.press("ctrl+u", *"2*k", "enter")
        assert app.answers == [{"n": 2 * symbol("k")}]


async def test_what_does_not_read_is_said(opened, worked):
    async with opened(lambda: BindSymbols(worked)) as (app, pilot):
        await pilot.press("2", "plus")
        await pilot.pause()
        (row,) = [line for line in app.text().splitlines() if "> n =" in line]
        assert " ! " in row
        await pilot.press("enter")
        assert app.answers == []
        await pilot.press("escape")
        assert app.answers == [None]


async def test_no_symbols(opened):
    async with opened(lambda: BindSymbols(ModelStore(parse_document("input 3\n")))) as (app, pilot):
        assert "No symbols yet" in app.text()
        await pilot.press("enter")
        assert app.answers == [None]
