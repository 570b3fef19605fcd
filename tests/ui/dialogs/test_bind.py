"""Values for symbols."""

from tests.samples import WORKED
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
        await pilot.press("2", "asterisk")
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


async def test_number_keys_step_a_plain_value_and_are_typed_into_an_expression(opened, worked):
    async with opened(lambda: BindSymbols(worked)) as (app, pilot):
        field = app.screen.query_one("FieldInput")
        for key, value in (("plus", "1"), ("equals_sign", "2"), ("right_square_bracket", "4"), ("minus", "3"),
                           ("right_square_bracket", "6"), ("left_square_bracket", "3"), ("left_square_bracket", "1"),
                           ("minus", "1")):  # fmt: skip
            await pilot.press(key)
            assert field.value == value, key
        await pilot.press("asterisk", "k", "plus", "2")
        assert field.value == "1*k+2"


async def test_the_panes_below_follow_and_come_back(opened, worked):
    async with opened(lambda: BindSymbols(worked)) as (_app, pilot):
        await pilot.press("1", "0")
        await pilot.pause()
        assert worked.snapshot.totals.params == 49_920  # 48,320 + 160*10
        assert worked.committed.symbols == {"n": None}
        await pilot.press("escape")
        await pilot.pause()
        assert worked.snapshot is worked.committed


async def test_where_a_symbol_is_used_and_what_it_must_be(opened):
    # 31 by hand: conv 2x2, pool, conv 3x3, pool, conv 3x3, pool, conv 4x4 backwards; see the test of conditions.
    text = WORKED.replace("39x31x1", "HxHx1")
    store = ModelStore(parse_document(f"let H = 40\n{text}"))
    async with opened(lambda: BindSymbols(store)) as (app, pilot):
        assert "H is used in #0 input HxHx1" in app.flat()
        assert "it must be: H >= 31" in app.flat()
        await pilot.press("down")
        await pilot.pause()
        assert "n is used in #9 dense n" in app.flat()
        assert "it must be: n >= 1" in app.flat()
