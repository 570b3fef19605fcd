"""The part of a line around a mistake, with carets below it: for stderr and for the working pane."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from rich.cells import cell_len

from tui.formats.escape import visible

CONTEXT: Final = 40
"""The most characters before a place, where the line is too long to be shown from its start."""


def excerpt(text: str, span: tuple[int, int], width: int, shown: Callable[[str], str] = visible) -> tuple[str, str]:
    """At most ``width`` characters of a line, with an ellipsis for what is left out, and carets below its ``span``.

    The carets count terminal cells of the text as ``shown`` writes it: wide and escaped characters take several.
    """
    first, last = min(span[0], len(text)), min(span[1], len(text))
    start = 0 if len(text) <= width else max(0, min(first - min(CONTEXT, width // 2), len(text) - width))
    part = text[start : start + width]
    before = "…" if start else ""
    after = "…" if start + width < len(text) else ""
    lead = cell_len(before + shown(text[start:first]))
    under = min(max(1, cell_len(shown(text[first:last]))), max(1, cell_len(shown(part)) - lead))
    return f"{before}{shown(part)}{after}", f"{' ' * lead}{'^' * under}"
