"""Slips: wrong values that a known mistake leads to, each made by the rule itself with one thing changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final, NamedTuple

from tui.core.errors import LayersheetError
from tui.core.kind import Kind
from tui.core.result import Result
from tui.core.size import Size, text
from tui.core.snapshot import Snapshot
from tui.core.tensor import Shape, Tensor, Tensors
from tui.core.working import Recorded, plain

REFUSALS: Final = (LayersheetError, ArithmeticError, LookupError, TypeError, ValueError)
"""What a rule may raise on arguments and inputs that no line could give it."""


class Slip(NamedTuple):
    """A mistake by its ``code``, what it is ``about``, and the ``sum`` that it leads to, where that is known."""

    code: str
    about: str = ""
    sum: str = ""


class Candidate(NamedTuple):
    """A wrong value (recorded, if there is a sum to show) with the mistakes that lead to it."""

    value: Size
    slips: tuple[Slip, ...]


class Case(NamedTuple):
    """A wrong answer: the layer's row and result, what would be right and what was said."""

    snapshot: Snapshot
    row: int
    result: Result
    want: tuple[Size, ...]
    got: tuple[Size, ...]

    @property
    def layer(self) -> Kind:
        assert self.result.kind is not None
        return self.result.kind

    @property
    def inputs(self) -> Tensors:
        return self.result.inputs

    @property
    def has_batch(self) -> bool:
        """Whether there is a batch of more than one to forget."""
        return self.result.outputs[0].shape[:1] != (1,)

    def neighbours(self) -> Iterator[tuple[int, Result]]:
        """The layer before in the list and the one after, with their results."""
        shown = self.snapshot.shown
        here = self.snapshot.place(self.row)
        for places in (range(here - 1, -1, -1), range(here + 1, len(shown))):
            for place in places:
                result = self.snapshot.result(shown[place])
                if result is not None and result.kind is not None and result.outputs:
                    yield shown[place], result
                    break

    def number(self, row: int) -> str:
        """The number of a layer on the screen."""
        return f"#{self.snapshot.number(row)}"


class Variant(NamedTuple):
    """The layer with one thing changed: its arguments or its inputs."""

    slip: Slip
    layer: Kind
    inputs: Tensors


def candidate(code: str, value: Size, about: str = "") -> Candidate:
    """A wrong value with one mistake."""
    return Candidate(value, (Slip(code, about),))


def found(candidates: Iterable[Candidate], got: Size, want: Size) -> tuple[Slip, ...]:
    """The slips of the first candidate that gives the answer, with the sum where there is one; else none."""
    for value, slips in candidates:
        if plain(value) == got and got != want:
            return (slips[0]._replace(sum=slips[0].sum or sum_text(value)), *slips[1:])
    return ()


def sum_text(value: Size) -> str:
    """``floor((39 - 1)/1) + 1 = 39``; empty where nothing was computed."""
    if not isinstance(value, Recorded) or value.numbers == text(value.value):
        return ""
    return f"{value.numbers} = {text(value.value, thousands=True, constant_first=True)}"


def changed(layer: Kind, **args: Any) -> Kind | None:
    """The layer with other arguments; None where they do not go together."""
    try:
        return type(layer).make({**layer.given, **args}, layer.settings)
    except REFUSALS:
        return None


def with_channels(layer: Kind, inputs: Tensors, channels: Size) -> Tensors:
    """The inputs with another number of channels in the first."""
    shape = list(inputs[0].shape)
    if len(shape) < 2:
        return inputs
    shape[layer.channel_axis(tuple(shape))] = channels
    return (Tensor(tuple(shape), inputs[0].dtype), *inputs[1:])


def with_shape(inputs: Tensors, shape: Shape) -> Tensors:
    """The inputs with another shape of the first."""
    return (Tensor(shape, inputs[0].dtype), *inputs[1:])
