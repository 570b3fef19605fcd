"""The file of a journal: one record a line, its checksum before its JSON; and who is writing it.

Reading never raises for what a file holds: a line that is torn, damaged or makes no sense ends it there.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeGuard
from zlib import crc32

if sys.platform != "win32":
    import fcntl

VERSION: Final = 1
SUFFIX: Final = ".journal"
# A file gets its real name when it is whole and locked: nobody takes it for one left behind.
NEW_SUFFIX: Final = ".new"

Record = dict[str, Any]
_encode = json.JSONEncoder(separators=(",", ":")).encode


@dataclass(slots=True)
class Replay:
    """What a journal comes to. ``base`` and ``lines`` are texts: as last saved, and with all changes."""

    head: Record
    base: list[str]
    lines: list[str]
    typed: Record | None = None
    changes: int = 0


def write_records(descriptor: int, records: Iterable[Record]) -> int:
    """Append records; the number of bytes. Raises OSError, perhaps with a part of them written."""
    bodies = [_encode(record).encode() for record in records]
    data = b"".join(b"%08x %b\n" % (crc32(body), body) for body in bodies)
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(descriptor, rest) :]
    return len(data)


def _records(data: bytes) -> Iterator[Record]:
    *whole, _ = data.split(b"\n")
    for line in whole:
        if line[:9] != b"%08x " % crc32(line[9:]):
            return
        try:
            record = json.loads(line[9:])
        except (ValueError, RecursionError):
            return
        if not isinstance(record, dict):
            return
        yield record


def replay(data: bytes) -> Replay | None:
    """The records up to the first that does not read; None where that is the head."""
    records = _records(data)
    head = next(records, {})
    texts = head.get("lines")
    if head.get("version") != VERSION or not _are_texts(texts):
        return None
    earlier = head.get("changes")
    result = Replay(head, texts, list(texts), changes=earlier if isinstance(earlier, int) else 0)
    for record in records:
        if not _apply(result, record):
            break
    return result


def _apply(result: Replay, record: Record) -> bool:
    match record:
        case {"first": int(first), "last": int(last), "lines": texts} if 0 <= first <= last <= len(
            result.lines
        ) and _are_texts(texts):
            result.lines[first:last] = texts
            result.typed = None
            result.changes += 1
        case {"row": None}:
            result.typed = None
        case {"row": int(row), "text": str(), "insert": bool()} if row >= 0:
            result.typed = record
        case _:
            return False
    return True


def _are_texts(value: Any) -> TypeGuard[list[str]]:
    return isinstance(value, list) and all(isinstance(text, str) for text in value)


def with_typed(lines: list[str], typed: Record | None) -> list[str]:
    """The lines with the half-typed text as its row; a row past the end is a new last one."""
    if typed is None:
        return lines
    row = typed["row"]
    return [*lines[:row], typed["text"], *lines[row if typed["insert"] else row + 1 :]]


def lock(descriptor: int) -> bool:
    """Hold the file for this process until it ends, however it ends; False where the system cannot."""
    if sys.platform == "win32":
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def is_locked(descriptor: int) -> bool | None:
    """Whether another holds the file; None where the system cannot say."""
    if sys.platform == "win32":
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return None
    fcntl.flock(descriptor, fcntl.LOCK_UN)
    return False


def running(pid: Any, start: Any) -> bool:
    """Whether a process lives that has this number and was started then (``start_of``), if that is known."""
    if sys.platform == "win32":
        return True  # signal 0 would end the process here, and a lasting journal is the lesser harm
    if not isinstance(pid, int) or pid <= 0:
        return False
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:
        pass
    return start is None or start_of(pid) in (None, start)


def start_of(pid: int) -> str | None:
    """When a process was started, in clock ticks since the boot; None where the system does not tell.

    Field 22 of /proc/PID/stat (proc_pid_stat(5)), counted from behind the name, which may hold spaces.
    """
    try:
        return Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")[2].split()[19]
    except (OSError, IndexError):
        return None
