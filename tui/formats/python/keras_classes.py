"""Models and layers of Keras that are classes of the read source: their ``call`` is read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tui.formats.frameworks.words import flat
from tui.formats.python.keras import Graph, KerasLayer, KerasTensor, called
from tui.formats.python.keras_models import KerasModel
from tui.formats.python.keras_stored import is_stored
from tui.formats.python.values import MISSING, Class, Function, Instance

if TYPE_CHECKING:
    from tui.formats.python.run import Reading

_BASES = frozenset(("Model", "Layer", "Sequential"))


def is_keras_class(one: Class) -> bool:
    """Whether a class of the source is a model or layer of Keras."""
    return any(
        ("keras" in path or path in ("Model", "Layer")) and path.rpartition(".")[2] in _BASES
        for path in one.libraries()
    )


def is_called(instance: Instance) -> bool:
    """Whether an object is a layer or model of Keras that says what a call of it does; some only train others."""
    return is_keras_class(instance.of) and (
        isinstance(instance.of.find("call"), Function) or "a model" in instance.attributes
    )


class KerasClasses:
    """The calls of instances. ``place`` is the path of the one whose call is read."""

    reading: Reading

    def __init__(self) -> None:
        self.graph = Graph()
        self.graph.world = self
        self.place = ""
        self.root: Instance | None = None
        """The network itself: the names of its layers begin with no group."""

    def run(self, instance: Instance, args: list[Any], named: dict[str, Any], line: int) -> Any:
        call = instance.of.find("call")
        if not isinstance(call, Function):
            inner = instance.attributes.get("a model")
            return MISSING if inner is None else called(inner, args, named, line)
        if not instance.path and instance is not self.root:
            instance.path = self.graph.name(instance.of.name)
        self.name_layers(instance, instance.path)
        build = instance.of.find("build")
        if isinstance(build, Function) and "is built" not in instance.attributes:
            instance.attributes["is built"] = True
            first = next(one for one in flat(args) if isinstance(one, KerasTensor))
            shape = first.shape()
            self.reading.run(build, [instance, shape], {}, line)
            self.name_layers(instance, instance.path)
        before, self.place = self.place, instance.path
        try:
            known = set(self._arguments(call))
            return self.reading.run(call, [instance, *args], {k: v for k, v in named.items() if k in known}, line)
        finally:
            self.place = before

    def _arguments(self, call: Function) -> list[str]:
        return [one.arg for one in (*call.arguments.args, *call.arguments.kwonlyargs)]

    def name_layers(self, instance: Instance, path: str) -> None:
        """Layers without a name of their own are called as the attributes that hold them."""
        for name, value in instance.attributes.items():
            for i, one in enumerate(flat(value)):
                own = f"{path}.{name}" if path else name
                own = f"{own}.{i}" if isinstance(value, list | tuple) else own
                if is_stored(one):
                    one = one.node.layer
                if isinstance(one, KerasLayer | KerasModel) and not one.named:
                    one.name, one.named = own, True
                elif isinstance(one, Instance) and not one.path and is_keras_class(one.of):
                    one.path = own
                    self.name_layers(one, own)
