"""The graph in a Keras model's JSON: which call of which layer reads what.

Source: ``get_config`` of ``models/functional.py`` (Keras 3), of
``engine/functional.py`` (Keras 2).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from tui.core.errors import FileError
from tui.formats.escape import visible
from tui.formats.frameworks.order import ordered
from tui.formats.keras.classes import CHAINS, is_model
from tui.formats.keras.config import layers_of, name_of
from tui.formats.keras.nodes import Call, Tensor, calls_of, flat, with_tensors


class Graph(NamedTuple):
    """The calls of a functional model, each after those that it reads, and what goes in and comes out."""

    calls: list[Call]
    inputs: Any
    outputs: tuple[Tensor, ...]
    stated: Mapping[Tensor, Any]
    """The shapes that the file states for some of the tensors."""


def graph_of(config: Mapping[str, Any]) -> Graph:
    """The graph of a model's configuration.

    Raises FileError where a call reads a tensor that nothing makes, or calls go in a circle.
    """
    stated: dict[Tensor, Any] = {}
    layers = layers_of(config)
    calls = [call for layer in layers for call in calls_of(layer, stated)]
    outputs = tuple(flat(with_tensors(config.get("output_layers"), {})))
    read = [tensor for call in calls for tensor in (*flat(call.args), *flat(call.options))]
    old = any(_is_old(layer.get("inbound_nodes")) for layer in layers)
    inside, outside = _first_numbers(layers, old)
    numbers = _numbers(
        calls, [(t, inside.get(t.layer, 0)) for t in read], [(t, outside.get(t.layer, 0)) for t in outputs]
    )

    def here(value: Any, first: Mapping[str, int]) -> Any:
        if isinstance(value, Tensor):
            call = value.call - first.get(value.layer, 0)
            return value._replace(call=numbers.get((value.layer, call), call))
        if isinstance(value, list):
            return [here(part, first) for part in value]
        return {name: here(part, first) for name, part in value.items()} if isinstance(value, Mapping) else value

    return Graph(
        _in_order([c._replace(args=here(c.args, inside), options=here(c.options, inside)) for c in calls]),
        with_tensors(config.get("input_layers"), {}),
        tuple(here(tensor, outside) for tensor in outputs),
        {here(tensor, inside): shape for tensor, shape in stated.items()},
    )


def _is_old(nodes: Any) -> bool:
    return isinstance(nodes, list) and any(isinstance(node, list) for node in nodes)


def _first_numbers(layers: Sequence[Mapping[str, Any]], old: bool) -> tuple[dict[str, int], dict[str, int]]:
    """The number of the first call of the models among some layers: between layers, and among the model's outputs.

    The call that made a model is one of it. Keras 2 counts it everywhere, Keras 3 among the outputs of
    functional models only.
    """
    models = {name_of(layer): layer.get("class_name") in CHAINS for layer in layers if is_model(layer)}
    if old:
        both = dict.fromkeys(models, 1)
        return both, both
    return {}, {name: 1 for name, sequential in models.items() if not sequential}


def _numbers(calls: Sequence[Call], *read: Iterable[tuple[Tensor, int]]) -> dict[tuple[str, int], int]:
    """Which call in this file a number means, where it is not the number itself.

    Some versions count the calls outside of this model too; a file holds the calls inside only. Where as many
    numbers are read as there are calls, they are these calls in order; else the highest is the last.
    """
    count: dict[str, int] = {}
    for call in calls:
        count[call.name] = call.number + 1
    asked: dict[str, set[int]] = {}
    for pairs in read:
        for tensor, first in pairs:
            asked.setdefault(tensor.layer, set()).add(tensor.call - first)
    found: dict[tuple[str, int], int] = {}
    for name, numbers in asked.items():
        there = count.get(name, 0)
        if there and not all(0 <= number < there for number in numbers):
            ordered = sorted(numbers)
            shift = ordered[-1] - there + 1
            for place, number in enumerate(ordered):
                found[name, number] = place if len(ordered) == there else number - shift
    return found


def _in_order(calls: Sequence[Call]) -> list[Call]:
    """The calls, each after those that it reads; where that leaves a choice, in the order of the file."""
    place = {(call.name, call.number): number for number, call in enumerate(calls)}
    if len(place) < len(calls):
        name = next(
            name for name, count in Counter(call.name for call in calls if not call.number).items() if count > 1
        )
        raise FileError(f"two layers of this Keras model are called {_shown(name)}; in Keras each has its own name")
    needed: list[set[int]] = []
    for call in calls:
        sources = {(tensor.layer, tensor.call) for tensor in call.reads}
        for key in sources:
            if key not in place:
                raise FileError(
                    f"the layer {_shown(call.name)} of this Keras model reads {_shown(key[0])}, which no layer before "
                    "it makes"
                )
        needed.append({place[key] for key in sources})
    found = ordered(needed)
    if len(found) < len(calls):
        name = calls[min({*range(len(calls))} - {*found})].name
        raise FileError(f"the layers of this Keras model read each other in a circle, at {_shown(name)}")
    return [calls[number] for number in found]


def _shown(name: str) -> str:
    return visible(name[:80])
