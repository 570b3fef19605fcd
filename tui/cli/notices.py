"""The report of what was read or written in other terms, said on stderr."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Final

from tui.cli.terminal import painter, say
from tui.formats.escape import visible
from tui.formats.imported import GRADES, QUIET, Notice

MOST: Final = 12


def tell(place: str, notices: Sequence[Notice], *, whole: bool = False) -> None:
    """Say what a user must see of a report, and count the rest; all of it where ``whole``."""
    paint = painter(sys.stderr)
    shown = [notice for notice in notices if whole or notice.grade not in QUIET]
    for notice in shown if whole else shown[:MOST]:
        grade = paint(notice.grade, "warning")
        say(f"{visible(place)}: {grade}: {visible(notice.place)}: {visible(notice.text)}")
    more = len(shown) - MOST
    if more > 0 and not whole:
        say(f"{visible(place)}: and {more:,} more like these")
    counts = {grade: sum(notice.grade == grade for notice in notices) for grade in GRADES}
    quiet = [f"{count:,} {grade}" for grade, count in counts.items() if count and grade in QUIET]
    if quiet and not whole:
        say(f"{visible(place)}: {', '.join(quiet)} (--report lists them)")
