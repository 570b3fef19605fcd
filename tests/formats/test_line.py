"""The one-line grammar: what is read, what is written back, and that nothing a user types raises."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui.core.argument import Arg
from tui.core.errors import ParseError
from tui.core.network import Line, Source
from tui.formats.line import MAX_LINE, parse_line, with_args, with_parts
from tui.layers import KINDS

POOL = (
    "0", "1", "2", "3", "7", "n", "2*k+1", "H//2", "max(n,8)", "x", "max_x", "s2", "k1", "same", "valid", "(same)",
    "3x3", "2x3x4", "(n+1)x2", "max(n,8)x3", "4,4", "(4,4)", "(a,b)", "0:1", "0:1x2:n", "n:(x)", "0.5", "1e-05", "true",
    "false", "relu", "tanh", "float16", "constant", "-1", "-1,2", "channels_last",
)  # fmt: skip


def words_for(arg: Arg) -> list[str]:
    """The words of the pool, and those that the argument offers itself, which it reads."""
    found = []
    for word in (*POOL, *arg.type.words()):
        try:
            arg.type.parse(word)
        except ParseError:
            continue
        found.append(word)
    return found


ARGUMENTS = {kind: [(a, words) for a in KINDS[kind].all_args() if (words := words_for(a))] for kind in KINDS}
NAMES = st.from_regex(r"[a-z][\w./-]{0,8}", fullmatch=True)


@st.composite
def layer_texts(draw: st.DrawFn) -> str:
    kind = draw(st.sampled_from(sorted(KINDS)))
    parts = [draw(st.sampled_from(["", "off "])), f"{draw(NAMES)}: " if draw(st.booleans()) else "", kind]
    for arg, words in ARGUMENTS[kind]:
        if arg.required or draw(st.integers(0, 3)) == 0:
            named = arg.slot is None or draw(st.booleans())
            parts.append(f" {arg.name}={draw(st.sampled_from(words))}" if named else f" {draw(st.sampled_from(words))}")
    if draw(st.integers(0, 3)) == 0:
        parts.append(f" @{draw(NAMES)}{draw(st.sampled_from(['', ':1']))}")
    if draw(st.integers(0, 3)) == 0:
        parts.append(" # " + draw(st.text(st.characters(exclude_categories=["C", "Z"]), max_size=8)))
    return "".join(parts)


def said(line: Line) -> tuple[Any, ...]:
    """What a line means, its text left out."""
    spec = line.spec and (line.spec.kind, dict(line.spec.args), line.spec.code)
    return spec, line.name, line.sources, line.off, line.setting, line.binding, line.note


@settings(max_examples=300, deadline=None)
@given(layer_texts())
def test_what_is_written_reads_back_as_the_same_layer(text: str) -> None:
    line = parse_line(text)
    if line.error is not None:
        assert line.text == text
        return
    again = parse_line(line.text)
    assert again.error is None, line.text
    assert said(again) == said(line)
    assert again.text == line.text


@settings(max_examples=400, deadline=None)
@given(st.one_of(
    st.text(max_size=60),
    st.lists(st.sampled_from([*POOL, *KINDS, "off", "let", "set", "a:", "@a", "@", ":", "=", "(", ")", '"', "#", "²",
                              "stride=", "batch=8", "n =", "\t", "\x1b[31m", "‮", "9" * 30]), max_size=8).map(" ".join),
))  # fmt: skip
def test_no_text_raises_and_canonical_text_is_a_fixed_point(text: str) -> None:
    line = parse_line(text)
    if line.error is not None:
        assert line.text.lstrip() == text.lstrip()  # a tab before it becomes spaces
        first, last = line.error.span
        assert 0 <= first <= last <= len(line.text)
    else:
        again = parse_line(line.text)
        assert (again.text, again.error) == (line.text, None)
        assert said(again) == said(line)


@pytest.mark.parametrize(
    ("typed", "canonical"),
    [
        ("conv 20 4,4 s2 same", "conv 20 4x4 stride=2 padding=same"),
        ("Conv2D 20 4", "conv 20 4x4"),
        ("nn.Conv2d 20 4 p1 nobias", "conv 20 4x4 padding=1 bias=false"),
        ("Conv2D 20 (4,4) padding='same' activation=\"relu\"", "conv 20 4x4 padding=same activation=relu"),
        ("fc 10", "dense 10"),
        ("conv   20    4x4  ", "conv 20 4x4"),
        ("conv 20 4x4 stride = 2", "conv 20 4x4 stride=2"),
        ("off a: conv 20 4 @b:1", "off a: conv 20 4 @b:1"),
        ("a: off conv 20 4", "off a: conv 20 4"),
        ("@b conv 20 4", "conv 20 4 @b"),
        ("conv 2*k + 1 3", None),
        ("conv 2*k+1 3", "conv 2*k+1 3"),
        ("conv (2*k + 1) 3", "conv 2*k+1 3"),
        ("let n=10", "let n = 10"),
        ("let  k = 2*n+1   # odd", "let k = 2*n + 1  # odd"),
        ("set  batch=8   bias=off", "set batch=8 bias=false"),
        ("Set batch=8", "set batch=8"),
        ("LET n = 3", "let n = 3"),
        ("Repeat 3 b", "repeat 3 b"),
        ("OFF relu", "off relu"),
        (
            "set dtype=fp16 data_format=NCHW counting=torch",
            "set dtype=float16 data_format=channels_first counting=pytorch",
        ),
        ("input 28×28×1", "input 28x28x1"),
        ("conv 20 3X5", "conv 20 3x5"),
        ("conv +20 3", "conv 20 3"),
        ("conv 10**18 3", "conv 1000000000000000000 3"),
        ("conv 1000000000000000000 3", "conv 1000000000000000000 3"),
        ("reshape -1x7", "reshape -1x7"),
        ("input [28, 28, 1]", "input 28x28x1"),
        ("conv 8 3 padding=((1, 2), (3, 4)) stride=[2,2]", "conv 8 3 stride=2x2 padding=1:2x3:4"),
        ("F.max_pool2d 2", "maxpool 2x2"),
        ("torch.nn.functional.relu", "relu"),
        ("conv2d_transpose 8 3", "convtranspose 8 3x3"),
        ("# a note", "# a note"),
        ("", ""),
    ],
)
def test_what_is_typed_becomes_canonical(typed: str, canonical: str | None) -> None:
    line = parse_line(typed)
    assert (None if line.error else line.text) == canonical


def test_a_symbol_that_looks_like_a_short_form_keeps_its_argument_name() -> None:
    line = parse_line("conv filters=k1 3")
    assert line.text == "conv filters=k1 kernel=3"
    assert parse_line(line.text).text == line.text


def test_sizes_with_an_x_are_kept_apart_by_parentheses() -> None:
    assert parse_line("conv 20 max(n,8)x3").text == "conv 20 (max(8,n))x3"
    assert parse_line("input x").text == "input (x)"
    assert parse_line("input HxWx3").text == "input HxWx3"


@pytest.mark.parametrize(
    ("text", "marked", "message"),
    [
        ("cnv 20 4x4", "cnv", "did you mean conv"),
        ("conv 20 4x4 strid=2", "strid", "did you mean stride?"),
        ("conv 20 4x4 padding=sam", "sam", "did you mean same"),
        ("a: conv 20 4x4 stride=0", "0", "at least 1"),
        ("conv 20 4x4 5x5 6x6", "5x5", "one word too many"),
        ("conv 20 4x4 stride=2 s3", "s3", "stride is given twice"),
        ("conv 20", "", "conv needs kernel"),
        ("conv 20 4/2", "/", "write //"),
        ("conv 20 4x4 @", "@", "a source is @name"),
        ("12: conv 20 4", "12", "must not be a number"),
        ("conv(20, 4)", "conv(20,", "not as a call"),
        ("@a", "", "a layer kind is missing"),
        ("set batc=8", "batc", "did you mean batch?"),
        ("set batch", "batch", "needs a value"),
        ("let 2 = 3", "2", "let binds one symbol, and '2' cannot be one"),
        ("let n = 2 +", "", "the expression ends too early"),
        ("conv 20 \x1b[31m", "\x1b", "control character (U+001B)"),
        ("conv 1000000000000000000000 3", "1", "larger than 10**18"),
        ("conv n^2 3", "^", "^ is no operator here; write **"),
        ("conv 2n 3", "n", "write * for a product"),
        ("conv 1.5 3", ".", "a size is a whole number"),
        ("conv 20 3 2", "2", "did you mean stride=2?"),
        ("nn.Conv2d 3 20 4", "3", "nn.Conv2d takes in_channels first, conv takes filters, kernel"),
        ("nn.Linear 784 10", "784", "nn.Linear takes in_features first"),
        ("nn.LSTM 10 20", "10", "nn.LSTM takes input_size first"),
        ("nn.BatchNorm2d 16", "16", "nn.BatchNorm2d takes num_features first"),
        ("add a", "a", "did you mean @a?"),
        ("relu#note", "#", "a note begins with a space"),
        ("off", "", "off needs the layer that it skips"),
        ("off repeat 3", "off", "off skips a layer"),
        ("a: repeat 3", "a: repeat 3", "the name of a block stands behind its count: repeat 3 a"),
        ("a : relu", "a :", "a name holds no spaces"),
        ("off a b: relu", "a b:", "a name holds no spaces"),
        ("a@b: relu", "a@b", "may hold letters"),
        ("sett batch=8", "sett", "did you mean set"),
        ("repet 3", "repet", "did you mean repeat"),
        ("set batch=8 batch=9", "batch=9", "given twice"),
        ("set batch=", "batch=", "batch needs a value, a whole number of at least 1: batch=1"),
        ("let n = n + 1", "n + 1", "n stands for itself"),
        ("let n 10", "", "an = is missing: let n = 10"),
        ("let max = 3", "max", "it is a word of its own"),
        ("let H, W = 3", "H, W", "let binds one symbol"),
        ("repeat 3 3", "3", "must not be a number"),
        ("input (None, 28, 1)", "None", "None is no size; what is not known is a symbol"),
        ("input 28 28 1", "28 28 1", "the sizes of a shape are joined by x: 28x28x1"),
        ("dense 10 relu", "relu", "did you mean activation=relu?"),
        ("dense 10 bias", "bias", "did you mean bias=true"),
        ("conv 8 3 padding=1:q$", "$", "cannot read '$'"),
        ("Dense 10 name=out", "Dense 10 name=out", "a name stands before the kind: out: Dense 10"),
        ("pool 2", "pool", "did you mean maxpool, avgpool or lppool?"),
    ],
)
def test_an_error_marks_its_place_and_says_what_to_do(text: str, marked: str, message: str) -> None:
    error = parse_line(text).error
    assert error is not None
    assert message in error.message
    first, last = error.span
    assert text[first:last].startswith(marked)


@pytest.mark.parametrize("text", ["conv " + "(" * 500 + "n" + ")" * 500 + " 3", "let n = " + "-" * 900 + "1",
                                  "conv " + "9" * 1000 + " 3", "conv 3 3 " + "x" * 10 * 2**20])  # fmt: skip
def test_absurd_lines_are_refused_in_a_sentence(text: str) -> None:
    error = parse_line(text).error
    assert error is not None
    assert len(error.message) < 300


def test_a_line_that_would_be_too_long_written_out_is_refused() -> None:
    text = "conv (a+b+c+d+e)**12 3"
    error = parse_line(text).error
    assert error is not None
    assert "written out" in error.message
    assert len(parse_line("conv (a+b)**12 3").text) < MAX_LINE


def test_parts_and_arguments_change_alone() -> None:
    line = parse_line("a: conv 20 4x4 stride=2 @b  # first")
    assert with_args(line, {"filters": 40}) == "a: conv 40 4x4 stride=2 @b  # first"
    assert with_parts(line, name=None, sources=[Source("c", 1)], off=True) == "off conv 20 4x4 stride=2 @c:1  # first"


def test_a_line_that_does_not_read_keeps_its_name() -> None:
    assert parse_line("a: convo 4 3x3").name == "a"
    assert parse_line("  off stage.conv1: conv x y z # note").name == "stage.conv1"
    assert parse_line("7: relu").name is None
    assert parse_line("[red]: relu").name is None
    assert parse_line("conv").name is None


@pytest.mark.parametrize(
    ("text", "said", "fix"),
    [
        ("conv 20 4x4 padding=samee # n", "padding cannot be 'samee'; did you mean same", "conv 20 4x4 padding=same"),
        ("a: conv 20 4x4 bias=ture", "bias cannot be 'ture'; did you mean true?", "a: conv 20 4x4 bias=true"),
    ],
)
def test_a_misspelt_value_is_offered_as_a_fix(text: str, said: str, fix: str) -> None:
    error = parse_line(text).error
    assert error is not None
    assert error.message.startswith(said)
    assert error.fixes[0].text == fix
    assert parse_line(fix).error is None


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        (
            "conv 8 3 data_format=channels_first",
            "conv has no argument 'data_format'; it is a setting of the whole network, on a line of its own: "
            "set data_format=channels_first",
        ),
        ("conv 8.5 3", "filters: a size is a whole number, without a point"),
        ("split 1,1", "parts: cannot read ',1' here; it takes a whole number of at least 1"),
        ("upsample -2", "scale: '-2' is not a factor above 0, or one for each axis, such as 2x1.5"),
    ],
)
def test_a_bad_argument_is_told_with_what_it_takes(typed: str, message: str) -> None:
    error = parse_line(typed).error
    assert error is not None
    assert error.message == message


@pytest.mark.parametrize(
    ("text", "fixed"),
    [
        ("conv n^2 3", "conv n**2 3"),
        ("a: conv 2n 3  # wide", "a: conv 2*n 3"),
        ("conv n/2 3", "conv n//2 3"),
        ("conv 0 3", "conv 1 3"),
        ("input 28 28 1", "input 28x28x1"),
        ("dropout 0,5", "dropout 0.5"),
        ("dropout 50%", "dropout 0.5"),
        ("dense 10 relu", "dense 10 activation=relu"),
        ("Dense 10 name='out' activation=relu", "out: Dense 10 activation=relu"),
        ("conv 20 3 strid=2", "conv 20 3 stride=2"),
        ("conv 20 3 padding=sam", "conv 20 3 padding=same"),
        ("conv 20 3 2", "conv 20 3 stride=2"),
        ("nn.Conv2d 3 20 4", "nn.Conv2d in_channels=3 20 4"),
        ("nn.BatchNorm2d 16", "nn.BatchNorm2d num_features=16"),
        ("nn.Conv2d(3, 20, kernel_size=(4, 4))", "nn.Conv2d 3 20 kernel_size=(4, 4)"),
        ("add a", "add @a"),
        ("add @a,@b", "add @a @b"),
        ("relu#note", "relu #note"),
        ("a: repeat 3", "repeat 3 a"),
        ("a : relu", "a: relu"),
        ("off a b: relu", "off a_b: relu"),
        ("sett batch=8", "set batch=8"),
        ("set batc=8", "set batch=8"),
        ("set dtype=floaty", "set dtype=float64"),
        ("set batch=2k", "set batch=2*k"),
        ("let n 10", "let n = 10"),
        ("let n = 2^k", "let n = 2**k"),
        ("repeat 0 b", "repeat 1 b"),
    ],
)
def test_the_first_fix_of_an_error_is_the_whole_line_put_right(text: str, fixed: str) -> None:
    error = parse_line(text).error
    assert error is not None
    assert error.fixes[0].text == fixed
