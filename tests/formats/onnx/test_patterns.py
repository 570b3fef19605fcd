"""Operators that together are one layer, against the same network written with that layer's own operator."""

from __future__ import annotations

from collections.abc import Sequence
from math import pi, sqrt
from typing import Any

import onnx
import pytest

from tests.formats.made import texts
from tests.formats.onnx.test_graph import FLOAT, model, node, shapes, stored, value
from tui.core.snapshot import Snapshot
from tui.formats.onnx.graph import read_onnx


def number(name: str, entry: float) -> Any:
    """A Constant of one number, as PyTorch's older exporter writes it: no parameter."""
    return node("Constant", [], [name], value=onnx.helper.make_tensor("t", FLOAT, [], [entry]))


def read(nodes: list[Any], shape: list[Any], weights: Sequence[Any] = (), outputs: Sequence[str] = ("y",)) -> list[str]:
    data = model(nodes, [value("x", shape)], list(outputs), weights, opset=13)
    return [text.partition(": ")[2] for text in texts(read_onnx(data, "m.onnx").lines)][1:]


def totals(nodes: list[Any], shape: list[Any], weights: Sequence[Any] = ()) -> tuple[Any, Any]:
    found = Snapshot.of(read_onnx(model(nodes, [value("x", shape)], ["y"], weights, 13), "m.onnx").lines).totals
    return found.params, found.macs


LAYER_NORM = [
    number("two", 2.0), number("eps", 1e-5),
    node("ReduceMean", ["x"], ["m"], axes=[-1]), node("Sub", ["x", "m"], ["d"]), node("Pow", ["d", "two"], ["s"]),
    node("ReduceMean", ["s"], ["v"], axes=[-1]), node("Add", ["v", "eps"], ["e"]), node("Sqrt", ["e"], ["r"]),
    node("Div", ["d", "r"], ["n"]), node("Mul", ["n", "g"], ["h"]), node("Add", ["h", "b"], ["y"]),
]  # fmt: skip
AFFINE = [stored("g", [8]), stored("b", [8])]


def test_layer_normalization() -> None:
    assert read(LAYER_NORM, [2, 5, 8], AFFINE) == ["layernorm epsilon=1e-05"]
    assert totals(LAYER_NORM, [2, 5, 8], AFFINE) == (16, 0)
    alone = [*LAYER_NORM[:-2]]
    assert read(alone, [2, 5, 8], outputs=["n"]) == ["layernorm affine=false epsilon=1e-05"]


@pytest.mark.parametrize(
    ("place", "other", "why"),
    [
        (5, node("ReduceMean", ["s"], ["v"], axes=[1]), "another axis"),
        (3, node("Sub", ["m", "x"], ["d"]), "turned round"),
        (8, node("Div", ["r", "d"], ["n"]), "turned round"),
    ],
)
def test_what_is_nearly_a_layer_normalization_stays_as_it_is(place: int, other: Any, why: str) -> None:
    nodes = [*LAYER_NORM]
    nodes[place] = other
    assert "layernorm" not in " ".join(read(nodes, [2, 8, 8], AFFINE)), why
    assert totals(nodes, [2, 8, 8], AFFINE)[0] == 16


def test_what_somebody_else_reads_stays() -> None:
    nodes = [*LAYER_NORM, node("Relu", ["d"], ["z"])]
    assert "layernorm epsilon=1e-05" not in read(nodes, [2, 5, 8], AFFINE, ["y", "z"])


def test_root_mean_square_normalization() -> None:
    nodes = [
        number("two", 2.0), number("eps", 1e-5),
        node("Pow", ["x", "two"], ["s"]), node("ReduceMean", ["s"], ["v"], axes=[-1]), node("Add", ["v", "eps"], ["e"]),
        node("Sqrt", ["e"], ["r"]), node("Reciprocal", ["r"], ["i"]), node("Mul", ["x", "i"], ["n"]),
        node("Mul", ["g", "n"], ["y"]),
    ]  # fmt: skip
    assert read(nodes, [2, 5, 8], AFFINE[:1]) == ["rmsnorm epsilon=1e-05"]
    assert totals(nodes, [2, 5, 8], AFFINE[:1]) == (8, 0)


def test_group_normalization() -> None:
    ones = onnx.helper.make_tensor("t", FLOAT, [4], [1.0] * 4)
    zeros = onnx.helper.make_tensor("t", FLOAT, [4], [0.0] * 4)
    nodes = [
        node("Constant", [], ["one"], value=ones), node("Constant", [], ["zero"], value=zeros),
        node("Shape", ["x"], ["all"]),
        node("Reshape", ["x", "split"], ["a"]), node("InstanceNormalization", ["a", "one", "zero"], ["b"]),
        node("Reshape", ["b", "all"], ["c"]), node("Mul", ["c", "g"], ["d"]), node("Add", ["d", "o"], ["y"]),
    ]  # fmt: skip
    weights = [stored("split", [3], [0, 4, -1]), stored("g", [8, 1, 1]), stored("o", [8, 1, 1])]
    assert read(nodes, [2, 8, 6, 6], weights) == ["groupnorm 4"]
    assert totals(nodes, [2, 8, 6, 6], weights) == (16, 0)


ERF = [number("c", sqrt(2)), number("one", 1.0), number("half", 0.5), node("Div", ["x", "c"], ["a"]),
       node("Erf", ["a"], ["b"]), node("Add", ["b", "one"], ["d"])]  # fmt: skip
TANH = [
    number("c", sqrt(2 / pi)), number("k", 0.044715), number("three", 3.0), number("one", 1.0), number("half", 0.5),
    node("Pow", ["x", "three"], ["q"]), node("Mul", ["q", "k"], ["u"]), node("Add", ["x", "u"], ["v"]),
    node("Mul", ["v", "c"], ["a"]), node("Tanh", ["a"], ["b"]), node("Add", ["b", "one"], ["d"]),
]  # fmt: skip


@pytest.mark.parametrize("start", [ERF, TANH])
@pytest.mark.parametrize(
    "end",
    [
        [node("Mul", ["x", "d"], ["e"]), node("Mul", ["e", "half"], ["y"])],
        [node("Mul", ["half", "d"], ["e"]), node("Mul", ["x", "e"], ["y"])],
        [node("Mul", ["x", "half"], ["e"]), node("Mul", ["e", "d"], ["y"])],
    ],
)
def test_gelu(start: list[Any], end: list[Any]) -> None:
    assert read([*start, *end], [2, 5, 8]) == ["gelu"]


@pytest.mark.parametrize(
    ("nodes", "layer"),
    [
        ([node("Sigmoid", ["x"], ["s"]), node("Mul", ["x", "s"], ["y"])], "silu"),
        ([node("HardSigmoid", ["x"], ["s"], alpha=1 / 6), node("Mul", ["s", "x"], ["y"])], "hardsilu"),
        ([node("Softplus", ["x"], ["p"]), node("Tanh", ["p"], ["t"]), node("Mul", ["x", "t"], ["y"])], "mish"),
    ],
)
def test_gates(nodes: list[Any], layer: str) -> None:
    assert read(nodes, [2, 8]) == [layer]


def test_a_gate_of_something_else_is_a_product() -> None:
    nodes = [node("Relu", ["x"], ["r"]), node("Sigmoid", ["r"], ["s"]), node("Mul", ["x", "s"], ["y"])]
    assert len(read(nodes, [2, 8])) == 3


def test_a_hard_swish_in_steps() -> None:
    nodes = [number("c3", 3.0), number("c0", 0.0), number("c6", 6.0), node("Add", ["x", "c3"], ["a"]),
             node("Clip", ["a", "c0", "c6"], ["b"])]  # fmt: skip
    both = [*nodes, node("Div", ["b", "c6"], ["d"]), node("Mul", ["x", "d"], ["y"])]
    assert read(both, [2, 8]) == ["hardsilu"]
    assert read([*nodes, node("Div", ["b", "c6"], ["y"])], [2, 8]) == ["hardsigmoid"]


def test_a_product_and_a_sum_with_initializers_are_a_dense_layer() -> None:
    nodes = [node("MatMul", ["x", "w"], ["a"]), node("Add", ["b", "a"], ["y"])]
    weights = [stored("w", [8, 3]), stored("b", [3])]
    assert read(nodes, [2, 5, 8], weights) == ["dense 3"]
    assert totals(nodes, [2, 5, 8], weights) == (8 * 3 + 3, 2 * 5 * 8 * 3)
    # A table that is added to every position is no bias.
    table = [stored("w", [8, 3]), stored("b", [5, 3])]
    assert read(nodes, [2, 5, 8], table)[0] == "dense 3 bias=false"
    assert totals(nodes, [2, 5, 8], table) == (8 * 3 + 15, 2 * 5 * 8 * 3)


def test_a_convolution_and_a_sum_are_a_convolution_with_a_bias() -> None:
    nodes = [node("Conv", ["x", "w"], ["a"]), node("Add", ["a", "b"], ["y"])]
    weights = [stored("w", [4, 3, 3, 3]), stored("b", [1, 4, 1, 1])]
    assert read(nodes, [1, 3, 8, 8], weights) == ["conv 4 3x3"]
    assert totals(nodes, [1, 3, 8, 8], weights) == (4 * 27 + 4, 4 * 27 * 36)


def attention(turn: list[int], shape: str, mask: bool = False) -> list[Any]:
    """q, k and v of 3 heads of 4, as PyTorch writes scaled_dot_product_attention; k is turned round at once."""
    nodes = [node("Reshape", ["x", "heads"], ["h"]), node("Transpose", ["h"], ["q"], perm=[0, 2, 1, 3])]
    nodes += [node("Transpose", ["h"], ["k"], perm=turn), node("Transpose", ["h"], ["v"], perm=[0, 2, 1, 3])]
    nodes += [number("s", 0.7), node("Mul", ["q", "s"], ["qs"]), node("Mul", ["k", "s"], ["ks"])]
    nodes += [node("MatMul", ["qs", "ks"], ["p"])]
    nodes += [node("Add", ["p", "mask"], ["pm"])] if mask else []
    return [*nodes, node("Softmax", ["pm" if mask else "p"], ["w"], axis=-1), node("MatMul", ["w", "v"], [shape])]


def test_attention() -> None:
    heads = stored("heads", [4], [0, 0, 3, 4])
    nodes = attention([0, 2, 3, 1], "y")
    found = read(nodes, [2, 5, 12], [heads])
    # Two products of 5 by 5 scores with 4 features, 3 heads, 2 examples.
    assert found[-1].startswith("attention @")
    assert "softmax" not in " ".join(found)
    assert totals(nodes, [2, 5, 12], [heads]) == (0, 2 * 3 * 2 * 5 * 5 * 4)
    assert shapes(model(nodes, [value("x", [2, 5, 12])], ["y"], [heads], 13)) == [(2, 3, 5, 4)]
    masked = [heads, stored("mask", [5, 5])]
    assert read(attention([0, 2, 3, 1], "y", True), [2, 5, 12], masked)[-1].startswith("attention mask=true @")


def test_a_softmax_over_another_axis_is_no_attention() -> None:
    heads = stored("heads", [4], [0, 0, 3, 4])
    nodes = attention([0, 2, 3, 1], "y")
    nodes[-2] = node("Softmax", ["p"], ["w"], axis=1)
    assert "attention" not in " ".join(read(nodes, [2, 5, 12], [heads]))
    assert totals(nodes, [2, 5, 12], [heads]) == (0, 2 * 3 * 2 * 5 * 5 * 4)


def test_numbers_that_a_pattern_takes_in_still_count_where_they_are_initializers() -> None:
    """The count of a model does not hang on what is recognised in it."""
    nodes = [*LAYER_NORM[1:]]
    two = onnx.helper.make_tensor("two", FLOAT, [], [2.0])
    assert read(nodes, [2, 5, 8], [*AFFINE, two]) == ["input 5x8", "layernorm epsilon=1e-05"]
    assert totals(nodes, [2, 5, 8], [*AFFINE, two]) == (17, 0)
