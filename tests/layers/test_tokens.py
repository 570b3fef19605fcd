"""Answers by hand and from torchvision's vit_b_16: a class token of 768 and 197*768 = 151,296 positions; GPT-2's
table of positions has 1024*768 = 786,432 elements whatever the length of the text."""

from tests.layers.building import run
from tui.core.size import symbol

T, D = symbol("T"), symbol("d")


def test_a_class_token_stands_before_the_patches() -> None:
    result = run("classtoken", (8, 196, 768))
    assert (result.outputs[0].shape, result.counts.params, result.counts.macs) == ((8, 197, 768), 768, 0)
    registers = run("classtoken 4", (1, 196, 768))
    assert (registers.outputs[0].shape, registers.counts.params) == ((1, 200, 768), 4 * 768)


def test_a_class_token_needs_steps() -> None:
    result = run("classtoken", (1, 768))
    assert result.status == "error"
    assert result.message == "classtoken needs at least 3 axes to have steps, the batch among them; it gets 2"


def test_positions_follow_the_input_or_the_table() -> None:
    patches = run("positionembedding", (8, 197, 768))
    assert (patches.outputs[0].shape, patches.counts.params) == ((8, 197, 768), 151_296)
    assert (patches.counts.macs, patches.counts.elementwise) == (0, 8 * 197 * 768)
    assert run("positionembedding 1024", (1, 50, 768)).counts.params == 786_432


def test_a_table_that_is_too_short_says_what_would_do() -> None:
    result = run("positionembedding 512", (1, 1024, 768))
    assert (result.status, result.message) == ("error", "a table of 512 positions is too short for 1024 steps")
    assert [fix.label for fix in result.fixes] == ["positions=1024", "a row for each step"]


def test_symbols() -> None:
    assert run("classtoken", (1, T, D)).outputs[0].shape == (1, T + 1, D)
    assert run("positionembedding", (1, T, D)).counts.params == T * D
    assert run("positionembedding 1024", (1, T, D)).counts.params == 1024 * D
