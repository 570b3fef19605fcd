"""The arithmetic of windows that slide over an axis: sizes, paddings, and what to say when they do not fit.

One axis at a time: n input size, k kernel, s stride, d dilation, p padding; ``e = d*(k - 1) + 1`` is
the extent of a dilated kernel. Sources: PyTorch's Conv2d and MaxPool2d documentation, TensorFlow's
padding notes (Keras and ONNX SAME_UPPER agree), ATen ``Pool.h`` for ceil_mode.
"""

from __future__ import annotations

from typing import Final, TypeAlias

from tui.core.argument import AXES, MISSING, Padding, PerAxis, per_axis
from tui.core.errors import Fix, ShapeError
from tui.core.kind import Window
from tui.core.ratio import Ratios
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


def plus_ends(n: Size, first: Size, last: Size) -> Size:
    """The axis with both ends added. An end of 0 is left out, so that a working does not show it."""
    if first is last or first == last:
        return n if first == 0 else n + 2 * first
    longer = n if first == 0 else n + first
    return longer if last == 0 else longer + last


def minus_ends(n: Size, first: Size, last: Size) -> Size:
    """The axis with both ends cut off. An end of 0 is left out, so that a working does not show it."""
    if first is last or first == last:
        return n if first == 0 else n - 2 * first
    shorter = n if first == 0 else n - first
    return shorter if last == 0 else shorter - last


def slide(n: Size, k: Size, s: Size = 1, d: Size = 1, ends: Ends = "valid", ceil_mode: bool = False) -> Size:
    """How many windows fit: ``floor((n - e + p1 + p2)/s) + 1``, or ``ceil(n/s)`` for same paddings.

    ``ceil_mode`` rounds up, but a window that would start in the last padding is dropped: no more
    than ``ceil((n + p1)/s)`` windows start before it.

    >>> slide(39, 4)
    36
    >>> slide(9, 4, 4, 1, (2, 2), ceil_mode=True)
    3
    """
    if isinstance(ends, str) and ends in ROUNDING_UP:
        return ceil_div(n, s)
    first, last = (0, 0) if isinstance(ends, str) else ends
    e = extent(k, d)
    room = plus_ends(n - e, first, last)
    if not ceil_mode:
        return room // s + 1
    count = ceil_div(room, s) + 1
    # The last window starts at most room + s - 1 = n + p1 + (p2 + s - 1 - e) units in: before n + p1 if e >= p2 + s.
    if at_least(e, last + s):
        return count
    return minimum(count, ceil_div(n if first == 0 else n + first, s))


def pads(n: Size, k: Size, s: Size, d: Size, ends: Ends) -> tuple[Size, Size]:
    """The padding at both ends of the axis; for same paddings the odd unit goes last (same_lower: first)."""
    if not isinstance(ends, str):
        return ends
    if ends == "valid":
        return 0, 0
    e = extent(k, d)
    if ends == "causal":
        return e - 1, 0
    total = maximum((ceil_div(n, s) - 1) * s + e - n, 0)
    less, more = total // 2, ceil_div(total, 2)
    return (less, more) if ends == "same" else (more, less)


def windows(
    spatial: tuple[Size, ...], kernel: PerAxis, stride: PerAxis, dilation: PerAxis, padding: Padding
) -> tuple[Window, ...]:
    """What one output unit reads along each axis."""
    rank = len(spatial)
    return tuple(
        Window(extent(k, d), s, pads(n, k, s, d, ends)[0])
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
    spatial: tuple[Size, ...],
    kernel: PerAxis,
    stride: PerAxis,
    dilation: PerAxis,
    padding: Padding,
    ceil_mode: bool = False,
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
            (ceil_mode,) * rank,
        )
    )
    for size in out:
        if at_least(size, 1) is False:
            raise misfit(spatial, kernel, stride, dilation, padding, ceil_mode)
    return out


def unread(
    spatial: tuple[Size, ...], kernel: PerAxis, stride: PerAxis, dilation: PerAxis, padding: Padding
) -> tuple[int, ...]:
    """How many input positions at the end of each axis no window reads; 0 where that depends on symbols.

    Not those that a window narrower than its stride leaves out everywhere, as the 1x1 shortcut of a ResNet does.
    """
    rank = len(spatial)
    lost = []
    axes = zip(per_axis(kernel, rank), per_axis(stride, rank), per_axis(dilation, rank), strict=True)
    for n, (k, s, d), ends in zip(spatial, axes, ends_of(padding, rank), strict=True):
        first, last = pads(n, k, s, d, ends)
        room = plain(n + first + last - extent(k, d))
        step, after, gap = plain(s), plain(last), plain(s - extent(k, d))
        if isinstance(room, int) and isinstance(step, int) and isinstance(after, int) and isinstance(gap, int):
            lost.append(max(room % step - after - max(gap, 0), 0))
        else:
            lost.append(0)
    return tuple(lost)


def misfit(
    spatial: tuple[Size, ...],
    kernel: PerAxis,
    stride: PerAxis,
    dilation: PerAxis,
    padding: Padding,
    ceil_mode: bool = False,
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
        dilated = d if d == 1 else recorded(d, "d")
        size = slide(recorded(n, "n"), recorded(k, "k"), recorded(s, "s"), dilated, shown, ceil_mode)
        if at_least(size, 1) is False and isinstance(size, Recorded):
            sums.append(size.working(AXES.get(rank, "X" * rank)[i]).line())
    needs = tuple(plain(extent(k, d)) for k, d in zip(kernels, dilations, strict=True))
    smaller = tuple(minimum(plain(k), plain(n)) for k, n in zip(kernels, spatial, strict=True))
    fixes = []
    if all(at_least(k, 1) for k in smaller):
        fitting: PerAxis = smaller if isinstance(kernel, tuple) or len(set(smaller)) > 1 else smaller[0]
        label = "kernel " + "x".join(text(k, spaces=False) for k in per_axis(fitting, 1))
        fixes.append(Fix(label, {"kernel": fitting, "dilation": MISSING} if dilation != 1 else {"kernel": fitting}))
    fixes.append(Fix("padding=same", {"padding": "same"}))
    return ShapeError(
        f"kernel {shape_text((1, *needs))} does not fit {shape_text((1, *map(plain, spatial)))}",
        working="; ".join(sums) + ", must be at least 1" if sums else None,
        fixes=fixes,
    )


def check_rank(what: str, value: PerAxis | Padding | Ratios, rank: int) -> None:
    """Raise ShapeError where an argument names another number of axes than the input has.

    A single pair of paddings, unlike a single size, stands for every axis (see ends_of).
    """
    if isinstance(value, tuple) and len(value) != rank and not (len(value) == 1 and isinstance(value[0], tuple)):
        filled = (value * rank)[:rank]
        raise ShapeError(
            f"{what} names {axes_text(len(value))}, the input has {axes_text(rank, 'spatial')}",
            fixes=[Fix(f"{what} for {axes_text(rank)}", {what: filled[0] if len(set(filled)) == 1 else filled})],
        )


def axes_text(count: int, which: str = "") -> str:
    """``1 axis``, ``2 spatial axes``."""
    return " ".join([str(count), *([which] if which else []), "axis" if count == 1 else "axes"])


def check_fill(mode: str, n: Size, ends: tuple[Size, Size]) -> None:
    """Raise ShapeError where an axis is too short for what its padding is filled with.

    A reflection does not repeat the edge, so it reaches less far than the axis is long; going round
    reaches at most once around it. Source: PyTorch's ReflectionPad and CircularPad documentation.
    """
    for p in ends:
        if mode == "reflect" and at_least(p, n):
            most = plain(n - 1)
        elif mode == "circular" and at_least(p, n + 1):
            most = plain(n)
        else:
            continue
        raise ShapeError(
            f"{mode} padding of {text(plain(p))} on an axis of {text(plain(n))}: at most {text(most)} can be filled",
            fixes=[Fix(f"padding={text(most)}", {"padding": most})],
        )
