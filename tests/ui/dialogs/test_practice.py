"""The dialogs of a practice: its start, its questions, its score."""

from __future__ import annotations

from textual.widgets import Input

from tests.samples import WORKED
from tui.core.practice import Question, questions
from tui.core.practice_session import Session
from tui.core.snapshot import Snapshot
from tui.formats.document import parse_document
from tui.ui.dialogs.practice import PracticeStart
from tui.ui.dialogs.practice_questions import PracticeQuestions
from tui.ui.dialogs.practice_score import PracticeScore

FIRST = WORKED.splitlines().index("conv 20 4x4")
SNAPSHOT = Snapshot.of(parse_document(WORKED))


def session(count: int) -> Session:
    return Session(SNAPSHOT, questions(SNAPSHOT)[:count])


async def type_answer(app, pilot, text):
    app.screen.query_one("AnswerInput", Input).value = text
    await pilot.press("enter")
    await pilot.pause()


async def test_start_offers_what_there_is_to_ask(opened):
    async with opened(lambda: PracticeStart(SNAPSHOT)) as (app, pilot):
        assert "18 questions about 9 layers" in app.flat()
        await pilot.press("space")
        await pilot.pause()
        # MACs of the five layers that have some
        assert "23 questions about 9 layers" in app.flat()
        await pilot.press("down", "down", "down", "4", "enter")
        (asked,) = app.answers
        assert asked == [Question(FIRST, "shape"), Question(FIRST, "params"), Question(FIRST, "macs"),
                         Question(FIRST + 1, "shape")]  # fmt: skip


async def test_start_says_what_it_cannot_ask(opened):
    async with opened(lambda: PracticeStart(SNAPSHOT)) as (app, pilot):
        await pilot.press("x", "enter")
        await pilot.pause()
        assert "! write some of shape, params, macs, field" in app.flat()
        assert app.answers == []


async def test_start_without_layers(opened):
    async with opened(lambda: PracticeStart(Snapshot.of(parse_document("input 3\n")))) as (app, pilot):
        assert "! no layer of this network has an answer" in app.flat()
        await pilot.press("enter", "escape")
        assert app.answers == [None]


async def test_a_wrong_answer_is_shown_its_slip_and_the_working(opened):
    async with opened(lambda: PracticeQuestions(session(2))) as (app, pilot):
        assert "question 1 of 2, score 0 of 0" in app.flat()
        assert "input 39x31x1 (H 39, W 31, C 1)" in app.flat()
        assert "36" not in app.flat()
        await type_answer(app, pilot, "39x31x20")
        assert "! Wrong: 39x31x20; it is 36x28x20" in app.flat()
        assert "the stride instead of the kernel" in app.flat()
        assert "floor((39 - 4)/1) + 1 = 36" in app.flat()
        # what is judged takes no more keys
        await pilot.press("7", "backspace", "question_mark")
        assert app.screen.query_one("AnswerInput", Input).value == "39x31x20"
        await pilot.press("enter")
        await pilot.pause()
        assert "question 2 of 2, score 0 of 1" in app.flat()
        assert "output 36x28x20" in app.flat()
        assert "320" not in app.flat()
        await type_answer(app, pilot, "4*4*20")
        assert "Right: 320" in app.flat()
        assert app.answers == []
        await pilot.press("enter")
        assert app.answers == [True]


async def test_the_next_question_has_the_true_input(opened):
    asked = Session(SNAPSHOT, [Question(FIRST, "shape"), Question(FIRST + 1, "shape")])
    async with opened(lambda: PracticeQuestions(asked)) as (app, pilot):
        await type_answer(app, pilot, "1x1x1")
        await pilot.press("enter")
        await pilot.pause()
        assert "maxpool 2" in app.flat()
        assert "input 36x28x20" in app.flat()


async def test_a_hint_is_the_rule_and_costs_half(opened):
    asked = session(2)
    async with opened(lambda: PracticeQuestions(asked)) as (app, pilot):
        await pilot.press("3", "question_mark")
        await pilot.pause()
        assert "H' = floor((H - kH)/s) + 1" in app.flat()
        assert "36" not in app.flat()
        assert app.screen.query_one("AnswerInput", Input).value == "3"
        await type_answer(app, pilot, "36x28x20")
        assert "Right: 36x28x20 (half a point, after the hint)" in app.flat()
        assert "score 0.5 of 1" in app.flat()


async def test_skip_shows_the_answer(opened):
    asked = session(2)
    async with opened(lambda: PracticeQuestions(asked)) as (app, pilot):
        await pilot.press("greater_than_sign")
        await pilot.pause()
        assert "! Skipped: it is 36x28x20" in app.flat()
        await pilot.press("enter")
        await pilot.pause()
        assert "question 2 of 2, score 0 of 1" in app.flat()


async def test_what_does_not_read_costs_nothing_and_stays(opened):
    asked = session(1)
    async with opened(lambda: PracticeQuestions(asked)) as (app, pilot):
        await pilot.press("enter")
        await pilot.pause()
        assert "! there is no answer yet" in app.flat()
        await type_answer(app, pilot, "36x[/red]")
        assert "does not read" in app.flat()
        assert app.screen.query_one("AnswerInput", Input).value == "36x[/red]"
        assert asked.answered == []


async def test_buttons_do_the_same(opened):
    asked = session(2)
    async with opened(lambda: PracticeQuestions(asked)) as (app, pilot):
        await pilot.click("#hint")
        await pilot.pause()
        assert asked.hinted
        await pilot.click("#skip")
        await pilot.pause()
        assert "Skipped" in app.flat()
        await pilot.click("#accept")
        await pilot.pause()
        assert "question 2 of 2" in app.flat()
        await pilot.press("escape")
        assert app.answers == [None]


async def test_score(opened):
    asked = session(4)
    asked.answer((36, 28, 20))
    asked.answer((340,))
    asked.answer((18, 14, 20))
    async with opened(lambda: PracticeScore(asked)) as (app, pilot):
        flat = app.flat()
        assert "Score: 2 of 3 (67 %)" in flat
        assert "shape 2 of 2" in flat
        assert "parameters 0 of 1" in flat
        assert "1 of 4 questions not asked" in flat
        assert "1 x added a bias" in flat
        assert "#1 conv 20 4x4: parameters" in flat
        assert "320" not in flat
        await pilot.press("enter")
        assert app.answers == [True]


async def test_score_without_misses_has_nothing_to_ask_again(opened):
    asked = session(1)
    asked.answer((36, 28, 20))
    async with opened(lambda: PracticeScore(asked)) as (app, pilot):
        assert "Score: 1 of 1 (100 %)" in app.flat()
        assert "again" not in app.flat()
        await pilot.press("r")
        assert app.answers == []
        await pilot.press("enter")
        assert app.answers == [None]


async def test_a_long_score_scrolls(opened):
    source = "input 8x8x4\n" + "".join(f"conv {n} 3x3 padding=same\n" for n in range(2, 30))
    snapshot = Snapshot.of(parse_document(source))
    asked = Session(snapshot, questions(snapshot))
    for _ in asked.questions:
        asked.skip()
    async with opened(lambda: PracticeScore(asked)) as (app, pilot):
        assert "#28" not in app.flat()
        for _ in range(6):
            await pilot.press("pagedown")
        await pilot.pause()
        assert "#28" in app.flat()
