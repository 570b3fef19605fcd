"""Sweeps on the screen."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.widgets import Input

from tests.samples import WORKED
from tests.ui.screen import opened as whole_program
from tui.core.store import ModelStore
from tui.formats.document import parse_document
from tui.ui.dialogs import sweep as dialog
from tui.ui.dialogs.fields import Fields
from tui.ui.dialogs.sweep import SweepSymbols

KERNELS = "input HxWx1\nconv 20 k bias=false\nmaxpool 2\nflatten\ndense n\n"


async def fill(app, pilot, **texts):
    """Put texts into the fields at once, and let the sweep run."""
    for field in app.screen.query_one(Fields).all():
        if field.key in texts:
            field.input.value = texts[field.key]
    await settle(pilot)


async def settle(pilot):
    for _ in range(6):
        await pilot.pause()


async def test_it_begins_with_a_range_and_its_table(opened, worked):
    async with opened(lambda: SweepSymbols(worked)) as (app, pilot):
        await settle(pilot)
        assert "n=10..100:10" in app.text()
        # 48,320 + 160*10 and 2,261,760 + 160*10; 48,320 + 160*20
        assert "> 10 49,920 2,263,360 100,800" in app.flat()
        assert "20 51,520" in app.flat()
        assert "10 combinations" in app.flat()


async def test_enter_on_a_row_binds_its_values(opened, worked):
    async with opened(lambda: SweepSymbols(worked)) as (app, pilot):
        await settle(pilot)
        await pilot.press("enter", "down", "down", "enter")
        assert app.answers == [{"n": 30}]
        assert worked.committed.symbols == {"n": None}


async def test_other_symbols_keep_a_value_that_can_be_changed(opened):
    store = ModelStore(parse_document(KERNELS))
    async with opened(lambda: SweepSymbols(store, preferred=["k"])) as (app, pilot):
        await settle(pilot)
        assert "H=32 W=32 n=32" in app.flat()
        await fill(app, pilot, first="k=3,40", second="n=8,16 H=39 W=31")
        # 20*9 + 8*(20*18*14) + 8
        assert "3 8 40,508" in app.flat()
        assert "#1 conv 20 k" in app.flat()
        await pilot.press("enter", "end")
        await settle(pilot)
        # A row has no room for the whole reason: it stands below.
        assert "! #1 conv 20 k bias=false: kernel 40x40 does not fit 39x31" in app.flat()
        await pilot.press("home", "down", "enter")
        assert app.answers == [{"k": 3, "n": 16, "H": 39, "W": 31}]


async def test_what_is_wrong_is_said_and_nothing_typed_is_lost(opened):
    store = ModelStore(parse_document(KERNELS))
    async with opened(lambda: SweepSymbols(store)) as (app, pilot):
        for texts, message in (
            ({"first": "H=9..1"}, "H: the range 9..1 is empty; write 1..9"),
            ({"first": "H=1..1000000000000"},
             "H=1..1000000000000 has 1,000,000,000,000 values, a sweep at most 5,000,000"),
            ({"first": "q=1..9"}, "there is no symbol 'q'; there are H, W, k, n"),
            ({"first": "H=30..40", "second": ""},
             "params also depends on W and k and n, which have no value; add W=32 k=32 n=32"),
            ({"second": "W=1,2 k=1,2 n=3"}, "3 symbols have a range"),
            ({"second": "W=32 k=3 n=8", "metrics": "parms"}, "no metric is called 'parms'; did you mean params?"),
            ({"metrics": "params", "view": "pie"}, "no view is called 'pie'; there are table, plot, pareto"),
            ({"view": "pareto"}, "a Pareto front is of two goals, 'params' has 1; write params,macs:max"),
        ):  # fmt: skip
            await fill(app, pilot, **texts)
            assert f"! {message}" in app.flat(), app.text()
            for key, text in texts.items():
                shown = {field.key: field.value for field in app.screen.query_one(Fields).all()}
                assert shown[key] == text
            await pilot.press("enter")
            assert app.answers == []
        await fill(app, pilot, metrics="params,macs")
        assert "Pareto front" in app.flat()


async def test_the_plot_has_a_cursor_that_binds(opened, worked):
    async with opened(lambda: SweepSymbols(worked)) as (app, pilot):
        await fill(app, pilot, view="plot")
        assert "params over n" in app.text()
        assert "n = 10: params 49,920" in app.flat()
        await pilot.press("enter", "right", "right")
        await settle(pilot)
        assert "n = 30: params 53,120" in app.flat()  # 48,320 + 160*30
        await pilot.press("m")
        await settle(pilot)
        assert "macs over n" in app.text()
        await pilot.press("end", "enter")
        assert app.answers == [{"n": 100}]


async def test_two_symbols_are_a_heat_map(opened):
    store = ModelStore(parse_document(KERNELS))
    async with opened(lambda: SweepSymbols(store)) as (app, pilot):
        await fill(app, pilot, first="k=3,5,40", second="n=8,16,32 H=39 W=31", view="plot")
        assert "params: k down, n across" in app.text()
        assert "x does not fit" in app.text()
        await pilot.press("enter", "down", "right")
        await settle(pilot)
        assert "k = 5, n = 16: params" in app.flat()
        await pilot.press("enter")
        assert app.answers == [{"k": 5, "n": 16, "H": 39, "W": 31}]


async def test_the_front_lists_what_is_not_beaten(opened):
    store = ModelStore(parse_document(KERNELS))
    async with opened(lambda: SweepSymbols(store)) as (app, pilot):
        await fill(app, pilot, first="k=3,5,7", second="n=8 H=39 W=31", metrics="params,macs,k:max,ram", view="pareto")
        # A larger kernel leaves the dense layer fewer inputs, and takes more MACs: all three are on the front.
        assert "Pareto front: 3 with the smallest params and smallest macs" in app.flat()
        await fill(app, pilot, metrics="params,k:max")
        assert "Pareto front: 1 with the smallest params and largest k" in app.flat()


async def test_esc_stops_a_long_sweep_and_then_closes(opened, worked, monkeypatch):
    from tui.core.sweep_columns import Lists

    monkeypatch.setattr(dialog, "quickest", Lists)
    monkeypatch.setattr(dialog, "BREATH", 0.0)
    async with opened(lambda: SweepSymbols(worked)) as (app, pilot):
        for field in app.screen.query_one(Fields).all():
            if field.key == "first":
                field.input.value = "n=1..5000000"
        for _ in range(40):
            await pilot.pause()
            if "Esc stops" in app.flat() and "5,000,000" in app.flat():
                break
        assert "Esc stops" in app.flat()
        assert "[" in app.flat()
        await pilot.press("escape")
        await settle(pilot)
        assert app.answers == []
        assert "stopped; change a field to start again, Esc closes" in app.flat()
        await fill(app, pilot, first="n=1..5")
        assert "5 combinations" in app.flat()
        await pilot.press("escape")
        assert app.answers == [None]


async def test_s_saves_a_csv(opened, worked, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    async with opened(lambda: SweepSymbols(worked, "worked-example")) as (app, pilot):
        await fill(app, pilot, first="n=1..3", metrics="params")
        await pilot.press("enter", "s")
        await settle(pilot)
        assert app.screen.query_one(Input).value.endswith("worked-example-sweep.csv")
        await pilot.press("enter")
        await settle(pilot)
        text = (tmp_path / "worked-example-sweep.csv").read_text()
        assert text == "n,params,status,message\n1,48480,ok,\n2,48640,ok,\n3,48800,ok,\n"
        assert "3 rows" in app.flat()
        assert list(tmp_path.iterdir()) == [tmp_path / "worked-example-sweep.csv"]


async def test_on_the_whole_screen_it_is_one_undoable_step():
    async with whole_program(WORKED) as desk:
        await desk.press("w")
        for _ in range(5):
            await desk.settle()
        await desk.press("enter", "down", "enter")
        for _ in range(3):
            await desk.settle()
        assert "params 51,520" in desk.line("totals")  # 48,320 + 160*20
        assert "bind n = 20" in desk.line("message")
        await desk.press("u")
        await desk.settle()
        assert "48,320 + 160*n" in desk.line("totals")


async def test_without_symbols_it_says_what_to_do():
    async with whole_program("input 4\ndense 2\n") as desk:
        await desk.press("w")
        await desk.settle()
        assert desk.dialog != "SweepSymbols"
        assert "there are no symbols to sweep" in desk.line("message")
