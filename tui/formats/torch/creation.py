"""Functions in PyTorch that make tensors: their sizes are given, and no layer computes them."""

from __future__ import annotations

from typing import Any, Final

from tui.formats.torch.function import Args, Function, is_tensor, listed, named
from tui.formats.torch.tensors import Stored, Tensors


def _constant(w: Tensors, name: str, a: Args) -> Any:
    shape = tuple(listed(a.get("size", ())))
    value = a.get("fill_value")
    return Stored(name, shape, dtype=_dtype(a.get("dtype")), scalar=value if isinstance(value, int | float) else None)


def _arange(w: Tensors, name: str, a: Args) -> Any:
    start, end, step = a.get("start", 0), a.get("end"), a.get("step", 1)
    if end is None:
        start, end = 0, start
    if isinstance(start, float) or isinstance(end, float) or isinstance(step, float):
        return Stored(name, (int(-(-(end - start) // step)),))
    return Stored(name, (-((start - end) // step),), dtype=_dtype(a.get("dtype")) or "int64")


def _linspace(w: Tensors, name: str, a: Args) -> Any:
    return Stored(name, (a["steps"],))


def _like(w: Tensors, name: str, a: Args) -> Any:
    return Stored(name, w.known(a["input"]))


def _scalar_tensor(w: Tensors, name: str, a: Args) -> Any:
    value = a.get("input")
    if is_tensor(value):
        return value
    shape: list[int] = []
    while isinstance(value, list | tuple):
        shape.append(len(value))
        value = value[0] if value else 0
    return Stored(name, tuple(shape), scalar=value if isinstance(value, int | float) and not shape else None)


def _dtype(value: Any) -> str:
    path = getattr(value, "path", value)
    word = path.rpartition(".")[2] if isinstance(path, str) else ""
    return {"long": "int64", "int": "int32", "half": "float16", "double": "float64", "float": "float32"}.get(word, word)


CREATION: Final[dict[str, Function]] = {
    **{name: named(_constant, "size") for name in ("zeros", "ones", "empty", "rand", "randn")},
    "full": named(_constant, "size fill_value"), "randint": named(_constant, "low high size"),
    "scalar_tensor": named(lambda w, name, a: Stored(name, (), scalar=a.get("s")), "s"),
    "arange": named(_arange, "start end step"), "linspace": named(_linspace, "start end steps"),
    "eye": named(lambda w, name, a: Stored(name, (a["n"], a.get("m") or a["n"])), "n m"),
    "tensor": named(_scalar_tensor, "input"), "as_tensor": named(_scalar_tensor, "input"),
    **{name: named(_like, "input") for name in ("zeros_like", "ones_like", "empty_like", "rand_like", "randn_like",
                                                "full_like")},
    **{name: named(_constant, "like size") for name in ("new_zeros", "new_ones", "new_empty", "new_full")},
}  # fmt: skip
