"""``x[...]``: numpy's indexing of a tensor, as slices, dropped axes and new ones."""

from __future__ import annotations

from typing import Any

from tui.core.network import Source
from tui.formats.frameworks.words import is_whole
from tui.formats.keras.function import Function, Plan, Read, Step, UnknownFunctionError
from tui.formats.keras.nodes import Constant


def get_item(function: Function) -> Plan:
    """One line for all slices, one for the axes that an index drops, one for the new axes."""
    x = function.first()
    key = function.given(1, "key")
    parts = key if isinstance(key, list) else [key]
    shape = function.shape(x)
    named = sum(1 for part in parts if part is not None and not _is(part, "__ellipsis__"))
    if named > len(shape) or sum(_is(part, "__ellipsis__") for part in parts) > 1:
        raise UnknownFunctionError("an index that names more axes than there are is not read")
    if not any(_is(part, "__ellipsis__") for part in parts):
        parts = [*parts, {"class_name": "__ellipsis__"}]
    cuts: list[tuple[int, int, int | None, int]] = []
    dropped, new, axis, place = [], [], 0, 0
    gathered: tuple[int, Any] | None = None
    for part in parts:
        if _is(part, "__ellipsis__"):
            step = len(shape) - named
            axis, place = axis + step, place + step
        elif part is None:
            new.append(place)
            place += 1
        elif is_whole(part):
            cuts.append((axis, part, part + 1 if part != -1 else None, 1))
            dropped.append(axis)
            axis += 1
        elif _is(part, "__slice__"):
            cut = _slice(part)
            if cut != (None, None, None):
                start, end, by = cut
                backwards = by is not None and by < 0
                cuts.append((axis, (2**31 - 1 if backwards else 0) if start is None else start, end, by or 1))
            axis, place = axis + 1, place + 1
        elif isinstance(part, Source | Constant) or _is_index_list(part):
            if gathered is not None:
                raise UnknownFunctionError("an index of several tensors is not read")
            gathered = (axis, part)
            axis, place = axis + 1, place + 1
        else:
            raise UnknownFunctionError("an index that is neither a number nor a slice is not read")
    if gathered is not None:
        if cuts or new:
            raise UnknownFunctionError("an index of a tensor among others is not read")
        return _gathered(x, *gathered)
    return _lines(x, cuts, dropped, new)


def _lines(x: Source, cuts: list[tuple[int, int, int | None, int]], dropped: list[int], new: list[int]) -> Plan:
    steps: list[Step] = []
    if cuts:
        axes, starts, ends, by = zip(*cuts, strict=True)
        args: dict[str, Any] = {"start": list(starts), "axis": list(axes)}
        if any(end is not None for end in ends):
            args["end"] = [
                end if end is not None else (2**31 - 1 if step > 0 else -(2**31))
                for end, step in zip(ends, by, strict=True)
            ]
        if any(step != 1 for step in by):
            args["step"] = list(by)
        steps.append(Step("slice", args, (x,)))
    for kind, axes_changed in (("squeeze", dropped), ("unsqueeze", new)):
        if axes_changed:
            source: Read = len(steps) - 1 if steps else x
            steps.append(Step(kind, {"axes": axes_changed}, (source,)))
    return Plan(tuple(steps or [Step("identity", {}, (x,))]))


def _gathered(x: Source, axis: int, indices: Any) -> Plan:
    if isinstance(indices, Source):
        return Plan((Step("gather", {"axis": axis}, (x, indices)),))
    length = indices.shape if isinstance(indices, Constant) else (len(indices),)
    return Plan((Step("gather", {"indices": list(length), "axis": axis}, (x,)),))


def _is(part: Any, class_name: str) -> bool:
    return isinstance(part, dict) and part.get("class_name") == class_name


def _is_index_list(part: Any) -> bool:
    return isinstance(part, list) and bool(part) and all(map(is_whole, part)) and len(part) > 0


def _slice(part: Any) -> tuple[int | None, int | None, int | None]:
    config = part.get("config")
    found = [config.get(name) if isinstance(config, dict) else None for name in ("start", "stop", "step")]
    if not all(value is None or is_whole(value) for value in found) or found[2] == 0:
        raise UnknownFunctionError("a slice whose ends are no whole numbers is not read")
    return found[0], found[1], found[2]
