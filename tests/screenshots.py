"""The pictures of the screen in ``screenshots/``: ``python -m tests.screenshots`` makes them all anew."""

from __future__ import annotations

import re
import sys
from html import unescape
from pathlib import Path
from typing import Final, NamedTuple

from rich.cells import cell_len

from tui.formats.presets import presets
from tui.ui.screenshot import screenshot

FOLDER: Final = Path(__file__).parent.parent / "screenshots"
WORKED: Final = "worked-example"


class Shot(NamedTuple):
    """One picture: the size in columns and rows, the keys that lead to it, and the preset that it shows."""

    size: tuple[int, int]
    keys: tuple[str, ...] = ()
    preset: str = WORKED
    change: tuple[str, str] = ("", "")
    """A text of the preset, and what stands in its place in the picture."""

    def svg(self) -> str:
        """The picture as the program makes it now."""
        return screenshot(presets()[self.preset].text.replace(*self.change), self.size, self.keys, self.preset)


# A kernel that is larger than the 18x14 map it reads.
BROKEN: Final = ("conv 40 3x3", "conv 40 15x15")

SHOTS: Final = {
    "worked-example-80x24": Shot((80, 24)),
    "worked-example-120x40": Shot((120, 40)),
    "worked-example-60x20": Shot((60, 20)),
    "editing-80x24": Shot((80, 24), ("down", "down", "enter", "end", "space")),
    "error-80x24": Shot((80, 24), ("down", "down"), change=BROKEN),
    "fixes-80x24": Shot((80, 24), ("down", "down", "full_stop"), change=BROKEN),
    "results-80x24": Shot((80, 24), ("2", "right", "down", "down")),
    "solution-80x24": Shot((80, 24), ("down", "down", "f3")),
    "presets-80x24": Shot((80, 24), ("ctrl+n", "down")),
    "keys-80x24": Shot((80, 24), ("question_mark",)),
    "lenet-5-120x40": Shot((120, 40), preset="lenet-5"),
    "vgg-16-120x40": Shot((120, 40), preset="vgg-16"),
    "resnet-50-folded-120x40": Shot((120, 40), ("F", "2", "right"), preset="resnet-50"),
    "resnet-50-200x50": Shot((200, 50), ("down", "down"), preset="resnet-50"),
    "unet-skips-120x40": Shot((120, 40), ("right_curly_bracket",), preset="unet-padded"),
    "diagram-120x40": Shot((120, 40), ("D",), preset="unet-padded"),
    "solve-80x24": Shot((80, 24), ("S",)),
    "sweep-80x24": Shot((80, 24), ("w",)),
    "charts-120x40": Shot((120, 40), ("C",), preset="resnet-18"),
    "budgets-80x24": Shot((80, 24), ("t", *"esp32", *["down"] * 6), preset="ds-cnn"),
    "compare-120x40": Shot((120, 40), ("m", "down", "plus", "plus", "down", "down", "d", "c"), preset="lenet-5"),
    "practice-80x24": Shot((80, 24), ("P", "enter", *"39x31x20", "enter")),
    "export-120x40": Shot((120, 40), ("x", *["down"] * 8), preset="lenet-5"),
    "symbols-80x24": Shot((80, 24), ("b",)),
    "gpt-blocks-120x40": Shot((120, 40), ("down", "down", "down"), preset="gpt-blocks"),
}

_TEXT: Final = re.compile(r'<text class="[^"]*-r\d+" x="([\d.]+)" y="([\d.]+)"[^>]*>([^<\n]+)</text>')
CELL: Final = 12.2
"""The width of a character in Rich's pictures, in their units."""


def lines_of(svg: str) -> list[str]:
    """The lines of text in a picture, from top to bottom; fonts, colours and the generated ids are left out."""
    rows: dict[float, str] = {}
    for x, y, text in sorted(_TEXT.findall(svg), key=lambda found: float(found[0])):
        before = rows.get(float(y), "")
        gap = round(float(x) / CELL) - cell_len(before)
        rows[float(y)] = before + " " * gap + unescape(text).replace("\xa0", " ")
    return [rows[y].rstrip() for y in sorted(rows)]


def main(words: list[str]) -> int:
    """Write every picture; with ``--check`` only say which ones are out of date, as the exit code does too."""
    FOLDER.mkdir(exist_ok=True)
    old = []
    for name, shot in SHOTS.items():
        path = FOLDER / f"{name}.svg"
        svg = shot.svg()
        if words == ["--check"]:
            if not path.is_file() or lines_of(path.read_text("utf-8")) != lines_of(svg):
                old.append(name)
        else:
            path.write_text(svg, encoding="utf-8")
            print(name)
    if old:
        print("out of date, make them anew with python -m tests.screenshots:", ", ".join(old))
    return 1 if old else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
