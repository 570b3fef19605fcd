"""Pictures of the screen as SVG, made by the real program without a terminal."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from html import escape, unescape
from typing import Final

from rich.cells import cell_len

from tui.core.store import ModelStore
from tui.formats.document import parse_document
from tui.ui.app import LayersheetApp
from tui.ui.bench import Bench
from tui.ui.filing import Document

FONTS: Final = "DejaVu Sans Mono, Fira Code, Noto Sans Mono CJK KR, D2Coding, monospace"
_TEXT: Final = re.compile(r'<text ([^>]*?)x="([\d.]+)" ([^>]*?)textLength="([\d.]+)"([^>]*)>([^<]*)</text>')
_WORDS: Final = re.compile(r"\S+(?:\s\S+)*")
"""What one blank holds together."""
NO_BREAK: Final = "\xa0"
_FACES: Final = re.compile(r"@font-face\s*\{[^}]*\}\s*")
_FAMILY: Final = re.compile(r"font-family:\s*[^;}]*;?")


def screenshot(text: str, size: tuple[int, int], keys: Sequence[str] = (), name: str = "worked-example") -> str:
    """The SVG of the screen, ``size`` columns and rows, on a document after some keys."""
    return asyncio.run(_shoot(text, size, keys, name))


async def _shoot(text: str, size: tuple[int, int], keys: Sequence[str], name: str) -> str:
    app = LayersheetApp(ModelStore(parse_document(text)), Document(name))
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        for key in keys:
            await pilot.press(key)
        bench = app.screen_stack[0]
        while isinstance(bench, Bench) and bench.pending:
            await pilot.pause(0.01)
        await pilot.pause()
        return portable(app.export_screenshot(title="layersheet"))


def portable(svg: str) -> str:
    """The SVG as it must be to look the same embedded in a page.

    Rich measures text by characters where wide ones take two cells, and links a web font that an
    embedded picture cannot load.
    """
    svg = _FACES.sub("", svg)
    svg = _FAMILY.sub(f"font-family: {FONTS};", svg)
    return _TEXT.sub(_by_cells, svg)


def _by_cells(match: re.Match[str]) -> str:
    before, x, between, length, after, text = match.groups()
    shown = unescape(text)
    if not shown:
        return match[0]
    cell = float(length) / len(shown)
    # A text for each cell of a table: in a viewer that has none of the fonts its column still begins where it should.
    return "".join(
        f'<text {before}x="{float(x) + cell * cell_len(shown[: words.start()]):g}" {between}'
        f'textLength="{cell * cell_len(words[0]):g}"{after}>{escape(words[0]).replace(NO_BREAK, "&#160;")}</text>'
        for words in _WORDS.finditer(shown)
    )
