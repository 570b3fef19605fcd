"""What read source gets from Keras: layers, models, ``keras.ops`` and operators, and TensorFlow's names for them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from tui.formats.imported import Imported, Notice
from tui.formats.keras.signatures import SIGNATURES
from tui.formats.python.keras import (
    KerasLayer,
    KerasTensor,
    Node,
    called,
    flat,
    plain_size,
    read_model,
    values_only,
)
from tui.formats.python.keras_classes import KerasClasses, is_keras_class
from tui.formats.python.keras_models import KerasModel
from tui.formats.python.keras_ops import item, node, operation
from tui.formats.python.values import MISSING, Function, Instance, Library, TroubleError, Unknown

if TYPE_CHECKING:
    from tui.formats.python.run import Reading

_KERAS: Final = re.compile(r"(?:tensorflow\.|tf\.)?(?:python\.)?keras\.(?:src\.)?|tensorflow\.|tf\.")
_MERGES: Final = {"add": "Add", "concatenate": "Concatenate", "multiply": "Multiply", "average": "Average",
                  "maximum": "Maximum", "minimum": "Minimum", "subtract": "Subtract", "dot": "Dot"}  # fmt: skip
_QUIET: Final = frozenset(("compile", "fit", "summary", "evaluate", "predict", "save", "load_weights", "build",
                           "add_metric", "add_loss", "get_config", "count_params"))  # fmt: skip
_OPERATORS: Final = {"Add": "add", "Sub": "subtract", "Mult": "multiply", "Div": "divide", "MatMult": "matmul",
                     "Pow": "power", "USub": "negative"}  # fmt: skip


class KerasWorld(KerasClasses):
    """Keras, for the reader of a source."""

    reading: Reading

    def __init__(self) -> None:
        super().__init__()
        self.notices: list[Notice] = []
        self.built: dict[int, Any] = {}
        """The shapes that instances of the source were built with."""

    def call(self, path: str, args: list[Any], named: dict[str, Any], line: int) -> Any:
        bare = _KERAS.sub("", path, count=1)
        if bare == path and not path.startswith("keras"):
            return MISSING
        parent, _, name = bare.rpartition(".")
        tensors = [one for one in flat([*args, *named.values()]) if isinstance(one, KerasTensor)]
        if name == "Input" or (name == "InputLayer" and "layers" in parent):
            return self._input(args, named)
        if name == "Sequential":
            return self._sequential(args, named, line)
        if name in ("Model", "Functional") and (named or args):
            return self._model(args, named, line)
        if parent in ("layers", "") and name in _MERGES and "ops" not in path:
            rest = {key: value for key, value in named.items() if key != "inputs"}
            return called(self._layer(_MERGES[name], [], rest, line), args or [named["inputs"]], {}, line)
        if name in SIGNATURES:
            return self._layer(name, args, named, line)
        if tensors:
            return operation(self, name, args, named, line)
        return MISSING

    def constant(self, path: str) -> Any:
        return None if path in ("tensorflow.newaxis", "tf.newaxis", "numpy.newaxis") else MISSING

    def _input(self, args: list[Any], named: dict[str, Any]) -> KerasTensor:
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
        layer = KerasLayer(self.graph, "InputLayer", config, _name(named))
        return KerasTensor(Node(layer, (), {}))

    def _layer(self, class_name: str, args: list[Any], named: dict[str, Any], line: int) -> KerasLayer:
        names = SIGNATURES.get(class_name, ())
        config = {**dict(zip(names, args, strict=False)), **named}
        name = _name(config)
        config.pop("name", None)
        self._first_shape(class_name, config)
        kept: dict[str, Any] = {}
        for key, value in config.items():
            if values_only(key) and key != "dtype":
                continue
            if isinstance(value, Unknown):
                raise TroubleError(f"{class_name}: {key}={value.text} is not known", line)
            kept[key] = self._configured(value)
        made = KerasLayer(self.graph, class_name, kept, name, line)
        function = config.get("function") if class_name == "Lambda" else None
        if isinstance(function, Function):
            made.function = lambda given, at: self._applied(function, given, at)
        return made

    def _applied(self, function: Function, args: list[Any], line: int) -> Any:
        """What the function of a Lambda layer gives; MISSING where that is no tensor."""
        try:
            value = self.reading.run(function, args, {}, line)
        except TroubleError:
            return MISSING
        return value if any(isinstance(one, KerasTensor) for one in flat(value)) else MISSING

    def _first_shape(self, class_name: str, config: dict[str, Any]) -> None:
        """``input_shape`` and its relatives in the first layer of a Sequential model."""
        shape = config.pop("input_shape", None)
        if "input_dim" in config and class_name != "Embedding":
            shape = (config.pop("input_dim"),)
        length = config.pop("input_length", None)
        if shape is None and isinstance(length, int):
            shape = (length,)
        if isinstance(shape, list | tuple):
            config["batch_input_shape"] = [None, *map(plain_size, shape)]
        if isinstance(config.get("batch_input_shape"), tuple):
            config["batch_input_shape"] = [plain_size(size) for size in config["batch_input_shape"]]

    def _configured(self, value: Any) -> Any:
        match value:
            case KerasLayer() | KerasModel():
                return value.json()
            case Library():
                return value.path.rpartition(".")[2]
            case tuple() | list():
                return [self._configured(one) for one in value]
            case Function():
                return "lambda"
        return value

    def _sequential(self, args: list[Any], named: dict[str, Any], line: int) -> KerasModel:
        layers = args[0] if args else named.get("layers")
        given = list(layers) if isinstance(layers, list | tuple) else []
        made = KerasModel(self.graph, _name(named), given)
        made.line = line
        return made

    def _model(self, args: list[Any], named: dict[str, Any], line: int) -> Any:
        inputs = args[0] if args else named.get("inputs", named.get("input"))
        outputs = args[1] if len(args) > 1 else named.get("outputs", named.get("output"))
        ends = [[one for one in flat(_values(given)) if isinstance(one, KerasTensor)] for given in (inputs, outputs)]
        if not all(ends):
            raise TroubleError("the inputs and outputs of this Model are not known", line)
        made = KerasModel(self.graph, _name(named), None, *ends)
        made.line = line
        return made

    def attribute(self, instance: Instance, name: str) -> Any:
        if not is_keras_class(instance.of):
            return MISSING
        if name == "trainable":
            return True
        return instance.of.name.lower() if name == "name" else MISSING

    def method(self, instance: Instance, name: str, args: list[Any], named: dict[str, Any], line: int) -> Any:
        if not is_keras_class(instance.of):
            return MISSING
        if name == "__init__":
            if len(args) + len(named) > 1 and {"inputs", "outputs"} <= named.keys():
                instance.attributes["a model"] = self._model(args, named, line)
            return None
        if name == "build" and args:
            self.built[id(instance)] = args[0]
            return None
        if name in _QUIET:
            return None
        if name != "__call__":
            return MISSING
        if not any(isinstance(one, KerasTensor) for one in flat([*args, *named.values()])):
            return Unknown("what a network gives", line)
        return self.run(instance, args, named, line)

    def operation(self, operator: str, operands: list[Any], line: int) -> Any:
        if not any(isinstance(one, KerasTensor) for one in operands):
            return MISSING
        if operator == "item":
            return item(self, operands[0], operands[1], line)
        name = _OPERATORS.get(operator)
        if name is None or any(isinstance(one, Instance | str | list) for one in operands):
            return MISSING
        if any(isinstance(one, Unknown) for one in operands):
            return self.unknown(name, [one for one in operands if isinstance(one, KerasTensor)], line)
        return node(self, name.capitalize(), {}, operands, line)

    def opaque(self, unknown: Unknown, args: list[Any], named: dict[str, Any], line: int) -> Any:
        tensors = [one for one in flat([*args, *named.values()]) if isinstance(one, KerasTensor)]
        return self.unknown(unknown.text, tensors, line) if tensors else MISSING

    def unknown(self, name: str, tensors: Sequence[Any], line: int) -> Any:
        """A call of something that is not known."""
        bare = re.sub(r"\W+", "_", name.rpartition(".")[2]) or "operation"
        self.notices.append(
            Notice("opaque", f"line {line}", f"{name} is not known: its weights and work are not counted")
        )
        return called(KerasLayer(self.graph, bare, {}), list(tensors), {}, line)

    def imported(self, found: Any) -> Imported:
        """The lines of a model."""
        if isinstance(found, Instance):
            found = self._from_class(found)
        made = read_model(found.json())
        return made._replace(notices=(*self.notices, *made.notices))

    def _from_class(self, instance: Instance) -> KerasModel:
        """A model of a class of the source: its ``call`` is read once."""
        inner = instance.attributes.get("a model")
        if isinstance(inner, KerasModel):
            return inner
        shape = self.built.get(id(instance))
        given = self._input([], {"batch_shape": shape} if isinstance(shape, list | tuple) else {})
        self.reading.level += 1
        try:
            made = self.run(instance, [given], {}, instance.of.line)
        finally:
            self.reading.level -= 1
        outputs = [one for one in flat(_values(made)) if isinstance(one, KerasTensor)]
        return KerasModel(self.graph, instance.of.name, None, [given], outputs or [given])


def _values(given: Any) -> Any:
    return list(given.values()) if isinstance(given, dict) else given


def _name(named: Mapping[str, Any]) -> str:
    name = named.get("name")
    return name if isinstance(name, str) else ""
