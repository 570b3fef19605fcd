"""Convolutional LSTMs: counts by hand, channels first, refusals."""

from __future__ import annotations

from tests.layers.sequence_layers import outputs, run
from tui.core.size import symbol

T, d, n = (symbol(name) for name in ("T", "d", "n"))


def test_convolutional_lstm() -> None:
    """By hand: 3x3 windows on 4x4 steps of 2 channels leave 2x2; 4 gates of 5 filters, input and state."""
    result = run("convlstm2d 5 3 return_state=true", (1, 7, 4, 4, 2))
    assert [tensor.shape for tensor in result.outputs] == [(1, 2, 2, 5)] * 3
    assert result.counts.params == 9 * 2 * 20 + 9 * 5 * 20 + 20
    assert result.counts.macs == 7 * 4 * (9 * 2 * 20 + 9 * 5 * 20)
    assert result.counts.elementwise == 7 * 4 * 5 * 9
    both = run("convlstm 5 3 bidirectional", (1, 7, 4, 4, 2))
    assert both.outputs[0].shape == (1, 2, 2, 10)
    assert both.counts.macs == 2 * result.counts.macs


def test_convolutional_lstm_with_channels_first_and_symbols() -> None:
    line = "convlstm n 3x5 padding=same return_sequences=true"
    assert outputs(line, (1, T, 2, 8, d), data_format="channels_first") == [(1, T, n, 8, d)]
    assert run(line, (1, T, 2, 8, d), data_format="channels_first").counts.macs == T * 8 * d * 15 * 4 * n * (2 + n)


def test_convolutional_lstm_refusals() -> None:
    assert "steps with 1 to 3 spatial axes" in (run("convlstm 5 3", (1, 7, 4)).message or "")
    assert run("convlstm 5 3", (1, 7, 2, 2)).message == "kernel 3 does not fit 2"
    both = run("convlstm 5 3 stride=2 dilation=2", (1, 7, 9, 2))
    assert [fix.label for fix in both.fixes] == ["stride=1", "dilation=1"]
    assert "Keras refuses" in (both.message or "")
    # Where only one of the two axes steps over positions the refusal is the same.
    assert run("convlstm 5 3 stride=1x2 dilation=2x1", (1, 7, 9, 9, 2)).status == "error"
