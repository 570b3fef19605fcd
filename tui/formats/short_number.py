"""Numbers in a few characters, for axes and bars: ``54.7k``, ``1.23M``. What they round is told in full elsewhere."""

from __future__ import annotations

from typing import Final

_UNITS: Final = ("", "k", "M", "G", "T", "P", "E")


def short(number: int) -> str:
    """A whole number below 10,000 as it is, a larger one to three digits; k is 10**3, M 10**6 and so on.

    >>> short(9_999), short(54_720), short(-1_234_567), short(999_950), short(3 * 10**25)
    ('9,999', '54.7k', '-1.23M', '1.00M', '3.00e25')
    """
    sign, size = ("-" if number < 0 else ""), abs(number)
    if size < 10_000:
        return f"{number:,}"
    exponent = len(str(size)) - 1
    below: int = 10 ** (exponent - 2)
    kept = (2 * size + below) // (2 * below)
    if kept == 1000:
        kept, exponent = 100, exponent + 1
    unit, behind = divmod(exponent, 3)
    digits = str(kept)
    if unit >= len(_UNITS):
        return f"{sign}{digits[0]}.{digits[1:]}e{exponent}"
    whole, part = digits[: behind + 1], digits[behind + 1 :]
    return f"{sign}{whole}{f'.{part}' if part else ''}{_UNITS[unit]}"
