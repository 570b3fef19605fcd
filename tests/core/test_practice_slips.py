"""Slips in shapes: each wrong size is worked out by hand beside its case, and must be taken for that mistake."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import tui.core
from tests.core.slips import CEIL, CONV, PADDED, POOL, SAME, STEPS, TALL, UP, WIDER, N, codes
from tui.core.practice import FIELD, MACS, PARAMS, SHAPE, Question, expected, judge
from tui.core.size import Size, symbol
from tui.core.snapshot import Snapshot
from tui.formats.document import parse_document
from tui.formats.practice.slips import WORDS, slip_text


@pytest.mark.parametrize(
    ("text", "answer", "slip"),
    [
        (CONV, (36, 28, 20), "right"),
        (CONV, (1, 36, 28, 20), "right"),  # with its batch
        (CONV, (39, 31, 20), "subtracted_stride"),  # (39 - 1)/1 + 1 = 39: what the textbook's misprint comes to
        (CONV, (9, 28, 20), "subtracted_axis"),  # (39 - 31)/1 + 1 = 9: the misprint to the letter
        (CONV, (35, 27, 20), "forgot_plus_one"),  # (39 - 4)/1
        (CONV, (37, 29, 20), "one_too_many"),
        (CONV, (42, 34, 20), "added_kernel"),  # 39 + 4 - 1
        (CONV, (9, 7, 20), "divided_by_kernel"),  # floor(39/4), floor(31/4)
        (CONV, (36, 28, 1), "kept_channels"),
        (CONV, (36, 28, 21), "added_channels"),
        (CONV, (36, 28, 4), "kernel_for_channels"),
        (CONV, (20, 36, 28), "channels_elsewhere"),
        (CONV, (28, 36, 20), "swapped_axes"),
        (CONV, (28, 20, 36), "other_order"),
        (CONV, (36, 28), "forgot_channel_axis"),
        (CONV, (20160,), "gave_elements"),  # 36*28*20
        (CONV, (8, 36, 28, 20), "wrong_batch"),
        (CONV, (39, 31, 1), "kept_shape"),
        ("input 39x31x20\nconv 20 4x4", (39, 31, 20), "subtracted_stride"),
        (STEPS, (17, 17, 8), "right"),
        (STEPS, (18, 18, 8), "rounded_up"),  # ceil(33/2) + 1
        (STEPS, (16, 16, 8), "forgot_padding"),  # floor((40 - 9)/2) + 1
        (STEPS, (19, 19, 8), "ignored_dilation"),  # floor((42 - 5)/2) + 1
        (STEPS, (34, 34, 8), "ignored_stride"),  # 42 - 9 + 1
        (STEPS, (21, 21, 8), "subtracted_stride"),  # floor((42 - 2)/2) + 1
        (STEPS, (20, 20, 8), "as_same"),  # 40/2
        (STEPS, (33, 33, 8), "forgot_both"),  # 42 - 9
        (SAME, (8, 8, 8), "right"),
        (SAME, (7, 7, 8), "rounded_down"),  # floor(15/2); without padding it is floor(12/2) + 1 = 7 too
        (SAME, (15, 15, 8), "ignored_stride"),
        (SAME, (6, 6, 8), "forgot_plus_one"),  # floor(12/2)
        (POOL, (3, 3, 8), "right"),
        (POOL, (4, 4, 8), "rounded_up"),
        (POOL, (6, 6, 8), "ignored_stride"),  # 7 - 2 + 1: a pool steps by its kernel
        (POOL, (7, 7, 8), "kept_size"),
        (POOL, (3, 3, 4), "pooled_channels"),  # 8/2
        (POOL, (3, 3, 1), "one_channel"),
        (POOL, (2, 2, 8), "forgot_plus_one"),  # floor(5/2)
        (CEIL, (3, 3, 8), "rounded_down"),  # floor(5/2) + 1
        (PADDED, (3, 3, 2), "right"),
        (PADDED, (4, 4, 2), "kept_last_window"),  # ceil(9/4) + 1
        (UP, (32, 32, 8), "right"),
        (UP, (8, 8, 8), "ran_forwards"),  # floor((16 + 2 - 3)/2) + 1
        (UP, (34, 34, 8), "forgot_padding"),  # 15*2 + 3 + 1
        (UP, (33, 33, 8), "padding_once"),  # 15*2 - 1 + 3 + 1
        (UP, (31, 31, 8), "forgot_output_padding"),  # 15*2 - 2 + 3
        (UP, (16, 16, 8), "kept_size"),
        (UP, (36, 36, 8), "added_padding"),  # 15*2 + 2 + 3 + 1
        (UP, (35, 35, 8), "forgot_minus_one"),  # 16*2 + 3
        (WIDER, (33, 33, 8), "right"),
        (WIDER, (32, 32, 8), "forgot_kernel"),  # 16*2
        (WIDER, (30, 30, 8), "forgot_kernel"),  # 15*2
        (WIDER, (31, 31, 8), "forgot_kernel"),  # 15*2 + 1
        (WIDER, (18, 18, 8), "ignored_stride"),  # 15 + 3
        (TALL, (16, 28, 8), "swapped_kernel"),  # 20 - 5 + 1, 30 - 3 + 1
        (TALL, (26, 18, 8), "swapped_axes"),
        # The slip of a textbook: (shape[0] - shape[1])/stride + 1 = (40 - 30)/2 + 1; the columns are floor(25/2) + 1.
        ("input 40x30x3\nconv 8 5 stride=2", (6, 13, 8), "subtracted_axis"),
        ("input 28x28x4\nflatten", (28,), "right_not"),
        ("input 28x28x4\nflatten", (4,), "channels_only"),
        ("input 28x28x4\nflatten", (784,), "positions_only"),
        ("input 28x28x4\nflatten", (60,), "added_sizes"),  # 28 + 28 + 4
        ("input 28x28x4\nflatten", (28, 28, 4), "kept_shape"),
        ("input 10x64\ndense 5", (5,), "flattened"),
        ("input 10x64\nlstm 32", (10, 32), "as_if"),  # return_sequences=true
        ("input 10x64\nlstm 32 bidirectional=true", (32,), "as_if"),
        ("a: input 8x8x4\nb: input 8x8x6\nconcat @a @b", (8, 8, 4), "kept_input"),
        ("a: input 8x8x4\nb: input 8x8x6\nconcat @b @a", (7, 8, 6), "one_too_few"),
        ("a: input 8x8x4\nb: input 8x8x4\nadd @a @b", (8, 8, 8), "added_inputs"),
        ("input 32x32x6\ndepthwise 3 2", (30, 30, 6), "kept_channels"),
        ("input HxHx3\nconv 8 3", (symbol("H"), symbol("H"), 8), "subtracted_stride"),
        ("input HxHx3\nconv 8 3", (symbol("H") - 2, symbol("H") - 2, 8), "right"),
    ],
)
def test_shapes(text: str, answer: tuple[Size, ...], slip: str) -> None:
    found = codes(text, SHAPE, *answer)
    if slip == "right_not":
        assert found != ["right"]
    else:
        assert found[:1] == [slip]


def test_axes_that_are_wrong_in_different_ways_have_a_slip_each() -> None:
    # 35 = 39 - 4, and 29 is one more than 28
    assert codes(CONV, SHAPE, 35, 29, 20) == ["forgot_plus_one", "one_too_many"]
    assert codes(CONV, SHAPE, 35, 27, 1) == ["forgot_plus_one", "kept_channels"]
    assert codes(CONV, SHAPE, 35, 1000, 20) == ["forgot_plus_one"]
    assert codes(CONV, SHAPE, 1000, 2000, 3000) == []


def test_channels_first() -> None:
    text = "set data_format=channels_first\ninput 1x39x31\nconv 20 4x4"
    assert codes(text, SHAPE, 20, 36, 28) == ["right"]
    assert codes(text, SHAPE, 36, 28, 20) == ["channels_elsewhere"]
    assert codes(text, SHAPE, 20, 28, 36) == ["swapped_axes"]
    assert codes(text, SHAPE, 20, 35, 27) == ["forgot_plus_one"]


def test_the_sum_of_a_slip_is_shown() -> None:
    snapshot = Snapshot.of(parse_document(CONV))
    (slip,) = judge(snapshot, Question(1, SHAPE), (39, 31, 20)).slips
    assert slip_text(slip).endswith("the stride instead of the kernel (floor((39 - 1)/1) + 1 = 39)")
    (slip,) = judge(snapshot, Question(1, PARAMS), (340,)).slips
    assert slip_text(slip).endswith("(4*4*1*20 + 20 = 340)")


def test_every_slip_has_words_and_every_word_a_slip() -> None:
    sources = "".join(p.read_text() for p in Path(tui.core.__path__[0]).glob("practice*.py"))
    assert set(re.findall(r'(?:candidate|Slip)\(\s*"(\w+)"', sources)) <= set(WORDS)
    assert [code for code in WORDS if f'"{code}"' not in sources] == []


@pytest.mark.parametrize(
    "text",
    [
        "input 5x8x8x3\nconv 4 3 timedistributed=true",
        "input 8\ndense 4 lora_rank=2",
        "input 8\ndense 4 trainable=false",
        "input 8\na: dense 8\ndense 8 tied=kernel",
        "set batch=n\ninput HxWx3\nconv f k stride=s padding=p",
        "input 16x16x3\nrepeat r\n  conv 3 3 padding=same",
        "set counting=onnx\ninput 5x8\nlstm 4 layers=3 bidirectional=true",
    ],
)
@pytest.mark.parametrize("part", [SHAPE, PARAMS, MACS, FIELD])
def test_unusual_layers_are_judged_too(text: str, part: str) -> None:
    snapshot = Snapshot.of(parse_document(text))
    row = len(snapshot.lines) - 1
    if part == FIELD and snapshot.field(row) is None:
        return
    want = expected(snapshot, Question(row, part))
    assert judge(snapshot, Question(row, part), want).right
    for answer in (tuple(size + 1 for size in want), (*want, 1), (N,), (7,) * len(want)):
        if answer != want:
            assert not judge(snapshot, Question(row, part), answer).right
