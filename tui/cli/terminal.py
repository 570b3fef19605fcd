"""What the streams are: whether they are terminals, and whether they get colours."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Final, TextIO

import click

from tui.cli.group import Failure
from tui.cli.options import PICTURE_WIDTH
from tui.streams import interactive as interactive
from tui.streams import is_dumb as is_dumb

STYLES: Final[dict[str, dict[str, Any]]] = {
    "bold": {"bold": True},
    "dim": {"dim": True},
    "error": {"fg": "red"},
    "warning": {"fg": "yellow"},
    "added": {"fg": "green"},
    "removed": {"fg": "red"},
}


def wants_color(stream: TextIO) -> bool:
    """Flags beat the environment, NO_COLOR beats FORCE_COLOR, and else the terminal decides."""
    choice = click.get_current_context().meta.get("layersheet.color", "auto")
    if choice != "auto":
        return bool(choice == "always")
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR", "0") not in ("", "0"):
        return True
    return stream.isatty() and not is_dumb()


def painter(stream: TextIO) -> Callable[[str, str], str]:
    """Gives a text the style of a name, where the stream wants colours."""
    if not wants_color(stream):
        return lambda text, _: text
    return lambda text, style: click.style(text, **STYLES[style])


def put(text: str) -> None:
    """Write data; the colours in it are there because they are wanted."""
    click.echo(text, nl=False, color=True)


def deliver(text: str | Iterable[str], output: str) -> None:
    """Write data, whole or in pieces, into the file that is named, or to stdout for ``-``.

    Raises FileError where it cannot be written.
    """
    pieces = [text] if isinstance(text, str) else text
    if output == "-":
        for piece in pieces:
            put(piece)
        return
    from tui.formats.files import plain_words

    path = Path(output)
    with plain_words("write", path), path.open("w", encoding="utf-8", newline="") as file:
        file.writelines(pieces)


def is_read(file: str | None, output: str) -> bool:
    """Whether the file to write is the one that is read."""
    try:
        return file not in (None, "-") and Path(str(file)).exists() and Path(output).samefile(str(file))
    except (OSError, ValueError):
        return False  # writing it will say why not


def refuse_other_pictures(output: str | None) -> None:
    """Raise Failure for the name of a picture that is no SVG."""
    if output not in (None, "-") and not str(output).lower().endswith(".svg"):
        raise Failure(f"-o {output}: the picture is SVG; give a name that ends in .svg")


def say(text: str) -> None:
    """Say something to the person, apart from the data."""
    click.echo(text, err=True, color=True)


def wrapped(line: str, indent: int) -> str:
    """A line in as many as the terminal needs, all but the first indented; where there is no terminal it stays one."""
    cells = width()
    if cells is None or len(line) <= cells:
        return f"{line}\n"
    import textwrap

    room = max(cells, indent + 20)
    return textwrap.fill(line, room, subsequent_indent=" " * indent, break_on_hyphens=False) + "\n"


def width(stream: TextIO | None = None) -> int | None:
    """How many cells a line of a stream has, else of stdout; None where it is no terminal and lines may be longer."""
    if stream is None or stream is sys.stdout:
        return shutil.get_terminal_size().columns if sys.stdout.isatty() else None
    try:
        return os.get_terminal_size(stream.fileno()).columns if stream.isatty() else None
    except (OSError, ValueError):  # a stream without a terminal of its own, as in tests
        return None


def picture_width(asked: int | None) -> int:
    """How many cells a line of a picture has: those that are asked for, else those of the terminal."""
    return asked or width() or PICTURE_WIDTH


def in_ascii(asked: bool) -> bool:
    """Whether a picture is in ASCII: where that is asked for, and where the screen would be."""
    from tui.ui.gutter import ASCII, glyphs

    return asked or glyphs() is ASCII
