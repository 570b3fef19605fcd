"""Receptive fields: which part of the input one unit of an output reads, axis by axis.

``size`` grows by ``(e - 1)*jump`` with each window of extent e, ``jump`` by its stride, and ``start``
(the first input index that unit 0 reads, negative in the padding) moves back by ``p*jump``.
Source: Araujo, Norris, Sim, "Computing Receptive Fields of Convolutional Neural Networks", Distill 2019.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple, TypeAlias

from tui.core.kind import Window
from tui.core.result import Result
from tui.core.size import Size, ceil_div, maximum, minimum

Jump: TypeAlias = "Size | Fraction"


class AxisField(NamedTuple):
    """The field along one axis of the input."""

    size: Size = 1
    jump: Jump = 1
    start: Jump = 0


class Field(NamedTuple):
    """The receptive field of a tensor.

    ``whole`` marks units that read all of the input; the axes then hold its extents. ``aligned`` is
    False where joined branches step over the input at different rates.
    """

    axes: tuple[AxisField, ...]
    input: tuple[Size, ...]
    whole: bool = False
    aligned: bool = True

    def sizes(self) -> tuple[Size, ...]:
        """The extent along each axis of the input."""
        return tuple(axis.size for axis in self.axes)


def field_after(result: Result, sources: Sequence[Field | None]) -> Field | None:
    """The field of a layer's output from the fields of its sources; None where they are not known."""
    if not sources:
        return _field_of_input(result)
    known = [field for field in sources if field is not None]
    if len(known) != len(sources):
        return None
    # A source without positions, such as a parameter, reads none: it does not widen the field of the others.
    known = [field for field in known if field.axes] or known
    field = known[0] if len(known) == 1 else _union(known)
    if field is None:
        return None
    if result.reach is None:
        return Field(tuple(AxisField(size) for size in field.input), field.input, whole=True)
    if not result.reach or field.whole:
        return field
    if len(result.reach) != len(field.axes):
        return None
    return Field(_axes_after(field.axes, result.reach), field.input, field.whole, field.aligned)


def _axes_after(axes: tuple[AxisField, ...], windows: tuple[Window, ...]) -> tuple[AxisField, ...]:
    """The axes after a window each; most networks are square, so that one sum does for all axes."""
    first = axis_after(axes[0], windows[0])
    return tuple(
        first if axis == axes[0] and window == windows[0] else axis_after(axis, window)
        for axis, window in zip(axes, windows, strict=True)
    )


def _field_of_input(result: Result) -> Field | None:
    assert result.kind is not None
    spatial = result.kind.spatial(result.outputs[0].shape)
    return Field((AxisField(),) * len(spatial), spatial)


def axis_after(axis: AxisField, window: Window) -> AxisField:
    """The field after one more window."""
    size, step, start = axis
    kernel, stride, pad, up = window
    moved = start - _times(pad, step)  # type: ignore[operator]
    if up == 1 and not isinstance(step, Fraction):
        # A pad or a crop has no kernel, only a 1, and so no sum to write.
        wider = 0 if isinstance(kernel, int) and kernel == 1 else (kernel - 1) * step
        return AxisField(size + wider, stride * step, moved)
    jump = _times(stride, step)
    if isinstance(up, int) and isinstance(jump, int | Fraction):
        jump = Fraction(jump) / up
        jump = int(jump) if jump.denominator == 1 else jump
    wider = kernel - 1
    if wider == 0:  # upsampling by repetition reads no neighbour, so there is no sum to write
        return AxisField(size, jump, moved)
    return AxisField(size + _whole(_times(wider, step)), jump, moved)


def _times(a: Size, b: Jump) -> Jump:
    if isinstance(b, Fraction):
        return a * b if isinstance(a, int) else a * ceil_div(b.numerator, b.denominator)
    return a * b


def _whole(size: Jump) -> Size:
    """Fields after upsampling end between input positions; the whole positions touched count."""
    return -(-size.numerator // size.denominator) if isinstance(size, Fraction) else size


def _union(fields: Sequence[Field]) -> Field | None:
    """All that any branch reads; aligned only where all branches step alike."""
    first = fields[0]
    if any(field.input != first.input for field in fields):
        return None
    if any(field.whole for field in fields):
        return next(field for field in fields if field.whole)
    axes = []
    aligned = all(field.aligned for field in fields)
    for parts in zip(*(field.axes for field in fields), strict=True):
        jumps = {part.jump for part in parts}
        aligned = aligned and len(jumps) == 1
        if len(set(parts)) == 1:
            axes.append(parts[0])
            continue
        starts = [_whole(part.start) for part in parts]
        ends = [start + part.size for start, part in zip(starts, parts, strict=True)]
        start = minimum(*starts)
        axes.append(AxisField(maximum(*ends) - start, _widest(jumps), start))
    return Field(tuple(axes), first.input, aligned=aligned)


def _widest(jumps: set[Jump]) -> Jump:
    """The largest step; of fractions and symbols together, which do not compare, any one, always the same."""
    numbers = [jump for jump in jumps if isinstance(jump, int | Fraction)]
    if len(numbers) == len(jumps):
        return max(numbers)
    sizes = [jump for jump in jumps if not isinstance(jump, Fraction)]
    return maximum(*sizes) if len(sizes) == len(jumps) else max(jumps, key=str)
