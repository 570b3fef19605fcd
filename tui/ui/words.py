"""Text from files and users made safe and fitted for the screen."""

from __future__ import annotations

import textwrap
from functools import lru_cache

from rich.cells import cell_len, set_cell_size

ELLIPSIS = "…"


def wrapped(text: str, width: int) -> list[str]:
    """The text in lines of at most ``width`` characters, broken between words."""
    return textwrap.wrap(text, max(width, 20), break_on_hyphens=False) or [text]


@lru_cache(maxsize=4096)
def visible(text: str) -> str:
    """The text with control characters made visible, so that none reaches the terminal."""
    return "".join(c if c.isprintable() else f"\\x{ord(c):02x}" if ord(c) < 256 else f"\\u{ord(c):04x}" for c in text)


def fitted(text: str, width: int, *, right: bool = False) -> str:
    """The text in exactly ``width`` terminal cells, cut with an ellipsis where it is longer."""
    length = cell_len(text)
    if length > width:
        return set_cell_size(text, max(width - 1, 0)) + ELLIPSIS if width > 0 else ""
    return " " * (width - length) + text if right else text + " " * (width - length)
