"""Keras's layers that hold another layer, written in front of a kind."""

from __future__ import annotations

import pytest

from tui.core.snapshot import Snapshot
from tui.formats.document import parse_document
from tui.formats.line import parse_line


@pytest.mark.parametrize(
    ("typed", "canonical"),
    [
        ("Bidirectional lstm 128", "lstm 128 bidirectional=true"),
        ("keras.layers.Bidirectional GRU units=8 merge_mode=sum", "gru 8 bidirectional=true merge_mode=sum"),
        ("a: TimeDistributed Dense 10 @b", "a: dense 10 timedistributed=true @b"),
        ("timedistributed bidirectional lstm 8", "lstm 8 bidirectional=true timedistributed=true"),
    ],
)
def test_a_wrapper_is_an_argument_of_the_kind_behind_it(typed: str, canonical: str) -> None:
    assert (parse_line(typed).text, parse_line(typed).error) == (canonical, None)


@pytest.mark.parametrize(
    ("typed", "message", "span"),
    [
        ("Bidirectional dense 8", "bidirectional is for recurrent layers such as lstm; dense is none", (0, 13)),
        ("TimeDistributed", "timedistributed needs the layer that it wraps: timedistributed lstm 8", (15, 15)),
        ("Bidirectional Bidirectional lstm 8", "bidirectional is given twice", (14, 27)),
        ("Bidirectional lstm 8 bidirectional=false", "bidirectional is given twice", (21, 40)),
    ],
)
def test_a_wrapper_that_wraps_nothing_fit_is_told(typed: str, message: str, span: tuple[int, int]) -> None:
    error = parse_line(typed).error
    assert error is not None
    assert (error.message, error.span) == (message, span)


def test_a_wrapped_lstm_has_two_of_keras() -> None:
    """keras.layers.LSTM(128) on 50x64 has 98,816 parameters (Keras 3.15.1), and Bidirectional has two of it."""
    snapshot = Snapshot.of(parse_document("input 50x64\nBidirectional LSTM 128"))
    assert snapshot.totals.params == 2 * 98_816


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("nn.LSTM 64 128", "nn.LSTM takes input_size first, lstm takes units, layers: write input_size=64"),
        (
            "nn.MultiheadAttention 64 8",
            "nn.MultiheadAttention takes embed_dim first, multiheadattention takes heads, key_dim: write embed_dim=64",
        ),
    ],
)
def test_numbers_in_the_order_of_pytorch_are_not_read_in_ours(typed: str, told: str) -> None:
    error = parse_line(typed).error
    assert error is not None
    assert error.message == told
    assert parse_line(typed.removeprefix("nn.")).error is None
