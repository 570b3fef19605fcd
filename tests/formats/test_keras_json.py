"""Keras model JSON as lines. Counts are done by hand: a Conv2D has k*k*in*out + out, a Dense in*out + out."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import pytest

from tui.core.errors import FileError
from tui.core.network import Line
from tui.core.snapshot import Snapshot
from tui.formats.keras_json import MAX_CONFIG, read_archive, read_json

INPUT = {"class_name": "InputLayer", "config": {"batch_shape": [None, 8, 8, 3]}, "name": "x", "inbound_nodes": []}
CONV = {"filters": 4, "kernel_size": [3, 3], "padding": "same"}


def tensor(name: str, call: int = 0) -> dict[str, Any]:
    return {"class_name": "__keras_tensor__", "config": {"keras_history": [name, call, 0]}}


def layer(name: str, class_name: str, config: dict[str, Any], *calls: list[str | tuple[str, int]]) -> dict[str, Any]:
    nodes = [
        {"args": [[tensor(*((one,) if isinstance(one, str) else one)) for one in reads]], "kwargs": {}}
        for reads in calls
    ]
    return {"class_name": class_name, "config": {"name": name, **config}, "name": name, "inbound_nodes": nodes}


def functional(*layers: dict[str, Any], outputs: Any = None) -> dict[str, Any]:
    return {"class_name": "Functional", "config": {"name": "m", "layers": list(layers), "output_layers": outputs or []}}


def read(model: dict[str, Any]) -> list[Line]:
    return read_json(json.dumps(model).encode(), "model.json").lines


def texts(lines: list[Line]) -> list[str]:
    return [line.text for line in lines if line.is_layer]


def messages(lines: list[Line]) -> list[str]:
    snapshot = Snapshot.of(lines)
    results = [snapshot.result(row) for row in range(len(lines))]
    return [r.message for r in results if r is not None and r.status == "error" and r.message]


def test_branches_become_named_sources() -> None:
    lines = read(functional(
        INPUT,
        layer("a", "Conv2D", CONV, ["x"]),
        layer("b", "Conv2D", CONV, ["x"]),
        layer("sum", "Add", {}, ["a", "b"]),
    ))  # fmt: skip
    assert texts(lines) == [
        "x: input 8x8x3",
        "a: conv 4 3x3 padding=same",
        "b: conv 4 3x3 padding=same @x",
        "sum: add @a @b",
    ]
    assert Snapshot.of(lines).totals.trainable == 2 * (3 * 3 * 3 * 4 + 4)


def test_layers_stand_below_what_they_read_whatever_their_order_in_the_file() -> None:
    lines = read(functional(layer("b", "ReLU", {}, ["a"]), layer("a", "Conv2D", CONV, ["x"]), INPUT))
    assert [line.name for line in lines if line.is_layer] == ["x", "a", "b"]


def test_a_shared_layer_counts_once_and_works_twice() -> None:
    lines = read(functional(INPUT, layer("a", "Conv2D", CONV | {"filters": 3}, ["x"], [("a", 0)])))
    assert texts(lines)[-1] == "a_2: call a"
    totals = Snapshot.of(lines).totals
    weights = 3 * 3 * 3 * 3
    assert (totals.trainable, totals.macs) == (weights + 3, 2 * 64 * weights)


def test_a_model_inside_a_model_is_a_group() -> None:
    inner = functional(INPUT, layer("a", "Conv2D", CONV, ["x"]), outputs=["a", 0, 0])
    inner["config"]["input_layers"] = ["x", 0, 0]
    nested = inner | {"name": "backbone", "inbound_nodes": [{"args": [tensor("x")], "kwargs": {}}]}
    lines = read(functional(INPUT, nested, layer("top", "Flatten", {}, ["backbone"])))
    assert texts(lines) == ["x: input 8x8x3", "backbone.a: conv 4 3x3 padding=same", "top: flatten"]


def test_the_older_format_is_read() -> None:
    old = {"class_name": "InputLayer", "config": {"batch_input_shape": [None, 6], "name": "x"}, "inbound_nodes": []}
    dense = {"class_name": "Dense", "config": {"name": "d", "units": 2}, "inbound_nodes": [[["x", 0, 0, {}]]]}
    lines = read({"class_name": "Functional", "config": {"layers": [old, dense], "output_layers": [["d", 0, 0]]}})
    assert texts(lines) == ["x: input 6", "d: dense 2"]


def test_wrappers_become_arguments_of_the_layer_inside() -> None:
    lstm = {"class_name": "LSTM", "config": {"units": 5, "return_sequences": True}}
    dense = {"class_name": "Dense", "config": {"units": 2}}
    lines = read({"class_name": "Sequential", "config": {"layers": [
        {"class_name": "InputLayer", "config": {"batch_shape": [None, 7, 3], "name": "x"}},
        {"class_name": "Bidirectional", "config": {"name": "both", "layer": lstm, "merge_mode": "concat"}},
        {"class_name": "TimeDistributed", "config": {"name": "each", "layer": dense}},
        {"class_name": "SpectralNormalization", "config": {"name": "flat", "layer": dense}},
    ]}})  # fmt: skip
    assert messages(lines) == []
    assert texts(lines)[2] == "each: dense 2 timedistributed=true"
    totals = Snapshot.of(lines).totals
    # LSTM: 4*(3*5 + 5*5 + 5) in each direction; Dense: 10*2 + 2, then 2*2 + 2, and a vector of its 2 units.
    assert (totals.trainable, totals.non_trainable) == (2 * 180 + 22 + 6, 2)


def test_a_free_size_is_a_symbol_until_weights_need_it() -> None:
    free = INPUT | {"config": {"batch_shape": [None, None, None, 3]}}
    assert texts(read(functional(free, layer("a", "Conv2D", CONV, ["x"]))))[0] == "x: input n1xn2x3"
    lines = read(
        functional(INPUT | {"config": {"batch_shape": [None, 4, None]}}, layer("d", "Dense", {"units": 2}, ["x"]))
    )
    assert "Keras refuses that" in messages(lines)[0]


def test_another_data_format_stands_between_two_permutations() -> None:
    turned = layer("b", "MaxPooling2D", {"pool_size": 2, "data_format": "channels_first"}, ["a"])
    lines = read(functional(INPUT, layer("a", "Conv2D", CONV | {"data_format": "channels_last"}, ["x"]), turned))
    assert texts(lines)[2:] == ["b.in: permute 0,2,3,1", "b: maxpool 2x2", "b.out: permute 0,3,1,2"]
    result = Snapshot.of(lines).result(len(lines) - 1)
    assert result is not None
    assert result.outputs[0].shape == (1, 8, 4, 2)


def test_steps_stay_where_they_are_when_the_channels_move() -> None:
    images = INPUT | {"config": {"batch_shape": [None, 5, 3, 8, 6]}}
    first = layer("a", "Conv3D", {"filters": 3, "kernel_size": 1, "data_format": "channels_last"}, ["x"])
    second = layer("b", "Conv3D", {"filters": 6, "kernel_size": 1, "data_format": "channels_last"}, ["a"])
    lstm = layer("c", "ConvLSTM2D", {"filters": 4, "kernel_size": 3, "data_format": "channels_first"}, ["b"])
    lines = read(functional(images, first, second, lstm))
    result = Snapshot.of(lines).result(len(lines) - 1)
    assert result is not None
    # (batch, steps, channels, height, width) to (batch, filters, height - 2, width - 2)
    assert result.outputs[0].shape == (1, 4, 6, 4)


@pytest.mark.parametrize(
    ("class_name", "config", "named"),
    [
        ("Conv2D", CONV | {"groups": 0}, "groups=0"),
        ("Conv2D", CONV | {"padding": "reflect"}, "padding='reflect'"),
        ("Conv2D", CONV | {"strides": 2, "dilation_rate": 2}, "strides above 1 together with a dilation_rate"),
        ("Conv2D", CONV | {"shape_of_kernel": 1}, "shape_of_kernel=1"),
        ("Dense", {"units": 3.5}, "units=3.5"),
        ("Dropout", {"rate": 1.5}, "rate=1.5"),
        ("AveragePooling2D", {"strides": 2}, "needs pool_size"),
        ("MaxPooling1D", {"pool_size": 2}, "needs 3 axes with the batch, it gets 4"),
        ("Lambda", {"function": {"class_name": "__lambda__"}}, "no layer kind is called Lambda"),
    ],
)
def test_what_keras_refuses_is_a_marked_line_that_names_it(class_name: str, config: dict[str, Any], named: str) -> None:
    lines = read(functional(INPUT, layer("a", class_name, config, ["x"]), layer("b", "ReLU", {}, ["a"])))
    assert [named in message for message in messages(lines)] == [True]
    assert lines[1].name == "a"
    assert named in lines[1].note


def archive(config: bytes, name: str = "config.json") -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(name, config)
    return data.getvalue()


def test_an_archive_is_read_for_its_configuration_alone() -> None:
    model = json.dumps(functional(INPUT, layer("a", "Conv2D", CONV, ["x"]))).encode()
    assert texts(read_archive(archive(model), "m.keras").lines) == ["x: input 8x8x3", "a: conv 4 3x3 padding=same"]
    with pytest.raises(FileError, match="no Keras archive"):
        read_archive(archive(model, "other.json"), "m.keras")
    with pytest.raises(FileError, match="no Keras archive"):
        read_archive(b"PK no zip", "m.keras")


def test_an_archive_that_unpacks_to_too_much_is_refused() -> None:
    with pytest.raises(FileError, match="the most that is read"):
        read_archive(archive(b" " * (MAX_CONFIG + 2)), "m.keras")


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b'{"class_name": "Thing"}', b"\xff", b"[" * 100_000])
def test_what_is_no_model_is_a_file_error(data: bytes) -> None:
    with pytest.raises(FileError, match=r"model\.json"):
        read_json(data, "model.json")
