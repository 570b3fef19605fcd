"""Parts of one layer in ONNX graphs that other programs write; counts by hand, forms from PyTorch 2.14's exporters."""

from __future__ import annotations

from typing import Any

import onnx
import pytest

from tests.formats.onnx.test_graph import FLOAT, model, node, shapes, stored, value
from tui.core.snapshot import Snapshot
from tui.formats.onnx.graph import read_onnx


def lines(data: bytes) -> list[str]:
    return [line.code.partition(": ")[2] for line in read_onnx(data, "m.onnx").lines if line.is_layer]


def totals(data: bytes) -> tuple[Any, Any]:
    found = Snapshot.of(read_onnx(data, "m.onnx").lines).totals
    return found.params, found.macs


def recurrent(operator: str, gates: int, bias: Any, after: list[Any], **attributes: Any) -> bytes:
    """A layer of 4 units that reads 3 features of 5 steps, batch first, with biases as they are given."""
    nodes = [node("Transpose", ["x"], ["t"], perm=[1, 0, 2]), *bias]
    nodes += [node(operator, ["t", "w", "r", "b"], ["s", "h"], hidden_size=4, **attributes), *after]
    weights = [stored("w", [1, 4 * gates, 3]), stored("r", [1, 4 * gates, 4]), stored("step", [1], [1]),
               stored("zero", [1], [0])]  # fmt: skip
    weights += [stored("b" if not bias else "half", [1, 4 * gates * (1 if bias else 2)])]
    return model(nodes, [value("x", [2, 5, 3])], ["y"], weights)


def zeros(count: int) -> Any:
    tensor = onnx.helper.make_tensor("t", FLOAT, [1, count], [0.0] * count)
    return node("Constant", [], ["none"], value=tensor)


LAST = [node("Squeeze", ["h", "zero"], ["y"])]
EVERY = [node("Squeeze", ["s", "step"], ["q"]), node("Transpose", ["q"], ["y"], perm=[1, 0, 2])]


@pytest.mark.parametrize(
    ("operator", "gates", "kind"), [("LSTM", 4, "lstm 4"), ("GRU", 3, "gru 4"), ("RNN", 1, "rnn 4")]
)
def test_recurrent_layers_have_the_layout_of_the_frameworks(operator: str, gates: int, kind: str) -> None:
    given = {"linear_before_reset": 1} if operator == "GRU" else {}
    every = recurrent(operator, gates, [], EVERY, **given)
    assert lines(every)[1:] == [f"{kind} return_sequences=true"]
    assert shapes(every) == [(2, 5, 4)]
    last = recurrent(operator, gates, [], LAST, **given)
    assert lines(last)[1:] == [kind]
    assert shapes(last) == [(2, 4)]
    macs = 2 * 5 * gates * 4 * (3 + 4)
    assert totals(last) == totals(every) == (gates * 4 * (3 + 4 + 2), macs)


def test_a_second_bias_of_constant_zeros_is_no_weight() -> None:
    """As Keras's layers with one bias vector are converted: 4*4*(3 + 4 + 1) weights of an LSTM."""
    joined = [zeros(16), node("Concat", ["half", "none"], ["b"], axis=1)]
    data = recurrent("LSTM", 4, joined, LAST)
    assert lines(data)[1:] == ["lstm 4 bias_vectors=1"]
    assert totals(data)[0] == 4 * 4 * (3 + 4 + 1)
    gru = recurrent("GRU", 3, [zeros(12), node("Concat", ["half", "none"], ["b"], axis=1)], LAST)
    assert lines(gru)[1:] == ["gru 4 bias_vectors=1 reset_after=false"]
    assert totals(gru)[0] == 3 * 4 * (3 + 4 + 1)


def test_the_steps_may_come_first() -> None:
    nodes = [node("LSTM", ["x", "w", "r", "b"], ["s"], hidden_size=4), node("Squeeze", ["s", "step"], ["y"])]
    weights = [stored("w", [1, 16, 3]), stored("r", [1, 16, 4]), stored("b", [1, 32]), stored("step", [1], [1])]
    data = model(nodes, [value("x", [5, 2, 3])], ["y"], weights)
    assert lines(data)[1:] == ["lstm 4 return_sequences=true batch_first=false"]
    assert shapes(data) == [(5, 2, 4)]


def test_outputs_that_somebody_else_reads_keep_the_form_of_onnx() -> None:
    data = recurrent("LSTM", 4, [], [*LAST, node("Relu", ["h"], ["z"])])
    assert "direction_axis=true" in lines(data)[2]


@pytest.mark.parametrize(
    ("attributes", "said"),
    [
        ({"activations": ["Sigmoid", "Relu", "Relu"]}, " activation=relu"),
        ({"activations": ["HardSigmoid", "Tanh", "Tanh"], "activation_alpha": [1 / 6], "activation_beta": [0.5]},
         " recurrent_activation=hardsigmoid"),
        ({"activations": ["HardSigmoid", "Tanh", "Tanh"], "activation_alpha": [0.2], "activation_beta": [0.5]}, ""),
        ({"activations": ["Sigmoid", "Tanh", "Relu"]}, ""),
    ],
)  # fmt: skip
def test_functions_of_a_cell_are_kept_where_one_word_says_them(attributes: dict[str, Any], said: str) -> None:
    assert lines(recurrent("LSTM", 4, [], LAST, **attributes))[1:] == [f"lstm 4{said}"]


def packed(last: bool = True) -> bytes:
    """torch.nn.MultiheadAttention(12, 3, batch_first=True) of one sequence, as PyTorch's exporter writes it."""
    nodes = [
        node("Transpose", ["x"], ["t"], perm=[1, 0, 2]), node("MatMul", ["t", "w"], ["m"]),
        node("Add", ["b", "m"], ["p"]),
        node("Reshape", ["p", "apart"], ["a"]), node("Unsqueeze", ["a", "zero"], ["u"]),
        node("Transpose", ["u"], ["v"], perm=[3, 1, 2, 0, 4]), node("Squeeze", ["v", "three"], ["s"]),
    ]  # fmt: skip
    for index, name in enumerate("qkv"):
        nodes += [
            node("Gather", ["s", f"i{index}"], [f"{name}0"], axis=0),
            node("Reshape", [f"{name}0", "heads"], [f"{name}1"]),
            node("Transpose", [f"{name}1"], [f"{name}2"], perm=[1, 0, 2]),
            node("Reshape", [f"{name}2", "split"], [f"{name}3"]),
        ]  # fmt: skip
    scale = node("Constant", [], ["c"], value=onnx.helper.make_tensor("t", FLOAT, [], [0.7]))
    nodes += [
        node("Transpose", ["k3"], ["kt"], perm=[0, 1, 3, 2]), scale, node("Mul", ["q3", "c"], ["qs"]),
        node("Mul", ["kt", "c"], ["ks"]), node("MatMul", ["qs", "ks"], ["e"]), node("Softmax", ["e"], ["f"], axis=-1),
        node("MatMul", ["f", "v3"], ["g"]), node("Transpose", ["g"], ["h"], perm=[2, 0, 1, 3]),
        node("Reshape", ["h", "flat"], ["j"]), node("Gemm", ["j", "o", "ob"], ["l"], transB=1),
        node("Reshape", ["l", "steps"], ["n"]), node("Transpose", ["n"], ["y"], perm=[1, 0, 2]),
    ]  # fmt: skip
    numbers = {"apart": [5, 1, 3, 12], "heads": [5, 3, 4], "split": [1, 3, 5, 4], "flat": [5, 12], "steps": [5, 1, 12]}
    weights = [stored(name, [len(entries)], entries) for name, entries in numbers.items()]
    weights += [stored("zero", [1], [0]), stored("three", [1], [3]), *(stored(f"i{i}", [], [i]) for i in range(3))]
    weights += [stored("w", [12, 36]), stored("b", [36]), stored("o", [12, 12]), stored("ob", [12])]
    return model(nodes, [value("x", [1, 5, 12])], ["y"] if last else ["y", "e"], weights)


def test_attention_with_its_projections_side_by_side() -> None:
    """4*12*12 + 4*12 weights; 5 steps by each matrix, and 2 products of 5 by 5 by 12 (PyTorch counts the same)."""
    assert lines(packed()) == ["input 5x12", "multiheadattention 3"]
    assert totals(packed()) == (4 * 144 + 48, 5 * 4 * 144 + 2 * 25 * 12)
    assert shapes(packed()) == [(1, 5, 12)]


def test_attention_whose_scores_somebody_else_reads_stays_in_parts() -> None:
    assert "multiheadattention 3" not in lines(packed(False))
    assert totals(packed(False)) == totals(packed())


def test_numbers_of_32_bits_are_the_decimals_that_were_written() -> None:
    nodes = [node("LeakyRelu", ["x"], ["a"], alpha=0.1), node("Elu", ["a"], ["b"], alpha=1.0),
             node("Clip", ["b", "low", "high"], ["c"]), node("LeakyRelu", ["c"], ["d"]),
             node("Dropout", ["d", "p"], ["y"])]  # fmt: skip
    bounds = [node("Constant", [], [name], value=onnx.helper.make_tensor("t", FLOAT, [], [number]))
              for name, number in (("low", -0.3), ("high", 6.0), ("p", 0.2))]  # fmt: skip
    data = model([*bounds, *nodes], [value("x", [2, 8])], ["y"])
    assert lines(data)[1:] == ["leakyrelu 0.1", "elu", "clip min=-0.3 max=6", "leakyrelu 0.01", "dropout 0.2"]


def test_a_weight_for_each_channel_is_a_layer_scale_and_another_one_is_not() -> None:
    nodes = [node("Mul", ["x", "g"], ["y"])]
    image = [value("x", [1, 4, 5, 6])]
    assert lines(model(nodes, image, ["y"], [stored("g", [4, 1, 1])]))[1:] == ["layerscale"]
    assert lines(model(nodes, image, ["y"], [stored("g", [6])]))[1:] == ["parameter 6", "multiply @x @g"]


def test_a_layer_that_is_called_again_stays_what_it_is() -> None:
    """The function behind its first call is no part of it: behind the second there is none."""
    nodes = [node("MatMul", ["x", "w"], ["l/m"]), node("Relu", ["l/m"], ["a"]), node("MatMul", ["a", "w"], ["y"])]
    nodes[0].name, nodes[1].name = "l/m", "l/relu"
    data = model(nodes, [value("x", [2, 8])], ["y"], [stored("w", [8, 8])])
    assert lines(data) == ["input 8", "dense 8 bias=false", "relu", "call l.m"]
    assert totals(data) == (64, 2 * 2 * 64)
