"""What a reader of other programs' files gives: the lines, and a report of what they do not say as the file did."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple, Protocol

from tui.core.errors import LayersheetError
from tui.core.network import Line

GRADES: Final = {
    "folded": "written into another line",
    "opaque": "not known here: its weights and work are not counted",
    "dropped": "left out, as it changes no shape and no count",
    "refused": "not read; the line is marked",
    "differs": "the file states something else than what is computed",
}
"""What can be said of a part of a file, from the least to what a user must see."""


class Notice(NamedTuple):
    """One entry of the report: how it was read (a key of GRADES), which part of the file, and what happened."""

    grade: str
    place: str
    text: str


class Imported(NamedTuple):
    """A file that was read."""

    lines: list[Line]
    notices: tuple[Notice, ...] = ()


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
