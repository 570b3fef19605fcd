"""Functions of tensors in PyTorch that take parts of a tensor, and indexing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from tui.core.size import Poly, same
from tui.formats.torch.function import Args, Function, is_tensor, named
from tui.formats.torch.tensors import Tensors

FAR: Final = 2**31 - 1
"""Bounds of slices beyond this stand for the end."""


def _split(w: Tensors, name: str, a: Args) -> Any:
    """Into parts of a size, the last one smaller, or of the sizes given."""
    x, dim, sizes = a["input"], a.get("dim", 0), a["split_size"]
    if isinstance(sizes, int | Poly):
        whole = w.known(x)[dim]
        if not isinstance(whole, int) or not isinstance(sizes, int):
            parts = whole // sizes
            if not isinstance(parts, int):
                raise ValueError("how many parts come out depends on a symbol")
            sizes = [sizes] * parts
        else:
            full, rest = divmod(whole, max(sizes, 1))
            sizes = [sizes] * full + [rest] * (rest > 0)
    return _in_parts(w, name, x, dim, list(sizes))


def _chunk(w: Tensors, name: str, a: Args) -> Any:
    x, dim, chunks = a["input"], a.get("dim", 0), a["chunks"]
    whole = w.known(x)[dim]
    if not isinstance(whole, int):
        return _in_parts(w, name, x, dim, [whole // chunks] * chunks)
    size = -(-whole // chunks)
    return _split(w, name, {"input": x, "dim": dim, "split_size": size})


def _in_parts(w: Tensors, name: str, x: Any, dim: Any, sizes: list[Any]) -> Any:
    if len(sizes) == 1:
        return (x,)
    if len(sizes) > 1_000:
        raise ValueError(f"{len(sizes):,} parts; the most that is read is 1,000")
    return tuple(w.outputs(w.emit(name, "split", {"axis": dim, "sizes": sizes}, [x])))


def _unbind(w: Tensors, name: str, a: Args) -> Any:
    x, dim = a["input"], a.get("dim", 0)
    count = w.known(x)[dim]
    if not isinstance(count, int):
        raise ValueError("how many parts come out depends on a symbol")
    parts = _in_parts(w, name, x, dim, [1] * count)
    return tuple(w.emit(f"{name}.{i}", "squeeze", {"axes": [dim], "whole": True}, [p]) for i, p in enumerate(parts))


def _select(w: Tensors, name: str, a: Args) -> Any:
    return indexed(w, name, a["input"], {a["dim"] % len(w.known(a["input"])): a["index"]})


def _narrow(w: Tensors, name: str, a: Args) -> Any:
    end = a["start"] + a["length"]
    return indexed(w, name, a["input"], {a["dim"] % len(w.known(a["input"])): slice(a["start"], end)})


def _slice(w: Tensors, name: str, a: Args) -> Any:
    cut = slice(a.get("start"), a.get("end"), a.get("step"))
    return indexed(w, name, a["input"], {a.get("dim", 0) % max(len(w.known(a["input"])), 1): cut})


def indexed(w: Tensors, name: str, x: Any, cuts: Mapping[int, Any]) -> Any:
    """A part of each axis that is cut: a slice keeps the axis, a number takes it away."""
    starts: list[Any] = []
    ends: list[Any] = []
    steps: list[Any] = []
    axes: list[int] = []
    gone: list[int] = []
    for axis, cut in cuts.items():
        if isinstance(cut, slice):
            start, end, step = cut.start or 0, FAR if cut.stop is None else cut.stop, cut.step or 1
            if (same(start, 0) and isinstance(end, int) and end >= FAR and step == 1) or is_tensor(end):
                continue
        else:
            gone.append(axis)
            start, step = cut, 1
            end = FAR if same(cut, -1) else cut + 1
        axes.append(axis)
        starts.append(start)
        ends.append(min(end, FAR) if isinstance(end, int) else end)
        steps.append(step)
    if not axes:
        return x
    args: Args = {"start": starts, "axis": axes}
    if any(end != FAR for end in ends):
        args["end"] = ends
    if any(step != 1 for step in steps):
        args["step"] = steps
    made = w.emit(f"{name}.slice" if gone else name, "slice", args, [x])
    return w.emit(name, "squeeze", {"axes": gone, "whole": True}, [made]) if gone else made


def item(w: Tensors, name: str, x: Any, index: Any) -> Any:
    """What ``x[index]`` gives; raises ValueError where it depends on data."""
    parts = list(index) if isinstance(index, tuple) else [index]
    rank = len(w.known(x))
    if Ellipsis in [part for part in parts if not is_tensor(part)]:
        at = next(i for i, part in enumerate(parts) if part is Ellipsis)
        used = sum(1 for part in parts if part is not None) - 1
        parts[at : at + 1] = [slice(None)] * (rank - used)
    cuts: dict[int, Any] = {}
    added: list[int] = []
    axis = kept = 0
    for part in parts:
        if part is None:
            added.append(kept)
            kept += 1
            continue
        if is_tensor(part):
            if len(parts) > 1 and any(p != slice(None) for p in parts if not is_tensor(p)):
                raise ValueError("an index by a tensor among others is not read")
            return w.emit(name, "gather", {"axis": axis}, [x, part])
        if isinstance(part, list) and part and all(isinstance(one, int) for one in part):
            part = _listed_cut(part)
        if not isinstance(part, int | Poly | slice) or isinstance(part, bool):
            raise ValueError("such an index is not read")
        cuts[axis] = part
        axis += 1
        kept += isinstance(part, slice)
    if axis > rank:
        raise ValueError(f"{axis} indices for {rank} axes")
    made = indexed(w, name, x, cuts)
    return w.emit(f"{name}.axis", "unsqueeze", {"axes": added}, [made]) if added else made


def _listed_cut(places: list[int]) -> slice:
    """Places in a list keep the axis: as many of its entries as the list has, which is what counts."""
    if len(places) == 1:
        return slice(places[0], None if places[0] == -1 else places[0] + 1)
    return slice(0, len(places))


def _gather(w: Tensors, name: str, a: Args) -> Any:
    return w.emit(name, "gatherelements", {"axis": a["dim"]}, [a["input"], a["index"]])


def _index_select(w: Tensors, name: str, a: Args) -> Any:
    return w.emit(name, "gather", {"axis": a["dim"]}, [a["input"], a["index"]])


def _index(w: Tensors, name: str, a: Args) -> Any:
    """ATen's ``index``: a tensor or nothing for each axis."""
    tensors = [(i, one) for i, one in enumerate(a["indices"]) if is_tensor(one)]
    if len(tensors) != 1:
        raise ValueError("an index by several tensors is not read")
    axis, index = tensors[0]
    return w.emit(name, "gather", {"axis": axis}, [a["input"], index])


SLICES: Final[dict[str, Function]] = {
    "split": named(_split, "input split_size dim"), "split_with_sizes": named(_split, "input split_size dim"),
    "chunk": named(_chunk, "input chunks dim"), "unbind": named(_unbind, "input dim"),
    "select": named(_select, "input dim index"), "narrow": named(_narrow, "input dim start length"),
    "slice": named(_slice, "input dim start end step"), "gather": named(_gather, "input dim index"),
    "index_select": named(_index_select, "input dim index"), "index": named(_index, "input indices"),
}  # fmt: skip
