"""Unknowns: what a word stands for, and the edit that gives it a value."""

from __future__ import annotations

import pytest

from tests.samples import WORKED
from tui.core.snapshot import Snapshot
from tui.core.solve_problem import SolveError
from tui.formats.document import parse_document
from tui.formats.solve.unknown import names_of, parse_unknown

BOUND = f"let n = 10\n{WORKED}"
SYMBOLIC = WORKED.replace("39x31x1", "HxWx1")


def snapshot(text: str) -> Snapshot:
    return Snapshot.of(parse_document(text))


def edited(text: str, word: str, value: int) -> list[str]:
    """The lines that differ after the unknown got a value."""
    before = snapshot(text)
    edit = parse_unknown(before, word).edit(before, value, 0)
    after = [line.text for line in before.edited(edit.changes).lines]
    old = [line.text for line in before.lines]
    return [line for line in after if line not in old]


@pytest.mark.parametrize(
    ("text", "word", "value", "lines", "now"),
    [
        (WORKED, "n", 7, ["let n = 7"], None),
        (BOUND, "n", 7, ["let n = 7"], 10),
        ("let k = 2*n\ninput 4\ndense k\n", "n", 7, ["let n = 7"], None),
        (BOUND, "#3.filters", 7, ["conv 7 3x3"], 40),
        (BOUND, "3.filters", 7, ["conv 7 3x3"], 40),
        (BOUND, "conv2.out_channels", 7, ["conv 7 3x3"], 40),
        (BOUND, "conv2.kernel", 2, ["conv 40 2x2"], 3),
        (BOUND, "conv2.kernel.W", 2, ["conv 40 3x2"], 3),
        (BOUND, "conv2.kernel.0", 2, ["conv 40 2x3"], 3),
        (BOUND, "conv2.stride", 2, ["conv 40 3x3 stride=2"], 1),
        (BOUND, "maxpool1.kernel.H", 3, ["maxpool 3x2"], 2),
        (BOUND, "input", 50, ["input 50x50x1"], None),
        (BOUND, "input.H", 50, ["input 50x31x1"], 39),
        (BOUND, "H", 50, ["input 50x31x1"], 39),
        (BOUND, "input.C", 3, ["input 39x31x3"], 1),
        (BOUND, "H=W", 50, ["input 50x50x1"], None),
        (SYMBOLIC, "H=W", 50, ["let H = 50", "let W = 50"], None),
        (SYMBOLIC, "input", 50, ["let H = 50", "let W = 50"], None),
        (BOUND, "conv1.filters=conv2.filters", 8, ["conv 8 4x4", "conv 8 3x3"], None),
        (BOUND, "batch", 8, ["set batch=8"], 1),
        ("set batch=4\ninput 4\ndense 2\n", "batch", 8, ["set batch=8"], 4),
        ("set data_format=channels_first\ninput 3x9x8\nconv 2 3\n", "H", 7, ["input 3x7x8"], 9),
        ("input 9x4\nrepeat 3 body\n    dense 4\n", "body.times", 5, ["repeat 5 body"], 3),
        ("input 9x9x9x1\nconv 4 3\n", "conv1.kernel.W", 5, ["conv 4 3x3x5"], 3),
        ("conv 4 3\n", "conv1.kernel.W", 5, ["conv 4 3x5"], 3),  # nothing to read: taken as an image
        ("input 9x9x2\na.b: conv 4 3\n", "a.b.filters", 6, ["a.b: conv 6 3"], 4),
        ("input 9x9x2\na.b: conv 4 3\n", "a.b.kernel.W", 5, ["a.b: conv 4 3x5"], 3),
    ],
)
def test_a_word_and_its_edit(text: str, word: str, value: int, lines: list[str], now: int | None) -> None:
    assert edited(text, word, value) == lines
    assert parse_unknown(snapshot(text), word).now == now


def test_the_width_scales_all_layers_but_the_last() -> None:
    # 20, 40, 60 at 110 %; the 80 of the last layer with a plain width stay, as dense n is a symbol.
    assert edited(WORKED, "width", 110) == ["conv 22 4x4", "conv 44 3x3", "conv 66 3x3"]
    depthwise = "input 8x8x8\nconv 16 1\nconv 16 3x3 groups=16\ndense 10\n"
    assert edited(depthwise, "width", 50) == ["conv 8 1", "conv 8 3x3 groups=8"]
    # What a layer expects to read scales with the layer above: it is left out.
    stated = "input 8x8x8\nconv 16 1\nconv 16 3 in_channels=16\ndense 10\n"
    assert edited(stated, "width", 50) == ["conv 8 1", "conv 8 3"]


@pytest.mark.parametrize(
    ("text", "word", "said"),
    [
        (WORKED, "q", "no layer uses 'q'; its symbols: n"),
        ("let q = 3\ninput 3\n", "q", "no layer uses 'q'"),
        ("input 3\n", "n", "it has no symbols"),
        (WORKED, "", "names no unknown"),
        (WORKED, "n=", "names no unknown"),
        (WORKED, "conv9.filters", "there is no layer 'conv9'; did you mean"),
        (WORKED, "conv1.filers", "did you mean filters"),
        (WORKED, "conv1.bias", "conv has no whole number 'bias'"),
        (WORKED, "input.Z", "no argument 'Z'"),
        (WORKED, "D", "has no D; its axes: H, W"),
        ("input 9x8x1\nconv 4 3x5\n", "conv1.kernel", "is 3x5, several numbers"),
        ("input 9x8x1\nconv 2*f 3\n", "conv1.filters", "is 2*f there; solve for f instead"),
        (
            "input 4\ndense n\n",
            "width",
            "no layer but the last has a number of filters or units; solve for n",
        ),
        ("input 4\n", "input", "it has no spatial axis"),
        ("dense 4\n", "input", "there is no input line"),
        (WORKED, "width=n", "width stands alone"),
    ],
)
def test_what_is_no_unknown_is_said(text: str, word: str, said: str) -> None:
    with pytest.raises(SolveError) as caught:
        parse_unknown(snapshot(text), word)
    assert said in caught.value.message


def test_a_number_that_stands_for_a_symbol_is_the_symbol() -> None:
    unknown = parse_unknown(snapshot("input 4\na: dense f\ndense f\n"), "a.units")
    assert (unknown.names, unknown.rows) == (("f",), ())


def test_what_may_be_zero_begins_there() -> None:
    assert parse_unknown(snapshot(BOUND), "conv1.padding").low == 0
    assert parse_unknown(snapshot(BOUND), "conv1.filters").low == 1


def test_symbols_are_offered_first() -> None:
    assert names_of(snapshot(f"let k = 3\n{WORKED.replace('4x4', 'k')}"), ["#1.filters"]) == [
        "n", "k", "#1.filters", "input", "width", "batch",
    ]  # fmt: skip
