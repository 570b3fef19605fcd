"""A Keras program as the JSON of a functional model, in the spelling of Keras 3's ``Model.to_json``.

Source of the format: Keras 3's ``serialization_lib``, ``models/functional.py`` and ``ops/node.py``. Arguments that
the network does not speak of (initializers, regularizers) are left to Keras's defaults.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from tui.core.size import symbol
from tui.core.tensor import Tensor
from tui.formats.frameworks.names import free_name
from tui.formats.keras.config import slice_object
from tui.formats.keras.write_program import FUNCTIONS, Layer, Program, Ref, Step


def as_json(program: Program) -> str:
    """The model, one operation a line. Plain JSON: no infinities, no text beyond ASCII."""
    return _Printing(program).text()


class _Printing:
    """One model on its way into JSON: the operations by their names, each with its calls."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.calls: dict[int, tuple[str, int]] = {}
        """For each step the name of its operation, and which call of it the step is."""
        self.entries: dict[str, dict[str, Any]] = {}
        self.taken = {step.call.name for step in program.steps if isinstance(step.call, Layer)}

    def text(self) -> str:
        """The whole file."""
        for place in self.program.live():
            step = self.program.steps[place]
            name = self._operation(step)
            nodes = self.entries[name]["inbound_nodes"]
            self.calls[place] = name, len(nodes)
            if step.args:
                nodes.append({"args": self._plain(step.args), "kwargs": self._plain(step.kwargs)})
        ends = {"input_layers": self.program.inputs, "output_layers": self.program.outputs}
        shown = {end: [self._history(ref) for ref in refs] for end, refs in ends.items()}
        whole = {end: found[0] if len(found) == 1 else found for end, found in shown.items()}
        lines = ",\n".join(json.dumps(entry, allow_nan=False) for entry in self.entries.values())
        head = json.dumps({"module": "keras.src.models.functional", "class_name": "Functional"})[:-1]
        config = json.dumps({"name": self.program.name, "trainable": True, **whole})[1:]
        return f'{head}, "config": {{"layers": [\n{lines}\n],\n{config}, "registered_name": "Functional"}}\n'

    def _operation(self, step: Step) -> str:
        """The name of the operation of a step; it is made where this is its first call."""
        if isinstance(step.call, Layer):
            name, made = step.call.name, self._object(step.call)
        else:
            name, function = self._free(step.title), FUNCTIONS[step.call.function]
            made = {
                "module": f"keras.src.ops.{function.module}",
                "class_name": function.class_name,
                "config": {"name": name, **self._plain(step.call.config)},
                "registered_name": function.class_name,
            }
        self.entries.setdefault(name, {**made, "name": name, "inbound_nodes": []})
        return name

    def _free(self, wanted: str) -> str:
        name = free_name(wanted, self.taken)
        self.taken.add(name)
        return name

    def _object(self, layer: Layer) -> dict[str, Any]:
        config = {"name": layer.name} if layer.name else {}
        return {
            "module": "keras.layers",
            "class_name": layer.class_name,
            "config": {**config, **self._plain(layer.args)},
            "registered_name": None,
        }

    def _history(self, ref: Ref) -> list[Any]:
        return [*self.calls[ref.step], ref.output or 0]

    def _tensor(self, ref: Ref) -> dict[str, Any]:
        """A tensor. Its shape is for the eye: Keras computes its own, and inside a layer of ours it is not known."""
        known = self.program.tensors.get(ref, Tensor((symbol("open"),)))
        shape = [size if isinstance(size, int) else None for size in known.shape]
        config = {"shape": shape, "dtype": known.dtype, "keras_history": self._history(ref)}
        return {"class_name": "__keras_tensor__", "config": config}

    def _plain(self, value: Any) -> Any:
        """A value in the words of JSON: tensors, slices and layers are objects that name their class."""
        if isinstance(value, Ref):
            return self._tensor(value)
        if isinstance(value, Layer):
            return self._object(value)
        if isinstance(value, slice):
            return slice_object(value)
        if isinstance(value, Mapping):
            return {key: self._plain(part) for key, part in value.items()}
        if isinstance(value, list | tuple):
            return [self._plain(part) for part in value]
        return value
