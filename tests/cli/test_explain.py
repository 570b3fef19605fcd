"""``layersheet explain``: the worked solution of all or of one layer, in three formats."""

from __future__ import annotations

from tests.cli.command import BROKEN, run


def test_explain_writes_all_or_one_layer() -> None:
    whole = run("explain", "worked-example")
    assert "H' = floor((H - kH)/s) + 1 = floor((39 - 4)/1) + 1 = 36" in whole.stdout
    assert "48,320 + 160*n" in whole.stdout
    for word in ("3", "#3", "conv2"):
        assert run("explain", "worked-example", word).stdout.startswith("Layer 3: conv 40 3x3")
    # ten layers, totals, training
    assert run("explain", "worked-example", "--format", "md").stdout.count("\n## ") == 12
    wrong = run("explain", "worked-example", "cnv2")
    assert (wrong.exit_code, wrong.stdout) == (2, "")
    assert "did you mean conv2" in wrong.stderr
    assert "layers go from #0 to #9" in run("explain", "worked-example", "17").stderr


def test_a_broken_network_is_explained_as_far_as_it_goes() -> None:
    result = run("explain", "-", stdin=BROKEN)
    assert result.exit_code == 1
    assert "= 4*4*1*20 = 320" in result.stdout
    assert "waits for #2" in result.stdout
    assert "<stdin>:3: error: no layer kind is called 'cnv'" in result.stderr


def test_formats_are_text_markdown_and_latex() -> None:
    # The sum of the exercise's first convolution: 39 rows under a kernel of 4.
    assert run("explain", "worked-example", "1", "--format", "md").stdout.startswith("## Layer 1: `conv 20 4x4`\n")
    tex = run("explain", "worked-example", "--format", "tex").stdout
    assert tex.startswith("\\documentclass{article}")
    assert r"\lfloor (39 - 4) / 1 \rfloor  + 1 = 36$" in tex
