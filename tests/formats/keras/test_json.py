"""Keras model JSON as lines. Counts are done by hand: a Conv2D has k*k*in*out + out, a Dense in*out + out."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.formats.keras.written import CONV, INPUT, functional, layer, notices, read, tensor
from tests.formats.made import messages, texts
from tui.core.snapshot import Snapshot
from tui.formats.imported import Stopped
from tui.formats.keras.json import read_json


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
    assert texts(lines) == [
        "x: input 8x8x3",
        "backbone.x: identity",
        "backbone.a: conv 4 3x3 padding=same",
        "top: flatten",
    ]


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
    ],
)
def test_what_keras_refuses_is_a_marked_line_that_names_it(class_name: str, config: dict[str, Any], named: str) -> None:
    lines = read(functional(INPUT, layer("a", class_name, config, ["x"]), layer("b", "ReLU", {}, ["a"])))
    assert [named in message for message in messages(lines)] == [True]
    assert lines[1].name == "a"
    assert named in lines[1].note


def test_a_layer_in_another_format_that_is_called_twice_has_one_kernel() -> None:
    turned = layer("b", "Conv2D", CONV | {"filters": 8, "data_format": "channels_first"}, ["x"], [("b", 0)])
    first = layer("a", "Conv2D", CONV | {"data_format": "channels_last"}, ["x"])
    other = layer("c", "Conv2D", CONV | {"data_format": "channels_last"}, ["x"])
    lines = read(functional(INPUT, first, other, turned))
    assert texts(lines)[3:] == [
        "b.in: permute 0,2,3,1 @x", "b: conv 8 3x3 padding=same", "b.out: permute 0,3,1,2",
        "b_2.in: permute 0,2,3,1", "b_2: call b", "b_2.out: permute 0,3,1,2",
    ]  # fmt: skip
    # Channels first, x has 8 channels of 8x3: 3*3*8*8 + 8, at two calls of 24 positions.
    totals = Snapshot.of(lines).totals
    assert totals.trainable == 2 * (3 * 3 * 3 * 4 + 4) + 3 * 3 * 8 * 8 + 8
    assert totals.macs == 2 * 64 * 3 * 3 * 3 * 4 + 2 * 24 * 3 * 3 * 8 * 8


def test_a_spectral_layer_that_is_called_twice_has_one_vector() -> None:
    inner = {"class_name": "Conv2D", "config": CONV | {"filters": 3}}
    lines = read(functional(INPUT, layer("a", "SpectralNormalization", {"layer": inner}, ["x"], [("a", 0)])))
    assert texts(lines)[1:] == [
        "a: conv 3 3x3 padding=same", "a.norm: spectralnorm 3", "a_2: call a", "a_2.norm: call a.norm"
    ]  # fmt: skip
    totals = Snapshot.of(lines).totals
    assert (totals.trainable, totals.non_trainable) == (3 * 3 * 3 * 3 + 3, 3)


def test_a_model_that_is_called_twice_has_its_weights_once() -> None:
    inner = functional(INPUT, layer("a", "Conv2D", CONV | {"filters": 3}, ["x"]), outputs=["a", 0, 0])
    inner["config"]["input_layers"] = ["x", 0, 0]
    tower = layer("tower", "Functional", inner["config"], ["x"], [("tower", 0)])
    lines = read(functional(INPUT, tower, layer("top", "Add", {}, [("tower", 0), ("tower", 1)])))
    assert texts(lines)[3:] == [
        "tower.x_2: identity", "tower.a_2: call tower.a", "top: add @tower.a @tower.a_2"
    ]  # fmt: skip
    assert Snapshot.of(lines).totals.trainable == 3 * 3 * 3 * 3 + 3
    assert notices(functional(INPUT, tower)) == []


def test_what_is_added_never_takes_the_name_of_a_layer() -> None:
    lines = read(functional(INPUT, layer("a", "ReLU", {}, ["x"], [("a", 0)]), layer("a_2", "ReLU", {}, [("a", 1)])))
    assert texts(lines)[1:] == ["a: relu", "a_3: call a", "a_2: relu"]


def test_a_frozen_model_freezes_its_layers() -> None:
    inner = functional(INPUT, layer("a", "Conv2D", CONV, ["x"]), outputs=["a", 0, 0])
    inner["config"] |= {"input_layers": ["x", 0, 0], "trainable": False}
    lines = read(functional(INPUT, layer("m", "Functional", inner["config"], ["x"]),
                            layer("d", "Dense", {"units": 2, "trainable": True}, ["m"])))  # fmt: skip
    totals = Snapshot.of(lines).totals
    assert (totals.trainable, totals.non_trainable) == (4 * 2 + 2, 3 * 3 * 3 * 4 + 4)


def test_a_model_for_each_step_stands_between_two_reshapes() -> None:
    inner = {
        "class_name": "Sequential",
        "config": {"layers": [{"class_name": "Dense", "config": {"name": "d", "units": 5}}]},
    }
    video = INPUT | {"config": {"batch_shape": [None, 7, 4, 3]}}
    lines = read(functional(video, layer("each", "TimeDistributed", {"layer": inner}, ["x"])))
    assert texts(lines)[1:] == [
        "each.steps: reshape -1x4x3 whole=true",
        "each.d: dense 5",
        "each: reshape -1x7x4x5 whole=true",
    ]
    assert Snapshot.of(lines).totals.macs == 7 * 4 * 3 * 5


def test_a_stated_shape_is_a_check_and_nothing_else() -> None:
    stated = tensor("a") | {"config": {"keras_history": ["a", 0, 0], "shape": [None, 8, 8, 5]}}
    top = layer("b", "ReLU", {}, ["a"]) | {"inbound_nodes": [{"args": [stated], "kwargs": {}}]}
    model = functional(
        INPUT, layer("a", "Conv2D", CONV, ["x"]) | {"build_config": {"input_shape": [None, 8, 8, 3]}}, top
    )
    assert notices(model) == [("differs", "the file states the shape (None, 8, 8, 5), computed is (1, 8, 8, 4)")]


def test_layers_of_another_precision_are_told_once() -> None:
    policy = {"dtype": {"class_name": "DTypePolicy", "config": {"name": "mixed_float16"}}}
    layers = [layer("a", "Conv2D", CONV | policy, ["x"]), layer("b", "Conv2D", CONV | policy, ["a"])]
    assert notices(functional(INPUT, *layers)) == [
        ("dropped", "2 layers compute in another type than they store; tensors are counted as float32")
    ]


def test_many_inputs_are_joined_in_parts_that_fit_in_a_line() -> None:
    denses = [layer(f"a_long_name_for_one_of_many_layers_{i}", "Conv2D", CONV, ["x"]) for i in range(150)]
    names = [one["name"] for one in denses]
    lines = read(functional(INPUT, *denses, layer("all", "Concatenate", {"axis": -1}, names)))
    assert messages(lines) == []
    result = Snapshot.of(lines).result(len(lines) - 1)
    assert result is not None
    assert result.outputs[0].shape == (1, 8, 8, 600)


def test_json_within_json_and_a_bare_configuration_are_read() -> None:
    model = functional(INPUT, layer("a", "Conv2D", CONV, ["x"]))
    wanted = texts(read(model))
    assert texts(read_json(json.dumps(json.dumps(model)).encode(), "m.json").lines) == wanted
    assert texts(read_json(json.dumps(model["config"] | {"input_layers": []}).encode(), "m.json").lines) == wanted


def test_progress_is_told_and_may_stop_the_reading() -> None:
    told: list[tuple[int, int]] = []
    layers = [layer(f"r{i}", "ReLU", {}, [f"r{i - 1}" if i else "x"]) for i in range(1_000)]
    data = json.dumps(functional(INPUT, *layers)).encode()
    read_json(data, "m.json", lambda done, total: told.append((done, total)))
    assert len(told) > 5
    assert told == sorted(told)
    assert told[-1][1] == 1_001

    def stop(done: int, total: int) -> None:
        raise Stopped

    with pytest.raises(Stopped):
        read_json(data, "m.json", stop)
