"""Numbers with a unit: ``1.5M`` parameters, ``256KiB``."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Final

from tui.core.errors import LayersheetError
from tui.formats.escape import clipped

COUNT_UNITS: Final = {"": 1, "k": 10**3, "K": 10**3, "M": 10**6, "G": 10**9}
BYTE_UNITS: Final = {
    **COUNT_UNITS, "B": 1, "kB": 10**3, "KB": 10**3, "MB": 10**6, "GB": 10**9, "KiB": 2**10, "MiB": 2**20, "GiB": 2**30
}  # fmt: skip
_QUANTITY: Final = re.compile(r"(\d[\d_,]{0,30}(?:\.\d{1,12})?) ?([A-Za-z]*)", re.ASCII)


class QuantityError(LayersheetError):
    """A text that is no number with a unit."""


def parse_quantity(text: str, *, in_bytes: bool = False) -> int:
    """A number with a unit, rounded down: ``1.5M``, ``100k``, and for bytes ``256KiB`` (2**10) or ``256KB`` (10**3)."""
    units = BYTE_UNITS if in_bytes else COUNT_UNITS
    match = _QUANTITY.fullmatch(text)
    if match is None:
        example = "256KiB" if in_bytes else "1M"
        raise QuantityError(f"{clipped(text)!r} is no quantity; write a number such as {example}")
    if match[2] not in units:
        hint = "; a count has no bytes" if match[2] in BYTE_UNITS else ""
        raise QuantityError(f"{match[2]!r} is no unit here{hint}; there are {', '.join(u for u in units if u)}")
    number = Fraction(match[1].replace("_", "").replace(",", ""))
    return int(number * units[match[2]])


def print_quantity(number: int, *, in_bytes: bool = False) -> str:
    """The number with the largest unit that leaves it whole: ``256KiB``, ``100k``, ``131073``."""
    units = BYTE_UNITS if in_bytes else COUNT_UNITS
    names = ("GiB", "GB", "MiB", "MB", "KiB", "KB") if in_bytes else ("G", "M", "k")
    unit = next((name for name in names if number and number % units[name] == 0), "")
    return f"{number // units.get(unit, 1)}{unit}"
