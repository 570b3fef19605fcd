"""Regrouping: the same elements under other axes, one size of which may follow from the others."""

from __future__ import annotations

from tui.core.errors import Fix, ShapeError
from tui.core.size import Size, at_least, product, same, text
from tui.core.tensor import Shape
from tui.core.working import plain


def regrouped(arg: str, target: Shape, source: Shape, *, zero_keeps: bool = True) -> Shape:
    """The target with a -1 filled in and a 0 taken from the source's axis at that place (as in ONNX; where
    ``zero_keeps`` is False it is a size like any other).

    ``-1`` becomes ``floor(elements / others)``. Raises ShapeError where the numbers of elements differ for
    all values of the symbols, where the division leaves a rest, or where two sizes are left open.
    """
    open_at = [i for i, size in enumerate(target) if same(size, -1)]
    if len(open_at) > 1:
        raise ShapeError(f"{arg} leaves {len(open_at)} sizes open with -1; one can be found from the others")
    sizes = list(target)
    for i, size in enumerate(target):
        if zero_keeps and same(size, 0):
            if i >= len(source):
                raise ShapeError(f"{arg} keeps size {i} with 0, but the input has no such size")
            sizes[i] = source[i]
    elements = product(source)
    if not open_at:
        if same(product(sizes), elements) is False:
            raise _misfit(arg, sizes, source, open_at)
        return tuple(sizes)
    others = product(size for i, size in enumerate(sizes) if i not in open_at)
    if same(others, 0) or same(elements % others, 0) is False:
        raise _misfit(arg, sizes, source, open_at)
    sizes[open_at[0]] = elements // others
    return tuple(sizes)


def _misfit(arg: str, sizes: list[Size], source: Shape, open_at: list[int]) -> ShapeError:
    def times(shape: list[Size]) -> str:
        return " * ".join(text(s) if text(s).isalnum() else f"({text(s)})" for s in shape) or "1"

    has = [plain(size) for size in source]
    wants = [plain(size) for i, size in enumerate(sizes) if i not in open_at]
    have, want = product(has), product(wants)
    left, right = (
        times(factors) + (f" = {text(value, thousands=True)}" if len(factors) > 1 else "")
        for factors, value in ((has, have), (wants, want))
    )
    fixes = [] if open_at else _open_one(arg, sizes, have)
    verb = "is no multiple of" if open_at else "is not"
    return ShapeError(
        f"{arg} holds {text(want, thousands=True)} elements, the input {text(have, thousands=True)}"
        if not open_at
        else f"{arg}: {text(have, thousands=True)} elements do not divide into parts of {text(want, thousands=True)}",
        working=f"{left} {verb} {right}",
        fixes=fixes,
    )


def _open_one(arg: str, sizes: list[Size], elements: Size) -> list[Fix]:
    """Fixes that leave one size open where the others divide the elements."""
    fixes = []
    for i in range(len(sizes)):
        others = product(plain(size) for j, size in enumerate(sizes) if j != i)
        if at_least(others, 1) and same(elements % others, 0):
            filled = tuple(elements // others if j == i else plain(size) for j, size in enumerate(sizes))
            fixes.append(Fix("x".join(text(s, spaces=False) for s in filled), {arg: filled}))
    return fixes[:2]
