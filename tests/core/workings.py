"""Reading a working back: SymPy evaluates the text that is shown."""

from __future__ import annotations

import re
from collections.abc import Mapping

import sympy


class Whole:
    """A SymPy number that also divides with ``//``, in Python's precedence."""

    def __init__(self, number: object) -> None:
        self.number = sympy.sympify(number.number if isinstance(number, Whole) else number)

    def __add__(self, other: object) -> Whole:
        return Whole(self.number + Whole(other).number)

    def __sub__(self, other: object) -> Whole:
        return Whole(self.number - Whole(other).number)

    def __mul__(self, other: object) -> Whole:
        return Whole(self.number * Whole(other).number)

    def __truediv__(self, other: object) -> Whole:
        return Whole(self.number / Whole(other).number)

    def __floordiv__(self, other: object) -> Whole:
        return Whole(sympy.floor(self.number / Whole(other).number))

    def __pow__(self, other: object) -> Whole:
        return Whole(self.number ** Whole(other).number)

    def __neg__(self) -> Whole:
        return Whole(-self.number)

    def _sympy_(self) -> sympy.Basic:
        return self.number


FUNCTIONS = {
    "floor": sympy.floor,
    "ceil": sympy.ceiling,
    "min": sympy.Min,
    "max": sympy.Max,
    "mod": lambda a, b: a - b * sympy.floor(a / b),
}


def written(text: str, values: Mapping[str, int]) -> int:
    """SymPy's value of a working. A plain ``//`` stands only between symbols of a size that was given whole."""
    tokens = re.sub(r"\b\d+\b", lambda number: f"Whole({number[0]})", text)
    names = {**FUNCTIONS, **{k: Whole(v) for k, v in values.items()}, "Whole": Whole}
    value = eval(tokens, {"__builtins__": {}}, names)
    return int(value.number if isinstance(value, Whole) else value)
