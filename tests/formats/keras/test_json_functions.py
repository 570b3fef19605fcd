"""Functions of keras.ops and of TensorFlow, layers that prepare data, and what is not known, as lines."""

from __future__ import annotations

from typing import Any

import pytest

from tests.formats.keras.written import INPUT, function, functional, layer, notices, read, tensor
from tests.formats.made import messages, texts
from tui.core.snapshot import Snapshot


@pytest.mark.parametrize(
    ("made", "lines"),
    [
        (function("f", "Add", {}, tensor("x"), 1.5), ["f: rescaling offset=1.5"]),
        (function("f", "Subtract", {}, 1, tensor("x")), ["f: rescaling scale=-1 offset=1"]),
        (function("f", "Power", {}, tensor("x"), 2), ["f: square"]),
        (function("f", "Power", {}, tensor("x"), 3), ["f.constant: constant dtype=int32", "f: power @x @f.constant"]),
        (function("f", "Multiply", {}, tensor("x"), {"class_name": "__tensor__", "config": {"value": [1.0, 2.0, 3.0],
         "dtype": "float32"}}), ["f.constant: constant 3", "f: multiply @x @f.constant"]),
        (function("f", "Mean", {"axis": [1, 2], "keepdims": False}, tensor("x")), ["f: reducemean 1,2 keepdims=false"]),
        (function("f", "Reshape", {"newshape": [-1, 64, 3]}, tensor("x")), ["f: reshape 64x3"]),
        (function("f", "GetItem", {}, tensor("x"), [{"class_name": "__ellipsis__"}, 0]),
         ["f.slice: slice end=1 axis=3", "f: squeeze 3"]),
        (function("f", "Einsum", {"subscripts": "bijk->bkij"}, tensor("x")), ["f: einsum bijk->bkij"]),
        (function("f", "Log2", {}, tensor("x")), ["f: pointwise Log2"]),
        (function("f", "MaxPool", {"pool_size": 2, "strides": None, "padding": "valid"}, tensor("x"), module="nn"),
         ["f: maxpool 2x2"]),
    ],
)  # fmt: skip
def test_functions_are_lines(made: dict[str, Any], lines: list[str]) -> None:
    found = read(functional(INPUT, made))
    assert texts(found)[1:] == lines
    assert messages(found) == []


def test_functions_of_tensorflow_are_those_of_keras() -> None:
    old = {"class_name": "InputLayer", "config": {"batch_input_shape": [None, 6], "name": "x"}, "inbound_nodes": []}
    made = {"class_name": "TFOpLambda", "config": {"name": "s", "function": "math.multiply"}, "name": "s",
            "inbound_nodes": [["x", 0, 0, {"y": 2.0, "name": None}]]}  # fmt: skip
    cut = {"class_name": "SlicingOpLambda", "config": {"name": "c", "function": "__operators__.getitem"}, "name": "c",
           "inbound_nodes": [["s", 0, 0, {"slice_spec": [{"start": None, "stop": None, "step": None},
                                                         {"start": 1, "stop": 4, "step": None}]}]]}  # fmt: skip
    both = {"class_name": "TFOpLambda", "config": {"name": "t", "function": "concat"}, "name": "t",
            "inbound_nodes": [[["c", 0, 0, {"axis": -1}], ["x", 0, 0, {"axis": -1}]]]}  # fmt: skip
    lines = read(
        {"class_name": "Functional", "config": {"layers": [old, made, cut, both], "output_layers": [["t", 0, 0]]}}
    )
    assert texts(lines)[1:] == ["s: rescaling scale=2", "c: slice start=1 end=4 axis=1", "t: concat @c @x"]


def test_what_is_not_known_is_opaque_with_the_shape_that_its_readers_state() -> None:
    stated = tensor("a") | {"config": {"keras_history": ["a", 0, 0], "shape": [None, 5]}}
    mine = layer("a", "Mine", {}, ["x"]) | {"module": "my.layers", "registered_name": "my>Mine"}
    top = layer("b", "Dense", {"units": 2}, ["a"]) | {"inbound_nodes": [{"args": [stated], "kwargs": {}}]}
    model = functional(INPUT, mine, top)
    assert texts(read(model))[1:] == ["a: opaque my>Mine 5", "b: dense 2"]
    assert notices(model) == [("opaque", "my>Mine is not known here; its shape is the one that the file states")]
    totals = Snapshot.of(read(model)).totals
    assert (totals.trainable, totals.complete) == (5 * 2 + 2, False)


@pytest.mark.parametrize(
    ("class_name", "config", "line", "shape"),
    [
        ("StringLookup", {"vocabulary": ["a", "b"], "output_mode": "int"}, "lookup", (1, 4)),
        ("StringLookup", {"vocabulary": ["a", "b"], "output_mode": "multi_hot"}, "categoryencoding 3", (1, 3)),
        ("IntegerLookup", {"max_tokens": 9, "pad_to_max_tokens": True, "output_mode": "count"},
         "categoryencoding 9 output_mode=count", (1, 9)),
        ("Hashing", {"num_bins": 7, "output_mode": "one_hot"}, "categoryencoding 7 output_mode=one_hot", (1, 4, 7)),
        ("Discretization", {"bin_boundaries": [0.0, 1.0]}, "lookup", (1, 4)),
        ("Discretization", {"bin_boundaries": [0.0, 1.0], "output_mode": "multi_hot"}, "categoryencoding 3", (1, 3)),
    ],
)  # fmt: skip
def test_classes_and_tokens(class_name: str, config: dict[str, Any], line: str, shape: tuple[int, ...]) -> None:
    # Sizes by compute_output_shape of keras.layers, which need TensorFlow to be built.
    four = INPUT | {"config": {"batch_shape": [None, 4], "dtype": "int64"}}
    lines = read(functional(four, layer("a", class_name, config, ["x"])))
    assert texts(lines)[1] == f"a: {line}"
    result = Snapshot.of(lines).result(len(lines) - 1)
    assert result is not None
    assert result.outputs[0].shape == shape


def test_text_becomes_words() -> None:
    text = INPUT | {"config": {"batch_shape": [None, 1], "dtype": "string"}}
    vectors = layer("a", "TextVectorization", {"output_mode": "int", "output_sequence_length": 12}, ["x"])
    lines = read(functional(text, vectors, layer("e", "Embedding", {"input_dim": 50, "output_dim": 4}, ["a"])))
    assert texts(lines)[1:3] == ["a.words: expand 1x12", "a: lookup"]
    result = Snapshot.of(lines).result(len(lines) - 1)
    assert result is not None
    assert result.outputs[0].shape == (1, 12, 4)


def test_an_image_is_padded_and_cut_on_any_axis() -> None:
    # As Keras 3.15 writes ops.pad and ops.slice, and the shapes that it gives: rows 1 + 8 + 2, channels 3 + 3.
    pad = function("p", "Pad", {"pad_width": [[0, 0], [1, 2], [0, 0], [0, 3]], "mode": "constant"}, tensor("x"),
                   constant_values=None)  # fmt: skip
    cut = function("s", "Slice", {"shape": [1, 5, 8, 2]}, tensor("p"), [0, 2, 0, 1], module="core")
    snapshot = Snapshot.of(read(functional(INPUT, pad, cut)))
    shapes = [result.outputs[0].shape for row in snapshot.shown if (result := snapshot.result(row)) is not None]
    assert (1, 11, 8, 6) in shapes
    assert shapes[-1] == (1, 5, 8, 2)
    assert messages(list(snapshot.lines)) == []
