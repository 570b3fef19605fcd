"""Slips in the receptive field: ``r + (k - 1)*j`` along each axis, with one thing changed."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from tui.core.argument import per_axis
from tui.core.field import AxisField
from tui.core.kind import Window
from tui.core.practice_slip import Candidate, Case, Slip, candidate, found
from tui.core.size import Poly, Size
from tui.core.working import recorded


def field_slips(case: Case) -> tuple[Slip, ...]:
    """The likeliest slips that lead to the answer."""
    got = case.got * len(case.want) if len(case.got) == 1 else case.got
    if len(got) != len(case.want):
        return (Slip("wrong_axes", str(len(case.want))),)
    for axis, (said, right) in enumerate(zip(got, case.want, strict=True)):
        if said != right:
            return found([*_of_axis(case, axis), *_neighbours(case, axis)], said, right)
    return ()


def _of_axis(case: Case, axis: int) -> Iterator[Candidate]:
    sources = case.snapshot.sources(case.row)
    before = case.snapshot.field(sources[0]) if len(sources) == 1 else None
    reach = case.result.reach
    if before is None or not reach or len(reach) != len(before.axes):
        return
    made, window = before.axes[axis], reach[axis]
    if isinstance(made.jump, Fraction):
        return
    r, j = recorded(made.size, "r"), recorded(made.jump, "j")
    k, s = recorded(window.kernel, "k"), recorded(window.stride, "s")
    yield candidate("field_before", made.size)
    yield candidate("only_kernel", window.kernel)
    yield candidate("forgot_jump", r + (k - 1))
    yield candidate("forgot_minus_one", r + k * j)
    yield candidate("forgot_minus_one", r + k)
    yield candidate("jump_after", r + (k - 1) * (j * s))
    yield candidate("stride_for_jump", r + (k - 1) * s)
    plain = _undilated(case, axis)
    if plain is not None and plain != window.kernel:
        yield candidate("ignored_dilation", r + (recorded(plain, "k") - 1) * j)
    yield candidate("multiplied_fields", r * k)
    yield candidate("gave_jump", _jump(made, window))


def _jump(before: AxisField, window: Window) -> Size:
    return before.jump * window.stride if not isinstance(before.jump, Fraction) else 0


def _undilated(case: Case, axis: int) -> Size | None:
    kernel = getattr(case.layer, "kernel", None)
    rank = len(case.inputs[0].shape) - 2
    return per_axis(kernel, rank)[axis] if isinstance(kernel, int | Poly | tuple) and rank > axis else None


def _neighbours(case: Case, axis: int) -> Iterator[Candidate]:
    for row, _ in case.neighbours():
        field = case.snapshot.field(row)
        if field is not None and axis < len(field.axes):
            yield candidate("neighbour", field.axes[axis].size, case.number(row))
    sizes = case.layer.spatial(case.result.outputs[0].shape)
    if axis < len(sizes):
        yield candidate("gave_shape", sizes[axis])
