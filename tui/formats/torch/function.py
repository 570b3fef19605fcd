"""One function of tensors in PyTorch: the names of its arguments, and what writes it as lines."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from tui.formats.torch.tensors import Made, Stored, Tensors

Args = dict[str, Any]
Write = Callable[[Tensors, str, Args], Any]


_LISTS: Final = frozenset(("tensors", "shape", "size", "dims", "repeats", "sizes"))


class Function(NamedTuple):
    """One function: its arguments in order, and what writes it."""

    names: tuple[str, ...]
    write: Write

    def bound(self, args: Sequence[Any], named: Mapping[str, Any]) -> Args:
        """The arguments by their names; several values at the end are one list, as in ``view(2, 3)``."""
        last = len(self.names) - 1
        given: Args = {}
        for i, value in enumerate(args):
            if i == last and i < len(args) - 1 and self.names[last] in _LISTS:
                given[self.names[last]] = list(args[last:])
                break
            if i > last:
                break  # a type, a device: nothing that changes a shape
            given[self.names[i]] = value
        others = {{"self": "input", "x": "input", "axis": "dim", "keepdims": "keepdim"}.get(k, k): v
                  for k, v in named.items()}  # fmt: skip
        if "input" in others and "input" not in self.names:
            others[self.names[0]] = others.pop("input")
        return {**given, **others}


def is_tensor(value: Any) -> bool:
    return isinstance(value, Made | Stored)


def listed(value: Any) -> list[Any]:
    """One value or several as a list."""
    return list(value) if isinstance(value, list | tuple) else [value]


def plain(value: Any) -> Any:
    """Tuples as lists, as arguments of modules hold them."""
    return [plain(one) for one in value] if isinstance(value, list | tuple) else value


def named(function: Write, *signature: str) -> Function:
    return Function(tuple(" ".join(signature).split()), function)
