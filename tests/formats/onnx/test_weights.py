"""Whose the weights of an ONNX model are, and what is said of what is not known. Counts are done by hand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import onnx
import pytest

from tests.formats.made import texts
from tests.formats.onnx.test_graph import INT64, model, node, shapes, stored, value
from tui.core.size import text
from tui.core.snapshot import Snapshot
from tui.formats.imported import Imported
from tui.formats.onnx.graph import read_onnx

INT8 = 3


def imported(
    nodes: list[Any], shape: list[Any], weights: Sequence[Any] = (), outputs: Sequence[str] = ("y",)
) -> Imported:
    return read_onnx(model(nodes, [value("x", shape)], list(outputs), weights), "m.onnx")


def lines(found: Imported) -> list[str]:
    return [text.partition(": ")[2] for text in texts(found.lines)]


def totals(found: Imported) -> tuple[Any, Any, bool]:
    result = Snapshot.of(found.lines).totals
    return result.params, result.macs, result.complete


def notices(found: Imported) -> list[tuple[str, str]]:
    return [(one.grade, one.place) for one in found.notices]


def test_a_layer_that_is_called_twice_counts_once() -> None:
    nodes = [
        node("Conv", ["x", "w", "b"], ["a"], pads=[1, 1, 1, 1]),
        node("Conv", ["a", "w", "b"], ["y"], pads=[1] * 4),
    ]
    found = imported(nodes, [1, 4, 6, 6], [stored("w", [4, 4, 3, 3]), stored("b", [4])])
    assert lines(found)[1:] == ["conv 4 3x3 padding=1", "call conv_a"]
    assert totals(found) == (4 * 4 * 9 + 4, 2 * 36 * 4 * 4 * 9, True)


def test_a_weight_that_two_unlike_layers_share_counts_once() -> None:
    nodes = [
        node("Conv", ["x", "w"], ["a"], pads=[1] * 4),
        node("Conv", ["a", "w"], ["y"], pads=[2] * 4, dilations=[2, 2]),
    ]
    found = imported(nodes, [1, 4, 6, 6], [stored("w", [4, 4, 3, 3])])
    assert lines(found)[2].endswith("tied=kernel@conv_a")
    assert totals(found) == (4 * 4 * 9, 2 * 36 * 4 * 4 * 9, True)


def test_equal_tensors_that_an_exporter_merged() -> None:
    """Two batch norms of 4 channels: scale and variance are one tensor of ones, offset and mean one of zeros."""
    nodes = [node("BatchNormalization", ["x", "o", "z", "z", "o"], ["a"]), node("Relu", ["a"], ["r"]),
             node("BatchNormalization", ["r", "o", "z", "z", "o"], ["y"])]  # fmt: skip
    found = imported(nodes, [1, 4, 6, 6], [stored("o", [4]), stored("z", [4])])
    expected = ["batchnorm epsilon=1e-05 tied=moving_mean,moving_variance", "relu", "call batchnormalization_a"]
    assert lines(found)[1:] == expected
    assert totals(found)[0] == 8


def test_an_embedding_that_is_also_the_last_layer() -> None:
    nodes = [
        node("Gather", ["table", "ids"], ["e"]),
        node("Transpose", ["table"], ["t"]),
        node("MatMul", ["e", "t"], ["y"]),
    ]
    data = model(nodes, [value("ids", ["N", 7], INT64)], ["y"], [stored("table", [100, 16])])
    found = read_onnx(data, "m.onnx")
    assert lines(found)[1:] == ["embedding 100 16", "dense 100 bias=false tied=kernel@gather_e"]
    assert totals(found) == (1_600, 7 * 1_600, True)
    assert shapes(data) == [(1, 7, 100)]


def test_parts_of_one_weight_are_counted_as_parts() -> None:
    """The packed projections of an attention: three slices of one matrix."""
    cut = [stored(f"c{i}", [1], [8 * i]) for i in range(4)]
    axis = stored("axis", [1], [1])
    nodes = [node("Slice", ["w", f"c{i}", f"c{i + 1}", "axis"], [f"w{i}"]) for i in range(3)]
    nodes += [node("MatMul", ["x", f"w{i}"], [f"y{i}"]) for i in range(3)]
    found = imported(nodes, [1, 5, 8], [*cut, axis, stored("w", [8, 24])], ["y0", "y1", "y2"])
    assert totals(found) == (8 * 24, 3 * 5 * 64, True)


def test_weights_that_the_model_is_given_are_no_parameters() -> None:
    given = [value("x", [1, 4, 6, 6]), value("w", [4, 4, 3, 3])]
    found = read_onnx(model([node("Conv", ["x", "w"], ["y"])], given, ["y"]), "m.onnx")
    assert totals(found) == (0, 16 * 4 * 4 * 9, True)


def test_whole_number_weights_behind_dequantize_are_the_layers() -> None:
    weight = onnx.helper.make_tensor("w", INT8, [4, 4, 3, 3], bytes(144), raw=True)
    scales = onnx.helper.make_tensor("s", 1, [4], [0.1] * 4)
    zero = onnx.helper.make_tensor("z", INT8, [4], [0] * 4)
    nodes = [node("DequantizeLinear", ["w", "s", "z"], ["f"], axis=0), node("Conv", ["x", "f"], ["y"])]
    found = imported(nodes, [1, 4, 6, 6], [weight, scales, zero])
    assert lines(found)[-1] == "conv 4 3x3 bias=false"
    assert totals(found) == (144 + 4, 16 * 144, True)  # the scales are float initializers


def test_quantized_operators() -> None:
    weight = onnx.helper.make_tensor("w", INT8, [4, 4, 3, 3], bytes(144), raw=True)
    one = onnx.helper.make_tensor("z", 2, [], [0])
    scale = node("Constant", [], ["s"], value=onnx.helper.make_tensor("t", 1, [], [0.1]))
    bias = onnx.helper.make_tensor("b", 6, [4], [0] * 4)
    conv = node("QLinearConv", ["x", "s", "z", "w", "s", "z", "s", "z", "b"], ["y"])
    data = model([scale, conv], [value("x", [1, 4, 6, 6], 2)], ["y"], [weight, one, bias])
    found = read_onnx(data, "m.onnx")
    assert totals(found) == (148, 16 * 144, True)
    matrix = onnx.helper.make_tensor("m", INT8, [8, 3], bytes(24), raw=True)
    data = model([node("MatMulInteger", ["x", "m"], ["y"])], [value("x", [2, 8], INT8)], ["y"], [matrix])
    found = read_onnx(data, "m.onnx")
    assert totals(found) == (24, 2 * 24, True)
    assert shapes(data) == [(2, 3)]
    dynamic = node("DynamicQuantizeLinear", ["x"], ["q", "s", "z"])
    assert shapes(model([dynamic], [value("x", [2, 8])], ["q", "s", "z"])) == [(2, 8), (), ()]
    # QLinearMatMul: a, its scale and zero point, then b: 2 rows of 8 by 8x3.
    quantized = node("QLinearMatMul", ["x", "s", "z8", "m", "s", "z8", "s", "z8"], ["y"])
    zero = onnx.helper.make_tensor("z8", INT8, [], [0])
    found = read_onnx(model([scale, quantized], [value("x", [2, 8], INT8)], ["y"], [matrix, zero]), "m.onnx")
    assert totals(found) == (24, 2 * 24, True)
    # QGemm of ONNX Runtime: the same, and a bias behind.
    offset = onnx.helper.make_tensor("c", 6, [3], [0] * 3)
    dense = node("QGemm", ["x", "s", "z8", "m", "s", "z8", "c", "s", "z8"], ["y"], domain="com.microsoft")
    found = read_onnx(model([scale, dense], [value("x", [2, 8], INT8)], ["y"], [matrix, zero, offset]), "m.onnx")
    assert totals(found) == (24 + 3, 2 * 24, True)


def test_an_instance_norm_that_neither_scales_nor_moves_has_no_weights() -> None:
    # As exporters write torch.nn.InstanceNorm2d(4), whose affine is off: constants that are no parameters.
    numbers = [
        node("Constant", [], [name], value=onnx.helper.make_tensor(f"{name}_value", 1, [4], [number] * 4))
        for name, number in (("ones", 1.0), ("zeros", 0.0))
    ]
    for scale, offset, affine in (
        ("ones", "zeros", ""),
        ("ones", "ones", " affine=true"),
        ("zeros", "zeros", " affine=true"),
    ):
        nodes = [*numbers, node("InstanceNormalization", ["x", scale, offset], ["y"])]
        assert lines(imported(nodes, [1, 4, 6, 6]))[-1].startswith(f"instancenorm{affine} epsilon=1e-05")


MS = "com.microsoft"


@pytest.mark.parametrize(
    ("made", "weights", "written", "counts"),
    [
        (onnx.helper.make_node("FusedConv", ["x", "w", "b"], ["y"], domain=MS, activation="Relu"),
         [stored("w", [4, 4, 3, 3]), stored("b", [4])], ["conv", "relu"], (148, 16 * 144)),
        (onnx.helper.make_node("BiasGelu", ["x", "b"], ["y"], domain=MS), [stored("b", [6])],
         ["parameter", "add", "gelu"], (6, 0)),
        (onnx.helper.make_node("SkipLayerNormalization", ["x", "x", "g", "b"], ["y"], domain=MS),
         [stored("g", [6]), stored("b", [6])], ["add", "layernorm"], (12, 0)),
        (onnx.helper.make_node("FastGelu", ["x"], ["y"], domain=MS), [], ["gelu"], (0, 0)),
    ],
)  # fmt: skip
def test_operators_of_onnx_runtime(made: Any, weights: list[Any], written: list[str], counts: tuple[int, int]) -> None:
    found = imported([made], [1, 4, 6, 6], weights)
    assert [line.split()[0] for line in lines(found)[1:]] == written
    assert totals(found) == (*counts, True)


def test_attention_with_one_projection() -> None:
    made = onnx.helper.make_node("Attention", ["x", "w", "b"], ["y"], domain=MS, num_heads=2)
    found = imported([made], [1, 5, 8], [stored("w", [8, 24]), stored("b", [24])])
    assert [line.split()[0] for line in lines(found)[1:]] == ["dense", "split", "attention"]
    assert totals(found) == (8 * 24 + 24, 5 * 8 * 24 + 2 * 5 * 5 * 8, True)
    assert shapes(model([made], [value("x", [1, 5, 8])], ["y"], [stored("w", [8, 24]), stored("b", [24])])) == [
        (1, 5, 8)
    ]


def test_four_bit_weights_count_as_what_they_stand_for() -> None:
    packed = onnx.helper.make_tensor("w", 2, [16, 1, 16], bytes(256), raw=True)
    made = onnx.helper.make_node("MatMulNBits", ["x", "w", "s"], ["y"], domain=MS, K=32, N=16, bits=4, block_size=32)
    found = imported([made], [1, 5, 32], [packed, stored("s", [16])])
    assert totals(found) == (32 * 16 + 16, 5 * 32 * 16, True)


def test_an_unknown_operator_has_the_shape_that_the_file_states() -> None:
    made = onnx.helper.make_node("Mystery", ["x", "w"], ["m", "n"], domain="my.own", name="odd")
    graph = onnx.helper.make_graph(
        [made, node("Relu", ["m"], ["y"]), node("Relu", ["n"], ["z"])], "g", [value("x", [1, 4, 6])],
        [onnx.helper.make_empty_tensor_value_info("y")], [stored("w", [9])], value_info=[value("m", [1, "T", 6])],
    )  # fmt: skip
    found = read_onnx(onnx.helper.make_model(graph).SerializeToString(), "m.onnx")
    assert texts(found.lines)[2] == "odd: opaque my.own.Mystery Tx6 @x @w"
    snapshot = Snapshot.of(found.lines)
    assert [r.status for row in range(len(found.lines)) if (r := snapshot.result(row)) is not None][-2:] == [
        "ok" if snapshot.result(len(found.lines) - 2).status == "ok" else "warning", "waiting",
    ]  # fmt: skip
    assert totals(found) == (9, 0, False)
    assert ("opaque", "odd") in notices(found)


def test_a_stated_shape_that_is_wrong_is_told_and_not_taken() -> None:
    graph = onnx.helper.make_graph(
        [node("Relu", ["x"], ["a"]), node("Flatten", ["a"], ["y"])], "g", [value("x", [2, 3, 4])],
        [value("y", [2, 13])], value_info=[value("a", ["N", 3, 4])],
    )  # fmt: skip
    data = onnx.helper.make_model(graph).SerializeToString()
    told = [(one.grade, one.text) for one in read_onnx(data, "m.onnx").notices]
    assert told == [("differs", "y: the file states (2, 13), computed is (2, 12)")]
    assert shapes(data) == [(2, 12)]


def branch(name: str, operator: str) -> Any:
    return onnx.helper.make_graph([node(operator, ["x"], [name])], name, [], [value(name, [2, 3])])


def test_a_branch_that_is_always_taken() -> None:
    nodes = [node("Shape", ["x"], ["all"], start=1), node("Equal", ["all", "three"], ["same"]),
             node("If", ["same"], ["b"], then_branch=branch("t", "Relu"), else_branch=branch("e", "Tanh")),
             node("Sigmoid", ["b"], ["y"])]  # fmt: skip
    found = imported(nodes, [2, 3], [stored("three", [1], [3])])
    assert lines(found)[1:] == ["relu", "sigmoid"]
    found = imported(nodes, [2, 3], [stored("three", [1], [4])])
    assert lines(found)[1:] == ["tanh", "sigmoid"]


def test_a_branch_that_the_input_decides_is_opaque() -> None:
    inner = onnx.helper.make_graph(
        [node("MatMul", ["x", "w"], ["t"])], "t", [], [value("t", [2, 4])], [stored("w", [3, 4])]
    )
    nodes = [node("ReduceMax", ["x"], ["m"], keepdims=0), node("Cast", ["m"], ["c"], to=9),
             node("If", ["c"], ["y"], then_branch=inner, else_branch=inner)]  # fmt: skip
    found = imported(nodes, [2, 3])
    assert totals(found) == (24, 0, False)  # each of the two graphs has a matrix of its own


def test_functions_of_the_model_are_written_out() -> None:
    imports = [onnx.helper.make_opsetid("", 18), onnx.helper.make_opsetid("my", 1)]
    inside = [
        onnx.helper.make_node("Elu", ["a"], ["t"], name="elu"),
        onnx.helper.make_node("MatMul", ["t", "w"], ["b"]),
    ]
    attribute = onnx.AttributeProto(name="axis", ref_attr_name="where", type=onnx.AttributeProto.INT)
    last = onnx.helper.make_node("Softmax", ["b"], ["c"])
    last.attribute.append(attribute)
    function = onnx.helper.make_function("my", "F", ["a", "w"], ["c"], [*inside, last], imports, ["where"])
    nodes = [onnx.helper.make_node("F", ["x", "w1"], ["h"], domain="my", where=1, name="f1"),
             onnx.helper.make_node("F", ["h", "w2"], ["y"], domain="my", where=2, name="f2")]  # fmt: skip
    graph = onnx.helper.make_graph(
        nodes, "g", [value("x", [1, 5, 3])], [], [stored("w1", [3, 4]), stored("w2", [4, 2])]
    )
    data = onnx.helper.make_model(graph, opset_imports=imports, functions=[function]).SerializeToString()
    found = read_onnx(data, "m.onnx")
    assert [line.split()[0] for line in lines(found)[1:]] == ["elu", "dense", "softmax"] * 2
    assert [line for line in lines(found) if line.startswith("softmax")] == ["softmax axis=1", "softmax"]
    assert totals(found) == (12 + 8, 5 * 12 + 5 * 8, True)


def test_modules_become_groups() -> None:
    nodes = [
        onnx.helper.make_node("Conv", ["x", "layer1.0.conv1.weight"], ["a"], name="/layer1/layer1.0/conv1/Conv"),
        onnx.helper.make_node("Relu", ["a"], ["b"], name="/layer1/layer1.0/relu/Relu"),
        onnx.helper.make_node("Relu", ["b"], ["c"], name="/layer1/layer1.0/relu/Relu_1"),
        onnx.helper.make_node("Add", ["c", "b"], ["d"], name="/layer1/layer1.0/Add"),
        onnx.helper.make_node("Conv", ["d", "onnx::Conv_12"], ["e"], name="/layer1/layer1.1/down/down.0/Conv"),
        onnx.helper.make_node("Flatten", ["e"], ["y"], name="/Flatten"),
    ]
    weights = [stored("layer1.0.conv1.weight", [3, 3, 1, 1]), stored("onnx::Conv_12", [3, 3, 1, 1])]
    found = imported(nodes, [1, 3, 4, 4], weights)
    assert [line.name for line in found.lines if line.is_layer] == [
        "x", "layer1.0.conv1", "layer1.0.relu", "layer1.0.relu_2", "layer1.0.add", "layer1.1.down.0", "Flatten",
    ]  # fmt: skip


def test_scopes_of_pytorchs_newer_exporter() -> None:
    made = onnx.helper.make_node("Relu", ["x"], ["y"], name="node_relu_3")
    made.metadata_props.add(key="pkg.torch.onnx.name_scopes", value="['', 'block', 'block.1', 'block.1.act', 'relu_3']")
    assert [line.name for line in imported([made], [2, 3]).lines if line.is_layer] == ["x", "block.1.act"]


def test_symbols_keep_their_names() -> None:
    given = [
        value("ids", ["batch", "seq"], INT64),
        value("past", ["batch", 2, "past_seq", 4]),
        value("m", ["rows", None]),
    ]
    nodes = [node("Relu", ["past"], ["y"]), node("Cast", ["ids"], ["z"], to=1), node("Relu", ["m"], ["u"])]
    data = model(nodes, given, ["y", "z", "u"])
    assert [[text(size) for size in shape] for shape in shapes(data)] == [["1", "2", "past_seq", "4"], ["1", "seq"],
                                                                         ["rows", "n1"]]  # fmt: skip
    assert ("folded", "batch") in notices(read_onnx(data, "m.onnx"))


def test_what_is_left_out_is_told() -> None:
    nodes = [node("Identity", ["x"], ["i"]), node("Cast", ["i"], ["c"], to=1), node("Relu", ["c"], ["y"])]
    found = imported(nodes, [2, 3], [stored("unused", [7])])
    assert lines(found) == ["input 3", "relu"]
    assert [grade for grade, _ in notices(found)] == ["dropped"] * 3
    assert totals(found)[0] == 0


def test_scales_of_a_resize_alone_are_no_parameters() -> None:
    scales = onnx.helper.make_tensor("s", 1, [4], [1.0, 1.0, 2.0, 2.0])
    found = imported([node("Resize", ["x", "", "s"], ["y"])], [1, 3, 4, 4], [scales])
    assert totals(found) == (0, 0, True)
