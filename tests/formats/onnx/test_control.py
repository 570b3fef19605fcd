"""Control flow that is settled before a model runs: loops written out, lists of tensors followed. Counts by hand."""

from __future__ import annotations

from typing import Any

import onnx

from tests.formats.made import texts
from tests.formats.onnx.test_graph import INT64, model, node, shapes, stored, value
from tui.core.size import text
from tui.core.snapshot import Snapshot
from tui.formats.onnx.graph import read_onnx

BOOL = 9


def truth(name: str) -> Any:
    return onnx.helper.make_tensor(name, BOOL, [], [True])


def loop(rounds: str, going: str, body: Any, outputs: list[str]) -> Any:
    return onnx.helper.make_node("Loop", [rounds, going, "x"], outputs, body=body, name="loop")


def rounds_of_dense() -> Any:
    nodes = [node("MatMul", ["h", "w"], ["a"]), node("Relu", ["a"], ["b"]), node("Identity", ["go"], ["on"])]
    inputs = [value("i", [], INT64), value("go", [], BOOL), value("h", [2, 4])]
    return onnx.helper.make_graph(
        nodes, "body", inputs, [value("on", [], BOOL), value("b", [2, 4]), value("a", [2, 4])]
    )


def test_a_loop_of_known_length_is_written_out() -> None:
    nodes = [loop("n", "c", rounds_of_dense(), ["y", "all"])]
    weights = [stored("n", [], [3]), truth("c"), stored("w", [4, 4])]
    data = model(nodes, [value("x", [2, 4])], ["y", "all"], weights)
    found = read_onnx(data, "m.onnx")
    kinds = [line.partition(": ")[2].split()[0] for line in texts(found.lines)]
    assert kinds[:7] == ["input", "dense", "relu", "call", "relu", "call", "relu"]
    totals = Snapshot.of(found.lines).totals
    assert (totals.params, totals.macs, totals.complete) == (16, 3 * 2 * 16, True)
    assert shapes(data) == [(2, 4), (3, 2, 4)]


def test_a_loop_of_unknown_length_is_opaque() -> None:
    nodes = [node("ReduceMax", ["x"], ["m"], keepdims=0), node("Cast", ["m"], ["n"], to=7)]
    nodes += [loop("n", "c", rounds_of_dense(), ["y", "all"])]
    found = read_onnx(model(nodes, [value("x", [2, 4])], ["y"], [truth("c"), stored("w", [4, 4])]), "m.onnx")
    totals = Snapshot.of(found.lines).totals
    assert (totals.params, totals.complete) == (16, False)


def test_lists_of_tensors() -> None:
    nodes = [
        node("SequenceEmpty", [], ["s"]), node("Relu", ["x"], ["r"]), node("Tanh", ["x"], ["t"]),
        node("SequenceInsert", ["s", "r"], ["s1"]), node("SequenceInsert", ["s1", "t", "zero"], ["s2"]),
        node("SequenceAt", ["s2", "one"], ["y"]), node("ConcatFromSequence", ["s2"], ["z"], axis=1),
        node("ConcatFromSequence", ["s2"], ["w"], axis=0, new_axis=1), node("SequenceLength", ["s2"], ["n"]),
        node("Expand", ["y", "n"], ["e"]),
    ]  # fmt: skip
    weights = [stored("zero", [], [0]), stored("one", [], [1])]
    data = model(nodes, [value("x", [1, 4])], ["y", "z", "w"], weights)
    assert shapes(data) == [(1, 4), (1, 8), (2, 1, 4)]
    assert "relu_r" in texts(read_onnx(data, "m.onnx").lines)[1]


def test_a_tensor_split_into_a_list() -> None:
    nodes = [node("SplitToSequence", ["x"], ["s"], axis=1, keepdims=0), node("SequenceAt", ["s", "last"], ["y"])]
    assert shapes(model(nodes, [value("x", [2, 3, 5])], ["y"], [stored("last", [], [-1])])) == [(2, 5)]


def test_boxes_that_are_kept_are_a_symbol() -> None:
    nodes = [node("NonMaxSuppression", ["b", "s"], ["k"]), node("Gather", ["k", "two"], ["i"], axis=1)]
    given = [value("b", [1, 50, 4]), value("s", [1, 3, 50])]
    data = model(nodes, given, ["i"], [stored("two", [], [2])])
    assert [[text(size) for size in shape] for shape in shapes(data)] == [["u1"]]
    assert not Snapshot.of(read_onnx(data, "m.onnx").lines).totals.complete


def test_a_symbol_that_the_weights_settle() -> None:
    nodes = [node("Conv", ["x", "w"], ["a"]), node("MatMul", ["a", "v"], ["y"])]
    data = model(nodes, [value("x", ["N", "C", "H", "W"])], ["y"], [stored("w", [4, 3, 1, 1]), stored("v", [8, 2])])
    assert [[text(size) for size in shape] for shape in shapes(data)] == [["1", "4", "H", "2"]]
    found = read_onnx(data, "m.onnx")
    told = {one.place: one.text for one in found.notices}
    assert told["C"] == "it can only be 3: the weights of a layer say so"
    assert told["W"] == "it can only be 8: the weights of a layer say so"
