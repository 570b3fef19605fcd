"""One call of a PyTorch network of read source, from its inputs to its outputs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from tui.core.network import Source
from tui.core.size import Poly
from tui.formats.imported import Notice
from tui.formats.python.tensors import Pending, TensorValue
from tui.formats.python.torch import Tracer
from tui.formats.python.torch_modules import Container, leaves, name_parts, parameters_of, parts_of
from tui.formats.python.values import Function, Instance
from tui.formats.torch.tensors import Made, Stored

if TYPE_CHECKING:
    from tui.formats.python.run import Reading


_MOST_NAMED: Final = 4


class Tracing(Tracer):
    """Reads one call of a network."""

    reading: Reading
    given_back: set[Source] | None = None
    """What the network gives; None where that could not be read."""

    def trace(self, root: Any, shapes: list[tuple[list[Any], str]], values: Mapping[str, int]) -> None:
        """Read one call of a network: with inputs of these shapes, or of those that its layers declare."""
        self.root, self.values, self.shapes, self.place = root, values, list(shapes), ""
        batch = next((shape[0] for shape, _ in shapes if len(shape) > 1 and isinstance(shape[0], int | Poly)), 1)
        self.begin(batch)
        self.notices.clear()
        name_parts(root, "", set())
        self._name_parameters(root, set())
        self.given_back = None
        names = self._inputs_of(root)
        if shapes:
            names = self.input_names or names
            names = (names + [f"x{i}" for i in range(len(names), len(shapes))])[: len(shapes)]
        inputs = [TensorValue(self, self.stated_input(n)) if shapes else Pending(self, n) for n in names]
        self.reading.level += 1
        try:
            made = self.call_module(root, list(inputs), getattr(root, "line", 0))
            operands = [one.operand for one in _tensors(made)]
            self.given_back = {one.source for one in operands if isinstance(one, Made)}
            self._tell_unused(root)
        finally:
            self.reading.level -= 1

    def _tell_unused(self, root: Any) -> None:
        """Report the layers and parameters that the network has and never uses: PyTorch counts them."""
        names = [layer.path for layer in leaves(root) if not self.is_used(layer)]
        used = set(" ".join(self.writer().layers).split())
        for name, one in parameters_of(root):
            operand = one.operand if isinstance(one, TensorValue) else None
            if isinstance(operand, Stored) and operand.source is None and operand.name not in used:
                names.append(name)
        if names:
            more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
            text = f"the network never uses {', '.join(names[:_MOST_NAMED])}{more}: PyTorch counts their weights too"
            self.notices.append(Notice("differs", "unused", text))

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


def _tensors(value: Any) -> list[TensorValue]:
    """The tensors in what a network gives."""
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, list | tuple):
        return [one for part in value for one in _tensors(part)]
    return [value] if isinstance(value, TensorValue) else []
