"""What read source gets from ``torch``: modules, functions and operators, and the calls of its own modules."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from tui.core.errors import LayersheetError
from tui.core.size import SizeError
from tui.formats.frameworks.words import flat
from tui.formats.python.tensors import TensorValue
from tui.formats.python.torch_einops import FUNCTIONS, LAYERS, Einops, applied
from tui.formats.python.torch_modules import (
    CONTAINERS,
    Container,
    Layer,
    common,
    is_module,
    is_user_module,
    made,
    parts_of,
)
from tui.formats.python.torch_outside import Outside
from tui.formats.python.torch_weights import Weights
from tui.formats.python.values import MISSING, Function, Instance, TroubleError, Unknown
from tui.formats.torch.signatures import SIGNATURES
from tui.formats.torch.slices import item
from tui.formats.torch.table import SOURCE
from tui.formats.torch.tensors import Made, Stored

if TYPE_CHECKING:
    from tui.formats.python.run import Reading

_NAMESPACES: Final = re.compile(r"torch(\.(nn\.functional|special|linalg|functional|Tensor|ops\.aten|_C\._nn))?")
_SAME: Final = frozenset((
    "torch.jit.script", "torch.compile", "torch.nn.utils.weight_norm", "torch.nn.utils.spectral_norm",
    "torch.nn.utils.parametrizations.weight_norm", "torch.nn.utils.parametrizations.spectral_norm",
    "torch.nn.utils.parametrizations.orthogonal", "torch.nn.DataParallel",
    "torch.nn.parallel.DistributedDataParallel", "torch.jit.trace",
))  # fmt: skip
_NOTHING: Final = re.compile(r"torch\.(manual_seed|set_|backends|random|autograd\.set|_dynamo|_assert)|"
                             r"torch\.(no_grad|inference_mode|enable_grad|autocast|save|device|amp\.)")  # fmt: skip
_OPERATORS: Final = {
    "Add": "add", "Sub": "sub", "Mult": "mul", "Div": "div", "MatMult": "matmul", "Pow": "pow", "Mod": "remainder",
    "FloorDiv": "floor_divide", "USub": "neg", "Invert": "logical_not", "Eq": "eq", "NotEq": "ne", "Lt": "lt",
    "LtE": "le", "Gt": "gt", "GtE": "ge", "BitAnd": "logical_and", "BitOr": "logical_or", "BitXor": "logical_xor",
}  # fmt: skip
_SUMMARIES: Final = frozenset(("torchinfo.summary", "torchsummary.summary", "summary", "torch_summary.summary"))
_INSIDE: Final = "a layer of this class"


class TorchWorld(Outside):
    """PyTorch, for the reader of a source."""

    reading: Reading

    def call(self, path: str, args: list[Any], named: dict[str, Any], line: int) -> Any:
        if path in _SUMMARIES:
            return self.summary(path, args, named)
        parent, _, name = path.rpartition(".")
        if path.startswith("einops."):
            if name in LAYERS:
                return Einops(self, name, args, named, line)
            return applied(self, name, args, named, line) if name in FUNCTIONS else MISSING
        if not path.startswith("torch"):
            return MISSING
        self.line = line
        if parent.startswith("torch.nn") and ".functional" not in parent and name[:1].isupper():
            return self._class(name, args, named, line)
        if path in _SAME:
            return args[0] if args else MISSING
        if path in ("torch.cuda.is_available", "torch.is_grad_enabled", "torch.jit.is_scripting"):
            return False
        if path == "torch.utils.checkpoint.checkpoint" and args:
            return self.reading.call(args[0], args[1:], {}, line)
        if path == "torch.Size":
            return tuple(args[0])
        if path == "torch.is_tensor":
            return isinstance(args[0], TensorValue)
        if path.startswith("torch.nn.init."):
            return self._filled(name, args, named)
        if _NOTHING.match(path):
            return Unknown(path, line)
        if _NAMESPACES.fullmatch(parent) and name in SOURCE:
            return self.function(name, args, named, line)
        return MISSING

    def _class(self, name: str, args: list[Any], named: dict[str, Any], line: int) -> Any:
        if name == "Parameter":
            return self._parameter(args, named, line)
        if name == "Module":
            return Container(self, "ModuleList", {}, line)
        return made(self, name, args, named, line)

    def _filled(self, name: str, args: list[Any], named: dict[str, Any]) -> Any:
        """What ``torch.nn.init`` gives: the tensor itself, of other numbers."""
        tensor = args[0] if args else named.get("tensor")
        if isinstance(tensor, Weights):
            value = args[1] if len(args) > 1 else named.get("val")
            tensor.filled({"zeros_": 0, "constant_": value}.get(name))
        return tensor

    def _parameter(self, args: list[Any], named: dict[str, Any], line: int) -> Any:
        value = args[0] if args else named.get("data")
        operand = value.operand if isinstance(value, TensorValue) else None
        if isinstance(operand, Stored):
            trained = named.get("requires_grad", True) is not False
            return TensorValue(self, Stored("parameter", operand.shape, "parameter", operand.dtype, trained))
        raise TroubleError("the shape of this Parameter is not known", line)

    def constant(self, path: str) -> Any:
        return {"torch.pi": 3.141592653589793, "torch.inf": float("inf")}.get(path, MISSING)

    def opaque(self, unknown: Unknown, args: list[Any], named: dict[str, Any], line: int) -> Any:
        tensors = [one for one in flat([*args, *named.values()]) if isinstance(one, TensorValue)]
        if not tensors or self.tensors is None or not self.reading.level:
            return MISSING
        self.line = line
        return self.opaque_line(
            unknown.text, tensors, f"{unknown.text} is not known: its weights and work are not counted"
        )

    def unknown(self, part: Unknown, value: Any, line: int) -> Any:
        found = self.opaque(part, [value], {}, line)
        return Unknown(part.text, line) if found is MISSING else found

    def attribute(self, instance: Instance, name: str) -> Any:
        if not is_user_module(instance):
            return MISSING
        if name == "training":
            return False
        inner = instance.attributes.get(_INSIDE)
        if inner is not None:
            return inner.attribute(name)
        if name == "_modules":
            return dict(parts_of(instance))
        return Unknown("the device", 0) if name == "device" else MISSING

    def method(self, instance: Instance, name: str, args: list[Any], named: dict[str, Any], line: int) -> Any:
        if not is_user_module(instance):
            return MISSING
        if name == "__init__":
            self._base_init(instance, args, named, line)
            return None
        if name == "__call__":
            return self.call_user(instance, args, named, line)
        if name == "forward":
            return self._base_forward(instance, args, named, line)
        inner = instance.attributes.get(_INSIDE)
        found = MISSING if inner is None else inner.method(name, args, named, line)
        if found is not MISSING:
            return found
        if self._is_list(instance):
            held = Container(self, "Sequential", dict(parts_of(instance)), line)
            made_of_it = held.method(name, args, named, line)
            instance.attributes.update(held.inside)  # it may have got another part
            return instance if made_of_it is held else made_of_it
        return common(instance, name, args)

    def _is_list(self, instance: Instance) -> bool:
        return any(path.rpartition(".")[2] in CONTAINERS for path in instance.of.libraries())

    def _base_init(self, instance: Instance, args: list[Any], named: dict[str, Any], line: int) -> None:
        """What ``super().__init__`` of a layer or a container of PyTorch makes."""
        base = next((path.rpartition(".")[2] for path in instance.of.libraries()), "Module")
        if base in CONTAINERS:
            instance.attributes.update(made(self, base, args, named, line).inside)
        elif base in SIGNATURES:
            layer = made(self, base, args, named, line)
            if isinstance(layer, Layer):
                instance.attributes[_INSIDE] = layer

    def _base_forward(self, instance: Instance, args: list[Any], named: dict[str, Any], line: int) -> Any:
        inner = instance.attributes.get(_INSIDE)
        if inner is not None:
            inner.path = inner.path or instance.path
            return self.layer(inner, args, named, line)
        if self._is_list(instance):
            return self.sequence(instance, args, line)
        return MISSING

    def call_module(self, module: Any, args: list[Any], line: int) -> Any:
        if is_module(module) and not isinstance(module, Instance):
            return module.method("__call__", args, {}, line)
        return self.reading.call(module, args, {}, line)

    def call_user(self, module: Instance, args: list[Any], named: dict[str, Any], line: int) -> Any:
        """Call a module of the source: read its ``forward`` with its layers under its path."""
        if self.root is None:
            return self.outside(module, args, named, line)
        forward = module.of.find("forward")
        if not isinstance(forward, Function):
            return self._base_forward(module, args, named, line)
        before, self.place = self.place, module.path or self.place
        try:
            return self.reading.run(forward, [module, *args], named, line)
        finally:
            self.place = before

    def layer(self, layer: Layer, args: list[Any], named: dict[str, Any], line: int) -> Any:
        if self.root is None:
            return self.outside(layer, args, named, line)
        return super().layer(layer, args, named, line)

    def sequence(self, container: Any, args: list[Any], line: int) -> Any:
        if self.root is None:
            return self.outside(container, args, {}, line)
        return super().sequence(container, args, line)

    def operation(self, operator: str, operands: list[Any], line: int) -> Any:
        if not any(isinstance(one, TensorValue) for one in operands):
            return MISSING
        self.line = line
        if operator == "item":
            return self._item(*operands)
        name = _OPERATORS.get(operator)
        if name is None or any(isinstance(one, Instance | str | list) for one in operands):
            return MISSING
        return self.function(name, operands, {}, line)

    def _item(self, x: TensorValue, index: Any) -> Any:
        operand, place = x.operand, self.operand(index)
        if (
            isinstance(operand, Stored)
            and operand.kind != "parameter"
            and not any(isinstance(one, Made) for one in flat(place))
        ):
            return self.apart("item", lambda w, given: item(w, "item", *given), (operand, place))
        try:
            return self.value(item(self.writer(), self.named("slice"), x.operand, self.operand(index)))
        except (LookupError, ValueError, TypeError, AttributeError, ArithmeticError, SizeError) as error:
            return self.opaque_line("getitem", [x], f"an index is not read: {error}")
        except LayersheetError as error:
            return self.opaque_line("getitem", [x], f"an index is not read: {error.message}")
