"""Unsaved work of sessions that ended without a word: found in their journals, and given back as text."""

from __future__ import annotations

import os
import stat
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tui.core.journal_file import NEW_SUFFIX, SUFFIX, is_locked, replay, running, with_typed

# A document of 64 MiB doubles where every letter is written as an escape; the changes come on top.
MAX_BYTES: Final = 256 * 2**20
_STALE_SECONDS: Final = 60


@dataclass(frozen=True, slots=True)
class Recovery:
    """The unsaved work of a dead session.

    ``document`` is the path as the session had it, None for one without; ``time`` is that of the last
    record, in seconds since 1970; ``text`` the whole document, a half-typed line as its row; ``changes``
    how many there were, undo and redo included.
    """

    document: str | None
    time: float
    text: str
    changes: int
    path: Path

    def discard(self) -> None:
        """Remove the journal: the work was taken over, or is not wanted."""
        with suppress(OSError):
            self.path.unlink()


def recoverable(folder: Path) -> list[Recovery]:
    """The unsaved work of the dead sessions in a state folder, the newest first.

    Never raises: what cannot be read is passed over and left alone, and of a damaged journal all that
    stands before the damage is given. Journals of dead sessions with nothing unsaved are removed.
    """
    try:
        names = os.listdir(folder)
    except OSError:
        return []
    found = []
    for name in names:
        if name.endswith((SUFFIX, NEW_SUFFIX)):
            with suppress(OSError):
                recovery = _recovery(folder / name)
                if recovery is not None:
                    found.append(recovery)
    return sorted(found, key=lambda recovery: recovery.time, reverse=True)


def _recovery(path: Path) -> Recovery | None:
    # Neither a link out of the folder nor a pipe without a writer may hold up the start of the program.
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    with open(os.open(path, flags), "rb") as file:
        status = os.fstat(file.fileno())
        held = is_locked(file.fileno())
        if held or not stat.S_ISREG(status.st_mode):
            return None
        if path.name.endswith(NEW_SUFFIX):
            # Its session may be about to lock it.
            if time.time() - status.st_mtime > _STALE_SECONDS:
                path.unlink()
            return None
        data = file.read(MAX_BYTES)
    result = replay(data)
    if result is None:
        return None
    certain = held is False and result.head.get("locked") is True
    if not certain and running(result.head.get("pid"), result.head.get("started")):
        return None
    lines = with_typed(result.lines, result.typed)
    if lines == result.base:
        path.unlink()
        return None
    document = result.head.get("document")
    text = "".join(f"{line}\n" for line in lines)
    return Recovery(document if isinstance(document, str) else None, status.st_mtime, text, result.changes, path)
