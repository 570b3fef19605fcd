"""A chart of a network as SVG: horizontal bars, the layer before each and its number and share behind."""

from __future__ import annotations

from typing import Final

from rich.cells import cell_len

from tui.formats.chart.model import Bar, Chart
from tui.formats.chart.text import head
from tui.formats.escape import clipped, visible
from tui.formats.svg import BLUE, CELL, INK, RED, SIZE, box, document, text

WIDTH: Final = 720.0
PAD: Final = 12.0
LINE: Final = 18.0
LONGEST: Final = 44


def as_svg(chart: Chart, name: str) -> str:
    """The whole chart, one line a bar, as tall as it has to be."""
    labels = ["  " * bar.depth + clipped(visible(bar.label), LONGEST) for bar in chart.bars]
    left = PAD + max(map(cell_len, labels), default=0) * CELL * 1.02 + 8
    behind = max((len(_said(bar)) for bar in chart.bars if bar.mark not in ("!", "-")), default=0) * CELL + 8
    room = max(WIDTH - left - behind - PAD, 160.0)
    body = [text(PAD, PAD + SIZE, visible(name) or "network", ' font-weight="bold"')]
    body.append(text(PAD, PAD + SIZE + LINE, head(chart)))
    top = PAD + SIZE + LINE * 1.5
    for bar, label in zip(chart.bars, labels, strict=True):
        indent = (len(label) - len(label.lstrip())) * CELL
        body.append(text(PAD + indent, top + 13, label.lstrip()))
        if bar.mark in ("!", "-"):
            ink = RED if bar.mark == "!" else INK
            body.append(text(left, top + 13, clipped(visible(bar.text), 80), f' fill="{ink}"'))
        else:
            if bar.length > 0:
                body.append(box(left, top + 2, max(room * bar.length, 1), LINE - 5, f'fill="{BLUE}" rx="2"'))
            body.append(text(left + room * bar.length + 6, top + 13, _said(bar)))
        top += LINE
    for note in chart.notes:
        top += LINE
        body.append(text(PAD, top, note))
    return document(left + room + behind + PAD, top + PAD + 4, visible(name) or "network", body)


def _said(bar: Bar) -> str:
    return f"{bar.mark}{bar.text}{f'  {bar.percent}' if bar.percent else ''}"
