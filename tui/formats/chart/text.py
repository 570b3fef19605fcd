"""A chart of a network in characters: a bar a line, its number and its share beside it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from rich.cells import cell_len, set_cell_size

from tui.formats.chart.model import Bar, Chart
from tui.formats.escape import visible

EIGHTHS: Final = " ▏▎▍▌▋▊▉█"
LEAST_BAR: Final = 8
MOST_LABEL: Final = 34
NARROW: Final = 40


class Layout(NamedTuple):
    """The cells of the columns: label, bar, number and share."""

    label: int
    bar: int
    text: int
    share: int


def layout(bars: Sequence[Bar], width: int) -> Layout:
    """How a width is divided: a narrow one has no shares, and the label gives way to the bar."""
    share = 6 if width >= NARROW and any(bar.share is not None for bar in bars) else 0
    text = min(max((len(bar.text) + len(bar.mark) for bar in bars if bar.mark in ("", "~")), default=0), width // 3)
    room = width - text - share - (3 if share else 2)
    longest = max((cell_len(_label(bar)) for bar in bars), default=0)
    label = max(min(longest, MOST_LABEL, max(width // 3, 8), room - LEAST_BAR), 1)
    return Layout(label, max(room - label, 1), text, share)


def bar_text(length: float, width: int, *, ascii_only: bool = False) -> str:
    """A bar of up to so many cells; whatever is not 0 is seen: a dot, or the thinnest block."""
    if ascii_only:
        cells = round(length * width)
        return "#" * cells if cells else "." if length > 0 else ""
    eighths = round(length * width * 8)
    if eighths == 0:
        return EIGHTHS[1] if length > 0 else ""
    return EIGHTHS[8] * (eighths // 8) + EIGHTHS[eighths % 8].strip()


def line(bar: Bar, sizes: Layout, *, ascii_only: bool = False) -> str:
    """One bar as a line of text."""
    label = _fit(_label(bar), sizes.label, ascii_only)
    if bar.mark in ("!", "-"):
        room = sizes.bar + sizes.text + sizes.share + (2 if sizes.share else 1)
        return f"{label} {_fit(visible(bar.text), room, ascii_only)}".rstrip()
    drawn = bar_text(bar.length, sizes.bar, ascii_only=ascii_only).ljust(sizes.bar)
    text = f"{bar.mark}{bar.text}"
    shown = _fit(text.rjust(sizes.text), sizes.text, ascii_only)
    return f"{label} {drawn} {shown}{f' {bar.percent:>{sizes.share}}' if sizes.share else ''}".rstrip()


def _label(bar: Bar) -> str:
    return "  " * bar.depth + visible(bar.label)


def _fit(shown: str, width: int, ascii_only: bool) -> str:
    """A text in exactly so many cells; one that is cut ends in an ellipsis."""
    text = plain(shown) if ascii_only else shown
    return (
        set_cell_size(text, width)
        if cell_len(text) <= width
        else set_cell_size(text, width - 1) + ("~" if ascii_only else "…")
    )


def plain(shown: str) -> str:
    """The text in ASCII, other characters written out."""
    return shown.replace("…", "~").encode("ascii", "backslashreplace").decode()


def strip(bars: Sequence[Bar], width: int, *, ascii_only: bool = False) -> str:
    """The outermost bars side by side in one line, each as wide as its share: a treemap of one row."""
    shares = [(bar.label, bar.share or 0) for bar in bars if bar.depth == 0 and bar.share]
    total = sum(share for _, share in shares)
    wall = "|" if ascii_only else "│"
    out, done, at = "", 0, 0
    for label, share in shares:
        done += share
        end = width * done // total
        if end - at >= 2:
            out += wall + _fit(visible(label), end - at - 1, ascii_only)
        else:
            out += wall * (end - at)
        at = end
    return out


def head(chart: Chart) -> str:
    """The title with the whole."""
    return f"{chart.title}{f': {chart.total} in all' if chart.total else ''}"


def as_text(chart: Chart, width: int, *, ascii_only: bool = False) -> str:
    """The whole chart."""
    sizes = layout(chart.bars, width)
    rows = [head(chart)]
    if chart.by != "layer":  # of single layers there are more than the strip has cells for
        rows.append(strip(chart.bars, width, ascii_only=ascii_only))
    rows += [line(bar, sizes, ascii_only=ascii_only) for bar in chart.bars]
    text = "\n".join(row for row in [*rows, *chart.notes] if row) + "\n"
    return plain(text) if ascii_only else text
