"""Questions, and answers that are right in any way they may be written."""

from __future__ import annotations

import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.samples import WORKED, sample
from tui.core.practice import (
    ALL,
    FIELD,
    INTERESTING,
    MACS,
    ONCE,
    PARAMS,
    PARTS,
    SHAPE,
    Question,
    expected,
    judge,
    questions,
)
from tui.core.practice_session import Session
from tui.core.size import Size, symbol, text
from tui.core.snapshot import Snapshot
from tui.formats.document import parse_document
from tui.formats.practice import text as practice_text
from tui.formats.practice.answer import AnswerError, read_answer
from tui.layers import KINDS

MIXED = """\
input 16x16x4
conv 8 3x3 padding=same
batchnorm
relu
dropout 0.5
conv 8 3x3 padding=same
relu
off conv 4 3x3
globalavgpool
dense 10
cnv 3
"""


def net(source: str) -> Snapshot:
    return Snapshot.of(parse_document(source))


def asked(source: str, *parts: str, layers: str = INTERESTING) -> list[tuple[int, str]]:
    return [tuple(question) for question in questions(net(source), parts or (SHAPE, PARAMS), layers)]


def test_the_worked_example_asks_two_questions_of_nine_layers() -> None:
    found = asked(WORKED)
    first = WORKED.splitlines().index("conv 20 4x4")
    assert found == [(row, part) for row in range(first, first + 9) for part in (SHAPE, PARAMS)]


def test_what_goes_without_computing_is_left_out_or_asked_once() -> None:
    # rows: 1 conv, 2 batchnorm, 3 relu, 4 dropout, 5 conv, 6 relu, 7 off, 8 pool, 9 dense, 10 does not read
    assert asked(MIXED) == [
        (1, SHAPE), (1, PARAMS), (2, PARAMS), (5, SHAPE), (5, PARAMS), (8, SHAPE), (8, PARAMS), (9, SHAPE), (9, PARAMS)
    ]  # fmt: skip
    assert {row for row, _ in asked(MIXED, layers=ONCE)} == {1, 2, 3, 4, 5, 8, 9}
    assert {row for row, _ in asked(MIXED, layers=ALL)} == {1, 2, 3, 4, 5, 6, 8, 9}
    assert [row for row, _ in asked(MIXED, MACS)] == [1, 5, 9]
    assert [row for row, _ in asked(MIXED, FIELD)] == [1, 5]


def test_shapes_that_are_kept_by_chance_are_asked() -> None:
    source = "input 10x64\nlstm 64 return_sequences=true\nlayernorm\ndense 64\n"
    assert [row for row, _ in asked(source, SHAPE)] == [1, 3]


def test_symbols_with_a_value_may_stand_for_it() -> None:
    snapshot = net("let d = 768\nlet e = 2*d\ninput 4\ndense d\ndense e\n")
    assert judge(snapshot, Question(3, SHAPE), read_answer(SHAPE, "d", snapshot.symbols)).right
    assert judge(snapshot, Question(3, SHAPE), (768,)).right
    # 768*1536 + 1536
    assert judge(snapshot, Question(4, PARAMS), read_answer(PARAMS, "d*e + e", snapshot.symbols)).right
    for wrong in ("d*d + e", "d//(d - 768)", "d//(e - 2*d)", "d**63"):
        assert not judge(snapshot, Question(4, PARAMS), read_answer(PARAMS, wrong, snapshot.symbols)).right
    told = practice_text.given(Session(snapshot, [Question(4, SHAPE)]))
    assert told[-1] == "with    e=1536  bias=true"


def test_equal_layers_on_equal_inputs_are_asked_once() -> None:
    source = "input 8x8x4\n" + "conv 4 3x3 padding=same\nrelu\n" * 5
    assert asked(source) == [(1, SHAPE), (1, PARAMS)]
    assert [row for row, _ in asked(source, FIELD)] == [1, 3, 5, 7, 9]
    assert len(asked(source, layers=ALL)) == 20


def test_of_a_block_one_copy_is_asked() -> None:
    found = asked("input 8x8x4\nrepeat 3\n  conv 4 3x3\n  relu\ndense 2\n", layers=ALL)
    assert [row for row, part in found if part == SHAPE] == [2, 3, 4]
    # the first copy: 8 - 2 = 6
    assert expected(net("input 8x8x4\nrepeat 3\n  conv 4 3x3\n"), Question(2, SHAPE)) == (6, 6, 4)


def test_nothing_is_asked_of_what_has_no_answer() -> None:
    assert asked("") == []
    assert asked("input 8x8x4\nconv 3 20x20\nrelu\n", layers=ALL) == []


def test_a_seed_mixes_the_layers_and_keeps_their_questions_together() -> None:
    snapshot = net(WORKED)
    listed = questions(snapshot, PARTS)
    mixed = questions(snapshot, PARTS, seed=7)
    assert mixed == questions(snapshot, PARTS, seed=7) != listed
    assert sorted(mixed) == sorted(listed)
    rows = [question.row for question in mixed]
    assert [row for i, row in enumerate(rows) if i == 0 or rows[i - 1] != row] == list(dict.fromkeys(rows))
    assert questions(snapshot, PARTS, seed=7, most=3) == mixed[:3]


def test_a_session_scores_in_halves() -> None:
    # 36x28x20 and 320; 18x14x20 and 0
    session = Session(net(WORKED), questions(net(WORKED))[:4])
    session.answer((36, 28, 20))
    session.hinted = True
    session.answer((320,))
    session.answer((19, 14, 20))
    session.skip()
    assert session.question is None
    assert practice_text.share_text(session.score) == "1.5 of 4"
    assert {part: practice_text.share_text(share) for part, share in session.by_part().items()} == {
        "shape": "1 of 2", "params": "0.5 of 2",
    }  # fmt: skip
    assert [done.question.part for done in session.missed()] == [SHAPE, PARAMS]
    assert list(session.again().questions) == [session.questions[2], session.questions[3]]
    assert session.again().score.of == 0


def spellings(part: str, sizes: tuple[Size, ...], batch: Size) -> list[str]:
    """The ways to write a right answer."""
    if part == FIELD:
        return ["x".join(map(text, sizes)), text(sizes[0]) if len(set(sizes)) == 1 else ", ".join(map(text, sizes))]
    if part != SHAPE:
        (size,) = sizes
        grouped = text(size, thousands=True, constant_first=True)
        return [grouped, text(size), f"1*({text(size)})", f"{text(size)} + 1 - 1", f"x = {text(size)}", f"0+{grouped}"]
    words = [text(size) for size in sizes]
    if not words:
        return ["scalar", "()"]
    tight = [word if word.isalnum() else f"({word})" for word in words]
    return [
        "x".join(tight),
        " x ".join(tight),
        " ".join(tight),
        f"({', '.join(words)})",
        f"[{', '.join(words)}]",
        f"(None, {', '.join(words)})",
        f"({text(batch)}, {', '.join(words)})",
        ", ".join(f"{word} + 2 - 2" for word in words),
    ]


@pytest.mark.parametrize("kind", KINDS)
def test_every_spelling_of_the_right_answer_is_right(kind: str) -> None:
    snapshot = sample(kind)
    for question in questions(snapshot, PARTS, ALL):
        want = expected(snapshot, question)
        result = snapshot.result(question.row)
        assert result is not None
        for written in spellings(question.part, want, result.outputs[0].shape[0] if result.outputs[0].shape else 1):
            judgement = judge(snapshot, question, read_answer(question.part, written, snapshot.symbols))
            assert judgement.right, (written, want)
            assert judgement.slips == ()


@pytest.mark.parametrize("kind", KINDS)
def test_wrong_answers_are_wrong_and_are_said_so(kind: str) -> None:
    snapshot = sample(kind)
    for question in questions(snapshot, PARTS, ALL):
        want = expected(snapshot, question)
        wrong = [tuple(size + 1 for size in want), tuple(2 * size + 3 for size in want), (*want, 7, 5), (0,), (1,) * 12]
        wrong += [want[:-1], tuple(reversed(want)), (-5,) * len(want), (symbol("n"),) * len(want)]
        for answer in wrong:
            if answer == want or (question.part == FIELD and set(answer) == set(want)):
                continue
            session = Session(snapshot, [question])
            assert practice_text.given(session)
            done = session.answer(answer)
            assert not done.judgement.right, answer
            right, lines = practice_text.verdict(snapshot, done)
            assert not right
            assert all(line.isprintable() for line in (*lines, *practice_text.working(snapshot, question)))
            assert practice_text.score_lines(session)


@pytest.mark.parametrize("kind", KINDS)
def test_hints_do_not_tell_the_answer(kind: str) -> None:
    snapshot = sample(kind)
    for question in questions(snapshot, (PARAMS, MACS), ALL):
        (want,) = expected(snapshot, question)
        told = " ".join(practice_text.hint(snapshot, question))
        assert told
        if not isinstance(want, int) or want > 12:
            assert text(want) not in told


windows = st.builds(
    lambda c, f, k, s, p, d, n, b: (
        f"input {n}x{n + 3}x{c}\nconv {f} {k} stride={s} padding={p} dilation={d} bias={b}\n"
    ),
    st.integers(1, 9), st.integers(1, 9), st.integers(1, 5), st.integers(1, 3),
    st.sampled_from(["0", "1", "2", "same"]), st.integers(1, 2), st.integers(12, 40),
    st.sampled_from(["true", "false"]),
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(source=windows, part=st.sampled_from(PARTS), delta=st.integers(1, 50), axis=st.integers(0, 2))
def test_random_convolutions(source: str, part: str, delta: int, axis: int) -> None:
    snapshot = net(source)
    question = Question(1, part)
    want = expected(snapshot, question)
    for written in spellings(part, want, 1):
        assert judge(snapshot, question, read_answer(part, written)).right
    place = axis % len(want)
    off = tuple(size + delta if i == place else size for i, size in enumerate(want))
    assert not judge(snapshot, question, off).right


typed_texts = st.text(alphabet=string.printable + "×·^n⌊⌋²٣é\x00", max_size=30)


@settings(max_examples=300, deadline=None)
@given(typed=typed_texts | st.from_regex(r"[0-9nx*+ ,()=]{1,12}", fullmatch=True), part=st.sampled_from(PARTS))
def test_no_text_breaks_the_judge(typed: str, part: str) -> None:
    snapshot = net(WORKED)
    question = Question(WORKED.splitlines().index("conv 40 3x3"), part)
    answer, refused = read_or_refuse(part, typed)
    assert refused.isprintable()
    if answer is None:
        return
    right, lines = practice_text.verdict(snapshot, Session(snapshot, [question]).answer(answer))
    # 16x12x40, 3*3*20*40, that times 16*12, and the field 1 + 3, + 1, + 2*2
    rights = {SHAPE: [(16, 12, 40), (1, 16, 12, 40)], PARAMS: [(7_200,)], MACS: [(1_382_400,)], FIELD: [(9,), (9, 9)]}
    assert right == (answer in rights[part])
    assert lines


def read_or_refuse(part: str, typed: str) -> tuple[tuple[Size, ...] | None, str]:
    """The answer, or what is said of a text that is none."""
    try:
        return read_answer(part, typed, ("n",)), ""
    except AnswerError as error:
        return None, error.message
