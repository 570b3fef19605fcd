"""The screen at the sizes that terminals have, and while they change."""

from __future__ import annotations

import pytest
from rich.cells import cell_len

from tests.ui.screen import MACS, PARAMS, Desk, opened

# Of each layer of the worked example: its line, its output and its parameters.
ROWS = (
    ("0 input 39x31x1", "39x31x1", "0"),
    ("1 conv 20 4x4", "36x28x20", "320"),
    ("2 maxpool 2", "18x14x20", "0"),
    ("3 conv 40 3x3", "16x12x40", "7,200"),
    ("4 maxpool 2", "8x6x40", "0"),
    ("5 conv 60 3x3", "6x4x60", "21,600"),
    ("6 maxpool 2", "3x2x60", "0"),
    ("7 conv 80 2x2", "2x1x80", "19,200"),
    ("8 flatten", "160", "0"),
    ("9 dense n", "n", "160*n"),
)


def assert_all_rows(desk: Desk) -> None:
    layers, results = desk.pane("layers")[1:], desk.pane("results")[1:]
    for place, (line, out, params) in enumerate(ROWS):
        assert line in layers[place]
        assert results[place].split()[:2] == [out, params]


def assert_frame(desk: Desk, size: tuple[int, int]) -> None:
    """Every line is as wide as the terminal, and there are as many as it has."""
    assert {cell_len(line) for line in desk.lines()} == {size[0]}
    assert len(desk.lines()) == size[1]


async def test_80x24_shows_the_worked_example_whole() -> None:
    async with opened() as desk:
        assert_frame(desk, (80, 24))
        assert_all_rows(desk)
        assert desk.line("totals") == f" TOTAL  params {PARAMS} | MACs {MACS} | FLOPs 4,523,520 + 320*n"
        assert desk.line("symbols").startswith(" n = ?  (b binds)")
        # (36*28*20 + 18*14*20) * 4 bytes are more than what any other layer reads and writes.
        assert "peak max(100,800, 4*n + 640) B" in desk.line("symbols")
        assert desk.line("symbols").endswith("weights 193,280 + 640*n B")
        assert desk.line("title") == " worked-example                 NHWC  no bias  float32  counts as keras  undo 0"
        assert "H' = floor((H - kH)/s) + 1 = floor((39 - 4)/1) + 1 = 36" in desk.pane("working")[0]
        assert "W' = floor((W - kW)/s) + 1 = floor((31 - 4)/1) + 1 = 28" in desk.pane("working")[1]
        assert "4*4*1*20 = 320" in desk.pane("working")[2]
        assert desk.line("hint") == (" Enter Edit  a Add  d Del  u Undo  b Bind  ? Keys                   ^p Commands")
        assert "…" not in desk.text()
        for _ in range(9):
            await desk.press("down")
            await desk.settle()
            assert "…" not in "\n".join(desk.pane("working"))


async def test_60x20_is_usable() -> None:
    async with opened(size=(60, 20)) as desk:
        assert_frame(desk, (60, 20))
        assert desk.line("totals") == f" TOTAL  params {PARAMS} | MACs {MACS}"
        assert desk.line("hint").endswith("^p Commands")
        for place, (line, out, params) in enumerate(ROWS):
            await desk.press("home", *["down"] * place)
            await desk.settle()
            top = int(desk.bench.layer_list.scroll_offset.y)
            assert line in desk.pane("layers")[1 + place - top]
            assert desk.row(place).split()[:2] == [out, params]
        await desk.press("home", "down", "enter")
        await desk.fill("conv 10 4x4")
        await desk.settle()
        assert desk.row(1).split()[:2] == ["36x28x10", "160"]
        await desk.press("enter")
        # 160 + 3*3*10*40 + 21,600 + 19,200
        assert "params 44,560 + 160*n" in desk.line("totals")
        await desk.press("3")
        await desk.settle()
        assert "4*4*1*10 = 160" in desk.text()


@pytest.mark.parametrize("size", [(40, 12), (30, 8), (20, 6), (10, 4), (1, 1)], ids=str)
async def test_small_terminals_do_not_crash(size: tuple[int, int]) -> None:
    async with opened(size=size) as desk:
        for key in (
            "down",
            "2",
            "right",
            "3",
            "1",
            "z",
            "z",
            "enter",
            "x",
            "tab",
            "escape",
            "a",
            "escape",
            "end",
            "question_mark",
        ):
            await desk.press(key)
        await desk.press("escape")
        await desk.settle()
        assert_frame(desk, size)
        assert desk.codes == [line.split(" ", 1)[1] for line, _, _ in ROWS]


async def test_40x12_shows_a_pane_at_a_time_and_whole_totals() -> None:
    async with opened(size=(40, 12)) as desk:
        assert "1 conv 20 4x4" in desk.text()
        assert desk.line("totals") == f" TOTAL  params {PARAMS}"
        await desk.press("2")
        await desk.settle()
        assert "36x28x20" in desk.text()
        assert "1 conv 20 4x4" not in desk.text()
        await desk.press("1")
        await desk.settle()
        assert "1 conv 20 4x4" in desk.text()


@pytest.mark.parametrize("size", [(120, 40), (200, 50)], ids=str)
async def test_large_terminals_show_more(size: tuple[int, int]) -> None:
    async with opened(size=size) as desk:
        assert_frame(desk, size)
        assert_all_rows(desk)
        assert "weight B" in desk.pane("results")[0]
        assert "element-wise 29,280" in desk.line("totals")
        # What 80x24 has no room for: where the layer's input comes from.
        assert "reads 39x31x1 from #0 input 39x31x1" in "\n".join(desk.pane("working"))
        assert "…" not in desk.text()


async def test_a_message_that_is_too_long_says_so() -> None:
    async with opened(size=(60, 20), first_time=True) as desk:
        assert desk.line("message").startswith(" tip 1/4: ")
        assert desk.line("message").endswith("…")


async def test_a_line_that_the_scrollbar_would_cover_says_so() -> None:
    # 22 cells of the 27 in the pane: 6 are the gutter's, and 1 the scrollbar's.
    line = "conv 200 3x3 dilation=2"
    async with opened("input 64x64x4\n" + f"{line} padding=same\n" * 20) as desk:
        assert desk.pane("layers")[2].endswith("…")
    exact = "dense " + "n" * 14
    async with opened("input 64\n" + f"{exact}\n" * 20) as desk:
        assert desk.bench.layer_list.room == 26
        assert desk.pane("layers")[2].endswith(exact)
    async with opened("input 64\n" + f"{exact}n\n" * 20) as desk:
        assert desk.pane("layers")[2].endswith("…")


async def test_zoom_is_one_pane_alone_and_back() -> None:
    async with opened() as desk:
        for key, name, others in (
            ("1", "layers", ("results", "working")),
            ("2", "results", ("layers", "working")),
            ("3", "working", ("layers", "results")),
        ):
            await desk.press(key, "z")
            await desk.settle()
            assert desk.bench.query_one(f"#{name}").region.width == 80
            assert all(desk.bench.query_one(f"#{other}").region.area == 0 for other in others)
            assert desk.focus == name
            # The numbers of the panes go on choosing one, and Esc brings all back.
            await desk.press("escape")
            await desk.settle()
            assert all(desk.bench.query_one(f"#{other}").region.area for other in (name, *others))
        await desk.press("1", "z", "2")
        await desk.settle()
        assert desk.bench.results.region.width == 80
        assert desk.bench.layer_list.region.area == 0


async def test_zoomed_results_show_more_columns() -> None:
    async with opened() as desk:
        assert "weight B" not in desk.pane("results")[0]
        await desk.press("2", "z")
        await desk.settle()
        assert "weight B" in desk.pane("results")[0]
        await desk.press("z")
        await desk.settle()
        assert "weight B" not in desk.pane("results")[0]


async def test_resizing_while_a_line_is_edited() -> None:
    async with opened() as desk:
        await desk.press("end", "enter")
        await desk.fill("dense 7")
        for size in ((120, 40), (60, 20), (40, 12), (200, 50), (80, 24)):
            await desk.pilot.resize_terminal(*size)
            await desk.settle()
            await desk.settle()
            assert desk.editor == "dense 7"
            # The editor lies over the row that it edits.
            layers = desk.bench.layer_list
            place = layers.content_region.y + 1 + desk.cursor - int(layers.scroll_offset.y)
            assert desk.bench.editor.region.y == place
            assert desk.lines()[place][desk.bench.editor.region.x :].startswith("dense 7")
        await desk.press("enter")
        await desk.settle()
        assert desk.codes[-1] == "dense 7"
        assert_frame(desk, (80, 24))
        # 160*7 = 1,120 more than 48,320
        assert "params 49,440 " in desk.line("totals")


async def test_resizing_keeps_the_cursor_in_view_in_both_panes() -> None:
    async with opened() as desk:
        await desk.press("end")
        for size in ((60, 20), (80, 12), (200, 50), (80, 24)):
            await desk.pilot.resize_terminal(*size)
            await desk.settle()
            await desk.settle()
            assert "9 dense n" in "\n".join(desk.pane("layers"))
            assert any(line.split()[:2] == ["n", "160*n"] for line in desk.pane("results"))


async def test_the_drawer_of_the_working_leaves_room_for_the_list_in_a_narrow_terminal() -> None:
    async with opened(size=(60, 20)) as desk:
        for place in (1, 9, 5):
            await desk.press("1", "home", *["down"] * place, "3")
            await desk.settle()
            shown = desk.pane("layers")[1:]
            assert len(shown) >= 3
            assert any(ROWS[place][0] in line for line in shown)
            assert len(desk.pane("working")) >= 6
        await desk.press("2")
        await desk.settle()
        assert desk.pane("results")[0].split()[:2] == ["out", "params"]


@pytest.mark.parametrize("size", [(20, 5), (40, 7), (80, 6)], ids=str)
async def test_a_few_lines_still_show_the_pane_with_the_focus(size: tuple[int, int]) -> None:
    async with opened(size=size) as desk:
        assert_frame(desk, size)
        await desk.press("down", "down")
        await desk.settle()
        assert any(line.startswith(">") and "conv 40" in line for line in desk.pane("layers")[1:])
        await desk.press("2")
        await desk.settle()
        assert "16x12x40" in "\n".join(desk.pane("results")[1:])
        await desk.press("3")
        await desk.settle()
        assert "H' =" in desk.pane("working")[0]
        await desk.press("1")
        await desk.settle()
        assert_frame(desk, size)


async def test_an_error_that_the_line_does_not_hold_gets_a_second_one() -> None:
    async with opened(size=(60, 20)) as desk:
        desk.bench.say("one two three four five six seven eight nine ten eleven twelve thirteen", error=True)
        await desk.settle()
        assert [line.strip() for line in desk.pane("message")] == [
            "! one two three four five six seven eight nine ten eleven",
            "twelve thirteen",
        ]
        assert_frame(desk, (60, 20))
        desk.bench.say("short", error=True)
        await desk.settle()
        assert [line.strip() for line in desk.pane("message")] == ["! short"]
        assert_frame(desk, (60, 20))


@pytest.mark.parametrize("key", ["question_mark", "X", "b", "S", "w", "t", "ctrl+n", "x", "H", "c", "P", "C", "e", "I"])
async def test_a_dialog_stays_usable_while_the_terminal_changes(key: str) -> None:
    async with opened(size=(80, 24)) as desk:
        await desk.press(key)
        await desk.settle()
        name = desk.dialog
        assert name != "Workbench"
        before, focus = desk.lines()[0], desk.focus
        for size in ((60, 20), (20, 5), (200, 50), (80, 24)):
            await desk.pilot.resize_terminal(*size)
            await desk.settle()
            assert desk.dialog == name
            assert_frame(desk, size)
        assert (desk.lines()[0], desk.focus) == (before, focus)
        await desk.press("escape")
        await desk.settle()
        assert desk.dialog == "Workbench"
        assert_all_rows(desk)
