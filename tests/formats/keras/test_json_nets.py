"""Whole networks as real Keras 3 and Keras 2 wrote them, against what Keras says of each of their layers.

Every shape that a file states for a result is taken out first: what is compared is computed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.formats.keras.nets import DATA, nets, without_shapes
from tui.core.result import Result
from tui.core.size import Size
from tui.core.snapshot import Snapshot
from tui.formats.keras.json import read_archive, read_json

NETS = [net for folder in ("nets_keras", "nets_keras2") for net in nets(folder)]


class Read:
    """What a model came to, by the names of its layers."""

    def __init__(self, model: Any) -> None:
        found = read_json(json.dumps(model).encode(), "model.json")
        self.notices = found.notices
        self.snapshot = Snapshot.of(found.lines)
        self.results: dict[str, Result] = {}
        self.calls: dict[str, list[str]] = {}
        for row in self.snapshot.shown:
            line, result = self.snapshot.lines[row], self.snapshot.result(row)
            assert line.name is not None
            assert result is not None
            assert result.status in ("ok", "warning"), f"{line.text}: {result.message}"
            self.results[line.name] = result
            self.calls.setdefault(line.called or line.name, []).append(line.name)

    def rows(self, name: str) -> list[Result]:
        """A layer's results, one for each of its calls."""
        return [self.results[call] for call in self.calls[name]]


def free(shape: tuple[Size, ...]) -> list[int | None]:
    """A shape without the batch as Keras writes it, None for what is not given."""
    return [size if isinstance(size, int) else None for size in shape[1:]]


def layers_of(expected: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    for layer in expected["layers"]:
        if "nested" in layer:
            yield from layers_of({"layers": layer["nested"]}, f"{prefix}{layer['name']}.")
        else:
            yield prefix + layer["name"], layer


@pytest.mark.parametrize("net", NETS, ids=lambda net: net["id"])
def test_every_layer_is_as_keras_says(net: dict[str, Any]) -> None:
    expected, read = net["expected"], Read(without_shapes(net["model"]))
    for name, layer in layers_of(expected):
        rows = read.rows(name)
        if layer.get("calls"):
            several = isinstance(layer["output_shapes"][0][:1], list) and layer["output_shapes"][0][:1] != []
            shapes = [free(row.outputs[0].shape) for row in rows]
            stated = [s[0] if several and isinstance(s[0], list) else s for s in layer["output_shapes"]]
            assert shapes == stated, name
        weights = [sum(row.counts.trainable for row in rows), sum(row.counts.non_trainable for row in rows)]
        assert weights == [layer["params_trainable"], layer["params_non_trainable"]], name
        if "macs" in layer:
            assert sum(row.counts.macs for row in rows) == layer["macs"], name
    totals = read.snapshot.totals
    assert (totals.trainable, totals.non_trainable) == (expected["params_trainable"], expected["params_non_trainable"])
    assert "macs_total" not in expected or totals.macs == expected["macs_total"]
    assert read.notices == ()


@pytest.mark.parametrize("net", NETS, ids=lambda net: net["id"])
def test_the_shapes_that_keras_states_are_those_that_are_computed(net: dict[str, Any]) -> None:
    found = read_json(json.dumps(net["model"]).encode(), "model.json")
    assert [notice for notice in found.notices if notice.grade == "differs"] == []


@pytest.mark.parametrize("net", NETS, ids=lambda net: net["id"])
def test_layers_stand_in_the_order_of_the_model(net: dict[str, Any]) -> None:
    read = Read(net["model"])
    names = [name for name, layer in layers_of(net["expected"]) if layer["class_name"] != "InputLayer"]
    ours = [name for name in read.calls if name in names]
    if all(layer.get("calls", 1) == 1 for _, layer in layers_of(net["expected"])):
        assert ours == names


ARCHIVES = sorted(DATA.glob("nets_keras*/*.keras"))


@pytest.mark.parametrize("path", ARCHIVES, ids=lambda path: path.stem)
def test_an_archive_says_what_its_json_says(path: Any) -> None:
    net = next(net for net in NETS if net["id"] == path.stem)
    lines = read_archive(path.read_bytes(), path.name).lines
    again = read_json(json.dumps(net["model"]).encode(), "model.json").lines
    assert [line.text for line in lines] == [line.text for line in again]
    assert Snapshot.of(lines).totals.params == net["expected"]["params_total"]
