"""The worked solution: it reads like one, its equations hold, and its Markdown is well formed."""

from __future__ import annotations

import math
import re

import pytest
from markdown_it import MarkdownIt

from tui.core.snapshot import Snapshot
from tui.formats.document import parse_document
from tui.formats.presets import FIRST, preset, presets
from tui.formats.worked import WIDTH, as_markdown, as_text

BRANCHES = "input 8x8x3\na: conv 4 3x3 padding=same\nbatchnorm\nadd @a\ncnv `|*\nrelu\noff relu\n"
EQUATION = re.compile(r"`((?:[\d,+\-*/ ()]|floor|ceil)+)` = \*\*([\d,]+)\*\*")


def snapshot(text: str) -> Snapshot:
    return Snapshot.of(parse_document(text))


def chapter(text: str, number: int) -> str:
    return text[text.index(f"Layer {number}: ") :].split("\n\n")[0]


def value_of(sum_text: str) -> int:
    """The value of a sum of plain numbers, worked out here by a reader of its own."""
    tokens = re.findall(r"\d[\d,]*|floor|ceil|max|min|[-+*/(),]", sum_text)
    at = 0

    def total() -> float:
        nonlocal at
        value = product()
        while at < len(tokens) and tokens[at] in "+-":
            at += 1
            value = value + product() if tokens[at - 1] == "+" else value - product()
        return value

    def product() -> float:
        nonlocal at
        value = factor()
        while at < len(tokens) and tokens[at] in "*/":
            at += 1
            value = value * factor() if tokens[at - 1] == "*" else value / factor()
        return value

    def factor() -> float:
        nonlocal at
        token = tokens[at]
        at += 1
        if token == "-":
            return -factor()
        if token[0].isdigit():
            return int(token.replace(",", ""))
        rounding = {"floor": math.floor, "ceil": math.ceil}.get(token)
        at += token != "("
        inside = total()
        at += 1
        return rounding(inside) if rounding else inside

    return int(total())


def test_a_convolution_reads_as_in_the_exercise() -> None:
    shown = chapter(as_text(snapshot(preset(FIRST).text)), 1)
    assert "H' = floor((H - kH)/s) + 1 = floor((39 - 4)/1) + 1 = 36" in shown
    assert "W' = floor((W - kW)/s) + 1 = floor((31 - 4)/1) + 1 = 28" in shown
    assert "so the output is 36x28x20" in shown
    assert "= 4*4*1*20 = 320" in shown
    assert "= 322,560" in shown


def test_the_sums_name_their_layers() -> None:
    totals = as_text(snapshot(preset(FIRST).text)).split("Totals")[1]
    assert "parameters = #1 + #3 + #5 + #7 + #9 = 320 + 7,200 + 21,600 + 19,200 + 160*n = 48,320 + 160*n" in totals
    assert "= 2,261,760 + 160*n" in totals
    assert "FLOPs = 2*MACs = 4,523,520 + 320*n" in totals


@pytest.mark.parametrize(
    "name", [name for name in presets() if None not in snapshot(preset(name).text).symbols.values()]
)
def test_every_equation_of_plain_numbers_holds(name: str) -> None:
    equations = EQUATION.findall(as_markdown(snapshot(preset(name).text)))
    assert len(equations) > 30
    for numbers, value in equations:
        assert value_of(numbers) == int(value.replace(",", "")), numbers


def test_what_frameworks_count_differently_is_said() -> None:
    shown = chapter(as_text(snapshot(BRANCHES)), 2)
    # Keras counts the 2*4 statistics of 4 channels, PyTorch keeps them and a counter as buffers.
    assert "params = gamma + beta + moving_mean + moving_variance = 4 + 4 + 4 + 4 = 16" in shown
    assert "pytorch 8 + 9 buffers" in shown


def test_errors_waiting_and_skipped_layers_have_their_chapter() -> None:
    shown = as_text(snapshot(BRANCHES))
    assert "no layer kind is called 'cnv'" in chapter(shown, 4)
    assert "waits for #4" in chapter(shown, 5)
    assert "switched off" in chapter(shown, 6)
    assert "(at least)" in shown
    assert "(at least, while #" in shown


def test_the_peak_is_explained_by_the_tensors_that_are_live() -> None:
    text = "input 8x8x3\na: conv 4 3x3 padding=same\nrelu\nconv 8 3x3 padding=same\nconv 4 1x1\nadd @a"
    shown = as_markdown(snapshot(text))
    # layer 3 reads 8*8*4 and writes 8*8*8 while the 8*8*4 of a wait for the sum: 4 bytes each
    assert "`input + output + kept for later` = `1,024 + 2,048 + 1,024` = **4,096** (while \\#3 runs)" in shown


def test_one_layer_alone_has_no_totals() -> None:
    shown = as_text(snapshot(preset(FIRST).text), 7)
    assert shown.startswith("Layer 3: conv 40 3x3\n")
    assert shown.count("Layer ") == 1
    assert "Totals" not in shown


def test_lines_stay_within_the_width() -> None:
    shown = as_text(snapshot(preset("vgg-16").text))
    assert max(map(len, shown.splitlines())) <= WIDTH + 20  # only a lone term may be longer


def test_a_narrow_terminal_gets_narrow_lines() -> None:
    for width in (40, 60, 80):
        shown = as_text(snapshot(preset("vgg-16").text), width=width)
        # only a single term may be longer, as that of a window does not break
        assert all(len(line) <= width for line in shown.splitlines() if " " in line.partition(" = ")[2])
        assert "= 138,357,544" in shown


def test_large_numbers_are_written_alike_in_every_term() -> None:
    shown = chapter(as_text(snapshot("input 1000x1200x3\nconv n 3x3")), 1)
    assert "floor((1,000 - 3)/1) + 1 = 998" in shown
    # a symbol with digits in its name is no number
    assert "n1000" in as_text(snapshot("input 4\ndense n1000"))


def test_the_sum_of_the_trained_is_told_where_it_is_another() -> None:
    # Keras counts the 2*4 statistics of the normalization among the parameters: 4*3*3*3 + 4 + 16 of them.
    totals = as_text(snapshot("input 8x8x3\nconv 4 3x3\nbatchnorm")).split("Totals")[1]
    assert "parameters = #1 + #2 = 112 + 16 = 128" in totals
    assert "trainable = #1 + #2 = 112 + 8 = 120" in totals
    plain = as_text(snapshot("input 8x8x3\nconv 4 3x3")).split("Totals")[1]
    assert "trainable = parameters = 112" in plain


def test_markdown_is_well_formed() -> None:
    for text in (preset(FIRST).text, BRANCHES, "input a_b*cx3\nconv 2 3x3 padding=1"):
        shown = as_markdown(snapshot(text))
        tokens = MarkdownIt("commonmark").parse(shown)
        inline = [child for t in tokens for child in t.children or ()]
        kinds = {child.type for child in inline}
        assert kinds <= {"text", "code_inline", "strong_open", "strong_close", "softbreak"}
        assert not any("**" in child.content or "`" in child.content for child in inline if child.type == "text")
        headings = [tokens[i + 1] for i, t in enumerate(tokens) if t.type == "heading_open"]
        assert [heading.content for heading in headings[-2:]] == ["Totals", "Training memory in bytes"]


def test_no_step_only_writes_the_value_in_another_order() -> None:
    # 193,280 = 4*48,320 bytes for the weights that the exercise counts, and 4*160 for each unit.
    solution = as_text(snapshot(preset(FIRST).text))
    assert "    weights = 193,280 + 640*n  (48,320 + 160*n values)" in solution
    assert "640*n + 193280 = 193,280 + 640*n" not in solution
