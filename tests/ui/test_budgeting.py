"""Budgets on the screen: typed with their verdicts alive, kept in the file, seen below the lists."""

from __future__ import annotations

from textual.widgets import Input

from tests.ui.screen import opened
from tui.formats.devices import devices
from tui.formats.document import print_document

# 220 and 2,100 parameters; 880 and 8,400 bytes.
NET = "input 10\ndense 20\ndense 100\n"


async def test_a_limit_is_judged_while_it_is_typed_and_applied_as_one_step() -> None:
    async with opened(NET) as desk:
        await desk.press("t")
        await desk.press("down")
        await desk.type("2k")
        await desk.settle()
        assert "[##########> OVER 116%" in desk.text()  # 2,320 of 2,000
        assert "#2 dense 100: 2,100" in desk.text()
        await desk.press("enter")
        await desk.settle()
        lines = desk.bench.store.committed.lines
        assert print_document(lines) == "budget params=2k\n" + NET
        assert "params OVER 116%" in desk.line("symbols")
        await desk.press("u")
        await desk.settle()
        assert print_document(desk.bench.store.committed.lines) == NET
        assert "OVER" not in desk.line("symbols")


async def test_a_device_brings_limits_and_the_worst_layer_is_one_key_away() -> None:
    async with opened(NET) as desk:
        await desk.press("5")
        await desk.type("arduino-uno")
        await desk.settle()
        assert "Arduino Uno (ATmega328P)" in desk.text()
        assert "[###.......] ok 29% of 32KiB" in desk.text()  # 9,280 of 32,768
        await desk.press("ctrl+g")
        await desk.settle()
        assert desk.dialog == "Workbench"
        # 20 + 100 values live at the second layer, 10 + 20 at the first: it is the worst of the RAM.
        assert desk.codes[desk.cursor] == "dense 100"
        assert print_document(desk.bench.store.committed.lines) == "budget device=arduino-uno\n" + NET


async def test_what_does_not_read_is_said_and_nothing_is_lost() -> None:
    async with opened("budget params=1k\n" + NET) as desk:
        await desk.press("t", "down")
        await desk.fill("1x")
        await desk.press("enter")
        await desk.settle()
        assert desk.dialog == "Budgets"
        assert "'x' is no unit here" in desk.text()
        await desk.press("escape")
        await desk.settle()
        assert print_document(desk.bench.store.committed.lines) == "budget params=1k\n" + NET


async def test_emptied_fields_take_the_line_away() -> None:
    async with opened("budget params=1k\n" + NET) as desk:
        await desk.press("t", "down")
        await desk.fill("")
        await desk.press("enter")
        await desk.settle()
        assert print_document(desk.bench.store.committed.lines) == NET


async def test_without_a_limit_there_is_no_worst_layer() -> None:
    async with opened(NET) as desk:
        await desk.press("t", "ctrl+g")
        await desk.settle()
        assert "give a limit first" in desk.text()


async def test_space_goes_through_the_devices_from_none_on_and_back_to_none() -> None:
    async with opened() as desk:
        await desk.press("t")
        await desk.settle()
        seen = []
        for _ in range(len(devices()) + 1):
            await desk.press("space")
            field = desk.app.screen.focused
            assert isinstance(field, Input)
            seen.append(field.value)
        assert seen == [*devices(), ""]
