"""Sizes as SymPy writes them out (``Add(Symbol('s0'), Integer(-3))``), which is how torch.export stores them.

Read with ``ast`` and a table of the functions that sizes are made of; nothing is evaluated.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from functools import reduce
from operator import add, floordiv, mod, mul
from typing import Any, Final

from tui.core.errors import ParseError
from tui.core.expression import is_name, parse_size
from tui.core.size import Size, SizeError, ceil_div, maximum, minimum, power_of, symbol

MOST: Final = 10_000
"""The most characters of one size."""

_FUNCTIONS: Final[Mapping[str, Callable[..., Any]]] = {
    "Add": lambda *parts: reduce(add, parts), "Mul": lambda *parts: reduce(mul, parts), "Pow": power_of,
    "FloorDiv": floordiv, "CleanDiv": floordiv, "CeilDiv": ceil_div, "Mod": mod, "PythonMod": mod,
    "Max": maximum, "Min": minimum, "ToFloat": lambda size: size, "TruncToInt": lambda size: size,
}  # fmt: skip


def size_in(text: str) -> Size | None:
    """The size that a text says, as SymPy writes it out or as a formula; None where it is not read."""
    if len(text) > MOST:
        return None
    try:
        return _size(ast.parse(text, mode="eval").body)
    except (SyntaxError, ValueError, MemoryError):
        pass
    except (SizeError, ArithmeticError, TypeError):
        return None
    try:
        return parse_size(text.replace(" ", ""))
    except ParseError:
        return None


def _whole(node: ast.expr) -> int:
    negative = isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub)
    inner = node.operand if isinstance(node, ast.UnaryOp) else node
    if not isinstance(inner, ast.Constant) or not isinstance(inner.value, int):
        raise ValueError
    return -inner.value if negative else inner.value


def _size(node: ast.expr) -> Size:
    """A size; raises ValueError where it is none of SymPy's functions of sizes."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
        raise ValueError
    name, args = node.func.id, node.args
    if name == "Symbol" and isinstance(args[0], ast.Constant):
        word = str(args[0].value)
        if not is_name(word):
            raise ValueError
        return symbol(word)
    if name == "Integer":
        return _whole(args[0])
    if name not in _FUNCTIONS:
        raise ValueError
    found: Size = _FUNCTIONS[name](*map(_size, args))
    return found
