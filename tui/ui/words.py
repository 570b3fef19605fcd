"""Text fitted for the screen, in cells as a terminal counts them."""

from __future__ import annotations

from rich.cells import cell_len, chop_cells, set_cell_size

ELLIPSIS = "…"
NARROWEST = 20
"""Cells: no text is broken into narrower lines."""


def wrapped(text: str, width: int, hang: int = 0) -> list[str]:
    """The text in lines of at most ``width`` terminal cells, broken between words; all but the first begin with
    ``hang`` spaces. A word that no line holds is broken."""
    room = max(width, NARROWEST)
    if cell_len(text) <= room:
        return [text]
    pad = " " * min(hang, room // 2)
    first, *words = text.split(" ")
    *lines, line = chop_cells(first, room) or [""]
    for word in words:
        longer = f"{line} {word}" if line != pad or not lines else pad + word
        if cell_len(longer) <= room:
            line = longer
            continue
        if line.strip():
            lines.append(line.rstrip())
        *full, rest = chop_cells(word, room - len(pad)) or [""]
        lines += [pad + part for part in full]
        line = pad + rest
    return [*lines, line] if line.strip() else lines


def fitted(text: str, width: int, *, right: bool = False) -> str:
    """The text in exactly ``width`` terminal cells, cut with an ellipsis where it is longer."""
    length = cell_len(text)
    if length > width:
        return set_cell_size(text, max(width - 1, 0)) + ELLIPSIS if width > 0 else ""
    return " " * (width - length) + text if right else text + " " * (width - length)
