"""Tensors in read PyTorch source: what their attributes and methods are, by the shapes that the lines give."""

from __future__ import annotations

from typing import Any, Final

from tui.core.size import product
from tui.formats.python.values import MISSING, Library, Shaped, TroubleError, Unknown
from tui.formats.torch.table import SOURCE
from tui.formats.torch.tensors import Made, Stored

_QUIET: Final = frozenset(("backward", "register_hook", "item", "tolist", "zero_", "normal_",
                           "uniform_", "fill_", "is_contiguous", "data_ptr", "trunc_normal_"))  # fmt: skip


class TensorValue(Shaped):
    """A tensor: its operand is written (Made) or stored (Stored)."""

    def __init__(self, tracer: Any, operand: Any) -> None:
        self.tracer = tracer
        self._operand = operand

    @property
    def operand(self) -> Any:
        return self._operand

    def shape(self) -> Any:
        """The whole shape; Unknown where it is not known."""
        found = self.tracer.shape(self.operand)
        return Unknown("the shape of a tensor") if found is None else tuple(found)

    def noisy(self, kind: str, args: dict[str, Any]) -> TensorValue:
        """What a layer gives that does something while training only; of a fixed tensor nothing is said."""
        operand = self.operand
        if not isinstance(operand, Made):
            return self
        return TensorValue(self.tracer, self.tracer.writer().emit(self.tracer.named(kind), kind, args, [operand]))

    def attribute(self, name: str) -> Any:
        match name:
            case "T" | "mT":
                return self.tracer.function("t", [self], {}, 0)
            case "data":
                return self
            case "dtype" | "device":
                return Library(f"torch.{name}")
            case "is_cuda" | "requires_grad" | "training":
                return False
            case "class names":
                return ("Tensor",)
        return self.of_shape(name)

    def method(self, name: str, args: list[Any], named: dict[str, Any], line: int) -> Any:
        match name:
            case "size":
                return self._size(args[0] if args else named.get("dim"))
            case "dim" | "ndimension":
                return self.attribute("ndim")
            case "numel" | "nelement":
                shape = self.shape()
                return shape if isinstance(shape, Unknown) else product(shape)
            case "__bool__":
                return Unknown("the values of a tensor", line)
            case "__len__":
                shape = self.shape()
                return MISSING if isinstance(shape, Unknown) or not shape else shape[0]
            case "__iter__":
                found = self.tracer.function("unbind", [self], {}, line)
                return list(found) if isinstance(found, tuple) else MISSING
            case "__getitem__" | "__call__" | "__deepcopy__":
                return MISSING
            case "__setattr__" if args[0] == "requires_grad":
                self._train(bool(args[1]))
                return None
            case "requires_grad_":
                self._train(not args or bool(args[0]))
                return self
            case "__setitem__" | "__setattr__":
                return None
        if name in _QUIET:
            return self
        bare = name.rstrip("_") if not name.startswith("_") else name
        if bare not in SOURCE:
            return MISSING
        return self.tracer.function(bare, [self, *args], named, line)

    def _train(self, trained: bool) -> None:
        if isinstance(self.operand, Stored):
            self.operand.trainable = trained

    def _size(self, dim: Any) -> Any:
        shape = self.shape()
        if isinstance(shape, Unknown) or dim is None:
            return shape
        if not isinstance(dim, int) or not -len(shape) <= dim < len(shape):
            raise TroubleError(f"size({dim}) of a tensor of {len(shape)} axes")
        return shape[dim]


class Pending(TensorValue):
    """An input whose shape no line of the source says: it is made when the first layer that reads it is known."""

    def __init__(self, tracer: Any, name: str) -> None:
        super().__init__(tracer, None)
        self.name = name

    @property
    def operand(self) -> Any:
        self.resolve(None)
        return self._operand

    @property
    def open(self) -> bool:
        return self._operand is None

    def resolve(self, layer: Any, sizes: Any = None) -> None:
        """Write the input that a layer reads, or one of these sizes."""
        if self._operand is None:
            self._operand = self.tracer.input_for(self.name, layer, sizes)
