"""A call of a function of ``keras.ops`` on its way into lines: what it is given, and the lines that it takes.

Most functions are one line. Some need several (indexing with a new axis), and a number beside a tensor is either
an argument (``x + 1`` is a ``rescaling``) or a ``constant`` of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, TypeAlias

from tui.core.network import Source
from tui.core.tensor import Shape
from tui.formats.frameworks.words import FrameworkError, is_whole
from tui.formats.keras.nodes import Constant

Operand: TypeAlias = Source | Constant
Read: TypeAlias = "Source | Constant | int"
"""What a step reads: a layer, a constant, or an earlier step by its number."""


class Step(NamedTuple):
    """One line: the kind, its arguments, what it reads."""

    kind: str
    args: Mapping[str, Any]
    reads: tuple[Read, ...]


class Plan(NamedTuple):
    """The lines of one call, and which of them are its outputs; by default the outputs of the last."""

    steps: tuple[Step, ...]
    outputs: tuple[int, ...] = ()


class UnknownFunctionError(FrameworkError):
    """A function, or a use of one, that no kind here stands for."""


class Function(NamedTuple):
    """A call. ``config`` holds the arguments that the function was made with, ``args`` and ``options`` those of the
    call, each tensor a Source or a Constant."""

    name: str
    config: Mapping[str, Any]
    args: list[Any]
    options: Mapping[str, Any]
    shape_of: Callable[[Source], Shape]
    data_format: str = "channels_last"
    """That of the network; a function may name another one."""

    def given(self, place: int, name: str, default: Any = None) -> Any:
        """An argument by its place in the call or its name, wherever it was given."""
        if name in self.options:
            return self.options[name]
        if place < len(self.args):
            return self.args[place]
        return self.config.get(name, default)

    def option(self, name: str, default: Any = None) -> Any:
        """An argument that is no tensor."""
        return self.options.get(name, self.config.get(name, default))

    def operand(self, place: int, name: str) -> Operand:
        """A tensor argument; a number or a list of numbers is one too."""
        found = operand_of(self.given(place, name))
        if found is None:
            raise UnknownFunctionError(f"{self.name}: its argument {name} is no tensor")
        return found

    def first(self, name: str = "x") -> Source:
        """The first argument, which must be the output of a layer."""
        found = self.operand(0, name)
        if not isinstance(found, Source):
            raise UnknownFunctionError(f"{self.name} of fixed numbers is not read")
        return found

    def listed(self, name: str) -> list[Operand]:
        """The tensors of an argument that is a list of them."""
        value = self.given(0, name)
        found = [operand_of(part) for part in value] if isinstance(value, list) else [operand_of(value)]
        known = [part for part in found if part is not None]
        if len(known) < len(found) or not known:
            raise UnknownFunctionError(f"{self.name}: its argument {name} is no list of tensors")
        return known

    def shape(self, operand: Operand) -> Shape:
        """The whole shape of a tensor."""
        return operand.shape if isinstance(operand, Constant) else self.shape_of(operand)


def operand_of(value: Any) -> Operand | None:
    """A value as a tensor; None where it is none."""
    if isinstance(value, Source | Constant):
        return value
    if isinstance(value, bool | int | float):
        return Constant((), "bool" if isinstance(value, bool) else "int32" if isinstance(value, int) else "")
    if isinstance(value, list) and value:
        parts = [part for part in map(operand_of, value) if isinstance(part, Constant)]
        if len(parts) == len(value) and all(part.shape == parts[0].shape for part in parts):
            return Constant((len(value), *parts[0].shape), parts[0].dtype)
    return None


def one(kind: str, *reads: Read, **args: Any) -> Plan:
    """A plan of a single line."""
    return Plan((Step(kind, args, reads),))


def axis_from_end(axis: Any, ndim: int) -> int:
    """An axis counted from the first; raises FrameworkError where there is none."""
    if not is_whole(axis) or not -ndim <= axis < ndim:
        raise FrameworkError(f"axis {axis!r} is not one of the {ndim} axes"[:200])
    return int(axis) % ndim
