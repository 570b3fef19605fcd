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
        ("let 2 = 3", "", "let binds a symbol"),
        ("let n = 2 +", "", "the expression ends too early"),
        ("conv 20 \x1b[31m", "\x1b", "control character (U+001B)"),
        ("conv 1000000000000000000000 3", "1", "more than 18 digits"),
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
        ("conv 8.5 3", "filters: cannot read '.5' here; it takes a whole number of at least 1"),
        ("split 1,1", "parts: cannot read ',1' here; it takes a whole number of at least 1"),
        ("upsample -2", "scale: '-2' is not a factor above 0, or one for each axis, such as 2x1.5"),
    ],
)
def test_a_bad_argument_is_told_with_what_it_takes(typed: str, message: str) -> None:
    error = parse_line(typed).error
    assert error is not None
    assert error.message == message
