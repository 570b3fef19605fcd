"""ONNX graphs as lines. Counts are done by hand: a Conv has out*in/group*k*k + out elements, a Gemm in*out + out."""

from __future__ import annotations

import builtins
from collections.abc import Sequence
from math import prod
from typing import Any

import onnx
import pytest

from tests.formats.made import messages, texts
from tui.core.errors import FileError
from tui.core.snapshot import Snapshot
from tui.formats.onnx.graph import read_model, read_onnx

FLOAT, INT64 = 1, 7


def value(name: str, shape: list[Any], dtype: int = FLOAT) -> Any:
    return onnx.helper.make_tensor_value_info(name, dtype, shape)


def stored(name: str, shape: list[int], numbers: list[int] | None = None) -> Any:
    if numbers is None:
        return onnx.helper.make_tensor(name, FLOAT, shape, bytes(4 * prod(shape)), raw=True)
    return onnx.helper.make_tensor(name, INT64, shape, numbers)


def node(operator: str, inputs: list[str], outputs: list[str], **attributes: Any) -> Any:
    return onnx.helper.make_node(operator, inputs, outputs, name=f"{operator.lower()}_{outputs[0]}", **attributes)


def model(
    nodes: list[Any], inputs: list[Any], outputs: list[str], weights: Sequence[Any] = (), opset: int = 18
) -> bytes:
    made = [onnx.helper.make_empty_tensor_value_info(name) for name in outputs]
    graph = onnx.helper.make_graph(nodes, "g", inputs, made, list(weights))
    data = onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", opset)]).SerializeToString()
    assert isinstance(data, bytes)
    return data


def shapes(data: bytes) -> list[tuple[Any, ...]]:
    lines, outputs, _ = read_model(data, "m.onnx")
    snapshot = Snapshot.of(lines)
    rows = {line.name: row for row, line in enumerate(lines) if line.name}
    results = [(snapshot.result(rows[source.name]), source.output) for source in outputs]
    return [result.outputs[output].shape for result, output in results if result is not None]


def test_a_small_network_reads_as_layers() -> None:
    data = model(
        [
            node("Conv", ["x", "w", "b"], ["c"], pads=[1, 1, 1, 1], group=2),
            node("Relu", ["c"], ["r"]),
            node("GlobalAveragePool", ["r"], ["g"]),
            node("Flatten", ["g"], ["f"]),
            node("Gemm", ["f", "v", "d"], ["y"], transB=1),
        ],
        [value("x", ["N", 4, 8, 8])],
        ["y"],
        [stored("w", [6, 2, 3, 3]), stored("b", [6]), stored("v", [10, 6]), stored("d", [10])],
    )
    lines = read_onnx(data, "m.onnx").lines
    assert texts(lines) == [
        "x: input 4x8x8",
        "conv_c: conv 6 3x3 padding=1 groups=2",
        "relu_r: relu",
        "globalaveragepool_g: globalavgpool keepdims=true",
        "flatten_f: flatten",
        "gemm_y: dense 10",
    ]
    assert Snapshot.of(lines).totals.params == 6 * 2 * 9 + 6 + 6 * 10 + 10
    assert shapes(data) == [(1, 10)]


def test_whole_shapes_of_inputs_that_share_no_batch() -> None:
    data = model([node("Add", ["a", "b"], ["y"])], [value("a", [2, 3]), value("b", [3])], ["y"])
    assert texts(read_onnx(data, "m.onnx").lines) == ["a: input 3", "b: input 3 whole=true", "add_y: add @a @b"]
    assert shapes(data) == [(2, 3)]


def test_float_initializers_are_parameters_and_whole_numbers_are_not() -> None:
    nodes = [node("Mul", ["x", "s"], ["m"]), node("Reshape", ["m", "shape"], ["y"])]
    data = model(nodes, [value("x", [2, 6])], ["y"], [stored("s", [6]), stored("shape", [3], [0, 2, -1])])
    assert texts(read_onnx(data, "m.onnx").lines)[1:] == [
        "mul_m: layerscale",
        "reshape_y: reshape 2x-1",
    ]
    assert shapes(data) == [(2, 2, 3)]


def test_arithmetic_with_sizes_is_followed_and_leaves_no_lines() -> None:
    nodes = [
        node("Shape", ["x"], ["all"]),
        node("Gather", ["all", "first"], ["n"]),
        node("Unsqueeze", ["n", "zero"], ["list"]),
        node("Concat", ["list", "rest"], ["shape"], axis=0),
        node("Reshape", ["x", "shape"], ["y"]),
    ]
    weights = [stored("first", [], [0]), stored("zero", [1], [0]), stored("rest", [1], [-1])]
    data = model(nodes, [value("x", [3, 4, 5])], ["y"], weights)
    assert texts(read_onnx(data, "m.onnx").lines)[1:] == ["reshape_y: reshape -1"]
    assert shapes(data) == [(3, 20)]


def test_the_size_of_a_tensor_is_the_product_of_its_axes() -> None:
    nodes = [
        node("Size", ["x"], ["n"]),
        node("Unsqueeze", ["n", "zero"], ["list"]),
        node("Reshape", ["x", "list"], ["y"]),
    ]
    data = model(nodes, [value("x", [3, 4, 5])], ["y"], [stored("zero", [1], [0])])
    assert len(texts(read_onnx(data, "m.onnx").lines)) == 2
    assert shapes(data) == [(3 * 4 * 5,)]


def test_attributes_of_older_opsets_are_inputs_of_newer_ones() -> None:
    old = model([node("Squeeze", ["x"], ["y"], axes=[1])], [value("x", [2, 1, 3])], ["y"], opset=11)
    new = model([node("Squeeze", ["x", "a"], ["y"])], [value("x", [2, 1, 3])], ["y"], [stored("a", [1], [1])], 13)
    assert texts(read_onnx(old, "m.onnx").lines) == texts(read_onnx(new, "m.onnx").lines)
    assert shapes(old) == shapes(new) == [(2, 3)]


@pytest.mark.parametrize(
    ("kernel", "strides", "size", "out"),
    [([2], [3], [19], (56,)), ([1, 3], [3, 3], [5, 8], (13, 24)), ([3, 3], [2, 1], [6, 6], (12, 6))],
)
def test_a_transposed_window_below_its_stride_is_not_padded(
    kernel: list[int], strides: list[int], size: list[int], out: tuple[int, ...]
) -> None:
    # ONNX Runtime 1.32.0 and onnx 1.23.2's own inference.
    made = node("ConvTranspose", ["x", "w"], ["y"], auto_pad="SAME_LOWER", strides=strides)
    data = model([made], [value("x", [1, 2, *size])], ["y"], [stored("w", [2, 1, *kernel])])
    assert shapes(data) == [(1, 1, *out)]


def test_several_outputs_are_told_apart() -> None:
    nodes = [node("Split", ["x"], ["a", "b"], axis=1, num_outputs=2), node("Add", ["b", "a"], ["y"])]
    data = model(nodes, [value("x", [2, 6])], ["y", "b"])
    assert texts(read_onnx(data, "m.onnx").lines)[1:] == ["split_a: split 2", "add_y: add @split_a:1 @split_a"]
    assert shapes(data) == [(2, 3), (2, 3)]


def test_only_the_states_that_are_asked_for_come_out() -> None:
    weights = [stored("w", [1, 12, 2]), stored("r", [1, 12, 3])]
    lstm = node("LSTM", ["x", "w", "r"], ["", "h", "c"], hidden_size=3)
    lstm.name = "lstm"
    assert shapes(model([lstm], [value("x", [5, 4, 2])], ["h", "c"], weights)) == [(1, 4, 3), (1, 4, 3)]


def test_weights_of_another_number_than_the_layer_has_are_refused() -> None:
    batch = [stored("s", [4]), stored("b", [4]), stored("m", [4]), stored("v", [5])]
    data = model([node("BatchNormalization", ["x", "s", "b", "m", "v"], ["y"])], [value("x", [1, 4, 2])], ["y"], batch)
    assert messages(read_onnx(data, "m.onnx").lines) == [
        "BatchNormalization: its weights in the file have 17 elements, those of the layer 16"
    ]


@pytest.mark.parametrize(
    ("made", "named"),
    [
        (node("LRN", ["x"], ["y"], size=4), "size=4 is not odd"),
        (node("MaxPool", ["x"], ["y"]), "needs kernel_shape"),
        (node("Relu", ["nowhere"], ["y"]), "nothing in the graph makes"),
        (node("Conv", ["x"], ["y"]), "has no input 1"),
    ],
)
def test_what_cannot_be_is_a_marked_line_that_says_why(made: Any, named: str) -> None:
    lines = read_onnx(model([made], [value("x", [1, 2, 6, 6])], ["y"]), "m.onnx").lines
    assert [named in message for message in messages(lines)] == [True]


def test_weights_that_are_missing_from_the_file_are_not_needed() -> None:
    weight = stored("w", [6, 2, 3, 3])
    weight.ClearField("raw_data")
    weight.data_location = 1
    data = model([node("Conv", ["x", "w"], ["y"])], [value("x", [1, 2, 6, 6])], ["y"], [weight])
    assert shapes(data) == [(1, 6, 4, 4)]


@pytest.mark.parametrize("data", [b"", b"not a model", b"\x00" * 50])
def test_what_is_no_model_is_a_file_error(data: bytes) -> None:
    with pytest.raises(FileError, match=r"m\.onnx is no ONNX model"):
        read_onnx(data, "m.onnx")


def test_without_the_package_the_message_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without(name: str, *args: Any, **kwargs: Any) -> Any:
        if name == "onnx":
            raise ImportError(name)
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(FileError, match=r"pip install 'layersheet\[onnx\]'"):
        read_onnx(b"", "m.onnx")


@pytest.mark.parametrize(
    ("made", "weights", "opset", "shape"),
    [
        (node("Add", ["x", "b"], ["y"], axis=1, broadcast=1), [stored("b", [3])], 6, (2, 3, 4, 5)),
        (node("Mul", ["x", "b"], ["y"], axis=0, broadcast=1), [stored("b", [2, 3])], 1, (2, 3, 4, 5)),
        (node("Cast", ["x"], ["y"], to="INT64"), [], 5, (2, 3, 4, 5)),
        (node("Tile", ["x", "t", "a"], ["y"]), [stored("t", [], [3]), stored("a", [], [1])], 1, (2, 9, 4, 5)),
        (node("Upsample", ["x"], ["y"], height_scale=2.0, width_scale=3.0), [], 1, (2, 3, 8, 15)),
        (node("Reshape", ["x"], ["y"], shape=[0, -1]), [], 1, (2, 60)),
        (node("Pad", ["x"], ["y"], paddings=[0, 0, 1, 1, 0, 0, 2, 2]), [], 1, (2, 3, 7, 8)),
        (node("Slice", ["x"], ["y"], starts=[1], ends=[3], axes=[2]), [], 1, (2, 3, 2, 5)),
        (node("Concat", ["x", "x"], ["y"]), [], 1, (2, 6, 4, 5)),
        (node("TopK", ["x"], ["y", "i"], k=2, axis=3), [], 1, (2, 3, 4, 2)),
        (node("ReduceSum", ["x"], ["y"], axes=[2], keepdims=0), [], 1, (2, 3, 5)),
    ],
)
def test_the_oldest_opsets(made: Any, weights: list[Any], opset: int, shape: tuple[int, ...]) -> None:
    """The operators' schemas of those versions (onnx, ``docs/Changelog.md``), by hand."""
    assert shapes(model([made], [value("x", [2, 3, 4, 5])], ["y"], weights, opset)) == [shape]


@pytest.mark.parametrize("opset", range(7, onnx.defs.onnx_opset_version() + 1))
def test_every_opset(opset: int) -> None:
    nodes = [node("Conv", ["x", "w"], ["a"], pads=[1, 1, 1, 1]), node("Relu", ["a"], ["b"]),
             node("MaxPool", ["b"], ["c"], kernel_shape=[2, 2], strides=[2, 2]), node("Flatten", ["c"], ["d"]),
             node("Gemm", ["d", "v", "o"], ["y"], transB=1)]  # fmt: skip
    weights = [stored("w", [4, 3, 3, 3]), stored("v", [5, 64]), stored("o", [5])]
    data = model(nodes, [value("x", ["N", 3, 8, 8])], ["y"], weights, opset)
    totals = Snapshot.of(read_onnx(data, "m.onnx").lines).totals
    assert (totals.params, totals.macs) == (108 + 325, 64 * 108 + 320)
    assert shapes(data) == [(1, 5)]
