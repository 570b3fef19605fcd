"""The graph in a Keras model's JSON: which call of which layer reads what.

Two spellings are read: Keras 3 (``inbound_nodes`` with arguments and ``keras_history``) and Keras 2 (nested lists
of name, node and tensor).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from tui.core.errors import FileError
from tui.formats.keras_config import layers_of, mapping, name_of


class Tensor(NamedTuple):
    """One output of one call of a layer: the layer's name, which call, which output."""

    layer: str
    call: int
    output: int


class Call(NamedTuple):
    """One call: the tensors it reads in their order, and its other arguments by name."""

    layer: Mapping[str, Any]
    number: int
    reads: tuple[Tensor, ...]
    options: Mapping[str, Any]

    @property
    def name(self) -> str:
        return name_of(self.layer)


MASKS: Final = frozenset(("mask", "attention_mask", "query_mask", "value_mask", "key_mask"))
"""Options of a call that change no shape and no count; their tensors are no inputs here."""


class Graph(NamedTuple):
    """The calls of a functional model, each after those that it reads, and what the model gives."""

    calls: list[Call]
    inputs: tuple[Tensor, ...]
    outputs: tuple[Tensor, ...]


def graph_of(config: Mapping[str, Any]) -> Graph:
    """The graph of a model's configuration.

    Raises FileError where a call reads a tensor that nothing makes, or calls go in a circle.
    """
    calls = [call for layer in layers_of(config) for call in _calls(layer)]
    outputs = tuple(_tensors(config.get("output_layers")))
    earlier = _earlier_calls(calls, [*outputs, *(tensor for call in calls for tensor in call.reads)])

    def here(tensor: Tensor) -> Tensor:
        return tensor._replace(call=tensor.call - earlier.get(tensor.layer, 0))

    waiting = {(c.name, c.number): c._replace(reads=tuple(map(here, c.reads))) for c in calls}
    ordered: list[Call] = []
    done: set[tuple[str, int]] = set()
    while waiting:
        before = len(waiting)
        for key, call in list(waiting.items()):
            if all((tensor.layer, tensor.call) in done for tensor in call.reads):
                ordered.append(waiting.pop(key))
                done.add(key)
        if len(waiting) == before:
            name, _ = next(iter(waiting))
            raise FileError(f"the layer {name} of this Keras model reads what no layer before it makes")
    return Graph(ordered, tuple(_tensors(config.get("input_layers"))), tuple(map(here, outputs)))


def _earlier_calls(calls: Sequence[Call], read: Sequence[Tensor]) -> dict[str, int]:
    """How often a layer was called outside of this model: Keras counts on, a file holds only the calls inside."""
    last: dict[str, int] = {}
    for call in calls:
        last[call.name] = call.number
    highest: dict[str, int] = {}
    for tensor in read:
        highest[tensor.layer] = max(tensor.call, highest.get(tensor.layer, 0))
    return {name: most - last[name] for name, most in highest.items() if name in last and most > last[name]}


def _calls(layer: Mapping[str, Any]) -> Iterator[Call]:
    nodes = layer.get("inbound_nodes")
    if not nodes or not isinstance(nodes, list):
        yield Call(layer, 0, (), {})
        return
    for number, node in enumerate(nodes):
        if isinstance(node, Mapping):
            args, options = node.get("args", []), mapping(node.get("kwargs"))
        else:
            args, options = _old_node(node)
        options = {name: value for name, value in options.items() if name not in MASKS}
        reads = [*_tensors(args), *(tensor for value in options.values() for tensor in _tensors(value))]
        rest = {name: value for name, value in options.items() if value is not None and not [*_tensors(value)]}
        yield Call(layer, number, tuple(reads), rest)


def _old_node(node: Any) -> tuple[list[Any], Mapping[str, Any]]:
    """A node of Keras 2: a list of [layer, call, output, options], or that list alone."""
    parts = node if isinstance(node, list) else []
    if parts and isinstance(parts[0], str):
        parts = [parts]
    options: dict[str, Any] = {}
    for part in parts:
        if isinstance(part, list) and len(part) > 3:
            options.update(mapping(part[3]))
    return parts, options


def _tensors(value: Any) -> Iterator[Tensor]:
    """The tensors in an argument, in their order."""
    if isinstance(value, Mapping):
        if value.get("class_name") == "__keras_tensor__":
            yield from _tensor(mapping(value.get("config")).get("keras_history"))
        elif value.get("class_name") != "__tensor__":
            for part in value.values():
                yield from _tensors(part)
    elif isinstance(value, list):
        if len(value) in (3, 4) and isinstance(value[0], str) and isinstance(value[1], int):
            yield from _tensor(value[:3])
        else:
            for part in value:
                yield from _tensors(part)


def _tensor(history: Any) -> Iterator[Tensor]:
    match history:
        case [str(layer), int(call), int(output)]:
            yield Tensor(layer, call, output)
        case _:
            raise FileError("this Keras model names a tensor in a way that is not read")
