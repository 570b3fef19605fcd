"""The report of what was read or written in other terms, said on stderr."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Final

from tui.cli.loading import Network, load
from tui.cli.options import Overrides
from tui.cli.progress import Bar
from tui.cli.terminal import painter, say
from tui.formats.escape import visible
from tui.formats.imported import QUIET, Notice, in_short

MOST: Final = 12
ELSEWHERE: Final = "layersheet convert IN OUT --report lists them"


def tell(place: str, notices: Sequence[Notice], *, whole: bool = False, way: str = ELSEWHERE) -> None:
    """Say what a user must see of a report, and count the rest, with the way to it; all of it where ``whole``."""
    paint = painter(sys.stderr)
    shown = [notice for notice in notices if whole or notice.grade not in QUIET]
    for notice in shown if whole else shown[:MOST]:
        grade = paint(notice.grade, "warning")
        say(f"{visible(place)}: {grade}: {visible(notice.place)}: {visible(notice.text)}")
    more = len(shown) - MOST
    if more > 0 and not whole:
        say(f"{visible(place)}: and {more:,} more like these")
    quiet = in_short([notice for notice in notices if notice.grade in QUIET])
    if quiet and not whole:
        say(f"{visible(place)}: {quiet} ({way})")


def watched(word: str, overrides: Overrides) -> Network:
    """The network of a word as :func:`load` gives it, with a bar while it is read and its report said."""
    with Bar() as bar:
        network = load(word, overrides, progress=bar)
    tell(network.place, network.notices)
    return network
