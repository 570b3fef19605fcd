"""The arithmetic of windows that slide over an axis: sizes, paddings, and what to say when they do not fit.

One axis at a time: n input size, k kernel, s stride, d dilation, p padding; ``e = d*(k - 1) + 1`` is
the extent of a dilated kernel. Sources: PyTorch's Conv2d and MaxPool2d documentation, TensorFlow's
padding notes (Keras and ONNX SAME_UPPER agree), ATen ``Pool.h`` for ceil_mode.
"""

from __future__ import annotations

from typing import Final, TypeAlias

from tui.core.argument import AXES, Padding, PerAxis, per_axis
from tui.core.errors import Fix, ShapeError
from tui.core.kind import Window
from tui.core.size import Size, at_least, ceil_div, maximum, minimum, text
from tui.core.tensor import shape_text
from tui.core.working import Recorded, plain, recorded

Ends: TypeAlias = "str | tuple[Size, Size]"
"""The padding of one axis: a mode, or the sizes at its first and last end."""

ROUNDING_UP: Final = ("same", "same_lower", "causal")
"""The modes that pad so that ``ceil(n/s)`` windows fit."""


def extent(k: Size, d: Size) -> Size:
    """The extent of a kernel with its dilation: ``d*(k - 1) + 1``."""
    return k if d == 1 else d * (k - 1) + 1


def ends_of(padding: Padding, rank: int) -> tuple[Ends, ...]:
    """The padding of each axis."""
    if isinstance(padding, str):
        return (padding,) * rank
    sizes = padding if isinstance(padding, tuple) else (padding,)
    if len(sizes) == 1:
        sizes = sizes * rank
    return tuple(size if isinstance(size, tuple) else (size, size) for size in sizes)


def slide(n: Size, k: Size, s: Size = 1, d: Size = 1, ends: Ends = "valid") -> Size:
    """How many windows fit: ``floor((n - e + p1 + p2)/s) + 1``, or ``ceil(n/s)`` for same paddings.

    >>> slide(39, 4)
    36
    """
    if isinstance(ends, str):
        return ceil_div(n, s) if ends in ROUNDING_UP else (n - extent(k, d)) // s + 1
    first, last = ends
    room = n - extent(k, d)
    if first is last or first == last:
        room = room if first == 0 else room + 2 * first
    else:
        room = room + first + last
    return room // s + 1


def pad_before(n: Size, k: Size, s: Size, d: Size, ends: Ends) -> Size:
    """The padding at the first end of the axis; for same paddings the odd unit goes last (same_lower: first)."""
    if not isinstance(ends, str):
        return ends[0]
    if ends == "valid":
        return 0
    e = extent(k, d)
    if ends == "causal":
        return e - 1
    total = maximum((ceil_div(n, s) - 1) * s + e - n, 0)
    return total // 2 if ends == "same" else ceil_div(total, 2)


def windows(
    spatial: tuple[Size, ...], kernel: PerAxis, stride: PerAxis, dilation: PerAxis, padding: Padding
) -> tuple[Window, ...]:
    """What one output unit reads along each axis."""
    rank = len(spatial)
    return tuple(
        Window(extent(k, d), s, pad_before(n, k, s, d, ends))
        for n, k, s, d, ends in zip(
            spatial,
            per_axis(kernel, rank),
            per_axis(stride, rank),
            per_axis(dilation, rank),
            ends_of(padding, rank),
            strict=True,
        )
    )


def slide_all(
    spatial: tuple[Size, ...], kernel: PerAxis, stride: PerAxis, dilation: PerAxis, padding: Padding
) -> tuple[Size, ...]:
    """The output size of every axis; raises ShapeError, with the sum that failed and fixes, where one is below 1."""
    rank = len(spatial)
    out = tuple(
        map(
            slide,
            spatial,
            per_axis(kernel, rank),
            per_axis(stride, rank),
            per_axis(dilation, rank),
            ends_of(padding, rank),
        )
    )
    for size in out:
        if at_least(size, 1) is False:
            raise misfit(spatial, kernel, stride, dilation, padding)
    return out


def misfit(
    spatial: tuple[Size, ...], kernel: PerAxis, stride: PerAxis, dilation: PerAxis, padding: Padding
) -> ShapeError:
    """The error of a kernel that is larger than its input: what was computed, and what would fit."""
    rank = len(spatial)
    kernels, dilations = per_axis(kernel, rank), per_axis(dilation, rank)
    sums = []
    for i, (n, k, s, d, ends) in enumerate(
        zip(spatial, kernels, per_axis(stride, rank), dilations, ends_of(padding, rank), strict=True)
    ):
        shown: Ends = ends
        if not isinstance(ends, str):
            first = recorded(ends[0], "p1")
            shown = (first, first if ends[0] == ends[1] else recorded(ends[1], "p2"))
        size = slide(recorded(n, "n"), recorded(k, "k"), recorded(s, "s"), d if d == 1 else recorded(d, "d"), shown)
        if at_least(size, 1) is False and isinstance(size, Recorded):
            sums.append(size.working(AXES.get(rank, "X" * rank)[i]).line())
    needs = tuple(plain(extent(k, d)) for k, d in zip(kernels, dilations, strict=True))
    smaller = tuple(minimum(plain(k), plain(n)) for k, n in zip(kernels, spatial, strict=True))
    fixes = []
    if all(at_least(k, 1) for k in smaller):
        label = "kernel " + "x".join(text(k, spaces=False) for k in smaller)
        fixes.append(Fix(label, {"kernel": smaller, "dilation": 1} if dilation != 1 else {"kernel": smaller}))
    fixes.append(Fix("padding=same", {"padding": "same"}))
    return ShapeError(
        f"kernel {shape_text((1, *needs))} does not fit {shape_text((1, *map(plain, spatial)))}",
        working="; ".join(sums) + ", must be at least 1" if sums else None,
        fixes=fixes,
    )


def check_rank(what: str, value: PerAxis | Padding, rank: int) -> None:
    """Raise ShapeError where an argument names another number of axes than the input has."""
    if isinstance(value, tuple) and len(value) not in (1, rank):
        axes = "axis" if rank == 1 else "axes"
        raise ShapeError(
            f"{what} names {len(value)} axes, the input has {rank} spatial {axes}",
            fixes=[Fix(f"{what} for {rank} {axes}", {what: (value * rank)[:rank]})],
        )
