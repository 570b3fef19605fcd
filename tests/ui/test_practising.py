"""Practice from the main screen: nothing of it tells an answer, and what was missed is asked again."""

from __future__ import annotations

import pytest

from tests.ui.screen import Desk, opened


async def start(desk: Desk) -> None:
    await desk.press("P", "enter")
    await desk.settle()
    assert desk.dialog == "PracticeQuestions"


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 40), (200, 50)])
async def test_no_answer_is_on_the_screen(size: tuple[int, int]) -> None:
    async with opened(size=size) as desk:
        assert "36x28x20" in desk.text() or size[0] < 80
        await start(desk)
        shown = desk.text()
        assert "question 1 of 18" in shown
        # the shape, the parameters and the MACs of the first layer, the totals, and the size of the next
        for number in ("36", "320", "322,560", "48,320", "18x14"):
            assert number not in shown
        assert "Results" not in shown


async def test_esc_shows_the_score_and_what_was_missed_is_asked_again() -> None:
    async with opened() as desk:
        await start(desk)
        await desk.fill("36x28x20")
        await desk.press("enter", "enter")
        await desk.fill("1")
        await desk.press("enter", "enter")
        await desk.settle()
        await desk.press("escape")
        await desk.settle()
        assert desk.dialog == "PracticeScore"
        assert "Score: 1 of 2 (50 %)" in desk.text()
        await desk.press("enter")
        await desk.settle()
        assert desk.dialog == "PracticeQuestions"
        assert "question 1 of 1" in desk.text()
        await desk.fill("320")
        await desk.press("enter", "enter")
        await desk.settle()
        assert "Score: 1 of 1 (100 %)" in desk.text()
        await desk.press("escape")
        await desk.settle()
        assert desk.dialog == "Workbench"
        assert "48,320" in desk.text()


async def test_cancelled_start_asks_nothing() -> None:
    async with opened() as desk:
        await desk.press("P", "escape")
        await desk.settle()
        assert desk.dialog == "Workbench"


async def test_a_network_with_errors_is_practised_as_far_as_it_goes() -> None:
    async with opened("input 8x8x3\nconv 4 3x3\ncnv 3\n") as desk:
        await desk.press("P")
        await desk.settle()
        assert "2 questions about 1 layer" in desk.text()


async def test_symbols() -> None:
    async with opened("input 160\ndense n\n") as desk:
        await start(desk)
        await desk.fill("n")
        await desk.press("enter")
        await desk.settle()
        assert "Right: n" in desk.text()
        await desk.press("enter")
        await desk.fill("161n")
        await desk.press("enter")
        await desk.settle()
        assert "Right: 161*n" in desk.text()
