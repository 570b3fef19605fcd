"""A picture as SVG: readable on light and on dark, and safe whatever the names are."""

from __future__ import annotations

import re
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from rich.cells import cell_len

from tests.formats.diagram.pictures import HOSTILE, RESIDUAL, picture
from tui.formats.diagram.sheet import CELL
from tui.formats.diagram.svg import COLOURS, INK, OTHER, WRONG, as_svg
from tui.layers import FAMILIES

SVG = "{http://www.w3.org/2000/svg}"


def boxes_of(svg: str) -> list[ElementTree.Element]:
    """The rectangles of boxes; frames are filled with the ink."""
    return [rect for rect in ElementTree.fromstring(svg).iter(f"{SVG}rect") if rect.get("fill") != INK]


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.1."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio, WCAG 2.1."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_colours_are_readable_on_light_and_on_dark() -> None:
    for fill in {*COLOURS.values(), OTHER, WRONG}:
        assert contrast(fill, "#ffffff") >= 4.5, fill
    for ink in (INK, WRONG):
        assert contrast(ink, "#ffffff") >= 4.5
        assert contrast(ink, "#000000") >= 4.5


def test_every_colour_is_that_of_a_family() -> None:
    assert set(COLOURS) - {"block"} <= set(FAMILIES)


def test_names_are_data_and_the_file_stands_alone() -> None:
    svg = as_svg(picture(HOSTILE, '</title><script>alert("&")</script>\x00'))
    root = ElementTree.fromstring(svg)
    assert {element.tag.removeprefix(SVG) for element in root.iter()} <= {
        "svg", "title", "g", "rect", "text", "path", "polygon",
    }  # fmt: skip
    assert root.findtext(f"{SVG}title") == '</title><script>alert("&")</script>\\x00'
    assert not re.search(r"href|url\(|@import|<style", svg)
    assert "\x1b" not in svg


@pytest.mark.parametrize("text", [RESIDUAL, HOSTILE, "긴이름의층: input 8x8x3\n" + "층" * 30 + ": conv 4 3x3\n"])
def test_all_of_it_lies_inside_the_sheet(text: str) -> None:
    root = ElementTree.fromstring(as_svg(picture(text, "긴 이름의 신경망")))
    width, height = float(root.get("width", "0")), float(root.get("height", "0"))
    for shown in root.iter(f"{SVG}text"):
        start, length = float(shown.get("x", "0")), CELL * cell_len(shown.text or "")
        start -= length / 2 if shown.get("text-anchor") == "middle" else 0
        assert start >= 0
        assert start + length <= width, shown.text
        assert 0 < float(shown.get("y", "0")) <= height
    for rect in root.iter(f"{SVG}rect"):
        assert float(rect.get("x", "0")) + float(rect.get("width", "0")) <= width
        assert float(rect.get("y", "0")) + float(rect.get("height", "0")) <= height


def test_boxes_stand_below_each_other_and_lines_meet_their_boxes() -> None:
    svg = as_svg(picture(RESIDUAL))
    left = min(float(rect.get("x", "0")) for rect in boxes_of(svg))
    edges = [(float(r.get("y", "0")), float(r.get("y", "0")) + float(r.get("height", "0"))) for r in boxes_of(svg)]
    assert all(above[1] < below[0] for above, below in pairwise(edges))
    skip = next(
        path.get("d", "") for path in ElementTree.fromstring(svg).iter(f"{SVG}path") if "Q" in path.get("d", "")
    )
    numbers = [float(number) for number in re.findall(r"[\d.]+", skip)]
    assert 0 < numbers[2] - 5 < left  # it goes down left of all boxes, past its curve of 5 pixels
    assert edges[0][0] < numbers[1] < edges[0][1]  # it leaves the input
    assert edges[3][0] < numbers[-2] < edges[3][1]  # and comes to the addition


def test_boxes_grow_with_channels_and_with_the_image() -> None:
    rects = boxes_of(as_svg(picture("input 128x128x1\nconv 16 1x1\nconv 1024 1x1\nmaxpool 4\nmaxpool 16\n")))
    widths, heights = ([float(rect.get(side, "0")) for rect in rects] for side in ("width", "height"))
    assert widths[0] < widths[1] < widths[2] == widths[3] == widths[4]
    assert heights[0] == heights[1] == heights[2] > heights[3] > heights[4]


def test_a_line_without_room_is_said_in_words() -> None:
    text = "".join(f"i{k}: input 4\n" for k in range(31)) + "".join(f"add @i{k}\n" for k in range(30))
    assert len(re.findall("reads #", as_svg(picture(text)))) == 6  # 24 lines have room


def test_nothing_to_draw_is_no_failure() -> None:
    assert "0 parameters" in as_svg(picture(""))
    ElementTree.fromstring(as_svg(picture("")))


def test_a_box_is_red_where_its_layer_is_wrong_and_there_alone() -> None:
    shown = picture(HOSTILE)
    fills = [rect.get("fill") for rect in boxes_of(as_svg(shown))]
    assert [fill == WRONG for fill in fills[: len(shown.boxes)]] == [box.status == "error" for box in shown.boxes]


def test_what_stands_below_a_picture_is_inside_it_line_by_line() -> None:
    root = ElementTree.fromstring(as_svg(picture(RESIDUAL, "net")))
    height = float(root.get("viewBox", "").split()[3])
    texts = [(float(text.get("x", "")), float(text.get("y", ""))) for text in root.iter(f"{SVG}text")]
    left = min(x for x, _ in texts)
    below = [y for x, y in texts if x == left]
    assert len(below) >= 2
    assert below == sorted(set(below))
    assert max(y for x, y in texts if x > left) < below[0] <= below[-1] <= height
