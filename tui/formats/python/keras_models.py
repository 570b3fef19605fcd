"""Keras models in read source: what they hold, and the JSON that Keras would write of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tui.formats.frameworks.words import flat
from tui.formats.python.copies import copied
from tui.formats.python.keras import Graph, KerasLayer, KerasTensor, called, nodes_of, plain_size
from tui.formats.python.keras_json import graph_json
from tui.formats.python.values import MISSING


class KerasModel:
    """A model: Sequential (``layers``) or functional (``inputs`` and ``outputs``)."""

    def __init__(self, graph: Graph, name: str, layers: list[Any] | None = None, inputs: Sequence[Any] = (),
                 outputs: Sequence[Any] = ()) -> None:  # fmt: skip
        self.graph = graph
        self.layers = layers
        self.inputs = list(inputs)
        self.outputs = list(outputs)
        self.class_name = "Functional" if layers is None else "Sequential"
        self.named = bool(name)
        self.name = name or graph.name(self.class_name)
        self.built: Any = None
        self.line = 0
        self.path = ""

    def is_outermost(self, held: Mapping[str, Any]) -> bool:
        """Whether no other model of these has it inside."""
        others = [other for other in held.values() if isinstance(other, KerasModel) and other is not self]
        return not any(self in other.inside() for other in others)

    def inside(self) -> list[Any]:
        """The layers of a model in order."""
        if self.layers is not None:
            return self.layers
        return list(dict.fromkeys(node.layer for node in nodes_of(self.outputs, self.inputs)))

    def attribute(self, name: str) -> Any:
        match name:
            case "layers":
                return self.inside()
            case "name":
                return self.name
            case "class names":
                return (self.class_name, "Model", "Layer")
            case "input" | "inputs":
                given = self._given()
                return given[0] if name == "input" and given else given
            case "output" | "outputs":
                made = self.outputs or flat([self._run()])
                return made[0] if name == "output" and made else made
            case "trainable":
                return True
        return MISSING

    def _given(self) -> list[Any]:
        first = self.layers[0] if self.layers else None
        return [first] if isinstance(first, KerasTensor) else self.inputs

    def _run(self) -> Any:
        value: Any = None
        if self._is_mixed():
            return self._spelt_out().outputs
        for layer in self.layers or []:
            value = layer if isinstance(layer, KerasTensor) else called(layer, [value], {}, 0)
        return value

    def method(self, name: str, args: list[Any], named: dict[str, Any], line: int) -> Any:
        match name:
            case "__call__":
                return self._applied(args[0], line) if args and self._is_mixed() else called(self, args, named, line)
            case "add" if self.layers is not None:
                self.layers.append(args[0] if args else named.get("layer"))
                return None
            case "pop" if self.layers:
                return self.layers.pop()
            case "build":
                self.built = (args or [named.get("input_shape")])[0]
                return None
            case "get_layer":
                wanted = args[0] if args else named.get("name", named.get("index"))
                return next((one for one in self.inside() if one.name == wanted), MISSING)
            case "__setattr__":
                if args[0] == "trainable" and isinstance(args[1], bool):
                    for layer in self.inside():
                        if hasattr(layer, "method"):
                            layer.method("__setattr__", ["trainable", args[1]], {}, line)
                return None
            case "__deepcopy__":
                twin = None if self.layers is None else [copied(one, args[0]) for one in self.layers]
                return KerasModel(self.graph, "", twin, self.inputs, self.outputs)
        return MISSING

    def _is_mixed(self) -> bool:
        """Whether a Sequential model has parts that are no layers of Keras: objects of the source, functions."""
        return any(not isinstance(one, KerasLayer | KerasModel | KerasTensor) for one in self.layers or ())

    def _applied(self, value: Any, line: int) -> Any:
        """What the parts give, one after another."""
        for number, layer in enumerate(self.layers or []):
            if isinstance(layer, KerasTensor):
                continue  # the input
            if isinstance(layer, KerasLayer | KerasModel) and not layer.named:
                layer.name, layer.named = (f"{self.name}.{layer.name}" if self.path else layer.name), True
            value = self.graph.world.apply(layer, value, f"{self.path}.{number}" if self.path else "", line)
        return value

    def _spelt_out(self) -> KerasModel:
        """A Sequential model as a functional one, with the calls of its parts."""
        first = (self.layers or [None])[0]
        given = first if isinstance(first, KerasTensor) else self.graph.world.first_input(first, self.built)
        made = self._applied(given, self.line)
        outputs = [one for one in flat(made) if isinstance(one, KerasTensor)]
        return KerasModel(self.graph, self.name, None, [given], outputs or [given])

    def outermost(self) -> KerasModel:
        """The model as the whole network: a Sequential model that says no input shape gets the one that fits."""
        if not self.layers or isinstance(self.layers[0], KerasTensor | KerasModel) or self.built is not None:
            return self
        first = self.layers[0]
        stated = isinstance(first, KerasLayer) and first.config.get("batch_input_shape") is not None
        return self if stated or self._is_mixed() else self._spelt_out()

    def json(self) -> dict[str, Any]:
        """The model as Keras writes it."""
        if self._is_mixed():
            return self._spelt_out().json()
        if self.layers is None:
            config = graph_json(self.inputs, self.outputs)
        else:
            layers = [one.node.layer if isinstance(one, KerasTensor) else one for one in self.layers]
            config = {"layers": [layer.json() for layer in layers]}
        written: dict[str, Any] = {"class_name": self.class_name, "name": self.name,
                                   "config": {**config, "name": self.name}}  # fmt: skip
        if isinstance(self.built, list | tuple):
            written["build_config"] = {"input_shape": [plain_size(size) for size in self.built]}
        return written
