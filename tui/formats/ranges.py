"""Ranges of whole numbers as they are written: ``1..10000``, ``31..`` and ``..500``."""

from __future__ import annotations

import re
from typing import Final

from tui.core.solve_problem import SolveError
from tui.formats.escape import clipped

_RANGE: Final = re.compile(r"\s*(-?[\d_,]*)\s*\.\.\s*(-?[\d_,]*)\s*", re.ASCII)
MOST_DIGITS: Final = 19


def parse_range(text: str) -> tuple[int | None, int | None]:
    """The first and the last number, None for an end that is left out; raises SolveError."""
    match = _RANGE.fullmatch(text)
    ends = [end.replace("_", "").replace(",", "") for end in match.groups()] if match else []
    if not any(ends) or any(end == "-" or len(end) > MOST_DIGITS for end in ends):
        raise SolveError(
            f"{clipped(text)!r} is no range; write two numbers up to 10**18, such as 1..10000, or 31.. for no end"
        )
    low, high = (int(end) if end else None for end in ends)
    if low is not None and high is not None and high < low:
        raise SolveError(f"the range {low:,}..{high:,} is empty; write {high}..{low}")
    return low, high
