"""Pools whose windows follow from their output, in ONNX's operators: global and adaptive ones."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from tui.core.argument import per_axis
from tui.core.output_size import kept
from tui.core.size import Size, ceil_div
from tui.formats.onnx.write_call import Call, Rule
from tui.formats.onnx.write_windows import whole_norm

MOST_WINDOWS: Final = 256
"""More windows of unequal sizes than this are not written one by one."""


def global_pool(call: Call, operator: str, **attributes: Any) -> None:
    """The pool over all positions; the axes of 1 that ONNX keeps are dropped where the network has none."""
    pooled = call.op(operator, call.first(), **attributes)
    call.give(pooled if call.kind.keepdims else call.op("Flatten", pooled, axis=1), call.kind.keepdims)


def _adaptive(operator: str, reduction: str) -> Rule:
    """A plain pool where the windows are equal, else each window by itself: they are products of ranges."""

    def rule(call: Call) -> None:
        kind, spatial = call.kind, call.kind.spatial(call.shape())
        asked = kept(per_axis(kind.size, len(spatial)), spatial)
        indices = getattr(kind, "return_indices", False)
        if all(m == 1 for m in asked) and not indices:
            call.give(call.op(f"Global{operator}", call.first()), True)
            return
        kernel = _equal(spatial, asked)
        if kernel is not None:
            outputs = [0, 1] if indices else [0]
            found = call.ops(operator, call.first(), outputs=outputs, kernel_shape=kernel, strides=kernel)
            call.give(found[0], True)
            if indices:
                call.give(found[1], True, 1, "int64")
            return
        if indices:
            call.fail("ONNX has no indices of windows of unequal sizes", "ask for a size that divides the input")
        result = call.first()
        for axis, (n, m) in enumerate(zip(spatial, asked, strict=True), 2):
            if n != m:
                result = _one_axis(call, result, reduction, axis, n, call.whole(m, "the output of an adaptive pool"))
        call.give(result, True)

    return rule


def _equal(spatial: tuple[Size, ...], asked: tuple[Size, ...]) -> list[int] | None:
    """The kernel where all windows have one size and do not overlap; None where they have not."""
    kernel: list[int] = []
    for n, m in zip(spatial, asked, strict=True):
        size: Size = 1 if n == m else 0
        if isinstance(m, int) and n != m and n % m == 0:
            size = n // m
        if not isinstance(size, int) or size < 1:
            return None
        kernel.append(size)
    return kernel


def _one_axis(call: Call, x: str, reduction: str, axis: int, n: Size, m: int) -> str:
    """Window i of m reads ``floor(i*n/m)`` up to ``ceil((i + 1)*n/m)``."""
    if m > MOST_WINDOWS:
        call.fail(f"{m} windows of unequal sizes are too many to write one by one", "choose a size that divides")
    axes, parts = call.ints([axis], "axes"), []
    for i in range(m):
        bounds = call.ints([i * n // m], "start"), call.ints([ceil_div((i + 1) * n, m)], "end")
        parts.append(call.op(reduction, call.op("Slice", x, *bounds, axes), axes, keepdims=1))
    return call.op("Concat", *parts, axis=axis)


def _fractional(call: Call) -> None:
    call.fail("its windows stand at random places, which no operator of ONNX has", "use adaptivemaxpool")


RULES: Final[Mapping[str, Rule]] = {
    "globalavgpool": lambda call: global_pool(call, "GlobalAveragePool"),
    "globalmaxpool": lambda call: global_pool(call, "GlobalMaxPool"),
    "globallppool": lambda call: global_pool(call, "GlobalLpPool", p=whole_norm(call)),
    "adaptiveavgpool": _adaptive("AveragePool", "ReduceMean"),
    "adaptivemaxpool": _adaptive("MaxPool", "ReduceMax"),
    "fractionalmaxpool": _fractional,
}
