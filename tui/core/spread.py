"""The arithmetic of windows run backwards: each input unit is spread over a window of the output.

One axis at a time, as in ``windows``: n input size, k kernel, s stride, d dilation, p1 and p2 what is
cut off the ends, o output_padding, ``e = d*(k - 1) + 1``. Sources: PyTorch's ConvTranspose2d
documentation and the ONNX operator for paddings by size; Keras's ``backend_utils`` for ``valid`` and
``same``, where leaving output_padding out is a rule of its own.
"""

from __future__ import annotations

from tui.core.errors import Fix, ShapeError
from tui.core.kind import Window
from tui.core.size import Size, at_least, ceil_div, maximum, text
from tui.core.windows import Ends, extent, minus_ends
from tui.core.working import Recorded, plain, recorded


def spread(n: Size, k: Size, s: Size, d: Size, ends: Ends, o: Size | None = None) -> Size:
    """The output size along one axis.

    Sizes as padding: ``(n - 1)*s - p1 - p2 + e + o``. Words with o left out: same ``n*s``, valid
    ``n*s + max(e - s, 0)``; with o: ``(n - 1)*s + e + o``, for same less ``2*floor(e/2)``.

    >>> spread(16, 3, 2, 1, "same"), spread(16, 3, 2, 1, "same", 0), spread(16, 2, 3, 1, (0, 0))
    (32, 31, 47)
    """
    e = extent(k, d)
    if isinstance(ends, str) and o is None:
        if ends != "valid":
            return n * s
        beyond = maximum(e - s, 0)
        return n * s if plain(beyond) == 0 else n * s + beyond
    out = (n - 1) * s
    if not isinstance(ends, str):
        out = minus_ends(out, *ends) + e
    else:
        out = out + e if ends == "valid" else out + e - 2 * (e // 2)
    return out if o is None or o == 0 else out + o


def spread_window(
    n: Size, k: Size, s: Size, d: Size, ends: Ends, o: Size | None = None, size: Size | None = None
) -> Window:
    """What one output unit reads: at most ``ceil(e/s)`` neighbours; s output units share a step of the input."""
    e = extent(k, d)
    return Window(ceil_div(e, s), 1, (e - 1 - cut_before(n, e, s, ends, o, size)) // s, up=s)


def cut_before(n: Size, e: Size, s: Size, ends: Ends, o: Size | None, size: Size | None) -> Size:
    """How many units of the whole output ``(n - 1)*s + e`` are cut off before its first one.

    A given output size cuts what is too much, the odd unit last, as ONNX does for output_shape.
    """
    if not isinstance(ends, str):
        if size is None:
            return ends[0]
        return maximum((n - 1) * s + (o or 0) + e - size, 0) // 2
    if ends == "valid":
        return 0
    total = maximum(e - s if o is None else 2 * (e // 2) - o, 0)
    return ceil_div(total, 2) if ends == "same_lower" else total // 2


def check_output_padding(o: Size | None, s: Size, d: Size) -> None:
    """Raise ShapeError where the output padding is not below the larger of stride and dilation, as in PyTorch."""
    if o is None or o == 0 or not at_least(o, maximum(s, d)):
        return
    most = plain(maximum(s, d)) - 1
    raise ShapeError(
        f"output_padding={text(plain(o))} must be below the stride or the dilation",
        working=f"{text(plain(o))} < max({text(plain(s))}, {text(plain(d))}) does not hold",
        fixes=[Fix(f"output_padding={text(most)}", {"output_padding": most})],
    )


def check_left(out: Size, n: Size, k: Size, s: Size, d: Size, ends: Ends, o: Size | None = None) -> None:
    """Raise ShapeError, with the sum that failed, where the padding cuts everything off."""
    if at_least(out, 1) is not False:
        return
    shown: Ends = ends
    if not isinstance(ends, str):
        first = recorded(ends[0], "p1")
        shown = (first, first if ends[0] == ends[1] else recorded(ends[1], "p2"))
    dilated = d if d == 1 else recorded(d, "d")
    size = spread(recorded(n, "n"), recorded(k, "k"), recorded(s, "s"), dilated, shown, o)
    working = size.working("size").line() + ", must be at least 1" if isinstance(size, Recorded) else None
    raise ShapeError("the padding cuts everything off", working=working, fixes=[Fix("padding=0", {"padding": 0})])
