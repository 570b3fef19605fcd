"""The nodes in a Keras model's JSON: each call of a layer with its arguments, the tensors in them made out.

Two spellings are read: Keras 3 (``inbound_nodes`` with arguments and ``keras_history``) and Keras 2 (nested lists
of name, node and tensor).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple, TypeVar

from tui.core.errors import FileError
from tui.formats.frameworks.words import is_whole
from tui.formats.keras.config import mapping, name_of

T = TypeVar("T")

MOST_OUTPUTS: Final = 9_999
"""The outputs of one call are counted up to here: a line names them by four digits."""


class Tensor(NamedTuple):
    """One output of one call of a layer: the layer's name, which call, which output."""

    layer: str
    call: int
    output: int


class Call(NamedTuple):
    """One call of a layer. ``args`` and ``options`` are as in the file, with each tensor a :class:`Tensor`."""

    layer: Mapping[str, Any]
    number: int
    args: Any
    options: Mapping[str, Any]
    weight: int = 0
    """How many values are in its arguments."""

    @property
    def name(self) -> str:
        return name_of(self.layer)

    @property
    def reads(self) -> tuple[Tensor, ...]:
        """The tensors it reads, in the order in which they are given."""
        return (*flat(self.args), *(tensor for value in self.given.values() for tensor in flat(value)))

    @property
    def given(self) -> dict[str, Any]:
        """The arguments by name, without masks."""
        return {name: value for name, value in self.options.items() if name not in MASKS}

    @property
    def rest(self) -> dict[str, Any]:
        """The arguments by name that are no tensors."""
        return {
            name: value
            for name, value in self.given.items()
            if value is not None and not any(True for _ in flat(value))
        }


class Constant(NamedTuple):
    """A tensor that is written out in the file."""

    shape: tuple[int, ...]
    dtype: str


MASKS: Final = frozenset(("mask", "attention_mask", "query_mask", "value_mask", "key_mask"))
"""Options of a call that change no shape and no count; their tensors are no inputs here."""


def flat(value: Any) -> Iterator[Tensor]:
    """The tensors in an argument."""
    return all_in(value, Tensor)


def all_in(value: Any, wanted: type[T]) -> Iterator[T]:
    """What is of one type in an argument, in order; in a mapping in the order of its sorted names, as in Keras."""
    if isinstance(value, wanted):
        yield value
    elif isinstance(value, list):
        for part in value:
            yield from all_in(part, wanted)
    elif isinstance(value, Mapping):
        for name in sorted(value):
            yield from all_in(value[name], wanted)


def calls_of(layer: Mapping[str, Any], stated: dict[Tensor, Any]) -> Iterator[Call]:
    """The calls of a layer; the shapes that the file states for tensors go into ``stated``."""
    nodes = layer.get("inbound_nodes")
    if not isinstance(nodes, list) or not nodes:
        yield Call(layer, 0, [], {})
        return
    for number, node in enumerate(nodes):
        if isinstance(node, Mapping):
            args, options = node.get("args", []), mapping(node.get("kwargs"))
        else:
            args, options = _old_node(node)
        options = {name: with_tensors(value, stated) for name, value in options.items()}
        args = with_tensors(args, stated)
        yield Call(layer, number, args, options, _values(args) + _values(options))


def _values(value: Any) -> int:
    if isinstance(value, Mapping):
        return 1 + sum(_values(part) for part in value.values())
    return 1 + sum(_values(part) for part in value) if isinstance(value, list) else 1


def _old_node(node: Any) -> tuple[list[Any], Mapping[str, Any]]:
    """A node of Keras 2: a list of [layer, call, output, options], or that list alone.

    A first argument that is no tensor stands as ["_CONSTANT_VALUE", -1, value, options].
    """
    parts = node if isinstance(node, list) else []
    if parts and isinstance(parts[0], str):
        parts = [parts]
    options: dict[str, Any] = {}
    args: list[Any] = []
    for part in parts:
        if isinstance(part, list) and len(part) > 3:
            options.update(mapping(part[3]))
        constant = isinstance(part, list) and len(part) > 2 and part[0] == _CONSTANT
        args.append(part[2] if constant else part)
    return args, options


_CONSTANT: Final = "_CONSTANT_VALUE"


def with_tensors(value: Any, stated: dict[Tensor, Any]) -> Any:
    """An argument of the file with each tensor as a :class:`Tensor`, and the shapes it states for them."""
    if isinstance(value, Mapping):
        kind = value.get("class_name")
        if kind == "__keras_tensor__":
            config = mapping(value.get("config"))
            tensor = _tensor(config.get("keras_history"))
            stated.setdefault(tensor, config.get("shape"))
            return tensor
        if kind == "__tensor__":
            return Constant(*_array(mapping(value.get("config"))))
        return {name: with_tensors(part, stated) for name, part in value.items()}
    if not isinstance(value, list):
        return value
    if 2 < len(value) < 5 and isinstance(value[0], str) and is_whole(value[1]) and is_whole(value[2]):
        return _tensor(value[:3])
    return [with_tensors(part, stated) for part in value]


def _tensor(history: Any) -> Tensor:
    match history:
        case [str(layer), int(call), int(output)] if 0 <= output <= MOST_OUTPUTS:
            return Tensor(layer, call, output)
        case _:
            raise FileError("this Keras model names a tensor in a way that is not read")


def _array(config: Mapping[str, Any]) -> tuple[tuple[int, ...], str]:
    """The shape and type of a tensor that is written out in the file."""
    value, shape = config.get("value"), []
    while isinstance(value, list):
        shape.append(len(value))
        value = value[0] if value else None
    dtype = config.get("dtype")
    return tuple(shape), dtype if isinstance(dtype, str) else ""
