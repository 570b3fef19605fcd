"""What read source gets from Keras: layers, models, ``keras.ops`` and operators, and TensorFlow's names for them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from tui.formats.frameworks.words import flat
from tui.formats.imported import Imported, Notice
from tui.formats.keras.signatures import SIGNATURES
from tui.formats.python.keras import (
    KerasLayer,
    KerasTensor,
    called,
    plain_size,
    values_only,
)
from tui.formats.python.keras_building import KerasBuilding, name_of, values_of
from tui.formats.python.keras_classes import is_keras_class
from tui.formats.python.keras_json import read_model
from tui.formats.python.keras_models import KerasModel
from tui.formats.python.keras_ops import item, node, operation
from tui.formats.python.keras_stored import added, created, is_stored
from tui.formats.python.unknown_sizes import size_of
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


class KerasWorld(KerasBuilding):
    """Keras, for the reader of a source."""

    reading: Reading

    def call(self, path: str, args: list[Any], named: dict[str, Any], line: int) -> Any:
        bare = _KERAS.sub("", path, count=1)
        if bare == path and not path.startswith(("keras", "numpy.")):
            return MISSING
        parent, _, name = bare.rpartition(".")
        tensors = [one for one in flat([*args, *named.values()]) if isinstance(one, KerasTensor)]
        if name == "Input" or (name == "InputLayer" and "layers" in parent):
            return self.input(args, named)
        if name == "Sequential":
            return self._sequential(args, named, line)
        if name in ("Model", "Functional") and (named or args):
            return self._model(args, named, line)
        if parent in ("layers", "") and name in _MERGES and "ops" not in path:
            rest = {key: value for key, value in named.items() if key != "inputs"}
            return called(self._layer(_MERGES[name], [], rest, line), args or [named["inputs"]], {}, line)
        if name in SIGNATURES:
            return self._layer(name, args, named, line)
        if name == "epsilon" and parent in ("backend", "config"):
            return 1e-7
        if parent == "activations" and name == "get" and args:
            return Library(f"keras.activations.{args[0]}") if isinstance(args[0], str) else args[0]
        if tensors and not (name == "Variable" and is_stored(tensors[0])):
            return operation(self, name, args, named, line)
        return created(self, parent, name, args, named, line)

    def constant(self, path: str) -> Any:
        return None if path in ("tensorflow.newaxis", "tf.newaxis", "numpy.newaxis") else MISSING

    def _layer(self, class_name: str, args: list[Any], named: dict[str, Any], line: int) -> KerasLayer:
        names = SIGNATURES.get(class_name, ())
        config = {**dict(zip(names, args, strict=False)), **named}
        name = name_of(config)
        config.pop("name", None)
        self._first_shape(class_name, config)
        kept: dict[str, Any] = {}
        for key, value in config.items():
            if values_only(key) and key != "dtype":
                continue
            if (size := size_of(key, value)) is not None:
                text = f"{class_name}: {key}={value.text} is not known: it stays a symbol"
                self.notices.append(Notice("folded", f"line {line}", text))
                value = size
            if isinstance(value, Unknown):
                raise TroubleError(f"{class_name}: {key}={value.text} is not known", line)
            kept[key] = self._configured(value)
        made = KerasLayer(self.graph, class_name, kept, name, line)
        function = config.get("function") if class_name == "Lambda" else None
        if isinstance(function, Function):
            made.function = lambda given, at: self._applied(function, given, at)
        return made

    def apply(self, part: Any, value: Any, path: str, line: int) -> Any:
        """Call a part of a Sequential model."""
        if isinstance(part, Instance) and not part.path and is_keras_class(part.of):
            part.path = path
        return self.reading.call(part, [value], {}, line)

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
        if "input_dim" in config and not class_name.endswith("Embedding"):
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
        made = KerasModel(self.graph, name_of(named), given)
        made.line = line
        return made

    def _model(self, args: list[Any], named: dict[str, Any], line: int) -> Any:
        inputs = args[0] if args else named.get("inputs", named.get("input"))
        outputs = args[1] if len(args) > 1 else named.get("outputs", named.get("output"))
        ends = [[one for one in flat(values_of(given)) if isinstance(one, KerasTensor)] for given in (inputs, outputs)]
        if not all(ends):
            raise TroubleError("the inputs and outputs of this Model are not known", line)
        made = KerasModel(self.graph, name_of(named), None, *ends)
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
        if name in ("add_weight", "add_variable"):
            return added(self, args, named, line)
        if name != "__call__":
            return MISSING
        tensors = [one for one in flat([*args, *named.values()]) if isinstance(one, KerasTensor)]
        if not tensors:
            return Unknown("what a network gives", line)
        if not self.reading.level and all(map(is_stored, tensors)):  # a script calls it to build it
            self.built[id(instance)] = self.inputs_like(args)
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
        bare = re.sub(r"\W+", "_", name.removesuffix("(...)").rpartition(".")[2]).strip("_") or "operation"
        self.notices.append(
            Notice("opaque", f"line {line}", f"{name} is not known: its weights and work are not counted")
        )
        return called(KerasLayer(self.graph, bare, {}), list(tensors), {}, line)

    def imported(self, found: Any) -> Imported:
        """The lines of a model."""
        if isinstance(found, Instance):
            found = self.from_class(found)
        elif isinstance(found, KerasModel):
            found = found.outermost()
        made = read_model(found.json())
        return made._replace(notices=(*self.notices, *made.notices))
