"""Undo, redo and history bring the cursor to what they change, and leave it where they change nothing to be seen."""

from __future__ import annotations

import pytest
from textual.widgets import TextArea

from tests.ui.screen import opened

# From the line at place 3: the keys of a change, the cursor after it, after undo, and after redo.
STEPS = {
    "a number": (("plus",), 3, 3, 3),
    "a line deleted": (("d",), 3, 3, 3),
    "a line moved up": (("K",), 2, 2, 2),
    "a name": (("r", *"foo", "enter"), 3, 3, 3),
    # A line of its own, "let ...", goes above all: it is not in the list.
    "a number made a symbol": (("L", "enter"), 3, 3, 3),
    "a symbol bound": (("b", *"12", "enter"), 3, 3, 3),
    "a setting": (("comma", "down", "down", "down", "space", "enter"), 3, 3, 3),
    "a budget": (("t", "down", *"100k", "enter"), 3, 3, 3),
    "a range made a factor": (("V", "down", "down", "L", "enter"), 3, 3, 3),
    "a line below": (("a", *"relu", "enter", "escape"), 4, 4, 4),
    "lines pasted": (("y", "p"), 4, 4, 4),
}


@pytest.mark.parametrize("name", STEPS)
async def test_the_cursor_through_undo_and_redo(name: str) -> None:
    keys, after, undone, redone = STEPS[name]
    async with opened() as desk:
        await desk.press("down", "down")
        await desk.press(*keys)
        await desk.settle()
        seen = [desk.cursor]
        for key in ("u", "U"):
            await desk.press(key)
            await desk.settle()
            seen.append(desk.cursor)
        assert seen == [after, undone, redone]


async def test_undo_leads_to_the_change_from_afar_and_history_too() -> None:
    async with opened() as desk:
        await desk.press("down", "down", "plus", "end")
        await desk.press("u")
        await desk.settle()
        assert desk.cursor == 3
        await desk.press("end", "H", "up", "enter")
        await desk.settle()
        assert (desk.codes[3], desk.cursor) == ("conv 41 3x3", 3)


async def test_the_text_of_the_whole_leads_to_its_first_change() -> None:
    async with opened("input 8x8x3\nrelu\nconv 4 3x3\nflatten\n") as desk:
        await desk.press("end", "e")
        await desk.settle()
        area = desk.app.screen.query_one(TextArea)
        area.text = "input 8x8x3\nrelu\nconv 5 3x3\nflatten\n"
        await desk.press("ctrl+s")
        await desk.settle()
        assert (desk.codes[2], desk.cursor) == ("conv 5 3x3", 2)
        await desk.press("home", "u")
        await desk.settle()
        assert (desk.codes[2], desk.cursor) == ("conv 4 3x3", 2)
