"""Keras in read source: layers, their calls, and models, kept as the graph that Keras itself would write as JSON.

The JSON is then read as any other: a model in source and the same model in a file come out alike.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from math import inf
from typing import Any, Final

from tui.core.size import Poly
from tui.formats.frameworks.words import flat
from tui.formats.keras.classes import STORED
from tui.formats.python.values import MISSING, Library, Shaped, TroubleError, Unknown

_SNAKE: Final = re.compile(r"(?<=.)(?=[A-Z][a-z])|(?<=[a-z])(?=[A-Z])")
MOST_QUESTIONS: Final = 300
"""How often a source may ask for the shape of a tensor: each answer reads the network above it."""
_VALUES_ONLY: Final = re.compile(r".*_(initializer|regularizer|constraint)$|^activity_regularizer$|^seed$|^dtype$")


class Graph:
    """All layers of a source, in the order of their calls."""

    def __init__(self) -> None:
        self.calls = 0
        self.names: dict[str, int] = {}
        self.questions = 0
        self.world: Any = None
        """What calls the objects of the source that are layers."""

    def name(self, class_name: str) -> str:
        """A name as Keras gives it: ``conv2d``, then ``conv2d_1``."""
        base = _SNAKE.sub("_", class_name).lower().replace("__", "_")
        number = self.names.get(base, 0)
        self.names[base] = number + 1
        return f"{base}_{number}" if number else base


class KerasTensor(Shaped):
    """One output of one call of a layer."""

    def __init__(self, node: Node, output: int = 0) -> None:
        self.node = node
        self.output = output
        self._shape: Any = None

    def shape(self) -> Any:
        """The whole shape, None for what is not known; Unknown where nothing is."""
        graph = self.node.layer.graph
        if self._shape is None:
            graph.questions += 1
            if graph.questions > MOST_QUESTIONS:
                return Unknown("the shape of a tensor")
            from tui.formats.python.keras_json import shape_of  # it reads what stands here

            self._shape = shape_of(self)
        return self._shape

    def attribute(self, name: str) -> Any:
        match name:
            case "dtype":
                return Library("keras.dtype")
            case "class names":
                return ("KerasTensor", "Tensor")
        return self.of_shape(name)

    def method(self, name: str, args: list[Any], named: dict[str, Any], line: int) -> Any:
        if name == "get_shape":
            return self.shape()
        if name == "__bool__":
            return Unknown("the values of a tensor", line)
        return MISSING


class Node:
    """One call of a layer with what it reads."""

    def __init__(self, layer: Any, args: Sequence[Any], named: Mapping[str, Any]) -> None:
        self.layer = layer
        self.args = list(args)
        self.named = dict(named)
        layer.graph.calls += 1
        self.number = layer.graph.calls

    def reads(self) -> list[KerasTensor]:
        """The tensors among its arguments."""
        return [one for one in flat([*self.args, *self.named.values()]) if isinstance(one, KerasTensor)]


class KerasLayer:
    """A layer of Keras, or an operation of ``keras.ops`` (``module`` says so)."""

    def __init__(self, graph: Graph, class_name: str, config: dict[str, Any], name: str = "", line: int = 0) -> None:
        self.graph = graph
        self.class_name = class_name
        self.config = config
        self.named = bool(name)
        self.name = name or graph.name(class_name)
        self.line = line
        self.path = ""
        self.module = "keras.layers"
        self.function: Callable[[list[Any], int], Any] | None = None
        """What a Lambda layer does, where the source says it."""

    def attribute(self, name: str) -> Any:
        match name:
            case "class names":
                return (self.class_name, "Layer")
            case "name":
                return self.name
            case "trainable":
                return self.config.get("trainable", True)
        return self.config.get(name, MISSING)

    def method(self, name: str, args: list[Any], named: dict[str, Any], line: int) -> Any:
        if name == "__call__":
            made = MISSING if self.function is None else self.function(args, line)
            return called(self, args, named, line) if made is MISSING else made
        if name == "__setattr__":
            if args[0] in ("trainable", "activation"):
                self.config[args[0]] = args[1]
            return None
        if name in ("get_initial_state", "compute_mask"):
            return None
        if name == "__deepcopy__":
            return KerasLayer(self.graph, self.class_name, dict(self.config), line=self.line)
        return MISSING

    def json(self) -> dict[str, Any]:
        """The layer as Keras writes it, without its calls."""
        config = {**self.config, "name": self.name}
        return {"module": self.module, "class_name": self.class_name, "name": self.name, "config": config}


def called(layer: Any, args: list[Any], named: dict[str, Any], line: int) -> Any:
    """Call a layer on tensors; gives its output, or several where it is known to have them."""
    if not any(isinstance(one, KerasTensor) for one in flat([*args, *named.values()])):
        raise TroubleError(f"{getattr(layer, 'class_name', 'a layer')} is called without a tensor", line)
    kept = {key: value for key, value in named.items() if isinstance(value, KerasTensor | list | tuple | bool)}
    node = Node(layer, args, {key: value for key, value in kept.items() if key != "training"})
    count = _outputs(layer, node.named)
    made = [KerasTensor(node, i) for i in range(count)]
    return made[0] if count == 1 else made


def _outputs(layer: Any, named: Mapping[str, Any]) -> int:
    """How many tensors a call gives."""
    if hasattr(layer, "outputs"):  # a model
        return max(len(layer.outputs), 1)
    config, class_name = layer.config, layer.class_name
    inner = config.get("layer")
    sequences = both = 1
    if class_name == "Bidirectional" and isinstance(inner, Mapping):
        sequences = 2 if config.get("merge_mode", "concat") is None else 1
        both, class_name, config = 2, inner["class_name"], inner["config"]
    if config.get("return_state"):
        return sequences + both * {"LSTM": 2, "ConvLSTM2D": 2}.get(class_name, 1)
    if named.get("return_attention_scores") is True:
        return 2
    if class_name == "Split":
        parts = config["indices_or_sections"]
        return parts if isinstance(parts, int) else len(parts) + 1
    return {"TopK": 2, "Moments": 2}.get(class_name, sequences)


def nodes_of(outputs: Sequence[Any], inputs: Sequence[Any] = ()) -> list[Node]:
    """The calls that outputs need, in the order in which they were made."""
    ends = {id(one.node) for one in inputs}
    found: dict[int, Node] = {}
    waiting = [one.node for one in outputs]
    while waiting:
        node = waiting.pop()
        if id(node) in found:
            continue
        found[id(node)] = node
        if id(node) not in ends:
            waiting += [one.node for one in node.reads()]
    first: dict[int, float] = {}  # what is stored stands where it is read first
    for node in found.values():
        for one in node.reads():
            if getattr(one.node.layer, "module", "") == STORED:
                first[id(one.node)] = min(first.get(id(one.node), inf), node.number - 0.5)
    return sorted(found.values(), key=lambda node: first.get(id(node), node.number))


def plain_size(size: Any) -> Any:
    """A size as Keras's JSON holds it: a symbol is a size that is not known."""
    return None if isinstance(size, Poly | Unknown) else size


def values_only(name: str) -> bool:
    """Whether an argument changes values only."""
    return _VALUES_ONLY.match(name) is not None
