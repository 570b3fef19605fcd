"""The journal: what is not saved yet, kept on disk key by key, so that a crash or ``kill -9`` costs nothing.

One file a session. Its first record holds the lines at the last save; each later one is a change since
then or the half-typed text of a row. After a save there is no file until the next change.

Records are handed to the system without fsync: they outlast the program at the cost of microseconds,
and a power cut may take the last seconds with it.
"""

from __future__ import annotations

import os
import time
from contextlib import suppress
from pathlib import Path
from typing import Final

from tui.core.journal_file import NEW_SUFFIX, SUFFIX, VERSION, Record, lock, start_of, with_typed, write_records
from tui.core.network import Line
from tui.core.rows import Rows
from tui.core.snapshot import difference

# After so much the file is written anew, the changes as one; for 10,000 lines that takes milliseconds.
REWRITE_BYTES: Final = 8 * 2**20


class Journal:
    """The journal of one session, in a folder that is made when it is needed; only the user may read it.

    A failed write never raises: ``problem`` then says in plain words why unsaved work is not kept. The
    next record tries again with all that is unsaved, and ``problem`` is None once that is written.
    """

    def __init__(self, folder: Path, document: str | None) -> None:
        self.problem: str | None = None
        self._folder = folder
        self._path = folder / f"{time.time_ns()}-{os.getpid()}{SUFFIX}"
        self._document = document
        self._base: Rows[Line] | None = None
        self._lines: Rows[Line] | None = None
        self._typed: Record | None = None
        self._changes = 0
        self._descriptor: int | None = None
        self._added = 0
        self._broken = False

    def reset(self, lines: Rows[Line], document: str | None, *, on_disk: bool = True) -> None:
        """Another document, or this one read anew: nothing of it is unsaved, or all where it is not ``on_disk``.

        Work that was recovered is not on disk. Its old journal can be discarded after this, if there is
        no ``problem``.
        """
        self._document = document
        self._base = lines if on_disk else Rows()
        self._lines = lines
        self._typed = None
        self._keep_rest()

    def saved(self, lines: Rows[Line], document: str | None = None) -> None:
        """The file holds these lines; ``document`` is its path, where that is another one now.

        Changes that were recorded after these lines and a half-typed row stay unsaved.
        """
        self._document = document or self._document
        self._base = lines
        if self._lines is None:
            self._lines = lines
        self._keep_rest()

    def record(self, old_lines: Rows[Line], new_lines: Rows[Line]) -> None:
        """One change, undo and redo included; it ends a half-typed row."""
        before = self._lines if self._lines is not None else old_lines
        self._base = self._base if self._base is not None else before
        self._lines = new_lines
        if before is new_lines:
            self.typing(0, None)
            return
        self._typed = None
        self._changes += 1
        self._append(_change(before, new_lines))

    def typing(self, row: int, text: str | None, *, insert: bool = False) -> None:
        """The half-typed text in the place of a row, or of a new row before it; None where it was given up.

        Raises ValueError before the journal was told the lines of its document.
        """
        if self._lines is None:
            raise ValueError("the journal does not know the lines of its document yet")
        typed = None if text is None else {"row": row, "text": text, "insert": insert}
        if typed != self._typed:
            self._typed = typed
            self._append(typed or {"row": None})

    def close(self) -> None:
        """End the session. The file goes; only where something is unsaved it stays, to be recovered."""
        if not self._unsaved():
            self._remove()
        elif self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def discard(self) -> None:
        """End the session and remove the file: the unsaved changes are not wanted."""
        self._remove()

    def _keep_rest(self) -> None:
        """Begin with new base lines: a file of what is unsaved beside them, or none."""
        self._changes = int(self._lines is not self._base)
        if self._changes or self._typed is not None:
            self._start()
        else:
            self._remove()

    def _unsaved(self) -> bool:
        if self._base is None or self._lines is None:
            return False
        base, lines = ([line.text for line in rows] for rows in (self._base, self._lines))
        return with_typed(lines, self._typed) != base

    def _append(self, record: Record) -> None:
        if self._descriptor is None or self._broken or self._added > REWRITE_BYTES:
            self._start()
            return
        try:
            self._added += write_records(self._descriptor, [record])
            self.problem = None
        except OSError as error:
            self._fail(error)

    def _start(self) -> None:
        """Write a new file with all that is unsaved; it takes the place of the old one, if there is one."""
        new = self._path.with_suffix(NEW_SUFFIX)
        descriptor = None
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND, 0o600)
            write_records(descriptor, self._state(locked=lock(descriptor)))
            os.replace(new, self._path)
        except OSError as error:
            if descriptor is not None:
                os.close(descriptor)
            with suppress(OSError):
                new.unlink()
            self._fail(error)
            return
        if self._descriptor is not None:
            os.close(self._descriptor)
        self._descriptor, self._added, self._broken, self.problem = descriptor, 0, False, None

    def _state(self, *, locked: bool) -> list[Record]:
        assert self._base is not None
        assert self._lines is not None
        changed = self._lines is not self._base
        head: Record = {
            "version": VERSION,
            "pid": os.getpid(),
            "started": start_of(os.getpid()),
            "locked": locked,
            "document": self._document,
            "time": time.time(),
            "changes": max(self._changes - changed, 0),
            "lines": [line.text for line in self._base],
        }
        changes = [_change(self._base, self._lines)] if changed else []
        return [head, *changes, *([self._typed] if self._typed else [])]

    def _fail(self, error: OSError) -> None:
        # A part of the record may be written, and what comes after it would not be read.
        self._broken = True
        self.problem = f"unsaved changes are not kept in {self._folder}: {error.strerror or error}"

    def _remove(self) -> None:
        """Take the file away; while it is locked, so that nobody finds it without its session."""
        if self._descriptor is not None:
            with suppress(OSError):
                self._path.unlink()
            os.close(self._descriptor)
            self._descriptor = None
        self._broken = False


def _change(old: Rows[Line], new: Rows[Line]) -> Record:
    change = difference(old, new)
    return {"first": change.first, "last": change.last, "lines": [line.text for line in change.lines]}
