"""The inputs of Keras models in read source: as the source says, as a script calls a model, or as a layer reads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tui.formats.frameworks.words import flat
from tui.formats.imported import Notice
from tui.formats.python.inputs import sizes_word
from tui.formats.python.keras import KerasLayer, KerasTensor, Node, plain_size
from tui.formats.python.keras_classes import KerasClasses
from tui.formats.python.keras_inputs import guessed
from tui.formats.python.keras_models import KerasModel
from tui.formats.python.values import Instance


class KerasBuilding(KerasClasses):
    """Makes the inputs of models, and models of objects of the source."""

    def __init__(self) -> None:
        super().__init__()
        self.notices: list[Notice] = []
        self.built: dict[int, Any] = {}
        """What instances of the source were built with: a shape, shapes, or the inputs that a script gives."""

    def input(self, args: list[Any], named: dict[str, Any]) -> KerasTensor:
        shape = args[0] if args else named.get("shape", named.get("input_shape"))
        batch = named.get("batch_size")
        whole = named.get("batch_shape", named.get("batch_input_shape"))
        if whole is None and isinstance(shape, list | tuple):
            whole = [batch, *shape]
        elif whole is None and isinstance(shape, int):
            whole = [batch, shape]
        config: dict[str, Any] = {"dtype": named["dtype"]} if isinstance(named.get("dtype"), str) else {}
        if isinstance(whole, list | tuple):
            config["batch_shape"] = [plain_size(size) for size in whole]
        layer = KerasLayer(self.graph, "InputLayer", config, name_of(named))
        return KerasTensor(Node(layer, (), {}))

    def first_input(self, first: Any, built: Any) -> KerasTensor:
        """The input of a Sequential model: as its first layer or ``build`` says, else without a shape."""
        config = first.config if isinstance(first, KerasLayer) else {}
        whole = config.get("batch_input_shape", built)
        known = isinstance(whole, list | tuple)
        return self.input([], {"batch_shape": whole}) if known else self._guessed_input(first)

    def _guessed_input(self, first: Any) -> KerasTensor:
        """The input that the first layer of something reads; without a shape where nothing says it."""
        guess = guessed(first)
        if guess is None:
            return self.input([], {})
        made = self.input([], {"batch_shape": [None, *guess.sizes], **({"dtype": guess.dtype} if guess.dtype else {})})
        made.node.layer.config["batch_shape"] = [None, *guess.sizes]  # symbols stay what they are
        sizes = sizes_word(guess.sizes) or "scalar"
        text = f"the source does not say the shape of its input: {sizes} is taken, as {guess.because} reads that"
        self.notices.append(Notice("folded", made.node.layer.name, text))
        return made

    def from_class(self, instance: Instance) -> KerasModel:
        """A model of a class of the source: its ``call`` is read once."""
        inner = instance.attributes.get("a model")
        if isinstance(inner, KerasModel):
            return inner
        given = self._inputs_of(instance)
        self.reading.level += 1
        self.root = instance
        try:
            made = self.run(instance, given, {}, instance.of.line)
        finally:
            self.reading.level -= 1
        outputs = [one for one in flat(values_of(made)) if isinstance(one, KerasTensor)]
        inputs = [one for one in flat(values_of(given)) if isinstance(one, KerasTensor)]
        return KerasModel(self.graph, instance.of.name, None, inputs, outputs or inputs)

    def _inputs_of(self, instance: Instance) -> list[Any]:
        """What an object is called with: as the source builds it, else as its first layer reads it."""
        built = self.built.get(id(instance))
        if isinstance(built, list) and any(isinstance(one, KerasTensor) for one in flat(values_of(built))):
            return built
        if isinstance(built, list | tuple) and built and isinstance(built[0], list | tuple):
            return [[self.input([], {"batch_shape": one}) for one in built]]
        if isinstance(built, list | tuple):
            return [self.input([], {"batch_shape": built})]
        return [self._guessed_input(instance)]

    def inputs_like(self, value: Any) -> Any:
        """Inputs of the model in the place of the tensors that a script calls it with."""
        if isinstance(value, KerasTensor):
            config = value.node.layer.config
            dtype = {"dtype": config["dtype"]} if isinstance(config.get("dtype"), str) else {}
            return self.input([], {"batch_shape": (None, *value.shape()[1:]), **dtype})
        if isinstance(value, dict):
            return {key: self.inputs_like(one) for key, one in value.items()}
        if isinstance(value, list | tuple):
            return [self.inputs_like(one) for one in value]
        return value


def values_of(given: Any) -> Any:
    """The values of a dict; anything else as it is."""
    return list(given.values()) if isinstance(given, dict) else given


def name_of(named: Mapping[str, Any]) -> str:
    """The name among the arguments of a constructor; empty where there is none."""
    name = named.get("name")
    return name if isinstance(name, str) else ""
