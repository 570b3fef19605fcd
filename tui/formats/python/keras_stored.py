"""Tensors that no layer of read Keras source computes: weights that a layer makes itself, ranges, zeros, noise.

They are nodes of the graph without inputs; the reader of Keras's JSON writes them as the kinds that they name.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from tui.core.size import Poly
from tui.formats.keras.classes import STORED
from tui.formats.python.keras import KerasLayer, KerasTensor, Node
from tui.formats.python.values import MISSING, Library, TroubleError, Unknown

_SHAPED: Final = frozenset((
    "zeros", "ones", "empty", "full", "fill", "normal", "uniform", "truncated_normal", "randint", "random_normal",
    "random_uniform", "orthogonal", "random", "random_sample",
))  # fmt: skip
_RANGES: Final = frozenset(("arange", "range"))
_LISTED: Final = frozenset(("constant", "convert_to_tensor", "array"))
_OF_NUMBERS: Final[Mapping[str, Callable[[float], float]]] = {
    "sqrt": math.sqrt, "rsqrt": lambda number: 1 / math.sqrt(number), "log": math.log, "cast": float,
    "square": lambda number: number * number, "abs": abs,
}  # fmt: skip
"""What functions of tensors give for a number above 0."""
_PARENTS: Final = frozenset((
    "", "ops", "numpy", "numpy.random", "math", "random", "experimental.numpy", "backend", "ops.numpy",
))  # fmt: skip


def created(world: Any, parent: str, name: str, args: list[Any], named: Mapping[str, Any], line: int) -> Any:
    """What a function that makes a tensor out of no tensor gives; MISSING where it is none."""
    if parent not in _PARENTS:
        return MISSING
    number = args[0] if args else None
    if isinstance(number, int | float) and not isinstance(number, bool) and name in _OF_NUMBERS:
        return _OF_NUMBERS[name](number) if number > 0 else Unknown(f"{name}(...)", line)
    if name in _SHAPED:
        shape = named.get("shape", named.get("dims", args[0] if args else None))
        return constant(world, name, shape, named, line)
    if name in ("eye", "identity"):
        rows = args[0] if args else named.get("N", named.get("num_rows"))
        columns = args[1] if len(args) > 1 else named.get("M", named.get("num_columns"))
        return constant(world, name, [rows, rows if columns is None else columns], named, line)
    if name in _RANGES:
        return _range(world, args, named, line)
    if name in _LISTED:
        value = args[0] if args else named.get("value", named.get("x"))
        return constant(world, name, named.get("shape", _shape_of(value)), named, line)
    if name == "Variable":
        value = args[0] if args else named.get("initial_value", named.get("initializer"))
        shape = value.shape() if isinstance(value, KerasTensor) else named.get("shape", _shape_of(value))
        return parameter(world, shape, named, line)
    return MISSING


def added(world: Any, args: Sequence[Any], named: Mapping[str, Any], line: int) -> Any:
    """What ``self.add_weight`` of a layer gives. Keras 2 takes the name first, Keras 3 the shape."""
    rest = list(args[1:] if args and isinstance(args[0], str) else args)
    return parameter(world, named.get("shape", rest[0] if rest else ()), named, line)


def parameter(world: Any, shape: Any, named: Mapping[str, Any], line: int) -> KerasTensor:
    """A tensor of weights; raises TroubleError where its shape is not known."""
    sizes = _whole(shape)
    if sizes is None or None in sizes:
        raise TroubleError("the shape of this weight is not known", line)
    config: dict[str, Any] = {"shape": sizes}
    if named.get("trainable", True) is False:
        config["trainable"] = False
    return _stored(world, "parameter", config, line)


def constant(world: Any, name: str, shape: Any, named: Mapping[str, Any], line: int) -> Any:
    """A tensor of fixed numbers, or of noise; Unknown where its shape is not known."""
    sizes = _whole(shape)
    if sizes is None:
        return Unknown(f"{name}(...)", line)
    dtype = named.get("dtype")
    word = dtype.path.rpartition(".")[2] if isinstance(dtype, Library) else dtype
    config: dict[str, Any] = {"shape": sizes, **({"dtype": word} if isinstance(word, str) else {})}
    return _stored(world, "constant", config, line)


def is_constant(value: Any) -> bool:
    """Whether a value is a tensor of fixed numbers."""
    return is_stored(value) and value.node.layer.class_name == "constant"


def is_stored(value: Any) -> bool:
    """Whether a value is a tensor that no layer computes."""
    return isinstance(value, KerasTensor) and getattr(value.node.layer, "module", "") == STORED


def _range(world: Any, args: Sequence[Any], named: Mapping[str, Any], line: int) -> Any:
    given = dict(zip(("start", "stop", "step"), [0, *args] if len(args) == 1 else args, strict=False))
    for ours, *others in (("start",), ("stop", "limit", "end"), ("step", "delta")):
        for word in (ours, *others):
            if word in named:
                given[ours] = named[word]
    ends = [given.get("start", 0), given.get("stop"), given.get("step", 1)]
    if ends[1] is None and len(args) == 0 and "start" in named:
        ends = [0, ends[0], ends[2]]
    if not all(isinstance(end, int | float) and not isinstance(end, bool) for end in ends) or ends[2] == 0:
        return Unknown("range(...)", line)
    count = max(math.ceil((ends[1] - ends[0]) / ends[2]), 0)
    whole = {"dtype": "int32"} if all(isinstance(end, int) for end in ends) else {}
    return _stored(world, "constant", {"shape": [count], **whole}, line)


def _stored(world: Any, kind: str, config: dict[str, Any], line: int) -> KerasTensor:
    layer = KerasLayer(world.graph, kind, config, line=line)
    layer.module = STORED
    return KerasTensor(Node(layer, (), {}))


def _whole(shape: Any) -> list[Any] | None:
    """A shape as JSON has it, None for the batch in front; None where it is not known."""
    if isinstance(shape, int | Poly):
        shape = [shape]
    if not isinstance(shape, list | tuple):
        return None
    sizes = list(shape)
    known = [size if place or size is not None else 1 for place, size in enumerate(sizes)]
    return sizes if all(isinstance(size, int) and not isinstance(size, bool) for size in known) else None


def _shape_of(value: Any) -> list[int] | None:
    """The shape of numbers in lists; None where a list is uneven or of something else."""
    if isinstance(value, bool | int | float):
        return []
    if not isinstance(value, list | tuple) or not value:
        return None
    inner = [_shape_of(one) for one in value]
    if inner[0] is None or any(one != inner[0] for one in inner):
        return None
    return [len(value), *inner[0]]
