"""One call of a PyTorch network of read source, from its inputs to its outputs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tui.formats.python.tensors import Pending, TensorValue
from tui.formats.python.torch import Tracer
from tui.formats.python.torch_modules import Container, name_parts, parts_of
from tui.formats.python.values import Function, Instance
from tui.formats.torch.tensors import Stored

if TYPE_CHECKING:
    from tui.formats.python.run import Reading


class Tracing(Tracer):
    """Reads one call of a network."""

    reading: Reading

    def trace(self, root: Any, shapes: list[tuple[list[Any], str]], values: Mapping[str, int]) -> None:
        """Read one call of a network: with inputs of these shapes, or of those that its layers declare."""
        self.root, self.values, self.shapes, self.place = root, values, list(shapes), ""
        batch = next((shape[0] for shape, _ in shapes if len(shape) > 1), 1)
        self.begin(batch)
        self.notices.clear()
        name_parts(root, "", set())
        self._name_parameters(root, set())
        names = self._inputs_of(root)
        if shapes:
            names = self.input_names or names
            names = (names + [f"x{i}" for i in range(len(names), len(shapes))])[: len(shapes)]
        inputs = [TensorValue(self, self.stated_input(n)) if shapes else Pending(self, n) for n in names]
        self.reading.level += 1
        try:
            self.call_module(root, list(inputs), getattr(root, "line", 0))
        finally:
            self.reading.level -= 1

    def _inputs_of(self, root: Any) -> list[str]:
        """The names of the inputs that a network needs."""
        forward = root.of.find("forward") if isinstance(root, Instance) else None
        if not isinstance(forward, Function):
            return ["x"]
        return self.reading.missing(forward) or ["x"]

    def _name_parameters(self, module: Any, seen: set[int]) -> None:
        """Parameters are called as the attributes that hold them, and none is written yet."""
        if id(module) in seen:
            return
        seen.add(id(module))
        held: Mapping[str, Any] = {}
        if isinstance(module, Instance):
            held = module.attributes
        elif isinstance(module, Container):
            held = module.inside
        for name, value in held.items():
            if isinstance(value, TensorValue) and isinstance(value.operand, Stored):
                value.operand.name = f"{module.path}.{name}" if module.path else name
                value.operand.source = None
        for _, part in parts_of(module):
            self._name_parameters(part, seen)
