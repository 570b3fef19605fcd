"""Networks with the channels last behind transpositions, as tf2onnx writes Keras's and TensorFlow's.

tf2onnx names operators by TensorFlow's scopes (``model/conv2d/Conv2D``), turns images before each operator that wants
the channels behind the batch and back after it, and drops pairs that cancel. Counts are by hand.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import onnx
import pytest

from tests.formats.onnx.test_graph import model, shapes, stored, value
from tui.core.snapshot import Snapshot
from tui.formats.onnx.graph import read_model, read_onnx

FIRST, LAST = [0, 3, 1, 2], [0, 2, 3, 1]


def node(operator: str, inputs: list[str], outputs: list[str], scope: str = "", **attributes: Any) -> Any:
    name = f"{scope}/{operator}" if scope else f"{operator}_{outputs[0]}"
    return onnx.helper.make_node(operator, inputs, outputs, name=name, **attributes)


def turn(source: str, made: str, perm: list[int]) -> Any:
    return node("Transpose", [source], [made], perm=perm)


def codes(data: bytes) -> list[str]:
    return [line.code for line in read_onnx(data, "m.onnx").lines if line.is_layer]


def grades(data: bytes, place: str) -> list[str]:
    return [notice.grade for notice in read_onnx(data, "m.onnx").notices if notice.place == place]


IMAGE = [value("x", ["N", 8, 10, 3])]
KERNEL = [stored("m/conv/kernel", [4, 3, 3, 3]), stored("m/conv/bias", [4])]
CONV = node("Conv", ["t", "m/conv/kernel", "m/conv/bias"], ["c"], "m/conv", pads=[1, 1, 1, 1])


def test_a_small_keras_network() -> None:
    nodes = [
        turn("x", "t", FIRST), CONV, node("Relu", ["c"], ["r"], "m/conv"),
        node("MaxPool", ["r"], ["p"], "m/pool", kernel_shape=[2, 2], strides=[2, 2]),
        turn("p", "q", LAST), node("Reshape", ["q", "shape"], ["f"], "m/flatten"),
        node("MatMul", ["f", "m/dense/kernel"], ["d"], "m/dense"), node("Add", ["d", "b"], ["e"], "m/dense"),
        node("Softmax", ["e"], ["y"], "m/dense"),
    ]  # fmt: skip
    weights = [*KERNEL, stored("shape", [2], [-1, 80]), stored("m/dense/kernel", [80, 5]), stored("b", [5])]
    data = model(nodes, IMAGE, ["y"], weights)
    lines = [code.partition(": ")[2] for code in codes(data)]
    assert lines == ["input 8x10x3", "conv 4 3x3 padding=1 activation=relu", "maxpool 2x2",
                     "flatten", "dense 5 activation=softmax"]  # fmt: skip
    found = Snapshot.of(read_onnx(data, "m.onnx").lines)
    assert found.settings.data_format == "channels_last"
    assert found.totals.params == 4 * 27 + 4 + 80 * 5 + 5
    assert found.totals.macs == 4 * 27 * 80 + 400
    assert grades(data, "data_format") == ["folded"]
    assert shapes(data) == [(1, 5)]


def _pipeline(middle: Sequence[Any], made: str, weights: Sequence[Any] = ()) -> bytes:
    nodes = [turn("x", "t", FIRST), CONV, *middle, turn(made, "y", LAST)]
    return model(nodes, IMAGE, ["y"], [*KERNEL, *weights])


SIZES = stored("ones", [1, 4, 1, 1])
CASES: list[tuple[list[Any], str, list[Any], list[str]]] = [
    ([node("Softmax", ["c"], ["s"], axis=1)], "s", [], ["softmax"]),
    ([node("Softmax", ["c"], ["s"], axis=3)], "s", [], ["softmax axis=2"]),
    ([node("Concat", ["c", "c"], ["s"], axis=1)], "s", [], ["concat @m.conv @m.conv"]),
    ([node("Concat", ["c", "c"], ["s"], axis=2)], "s", [], ["concat axis=1 @m.conv @m.conv"]),
    ([node("Mul", ["c", "ones"], ["s"])], "s", [SIZES], ["layerscale"]),
    ([node("GlobalAveragePool", ["c"], ["g"]), node("Mul", ["c", "g"], ["s"])], "s", [],
     ["globalavgpool keepdims=true", "multiply @m.conv @GlobalAveragePool_g"]),
    ([node("Pad", ["c", "pads"], ["s"])], "s", [stored("pads", [8], [0, 0, 1, 2, 0, 0, 3, 4])],
     ["pad 0:0x1:3x2:4x0:0"]),
    ([node("Slice", ["c", "a", "b", "axes"], ["s"])], "s",
     [stored("a", [1], [1]), stored("b", [1], [5]), stored("axes", [1], [2])], ["slice start=1 end=5 axis=1"]),
    ([node("ReduceMean", ["c", "space"], ["s"], keepdims=1)], "s", [stored("space", [2], [2, 3])], ["reducemean 1,2"]),
    ([node("PRelu", ["c", "slope"], ["s"])], "s", [stored("slope", [4, 1, 1])], ["prelu slope=1x1x4"]),
    ([node("Conv", ["c", "w"], ["s"], group=4)], "s", [stored("depthwise_kernel", [4, 1, 3, 3])], []),
]  # fmt: skip


@pytest.mark.parametrize(("middle", "made", "weights", "expected"), CASES[:-1])
def test_axes_and_sizes_follow_the_channels(
    middle: list[Any], made: str, weights: list[Any], expected: list[str]
) -> None:
    data = _pipeline(middle, made, weights)
    assert [code.partition(": ")[2] for code in codes(data)] == ["input 8x10x3", "conv 4 3x3 padding=1", *expected]
    assert shapes(data)[0][-1] in (4, 8)


def test_the_shapes_are_those_that_onnx_infers_of_what_is_the_same_in_both() -> None:
    """The output of the graph is in the form of the network: onnx's own inference is the judge."""
    for middle, made, weights, _ in CASES[:-1]:
        data = _pipeline(middle, made, weights)
        full = onnx.shape_inference.infer_shapes(onnx.load_model_from_string(data), strict_mode=True, data_prop=True)
        found = read_model(data, "m.onnx")
        snapshot = Snapshot.of(found.lines)
        result = snapshot.result(snapshot.names[found.outputs[0].name])
        assert result is not None
        sizes = [dim.dim_value or 1 for dim in full.graph.output[0].type.tensor_type.shape.dim]
        assert list(result.outputs[0].shape) == sizes


def kept(data: bytes) -> bool:
    """Whether the network stays as the file has it: the channels first."""
    return Snapshot.of(read_onnx(data, "m.onnx").lines).settings.data_format == "channels_first"


@pytest.mark.parametrize(
    ("nodes", "outputs", "why"),
    [
        ([turn("x", "t", FIRST), CONV], ["c"], "the output has its channels behind the batch"),
        ([turn("x", "t", FIRST), CONV, node("Flatten", ["c"], ["y"])], ["y"], "flattened channel by channel"),
        ([turn("x", "t", [0, 3, 2, 1]), CONV, turn("c", "y", LAST)], ["y"], "height and width are exchanged"),
        ([turn("x", "t", FIRST), CONV, turn("c", "l", LAST), node("Conv", ["l", "v"], ["y"])], ["y"],
         "one convolution reads the image as it is"),
        ([turn("x", "t", FIRST), CONV, node("MatMul", ["c", "w"], ["d"]), turn("d", "y", LAST)], ["y"],
         "a product along the width"),
        ([turn("x", "t", FIRST), CONV, node("Add", ["c", "row"], ["d"]), turn("d", "y", LAST)], ["y"],
         "a row that is added along the width"),
    ],
)  # fmt: skip
def test_what_is_not_sure_keeps_its_transpositions(nodes: list[Any], outputs: list[str], why: str) -> None:
    weights = [*KERNEL, stored("v", [2, 8, 1, 1]), stored("w", [10, 7]), stored("row", [10])]
    data = model(nodes, IMAGE, outputs, weights)
    assert kept(data), why
    assert any("permute" in code for code in codes(data))


def test_a_network_with_the_channels_first_stays_one() -> None:
    nodes = [CONV, node("Relu", ["c"], ["y"])]
    assert kept(model(nodes, [value("t", [1, 3, 8, 10])], ["y"], KERNEL))


def test_steps_with_the_features_last() -> None:
    """A 1-D convolution of Keras: (N, T, C) turned to (N, C, T) and back."""
    nodes = [turn("x", "t", [0, 2, 1]), node("Conv", ["t", "k"], ["c"], "m/conv"), turn("c", "y", [0, 2, 1])]
    data = model(nodes, [value("x", [1, 12, 3])], ["y"], [stored("k", [5, 3, 3])])
    assert [code.partition(": ")[2] for code in codes(data)] == ["input 12x3", "conv 5 3 bias=false"]
    assert shapes(data) == [(1, 10, 5)]


def test_layers_of_other_scopes_are_not_joined() -> None:
    """A Keras layer ReLU is a line of its own; an activation of a convolution is its argument."""
    middle = [node("Relu", ["c"], ["r"], "m/re_lu"), node("GlobalAveragePool", ["r"], ["g"], "m/pool"),
              node("Squeeze", ["g", "axes"], ["y"], "m/squeeze")]  # fmt: skip
    nodes = [turn("x", "t", FIRST), CONV, *middle]
    data = model(nodes, IMAGE, ["y"], [*KERNEL, stored("axes", [2], [2, 3])])
    assert [code.partition(": ")[2] for code in codes(data)] == [
        "input 8x10x3", "conv 4 3x3 padding=1", "relu", "globalavgpool keepdims=true", "squeeze 1,2 whole=true"
    ]  # fmt: skip
    nodes[-1] = node("Squeeze", ["g", "axes"], ["y"], "m/pool")
    joined = model(nodes, IMAGE, ["y"], [*KERNEL, stored("axes", [2], [2, 3])])
    assert [code.partition(": ")[2] for code in codes(joined)][-1] == "globalavgpool"
    assert shapes(joined) == shapes(data) == [(1, 4)]


def test_shared_weights_are_other_calls() -> None:
    nodes = [
        turn("x", "t", FIRST), node("Conv", ["t", "k"], ["a"], "m/conv", pads=[1, 1, 1, 1]),
        node("Conv", ["a", "k"], ["b"], "m/conv_1", pads=[1, 1, 1, 1]), turn("b", "y", LAST),
    ]  # fmt: skip
    data = model(nodes, IMAGE, ["y"], [stored("m/conv/kernel:0", [3, 3, 3, 3])])
    data = model(nodes, IMAGE, ["y"], [stored("k", [3, 3, 3, 3])])
    found = Snapshot.of(read_onnx(data, "m.onnx").lines)
    assert (found.totals.params, found.totals.macs) == (81, 2 * 81 * 80)
    assert found.settings.data_format == "channels_last"


def test_depthwise_and_separable_convolutions_of_keras() -> None:
    nodes = [
        turn("x", "t", FIRST), node("Conv", ["t", "m/dw/depthwise_kernel", "b"], ["a"], "m/dw", group=3),
        node("Conv", ["a", "m/sep/depthwise_kernel"], ["c"], "m/sep", group=3),
        node("Conv", ["c", "p", "q"], ["d"], "m/sep"), turn("d", "y", LAST),
    ]  # fmt: skip
    weights = [stored("m/dw/depthwise_kernel", [3, 1, 3, 3]), stored("b", [3]),
               stored("m/sep/depthwise_kernel", [6, 1, 3, 3]), stored("p", [7, 6, 1, 1]), stored("q", [7])]  # fmt: skip
    data = model(nodes, IMAGE, ["y"], weights)
    assert [code.partition(": ")[2] for code in codes(data)][1:] == [
        "depthwise 3x3",
        "separable 7 3x3 depth_multiplier=2",
    ]
    assert Snapshot.of(read_onnx(data, "m.onnx").lines).totals.params == 27 + 3 + 54 + 42 + 7
