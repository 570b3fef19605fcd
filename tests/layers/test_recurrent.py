"""Recurrent layers: counts measured in the frameworks or done by hand, layouts, states, refusals.

G gates, I input width, H units: Keras keeps ``G*(I*H + H*H + H)`` parameters, PyTorch ``G*(I*H + H*H + 2*H)``.
Numbers for 64 to 128 and 4 to 5 were measured in Keras 3.15.1 and torch 2.13.0 (the second: tensorflow#43960).
"""

from __future__ import annotations

import pytest

from tests.layers.sequence_layers import explained_macs, outputs, run
from tui.core.errors import Fix
from tui.core.size import bind, symbol
from tui.formats.line import parse_line, with_args
from tui.layers import kind_named

T, d, h, n = (symbol(name) for name in ("T", "d", "h", "n"))


@pytest.mark.parametrize(
    ("line", "counting", "params"),
    [
        ("lstm 128", "keras", 98_816),
        ("lstm 128", "pytorch", 99_328),
        ("lstm 128", "onnx", 99_328),
        ("gru 128", "keras", 74_496),
        ("gru 128", "pytorch", 74_496),
        ("gru 128 reset_after=false", "keras", 74_112),
        ("gru 128 reset_after=false", "pytorch", 74_496),
        ("rnn 128", "keras", 24_704),
        ("rnn 128", "pytorch", 24_832),
        ("lstm 128 bias_vectors=2", "keras", 99_328),
        ("lstm 128 bias_vectors=1", "pytorch", 98_816),
        ("lstm 128 nobias", "pytorch", 4 * 128 * (64 + 128)),
        ("lstm 128 bidirectional", "keras", 2 * 98_816),
        ("lstm 128 2", "pytorch", 99_328 + 4 * (128 * 128 + 128 * 128 + 2 * 128)),
        ("lstm 128 2 bidirectional", "pytorch", 2 * 99_328 + 2 * 4 * (256 * 128 + 128 * 128 + 2 * 128)),
        ("lstm 128 peephole=true", "onnx", 99_328 + 3 * 128),
        ("lstm 128 proj_size=32", "pytorch", 4 * 128 * (64 + 32 + 2) + 128 * 32),
    ],
)
def test_parameters_from_64_to_128(line: str, counting: str, params: int) -> None:
    assert run(line, (1, 50, 64), counting=counting).counts.trainable == params


@pytest.mark.parametrize(("line", "params"), [("gru 5", 165), ("gru 5 reset_after=false", 150)])
def test_the_two_biases_of_a_gru(line: str, params: int) -> None:
    assert run(line, (1, 7, 4)).counts.params == params


@pytest.mark.parametrize(
    ("line", "macs"),
    [
        ("lstm 128", 4_915_200),
        ("gru 128", 3_686_400),
        ("rnn 128", 50 * 128 * (64 + 128)),
        ("lstm 128 bidirectional", 2 * 4_915_200),
        ("lstm 128 proj_size=32", 50 * (4 * 128 * (64 + 32) + 128 * 32)),
        ("lstm 128 2 bidirectional", 2 * 4_915_200 + 50 * 2 * 4 * 128 * (256 + 128)),
    ],
)
def test_macs_of_50_steps_from_64_to_128(line: str, macs: int) -> None:
    assert run(line, (1, 50, 64)).counts.macs == macs
    assert run(line, (3, 50, 64)).counts.macs == 3 * macs


def test_elementwise_operations_of_a_step() -> None:
    """An LSTM: 4 gate functions, tanh, 3 products, 1 sum for each unit; a GRU 3 and 1 and 4; a simple RNN 1."""
    found = [run(f"{kind} 10", (2, 5, 3)).counts.elementwise for kind in ("lstm", "gru", "rnn")]
    assert found == [2 * 5 * 10 * 9, 2 * 5 * 10 * 8, 2 * 5 * 10]
    assert run("lstm 10 peephole=true", (2, 5, 3)).counts.elementwise == 2 * 5 * 10 * 12


def test_everything_may_be_a_symbol() -> None:
    result = run("lstm h", (1, T, d))
    assert result.outputs[0].shape == (1, h)
    assert result.counts.params == 4 * (d * h + h * h + h)
    assert result.counts.macs == 4 * T * h * (d + h)
    stacked = run("lstm h layers=n return_state=true states=stacked", (1, T, d), counting="pytorch")
    assert [tensor.shape for tensor in stacked.outputs] == [(1, h), (n, 1, h), (n, 1, h)]
    for layers in (1, 2, 5):
        numbers = run(f"lstm 3 layers={layers}", (1, 4, 2), counting="pytorch").counts
        bound = [bind(count, {"n": layers, "h": 3, "d": 2, "T": 4}) for count in stacked.counts]
        assert bound == list(numbers)


def test_the_working_reads_as_the_formula() -> None:
    assert explained_macs("lstm 128", (1, 50, 64)) == "L*(C*4*units + units*4*units)"
    assert explained_macs("lstm 128 bias_vectors=2", (1, 50, 64)) == "L*(C*4*units + units*4*units)"
    assert explained_macs("rnn 128 bidirectional", (1, 50, 64)) == "L*(2*C*units + 2*units*units)"
    assert (
        explained_macs("stackedrnn lstm:8,gru:4", (1, 50, 64))
        == "L*(C*4*units0 + units0*4*units0 + units0*3*units1 + units1*3*units1)"
    )


@pytest.mark.parametrize(
    ("words", "shapes"),
    [
        # Keras: the last step, or every step; the states one by one, the forward ones first.
        ("", [(2, 8)]),
        ("return_sequences=true", [(2, 5, 8)]),
        ("sequences return_state", [(2, 5, 8), (2, 8), (2, 8)]),
        ("bidirectional", [(2, 16)]),
        ("bidirectional merge_mode=ave", [(2, 8)]),
        ("bidirectional merge_mode=none", [(2, 8), (2, 8)]),
        ("bidirectional return_state", [(2, 16), (2, 8), (2, 8), (2, 8), (2, 8)]),
        # PyTorch: every step, the states of all layers and directions in one tensor, the batch in the middle.
        ("sequences return_state states=stacked layers=3 bidirectional", [(2, 5, 16), (6, 2, 8), (6, 2, 8)]),
        ("sequences return_state states=stacked proj_size=3", [(2, 5, 3), (1, 2, 3), (1, 2, 8)]),
        # ONNX with layout=1: an axis for the directions after the steps, the batch first everywhere.
        ("sequences return_state direction_axis=true layout=1", [(2, 5, 1, 8), (2, 1, 8), (2, 1, 8)]),
        ("return_state direction_axis=true bidirectional", [(2, 2, 8), (2, 2, 8)]),
        ("direction_axis=true", [(2, 1, 8)]),
    ],
)
def test_outputs_of_an_lstm_with_the_batch_first(words: str, shapes: list[tuple[int, ...]]) -> None:
    assert outputs(f"lstm 8 {words}", (2, 5, 3)) == shapes


@pytest.mark.parametrize(
    ("line", "shapes"),
    [
        ("gru 8 sequences return_state states=stacked", [(5, 2, 8), (1, 2, 8)]),
        ("gru 8", [(2, 8)]),
        ("gru 8 sequences return_state direction_axis=true bidirectional", [(5, 2, 2, 8), (2, 2, 8)]),
    ],
)
def test_outputs_with_the_steps_first(line: str, shapes: list[tuple[int, ...]]) -> None:
    assert outputs(f"{line} batch_first=false", (5, 2, 3)) == shapes


def test_one_sequence_without_a_batch() -> None:
    """As PyTorch reads two axes: 5 steps of 21 features, three layers."""
    line = "lstm 18 3 unbatched=true sequences return_state states=stacked nobias"
    assert outputs(line, (5, 21)) == [(5, 18), (3, 18), (3, 18)]
    assert run(line, (5, 21)).counts.macs == 5 * 4 * 18 * (21 + 18 + 2 * (18 + 18))


def test_a_decoder_starts_from_the_states_of_an_encoder() -> None:
    line = "lstm 8 return_sequences=true"
    assert outputs(line, (2, 5, 3), (2, 8), (2, 8)) == [(2, 5, 8)]
    assert run(line, (2, 5, 3), (2, 8), (2, 9)).message == "initial state 2 of lstm is 2x9, the state is 2x8"
    assert run("gru 8", (2, 5, 3), (2, 8), (2, 8)).message == "gru starts from at most 1 states, it is given 2"
    assert outputs("gru 8 2 states=stacked", (2, 5, 3), (2, 2, 8)) == [(2, 8)]
    alone = run("gru 8 unbatched=true", (5, 3), (9,))
    assert alone.message == "initial state 1 of gru is 9, the state is 8"
    assert run(line, (2, 5, 3), ()).message == "initial state 1 of lstm is a scalar, the state is 2x8"


@pytest.mark.parametrize(
    ("line", "shape", "message", "fixes"),
    [
        ("lstm 8", (1, 5), "lstm reads 3 axes (batch, steps and features), it gets 2", ["unbatched=true"]),
        ("lstm 8", (1, 5, 6, 7), "lstm reads 3 axes (batch, steps and features), it gets 4", ["timedistributed=true"]),
        ("lstm 8 unbatched=true", (1, 5, 6), "lstm reads 2 axes (steps and features), it gets 3", []),
        ("lstm 8 input_size=6", (1, 5, 7), "lstm has input_size=6, the input has width 7", ["input_size=7"]),
        ("lstm 8 proj_size=8", (1, 5, 6), "proj_size=8 must be below the 8 units", ["proj_size=0"]),
        (
            "gru 8 bidirectional reverse",
            (1, 5, 6),
            "a bidirectional gru reads both ways; go_backwards=true would make both the same",
            ["go_backwards=false"],
        ),
        (
            "gru 8 layers=n return_state=true",
            (1, 5, 6),
            "the states of n layers cannot be tensors of their own",
            ["states=stacked"],
        ),
        (
            "gru 8 2 direction_axis=true",
            (1, 5, 6),
            "direction_axis=true is the form of ONNX, which has no stacked layers",
            ["direction_axis=false", "layers=1"],
        ),
    ],
)
def test_refusals_say_what_to_do(line: str, shape: tuple[int, ...], message: str, fixes: list[str]) -> None:
    result = run(line, shape, counting="pytorch")
    assert (result.status, result.message) == ("error", message)
    assert [fix.label for fix in result.fixes] == fixes


def test_a_fix_makes_the_line_fit() -> None:
    line = parse_line("lstm 8")
    (fix,) = run("lstm 8", (1, 5, 6, 7)).fixes
    assert isinstance(fix, Fix)
    assert with_args(line, fix.args) == "lstm 8 timedistributed=true"
    assert outputs(with_args(line, fix.args), (1, 5, 6, 7)) == [(1, 5, 8)]


@pytest.mark.parametrize(
    ("line", "counting", "named"),
    [
        ("lstm 8 2", "keras", "only PyTorch stacks layers"),
        ("lstm 8 proj_size=3", "onnx", "only PyTorch projects the state"),
        ("lstm 8 peephole=true", "pytorch", "only ONNX has it"),
        ("lstm 8 bidirectional merge_mode=sum", "pytorch", "only Keras has it"),
    ],
)
def test_what_only_one_framework_has_is_remarked_elsewhere(line: str, counting: str, named: str) -> None:
    result = run(line, (1, 5, 6), counting=counting)
    assert result.status == "warning"
    assert named in (result.message or "")


def test_units_of_0_are_refused_where_they_stand() -> None:
    error = parse_line("lstm 0").error
    assert error is not None
    assert (error.message, error.span) == ("units: 0 is not a whole number of at least 1", (5, 6))


def test_a_unit_reads_the_whole_sequence() -> None:
    for line, shape in (("gru 8", (1, 5, 3)), ("convlstm 8 3", (1, 5, 9, 3)), ("grucell 8", (1, 3))):
        assert run(line, shape).reach is None


@pytest.mark.parametrize(
    ("name", "kind", "rank"),
    [
        ("nn.RNN", "rnn", None), ("nn.LSTM", "lstm", None), ("nn.GRU", "gru", None), ("nn.RNNCell", "rnncell", None),
        ("nn.LSTMCell", "lstmcell", None), ("nn.GRUCell", "grucell", None), ("SimpleRNN", "rnn", None),
        ("keras.layers.LSTM", "lstm", None), ("SimpleRNNCell", "rnncell", None),
        ("StackedRNNCells", "stackedrnn", None), ("ConvLSTM1D", "convlstm", 1), ("ConvLSTM2D", "convlstm", 2),
        ("ConvLSTM3D", "convlstm", 3),
    ],
)  # fmt: skip
def test_the_names_of_the_frameworks_are_read(name: str, kind: str, rank: int | None) -> None:
    named = kind_named(name)
    assert named is not None
    assert (named[0].name, named[1]) == (kind, rank)


def test_the_arguments_of_the_frameworks_are_read() -> None:
    torch = "nn.LSTM input_size=3 hidden_size=8 num_layers=2 bias=True batch_first=False dropout=0.1 proj_size=2"
    assert parse_line(torch).text == "lstm 8 2 proj_size=2 bias=true input_size=3 batch_first=false dropout=0.1"
    keras = "GRU units=8 use_bias=False activation=relu recurrent_activation=hard_sigmoid recurrent_dropout=0.1"
    assert parse_line(keras).error is None
    assert parse_line("GRU hidden_size=8 linear_before_reset=1 layout=0").text == (
        "gru 8 reset_after=true batch_first=false"
    )
