"""Finding a kind and adding a layer."""

import pytest

from tui.layers import KINDS
from tui.ui.dialogs.kind_search import found_kinds, kind_help, kind_picks
from tui.ui.dialogs.kinds import AddLayer, PickKind


async def test_search_choose_write_add(opened, worked):
    async with opened(lambda: AddLayer(worked, 4)) as (app, pilot):
        await pilot.press(*"conv", "enter")
        await pilot.pause()
        assert "> conv" in app.text()
        # Typing replaces the example's arguments.
        await pilot.press(*"8 3x3")
        await pilot.pause()
        # 36x28x20 in: 3*3*20*8 = 1,440 weights at 34*26 positions.
        assert "out 34x26x8 params 1,440 MACs 1,272,960" in app.flat()
        await pilot.press("enter")
        assert app.answers == ["conv 8 3x3"]
        assert len(worked.committed.lines) == 12


async def test_arrows_move_the_mark_and_fill_the_line(opened, worked):
    async with opened(lambda: AddLayer(worked, 4)) as (app, pilot):
        await pilot.press(*"conv", "down")
        await pilot.pause()
        kind = found_kinds("conv")[1]
        assert f"> {kind.name}"[:16] in app.text()
        assert f"line: {kind.example}" in app.flat()
        await pilot.press("escape")
        assert app.answers == [None]


async def test_a_typed_line_is_not_overwritten(opened, worked):
    async with opened(lambda: AddLayer(worked, 4)) as (app, pilot):
        await pilot.press(*"conv", "enter", *"8 3x3", "shift+tab", "shift+tab", "down")
        await pilot.pause()
        assert "line: conv 8 3x3" in app.flat()


async def test_a_line_that_does_not_read_is_held(opened, worked):
    async with opened(lambda: AddLayer(worked, 4)) as (app, pilot):
        await pilot.press(*"conv", "enter", *"[bold]x[/]", "enter")
        await pilot.pause()
        assert app.answers == []
        assert "! " in app.text()
        assert "[bold]x[/]" in app.text()


async def test_nothing_found(opened, worked):
    async with opened(lambda: AddLayer(worked, 4)) as (app, pilot):
        await pilot.press(*"[b]zzz")
        await pilot.pause()
        assert "no kind answers to this word" in app.flat()


async def test_pick_kind_by_alias_and_mouse(opened):
    async with opened(PickKind) as (app, pilot):
        await pilot.press(*"Conv2D")
        await pilot.pause()
        assert "> conv " in app.text()
        await pilot.click("#accept")
        assert app.answers == ["conv"]


@pytest.mark.parametrize(
    ("word", "name"),
    [("conv", "conv"), ("Convolution2D", "conv"), ("합성곱", "conv"), ("입력", "input"), ("con", "conv")],
)
def test_best_answer(word, name):
    assert found_kinds(word)[0].name == name


def test_a_word_of_the_summary_answers():
    assert KINDS["conv"] in found_kinds("filters slide over")


def test_a_wrapper_of_keras_finds_the_kinds_that_take_it():
    assert {kind.name for kind in found_kinds("Bidirectional")} >= {"lstm", "gru", "rnn", "convlstm"}
    assert KINDS["dense"] in found_kinds("TimeDistributed")
    assert KINDS["dense"] not in found_kinds("bidirectional")


def test_all_kinds_are_listed_by_family():
    rows = kind_picks("")
    assert {row.key for row in rows if not row.heading} == set(KINDS)
    place = next(i for i, row in enumerate(rows) if row.key == "conv")
    assert [row.text for row in rows[:place] if row.heading][-1] == "convolution"


def test_help_comes_from_the_declarations():
    text = kind_help(KINDS["conv"])
    for arg in KINDS["conv"].all_args():
        assert arg.help in text
    assert KINDS["conv"].example in text
    assert "stride = 1" in text
