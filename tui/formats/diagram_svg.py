"""A picture of a network as SVG: one file without scripts, fonts or links, readable on light and on dark."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final
from xml.sax.saxutils import escape

from rich.cells import cell_len

from tui.formats.diagram import BLOCK, Box, Picture
from tui.formats.diagram_canvas import LINES, cut
from tui.formats.diagram_frames import Frame
from tui.formats.diagram_lanes import Skip

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
WRONG: Final = "#e03131"
"""The red of what is wrong, as a fill and as an ink."""
INK: Final = "#767676"
"""The grey that stands out from white and from black alike: 4.5 to 1 against either."""
FONTS: Final = "'DejaVu Sans Mono', ui-monospace, Menlo, Consolas, 'Noto Sans Mono CJK KR', 'Malgun Gothic', monospace"

SIZE: Final = 12
CELL: Final = 7.25
"""The width of a cell of 12 px monospace type; wide characters take two, which is never too little."""
LINE: Final = 16
STEP: Final = 18
PAD: Final = 12
LANE: Final = 14
HEADER: Final = 24
FOOT: Final = 10
LONGEST: Final = 72
MOST_LANES: Final = 24


def as_svg(picture: Picture) -> str:
    """The picture as SVG, its size in pixels that of its content."""
    return _Sheet(picture).text()


class _Sheet:
    def __init__(self, picture: Picture) -> None:
        self.picture = picture
        self.depth = max((frame.depth + 1 for frame in picture.frames), default=0)
        lanes = [0] * (self.depth + 1)
        for skip in picture.skips:
            lanes[skip.depth] = min(max(lanes[skip.depth], skip.lane + 1), MOST_LANES)
        self.lanes = lanes
        self.beside = [self._texts(i, box) for i, box in enumerate(picture.boxes)]
        self.sizes = [self._size(box, len(texts)) for box, texts in zip(picture.boxes, self.beside, strict=True)]
        self._across()
        self._down()

    def _across(self) -> None:
        """Where gutters, frames, boxes and texts stand from left to right."""
        self.gutters: list[float] = []
        self.borders: list[float] = []
        x = float(PAD)
        for depth, lanes in enumerate(self.lanes):
            self.gutters.append(x)
            x += LANE * lanes
            if depth < self.depth:
                self.borders.append(x)
                x += PAD
        widest = max((width for width, _ in self.sizes), default=0.0)
        left = x + (LANE if self.picture.skips else 0)
        self.middle = left + widest / 2
        self.texts_at = left + widest + PAD
        longest = max((_width(line) for texts in self.beside for line in texts), default=0.0)
        titles = [_width(frame.title) for frame in self.picture.frames]
        end = max(self.texts_at + longest, *(self.middle + PAD + width + PAD for width in titles), left)
        self.right = [end + PAD * (self.depth - depth) for depth in range(self.depth)]
        said = max((_width(line) for line in self._said()), default=0.0)
        self.width = max(end + PAD * (self.depth + 1), said + 2 * PAD)

    def _down(self) -> None:
        """Where boxes and the ends of frames stand from top to bottom."""
        self.tops: list[float] = []
        self.frame_tops: dict[Frame, float] = {}
        self.frame_ends: dict[Frame, float] = {}
        opening: dict[int, list[Frame]] = {}
        closing: dict[int, list[Frame]] = {}
        for frame in sorted(self.picture.frames, key=lambda f: f.depth):
            opening.setdefault(frame.first, []).append(frame)
            closing.setdefault(frame.last, []).insert(0, frame)
        y = float(PAD)
        for i, (_, height) in enumerate(self.sizes):
            y += STEP if i else 0
            for frame in opening.get(i, []):
                self.frame_tops[frame] = y
                y += HEADER
            self.tops.append(y)
            y += height
            for frame in closing.get(i, []):
                y += FOOT
                self.frame_ends[frame] = y
        self.foot = y + PAD + LINE
        self.height = self.foot + LINE * len(self._said())

    def _said(self) -> list[str]:
        name = [self.picture.name] if self.picture.name else []
        return [cut(line, 2 * LONGEST, LINES) for line in [*name, *self.picture.remarks]]

    def _texts(self, i: int, box: Box) -> list[str]:
        texts = [box.title]
        if box.attached:
            texts.append("+ " + " + ".join(box.attached))
        undrawn = [
            self.picture.boxes[skip.first].number
            for skip in self.picture.skips
            if i in skip.readers and skip.lane >= MOST_LANES
        ]
        if undrawn:
            texts.append("reads " + ", ".join(undrawn))
        if box.remark:
            texts.append(box.remark)
        return [cut(line, LONGEST, LINES) for line in texts]

    def _size(self, box: Box, lines: int) -> tuple[float, float]:
        """Width by the channels, height by the spatial size, both on a log scale; never less than the texts need."""
        width = 48 + 15 * min(box.channels, 14.0)
        if box.thin:
            return width, max(8.0, LINE * (lines - 1) + 8.0)
        return max(width, _width(_inside(box)) + 14), max(20 + 4.5 * min(box.side, 10.0), LINE * lines + 4.0)

    def _lane(self, skip: Skip) -> float | None:
        lanes = self.lanes[skip.depth]
        return None if skip.lane >= lanes else self.gutters[skip.depth] + LANE * (lanes - 1 - skip.lane) + LANE / 2

    def text(self) -> str:
        width, height = round(self.width), round(self.height)
        title = escape(_legal(self.picture.name or "network"))
        body = [*self._frames(), *self._arrows(), *self._skips(), *self._boxes(), *self._footer()]
        return "\n".join([
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
            f'viewBox="0 0 {width} {height}" role="img">',
            f"<title>{title}</title>",
            f'<g font-family="{FONTS}" font-size="{SIZE}" fill="{INK}">',
            *body,
            "</g>",
            "</svg>",
            "",
        ])  # fmt: skip

    def _frames(self) -> Iterator[str]:
        for frame in self.picture.frames:
            x, y = self.borders[frame.depth], self.frame_tops[frame]
            width, height = self.right[frame.depth] - x, self.frame_ends[frame] - y
            dash = "" if frame.repeats else ' stroke-dasharray="4 3"'
            yield (
                f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" rx="6" fill="{INK}" '
                f'fill-opacity="0.06" stroke="{INK}" stroke-opacity="0.6"{dash}/>'
            )
            bold = ' font-weight="bold"' if frame.repeats else ""
            yield _text(self.middle + PAD, y + 16, frame.title, bold)

    def _arrows(self) -> Iterator[str]:
        for i in range(1, len(self.tops)):
            if self.picture.joined[i]:
                start, end = self.tops[i - 1] + self.sizes[i - 1][1], self.tops[i]
                yield _path(f"M{self.middle:.1f} {start:.1f}V{end - 5:.1f}")
                yield _head(self.middle, end, down=True)

    def _skips(self) -> Iterator[str]:
        for skip in self.picture.skips:
            x = self._lane(skip)
            if x is None:
                continue
            width, height = self.sizes[skip.first]
            start = self.tops[skip.first] + height * 0.75
            for reader in skip.readers:
                wide, high = self.sizes[reader]
                end, at = self.tops[reader] + high * 0.3, self.middle - wide / 2
                yield _path(
                    f"M{self.middle - width / 2:.1f} {start:.1f}H{x + 5:.1f}"
                    f"Q{x:.1f} {start:.1f} {x:.1f} {start + 5:.1f}"
                    f"V{end - 5:.1f}Q{x:.1f} {end:.1f} {x + 5:.1f} {end:.1f}H{at - 5:.1f}"
                )
                yield _head(at, end, down=False)

    def _boxes(self) -> Iterator[str]:
        for box, texts, top, (width, height) in zip(
            self.picture.boxes, self.beside, self.tops, self.sizes, strict=True
        ):
            x = self.middle - width / 2
            fill = WRONG if box.wrong else COLOURS.get(box.family, OTHER)
            if box.status in ("waiting", "cut"):
                style = f'fill="none" stroke="{INK}" stroke-dasharray="3 3"'
            else:
                style = f'fill="{fill}"'
            drawn, y = (8.0, top + (height - 8) / 2) if box.thin else (height, top)
            yield f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{drawn:.1f}" rx="3" {style}/>'
            if not box.thin:
                white = "" if box.status in ("waiting", "cut") else ' fill="#ffffff"'
                yield _text(self.middle, top + height / 2 + 4, _inside(box), f'{white} text-anchor="middle"')
            line = top + (height - LINE * (len(texts) - 1)) / 2 + 4
            for n, shown in enumerate(texts):
                colour = f' fill="{WRONG}" font-weight="bold"' if box.wrong else ""
                yield _text(self.texts_at, line + LINE * n, shown, colour)

    def _footer(self) -> Iterator[str]:
        for n, line in enumerate(self._said()):
            bold = ' font-weight="bold"' if n == 0 and self.picture.name else ""
            yield _text(PAD, self.foot + LINE * n, line, bold)


def _inside(box: Box) -> str:
    return (
        cut(box.out, 28, LINES) if box.out else {"error": "! error", "waiting": "?", "cut": "..."}.get(box.status, "")
    )


def _width(text: str) -> float:
    return CELL * cell_len(text)


def _text(x: float, y: float, shown: str, style: str = "") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}"{style}>{escape(_legal(shown))}</text>'


def _path(steps: str) -> str:
    return f'<path d="{steps}" fill="none" stroke="{INK}" stroke-width="1.5"/>'


def _head(x: float, y: float, *, down: bool) -> str:
    ends = (
        f"{x - 4:.1f},{y - 7:.1f} {x + 4:.1f},{y - 7:.1f}"
        if down
        else f"{x - 7:.1f},{y - 4:.1f} {x - 7:.1f},{y + 4:.1f}"
    )
    return f'<polygon points="{x:.1f},{y:.1f} {ends}"/>'


def _legal(text: str) -> str:
    """The text without the two characters that XML 1.0 has no way to write; control characters are escaped before."""
    return text.replace("\ufffe", "\ufffd").replace("\uffff", "\ufffd")
