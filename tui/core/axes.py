"""Axes of a tensor by their number, as the frameworks count them: 0 is the batch, -1 the last one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, cast

from tui.core.argument import ValueType
from tui.core.errors import Fix, ParseError, ShapeError
from tui.core.kind import POINTWISE, Kind, Reach
from tui.core.size import Size
from tui.core.tensor import Shape
from tui.core.working import plain

MAX_AXES: Final = 32
"""No framework has tensors of more axes."""


def _number(word: str, expected: str) -> int:
    digits = word.removeprefix("-")
    if not digits.isdecimal() or not digits.isascii() or len(digits) > 2 or int(digits) > MAX_AXES:
        raise ParseError(f"{word!r} is not {expected}", (0, len(word)), expected=(expected,))
    return int(word)


def _unwrapped(word: str) -> str:
    return word[1:-1] if word[:1] + word[-1:] in ("()", "[]") else word


@dataclass(eq=False, repr=False)
class AxisNumber(ValueType):
    """One axis: 0 is the batch, -1 the last. Never a symbol: which axis is meant decides the rule itself."""

    expected: str = "the number of an axis: 0 is the batch, -1 the last"

    def parse(self, word: str) -> int:
        return _number(_unwrapped(word), self.expected)

    def print(self, value: int | tuple[int, ...]) -> str:
        # Keras 2 writes the axis of its batch normalization as a list of one.
        return str(value[0] if isinstance(value, tuple) and len(value) == 1 else value)

    def words(self) -> tuple[str, ...]:
        return ("-1", "1")


@dataclass(eq=False, repr=False)
class AxisNumbers(ValueType):
    """Several axes, joined by commas; ``none`` for no axis."""

    expected: str = "the numbers of axes, such as 1,2 (0 is the batch, -1 the last)"

    def parse(self, word: str) -> tuple[int, ...]:
        if word == "none":
            return ()
        parts = _unwrapped(word).replace("x", ",").removesuffix(",").split(",")
        return tuple(_number(part.strip(), self.expected) for part in parts)

    def print(self, value: int | tuple[int, ...]) -> str:
        numbers = value if isinstance(value, tuple) else (value,)
        return ",".join(map(str, numbers)) or "none"

    def words(self) -> tuple[str, ...]:
        return ("-1", "1,2", "none")


def axis_at(axis: Size, shape: Shape, arg: str = "axis", *, room: int = 0) -> int:
    """The axis as an index from 0; raises ShapeError where the shape has no such axis.

    ``room`` is the number of axes that the layer is about to insert: they may be named too.
    """
    number, ndim = cast(int, plain(axis)), len(shape) + room
    if not -ndim <= number < ndim:
        have = f"0 (the batch) to {ndim - 1}" if ndim > 1 else "only 0" if ndim else "none"
        fixes = [Fix(f"{arg}=-1", {arg: -1})] if ndim and not isinstance(axis, tuple) else []
        raise ShapeError(f"{arg}={number} names no axis: the axes are {have}", fixes=fixes)
    return number % ndim


def axes_at(axes: Any, shape: Shape, arg: str = "axis", *, room: int = 0) -> tuple[int, ...]:
    """The axes as indexes from 0, in the order given; raises ShapeError where one is missing or named twice."""
    found = tuple(axis_at(axis, shape, arg, room=room) for axis in (axes if isinstance(axes, tuple) else (axes,)))
    if len(set(found)) != len(found):
        raise ShapeError(f"{arg} names axis {next(a for a in found if found.count(a) > 1)} twice")
    return found


def all_but(axes: tuple[int, ...], shape: Shape) -> Shape:
    """The sizes of the other axes."""
    return tuple(size for i, size in enumerate(shape) if i not in axes)


def replaced(shape: Shape, axis: int, *sizes: Size) -> Shape:
    """The shape with other sizes in the place of one axis."""
    return (*shape[:axis], *sizes, *shape[axis + 1 :])


def need_rank(kind: str, shape: Shape, fewest: int, why: str = "") -> None:
    """Raise ShapeError where the shape has fewer axes (the batch among them) than a kind needs."""
    if len(shape) < fewest:
        axes = "axis" if fewest == 1 else "axes"
        raise ShapeError(f"{kind} needs at least {fewest} {axes}{why}, the batch among them; it gets {len(shape)}")


def reach_along(kind: Kind, shape: Shape, axes: tuple[int, ...]) -> Reach:
    """What a unit reads where a layer mixes the elements along some axes: its own position if they are the channels
    of a tensor that has positions (or have nothing to mix), else the whole input."""
    if len(shape) < 3:
        return None
    own = (0, kind.channel_axis(shape))
    return POINTWISE if all(axis in own or shape[axis] == 1 for axis in axes) else None
