"""Folding and following branches on the screen, with real keys."""

from tests.ui.screen import opened
from tui.core.snapshot import Snapshot
from tui.formats.document import parse_document
from tui.ui.gutter import ASCII, LINES, Gutter

# Two skips that overlap: row 1 to row 6, row 3 to row 5.
SKIPS = """\
input 8x8x4
enc1: conv 4 3x3 padding=same
relu
enc2: conv 4 3x3 padding=same
relu
add @enc2
add @enc1
"""
STAGES = """\
input 8x8x4
s1.a: conv 4 3x3 padding=same
s1.b: conv 4 3x3 padding=same
s2.a: conv 4 3x3 padding=same
s2.b: conv 4 3x3 padding=same
repeat 2 tail
    conv 4 1x1
dense 2
"""


def lanes(text: str) -> list[str]:
    snapshot = Snapshot.of(parse_document(text))
    gutter = Gutter(snapshot, snapshot.shown)
    return [gutter.text(index, LINES) for index in range(len(snapshot.shown))]


def test_each_branch_has_a_lane_from_its_source_to_its_reader() -> None:
    assert lanes(SKIPS) == ["  ", "╭ ", "│ ", "│╭", "││", "│╰", "╰ "]


def test_a_chain_has_no_gutter_and_ascii_is_readable() -> None:
    assert lanes("input 4\ndense 3\ndense 2\n") == ["", "", ""]
    snapshot = Snapshot.of(parse_document(SKIPS))
    gutter = Gutter(snapshot, snapshot.shown)
    assert [gutter.text(i, ASCII) for i in (1, 2, 6)] == ["/ ", "| ", "\\ "]


async def test_folding_shows_subtotals_and_totals_stay() -> None:
    async with opened(STAGES, (100, 30)) as desk:
        before = desk.line("totals")
        await desk.press("F")
        await desk.settle()
        shown = desk.text()
        assert "+ s1  (2 layers)" in shown
        assert "+ repeat 2 tail  (1 layer)" in shown
        # Two convolutions of 3*3*4*4 + 4 = 148 each; two copies of 4*4 + 4 = 20.
        assert " 296 " in desk.row(1)
        assert " 40 " in desk.row(3)
        assert desk.line("totals") == before
        await desk.press("F")
        assert len(desk.bench.view.shown) == 8


async def test_search_opens_what_it_finds_and_one_key_unfolds() -> None:
    async with opened(STAGES, (100, 30)) as desk:
        await desk.press("F", "slash", *"s2.b", "enter")
        await desk.settle()
        assert desk.bench.view.folds == {"s1 1", "repeat tail 1"}
        assert desk.bench.view.line(desk.cursor).name == "s2.b"
        await desk.press("up", "up", "f")
        assert desk.bench.view.folds == {"repeat tail 1"}


async def test_deleting_a_folded_group_deletes_all_of_it() -> None:
    async with opened(STAGES, (100, 30)) as desk:
        await desk.press("f", "d")
        await desk.settle()
        assert [line.name for line in desk.bench.store.snapshot.lines if line.name] == ["s2.a", "s2.b"]
        await desk.press("u")
        assert desk.bench.store.snapshot.totals.params == 4 * 148 + 40 + 10


async def test_jumping_goes_round_all_readers() -> None:
    async with opened(SKIPS, (100, 30)) as desk:
        places = []
        for _ in range(3):
            await desk.press("right_curly_bracket")
            await desk.settle()
            places.append(desk.cursor)
        # enc1 is read by the relu below it and by the last add.
        assert places == [2, 6, 2]
        await desk.press("end", "left_curly_bracket", "left_curly_bracket")
        await desk.settle()
        assert desk.cursor == 1


async def test_a_folded_block_stays_folded_when_its_count_is_stepped() -> None:
    async with opened(STAGES, (100, 30)) as desk:
        await desk.press("F", "end", "up", "plus")
        await desk.settle()
        assert "+ repeat 3 tail  (1 layer)" in desk.text()
        assert " 60 " in desk.row(3)  # three copies of 4*4 + 4
        await desk.press("plus")
        await desk.settle()
        assert "+ repeat 4 tail  (1 layer)" in desk.text()


async def test_of_two_blocks_with_one_head_one_folds() -> None:
    async with opened("input 4\nrepeat 2\n    relu\nrepeat 2\n    gelu\n", (100, 30)) as desk:
        await desk.press("f")
        await desk.settle()
        assert [desk.bench.view.line(i).code for i in range(4)] == ["input 4", "repeat 2", "repeat 2", "gelu"]


async def test_editing_a_folded_group_shows_the_line_that_is_edited() -> None:
    async with opened(STAGES, (100, 30)) as desk:
        await desk.press("F", "enter")
        await desk.settle()
        assert desk.editor == "s1.a: conv 4 3x3 padding=same"
        await desk.press("escape")
        assert [line.name for line in map(desk.bench.view.line, range(1, 4))] == ["s1.a", "s1.b", "s2.a"]
        await desk.press("down", "down", "plus")  # on s2, which is folded still
        await desk.settle()
        assert desk.bench.view.line(desk.cursor).code == "s2.a: conv 5 3x3 padding=same"
        assert desk.bench.view.folds == {"repeat tail 1"}


async def test_the_working_of_a_folded_group_is_its_sums() -> None:
    async with opened(STAGES, (100, 30)) as desk:
        await desk.press("F")
        await desk.settle()
        working = desk.text().split("3 Working")[1]
        assert "params = 148 + 148 = 296" in working
        assert "MACs = 9216 + 9216 = 18,432" in working
        assert "#1 =" not in working


async def test_a_folded_group_always_says_how_many_layers_it_hides() -> None:
    long = "a_very_long_name_of_a_group"
    async with opened(f"input 8x8x4\n{long}.a: relu\n{long}.b: relu\n{long}.c: relu\n") as desk:
        await desk.press("F")
        await desk.settle()
        # 28 cells of the pane, less its frame, the pointer, the mark and the number
        assert desk.pane("layers")[2].rstrip() == ">   1 + a_very_long_na… (3)"
        await desk.pilot.resize_terminal(120, 40)
        await desk.settle()
        assert f"+ {long} (3)" in desk.pane("layers")[2]
        await desk.press("z")
        await desk.settle()
        assert f"+ {long}  (3 layers)" in desk.pane("layers")[2]
