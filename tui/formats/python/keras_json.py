"""Read Keras source as the JSON that Keras itself would write of it, and what the reader of that JSON says."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from tui.core.errors import LayersheetError
from tui.core.expression import parse_size
from tui.core.size import Poly
from tui.core.size import text as size_text
from tui.core.snapshot import Snapshot
from tui.formats.imported import Imported, unwatched
from tui.formats.keras.reading import Reading
from tui.formats.python.keras import KerasTensor, Node, nodes_of
from tui.formats.python.values import Library, Unknown

_SIZE: Final = "layersheet size"


def graph_json(inputs: Sequence[Any], outputs: Sequence[Any]) -> dict[str, Any]:
    """The configuration of a functional model."""
    nodes = nodes_of(outputs, inputs)
    places: dict[int, tuple[str, int]] = {}
    calls: dict[int, list[Node]] = {}
    names: dict[str, int] = {}
    own: dict[int, str] = {}
    for node in nodes:
        mates = calls.setdefault(id(node.layer), [])
        if not mates:
            number = names.get(node.layer.name, 0)
            names[node.layer.name] = number + 1
            own[id(node.layer)] = f"{node.layer.name}_{number}" if number else node.layer.name
        places[id(node)] = (own[id(node.layer)], len(mates))
        mates.append(node)

    def tensor(one: KerasTensor) -> dict[str, Any]:
        name, call = places[id(one.node)]
        return {"class_name": "__keras_tensor__", "config": {"keras_history": [name, call, one.output]}}

    def written(value: Any) -> Any:
        if isinstance(value, KerasTensor):
            return tensor(value)
        if isinstance(value, list | tuple):
            return [written(one) for one in value]
        if isinstance(value, dict):
            return value
        return value if isinstance(value, str | int | float | bool) else None

    layers = []
    for mates in calls.values():
        layer = mates[0].layer
        name = own[id(layer)]
        said = layer.json()
        said |= {"name": name, "config": {**said["config"], "name": name}}
        is_input = layer.class_name == "InputLayer" or any(id(node) in {id(i.node) for i in inputs} for node in mates)
        said["inbound_nodes"] = [] if is_input else [
            {"args": written(node.args), "kwargs": {k: written(v) for k, v in node.named.items()}} for node in mates
        ]  # fmt: skip
        layers.append(said)
    ends = [[*places[id(one.node)], one.output] for one in outputs]
    starts = [[*places[id(one.node)], one.output] for one in inputs if id(one.node) in places]
    return {"layers": layers, "input_layers": starts, "output_layers": ends}


def read_model(model: Mapping[str, Any]) -> Imported:
    """The lines of a model's JSON."""
    plain = json.loads(json.dumps(model, default=_word), object_hook=_sized)
    return Reading(plain, unwatched).imported()


def _sized(found: dict[str, Any]) -> Any:
    """A size with symbols, which JSON has no word for."""
    return parse_size(found[_SIZE]) if found.keys() == {_SIZE} else found


def _word(value: Any) -> Any:
    if isinstance(value, Library):
        return value.path.rpartition(".")[2]
    if isinstance(value, Poly):
        return {_SIZE: size_text(value)}
    if hasattr(value, "json"):
        return value.json()
    return str(getattr(value, "text", type(value).__name__))


def shape_of(tensor: KerasTensor) -> Any:
    """The whole shape that our rules give a tensor; sizes with symbols are None, as in Keras."""
    nodes = nodes_of([tensor])
    inputs = [KerasTensor(node) for node in nodes if node.layer.class_name == "InputLayer"]
    try:
        lines = read_model({"class_name": "Functional", "config": graph_json(inputs, [tensor])}).lines
    except LayersheetError:
        return Unknown("the shape of a tensor")
    snapshot = Snapshot.of(lines)
    result = snapshot.result(len(lines) - 1)
    if result is None or tensor.output >= len(result.outputs):
        return Unknown("the shape of a tensor")
    sizes = result.outputs[tensor.output].shape
    if not inputs:  # of stored tensors alone: it has no batch
        return tuple(size if isinstance(size, int) else None for size in sizes)
    return (None, *(size if isinstance(size, int) else None for size in sizes[1:]))
