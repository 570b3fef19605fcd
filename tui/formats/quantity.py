"""Numbers with a unit: ``1.5M`` parameters, ``256KiB``."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Final

from tui.core.errors import LayersheetError, or_list
from tui.formats.escape import clipped

COUNT_UNITS: Final = {"": 1, "k": 10**3, "K": 10**3, "M": 10**6, "G": 10**9, "T": 10**12}
BYTE_UNITS: Final = {
    **COUNT_UNITS, "B": 1, "kB": 10**3, "KB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12, "KiB": 2**10,
    "MiB": 2**20, "GiB": 2**30, "TiB": 2**40,
}  # fmt: skip
_QUANTITY: Final = re.compile(r"(\d[\d_,]{0,30}(?:\.\d{1,12})?)(?:[eE]\+?(\d{1,2}))? ?([A-Za-z]*)", re.ASCII)


class QuantityError(LayersheetError):
    """A text that is no number with a unit."""


def parse_quantity(text: str, *, in_bytes: bool = False) -> int:
    """A number with a unit, rounded down: ``1.5M``, ``2e6``, and for bytes ``256KiB`` (2**10) or ``256KB`` (10**3)."""
    units = BYTE_UNITS if in_bytes else COUNT_UNITS
    match = _QUANTITY.fullmatch(text)
    if match is None:
        example = "256KiB" if in_bytes else "1M"
        raise QuantityError(f"{clipped(text)!r} is no quantity; write a number such as {example}")
    digits, exponent, unit = match.groups()
    if unit not in units:
        near = [known for known in units if known.lower() == unit.lower()]
        hint = f"did you mean {or_list(near)}?" if near else f"there are {', '.join(known for known in units if known)}"
        bytes_only = "; a count has no bytes" if unit in BYTE_UNITS else ""
        raise QuantityError(f"{unit!r} is no unit here{bytes_only}; {hint}")
    return int(Fraction(digits.replace("_", "").replace(",", "")) * 10 ** int(exponent or 0) * units[unit])


def print_quantity(number: int, *, in_bytes: bool = False) -> str:
    """The number with the largest unit that leaves it whole: ``256KiB``, ``100k``, ``131073``."""
    units = BYTE_UNITS if in_bytes else COUNT_UNITS
    names = ("TiB", "TB", "GiB", "GB", "MiB", "MB", "KiB", "KB") if in_bytes else ("T", "G", "M", "k")
    unit = next((name for name in names if number and number % units[name] == 0), "")
    return f"{number // units.get(unit, 1)}{unit}"
