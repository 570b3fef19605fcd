"""What all SVG pictures share: one file without scripts, fonts or links, readable on light and on dark."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final
from xml.sax.saxutils import escape

INK: Final = "#767676"
"""The grey that stands out from white and from black alike: 4.5 to 1 against either."""
FONTS: Final = "'DejaVu Sans Mono', ui-monospace, Menlo, Consolas, 'Noto Sans Mono CJK KR', 'Malgun Gothic', monospace"
SIZE: Final = 12
"""The height of a letter; one of these fonts is 0.6 of it wide."""
CELL: Final = SIZE * 0.6
BLUE: Final = "#2b6cb0"
"""The fill of bars and lines. White text on it has a contrast of at least 4.5 to 1 (WCAG 2.1, 1.4.3)."""
RED: Final = "#e03131"
"""The red of what is wrong, as a fill and as an ink."""


def document(width: float, height: float, title: str, body: Iterable[str]) -> str:
    """A whole picture of a size in pixels."""
    across, down = round(width), round(height)
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{across}" height="{down}" '
        f'viewBox="0 0 {across} {down}" role="img">',
        f"<title>{escape(legal(title))}</title>",
        f'<g font-family="{FONTS}" font-size="{SIZE}" fill="{INK}">',
        *body,
        "</g>",
        "</svg>",
        "",
    ])  # fmt: skip


def text(x: float, y: float, shown: str, style: str = "") -> str:
    """A line of text that starts at x, its base line at y."""
    return f'<text x="{x:.1f}" y="{y:.1f}"{style}>{escape(legal(shown))}</text>'


def box(x: float, y: float, width: float, height: float, style: str) -> str:
    """A rectangle."""
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{max(width, 0):.1f}" height="{max(height, 0):.1f}" {style}/>'


def legal(shown: str) -> str:
    """The text without the two characters that XML 1.0 has no way to write; control characters are escaped before."""
    return shown.replace("\ufffe", "\ufffd").replace("\uffff", "\ufffd")
