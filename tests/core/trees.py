"""Random expressions of whole numbers and symbols, and three readings of them: ours, SymPy's and Python's."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from typing import Any

import sympy
from hypothesis import strategies as st

from tui.core.size import Size, maximum, minimum, symbol

NAMES = ("n", "H", "W")
SYMPY_SYMBOLS = {name: sympy.Symbol(name, integer=True, positive=True) for name in NAMES}

Tree = int | str | tuple[str, Any, Any]

OURS: dict[str, Callable[[Size, Size], Size]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "//": operator.floordiv,
    "%": operator.mod,
    "min": minimum,
    "max": maximum,
}


def trees(names: tuple[str, ...] = NAMES, leaves: int = 6) -> st.SearchStrategy[Tree]:
    """Expressions of up to ``leaves`` numbers and symbols; powers have a small plain exponent."""
    leaf = st.integers(-6, 12) | (st.sampled_from(names) if names else st.nothing())

    def grown(inner: st.SearchStrategy[Tree]) -> st.SearchStrategy[Tree]:
        return (
            st.tuples(st.sampled_from(("+", "-", "*", "//", "%", "min", "max")), inner, inner)
            | st.tuples(st.just("//"), inner, st.integers(1, 9))
            | st.tuples(st.just("**"), inner, st.integers(0, 3))
        )

    return st.recursive(leaf, grown, max_leaves=leaves)


def bindings() -> st.SearchStrategy[dict[str, int]]:
    """Values for all symbols; symbols are whole numbers of at least 1."""
    return st.fixed_dictionaries({name: st.integers(1, 40) for name in NAMES})


def ours(tree: Tree) -> Size:
    """The size that our arithmetic makes of the expression; raises SizeError for a division by zero."""
    if isinstance(tree, int):
        return tree
    if isinstance(tree, str):
        return symbol(tree)
    op, left, right = tree
    if op == "**":
        return ours(left) ** right
    return OURS[op](ours(left), ours(right))


def judge(tree: Tree, values: Mapping[str, int]) -> int | None:
    """SymPy's value of the expression with the symbols bound; None where something is divided by zero."""
    value = _sympy(tree, values)
    return None if value is None else int(value)


def _sympy(tree: Tree, values: Mapping[str, int]) -> sympy.Integer | None:
    if isinstance(tree, int):
        return sympy.Integer(tree)
    if isinstance(tree, str):
        return SYMPY_SYMBOLS[tree].subs(SYMPY_SYMBOLS[tree], values[tree])
    op, left_tree, right_tree = tree
    left, right = _sympy(left_tree, values), _sympy(right_tree, values)
    if left is None or right is None or (op in ("//", "%") and right == 0):
        return None
    match op:
        case "+":
            return left + right
        case "-":
            return left - right
        case "*":
            return left * right
        case "//":
            return sympy.floor(left / right)
        case "%":
            return left - right * sympy.floor(left / right)
        case "**":
            return left**right
        case "min":
            return sympy.Min(left, right)
        case _:
            return sympy.Max(left, right)


def written(tree: Tree) -> str:
    """The expression as text in Python's grammar, every operation in parentheses of its own."""
    if isinstance(tree, int):
        return str(tree) if tree >= 0 else f"({tree})"
    if isinstance(tree, str):
        return tree
    op, left, right = tree
    if op in ("min", "max"):
        return f"{op}({written(left)}, {written(right)})"
    return f"({written(left)} {op} {written(right)})"
