"""The native file (suffix ``.layers``): one line a layer, comments and blank lines kept."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable
from typing import Final

from tui.core.errors import FileError
from tui.core.network import Line
from tui.formats.line import parse_line

MAX_BYTES: Final = 64 * 2**20
_BREAK: Final = re.compile(r"\r\n?")


def parse_document(text: str) -> list[Line]:
    """The lines of a document; one that does not read carries its error."""
    lines = _BREAK.sub("\n", text).removesuffix("\n").split("\n")
    known = {line: parse_line(line) for line in set(lines)}
    return [known[line] for line in lines]


def print_document(lines: Iterable[Line]) -> str:
    """The text of a document, a line break after every line."""
    return "".join(f"{line.text}\n" for line in lines)


def decode(data: bytes, name: str) -> str:
    """The text of a file; raises FileError where it is too large or not text."""
    if len(data) > MAX_BYTES:
        raise FileError(f"{name} has more than {MAX_BYTES:,} bytes, the most that is read")
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):  # one of UTF-32 starts so too
        raise FileError(f"{name} is UTF-16 or UTF-32 text; save it as UTF-8, with one layer a line")
    if b"\0" in data[:65536]:
        raise FileError(f"{name} is a binary file, not a list of layers; give a text file with one layer a line")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FileError(
            f"{name} is not UTF-8 text (byte {error.start:,}); save it as UTF-8, with one layer a line"
        ) from None
