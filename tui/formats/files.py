"""Reading and writing the user's file so that neither a crash nor another program costs a line of it.

A save writes a whole new file beside the old one and then takes its name. Whatever fails before that
moment leaves the old file as it was. The price: of several hard links to a file, only the saved name
gets the new content.
"""

from __future__ import annotations

import errno
import os
import re
import shutil
import stat
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final, NamedTuple

from tui.core.errors import FileError
from tui.core.network import Line
from tui.formats.document import MAX_BYTES, decode, parse_document

BOM: Final = "\ufeff"
_UNREADABLE: Final = re.compile("[\0\ud800-\udfff]")

# The system's own words are terse, and "Is a directory" says nothing of what to do.
_REASONS: Final = {
    errno.EACCES: "permission denied",
    errno.EDQUOT: "your disk quota is used up",
    errno.EFBIG: "the file would be larger than the system allows",
    errno.EISDIR: "it is a folder, not a file",
    errno.ELOOP: "its symbolic links lead in a circle",
    errno.ENAMETOOLONG: "the name is too long",
    errno.ENOENT: "there is no such file or folder",
    errno.ENOSPC: "the disk is full",
    errno.ENOTDIR: "a part of the path is a file, not a folder",
    errno.EPERM: "permission denied",
    errno.EROFS: "the disk is read-only",
}


class TextStyle(NamedTuple):
    """How a file spells its text: what a save keeps although lines do not hold it."""

    newline: str = "\n"
    final_newline: bool = True
    bom: bool = False


class Stamp(NamedTuple):
    """What a file was when it was read or written. ``mtime_ns`` in nanoseconds, ``size`` in bytes."""

    mtime_ns: int
    size: int
    inode: int
    digest: bytes
    style: TextStyle = TextStyle()


class ChangedOnDisk(FileError):  # noqa: N818 - it says what happened; nothing is broken
    """A save that would overwrite what somebody else wrote; nothing was written."""


def load(path: Path) -> tuple[list[Line], Stamp]:
    """The lines of a file, and the stamp to save it with. Raises FileError where it is not a text of lines."""
    status, data = content(path)
    text = decode(data, str(path))
    return parse_document(text), _stamp(status, data, _style(text, bom=data.startswith(BOM.encode())))


def content(path: Path, most: int = MAX_BYTES) -> tuple[os.stat_result, bytes]:
    """What the system says of a file, and its bytes; raises FileError where it has more than ``most`` of them."""
    with plain_words("read", path), open(path, "rb") as file:
        # Taken before the content: a change during the read then shows as a newer time.
        status = os.fstat(file.fileno())
        data = b"" if status.st_size > most else file.read(most + 1)
    if status.st_size > most or len(data) > most:
        size = f"{status.st_size:,} bytes" if status.st_size > most else f"more than {most:,} bytes"  # a device
        raise FileError(f"cannot read {path}: it has {size}, and the most that is read is {most:,}")
    return status, data


def save(path: Path, lines: Iterable[Line], stamp: Stamp | None, *, force: bool = False) -> Stamp:
    """Write the lines to the file and give its new stamp; the line ends of the old stamp are kept.

    A stamp of None says that there should be no file yet. Raises ChangedOnDisk where the content on disk
    is not what the stamp says (a file that is gone is written anew: nothing is lost by that), unless
    ``force``; FileError, with the old file untouched, where it cannot be written.
    """
    style = TextStyle() if stamp is None else stamp.style
    with plain_words("save", path):
        data = _encode([line.text for line in lines], style, path)
        return _replaced(path, data, style, None if force else lambda target: _refuse_overwriting(path, target, stamp))


def replace(path: Path, data: bytes) -> None:
    """Write the bytes to the file, whole or not at all; raises FileError, with the old file untouched."""
    with plain_words("write", path):
        _replaced(path, data, TextStyle(), None)


def _replaced(path: Path, data: bytes, style: TextStyle, last_look: Callable[[Path], None] | None) -> Stamp:
    """Write a new file and give it the name of the old one; ``last_look`` may raise just before that."""
    target = Path(os.path.realpath(path))
    old = _status(target)
    if old is not None:
        _check_writable(path, target, old)
    # Not named after the file: a name of nearly 255 bytes leaves no room for a suffix.
    temporary = target.with_name(f".layersheet-{os.urandom(8).hex()}.tmp")
    mode = 0o666 if old is None else stat.S_IMODE(old.st_mode) & 0o777
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    try:
        with open(descriptor, "wb") as file:
            if old is not None:
                _keep_access(target, temporary, old)
            file.write(data)
            file.flush()
            os.fsync(descriptor)
        new = _stamp(os.stat(temporary), data, style)
        # As late as it can be: what another program does after this is not seen.
        if last_look is not None:
            last_look(target)
        os.replace(temporary, target)
    except BaseException:
        with suppress(OSError):
            os.unlink(temporary)
        raise
    _sync_folder(target.parent)
    return new


def changed_on_disk(path: Path, stamp: Stamp) -> bool:
    """Whether a file is gone or has other content than the stamp says.

    One question to the system where the file was not touched. A file that cannot be asked just now
    (a network drive that is away) is not called changed; ``save`` looks again, and at the content.
    """
    try:
        now = os.stat(path)
        if not stat.S_ISREG(now.st_mode) or (now.st_mtime_ns, now.st_size, now.st_ino) == stamp[:3]:
            return False
        return not _holds(path, now, stamp)
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False


def _stamp(status: os.stat_result, data: bytes, style: TextStyle) -> Stamp:
    return Stamp(status.st_mtime_ns, len(data), status.st_ino, _digest(data), style)


def _digest(data: bytes) -> bytes:
    import hashlib  # not for the start: only a file that is opened has a digest

    return hashlib.blake2b(data, digest_size=16).digest()


def _holds(path: Path, now: os.stat_result, stamp: Stamp) -> bool:
    return now.st_size == stamp.size and _digest(path.read_bytes()) == stamp.digest


def _style(text: str, *, bom: bool) -> TextStyle:
    """The style of a text; of mixed line ends the more frequent is kept."""
    pairs = text.count("\r\n")
    newline = "\r\n" if 2 * pairs > text.count("\n") else "\n"
    return TextStyle(newline, text.endswith("\n"), bom)


def _encode(texts: list[str], style: TextStyle, path: Path) -> bytes:
    """The bytes of a file; raises FileError for a text that could not be read again."""
    for number, text in enumerate(texts, 1):
        if _UNREADABLE.search(text):
            raise FileError(f"cannot save {path}: line {number} holds a character that text cannot hold; delete it")
    # A blank last line is its line break: without that it would be gone.
    ends = bool(texts) and (style.final_newline or (len(texts) > 1 and not texts[-1]))
    text = style.newline.join(texts) + (style.newline if ends else "")
    # A first character that reads as a byte order mark needs a real one before it to be kept.
    data = (BOM * (style.bom or text.startswith(BOM)) + text).encode()
    if len(data) > MAX_BYTES:
        raise FileError(f"cannot save {path}: it would have {len(data):,} bytes, more than could be read again")
    return data


def _status(target: Path) -> os.stat_result | None:
    try:
        return os.stat(target)
    except FileNotFoundError:
        return None


def _check_writable(path: Path, target: Path, old: os.stat_result) -> None:
    if stat.S_ISDIR(old.st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    if not stat.S_ISREG(old.st_mode):
        raise FileError(f"cannot save {path}: it is a device or a pipe, not a file")
    # Taking its name would get past the protection of a read-only file.
    if not os.access(target, os.W_OK):
        raise FileError(f"cannot save {path}: it is read-only; make it writable, or choose another name")


def _refuse_overwriting(path: Path, target: Path, stamp: Stamp | None) -> None:
    now = _status(target)
    if now is None:
        return
    if stamp is None:
        raise ChangedOnDisk(f"{path} exists already; choose another name, or overwrite it")
    if not _holds(target, now, stamp):
        raise ChangedOnDisk(f"{path} was changed by another program since it was read; read it anew, or overwrite it")


def _keep_access(target: Path, temporary: Path, old: os.stat_result) -> None:
    """Give the new file the owner, group, mode and extended attributes of the old one, as far as allowed."""
    mode = stat.S_IMODE(old.st_mode)
    if hasattr(os, "chown"):
        with suppress(OSError):
            os.chown(temporary, -1, old.st_gid)
        with suppress(OSError):
            os.chown(temporary, old.st_uid, -1)
        if os.stat(temporary).st_gid != old.st_gid:
            # What one group was allowed must not pass to another: it gets what everybody has.
            mode = mode & ~0o070 | (mode & 0o007) << 3
    with suppress(OSError):
        shutil.copystat(target, temporary)
    os.utime(temporary)
    os.chmod(temporary, mode)


def _sync_folder(folder: Path) -> None:
    """Make the new name last through a power cut. The file is whole by now, so a refusal is no failure."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


@contextmanager
def plain_words(action: str, path: Path) -> Iterator[None]:
    """Turn what the system says of a file into a FileError in plain words: ``cannot save a.layers: ...``."""
    try:
        yield
    except OSError as error:
        reason = _REASONS.get(error.errno or 0) or error.strerror or str(error)
        raise FileError(f"cannot {action} {path}: {reason}") from error
    except ValueError:
        # The system's functions say so of a name with a NUL or half a surrogate pair.
        raise FileError(f"cannot {action} {str(path)!r}: this is not the name of a file") from None
