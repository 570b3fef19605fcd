"""Solving and making variables on the screen, with the same answers as the command line."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from tests.samples import WORKED
from tests.ui.screen import Desk, opened
from tui.cli import main

BOUND = f"let n = 10\n{WORKED}"
INT8 = BOUND.replace("bias=false", "bias=false dtype=int8")


async def wait(desk: Desk) -> None:
    await desk.settle()
    searches = [worker for worker in desk.app.workers if worker.group == "solve"]
    if searches:  # of none, all others would be waited for
        await desk.app.workers.wait_for_complete(searches)
    await desk.settle()


async def ask(desk: Desk, **values: str) -> None:
    """Open the dialog, fill it in and take the answer."""
    await desk.press("S")
    await desk.settle()
    for field in desk.app.screen.query("Field"):
        if field.key in values:
            field.input.value = values[field.key]
    await wait(desk)
    await desk.press("enter")
    await desk.settle()


@pytest.mark.parametrize(
    ("text", "fields", "args", "line"),
    [
        (WORKED, {"unknown": "n"}, ("--max", "params=100k"), "dense n"),
        (INT8, {"unknown": "H=W", "metric": "ram", "limit": "<= 256KiB"}, ("--max", "ram=256KiB"), "input {v}x{v}x1"),
        (BOUND, {"unknown": "input", "find": "smallest", "metric": "valid"}, ("--valid",), "input {v}x{v}x1"),
        (BOUND, {"unknown": "width", "metric": "macs", "limit": "<= 50M"}, ("--max", "macs=50M"), "conv 100 4x4"),
        (BOUND, {"unknown": "#3.filters", "also": "macs<=3M"}, ("--max", "params=100k", "--max", "macs=3M"),
         "conv {v} 3x3"),
    ],
)  # fmt: skip
async def test_the_screen_answers_as_the_command_line(
    text: str, fields: dict[str, str], args: tuple[str, ...], line: str
) -> None:
    done = CliRunner().invoke(main, ["solve", "-", "--for", fields["unknown"], *args, "--json"], input=text)
    answer = json.loads(done.stdout)["value"]
    async with opened(text) as desk:
        before = [row.text for row in desk.bench.store.committed.lines]
        await ask(desk, **fields)
        assert desk.dialog == "Workbench"
        assert f"{fields['unknown']} = {answer}" in desk.line("message")
        assert line.format(v=answer) in desk.codes
        assert desk.bench.store.at == 1
        await desk.press("u")
        assert [row.text for row in desk.bench.store.committed.lines] == before


async def test_the_number_under_the_cursor_is_asked_for() -> None:
    async with opened(WORKED.replace("dense n", "dense 10")) as desk:
        await desk.press("down", "down", "S")
        await wait(desk)
        assert "largest #3.filters with params <= 100,000" in desk.text()
        # 320 + 16*20... by hand: 320 + 180*f + 540*f + 19,200 + 1,600 <= 100,000, so f <= 109.
        assert "> #3.filters = 109" in desk.text()
        # One of several numbers of an argument is asked for by its place: the width of the kernel.
        await desk.press("escape", "right", "right", "S")
        await wait(desk)
        assert "largest #3.kernel.1 with params <= 100,000" in desk.text()


async def test_an_empty_list_has_nothing_to_solve() -> None:
    async with opened("") as desk:
        await desk.press("S")
        await desk.settle()
        assert desk.dialog == "Workbench"
        assert "nothing to solve for" in desk.line("message")
        await desk.press("L")
        assert "the list is empty" in desk.line("message")


async def test_a_number_becomes_a_symbol_and_the_list_shows_it_first() -> None:
    async with opened() as desk:
        await desk.press("L")
        await desk.settle()
        assert desk.codes[1] == "conv f 4x4"
        assert "f = 20" in desk.line("message")
        await desk.press("escape")
        await desk.settle()
        assert desk.codes[1] == "conv 20 4x4"
        await desk.press("right", "L", *"k1", "enter")
        await desk.settle()
        assert desk.codes[1] == "conv 20 kernel=k1x4"  # k1 would read as a kernel of 1
        assert desk.bench.store.committed.symbols == {"k1": 4, "n": None}
        assert "48,320 + 160*n" in desk.line("totals")
        await desk.press("u")
        assert desk.codes[1] == "conv 20 4x4"
        assert "k1" not in desk.bench.store.committed.symbols


async def test_a_range_gets_a_common_factor() -> None:
    async with opened(BOUND) as desk:
        await desk.press("V", "down", "down", "down", "down", "L")
        await desk.settle()
        assert "w = 20; conv w 4x4, conv 2*w 3x3, conv 3*w 3x3" in desk.line("message")
        await desk.press("enter")
        await desk.settle()
        assert [code for code in desk.codes if code.startswith("conv")][:3] == [
            "conv w 4x4", "conv 2*w 3x3", "conv 3*w 3x3",
        ]  # fmt: skip
        assert "w = 20" in desk.line("symbols")
        assert desk.bench.store.at == 1


async def test_a_name_that_cannot_be_taken_keeps_the_field_open() -> None:
    async with opened() as desk:
        await desk.press("L", "n", "enter")
        await desk.settle()
        assert "n is a symbol already and is free" in desk.line("message")
        assert desk.bench.has_class("-finding")
        await desk.press("2", "enter")
        await desk.settle()
        assert desk.codes[1] == "conv n2 4x4"


async def test_a_line_without_a_number_is_said() -> None:
    async with opened() as desk:
        await desk.press("end", "up", "L")
        assert "there is no number here" in desk.line("message")
        assert not desk.bench.has_class("-finding")


async def test_symbols_are_stepped_with_the_panes_alive() -> None:
    async with opened(BOUND) as desk:
        await desk.press("b")
        await desk.settle()
        await desk.press("plus", "plus")
        await desk.settle()
        # 48,320 + 160*12; the dialog covers the line that says so
        assert desk.bench.view.snapshot.totals.params == 50_240
        assert desk.bench.store.committed.symbols == {"n": 10}
        await desk.press("enter")
        await desk.settle()
        assert desk.bench.store.committed.symbols == {"n": 12}
        assert desk.bench.store.at == 1
