"""Functions of ``keras.ops`` that cut a tensor, pick from it, or put something around it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from tui.core.network import Source
from tui.core.tensor import Shape
from tui.formats.frameworks.words import FrameworkError, is_whole, shown
from tui.formats.keras.function import Function, Plan, Read, Step, UnknownFunctionError, axis_from_end, one
from tui.formats.keras.nodes import Constant

MOST_PARTS: Final = 1_000


def _split(function: Function) -> Plan:
    x, parts = function.first(), function.option("indices_or_sections")
    along = {"Vsplit": 0, "Hsplit": 1, "Dsplit": 2}.get(function.name)
    shape = function.shape(x)
    axis = axis_from_end(function.option("axis", 0) if along is None else along, len(shape))
    n = shape[axis]
    if is_whole(parts):
        if function.name == "ArraySplit" and isinstance(n, int) and 0 < parts <= MOST_PARTS:
            large, small = divmod(n, parts)
            return one("split", x, sizes=[large + 1] * small + [large] * (parts - small), axis=axis)
        return one("split", x, parts=parts, axis=axis)
    if not isinstance(parts, list) or not all(map(is_whole, parts)) or not isinstance(n, int):
        raise UnknownFunctionError(f"{function.name} at {shown(parts)} is not read")
    ends = [min(max(at + (n if at < 0 else 0), 0), n) for at in parts]
    sizes = [end - start for start, end in zip([0, *ends], [*ends, n], strict=True)]
    return one("split", x, sizes=sizes, axis=axis)


def _unstack(function: Function) -> Plan:
    x = function.first()
    shape = function.shape(x)
    axis = axis_from_end(function.option("axis", 0), len(shape))
    count: Any = function.option("num") or shape[axis]
    if not is_whole(count) or not 1 <= count <= MOST_PARTS:
        raise UnknownFunctionError(f"Unstack into {shown(count)} parts is not read")
    picked = tuple(Step("gather", {"axis": axis}, (x,)) for _ in range(count))
    return Plan(picked, tuple(range(count)))


def _take(function: Function) -> Plan:
    x, indices, axis = function.first(), function.operand(1, "indices"), function.option("axis")
    args: dict[str, Any] = {}
    reads: tuple[Source, ...] = (x,)
    if isinstance(indices, Source):
        reads = (x, indices)
    elif indices.shape:
        args = {"indices": list(indices.shape)}
    if axis is not None:
        return one("gather", *reads, **args, axis=axis)
    flat = Step("reshape", {"shape": [-1], "whole": True}, (x,))
    return Plan((flat, Step("gather", {**args, "axis": 0}, (0, *reads[1:]))))


def _take_along(function: Function) -> Plan:
    x, indices, axis = function.first(), function.operand(1, "indices"), function.option("axis")
    if isinstance(indices, Source) and axis is not None and len(function.shape(indices)) == len(function.shape(x)):
        return one("gatherelements", x, indices, axis=axis)
    raise UnknownFunctionError("TakeAlongAxis by fixed indices is not read")


def _sliced(function: Function) -> Plan:
    x, wanted = function.first("inputs"), function.option("shape", function.given(2, "shape"))
    if not isinstance(wanted, list) or not all(map(is_whole, wanted)):
        raise UnknownFunctionError(f"Slice to {shown(wanted)} is not read")
    starts = function.given(1, "start_indices")
    starts = starts if isinstance(starts, list) and all(map(is_whole, starts)) else [0] * len(wanted)
    ends = [2**31 - 1 if size == -1 else start + size for start, size in zip(starts, wanted, strict=True)]
    return one("slice", x, start=starts, end=ends, axis=list(range(len(wanted))))


def _differences(function: Function) -> Plan:
    x = function.first("a")
    axis = axis_from_end(function.option("axis", -1), len(function.shape(x)))
    return one("slice", x, start=[function.option("n", 1)], axis=[axis])


def framed(function: Function, x: Source, width: list[Any]) -> Plan:
    """Padding of any axes: constants before and behind, axis by axis."""
    shape: Shape = function.shape(x)
    steps: list[Step] = []
    last: Read = x
    for axis, ends in enumerate(width):
        if not isinstance(ends, list) or len(ends) != 2 or not all(is_whole(end) and end >= 0 for end in ends):
            raise FrameworkError(f"Pad: {shown(ends)} is not an amount for both ends of an axis")
        parts = [Constant((*shape[:axis], end, *shape[axis + 1 :]), "") if end else None for end in ends]  # type: ignore[arg-type]
        shape = (*shape[:axis], shape[axis] + sum(ends), *shape[axis + 1 :])
        reads = [part for part in (parts[0], last, parts[1]) if part is not None]
        if len(reads) > 1:
            steps.append(Step("concat", {"axis": axis}, tuple(reads)))
            last = len(steps) - 1
    return Plan(tuple(steps or [Step("identity", {}, (x,))]))


RULES: Final[Mapping[str, Callable[[Function], Plan]]] = {
    **dict.fromkeys(("Split", "ArraySplit", "Hsplit", "Vsplit", "Dsplit"), _split), "Unstack": _unstack, "Take": _take,
    "TakeAlongAxis": _take_along, "Slice": _sliced, "Diff": _differences,
}  # fmt: skip
