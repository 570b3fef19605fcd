"""Padding and cropping: units are added to the ends of axes or cut off."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, TypeAlias

from tui.core.argument import Arg, Choice, Padding, Pads, Real
from tui.core.errors import Fix, ShapeError
from tui.core.kind import Kind, Reach, Window
from tui.core.size import Size, at_least, text
from tui.core.tensor import Shape, Tensor, Tensors
from tui.core.windows import check_fill, check_rank, ends_of, minus_ends, plus_ends
from tui.core.working import plain

Frame: TypeAlias = tuple[tuple[Size, Size], ...]
"""What is added or cut at both ends of every axis, in the order of the shape."""

_SYNONYMS = {"zeros": "constant", "reflection": "reflect", "edge": "replicate", "replication": "replicate",
             "wrap": "circular"}  # fmt: skip


@dataclass(eq=False, repr=False)
class Fill(Choice):
    """What a padding is filled with; the frameworks' other words are read too."""

    options: tuple[str, ...] = ("constant", "reflect", "replicate", "circular", "symmetric")

    def parse(self, word: str) -> str:
        return super().parse(_SYNONYMS.get(word, word))


class Framed(Kind):
    """Base of the kinds that change both ends of axes by given amounts.

    An amount with one entry for each axis of the whole shape, batch first, is for all of them; else
    it is for the spatial axes.
    """

    amount: ClassVar[str]
    """The argument that holds the amounts."""

    def frame(self, shape: Shape) -> Frame:
        """The amounts of every axis; raises ShapeError where they are for another number of axes."""
        value: Padding = getattr(self, self.amount)
        if isinstance(value, tuple) and len(value) == len(shape):
            return _pairs(value, len(shape))
        rank = len(shape) - 2
        if rank < 1:
            raise ShapeError(f"{self.name} needs a spatial axis, or an amount for each of the {len(shape)} axes")
        check_rank(self.amount, value, rank)
        inner, none = _pairs(value, rank), ((0, 0),)
        return none + inner + none if self.channels_last else none + none + inner

    def grown(self, n: Size, first: Size, last: Size) -> Size:
        """The size of an axis after its ends were changed."""
        raise NotImplementedError

    def output(self, inputs: Tensors) -> Tensors:
        (x,) = inputs
        out = tuple(self.grown(n, *ends) for n, ends in zip(x.shape, self.frame(x.shape), strict=True))
        for n, m in zip(x.shape, out, strict=True):
            if at_least(0, m):
                raise ShapeError(
                    f"{self.name} leaves nothing of an axis of {text(plain(n))}",
                    working=f"{text(plain(n))} becomes {text(plain(m))}, must be at least 1",
                    fixes=[Fix(f"{self.amount}=0", {self.amount: 0})],
                )
        return (Tensor(out, x.dtype),)

    def starts(self, shape: Shape) -> tuple[Size, ...]:
        """The amounts at the first ends of the spatial axes."""
        frame = self.frame(shape)
        return tuple(first for first, _ in (frame[1:-1] if self.channels_last else frame[2:]))


def _pairs(value: Padding, rank: int) -> Frame:
    return tuple(ends for ends in ends_of(value, rank) if not isinstance(ends, str))


PADDING = Arg("padding", Pads((), low=-(10**9)), help="units added: 1, 1x2, or first:last for each axis; below 0 crops",
              slot=0, aliases=("pad", "pads"), sign="p")  # fmt: skip


class Pad(Framed):
    name = "pad"
    summary = "Padding: units are added at both ends of the spatial axes; a negative amount crops."
    example = "pad 1:1x0:2"
    aliases: ClassVar = {
        "zeropad1d": 1, "zeropad2d": 2, "zeropad3d": 3, "zeropadding1d": 1, "zeropadding2d": 2, "zeropadding3d": 3,
        "constantpad1d": 1, "constantpad2d": 2, "constantpad3d": 3, "zeropad": None, "패딩": None,
    }  # fmt: skip
    rank_arg = "padding"
    amount = "padding"
    args: ClassVar[tuple[Arg, ...]] = (
        PADDING,
        Arg("mode", Fill(), "constant", "what the new units hold"),
        Arg("value", Real(float("-inf")), 0.0, "the constant"),
    )
    padding: Padding
    mode: str

    def grown(self, n: Size, first: Size, last: Size) -> Size:
        check_fill(self.mode, n, (first, last))
        return plus_ends(n, first, last)

    def reach(self, inputs: Tensors) -> Reach:
        return tuple(Window(1, 1, first) for first in self.starts(inputs[0].shape))

    def remarks(self, inputs: Tensors, outputs: Tensors) -> tuple[str, ...]:
        if any(at_least(-1, p) for ends in self.frame(inputs[0].shape) for p in ends):
            return ("Keras refuses a padding below 0",)
        return ()


class ReflectionPad(Pad):
    name = "reflectionpad"
    summary = "Padding with the mirror image of the input, the edge not repeated."
    example = "reflectionpad 1"
    aliases: ClassVar = {"reflectionpad1d": 1, "reflectionpad2d": 2, "reflectionpad3d": 3}
    args = (PADDING,)
    mode = "reflect"


class ReplicationPad(Pad):
    name = "replicationpad"
    summary = "Padding with the edge of the input."
    example = "replicationpad 1"
    aliases: ClassVar = {"replicationpad1d": 1, "replicationpad2d": 2, "replicationpad3d": 3}
    args = (PADDING,)
    mode = "replicate"


class CircularPad(Pad):
    name = "circularpad"
    summary = "Padding with the input's other end."
    example = "circularpad 1"
    aliases: ClassVar = {"circularpad1d": 1, "circularpad2d": 2, "circularpad3d": 3}
    args = (PADDING,)
    mode = "circular"


class Crop(Framed):
    name = "crop"
    summary = "Cropping: units are cut off both ends of the spatial axes."
    example = "crop 1:1x0:2"
    aliases: ClassVar = {"cropping": None, "cropping1d": 1, "cropping2d": 2, "cropping3d": 3, "자르기": None}
    rank_arg = "cropping"
    amount = "cropping"
    args = (
        Arg("cropping", Pads(()), help="units cut off: 1, 1x2, or first:last for each axis", slot=0, sign="crop"),
    )  # fmt: skip
    cropping: Padding

    def grown(self, n: Size, first: Size, last: Size) -> Size:
        return minus_ends(n, first, last)

    def reach(self, inputs: Tensors) -> Reach:
        return tuple(Window(1, 1, -first) for first in self.starts(inputs[0].shape))
