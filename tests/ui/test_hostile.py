"""Whatever is typed or opened: nothing raises, nothing is interpreted, and the numbers stay those of a fresh start."""

from __future__ import annotations

import asyncio
import tempfile
from contextlib import chdir
from typing import Any
from unicodedata import category

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from textual import events
from textual.keys import _character_to_key

from tests.ui.screen import WORKED, Desk, opened
from tui.core.snapshot import Snapshot
from tui.ui.actions import ACTIONS

SLOW = settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))

# A branch, a named layer, a symbol, a setting in the middle and a line that does not read.
MIXED = (
    WORKED.replace("conv 40 3x3", "stem: conv 40 3x3 padding=same\nrelu\nadd @stem")
    + "repeat 2 block\n  dense n\n  relu\nset bias=true\ndanse 10\nlet n = 4\n"
)


def answers(snapshot: Snapshot) -> list[Any]:
    """All that a snapshot shows: its rows, the receptive fields, and the totals."""
    rows = []
    for row in range(len(snapshot.lines)):
        result = snapshot.result(row)
        seen = None if result is None else (result.status, result.message, result.outputs, result.counts)
        rows.append(
            (snapshot.lines[row].text, seen, snapshot.field(row) if seen and result and result.outputs else None)
        )
    return [rows, snapshot.totals, snapshot.peak, dict(snapshot.symbols), list(snapshot.shown)]


def assert_as_from_the_start(desk: Desk) -> None:
    for snapshot in (desk.bench.store.committed, desk.bench.store.snapshot):
        assert answers(snapshot) == answers(Snapshot.of(list(snapshot.lines)))


# Control, format and surrogate characters, line and paragraph separators.
ACTED_ON = {"Cc", "Cf", "Cs", "Zl", "Zp"}


def assert_aligned(desk: Desk) -> None:
    """Every line of the screen fills its width, wide characters counted as the terminal draws them, and holds
    nothing that a terminal would act on."""
    lines = desk.lines()
    assert {cell_len(line) for line in lines} == {desk.app.size.width}
    assert not [line for line in lines if any(category(char) in ACTED_ON for char in line)]


async def burst(desk: Desk, keys: list[str]) -> None:
    """Keys that come faster than the screen is drawn."""
    for key in keys:
        name = _character_to_key(key) if len(key) == 1 else key
        desk.app.post_message(events.Key(name, key if len(key) == 1 else None))
    await desk.settle()


NAMED = {"enter", "tab", "shift+tab", "up", "down", "left", "right", "space", "end", "pagedown", "ctrl+u",
         "backspace", "ctrl+g", "ctrl+t"}  # fmt: skip

# Keys that write files or leave the program have tests of their own.
LEAVES = {"save", "save_as", "open", "quit"}
KEYS = sorted({key for action in ACTIONS if action.id not in LEAVES for key in action.keys})
KEY = st.sampled_from([*KEYS, *"0123456789nxp", "backspace", "ctrl+u", "escape", "enter", "down", "plus"])
WORDS = st.sampled_from(
    [
        "conv 20 3x3",
        "maxpool 2",
        "dense n",
        "s2",
        "same",
        "[",
        "#",
        "@stem",
        "set bias=",
        "let n = ",
        "off ",
        ":",
        "repeat 3",
        "  relu",
        "9" * 30,
    ]
)
TEXT = st.lists(st.one_of(WORDS, st.text(max_size=8)), max_size=5).map(" ".join)


@SLOW
@given(st.lists(st.lists(KEY, max_size=12), min_size=1, max_size=5))
def test_any_keys(bursts: list[list[str]]) -> None:
    async def session() -> None:
        async with opened(MIXED) as desk:
            for keys in bursts:
                await burst(desk, keys)
                assert_as_from_the_start(desk)
                assert_aligned(desk)

    asyncio.run(session())


@SLOW
@given(
    st.lists(
        st.tuples(st.sampled_from(["enter", "a", "A"]), TEXT, st.sampled_from(["enter", "escape", "up"])), max_size=4
    )
)
def test_any_text_in_the_editor(edits: list[tuple[str, str, str]]) -> None:
    async def session() -> None:
        async with opened(MIXED) as desk:
            for start, text, end in edits:
                await burst(desk, ["escape", "escape", start])
                desk.bench.editor.value = ""
                for part in text.split(" "):
                    desk.app.post_message(events.Paste(f"{part} "))
                await desk.settle()
                assert_as_from_the_start(desk)
                await burst(desk, [end])
                assert_as_from_the_start(desk)
                assert_aligned(desk)

    asyncio.run(session())


# What opens on top of the workbench, and what a hand may do there. Files land in a folder that is thrown away.
OPENS = [action.keys[0] for action in ACTIONS if action.id in (
    "bind", "settings", "solve", "make_variable", "sweep", "budgets", "explain", "memory", "diagram", "charts",
    "practice", "history", "import", "import_report", "export", "presets", "form", "kinds", "compare", "help",
)]  # fmt: skip
IN_DIALOGS = st.one_of(
    st.sampled_from([*sorted(NAMED), *"0123456789nkMsymbvio+-*/=.<>@#[]"]),
    st.sampled_from(["n=1..9", "<= 0", "100k", "1" * 40, "H=W", "conv1:field", "[bold]", "\x1b[2J", "가나다", "../..",
                     "params,macs", "esp32", "256KiB", "x" * 300]),
    st.text(max_size=6),
)  # fmt: skip


@settings(SLOW, max_examples=20)
@given(st.lists(st.tuples(st.sampled_from(OPENS), st.lists(IN_DIALOGS, max_size=8)), min_size=1, max_size=4))
def test_any_keys_in_the_dialogs(visits: list[tuple[str, list[str]]]) -> None:
    async def session() -> None:
        async with opened(MIXED) as desk:
            for opener, typed in visits:
                await burst(desk, [opener])
                for word in typed:
                    if len(word) == 1 or word in NAMED:
                        await burst(desk, [word])
                    elif word:
                        desk.app.post_message(events.Paste(word))
                        await desk.settle()
                    assert_aligned(desk)
                for _ in range(30):
                    if desk.dialog == "Workbench" and not desk.bench.has_class("-finding", "-editing"):
                        break
                    await burst(desk, ["escape"])
                assert desk.dialog == "Workbench"
                assert_as_from_the_start(desk)

    with tempfile.TemporaryDirectory() as folder, chdir(folder):
        asyncio.run(session())


MARKUP = ("[bold]", "[/]", "[@click=app.quit]x[/]", "[link=file:///etc]y[/link]", "$primary", "{n}", "\\[red]")


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=str)
async def test_markup_is_shown_as_it_is(size: tuple[int, int]) -> None:
    text = "input 8x8x4\n" + "".join(f"# {note}\n" for note in MARKUP)
    async with opened(text + "relu  # [bold]\n", size) as desk:
        for place, note in enumerate(MARKUP, 1):
            assert note[:18] in desk.pane("layers")[1 + place]
        # As a line that does not read, its text is in the list, in the working and in the message.
        await desk.press("a")
        await desk.fill("[@click=app.quit]x[/]")
        assert "[@click=app.quit]x[/]" in desk.text()
        await desk.press("enter")
        await desk.settle()
        assert "[@click" in desk.line("message")
        await desk.press("escape")
        await desk.settle()
        assert "[@click=app.quit]x[/]" in "\n".join(desk.pane("working"))
        assert_aligned(desk)
        # Clicking on it is a click on a row.
        await desk.pilot.click("#layers", offset=(9, 2 + len(MARKUP) + 1))
        await desk.pilot.click("#working", offset=(4, 2))
        await desk.settle()
        assert desk.app.is_running
        assert desk.dialog == "Workbench"


async def test_a_document_name_with_markup() -> None:
    from tui.ui.filing import Document

    async with opened(document=Document("[bold]net[/].layers")) as desk:
        assert desk.line("title").startswith(" [bold]net[/].layers")
        await desk.press("plus", "q")
        await desk.settle()
        assert "[bold]net[/].layers" in desk.text()


CONTROLS = {
    "\x1b[2Jgone": "\\x1b[2Jgone",
    "a\x07b": "a\\x07b",
    "x\u202exet.exe": "x\\u202exet.exe",
    "zero\u200bwidth": "zero\\u200bwidth",
    "tag\U000e0041": "tag",
    "c1\x9b31m": "c1\\x9b31m",
}


async def test_control_characters_are_made_visible() -> None:
    text = "input 8x8x4\n" + "".join(f"# {note}\n" for note in CONTROLS) + "relu\n"
    async with opened(text) as desk:
        for place, shown in enumerate(CONTROLS.values(), 1):
            assert shown in desk.pane("layers")[1 + place]
            await desk.press("down")
        assert_aligned(desk)
        for line in desk.lines():
            assert line.isprintable()
        # The same typed and kept: as text it is what it was.
        await desk.press("a")
        await desk.fill("# \x1b[31m\u202e")
        await desk.press("enter", "escape")
        await desk.settle()
        assert all(line.isprintable() for line in desk.lines())
        assert any(line.text == "# \x1b[31m\u202e" for line in desk.bench.store.committed.lines)


WIDE = (
    "합성곱 계층 하나",
    "畳み込み層です",
    "👩‍🔬 🎉🎉🎉 emoji",
    "e\u0301 combining",
    "한" * 60,
    "ｆｕｌｌ　ｗｉｄｔｈ",
    "العربية mixed",
)


@pytest.mark.parametrize("size", [(80, 24), (60, 20), (41, 24), (120, 40)], ids=str)
async def test_wide_characters_keep_the_columns(size: tuple[int, int]) -> None:
    text = "input 8x8x4\n" + "".join(f"# {note}\nconv 2 1x1  # {note}\n" for note in WIDE)
    async with opened(text, size) as desk:
        for _ in range(3):
            assert_aligned(desk)
            right = desk.bench.layer_list.region.right - 1
            for y in range(desk.bench.layer_list.region.y + 1, desk.bench.layer_list.region.bottom - 1):
                line = desk.lines()[y]
                cells = [cell_len(line[:i]) for i, char in enumerate(line) if char == "│"]
                assert right in cells
            await desk.press(*["down"] * 5)
        assert "합성곱" in desk.text() or desk.cursor > 5
        await desk.press("home", "down", "enter")
        await desk.fill("# 한글 note")
        assert_aligned(desk)
        await desk.press("enter")
        await desk.settle()
        assert "한글" in desk.text()


async def test_a_line_of_2000_characters_and_a_number_of_1000_digits() -> None:
    name, digits = "n" * 1990, "7" * 1000
    async with opened(f"input 8x8x4\nconv {name} 3x3\nconv {digits} 3x3 padding=same\n# {'x' * 2000}\nrelu\n") as desk:
        for _ in range(5):
            assert_aligned(desk)
            await desk.press("2", "right", "right", "1", "enter")
            await desk.settle()
            assert_aligned(desk)
            await desk.press("escape", "plus", "right_square_bracket", "X")
            await desk.settle()
            await desk.press("escape", "down")
            await desk.settle()
        assert_as_from_the_start(desk)


async def test_10000_lines_open_page_and_edit_at_both_ends() -> None:
    # With bias: 1*1*4*4 + 4 = 20 parameters a layer.
    text = "set data_format=channels_last bias=true\ninput 8x8x4\n" + "conv 4 1x1\n" * 9_999
    async with opened(text) as desk:
        await desk.settle()
        assert "params 199,980" in desk.line("totals")
        await desk.press("pagedown", "pagedown", "end", "pageup")
        await desk.settle()
        assert "9,990" in desk.text().replace("9990", "9,990")
        await desk.press("end", "plus")
        await desk.settle()
        await desk.settle()
        # 4*5 + 5 = 25 in the last layer
        assert desk.row(9_999).split()[:2] == ["8x8x5", "25"]
        assert "params 199,985" in desk.line("totals")
        await desk.press("home", "down", "plus")
        await desk.settle()
        await desk.settle()
        # 4*5 + 5 = 25 in the first, 5*4 + 4 = 24 in the second
        assert desk.row(1).split()[:2] == ["8x8x5", "25"]
        assert desk.row(2).split()[:2] == ["8x8x4", "24"]
        assert "params 199,994" in desk.line("totals")
        await desk.press("u", "u")
        await desk.settle()
        await desk.settle()
        assert "params 199,980" in desk.line("totals")


@pytest.mark.parametrize(
    ("keys", "jamo"),
    [(("C", "b"), "ㅠ"), (("w", "tab", "tab", "tab", "tab", "j"), "ㅓ"), (("x", "j"), "ㅓ"), (("d", "q", "c"), "ㅊ")],
    ids=str,
)
async def test_letters_in_dialogs_work_with_a_korean_input_method_on(keys: tuple[str, ...], jamo: str) -> None:
    shown = []
    for last in (keys[-1], jamo):
        async with opened() as desk:
            for key in keys[:-1]:
                await burst(desk, [key])
            before = desk.text()
            await burst(desk, [last])
            assert desk.text() != before
            shown.append(desk.text())
    assert shown[0] == shown[1]
