"""What a reader of other programs' files gives: the lines, and a report of what they do not say as the file did."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple, Protocol

from tui.core.errors import LayersheetError
from tui.core.network import Line

GRADES: Final = {
    "renamed": "has another name here",
    "rewritten": "said in other terms, with the same result",
    "folded": "written into another line",
    "dropped": "left out, as it changes no shape and no count",
    "opaque": "not known here: its weights and work are not counted",
    "refused": "not read; the line is marked",
    "differs": "not the same here and there",
}
"""What can be said of a part of a file, from the least to what a user must see."""
QUIET: Final = frozenset({"renamed", "rewritten", "folded", "dropped"})
"""What is only counted unless somebody asks: no number depends on it."""


class Notice(NamedTuple):
    """One entry of the report: how it was read (a key of GRADES), which part of the file, and what happened."""

    grade: str
    place: str
    text: str


class Imported(NamedTuple):
    """A file that was read."""

    lines: list[Line]
    notices: tuple[Notice, ...] = ()


def counted(notices: Sequence[Notice]) -> dict[str, int]:
    """How many notices there are of each grade that occurs, what a user must see first."""
    counts = {grade: sum(notice.grade == grade for notice in notices) for grade in reversed(GRADES)}
    return {grade: count for grade, count in counts.items() if count}


def in_short(notices: Sequence[Notice]) -> str:
    """The report in a few words: ``2 opaque, 11 folded``."""
    return ", ".join(f"{count:,} {grade}" for grade, count in counted(notices).items())


class Stopped(LayersheetError):  # noqa: N818 - it says what happened; nothing is broken
    """Raised by a :class:`Progress` that the user stopped; nothing was read or written."""

    def __init__(self) -> None:
        super().__init__("stopped")


class Progress(Protocol):
    """Told how far a long work is; raises Stopped where the user has had enough of it."""

    def __call__(self, done: int, total: int, /) -> None: ...


def unwatched(done: int, total: int, /) -> None:
    """The progress that nobody looks at."""


Reader = Callable[[bytes, str, Progress], Imported]
"""From the bytes of a file and its name (for messages) to what it says; raises FileError."""
