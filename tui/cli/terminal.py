"""What the streams are: whether they are terminals, and whether they get colours."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Final, TextIO

import click

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


def say(text: str) -> None:
    """Say something to the person, apart from the data."""
    click.echo(text, err=True, color=True)


def width() -> int | None:
    """How many cells a line of stdout has; None where it is no terminal and lines may have any length."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None
