"""Broadcasting: how the shapes of several inputs are lined up and what comes out.

The rule of NumPy, PyTorch and ONNX: shapes are lined up at their last axes, and a 1 stretches to any
size. Keras lines up the axes after the batch instead; the two differ only where the numbers of axes do.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tui.core.errors import ShapeError
from tui.core.size import Poly, Size, same, text
from tui.core.tensor import Shape, shape_text
from tui.core.working import plain


def merged(sizes: Sequence[Size]) -> Size | None:
    """The one size that all of these are, or None where two of them cannot be equal.

    Where that depends on symbols they are taken to fit, and a plain number says more than a symbol.
    """
    result = sizes[0]
    for size in sizes[1:]:
        if same(result, size) is False:
            return None
        if isinstance(plain(result), Poly) and not isinstance(plain(size), Poly):
            result = size
    return result


def agreements(columns: Iterable[Sequence[Size]]) -> tuple[tuple[Size, Size], ...]:
    """The pairs of sizes in each column that have to be equal, and that symbols may make different."""
    return tuple((column[0], size) for column in columns for size in column[1:] if size != column[0])


def stretched_agreements(shapes: Sequence[Shape]) -> tuple[tuple[Size, Size], ...]:
    """The same for shapes that are lined up at their last axes, where a 1 stretches."""
    ndim = max(map(len, shapes))
    columns = ([s[axis] for s in shapes if len(s) >= -axis and s[axis] != 1] for axis in range(-ndim, 0))
    return agreements(column for column in columns if column)


def _stretched(sizes: Sequence[Size]) -> Size | None:
    rest = [size for size in sizes if size != 1]
    return merged(rest) if rest else sizes[0]


def _lined_up(shapes: Sequence[Shape]) -> tuple[Shape, int | None]:
    """The broadcast shape and the first axis, counted from the last, that does not fit (then the shape is void)."""
    ndim = max(map(len, shapes))
    out: list[Size] = []
    for axis in range(-ndim, 0):
        size = _stretched([shape[axis] for shape in shapes if len(shape) >= -axis])
        if size is None:
            return (), axis
        out.append(size)
    return tuple(out), None


def batches_lined_up(shapes: Sequence[Shape]) -> bool:
    """Whether the shapes fit only as Keras lines them up: batch to batch, the rest at the last axes."""
    return _lined_up(shapes)[1] is not None and _by_batch(shapes) is not None


def _by_batch(shapes: Sequence[Shape]) -> Shape | None:
    if not all(shapes) or len({len(shape) for shape in shapes}) == 1:
        return None
    batch = merged([shape[0] for shape in shapes])
    rest, wrong = _lined_up([shape[1:] for shape in shapes])
    return None if batch is None or wrong is not None else (batch, *rest)


def broadcast(kind: str, shapes: Sequence[Shape], *, batches: bool = False) -> Shape:
    """The shape that all shapes stretch to; raises ShapeError naming the axis and the sizes that do not fit.

    With ``batches``, shapes that fit only as Keras lines them up are taken too.
    """
    out, wrong = _lined_up(shapes)
    if wrong is None:
        return out
    by_batch = _by_batch(shapes) if batches else None
    if by_batch is not None:
        return by_batch
    ndim = max(map(len, shapes))
    sizes = " and ".join(dict.fromkeys(text(plain(s[wrong])) for s in shapes if len(s) >= -wrong))
    all_shapes = " and ".join(shape_text(tuple(map(plain, s))) for s in shapes)
    raise ShapeError(
        f"{kind} cannot join {all_shapes}: axis {ndim + wrong} has the sizes {sizes}, "
        "they must be equal (or 1, which stretches)"
    )
