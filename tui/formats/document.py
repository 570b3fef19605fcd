"""The native file (suffix ``.layers``): one line a layer, comments and blank lines kept."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from tui.core.errors import FileError
from tui.core.network import Line
from tui.formats.line import parse_line

MAX_BYTES: Final = 64 * 2**20


def parse_document(text: str) -> list[Line]:
    """The lines of a document; one that does not read carries its error."""
    return [parse_line(line) for line in text.replace("\r\n", "\n").removesuffix("\n").split("\n")]


def print_document(lines: Iterable[Line]) -> str:
    """The text of a document, a line break after every line."""
    return "".join(f"{line.text}\n" for line in lines)


def decode(data: bytes, name: str) -> str:
    """The text of a file; raises FileError where it is too large or not text."""
    if len(data) > MAX_BYTES:
        raise FileError(f"{name} has {len(data):,} bytes; the most that is read is {MAX_BYTES:,}")
    if b"\0" in data[:65536]:
        raise FileError(f"{name} is a binary file, not a list of layers; give a text file with one layer a line")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FileError(
            f"{name} is not UTF-8 text (byte {error.start:,}); save it as UTF-8, with one layer a line"
        ) from None


def read_file(path: Path) -> str:
    """The text of a file; raises FileError with the reason where that fails."""
    try:
        return decode(path.read_bytes(), str(path))
    except OSError as error:
        raise FileError(f"cannot read {path}: {error.strerror or error}") from None
