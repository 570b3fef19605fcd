"""Keras models written by hand for tests, as the JSON of Keras 3."""

from __future__ import annotations

import json
from typing import Any

from tui.core.network import Line
from tui.formats.keras.json import read_json

INPUT = {"class_name": "InputLayer", "config": {"batch_shape": [None, 8, 8, 3]}, "name": "x", "inbound_nodes": []}
CONV = {"filters": 4, "kernel_size": [3, 3], "padding": "same"}


def tensor(name: str, call: int = 0, output: int = 0) -> dict[str, Any]:
    return {"class_name": "__keras_tensor__", "config": {"keras_history": [name, call, output]}}


def layer(name: str, class_name: str, config: dict[str, Any], *calls: list[Any]) -> dict[str, Any]:
    """A layer; each call is a list of names, or of names with the number of their call."""
    nodes = [
        {"args": [[tensor(*((one,) if isinstance(one, str) else one)) for one in reads]], "kwargs": {}}
        for reads in calls
    ]
    return {"class_name": class_name, "config": {"name": name, **config}, "name": name, "inbound_nodes": nodes}


def function(
    name: str, op: str, config: dict[str, Any], *args: Any, module: str = "numpy", **options: Any
) -> dict[str, Any]:
    """A function of keras.ops; tensors among its arguments are written with :func:`tensor`."""
    return {
        "module": f"keras.src.ops.{module}", "class_name": op, "config": {"name": name, **config},
        "registered_name": op, "name": name, "inbound_nodes": [{"args": list(args), "kwargs": options}],
    }  # fmt: skip


def functional(*layers: dict[str, Any], outputs: Any = None) -> dict[str, Any]:
    return {"class_name": "Functional", "config": {"name": "m", "layers": list(layers), "output_layers": outputs or []}}


def read(model: dict[str, Any]) -> list[Line]:
    return read_json(json.dumps(model).encode(), "model.json").lines


def notices(model: dict[str, Any]) -> list[tuple[str, str]]:
    found = read_json(json.dumps(model).encode(), "model.json").notices
    return [(notice.grade, notice.text) for notice in found]
