"""Variants on the screen: kept, compared, gone to, taken back, written; by the keys that a user presses."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from textual.widgets import Input

from tests.samples import WORKED
from tests.ui.screen import Desk, opened
from tui.cli import main
from tui.core.snapshot import Snapshot
from tui.formats.document import print_document
from tui.ui.comparing import LETTERS, QUICK
from tui.ui.dialogs.compare import Compared
from tui.ui.filing import Document

LENET = "input 28x28x1\nconv 6 5x5 padding=2\navgpool 2\nconv 16 5x5\nflatten\ndense 10\n"


def dialog(desk: Desk) -> Compared:
    screen = desk.app.screen
    assert isinstance(screen, Compared)
    return screen


def listed(desk: Desk) -> list[str]:
    """The lines of the list of pairs, without its header."""
    x, y, width, height = dialog(desk).pairs.region
    return [line[x : x + width].rstrip() for line in desk.lines()[y + 1 : y + height] if line[x : x + width].strip()]


def marked(desk: Desk) -> list[str]:
    (line,) = [line for line in listed(desk) if line.startswith(">")]
    return line.split()


async def press(desk: Desk, *keys: str) -> None:
    for key in keys:
        await desk.press(key)
        await desk.settle()


async def until(desk: Desk, dialog: str) -> None:
    """Wait for a screen that long work brings up."""
    for _ in range(600):
        if desk.dialog == dialog:
            return
        await desk.pilot.pause(0.05)
    raise AssertionError(f"{dialog} did not appear")


def said(desk: Desk) -> str:
    return desk.line("message")


async def test_a_variant_outlives_edits_and_undo_and_another_document() -> None:
    async with opened(LENET) as desk:
        await press(desk, "m")
        # 156 + 2,416 and 1,600*10 + 10 for the dense layer behind 10x10x16
        assert said(desk).startswith(" kept as A (c compares): params 18,582 |")
        await press(desk, "plus", "u", "U")
        desk.bench.open_lines([], Document("other"))
        await desk.settle()
        (variant,) = desk.bench.kept
        assert (variant.key, variant.name) == ("A", "worked-example")
        assert print_document(variant.snapshot.lines) == LENET


async def test_the_same_state_is_kept_once_and_letters_run_out() -> None:
    async with opened(LENET, size=(120, 24)) as desk:
        await press(desk, "m", "m")
        assert "kept as A already" in said(desk)
        for _ in LETTERS[1:]:
            await press(desk, "plus", "m")
        assert [variant.key for variant in desk.bench.kept] == list(LETTERS)
        await press(desk, "plus", "m")
        assert "9 variants are kept" in said(desk)
        assert len(desk.bench.kept) == len(LETTERS)
        await press(desk, "c", "delete")
        assert [variant.key for variant in desk.bench.kept] == list(LETTERS[:-1])
        await press(desk, "escape", "m")
        assert desk.bench.kept[-1].key == "I"


async def test_an_empty_list_has_nothing_to_keep() -> None:
    async with opened("") as desk:
        await press(desk, "m")
        assert "there is nothing to keep" in said(desk)
        assert desk.bench.kept == ()


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 40), (200, 50)])
async def test_totals_first_then_both_sides_with_signs(size: tuple[int, int]) -> None:
    async with opened(LENET, size=size) as desk:
        await press(desk, "m", "plus", "c")
        shown = desk.lines()
        totals = next(line for line in shown if "params" in line or "parameters" in line)
        # 7*25 + 7 = 182 for 156 and 5*5*7*16 + 16 = 2,816 for 2,416: 426 more than 18,582
        assert [word for word in totals.split() if word[0] in "+1"][:3] == ["18,582", "19,008", "+426"]
        rows = listed(desk)
        assert rows[0].startswith(">=")
        assert rows[1].startswith(" ~")
        assert rows[1].split()[1] == "1"
        assert "+26" in rows[1]
        assert ("conv 6 5x5" in rows[1] and "conv 7 5x5" in rows[1]) if size[0] >= 120 else "6 -> 7" in rows[1]
        assert rows[2].startswith(" :")
        assert "[A]" in shown[1]
        for line in shown:
            assert len(line.rstrip()) <= size[0]


async def test_from_difference_to_difference() -> None:
    async with opened(LENET) as desk:
        await press(desk, "m", "plus", "end", "plus", "c", "n")
        assert marked(desk)[0] == ">~"
        assert marked(desk)[1] == "1"
        await press(desk, "n")
        assert marked(desk)[1] == "5"
        await press(desk, "n")
        assert marked(desk)[1] == "1"
        await press(desk, "N")
        assert marked(desk)[1] == "5"
        await press(desk, "p")
        assert marked(desk)[1] == "1"
        # The second way of n on a Korean keyboard.
        await press(desk, "ㅜ")
        assert marked(desk)[1] == "5"


async def test_columns_and_details() -> None:
    async with opened(LENET) as desk:
        await press(desk, "m", "plus", "c", "n", "right")
        # 5*5*6*28*28 and 5*5*7*28*28
        assert "117,600" in marked(desk)
        assert "137,200" in marked(desk)
        await press(desk, "right", "right")
        assert marked(desk)[-2:] == ["5", "5"]
        await press(desk, "left", "left", "left", "left")
        assert marked(desk)[-3:] == ["28x28x6", "28x28x7", "0x0x+1"]
        assert "out 28x28x6 -> 28x28x7 (0x0x+1 +16.7%)" in desk.flat()
        assert "params 156 -> 182 (+26 +16.7%)" in desk.flat()
        await press(desk, "home")
        assert "A #0, now #0: input 28x28x1" in desk.flat()


async def test_only_the_differences() -> None:
    async with opened(LENET) as desk:
        await press(desk, "m", "end", "plus", "c", "d")
        (row,) = listed(desk)
        assert row.startswith(">~")
        await press(desk, "d")
        assert len(listed(desk)) == 6
        assert marked(desk)[1] == "5"
    async with opened(LENET) as desk:
        await press(desk, "m", "plus", "m", "u", "c", "tab", "d", "n")
        assert "no layer differs" in desk.text()


async def test_enter_goes_to_the_layer() -> None:
    async with opened(LENET) as desk:
        await press(desk, "m", "end", "plus", "home", "c", "n", "enter")
        assert len(desk.app.screen_stack) == 1
        assert desk.cursor == 5
        # A layer that is gone: to where it stood.
        await press(desk, "home", "down", "down", "d", "c", "home", "down", "down")
        assert marked(desk)[0] == ">-"
        await press(desk, "enter")
        assert desk.cursor == 1
        assert "only A has that layer" in said(desk)


async def test_tab_switches_the_variant() -> None:
    async with opened(LENET) as desk:
        await press(desk, "m", "plus", "m", "plus", "c")
        assert "[B]" in desk.text()
        assert "6 -> 8" not in listed(desk)[1]
        assert "7 -> 8" in listed(desk)[1]
        await press(desk, "tab")
        assert "[A]" in desk.text()
        assert "6 -> 8" in listed(desk)[1]
        await press(desk, "shift+tab")
        assert "7 -> 8" in listed(desk)[1]
        await press(desk, "escape")
        assert len(desk.app.screen_stack) == 1


async def test_a_lone_variant_says_how_to_get_more() -> None:
    async with opened(LENET) as desk:
        await press(desk, "m", "plus", "c", "tab")
        assert "this is the only variant" in desk.flat()


async def test_restoring_is_one_step_that_can_be_undone() -> None:
    async with opened(LENET) as desk:
        await press(desk, "m", "plus", "end", "d", "home", "down", "d")
        changed = desk.codes
        steps = desk.bench.store.at
        await press(desk, "c", "o")
        assert print_document(desk.bench.store.committed.lines) == LENET
        assert "restore A" in said(desk)
        assert desk.bench.store.at == steps + 1
        await press(desk, "u")
        assert desk.codes == changed
        await press(desk, "U", "c")
        # What is here is A: there is nothing to see, so another is asked for.
        assert desk.dialog == "CompareWith"
        await press(desk, "enter", "o")
        assert "nothing to restore" in said(desk)


async def test_the_comparison_is_written_to_a_file(tmp_path: Path) -> None:
    async with opened(LENET) as desk:
        await press(desk, "m", "plus", "c")
        for key, name, begins in (
            ("s", "out", "# A: worked-example and worked-example now"),
            ("x", "out.csv", "change,"),
        ):
            await press(desk, key)
            assert desk.dialog == "SaveFile"
            field = desk.app.screen.query_one(Input)
            field.value = str(tmp_path / name)
            await desk.settle()
            await press(desk, "enter")
            assert desk.dialog == "Compared"
            assert "wrote" in desk.flat()
            path = tmp_path / (name if "." in name else f"{name}.md")
            assert path.read_text().startswith(begins)
        assert "156 -\\> 182 (+26, +16.7%)" in (tmp_path / "out.md").read_text()


async def test_with_nothing_kept_it_is_chosen() -> None:
    async with opened(LENET) as desk:
        await press(desk, "plus", "c")
        assert desk.dialog == "CompareWith"
        assert "Steps of the history" in desk.text()
        await press(desk, "down", "enter")
        assert "step 0" in desk.text()
        assert "6 -> 7" in listed(desk)[1]
        await press(desk, "escape")
        assert len(desk.app.screen_stack) == 1


async def test_with_a_preset_the_numbers_are_those_of_the_command_line(tmp_path: Path) -> None:
    path = tmp_path / "net.layers"
    path.write_text(WORKED.replace("bias=false", "bias=true"))
    printed = CliRunner().invoke(main, ["compare", "worked-example", str(path), "--json"]).stdout
    record = json.loads(printed)
    async with opened(path.read_text(), size=(120, 40)) as desk:
        await press(desk, "c", "down", "enter")
        assert desk.dialog == "Compared"
        (line,) = [line for line in desk.lines() if "parameters" in line]
        # 48,320 + 160*n, and 20 + 40 + 60 + 80 + n biases
        assert "48,320 + 160*n" in line
        assert "48,520 + 161*n" in line
        assert "+200 + n" in line
        assert record["totals"]["params"]["delta"] == "200 + n"
        assert "bias: false -> true" in desk.text()
        for layer, row in zip(record["layers"], listed(desk), strict=True):
            assert ("=" if layer["change"] == "same" else ":") in row[:2]
            values = row.split()
            if isinstance(layer["delta"]["params"], int) and layer["delta"]["params"]:
                assert f"{layer['delta']['params']:+,}" in values
                assert f"{layer['a']['params']:,}" in values


async def test_with_a_file(tmp_path: Path) -> None:
    path = tmp_path / "small.layers"
    path.write_text(LENET.replace("conv 6 5x5", "conv 6 3x3"))
    async with opened(LENET) as desk:
        await press(desk, "c")
        assert desk.app.screen.query_one("PickList").marked == "file"
        await press(desk, "enter")
        assert desk.dialog == "CompareFile"
        desk.app.screen.query_one(Input).value = str(path)
        await desk.settle()
        await press(desk, "enter")
        await until(desk, "Compared")
        assert "small.layers" in desk.text()
        assert "3x3 -> 5x5" in listed(desk)[1]
        await press(desk, "delete")
        assert "only what was kept" in desk.flat()
        await press(desk, "c", "escape")
        assert desk.dialog == "Compared"  # nothing else was chosen: it is the same again
        await press(desk, "o")
        assert desk.codes[1] == "conv 6 3x3 padding=2"


async def test_ten_thousand_layers_are_compared_beside_the_screen() -> None:
    text = "input 8x8x4\n" + "conv 4 3x3 padding=same\nrelu\n" * 5_000
    async with opened(text) as desk:
        await press(desk, "m", "plus", "c")
        await until(desk, "Compared")
        await desk.settle()
        assert len(dialog(desk).comparison.pairs) == 10_001
        drawn: list[int] = []
        plain = dialog(desk).pairs.draw_row
        dialog(desk).pairs.draw_row = lambda index: drawn.append(index) or plain(index)
        await press(desk, "end")
        assert marked(desk)[1] == "10000"
        assert len(drawn) < 60
        await press(desk, "n")
        assert marked(desk)[1] == "1"


async def test_names_and_lines_are_data() -> None:
    text = "input 8\ndense [bold]x[/]\ndense 4\n"
    async with opened(text, document=Document("[bold]net[/]"), size=(120, 40)) as desk:
        await press(desk, "m", "end", "d", "c", "n")
        assert "[bold]net[/] -> [bold]net[/] now" in desk.flat()
        assert "dense [bold]x[/]" in listed(desk)[1]


async def test_errors_are_said_for_their_side() -> None:
    async with opened(LENET) as desk:
        await press(desk, "m", "down", "down", "enter")
        await desk.fill("conv 16 50x50")
        await press(desk, "enter", "c", "n")
        assert "now: ! kernel 50x50 does not fit 14x14" in desk.flat()


async def test_two_empty_networks() -> None:
    async with opened("input 8\n") as desk:
        await press(desk, "m", "home", "d", "c")
        assert desk.dialog == "Compared"
        assert listed(desk)[0].startswith(">-")
        await press(desk, "enter")
        assert "no layer to go to" in desk.flat()


async def test_a_long_comparison_can_be_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    def endless(a: Snapshot, b: Snapshot, watch: Callable[[int, int], None]) -> None:
        for step in range(1_000):  # seconds, should nobody stop it
            watch(step, 1_000_000)
            time.sleep(0.005)

    monkeypatch.setattr("tui.core.compare.compare", endless)
    async with opened("input 8\n" + "relu\n" * QUICK) as desk:
        await press(desk, "m", "d", "c")
        await until(desk, "Working")
        await desk.settle()
        assert "Comparing with A" in desk.text()
        await press(desk, "escape")
        await until(desk, "Workbench")
        assert "stopped" in said(desk)
        assert len(desk.bench.kept) == 1
