"""Functions of tensors in PyTorch along axes: sums, means, extremes, norms, softmax."""

from __future__ import annotations

from typing import Any

from tui.formats.torch.function import Args, Function, is_tensor, listed, named
from tui.formats.torch.narrowed import is_global_pool
from tui.formats.torch.tensors import Tensors


def reduction(kind: str) -> Function:
    def write(w: Tensors, name: str, a: Args) -> Any:
        dim = a.get("dim")
        args: Args = {"keepdims": bool(a.get("keepdim", False))}
        if dim is not None and dim != []:
            args["axes"] = listed(dim)
        if kind == "reducemean" and is_global_pool(args.get("axes"), w.shape(a["input"]) or ()):
            return w.emit(name, "globalavgpool", {"keepdims": args["keepdims"]}, [a["input"]])
        return w.emit(name, kind, args, [a["input"]])

    return named(write, "input dim keepdim")


def norm_of(w: Tensors, name: str, a: Args) -> Any:
    args: Args = {"keepdims": bool(a.get("keepdim", False))}
    if a.get("dim") not in (None, []):
        args["axes"] = listed(a["dim"])
    return w.emit(name, "reducel1" if a.get("p") == 1 else "reducel2", args, [a["input"]])


def extreme(kind: str, pair: str, index: str) -> Function:
    """``max``: of all elements, along an axis with the places, or of two tensors."""

    def write(w: Tensors, name: str, a: Args) -> Any:
        dim = a.get("dim", a.get("other"))
        if is_tensor(dim):
            return w.emit(name, pair, {}, [a["input"], dim])
        if dim is None:
            return w.emit(name, kind, {"keepdims": False}, [a["input"]])
        args = {"keepdims": bool(a.get("keepdim", False))}
        return (
            w.emit(name, kind, {**args, "axes": [dim]}, [a["input"]]),
            w.emit(f"{name}.indices", index, {**args, "axis": dim}, [a["input"]]),
        )

    return named(write, "input dim keepdim")


def arg_of(kind: str) -> Function:
    def write(w: Tensors, name: str, a: Args) -> Any:
        x, dim = a["input"], a.get("dim")
        if dim is None:
            x, dim = w.emit(f"{name}.flat", "flatten", {"start": 0}, [x]), 0
        return w.emit(name, kind, {"axis": dim, "keepdims": bool(a.get("keepdim", False))}, [x])

    return named(write, "input dim keepdim")


def along(kind: str) -> Function:
    def write(w: Tensors, name: str, a: Args) -> Any:
        dim = a.get("dim")
        if dim is None:  # what torch does without a dim: 0 for 0, 1 and 3 axes, else 1
            dim = 0 if len(w.known(a["input"])) in (0, 1, 3) else 1
        return w.emit(name, kind, {"axis": dim}, [a["input"]])

    return named(write, "input dim")
