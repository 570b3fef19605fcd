"""Sorting the panes by a column."""

from __future__ import annotations

from tests.samples import WORKED
from tests.ui.screen import Desk, opened
from tui.core.snapshot import Snapshot
from tui.formats.document import parse_document
from tui.formats.sorting import Sorting, next_sorting, sorted_rows

FIRST = WORKED.splitlines().index("input 39x31x1")
# Parameters by hand: 320, 7,200, 21,600, 19,200 and 160*n, which counts as 160; the others have none.
BY_PARAMS = [5, 7, 3, 1, 9, 0, 2, 4, 6, 8]
# Elements: 1,209 20,160 5,040 7,680 1,920 1,440 360 160 160 n
BY_OUT = [1, 3, 2, 4, 5, 0, 6, 7, 8, 9]


def order(desk: Desk) -> list[int]:
    return [row - FIRST for row in desk.bench.view.shown]


def shown(desk: Desk) -> list[str]:
    """The first words of the list, as they stand on the screen."""
    return [line[6:].split()[0] for line in desk.pane("layers")[1:] if line[6:].strip()]


def test_the_key_goes_round() -> None:
    down = next_sorting(None, "params")
    assert down == Sorting("params", True)
    up = next_sorting(down, "params")
    assert up == Sorting("params", False)
    assert next_sorting(up, "params") is None
    assert next_sorting(down, "macs") == Sorting("macs", True)


def test_what_has_no_number_comes_last() -> None:
    snapshot = Snapshot.of(parse_document("input 8x8x4\nconv 2 3\ncnv 1\nrelu\n# note\ndense n\nrepeat 2\n  dense 9\n"))
    rows = sorted_rows(snapshot, snapshot.shown, {}, Sorting("out"))
    # Elements 256, 6*6*2 = 72; the relu needs the row above it, and all below need the relu
    assert list(rows) == [0, 1, 2, 3, 4, 5, 6, 7]
    # 2*9*4 + 2 = 74 parameters
    assert list(sorted_rows(snapshot, snapshot.shown, {}, Sorting("params", False)))[:2] == [0, 1]
    assert list(sorted_rows(snapshot, snapshot.shown, {}, Sorting("params")))[:2] == [1, 0]


def test_the_receptive_field_and_blocks() -> None:
    snapshot = Snapshot.of(parse_document("input 9x9x1\nconv 1 3\nrepeat 2\n  conv 1 3 padding=same\nconv 2 1\n"))
    # Fields 1, 3, 5 in the first copy, 7 after both; the head of the block is there by its layers
    assert list(sorted_rows(snapshot, snapshot.shown, {}, Sorting("field"))) == [4, 3, 1, 0, 2]


async def test_both_panes_show_the_order_and_the_title_says_it() -> None:
    async with opened() as desk:
        await desk.press("2", "right", "s")
        await desk.settle()
        assert order(desk) == BY_PARAMS
        assert shown(desk)[:4] == ["conv", "conv", "conv", "conv"]
        assert "21,600" in desk.row(0)
        assert "2 Results  by params, largest first (s)" in desk.text()
        # the cursor stays on its layer, conv 20 4x4
        assert desk.bench.view.row == FIRST + 1
        await desk.press("s")
        await desk.settle()
        assert order(desk)[-1] == 5
        assert "smallest first" in desk.text()
        await desk.press("s")
        await desk.settle()
        assert order(desk) == list(range(10))
        assert "smallest" not in desk.text()
        assert desk.bench.view.row == FIRST + 1


async def test_esc_goes_back_and_keeps_the_layer() -> None:
    async with opened() as desk:
        await desk.press("s", "g")
        await desk.settle()
        assert order(desk) == BY_OUT
        assert desk.bench.view.row == FIRST + 1
        await desk.press("down", "escape")
        await desk.settle()
        assert order(desk) == list(range(10))
        assert desk.bench.view.row == FIRST + 3  # conv 40 3x3 was second


async def test_an_edit_goes_back_to_layer_order_and_hits_the_layer_under_the_cursor() -> None:
    async with opened() as desk:
        await desk.press("s", "G")
        await desk.settle()
        assert desk.bench.view.row == FIRST + 9  # dense n is the smallest
        await desk.press("K")
        await desk.settle()
        assert desk.codes[-2:] == ["dense n", "flatten"]
        assert order(desk) == list(range(10))
        await desk.press("u", "s", "g", "d")
        await desk.settle()
        assert "conv 20 4x4" not in desk.codes
        assert len(desk.codes) == 9
        await desk.press("u", "s", "g", "enter")
        assert desk.editor == "conv 20 4x4"
        await desk.press("escape", "s", "g", "a", *"relu", "enter", "escape")
        await desk.settle()
        assert desk.codes[1:3] == ["conv 20 4x4", "relu"]


async def test_a_range_is_of_the_layers_in_their_order() -> None:
    async with opened() as desk:
        await desk.press("s", "g", "shift+down", "d")
        await desk.settle()
        # conv 20 4x4 and the pool below it, not the row that was shown below it
        assert desk.codes[:2] == ["input 39x31x1", "conv 40 3x3"]


async def test_folded_groups_go_by_their_sums() -> None:
    # dense: 8*4 + 4 = 36; the group: 4*4 + 4 and 4*5 + 5, 45 together
    text = "input 8\ndense 4\na.x: dense 4\na.y: dense 5\n"
    async with opened(text) as desk:
        await desk.press("down", "f", "2", "right", "s")
        await desk.settle()
        assert list(desk.bench.view.shown) == [2, 1, 0]
        assert "45" in desk.row(0)
        await desk.press("f")
        await desk.settle()
        assert list(desk.bench.view.shown) == [1, 3, 2, 0]


async def test_values_that_change_are_sorted_anew() -> None:
    async with opened("let n = 1\ninput 4\ndense n\ndense 3\n") as desk:
        await desk.press("2", "right", "s")
        await desk.settle()
        # 4 + 1 = 5 and 3 + 3 = 6
        assert desk.codes[0] == "input 4"
        assert [desk.bench.view.line(i).code for i in range(3)] == ["dense 3", "dense n", "input 4"]
        await desk.press("b")
        await desk.settle()
        await desk.fill("9")
        await desk.press("enter")
        await desk.settle()
        # 4*9 + 9 = 45 and 9*3 + 3 = 30
        assert [desk.bench.view.line(i).code for i in range(3)] == ["dense n", "dense 3", "input 4"]


async def test_branches_draw_no_lanes_between_sorted_rows() -> None:
    text = "input 8x8x3\nx: conv 4 3x3 padding=same\nrelu\nadd @x\n"
    async with opened(text) as desk:
        assert any("╭" in line or "/" in line for line in desk.pane("layers"))
        await desk.press("s")
        await desk.settle()
        assert not any("╭" in line or "/" in line for line in desk.pane("layers"))
