"""Every action of the table does what it says, by each of its keys and from the palette."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
from textual.command import CommandInput, CommandList, CommandPalette
from textual.widgets import Input

from tests.ui.screen import BROKEN, WORKED, Desk, opened
from tui.ui.actions import ACTIONS, BY_ID, JAMO, Action, bindings, groups


class Case(NamedTuple):
    """What to look at, what it has to be after the key, and the keys that lead to the start.

    Before the key it has to be something else: else the case would pass without the action.
    """

    look: Callable[[Desk], Any]
    after: Any
    first: tuple[str, ...] = ()
    text: str = WORKED


def top(count: int) -> Callable[[Desk], list[str]]:
    """The first lines of the list."""
    return lambda desk: desk.codes[:count]


def indents(desk: Desk) -> list[int]:
    """The indentation of the first lines."""
    return [line.indent for line in desk.bench.store.committed.lines[:3]]


def dialog(desk: Desk) -> str:
    return desk.dialog


def focus(desk: Desk) -> str | None:
    return desk.focus


def cursor(desk: Desk) -> int:
    return desk.cursor


def pick(desk: Desk) -> int:
    return desk.bench.view.pick


def span(desk: Desk) -> tuple[int | None, int]:
    return desk.bench.view.anchor, desk.cursor


def editing(desk: Desk) -> tuple[str | None, int]:
    return desk.editor, desk.cursor


def asking(desk: Desk) -> str | None:
    """What the field at the bottom asks for, None while it is closed."""
    return desk.bench.query_one("#find", Input).placeholder[:6] if desk.bench.has_class("-finding") else None


def clipboard(desk: Desk) -> str:
    return desk.app.clipboard.split("\n")[0]


# Places 1 and 2 are the group "a"; place 3 reads place 2, which is above it, and place 1 by name.
BRANCHED = "input 8x8x3\na.x: conv 4 3x3 padding=same\na.y: relu\nadd @a.x\nconv 2 1x1\n"


def rows(desk: Desk) -> list[int]:
    """The document rows that the list shows."""
    return list(desk.bench.view.shown)


FIND_POOL = ("slash", *"pool", "enter")  # the cursor goes to the first pooling layer, place 2

BLOCK = "input 8\nrepeat 2\nrelu\n"

# The cursor starts at place 1, "conv 20 4x4".
CASES = {
    "edit": Case(editing, ("conv 20 4x4", 1)),
    "add_below": Case(editing, ("", 2)),
    "add_above": Case(editing, ("", 1)),
    "delete": Case(top(2), ["input 39x31x1", "maxpool 2"]),
    "undo": Case(top(2), ["input 39x31x1", "conv 20 4x4"], ("d",)),
    "redo": Case(top(2), ["input 39x31x1", "maxpool 2"], ("d", "u")),
    "duplicate": Case(top(4), ["input 39x31x1", "conv 20 4x4", "conv 20 4x4", "maxpool 2"]),
    "move_up": Case(top(2), ["conv 20 4x4", "input 39x31x1"]),
    "move_down": Case(top(3), ["input 39x31x1", "maxpool 2", "conv 20 4x4"]),
    "indent": Case(indents, [0, 0, 4], ("down",), BLOCK),
    "outdent": Case(indents, [0, 0, 0], ("down",), BLOCK.replace("\nrelu", "\n    relu")),
    "skip": Case(top(2), ["input 39x31x1", "off conv 20 4x4"]),
    "form": Case(dialog, "LayerForm"),
    "kinds": Case(dialog, "AddLayer"),
    "copy": Case(clipboard, "conv 20 4x4"),
    "paste": Case(top(4), ["input 39x31x1", "conv 20 4x4", "conv 20 4x4", "maxpool 2"], ("y",)),
    "rename": Case(asking, "a name"),
    "range": Case(span, (1, 1)),
    "fix": Case(dialog, "Fixes", ("down", "down"), BROKEN),
    "as_text": Case(dialog, "WholeText"),
    "cursor_up": Case(cursor, 0),
    "cursor_down": Case(cursor, 2),
    "range_up": Case(span, (1, 0)),
    "range_down": Case(span, (1, 2)),
    "left": Case(pick, 0, ("right",)),
    "right": Case(pick, 1),
    "page_up": Case(cursor, 0, ("end",)),
    "page_down": Case(cursor, 9),
    "first": Case(cursor, 0, ("end",)),
    "last": Case(cursor, 9),
    "next_pane": Case(focus, "results"),
    "previous_pane": Case(focus, "working"),
    "pane_1": Case(focus, "layers", ("2",)),
    "pane_2": Case(focus, "results"),
    "pane_3": Case(focus, "working"),
    "find": Case(asking, "find i"),
    "find_next": Case(cursor, 4, FIND_POOL),
    "find_previous": Case(cursor, 6, FIND_POOL),
    "increase": Case(top(2), ["input 39x31x1", "conv 21 4x4"]),
    "decrease": Case(top(2), ["input 39x31x1", "conv 19 4x4"]),
    "double": Case(top(2), ["input 39x31x1", "conv 40 4x4"]),
    "halve": Case(top(2), ["input 39x31x1", "conv 10 4x4"]),
    "bind": Case(dialog, "BindSymbols"),
    "solve": Case(dialog, "Solve"),
    "make_variable": Case(asking, "a name"),
    "settings": Case(dialog, "NetworkSettings"),
    "sweep": Case(dialog, "SweepSymbols"),
    "budgets": Case(dialog, "Budgets"),
    "explain": Case(dialog, "Report"),
    "memory": Case(dialog, "Report"),
    "diagram": Case(dialog, "DiagramView"),
    "charts": Case(dialog, "Charts"),
    "practice": Case(dialog, "PracticeStart"),
    "fold": Case(rows, [0, 1, 3, 4], (), BRANCHED),
    "fold_all": Case(rows, [0, 1, 3, 4], (), BRANCHED),
    "fold_alike": Case(rows, [0, 1, 3, 4], (), BRANCHED),
    "to_source": Case(cursor, 2, ("down", "down"), BRANCHED),
    "to_reader": Case(cursor, 2, (), BRANCHED),
    "zoom": Case(lambda desk: desk.bench.results.region.area, 0),
    "keep_variant": Case(lambda desk: "kept as A" in desk.line("message"), True),
    "compare": Case(dialog, "CompareWith"),
    "history": Case(dialog, "History"),
    # 8*8*4 = 256 three times, the input 8*8*3 = 192, and 8*8*2 = 128 elements
    "sort": Case(rows, [1, 2, 3, 0, 4], (), BRANCHED),
    "columns": Case(lambda desk: desk.bench.results.shown[1:3], ("trainable", "non_trainable")),
    "copy_table": Case(lambda desk: clipboard(desk)[:5], "| # |"),
    "save": Case(dialog, "SaveFile"),
    "save_as": Case(dialog, "SaveFile"),
    "open": Case(dialog, "OpenFile"),
    "import": Case(dialog, "ImportFile"),
    "import_report": Case(lambda desk: desk.line("message")[:19], " there is no report"),
    "export": Case(dialog, "ExportAs"),
    "presets": Case(dialog, "Presets"),
    "help": Case(dialog, "KeysHelp"),
    "palette": Case(dialog, "Palette"),
    "back": Case(focus, "layers", ("2",)),
    "quit": Case(dialog, "Confirm", ("d",)),
    "interrupt": Case(clipboard, "conv 20 4x4"),
}

# They make no sense as commands of a list that is itself open.
NOT_IN_PALETTE = {"palette", "interrupt", "back"}


def keys_of(action: Action) -> list[str]:
    """The keys as the terminal sends them, the letters also as a Korean input method does."""
    return [*action.keys, *(JAMO[key] for key in action.keys if key in JAMO)]


def palette_title(action: Action) -> str:
    return action.help[0].upper() + action.help[1:]


async def run_from_palette(desk: Desk, title: str) -> None:
    await desk.press("ctrl+p")
    palette = desk.app.screen
    assert isinstance(palette, CommandPalette)
    palette.query_one(CommandInput).value = title
    found = palette.query_one(CommandList)
    for _ in range(40):  # the search is a task of its own
        await desk.settle()
        if found.option_count and str(found.get_option_at_index(0).prompt).split("\n")[0] == title:
            break
    await desk.press("enter")
    await desk.settle()


def test_every_action_has_a_case() -> None:
    assert {action.id for action in ACTIONS} == set(CASES)


@pytest.mark.parametrize("name", CASES)
async def test_keys_and_palette(name: str) -> None:
    action, case = BY_ID[name], CASES[name]

    async def start(desk: Desk) -> None:
        await desk.reset(case.text)
        if case.first:
            await desk.press(*case.first)
        await desk.settle()
        assert case.look(desk) != case.after

    async with opened(case.text) as desk:
        for key in keys_of(action):
            await start(desk)
            await desk.press(key)
            await desk.settle()
            assert case.look(desk) == case.after, key
        if name not in NOT_IN_PALETTE:
            await start(desk)
            await run_from_palette(desk, palette_title(action))
            assert case.look(desk) == case.after, "palette"


async def test_palette_lists_every_action_with_its_keys() -> None:
    async with opened(size=(80, 260)) as desk:
        await desk.press("colon")
        await desk.pilot.pause(0.3)
        shown = desk.text()
        for action in ACTIONS:
            if action.id not in NOT_IN_PALETTE:
                assert palette_title(action) in shown
                assert f"{action.key_names()}  ({action.group})" in shown


async def test_enter_in_results_is_the_worked_solution() -> None:
    async with opened() as desk:
        await desk.press("2", "enter")
        await desk.settle()
        assert desk.dialog == "Report"
        # floor((39 - 4)/1) + 1 by hand
        assert "floor((39 - 4)/1) + 1 = 36" in desk.text()


async def test_copy_in_results_is_the_cell() -> None:
    async with opened() as desk:
        await desk.press("2", "right", "y")
        assert desk.app.clipboard == "320"


async def test_copy_of_a_row_without_numbers_is_what_it_says() -> None:
    async with opened(BROKEN) as desk:
        await desk.press("down", "down", "2", "y")
        # 18x14 arrive at the kernel of 40x40.
        assert desk.app.clipboard == "! kernel 40x40 does not fit 18x14"
        await desk.press("down", "y")
        assert desk.app.clipboard == "- needs #3"


async def test_ctrl_c_copies_and_says_how_and_names_the_way_out() -> None:
    async with opened() as desk:
        await desk.press("ctrl+c")
        assert desk.line("message").startswith(" copied 1 line (q or Ctrl+Q quits): sent to the terminal")
    async with opened("") as desk:
        await desk.press("ctrl+c")
        assert desk.app.clipboard == ""
        assert desk.line("message") == " there is nothing to copy here (q or Ctrl+Q quits)"


async def test_the_keys_of_a_list_scroll_the_working_when_it_has_the_focus() -> None:
    async with opened(size=(80, 24)) as desk:
        await desk.press("3")
        first = desk.pane("working")
        for down, up in (("pagedown", "pageup"), ("j", "k"), ("G", "g"), ("end", "home")):
            await desk.press(down)
            await desk.settle()
            assert desk.pane("working") != first, down
            await desk.press(up)
            await desk.settle()
            assert desk.pane("working") == first, up
        assert desk.cursor == 1


async def test_a_column_says_what_it_is_when_the_cursor_comes_to_it() -> None:
    async with opened() as desk:
        await desk.press("2", "right", "right")
        assert desk.line("message") == " MACs: multiply-accumulates; 1 MAC = 2 FLOPs"


# What does not arrive as itself in common terminals: the multiplexers' prefixes, keys that are other
# keys' codes (Ctrl+I is Tab), and what only some terminals tell apart.
SWALLOWED = {
    "ctrl+enter", "alt+enter", "shift+enter", "ctrl+h", "ctrl+i", "ctrl+m", "ctrl+j", "ctrl+slash", "ctrl+underscore",
    "f10", "f11", "ctrl+a", "ctrl+b", *(f"alt+{digit}" for digit in range(10)),
}  # fmt: skip
# Bound by editors that have a terminal inside them.
TAKEN_BY_EDITORS = {"ctrl+e", "ctrl+k", "ctrl+q", "f1", "f5", "f6"}


def test_no_action_hangs_on_a_key_that_terminals_swallow() -> None:
    for action in ACTIONS:
        assert not SWALLOWED & set(action.keys), action.id
        assert not any(key.startswith("ctrl+shift+") for key in action.keys), action.id
        assert set(action.keys) - TAKEN_BY_EDITORS, action.id


def test_no_key_has_two_meanings() -> None:
    keys = [key for binding in bindings() for key in binding.key.split(",")]
    assert len(keys) == len(set(keys))


def test_help_page_has_every_key() -> None:
    listed = [entry for _, entries in groups() for entry in entries]
    assert sorted(listed) == sorted((action.key_names(), action.help) for action in ACTIONS)


def test_keys_are_named_as_on_the_keyboard() -> None:
    assert BY_ID["halve"].key_names() == "["
    assert BY_ID["palette"].key_names() == "Ctrl+P, :"
    assert BY_ID["move_up"].key_names() == "K, Alt+Up"
    assert BY_ID["help"].key_names() == "?, F1"
