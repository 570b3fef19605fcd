"""Charts on the screen."""

from __future__ import annotations

from tests.samples import WORKED
from tests.ui.screen import opened as whole_program
from tui.core.snapshot import Snapshot
from tui.formats.document import parse_document
from tui.ui.dialogs.charts import Charts

GROUPED = "input 8\na.x: dense 8 bias=false\na.y: relu\nb: dense 4 bias=false\n"


def snapshot(text: str = WORKED) -> Snapshot:
    return Snapshot.of(parse_document(text))


async def test_bars_of_the_layers(opened):
    async with opened(lambda: Charts(snapshot(WORKED.replace("dense n", "dense 10")))) as (app, pilot):
        await pilot.pause()
        assert "parameters by layer: 49,920 in all" in app.text()
        (row,) = [line for line in app.text().splitlines() if "conv 60" in line]
        # 21,600 of 49,920 are 43.27 %
        assert row.strip("│ ").endswith("21,600  43.3%")
        await pilot.press("right")
        await pilot.pause()
        assert "multiply-accumulates by layer: 2,263,360 in all" in app.text()
        await pilot.press("right", "right")
        await pilot.pause()
        assert "receptive field by layer" in app.text()
        (row,) = [line for line in app.text().splitlines() if "conv 80" in line]
        assert row.strip("│ ▁▂▃▄▅▆▇█").endswith("31")
        await pilot.press("left", "left", "left", "left")
        await pilot.pause()
        assert "operations that are no MACs" in app.text()


async def test_groups_and_kinds(opened):
    async with opened(lambda: Charts(snapshot(GROUPED))) as (app, pilot):
        await pilot.press("b")
        await pilot.pause()
        assert "parameters by group: 96 in all" in app.text()
        # 64 of 96
        assert any(line.split()[1:2] == ["a"] and "66.7%" in line for line in app.text().splitlines())
        await pilot.press("b")
        await pilot.pause()
        assert "dense (2)" in app.text()
        await pilot.press("b", "left", "left", "left", "left")
        await pilot.pause()
        assert "receptive field by layer" in app.text()
        await pilot.press("b")
        await pilot.pause()
        assert "parameters by group" in app.text()


async def test_enter_goes_to_the_layer(opened):
    async with opened(lambda: Charts(snapshot(), 3)) as (app, pilot):
        await pilot.pause()
        # The cursor's own line is marked: row 3 is conv 20.
        assert any("> 1 conv 20 4x4" in line for line in app.text().splitlines())
        await pilot.press("down", "down", "enter")
        assert app.answers == [5]


async def test_on_the_whole_screen_the_cursor_goes_there():
    async with whole_program(WORKED) as desk:
        await desk.press("C")
        await desk.settle()
        await desk.press("end", "enter")
        await desk.settle()
        assert desk.cursor == 9
        await desk.press("C", "escape")
        await desk.settle()
        assert desk.cursor == 9


async def test_nothing_to_chart():
    async with whole_program("") as desk:
        await desk.press("C")
        await desk.settle()
        assert "no layers yet: a adds one" in desk.text()
        await desk.press("enter", "escape")


async def test_ascii(opened, monkeypatch):
    monkeypatch.setenv("LAYERSHEET_ASCII", "1")
    async with opened(lambda: Charts(snapshot())) as (app, pilot):
        await pilot.pause()
        (row,) = [line for line in app.text().splitlines() if "conv 60" in line]
        assert "####" in row
        assert row.strip("│").isascii()
