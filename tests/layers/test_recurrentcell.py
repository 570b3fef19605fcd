"""Recurrent cells on their own, and cells stacked in one layer."""

from __future__ import annotations

from typing import Any

import pytest

from tests.layers.sequence_layers import layer, outputs, run
from tui.formats.line import parse_line


@pytest.mark.parametrize(
    ("line", "counting", "shapes", "params", "macs"),
    [
        # torch 2.13.0: RNNCell(5, 13) 260 parameters, GRUCell(13, 13) 1,092; an LSTMCell(4, 8) by hand
        ("rnncell 13", "pytorch", [(2, 13)], 260, 468),
        ("lstmcell 13", "pytorch", [(2, 13), (2, 13)], 4 * 13 * (5 + 13 + 2), 2 * 4 * 13 * (5 + 13)),
        ("grucell 13", "keras", [(2, 13)], 3 * 13 * (5 + 13 + 2), 2 * 3 * 13 * (5 + 13)),
        ("grucell 13 reset_after=false", "keras", [(2, 13)], 3 * 13 * (5 + 13 + 1), 2 * 3 * 13 * (5 + 13)),
    ],
)
def test_cells_make_one_step(line: str, counting: str, shapes: list[tuple[int, ...]], params: int, macs: int) -> None:
    result = run(line, (2, 5), counting=counting)
    assert [tensor.shape for tensor in result.outputs] == shapes
    assert (result.counts.params, result.counts.macs) == (params, macs)


def test_cells_without_a_batch_and_with_states() -> None:
    assert outputs("lstmcell 8", (5,)) == [(8,), (8,)]
    assert outputs("lstmcell 8", (2, 5), (2, 8), (2, 8)) == [(2, 8), (2, 8)]
    assert run("grucell 8", (2, 5), (2, 7)).message == "initial state 1 of grucell is 2x7, the state is 2x8"
    assert "a sequence is for gru" in (run("grucell 8", (2, 5, 6)).message or "")


def test_cells_that_are_stacked_in_one_layer() -> None:
    """Keras 3.15.1: RNN of SimpleRNNCell(20) and LSTMCell(6) on (7, 11) has 1,288 parameters and 8,708 MACs."""
    result = run("stackedrnn simplernn:20,lstmcell:6", (1, 7, 11))
    assert result.outputs[0].shape == (1, 6)
    assert (result.counts.params, result.counts.macs) == (1_288, 8_708)
    assert outputs("stackedrnn rnn:2,lstm:6 sequences return_state", (1, 7, 11)) == [
        (1, 7, 6), (1, 2), (1, 6), (1, 6)]  # fmt: skip


def test_a_wrong_word_of_a_list_of_cells_is_marked_in_the_line() -> None:
    for line, word in (("stackedrnn lstm:32,gru:16:nobais", "nobais"), ("stackedrnn lstm:32,gur:16", "gur:16"),
                       ("stackedrnn lstm:32,gru:0", "0")):  # fmt: skip
        error = parse_line(line).error
        assert error is not None
        assert line[slice(*error.span)] == word


def test_the_list_of_cells_is_read_and_written() -> None:
    line = parse_line("stackedrnn LSTMCell:2*k,gru:4:reset_before:nobias")
    assert line.text == "stackedrnn lstm:2*k,gru:4:nobias:reset_before"
    assert line.spec is not None
    assert line.spec.symbols() == {"k"}
    made: Any = line.spec.kind.make(line.spec.args, layer("lstm 1").settings, {"k": 5})
    assert [cell.units for cell in made.cells.cells] == [10, 4]
    for text, message in (
        ("stackedrnn lsm:4", "cells: 'lsm' is no cell; did you mean lstm?"),
        ("stackedrnn lstm:4,gru", "cells: gru needs its units, such as gru:32"),
        ("stackedrnn lstm:4:bias", "cells: 'bias' is not nobias or reset_before"),
        ("stackedrnn lstm:0", "cells: 0 is not a whole number of at least 1"),
    ):
        error = parse_line(text).error
        assert error is not None
        assert error.message == message
