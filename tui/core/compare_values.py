"""What is compared: the sizes of a layer, the difference of two sizes, and its share of the first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Final, NamedTuple

from tui.core.field import Field
from tui.core.result import Counts, Result
from tui.core.size import Poly, Size, SizeError, product, sum_of
from tui.core.snapshot import Snapshot
from tui.core.tensor import Shape

OFF: Final = "off"
"""The status of a layer that is skipped."""


class Values(NamedTuple):
    """What a layer, or the head of a block as the sum of its layers, comes to; None is what is not known.

    ``shapes`` are whole, batch first. ``field`` is None too where there is no receptive field.
    """

    status: str
    shapes: tuple[Shape, ...]
    dtypes: tuple[str, ...]
    counts: Counts | None
    activation_bytes: Size | None
    field: Field | None

    @property
    def field_sizes(self) -> tuple[Size, ...] | None:
        """The receptive field along each axis; None where there is none, or where it is the whole input."""
        return None if self.field is None or self.field.whole or not self.field.axes else self.field.sizes()

    @property
    def elements(self) -> Size | None:
        """The elements of all outputs."""
        return sum_of(map(product, self.shapes)) if self.shapes else None


def values_of(snapshot: Snapshot, row: int) -> Values:
    """The values of a row of a network."""
    result = snapshot.result(row)
    if result is None:
        return Values(OFF, (), (), Counts(), None, None)  # it adds nothing
    return made_of(result, snapshot.field(row))


def made_of(result: Result, field: Field | None) -> Values:
    """The values that a result holds."""
    outputs = result.outputs
    known = result.status in ("ok", "warning") or (result.status == "opaque" and result.kind is None)
    return Values(
        result.status,
        tuple(tensor.shape for tensor in outputs),
        tuple(tensor.dtype for tensor in outputs),
        result.counts if known else None,
        result.output_bytes if outputs else None,
        field if outputs else None,
    )


def output_of(snapshot: Snapshot) -> Values | None:
    """The values of the last layer that has an output; of copies those of the last."""
    for row in reversed(snapshot.shown):
        for place in reversed(snapshot.copies(row) if snapshot.number(row) is not None else ()):
            result = snapshot.inference.result(place)
            if result is not None and result.outputs:
                return made_of(result, snapshot.inference.field(place))
    return None


def same_values(x: Values, y: Values, *, moved: bool = False) -> bool:
    """Whether two layers come to the same; where ``moved``, shapes with the channels at another place are the same."""
    if x.shapes != y.shapes and not (moved and in_format_of(x.shapes, y.shapes) == y.shapes):
        return False
    return (
        (x.status in (OFF, "error", "waiting")) == (y.status in (OFF, "error", "waiting"))
        and (x.status == OFF) == (y.status == OFF)
        and x.dtypes == y.dtypes
        and x.counts == y.counts
        and x.activation_bytes == y.activation_bytes
        and _field(x.field) == _field(y.field)
    )


def _field(field: Field | None) -> tuple[object, ...] | None:
    return None if field is None else (field.sizes(), field.whole, field.aligned)


def in_format_of(shapes: Sequence[Shape], others: Sequence[Shape]) -> tuple[Shape, ...]:
    """The shapes, each with its channels moved to the other end where that makes it the shape across from it.

    For networks of which one has its channels first and the other last: the shapes say the same of a layer.
    """
    if len(shapes) != len(others):
        return tuple(shapes)
    return tuple(map(_turned, shapes, others))


def _turned(shape: Shape, other: Shape) -> Shape:
    if shape == other or len(shape) != len(other) or len(shape) < 3:
        return shape
    batch, first, *middle, last = shape
    for turned in ((batch, *middle, last, first), (batch, last, first, *middle)):
        if turned == other:
            return turned
    return shape


def delta(a: Size | None, b: Size | None) -> Size | None:
    """``b - a``; None where one is not known, or the difference is too long to write."""
    if a is None or b is None:
        return None
    try:
        return b - a
    except SizeError:
        return None


def change_of(a: Values | None, b: Values | None, pick: Callable[[Values], Size | None]) -> Size | None:
    """The difference of a count; a layer that one side lacks is 0 there, so that the differences add up."""
    return delta(0 if a is None else pick(a), 0 if b is None else pick(b))


def deltas(a: Sequence[Size] | None, b: Sequence[Size] | None) -> tuple[Size, ...] | None:
    """The differences axis by axis; None where the axes are not as many."""
    if a is None or b is None or len(a) != len(b):
        return None
    found = tuple(delta(x, y) for x, y in zip(a, b, strict=True))
    return None if None in found else tuple(size for size in found if size is not None)


def percent(a: Size | None, change: Size | None) -> Fraction | None:
    """100 times the change by the first value, where that is a number for all values of the symbols.

    ``160*n`` to ``320*n`` is 100; ``160*n`` to ``160*n + 1`` is none. None too where the first value is 0.

    >>> percent(156, 60 - 156)
    Fraction(-800, 13)
    """
    if a is None or change is None or a == 0:
        return None
    if isinstance(a, int):
        return Fraction(100 * change, a) if isinstance(change, int) else None
    if change == 0:
        return Fraction(0)
    if not isinstance(change, Poly):
        return None
    term, count = next(iter(a.terms.items()))
    other = change.terms.get(term, 0)
    try:
        return Fraction(100 * other, count) if other and change * count == a * other else None
    except SizeError:
        return None
