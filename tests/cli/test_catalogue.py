"""The lists of presets and of kinds, and the pages of single kinds."""

from __future__ import annotations

import pytest

from tests.cli.command import run
from tui.formats.document import parse_document
from tui.formats.presets import presets


def test_presets_are_listed_with_their_parameters_and_printed_as_they_are() -> None:
    listed = run("presets").stdout
    for published in (
        "alexnet            AlexNet: 61,100,840 parameters",
        "lenet-5            LeNet-5: 61,706 parameters",
    ):
        assert published in listed
    assert run("presets", "LeNet-5").stdout == presets()["lenet-5"].text
    assert all(line.error is None for line in parse_document(run("presets", "vgg-16").stdout))
    wrong = run("presets", "vgg")
    assert (wrong.exit_code, wrong.stdout) == (2, "")
    assert "did you mean vgg-16?" in wrong.stderr


def test_long_lines_are_wrapped_for_a_terminal_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    assert max(map(len, run("presets").stdout.splitlines())) > 100
    monkeypatch.setattr("tui.cli.terminal.width", lambda *_: 60)
    for words in (["presets"], ["kinds"], ["kinds", "lstm"], ["check", "--devices"]):
        assert max(map(len, run(*words).stdout.splitlines())) <= 60


def test_a_wrapper_is_explained_as_an_argument() -> None:
    shown = run("kinds", "Bidirectional").stdout
    assert "kinds: convlstm, gru, lstm, rnn, stackedrnn" in shown
    assert "bidirectional lstm 8, which is lstm 8 bidirectional=true" in shown
    assert "kinds: all" in run("kinds", "keras.layers.TimeDistributed").stdout


def test_kinds_are_listed_and_explained() -> None:
    listed = run("kinds")
    assert listed.exit_code == 0
    assert "convolution\n" in listed.stdout
    about = run("kinds", "Conv2d")
    assert about.stdout.startswith("conv (convolution)\n")
    for part in ("filters", "required", "stride=", "default 1", "kernel_size=", "the network's bias", "nobias"):
        assert part in about.stdout
    # 28x28x3, kernel 4x4, stride 2, same: 14*14 places, 20 filters of 4*4*3 weights and a bias
    assert "on 28x28x3 gives 14x14x20, 980 parameters, 188,160 MACs" in about.stdout
    assert "did you mean conv" in run("kinds", "cnv").stderr


def test_every_kind_can_be_explained_and_nearly_every_example_is_computed() -> None:
    from tui.layers import KINDS

    shown = {name: run("kinds", name) for name in KINDS}
    assert {result.exit_code for result in shown.values()} == {0}
    without = [name for name, result in shown.items() if "gives" not in result.stdout.splitlines()[-1]]
    assert len(without) <= len(KINDS) // 20, without


def test_a_line_that_is_no_layer_is_explained_too() -> None:
    shown = run("kinds", "repeat")
    assert shown.exit_code == 0
    assert "repeat 12 block, its lines indented below" in shown.stdout
