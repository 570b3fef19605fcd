"""The words of windows: sizes an axis, paddings, and what keeps the number of axes."""

from __future__ import annotations

import pytest

from tests.layers.building import run
from tui.core.argument import Axes, Pads
from tui.core.errors import ParseError
from tui.core.ratio import Factor
from tui.formats.line import parse_line


@pytest.mark.parametrize(
    ("kind", "word"),
    [
        (Axes(), "3"), (Axes(), "3,"), (Axes(), "3x5"), (Axes(), "(2*k)x5"), (Axes(), "(max(2,n))x(x)"),
        (Pads(), "1"), (Pads(), "1,"), (Pads(), "1x2"), (Pads(), "0:1"), (Pads(), "0:1x2:2"), (Pads(), "same_lower"),
        (Pads(low=-9), "-1x2:-3"), (Factor(), "2,"), (Factor(), "1.5,"),
    ],
)  # fmt: skip
def test_a_word_is_printed_as_it_was_read(kind: Axes | Pads | Factor, word: str) -> None:
    value = kind.parse(word)
    assert kind.parse(kind.print(value)) == value
    assert kind.print(value).replace(" ", "") == word


def test_a_name_that_fixes_one_axis_keeps_it_in_the_canonical_line() -> None:
    line = parse_line("Conv1D 8 3")
    assert line.text == "conv 8 3,"
    assert parse_line(line.text).spec == line.spec
    assert run(line.text, (1, 9, 4)).outputs[0].shape == (1, 7, 8)
    assert run(line.text, (1, 9, 9, 4)).status == "error"
    assert run("conv 8 3", (1, 9, 9, 4)).outputs[0].shape == (1, 7, 7, 8)


def test_the_words_of_the_frameworks_for_paddings() -> None:
    assert [Pads().parse(word) for word in ("SAME", "SAME_UPPER", "SAME_LOWER", "VALID")] == [
        "same", "same", "same_lower", "valid",
    ]  # fmt: skip


@pytest.mark.parametrize("word", ["causal", "zeros", "reflect", "full"])
def test_a_padding_word_of_another_layer_is_no_symbol(word: str) -> None:
    with pytest.raises(ParseError, match="is no padding here"):
        Pads().parse(word)


def test_two_unequal_paddings_of_a_refused_window_are_both_in_its_sum() -> None:
    # 3 + 1 + 2 - 9 = -3, and one more.
    refused = run("conv 2 9 padding=1:2", (1, 3, 3, 1))
    assert str(refused.failed).startswith("H = floor((3 - 9 + 1 + 2)/1) + 1 = -2; W = ")
