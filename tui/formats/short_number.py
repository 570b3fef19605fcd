"""Numbers in a few characters, for axes and bars: ``54.7k``, ``1.23M``. What they round is told in full elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

_UNITS: Final = ("", "k", "M", "G", "T", "P", "E")


def short(number: int, digits: int = 3) -> str:
    """A whole number below 10,000 as it is, a larger one to so many digits; k is 10**3, M 10**6 and so on.

    >>> short(9_999), short(54_720), short(-1_234_567), short(999_950), short(3 * 10**25)
    ('9,999', '54.7k', '-1.23M', '1.00M', '3.00e25')
    """
    sign, size = ("-" if number < 0 else ""), abs(number)
    if size < 10_000:
        return f"{number:,}"
    exponent = len(str(size)) - 1
    if exponent < digits:
        return f"{number:,}"
    below: int = 10 ** (exponent - digits + 1)
    kept = (2 * size + below) // (2 * below)
    if kept == 10**digits:
        kept, exponent = kept // 10, exponent + 1
    unit, behind = divmod(exponent, 3)
    shown = str(kept)
    if unit >= len(_UNITS):
        return f"{sign}{shown[0]}.{shown[1:]}e{exponent}"
    whole, part = shown[: behind + 1], shown[behind + 1 :]
    return f"{sign}{whole}{f'.{part}' if part else ''}{_UNITS[unit]}"


def told_apart(numbers: Sequence[int]) -> list[str]:
    """Numbers of one axis in short, with as many digits as it takes that no two different ones read alike.

    >>> told_apart([2_269_760, 2_265_840, 2_261_920])
    ['2.270M', '2.266M', '2.262M']
    """
    different, digits = len(set(numbers)), 3
    while True:
        shown = [short(number, digits) for number in numbers]
        if len(set(shown)) >= different:
            return shown
        digits += 1
