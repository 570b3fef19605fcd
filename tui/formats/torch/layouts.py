"""Functions of tensors in PyTorch that only rearrange, cut or repeat: the same elements in another shape."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite
from typing import Any, Final

from tui.core.size import Poly, product, same, text
from tui.core.tensor import Shape
from tui.formats.frameworks.words import is_whole
from tui.formats.torch.function import Args, Function, listed, named
from tui.formats.torch.tensors import Stored, Tensors


def reshaped(w: Tensors, name: str, a: Args) -> Any:
    """``view`` and ``reshape``: the batch is kept out of the line where it stays in front."""
    x, sizes = a["input"], listed(a["shape"])
    if isinstance(x, Stored) and all(isinstance(size, int) and size >= 0 for size in sizes):
        x = w.source(x) and x
    shape = w.shape(x)
    if shape and len(sizes) > 1 and _keeps_batch(w, shape, sizes):
        return w.emit(name, "reshape", {"shape": sizes[1:]}, [x])
    if not sizes:
        return w.emit(name, "squeeze", {"whole": True}, [x])
    return w.emit(name, "reshape", {"shape": sizes, "whole": True}, [x])


def _keeps_batch(w: Tensors, shape: Shape, sizes: Sequence[Any]) -> bool:
    first, rest = sizes[0], sizes[1:]
    if first != -1:
        return same(first, shape[0]) is True and same(shape[0], w.draft.settings.batch) is True
    if -1 in rest:
        return False
    inside, wanted = product(shape[1:]), product(tuple(rest))
    equal = same(inside, wanted)
    if equal is None and "//" in text(product(shape) // wanted):
        w.unknown_sizes.append((inside, wanted))  # with the right symbols it keeps the batch; what else could it do?
        return True
    return equal is True


def _view_as(w: Tensors, name: str, a: Args) -> Any:
    return reshaped(w, name, {"input": a["input"], "shape": w.known(a["other"])})


def _flatten(w: Tensors, name: str, a: Args) -> Any:
    start, end = a.get("start_dim", 0), a.get("end_dim", -1)
    args = {key: value for key, value, default in (("start", start, 1), ("end", end, -1)) if value != default}
    return w.emit(name, "flatten", args, [a["input"]])


def _squeeze(w: Tensors, name: str, a: Args) -> Any:
    dim = a.get("dim")
    if dim is None:
        return w.emit(name, "squeeze", {"whole": True}, [a["input"]])
    shape = w.shape(a["input"])
    axes = listed(dim)
    if shape is not None:  # torch leaves axes alone that are not 1
        axes = [axis for axis in axes if -len(shape) <= axis < len(shape) and same(shape[axis], 1) is not False]
        if not axes:
            return a["input"]
    return w.emit(name, "squeeze", {"axes": axes, "whole": True}, [a["input"]])


def _unsqueeze(w: Tensors, name: str, a: Args) -> Any:
    return w.emit(name, "unsqueeze", {"axes": [a["dim"]]}, [a["input"]])


def _permute(w: Tensors, name: str, a: Args) -> Any:
    return w.emit(name, "permute", {"axes": listed(a["dims"])}, [a["input"]])


def _transpose(w: Tensors, name: str, a: Args) -> Any:
    return w.emit(name, "permute", {"swap": [a["dim0"], a["dim1"]]}, [a["input"]])


def _t(w: Tensors, name: str, a: Args) -> Any:
    if len(w.known(a["input"])) < 2:
        return a["input"]
    return w.emit(name, "permute", {"swap": [-2, -1]}, [a["input"]])


def _move(w: Tensors, name: str, a: Args) -> Any:
    rank = len(w.known(a["input"]))
    sources, places = ([axis % rank for axis in listed(a[key])] for key in ("source", "destination"))
    order = [axis for axis in range(rank) if axis not in sources]
    for place, axis in sorted(zip(places, sources, strict=True)):
        order.insert(place, axis)
    return w.emit(name, "permute", {"axes": order}, [a["input"]])


def _expand(w: Tensors, name: str, a: Args) -> Any:
    sizes, shape = listed(a["size"]), w.known(a["input"])
    kept: list[Any] = [None] * (len(sizes) - len(shape)) + list(shape)
    full = [old if size == -1 else size for size, old in zip(sizes, kept, strict=True)]
    if all(same(size, old) is True if old is not None else False for size, old in zip(full, kept, strict=True)):
        return a["input"]
    return w.emit(name, "expand", {"shape": full}, [a["input"]])


def _expand_as(w: Tensors, name: str, a: Args) -> Any:
    return _expand(w, name, {"input": a["input"], "size": w.known(a["other"])})


def _repeat(w: Tensors, name: str, a: Args) -> Any:
    x, repeats = a["input"], listed(a["repeats"])
    for _ in range(len(repeats) - len(w.known(x))):
        x = w.emit(f"{name}.axis", "unsqueeze", {"axes": [0]}, [x])
    return w.emit(name, "tile", {"repeats": repeats}, [x])


def _repeat_interleave(w: Tensors, name: str, a: Args) -> Any:
    shape, dim = w.known(a["input"]), a.get("dim")
    if dim is None or not isinstance(a["repeats"], int | Poly):
        raise ValueError("repeat_interleave needs a number and a dim")
    return w.emit(name, "tile", {"repeats": [a["repeats"] if i == dim % len(shape) else 1 for i in range(len(shape))]},
                  [a["input"]])  # fmt: skip


def pads_of(pad: Sequence[Any], rank: int) -> list[list[Any]]:
    """Both ends of every axis from PyTorch's list, the last axis first."""
    if len(pad) % 2 or len(pad) > 2 * rank:
        raise ValueError(f"{len(pad)} amounts do not pad {rank} axes")
    pairs = [[pad[i], pad[i + 1]] for i in range(0, len(pad), 2)]
    return [[0, 0]] * (rank - len(pairs)) + pairs[::-1]


def _zeros(pairs: list[list[Any]], value: Any) -> tuple[str, Args]:
    """The padding of the spatial axes, where no others have one; what is below 0 at all ends is cut off."""
    ends = [one for pair in pairs for one in pair]
    spatial = len(pairs) > 2 and all(one == 0 for one in ends[:4]) and all(map(is_whole, ends))
    if spatial and all(one <= 0 for one in ends) and any(ends):
        return "crop", {"cropping": [-a if a == b else [-a, -b] for a, b in pairs[2:]]}
    args: Args = {"padding": [a if a == b else [a, b] for a, b in pairs[2:]] if spatial else pairs}
    if isinstance(value, int | float) and value != 0 and isfinite(value):
        args["value"] = value
    return "pad", args


def _pad(w: Tensors, name: str, a: Args) -> Any:
    pairs = pads_of(listed(a["pad"]), len(w.known(a["input"])))
    if a.get("mode", "constant") == "constant":
        return w.emit(name, *_zeros(pairs, a.get("value")), [a["input"]])
    kind = {"reflect": "reflectionpad", "replicate": "replicationpad", "circular": "circularpad"}[a["mode"]]
    return w.emit(name, kind, {"padding": pairs[2:]}, [a["input"]])


def _edge(mode: str) -> Function:
    return named(lambda w, name, a: _pad(w, name, {"input": a["input"], "pad": a["padding"], "mode": mode}),
                 "input padding")  # fmt: skip


def _unflatten(w: Tensors, name: str, a: Args) -> Any:
    return w.emit(name, "unflatten", {"axis": a["dim"], "sizes": listed(a["sizes"])}, [a["input"]])


_VIEW: Final = named(reshaped, "input shape")
LAYOUTS: Final[dict[str, Function]] = {
    **dict.fromkeys(("view", "reshape", "_unsafe_view", "view_copy", "_reshape_copy"), _VIEW),
    "view_as": named(_view_as, "input other"), "reshape_as": named(_view_as, "input other"),
    "flatten": named(_flatten, "input start_dim end_dim"),
    "ravel": named(lambda w, name, a: _flatten(w, name, {"input": a["input"]}), "input"),
    "squeeze": named(_squeeze, "input dim"), "unsqueeze": named(_unsqueeze, "input dim"),
    "permute": named(_permute, "input dims"), "transpose": named(_transpose, "input dim0 dim1"),
    "swapaxes": named(_transpose, "input dim0 dim1"), "swapdims": named(_transpose, "input dim0 dim1"),
    "t": named(_t, "input"), "numpy_T": named(_t, "input"), "movedim": named(_move, "input source destination"),
    "moveaxis": named(_move, "input source destination"),
    "expand": named(_expand, "input size"), "broadcast_to": named(_expand, "input size"),
    "expand_as": named(_expand_as, "input other"), "repeat": named(_repeat, "input repeats"),
    "tile": named(_repeat, "input repeats"), "repeat_interleave": named(_repeat_interleave, "input repeats dim"),
    "pad": named(_pad, "input pad mode value"), "constant_pad_nd": named(_pad, "input pad value"),
    **{f"reflection_pad{n}d": _edge("reflect") for n in (1, 2, 3)},
    **{f"replication_pad{n}d": _edge("replicate") for n in (1, 2, 3)},
    "unflatten": named(_unflatten, "input dim sizes"),
}  # fmt: skip
