"""The gallery."""

import pytest

from tui.ui.dialogs.presets import PresetEntry, Presets

ONE = """\
set bias=false
input 39x31x1
conv 20 4x4  # [bold]x[/]
"""
PRESETS = [
    PresetEntry("one", "One layer", "made up [b]", ONE),
    PresetEntry("two", "Two layers", "by hand", ONE + "conv 40 3x3\n"),
    PresetEntry("blank", "Blank", "", ""),
]


async def test_the_preview_follows_the_mark(opened):
    async with opened(lambda: Presets(PRESETS)) as (app, pilot):
        assert "> One layer" in app.text()
        assert "conv 20 4x4  # [bold]x[/]" in app.text()
        # 4*4*1*20 weights, each used at 36*28 positions
        assert "params 320 | MACs 322,560" in app.flat()
        assert "made up [b]" in app.text()
        await pilot.press("down")
        await pilot.pause()
        assert "conv 40 3x3" in app.text()
        # 320 + 3*3*20*40
        assert "params 7,520" in app.flat()
        await pilot.press("enter")
        assert app.answers == ["two"]


async def test_slash_finds(opened):
    async with opened(lambda: Presets(PRESETS)) as (app, pilot):
        await pilot.press("slash", *"hand")
        await pilot.pause()
        assert "> Two layers" in app.text()
        assert "One layer" not in app.text()
        await pilot.press("enter")
        assert app.answers == ["two"]


async def test_nothing_found(opened):
    async with opened(lambda: Presets(PRESETS)) as (app, pilot):
        await pilot.press("slash", *"zzz")
        await pilot.pause()
        assert "no preset has these words" in app.flat()
        await pilot.press("enter")
        assert app.answers == []
        await pilot.press("escape")
        assert app.answers == [None]


async def test_a_blank_preset_and_the_mouse(opened):
    async with opened(lambda: Presets(PRESETS)) as (app, pilot):
        await pilot.press("end")
        await pilot.pause()
        assert "no layers yet" in app.text()
        await pilot.click("#accept")
        assert app.answers == ["blank"]


@pytest.mark.parametrize("size", [(80, 24)], indirect=True)
async def test_the_totals_stand_beside_the_titles(opened):
    async with opened(lambda: Presets(PRESETS)) as (app, _):
        (row,) = [line for line in app.text().splitlines() if "Two layers" in line]
        assert "7,520" in row


async def test_a_name_that_begins_so_comes_before_one_that_holds_it(opened):
    named = [PresetEntry(name, title, "after LeNet", ONE) for name, title in
             (("inception", "Inception (GoogLeNet)"), ("alexnet", "AlexNet"), ("lenet-5", "LeNet-5"))]  # fmt: skip
    async with opened(lambda: Presets(named)) as (app, pilot):
        await pilot.press("slash", *"lenet")
        await pilot.pause()
        shown = [line for line in app.text().splitlines() if "320" in line and "net" in line.casefold()]
        assert ["LeNet-5" in shown[0], "GoogLeNet" in shown[1], "AlexNet" in shown[2]] == [True] * 3
        await pilot.press("enter")
        assert app.answers == ["lenet-5"]
