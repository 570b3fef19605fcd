"""Arithmetic of tensors with tensors and with numbers: a number is part of the line, not a tensor of its own."""

from __future__ import annotations

from typing import Any, Final

from tui.formats.torch.function import Args, Function, is_tensor, named
from tui.formats.torch.tensors import Stored, Tensors


def arithmetic(kind: str) -> Function:
    """Two tensors, or a tensor and a number."""

    def write(w: Tensors, name: str, a: Args) -> Any:
        left, right = (_number(a[one]) for one in ("input", "other"))
        if is_tensor(left) and is_tensor(right):
            return w.emit(name, kind, {}, [left, right])
        if kind in _WITH_NUMBER and isinstance(left if is_tensor(right) else right, int | float):
            return _WITH_NUMBER[kind](w, name, left, right)
        return w.emit(name, kind, {}, [left, right])

    return named(write, "input other")


def _number(value: Any) -> Any:
    """A tensor of one known number as that number."""
    return value.scalar if isinstance(value, Stored) and value.scalar is not None and not value.shape else value


def _scaled(w: Tensors, name: str, x: Any, scale: float = 1.0, offset: float = 0.0) -> Any:
    args = {key: float(value) for key, value, default in (("scale", scale, 1.0), ("offset", offset, 0.0))
            if value != default}  # fmt: skip
    return w.emit(name, "rescaling", args, [x])


def _added(w: Tensors, name: str, left: Any, right: Any) -> Any:
    return _scaled(w, name, left, offset=right) if is_tensor(left) else _scaled(w, name, right, offset=left)


def _taken(w: Tensors, name: str, left: Any, right: Any) -> Any:
    return _scaled(w, name, left, offset=-right) if is_tensor(left) else _scaled(w, name, right, -1.0, left)


def _times(w: Tensors, name: str, left: Any, right: Any) -> Any:
    return _scaled(w, name, left, right) if is_tensor(left) else _scaled(w, name, right, left)


def _divided(w: Tensors, name: str, left: Any, right: Any) -> Any:
    if is_tensor(left):
        return _scaled(w, name, left, 1 / right if right else 1.0)
    made = w.emit(name, "reciprocal", {}, [right])
    return made if left == 1 else _scaled(w, f"{name}.scaled", made, left)


def _power(w: Tensors, name: str, left: Any, right: Any) -> Any:
    kind = {2: "square", 0.5: "sqrt", -0.5: "rsqrt", -1: "reciprocal"}.get(right if is_tensor(left) else 0)
    return w.emit(name, kind, {}, [left]) if kind else w.emit(name, "power", {}, [left, right])


_WITH_NUMBER: Final = {"add": _added, "subtract": _taken, "multiply": _times, "divide": _divided, "power": _power}
