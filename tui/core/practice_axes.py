"""Slips along one axis: the rule of a window, forwards or backwards, with one thing changed.

n input size, k kernel, s stride, d dilation, p1 and p2 the padding, ``e = d*(k - 1) + 1``; the rules are those
of ``windows.slide`` and ``spread.spread``. What can be forgotten only where it is there is tried only there.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from tui.core.argument import per_axis
from tui.core.kind import axis_names
from tui.core.practice_slip import Candidate, Case, candidate
from tui.core.size import Size, ceil_div
from tui.core.spread import spread
from tui.core.windowed import Windowed
from tui.core.windows import ROUNDING_UP, Ends, ends_of, extent, plus_ends, slide
from tui.core.working import recorded

_NO_PADDING: Final = (0, 0)


def axis_slips(case: Case, axis: int) -> Iterator[Candidate]:
    """The wrong sizes of a spatial axis, the likeliest first."""
    layer, shape = case.layer, case.inputs[0].shape
    spatial = layer.spatial(shape)
    rank = len(spatial)
    names = axis_names(len(shape), True)[1:-1]
    n = recorded(spatial[axis], names[axis])
    if isinstance(layer, Windowed):
        k = recorded(per_axis(layer.kernel, rank)[axis], "k")
        s = recorded(per_axis(layer.steps(), rank)[axis], "s")
        d = per_axis(layer.dilation, rank)[axis]
        other = spatial[1 - axis] if rank == 2 else None
        yield from _of_window(n, k, s, d, ends_of(layer.padding, rank)[axis], layer.ceil_mode, other)
    elif "output_padding" in layer.by_name and hasattr(layer, "axes"):
        _, k, s, d, ends, o, _ = layer.axes(spatial)[axis]
        yield from _of_spread(n, recorded(k, "k"), recorded(s, "s"), d, ends, o)
    else:
        yield candidate("kept_size", n)
    want = layer.spatial(case.result.outputs[0].shape)
    if len(want) == rank:
        yield candidate("one_too_many", want[axis] + 1)
        yield candidate("one_too_few", want[axis] - 1)


def _of_window(
    n: Size, k: Size, s: Size, d: Size, ends: Ends, ceil_mode: bool, other: Size | None
) -> Iterator[Candidate]:
    e = extent(k, d if d == 1 else recorded(d, "d"))
    if isinstance(ends, str) and ends in ROUNDING_UP:
        yield candidate("rounded_down", n // s)
        yield candidate("as_valid", (n - e) // s + 1)
        yield candidate("ignored_stride", n)
        yield candidate("forgot_plus_one", (n - e) // s)
        yield candidate("subtracted_stride", (n - s) // s + 1)
        return
    pads = _NO_PADDING if isinstance(ends, str) else ends
    padded = plus_ends(n, *pads)
    room = plus_ends(n - e, *pads)
    if pads != _NO_PADDING:
        yield candidate("forgot_padding", slide(n, k, s, d, "valid", ceil_mode))
        if 0 not in pads:
            yield candidate("padding_once", slide(n, k, s, d, (pads[0], 0), ceil_mode))
        yield candidate("subtracted_padding", plus_ends(n - e, -pads[0], -pads[1]) // s + 1)
    if d != 1:
        yield candidate("ignored_dilation", slide(n, k, s, 1, ends, ceil_mode))
        yield candidate("dilation_times_kernel", (padded - recorded(d, "d") * k) // s + 1)
    if ceil_mode:
        yield candidate("rounded_down", room // s + 1)
        yield candidate("kept_last_window", ceil_div(room, s) + 1)
    else:
        yield candidate("rounded_up", ceil_div(room, s) + 1)
    yield candidate("forgot_plus_one", ceil_div(room, s) if ceil_mode else room // s)
    yield candidate("subtracted_stride", (padded - s) // s + 1)
    yield candidate("ignored_stride", room + 1)
    yield candidate("as_same", ceil_div(n, s))
    yield candidate("as_same", n // s)
    yield candidate("kept_size", n)
    if other is not None:
        yield candidate("subtracted_axis", (n - other) // s + 1)
    yield candidate("plus_one_first", (room + 1) // s)
    yield candidate("forgot_both", room)
    yield candidate("divided_by_kernel", n // k)
    yield candidate("added_kernel", n + e - 1)


def _of_spread(n: Size, k: Size, s: Size, d: Size, ends: Ends, o: Size | None) -> Iterator[Candidate]:
    e = extent(k, d if d == 1 else recorded(d, "d"))
    yield candidate("ran_forwards", slide(n, k, s, d, ends))
    if not isinstance(ends, str) and ends != _NO_PADDING:
        yield candidate("forgot_padding", spread(n, k, s, d, _NO_PADDING, o))
        if 0 not in ends:
            yield candidate("padding_once", spread(n, k, s, d, (ends[0], 0), o))
        yield candidate("added_padding", spread(n, k, s, d, (-ends[0], -ends[1]), o))
    if o is not None and o != 0:
        yield candidate("forgot_output_padding", spread(n, k, s, d, ends))
        yield candidate("forgot_output_padding", spread(n, k, s, d, ends, 0))
    if d != 1:
        yield candidate("ignored_dilation", spread(n, k, s, 1, ends, o))
    yield candidate("forgot_kernel", n * s)
    yield candidate("forgot_kernel", (n - 1) * s)
    yield candidate("forgot_kernel", (n - 1) * s + 1)
    yield candidate("forgot_minus_one", n * s + e)
    yield candidate("as_sizes", (n - 1) * s + e)
    yield candidate("ignored_stride", n - 1 + e)
    yield candidate("kept_size", n)
