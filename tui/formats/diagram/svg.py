"""A picture of a network as SVG: one file without scripts, fonts or links, readable on light and on dark."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from tui.formats import svg
from tui.formats.diagram.model import BLOCK, Picture
from tui.formats.diagram.sheet import LINE, PAD, Sheet, inside
from tui.formats.svg import INK, RED

_GROUPS: Final = {
    "#2b6cb0": ("convolution", "transposed", "convrecurrent"),
    "#a8480f": ("pooling", "adaptive_pooling", "resizing", "sampling"),
    "#6b46c1": ("linear", "einsum_dense", "products"),
    "#2a7349": ("merging",),
    "#a8286f": ("attention", "dotattention", "transformer", "channelwise"),
    "#7d6200": ("recurrent", "recurrentcell"),
    "#0e7490": ("embedding", "sources"),
    "#475569": (BLOCK,),
}
COLOURS: Final = {family: colour for colour, families in _GROUPS.items() for family in families}
"""The fill of a box by its family. White text on each has a contrast of at least 4.5 to 1 (WCAG 2.1, 1.4.3)."""
OTHER: Final = "#5b6675"
WRONG: Final = RED


def as_svg(picture: Picture) -> str:
    """The picture as SVG, its size in pixels that of its content."""
    return _Writer(Sheet(picture)).text()


class _Writer:
    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.picture = sheet.picture

    def text(self) -> str:
        body = [*self._frames(), *self._arrows(), *self._skips(), *self._boxes(), *self._footer()]
        return svg.document(self.sheet.width, self.sheet.height, self.picture.name or "network", body)

    def _frames(self) -> Iterator[str]:
        for frame in self.picture.frames:
            x, y = self.sheet.borders[frame.depth], self.sheet.frame_tops[frame]
            width, height = self.sheet.right[frame.depth] - x, self.sheet.frame_ends[frame] - y
            dash = "" if frame.repeats else ' stroke-dasharray="4 3"'
            ink = f'fill="{INK}" fill-opacity="0.06" stroke="{INK}" stroke-opacity="0.6"'
            yield svg.box(x, y, width, height, f'rx="6" {ink}{dash}')
            bold = ' font-weight="bold"' if frame.repeats else ""
            yield svg.text(self.sheet.middle + PAD, y + 16, frame.title, bold)

    def _arrows(self) -> Iterator[str]:
        for i in range(1, len(self.sheet.tops)):
            if self.picture.joined[i]:
                start, end = sum(self.sheet.rect(i - 1)), self.sheet.rect(i)[0]
                yield _path(f"M{self.sheet.middle:.1f} {start:.1f}V{end - 5:.1f}")
                yield _head(self.sheet.middle, end, down=True)

    def _skips(self) -> Iterator[str]:
        for skip in self.picture.skips:
            x = self.sheet.lane(skip)
            if x is None:
                continue
            width = self.sheet.sizes[skip.first][0]
            top, height = self.sheet.rect(skip.first)
            start = top + height * 0.75
            for reader in skip.readers:
                top, height = self.sheet.rect(reader)
                end, at = top + height * 0.3, self.sheet.middle - self.sheet.sizes[reader][0] / 2
                yield _path(
                    f"M{self.sheet.middle - width / 2:.1f} {start:.1f}H{x + 5:.1f}"
                    f"Q{x:.1f} {start:.1f} {x:.1f} {start + 5:.1f}"
                    f"V{end - 5:.1f}Q{x:.1f} {end:.1f} {x + 5:.1f} {end:.1f}H{at - 5:.1f}"
                )
                yield _head(at, end, down=False)

    def _boxes(self) -> Iterator[str]:
        for i, (box, texts) in enumerate(zip(self.picture.boxes, self.sheet.beside, strict=True)):
            width = self.sheet.sizes[i][0]
            x = self.sheet.middle - width / 2
            top, height = self.sheet.rect(i)
            fill = WRONG if box.wrong else COLOURS.get(box.family, OTHER)
            if box.status in ("waiting", "cut"):
                style = f'fill="none" stroke="{INK}" stroke-dasharray="3 3"'
            else:
                style = f'fill="{fill}"'
            yield svg.box(x, top, width, height, f'rx="3" {style}')
            if not box.thin:
                white = "" if box.status in ("waiting", "cut") else ' fill="#ffffff"'
                yield svg.text(self.sheet.middle, top + height / 2 + 4, inside(box), f'{white} text-anchor="middle"')
            line = top + (height - LINE * (len(texts) - 1)) / 2 + 4
            for n, shown in enumerate(texts):
                colour = f' fill="{WRONG}" font-weight="bold"' if box.wrong else ""
                yield svg.text(self.sheet.texts_at, line + LINE * n, shown, colour)

    def _footer(self) -> Iterator[str]:
        for n, line in enumerate(self.sheet.said()):
            bold = ' font-weight="bold"' if n == 0 and self.picture.name else ""
            yield svg.text(PAD, self.sheet.foot + LINE * n, line, bold)


def _path(steps: str) -> str:
    return f'<path d="{steps}" fill="none" stroke="{INK}" stroke-width="1.5"/>'


def _head(x: float, y: float, *, down: bool) -> str:
    ends = (
        f"{x - 4:.1f},{y - 7:.1f} {x + 4:.1f},{y - 7:.1f}"
        if down
        else f"{x - 7:.1f},{y - 4:.1f} {x - 7:.1f},{y + 4:.1f}"
    )
    return f'<polygon points="{x:.1f},{y:.1f} {ends}"/>'
