"""Keys on blocks: moves across their borders, deletions, counts, and lines that are added in them."""

from __future__ import annotations

from tests.ui.screen import Desk, opened

NET = "input 8\nrelu\nrepeat 2 b\n    x: dense 8\n    add @x\ntanh"


def lines(desk: Desk) -> list[str]:
    return [line.text for line in desk.bench.store.committed.lines if line.text]


async def test_a_line_goes_through_a_block_by_the_move_keys() -> None:
    async with opened(NET) as desk:
        await desk.press("home", "down", "J")
        assert lines(desk)[1:4] == ["repeat 2 b", "    relu", "    x: dense 8"]
        assert desk.cursor == 2
        await desk.press("J", "J", "J")
        assert lines(desk)[1:6] == ["repeat 2 b", "    x: dense 8", "    add @x", "relu", "tanh"]
        assert desk.cursor == 4
        await desk.press("K", "K", "K", "K")
        assert lines(desk) == NET.split("\n")


async def test_a_range_stays_marked_when_it_only_leaves_its_block() -> None:
    async with opened(NET) as desk:
        await desk.press("home", "down", "down", "down", "shift+down", "J")
        assert lines(desk)[3:] == ["x: dense 8", "add @x", "tanh"]
        assert (desk.bench.view.anchor, desk.cursor) == (3, 4)


async def test_an_open_head_goes_alone_and_a_folded_one_with_its_block() -> None:
    async with opened(NET) as desk:
        await desk.press("home", "down", "down", "d")
        assert lines(desk) == ["input 8", "relu", "x: dense 8", "add @x", "tanh"]
        await desk.press("u")
        assert lines(desk) == NET.split("\n")
        await desk.press("f", "d")
        assert lines(desk) == ["input 8", "relu", "tanh"]


async def test_a_folded_block_is_copied_whole_and_pasted_beside_it() -> None:
    async with opened(NET) as desk:
        await desk.press("home", "down", "down", "f", "y", "p")
        assert lines(desk)[5:8] == ["repeat 2 b2", "    x2: dense 8", "    add @x2"]


async def test_the_number_keys_step_the_count() -> None:
    async with opened(NET) as desk:
        await desk.press("home", "down", "down", "plus")
        assert lines(desk)[2] == "repeat 3 b"
        await desk.press("minus", "minus", "minus")
        assert lines(desk)[2] == "repeat 1 b"
        await desk.settle()
        assert "at least once" in desk.line("message")


async def test_a_new_line_is_indented_as_its_place_is() -> None:
    async with opened(NET) as desk:
        await desk.press("home", "down", "down", "a", *"gelu", "enter", "escape")
        await desk.settle()
        assert lines(desk)[2:5] == ["repeat 2 b", "    gelu", "    x: dense 8"]
    async with opened(NET) as desk:
        await desk.press("end", "A", *"gelu", "enter", "escape")
        await desk.settle()
        assert lines(desk)[4:] == ["    add @x", "gelu", "tanh"]
    async with opened(NET) as desk:
        await desk.press("home", "down", "down", "f", "a", *"gelu", "enter", "escape")
        await desk.settle()
        assert lines(desk)[4:] == ["    add @x", "gelu", "tanh"]


async def test_lines_are_indented_into_a_block_and_out() -> None:
    async with opened(NET) as desk:
        await desk.press("end", "greater_than_sign")
        assert lines(desk)[5] == "    tanh"
        await desk.press("up", "less_than_sign")
        assert lines(desk)[3:] == ["    x: dense 8", "add @x", "tanh"]
        await desk.press("home", "less_than_sign")
        await desk.settle()
        assert "in no block" in desk.line("message")
