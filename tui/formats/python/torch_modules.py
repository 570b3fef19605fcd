"""PyTorch's modules in read source: layers with their arguments, and containers of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from tui.formats.python.copies import copied
from tui.formats.python.tensors import TensorValue
from tui.formats.python.torch_weights import Parameters, Weights, parameter_names
from tui.formats.python.unknown_sizes import size_of
from tui.formats.python.values import MISSING, Function, Instance, Library, TroubleError, Unknown, is_plain
from tui.formats.torch.signatures import SIGNATURES
from tui.formats.torch.tensors import Stored

CONTAINERS: Final = frozenset(("Sequential", "ModuleList", "ModuleDict", "ParameterList", "ParameterDict"))
_FUNCTIONS: Final = frozenset(("activation", "device", "dtype"))
_INNER: Final = frozenset(("encoder_layer", "decoder_layer", "norm"))


class Module:
    """Base of what ``torch.nn`` makes. ``tracer`` is what a call of it is given to."""

    def __init__(self, tracer: Any, line: int) -> None:
        self.tracer = tracer
        self.line = line
        self.path = ""

    class_name = ""

    def parts(self) -> Iterator[tuple[str, Any]]:
        """The modules inside, with their names."""
        return iter(())

    def attribute(self, name: str) -> Any:
        if name == "class names":
            return (self.class_name, "Module")
        if name == "training":
            return False
        return dict(self.parts()).get(name, MISSING)

    def method(self, name: str, args: list[Any], named: dict[str, Any], line: int) -> Any:
        return common(self, name, args)


def common(module: Any, name: str, args: list[Any]) -> Any:
    """The methods that all modules have."""
    if name == "parameters":
        return [weight for _, weight in parameters_of(module)]
    if name == "named_parameters":
        return parameters_of(module)
    if name in ("buffers", "named_buffers"):
        return []
    if name in ("children", "modules"):
        return [part for _, part in parts_of(module)]
    if name in ("named_children", "named_modules"):
        return [tuple(pair) for pair in parts_of(module)]
    if name == "requires_grad_":
        freeze(module, not args or bool(args[0]))
        return module
    if name in ("train", "eval", "to", "cuda", "cpu", "float", "half", "double", "bfloat16", "apply", "share_memory"):
        return module
    if name in ("register_buffer", "register_parameter", "register_module", "add_module"):
        if len(args) > 1 and isinstance(args[0], str) and isinstance(module, Instance):
            module.attributes[args[0]] = args[1]
        return None
    return MISSING


def is_module(value: Any) -> bool:
    """Whether a value is a module: of PyTorch, or of a class of the source."""
    return isinstance(value, Module) or (isinstance(value, Instance) and is_user_module(value))


def is_user_module(instance: Instance) -> bool:
    """Whether an object's class is made from ``torch.nn.Module`` or a module of PyTorch."""
    return any(path.rpartition(".")[2] in MODULE_BASES for path in instance.of.libraries())


MODULE_BASES: Final = frozenset(("Module", "LightningModule", *CONTAINERS, *SIGNATURES))


def parts_of(module: Any) -> list[tuple[str, Any]]:
    """The modules inside a module, with their names."""
    if isinstance(module, Instance):
        return [(name, value) for name, value in module.attributes.items() if is_module(value)]
    return list(module.parts())


def in_sequence(module: Any) -> list[Any]:
    """What a ``Sequential`` calls: its modules, and what is not known, which would else be missing from every total."""
    if isinstance(module, Instance):
        inside = {name: part for name, part in module.attributes.items() if is_module(part) or name.isdigit()}
    else:
        inside = module.inside
    return [part for part in inside.values() if is_module(part) or isinstance(part, Unknown)]


def parameters_of(module: Any, path: str = "", seen: set[int] | None = None) -> list[tuple[str, Any]]:
    """The parameters of a module and of all inside it, with their names from the module on."""
    seen = set() if seen is None else seen
    if id(module) in seen:
        return []
    seen.add(id(module))
    found: list[tuple[str, Any]] = []
    if isinstance(module, Layer):
        found += [(f"{path}{name}", Weights(module, name)) for name in module.parameters.names]
    held = module.attributes if isinstance(module, Instance) else getattr(module, "inside", {})
    for name, value in held.items():
        if isinstance(value, TensorValue) and isinstance(value.operand, Stored) and value.operand.kind == "parameter":
            found.append((f"{path}{name}", value))
    for name, part in parts_of(module):
        found += parameters_of(part, f"{path}{name}.", seen)
    return found


def freeze(module: Any, trained: bool) -> None:
    """Whether a module and all inside it are trained."""
    for _, weight in parameters_of(module):
        weight.method("requires_grad_", [trained], {}, 0)


def name_parts(module: Any, path: str, seen: set[int]) -> None:
    """Give every module its path from the outermost; of several the first."""
    if id(module) in seen:
        return
    seen.add(id(module))
    module.path = path
    for name, part in parts_of(module):
        name_parts(part, f"{path}.{name}" if path else name, seen)


def leaves(module: Any, seen: set[int] | None = None) -> Iterator[Layer]:
    """The layers inside a module in the order in which they were made."""
    seen = set() if seen is None else seen
    if id(module) in seen:
        return
    seen.add(id(module))
    if isinstance(module, Layer):
        yield module
    for _, part in parts_of(module):
        yield from leaves(part, seen)


class Layer(Module):
    """One of PyTorch's layers with the arguments of its constructor."""

    def __init__(self, tracer: Any, class_name: str, args: Mapping[str, Any], line: int) -> None:
        super().__init__(tracer, line)
        self.class_name = class_name
        self.args = dict(args)
        self.parameters = Parameters(parameter_names(class_name, args))

    def attribute(self, name: str) -> Any:
        found = super().attribute(name)
        if found is not MISSING:
            return found
        if name in self.parameters.names:
            return Weights(self, name)
        return self.args.get(name, MISSING)

    def method(self, name: str, args: list[Any], named: dict[str, Any], line: int) -> Any:
        if name in ("__call__", "forward"):
            return self.tracer.layer(self, args, named, line)
        if name == "__deepcopy__":
            twin = Layer(self.tracer, self.class_name, self.args, self.line)
            twin.parameters = self.parameters.copied()
            return twin
        if name == "__setattr__":
            if args[0] in self.parameters.names and isinstance(args[1], Weights):
                self.tracer.tied(self, args[0], args[1])
            elif args[0] != "requires_grad":
                self.args[args[0]] = args[1]
            return None
        return super().method(name, args, named, line)


class Container(Module):
    """``Sequential``, ``ModuleList`` or ``ModuleDict``."""

    def __init__(self, tracer: Any, class_name: str, parts: Mapping[str, Any], line: int) -> None:
        super().__init__(tracer, line)
        self.class_name = class_name
        self.inside = dict(parts)

    def parts(self) -> Iterator[tuple[str, Any]]:
        return iter([(name, part) for name, part in self.inside.items() if is_module(part)])

    def attribute(self, name: str) -> Any:
        found = super().attribute(name)
        return self.inside.get(name, MISSING) if found is MISSING else found

    def method(self, name: str, args: list[Any], named: dict[str, Any], line: int) -> Any:
        values = list(self.inside.values())
        match name:
            case "__call__" | "forward" if self.class_name == "Sequential":
                return self.tracer.sequence(self, args, line)
            case "__iter__":
                return list(self.inside) if self.class_name == "ModuleDict" else values
            case "__len__":
                return len(values)
            case "__getitem__":
                return self._item(args[0])
            case "__setitem__" | "add_module" | "register_module":
                self.inside[str(args[0])] = args[1]
                return None
            case "__setattr__":
                self.inside[args[0]] = args[1]
                return None
            case "append":
                self.inside[str(len(values))] = args[0]
                return self
            case "extend":
                for one in args[0] if isinstance(args[0], list | tuple) else args[0].inside.values():
                    self.inside[str(len(self.inside))] = one
                return self
            case "insert":
                values.insert(args[0], args[1])
                self.inside = {str(i): one for i, one in enumerate(values)}
                return None
            case "items":
                return [tuple(pair) for pair in self.inside.items()]
            case "keys":
                return list(self.inside)
            case "values":
                return values
            case "__deepcopy__":
                twins = {key: copied(one, args[0]) for key, one in self.inside.items()}
                return Container(self.tracer, self.class_name, twins, self.line)
        return super().method(name, args, named, line)

    def _item(self, index: Any) -> Any:
        values = list(self.inside.values())
        if isinstance(index, slice):
            return Container(self.tracer, self.class_name, dict(list(self.inside.items())[index]), self.line)
        if isinstance(index, str) and index in self.inside:
            return self.inside[index]
        if isinstance(index, int) and -len(values) <= index < len(values):
            return values[index]
        raise TroubleError(f"this {self.class_name} has no entry {index!r}")


def made(tracer: Any, class_name: str, args: list[Any], named: dict[str, Any], line: int) -> Any:
    """A module of ``torch.nn`` by its class; MISSING where there is none of that name."""
    if class_name in CONTAINERS:
        return Container(tracer, class_name, _contents(class_name, args, named), line)
    names = SIGNATURES.get(class_name)
    if names is None:
        return MISSING
    if len(args) > len(names) and class_name != "Identity":
        raise TroubleError(f"{class_name} takes {len(names)} arguments, it is given {len(args)}", line)
    given = {**dict(zip(names, args, strict=False)), **named}
    for name, value in given.items():
        if isinstance(value, Layer) and name in _INNER:
            given[name] = {"kind": value.class_name, "args": value.args}
        elif isinstance(value, Library | Function) and name in _FUNCTIONS:
            given[name] = getattr(value, "path", "relu").rpartition(".")[2]
        elif (size := size_of(name, value)) is not None:
            given[name] = size
            tracer.note(line, f"{class_name}: {name}={value.text} is not known: it stays a symbol", "folded")
        elif not is_plain(value):
            raise TroubleError(f"{class_name}: {name}={getattr(value, 'text', 'this')} is not known", line)
    return Layer(tracer, class_name, {} if class_name == "Identity" else given, line)


def _contents(class_name: str, args: list[Any], named: dict[str, Any]) -> dict[str, Any]:
    inside = args[0] if len(args) == 1 else named.get("modules") if not args else None
    if isinstance(inside, dict):
        return {str(key): value for key, value in inside.items()}
    if isinstance(inside, Container):
        return inside.inside
    if isinstance(inside, list | tuple):
        if inside and all(isinstance(one, tuple) and len(one) == 2 for one in inside):
            return {str(key): value for key, value in inside}
        return {str(i): one for i, one in enumerate(inside)}
    if class_name == "Sequential":
        return {str(i): one for i, one in enumerate(args)}
    return {}
