"""A layer as words by field."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui.core.settings import Settings
from tui.formats.line import parse_line
from tui.layers import KINDS
from tui.ui.dialogs.draft import NAME, NOTE, SKIPPED, SOURCES, Draft


@pytest.mark.parametrize(
    "text",
    [
        "conv 20 4x4 stride=2 padding=same",
        "off stem: conv 20 4x4 @a @b:1   # a note # with a mark",
        "input 28x28x1",
        "conv 2*k+1 3x3 padding=0:1x1:0",
    ],
)
def test_an_untouched_line_comes_back(text):
    canonical = parse_line(text).text
    assert Draft(text, Settings()).line() == (canonical, {})


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_every_example_comes_back(kind):
    assert Draft(kind.example, Settings()).line() == (parse_line(kind.example).text, {})


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("conv 20 4x4 strid=2 same", "conv 20 4x4 padding=same"),
        ("conv 20 4x4 stride=0", "conv 20 4x4"),
        ("conv 20 4x4 7 8 # note", "conv 20 4x4     # note"),
    ],
)
def test_what_reads_of_a_mistake_is_kept(text, made):
    line, errors = Draft(text, Settings()).line()
    assert not errors
    assert line.split() == made.split()


def test_a_missing_argument_stays_blank_and_is_named():
    draft = Draft("conv 20", Settings())
    assert draft.words["filters"] == "20"
    line, errors = draft.line()
    assert line == "conv 20"
    assert list(errors) == ["kernel"]


@pytest.mark.parametrize(
    ("field", "word"),
    [
        (NAME, "a b"),
        (NAME, "7"),
        (NAME, "x y:"),
        (SOURCES, "a:b"),
        (SOURCES, "#x"),
        (SKIPPED, "maybe"),
        ("stride", "0"),
    ],
)
def test_each_mistake_is_told_at_its_field(field, word):
    draft = Draft("conv 20 4x4", Settings())
    draft.words[field] = word
    line, errors = draft.line()
    assert list(errors) == [field]
    assert line == "conv 20 4x4"


def test_a_field_wins_over_the_default_of_the_network():
    draft = Draft("conv 20 4x4", Settings(bias=False))
    (bias,) = [arg for arg in KINDS["conv"].args if arg.name == "bias"]
    assert draft.default_text(bias) == "false (network)"
    draft.words["bias"] = "true"
    assert draft.line()[0] == "conv 20 4x4 bias=true"


def test_a_blank_field_says_what_it_stands_for():
    shown = {arg.name: Draft("conv 20 4x4", Settings()).default_text(arg) for arg in KINDS["conv"].all_args()}
    # A layer is stored as the network is unless it is told, and shares no weight.
    assert (shown["dtype"], shown["tied"]) == ("the network's", "none")
    assert (shown["filters"], shown["groups"]) == ("must be given", "1")


def test_another_kind_takes_required_words_from_its_example():
    draft = Draft("input 3x3x3", Settings())
    draft.choose(KINDS["conv"])
    example = parse_line(KINDS["conv"].example).spec
    spec = parse_line(draft.line()[0]).spec
    assert spec.args["kernel"] == example.args["kernel"]
    assert "stride" not in spec.args  # not required


def test_a_note_is_one_line_of_text():
    draft = Draft("input 3", Settings())
    draft.words[NOTE] = "[bold]x[/]"
    assert draft.line()[0] == "input 3  # [bold]x[/]"


@settings(max_examples=200, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from([NAME, SOURCES, SKIPPED, NOTE, "filters", "kernel", "padding"]), st.text(max_size=12)
    )
)
def test_no_words_break_it_and_what_it_accepts_reads(words):
    draft = Draft("conv 20 4x4", Settings())
    draft.words |= words
    line, errors = draft.line()
    if not errors:
        again = parse_line(line)
        assert again.error is None
        assert again.text == line


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=40) | st.text("conv 20=x#@:off", max_size=30))
def test_any_line_opens(text):
    Draft(text, Settings()).line()
