"""The picture of a network: its boxes, frames and lines, as text and as SVG. Expected pictures are drawn by hand."""

from __future__ import annotations

import re
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from tui.core.size import symbol
from tui.core.snapshot import Snapshot
from tui.formats.diagram import MOST, NOMINAL, Picture, nominal, picture_of
from tui.formats.diagram_canvas import LINES, Canvas, Segment
from tui.formats.diagram_lanes import Skip, skips_of
from tui.formats.diagram_sheet import CELL
from tui.formats.diagram_svg import COLOURS, INK, OTHER, WRONG, as_svg
from tui.formats.diagram_text import as_text, drawn
from tui.formats.document import parse_document
from tui.formats.presets import FIRST, preset
from tui.layers import FAMILIES

# The shapes of the exercise that the worked example comes from.
OUTPUTS = ["39x31x1", "36x28x20", "18x14x20", "16x12x40", "8x6x40", "6x4x60", "3x2x60", "2x1x80", "160", "n"]
RESIDUAL = """\
set data_format=channels_first
x: input 64x56x56
b0.conv1: conv 64 3x3 same
batchnorm
relu
b0.conv2: conv 64 3x3 same
b0.add: add @x
b0.out: relu
b1.conv1: conv 64 3x3 same
batchnorm
relu
b1.conv2: conv 64 3x3 same
b1.add: add @b0.out
b1.out: relu
b2.conv1: conv 64 3x3 same
batchnorm
relu
b2.conv2: conv 64 3x3 same
b2.add: add @b1.out
b2.out: relu
globalavgpool
"""
HOSTILE = """\
input 8x8x3
conv 4 3x3
cnv | 2 # \x1b[2J<script>&"
dense 2
off dense 3
"""


def picture(text: str, name: str = "", most: int = MOST) -> Picture:
    return picture_of(Snapshot.of(parse_document(text)), name, most)


def titles(shown: Picture) -> list[str]:
    return [box.title for box in shown.boxes]


def test_a_chain_is_drawn_as_by_hand() -> None:
    # 4 and 16 units: log2 is 2 and 4 of 12, and (31 - 7)/12 more columns for each: 11 and 15. The width of 4 is what
    # 80 columns allow, 31; the side of a vector is 1, which is one row.
    assert as_text(picture("input 4\ndense 16\nrelu\n", "net"), 80, ascii_only=True) == (
        "  +---------+\n"
        "  |    4    |    input 4\n"
        "  +----+----+\n"
        "+------v------+\n"
        "|     16      |  dense 16 + relu\n"
        "+-------------+\n"
        "\n"
        "net\n"
        "80 parameters, 64 MACs\n"  # 4*16 + 16 and 4*16
    )


def test_a_branch_and_a_block_are_drawn_as_by_hand() -> None:
    shown = as_text(picture("x: input 4\nrepeat 2 b\n  dense 4\n  dense 4\nadd @x\n"), 80)
    # 2 blocks of 2 layers of 4*4 + 4 parameters, 16 MACs each.
    assert shown == (
        "    ┌─────────┐\n"
        "╭───┤    4    │  x: input 4\n"
        "│   └────┬────┘\n"
        "│ ╭╌╌╌╌╌╌│╌ b x 2 ╌╌╌╌╌╌╌╌╌╌╮\n"
        "│ ┊ ┌────▼────┐             ┊\n"
        "│ ┊ │    4    │  dense 4    ┊\n"
        "│ ┊ └────┬────┘             ┊\n"
        "│ ┊ ┌────▼────┐             ┊\n"
        "│ ┊ │    4    │  dense 4    ┊\n"
        "│ ┊ └────┬────┘             ┊\n"
        "│ ╰╌╌╌╌╌╌│╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╯\n"
        "│   ┌────▼────┐\n"
        "╰──▶│    4    │  add\n"
        "    └─────────┘\n"
        "\n"
        "80 parameters, 64 MACs\n"
    )


def test_the_worked_example_shows_the_shapes_of_its_exercise() -> None:
    shown = picture(preset(FIRST).text, "worked")
    assert [box.out for box in shown.boxes] == OUTPUTS
    assert shown.joined == (False, *[True] * 9)
    text = as_text(shown, 80)
    assert re.findall(r"│ *([\dnx]+) *│", text) == OUTPUTS
    assert text.endswith("worked\n48,320 + 160*n parameters, 2,261,760 + 160*n MACs\n")


def test_boxes_grow_with_channels_and_with_the_image() -> None:
    shown = picture("input 128x128x1\nconv 16 1x1\nconv 1024 1x1\nmaxpool 4\nmaxpool 16\n")
    tops = [line for line in as_text(shown, 80).splitlines() if "┌" in line]
    widths = [len(line.strip()) for line in tops]
    assert widths[0] < widths[1] < widths[2] == widths[3] == widths[4]
    rows = [line.count("│") for line in as_text(shown, 80).replace("\n", " ").split("┘")[:5]]
    assert [count // 2 for count in rows] == [3, 3, 3, 2, 1]  # sides 128, 128, 128, 32 and 2
    heights = [float(rect.get("height", "0")) for rect in boxes_of(as_svg(shown))]
    assert heights[2] > heights[3] > heights[4]


def test_symbols_are_drawn_at_a_nominal_size() -> None:
    n = symbol("n")
    assert (nominal(n), nominal(n * 2), nominal(n - 1000)) == (NOMINAL, 2 * NOMINAL, 1)
    free, bound = (picture(f"input 8x8x3\n{let}conv n 1x1\n").boxes[1] for let in ("", f"let n = {NOMINAL}\n"))
    assert (free.channels, free.side) == (bound.channels, bound.side) == (6.0, 3.0)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("input 8x8x3\nconv 4 3x3\nbatchnorm\nrelu\ndropout 0.5\n",
         ["input 8x8x3", "conv 4 3x3+batchnorm+relu+dropout 0.5"]),
        ("input 8x8x3\nrelu\nconv 4 3x3\n", ["input 8x8x3", "relu", "conv 4 3x3"]),  # nothing to belong to
        # What lies between is read by the add: where the conv ends has to be seen.
        ("input 8x8x3\nc: conv 3 1x1\nrelu\nadd @c\n", ["input 8x8x3", "c: conv 3 1x1", "relu", "add"]),
        ("input 8x8x3\nrepeat 2\n  conv 3 1x1\nrelu\n", ["input 8x8x3", "conv 3 1x1", "relu"]),  # once, not twice
        ("input 8x8x3\ng.a: conv 3 1x1\ng.b: conv 3 1x1\nrelu\n",
         ["input 8x8x3", "a: conv 3 1x1", "b: conv 3 1x1+relu"]),
        ("input 8x8x3\nconv 3 1x1\nh.a: relu\nh.b: conv 3 1x1\n",
         ["input 8x8x3", "conv 3 1x1", "a: relu", "b: conv 3 1x1"]),
        ("input 8x8x3\nconv 3 1x1\n" + "relu\n" * 6, ["input 8x8x3", "conv 3 1x1" + "+relu" * 4, "relu+relu"]),
        ("input 8x8x3\nconv 3 1x1\noff relu\n", ["input 8x8x3", "conv 3 1x1"]),  # what is skipped is no layer
    ],
)  # fmt: skip
def test_small_layers_stand_with_the_box_above(text: str, expected: list[str]) -> None:
    assert ["+".join([box.title, *box.attached]) for box in picture(text).boxes] == expected


def test_groups_that_repeat_are_drawn_once() -> None:
    shown = picture(RESIDUAL)
    assert titles(shown) == ["x: input 64x56x56", "conv1: conv 64 3x3 padding=same", "conv2: conv 64 3x3 padding=same",
                             "add: add", "globalavgpool"]  # fmt: skip
    assert [(frame.title, frame.first, frame.last) for frame in shown.frames] == [("b0 to b2, x 3", 1, 3)]
    assert shown.skips == (Skip(0, (3,), 0, 0),)
    assert shown.boxes[1].attached == ("batchnorm", "relu")


def test_groups_that_differ_or_are_read_from_below_are_drawn_each() -> None:
    other = picture(RESIDUAL.replace("b1.conv2: conv 64 3x3", "b1.conv2: conv 64 5x5"))
    assert [frame.title for frame in other.frames] == ["b0", "b1", "b2"]
    first_differs = picture(RESIDUAL.replace("b0.conv2: conv 64 3x3", "b0.conv2: conv 64 5x5"))
    assert [frame.title for frame in first_differs.frames] == ["b0", "b1 to b2, x 2"]
    from_below = picture(RESIDUAL + "reshape 64x1x1\nadd @b0.out\n")
    assert [frame.title for frame in from_below.frames] == ["b0", "b1 to b2, x 2"]
    reads_elsewhere = picture(RESIDUAL.replace("b2.add: add @b1.out", "b2.add: add @x"))
    assert [frame.title for frame in reads_elsewhere.frames] == ["b0 to b1, x 2", "b2"]


def test_groups_with_other_inputs_differ() -> None:
    text = "input 8\n" + "".join(f"s{i // 8}.b{i // 2}.d{i % 2}: dense {8 + i // 8}\n" for i in range(16))
    # The first block of the second stage reads 8 units and gives 9: its weights are others than those below.
    assert [frame.title for frame in picture(text).frames] == ["s0", "b0 to b3, x 4", "s1", "b4", "b5 to b7, x 3"]


def test_frames_nest_and_carry_their_counts() -> None:
    text = "input 8x8x3\nrepeat n enc\n  a.p: conv 3 1x1\n  a.q: conv 4 1x1\n  conv 3 1x1\nlone.p: conv 3 1x1\n"
    shown = picture(text)
    assert [(f.title, f.first, f.last, f.depth, f.repeats) for f in shown.frames] == [
        ("enc x n", 1, 3, 0, True), ("a", 1, 2, 1, False),
    ]  # fmt: skip
    assert titles(shown)[-1] == "lone.p: conv 3 1x1"  # one layer is no group


def test_what_follows_a_block_reads_its_last_layer() -> None:
    for count in ("3", "n", "30000"):
        shown = picture(f"input 8\nrepeat {count}\n  dense 8\n  relu\n  dense 8\ndense 2\n")
        assert shown.joined == (False, True, True, True)


def test_a_block_that_changes_its_shape_says_what_comes_out() -> None:
    # Each time 4 channels are joined to the others: 8 becomes 12, then 16 and 20.
    text = "let n = 3\ninput 8x8x8\nrepeat n grow\n  x: identity\n  conv 4 1x1\n  concat @x\n"
    shown = picture(text)
    assert [box.out for box in shown.boxes] == ["8x8x8", "8x8x8", "8x8x4", "8x8x12"]
    assert shown.frames[0].title == "grow x 3, at last 8x8x20"
    assert picture(text.replace("concat @x", "conv 8 1x1")).frames[0].title == "grow x 3"


def test_a_group_that_crosses_the_end_of_a_block_is_no_frame() -> None:
    shown = picture("input 8\nrepeat 2 r\n  dense 8\n  g.a: dense 8\ng.b: dense 8\ndense 8\n")
    assert [frame.title for frame in shown.frames] == ["r x 2"]


def test_a_group_of_nothing_but_a_group_is_one_frame() -> None:
    shown = picture("input 8\na.b.c: dense 4\na.b.d: dense 5\n")
    assert [frame.title for frame in shown.frames] == ["a.b"]
    deep = picture(f"input 8\n{'a.' * 60}c: dense 4\n{'a.' * 60}d: dense 5\n")
    assert [(frame.first, frame.last, frame.depth) for frame in deep.frames] == [(1, 2, 0)]


def test_frames_that_start_and_end_together_have_lines_of_their_own() -> None:
    shown = as_text(picture("repeat 2 a\n  repeat 3 b\n    input 4\n    dense 4\n"), 80, ascii_only=True)
    assert shown.startswith(
        "........... a x 2 ..........\n"
        ": ......... b x 3 ........ :\n"
        ": : +---------+          : :\n"
        ": : |    4    |  input 4 : :\n"
    )
    assert shown.splitlines()[8:10] == [": ........................ :", "............................"]


def test_a_box_that_lines_enter_and_leave_has_a_row_for_each() -> None:
    shown = as_text(picture("x: input 4\ndense 4\na: add @x\ndense 4\nadd @a\n"), 80).splitlines()
    at = next(i for i, line in enumerate(shown) if "a: add" in line)
    assert shown[at].startswith("╰▶│    4    │")
    assert shown[at + 1].startswith("╭─┤         │")


def test_the_format_of_the_data_says_which_axis_is_the_channels() -> None:
    first, last = (picture(f"set data_format={name}\ninput 4x64x16\n").boxes[0]
                   for name in ("channels_first", "channels_last"))  # fmt: skip
    assert (first.channels, first.side) == (2.0, 5.0)  # 4 channels; 64 and 16 are 32 in the geometric mean
    assert (last.channels, last.side) == (4.0, 4.0)  # 16 channels; 4 and 64 are 16


def test_a_wide_character_is_never_cut_in_two() -> None:
    canvas = Canvas(3, 1, LINES)
    canvas.put(0, 0, "ab층")
    assert canvas.rows() == [[Segment("ab", "")]]


def test_lines_at_the_side_keep_apart() -> None:
    flat: list[tuple[str, ...]] = [()] * 9
    # One around another lies further out, one below another takes its lane, two that overlap need two.
    assert skips_of({(0, 5), (1, 3)}, flat) == (Skip(0, (5,), 0, 1), Skip(1, (3,), 0, 0))
    assert skips_of({(0, 2), (2, 4)}, flat) == (Skip(0, (2,), 0, 0), Skip(2, (4,), 0, 0))
    assert {skip.lane for skip in skips_of({(0, 3), (2, 5)}, flat)} == {0, 1}
    assert skips_of({(0, 1), (0, 3), (0, 7)}, flat) == (Skip(0, (3, 7), 0, 0),)
    # A line lies in the innermost frame that holds both its ends.
    paths = [(), ("a",), ("a", "b"), ("a", "b"), ("a", "b"), ("a",)]
    assert skips_of({(0, 2), (1, 5), (2, 4)}, paths) == (Skip(0, (2,), 0, 0), Skip(1, (5,), 1, 0), Skip(2, (4,), 2, 0))


def test_a_line_without_room_is_said_in_words() -> None:
    text = "".join(f"i{k}: input 4\n" for k in range(12)) + "".join(f"add @i{k}\n" for k in range(11))
    assert "reads #" not in as_text(
        picture(text.replace("input 4\n", "input 4\n", 1)[: text.index("i3:")] + "add @i0\n"), 80
    )
    words = re.findall(r"reads #(\d+)", as_text(picture(text), 80))
    assert len(words) == 3  # 11 lines overlap, of 8 there is room
    assert "reads #" not in as_svg(picture(text))
    many = "".join(f"i{k}: input 4\n" for k in range(31)) + "".join(f"add @i{k}\n" for k in range(30))
    assert len(re.findall("reads #", as_svg(picture(many)))) == 6  # 24 lines have room in SVG


def test_errors_are_marked_and_the_rest_is_drawn() -> None:
    shown = picture(HOSTILE)
    assert [box.status for box in shown.boxes] == ["ok", "ok", "error", "waiting"]
    text = as_text(shown, 80, ascii_only=True)
    assert "#===v===#" in text
    assert re.search(r"#\s*! error\s*#    ?\s*cnv \| 2", text)
    assert "! a control character (U+001B)" in text
    assert "- needs #2" in text
    assert "at least 112 parameters" in text  # 3*3*3*4 + 4
    styles = {part.style for row in drawn(shown, 80) for part in row if "cnv" in part.text}
    assert styles == {"error"}


def test_a_network_of_ten_thousand_layers_is_cut_and_says_so() -> None:
    shown = picture("input 64x64x3\n" + "".join(f"conv {4 + i % 7} 1x1\n" for i in range(10_000)))
    assert len(shown.boxes) == MOST + 1
    assert "9,701 more layers" in titles(shown)  # 10,001 less 300
    assert shown.remarks[0] == "9,701 of 10,001 layers are not drawn"
    assert titles(shown)[-1] == "conv 7 1x1"  # 4 + 9,999 % 7
    assert all(shown.joined[1:])
    assert len(as_text(shown, 80).splitlines()) < 2000
    assert len(as_svg(shown)) < 300_000


def test_a_large_network_is_folded_to_its_groups_before_it_is_cut() -> None:
    text = "input 8\n" + "".join(f"g{i // 10}.h{i // 5}.d{i}: dense {i + 1}\n" for i in range(30))
    assert len(picture(text).boxes) == 31
    halves = picture(text, most=10)
    assert titles(halves)[1:3] == ["h0: 5 layers", "h1: 5 layers"]
    assert [frame.title for frame in halves.frames] == ["g0", "g1", "g2"]
    whole = picture(text, most=4)
    assert titles(whole) == ["input 8", "g0: 10 layers", "g1: 10 layers", "g2: 10 layers"]
    assert whole.boxes[1].out == "10"
    assert whole.remarks[0] == "groups are folded to a box each"
    # Pictures of more boxes are tried first; what was one frame in those is three in this one.
    thrice = "input 8\n" + "".join(f"p{i // 10}.h{i // 5 % 2}.d{i % 10}: dense {i % 10 % 9 + 8}\n" for i in range(30))
    assert [frame.title for frame in picture(thrice).frames] == ["p0 to p2, x 3", "h0", "h1"]
    assert [frame.title for frame in picture(thrice, most=9).frames] == ["p0", "p1", "p2"]
    cut = picture(text, most=2)
    assert titles(cut) == ["input 8", "20 more layers", "g2: 10 layers"]


def test_nothing_to_draw_is_no_failure() -> None:
    assert as_text(picture("", "empty"), 80) == "empty\n0 parameters, 0 MACs\n"
    ElementTree.fromstring(as_svg(picture("")))


# -- any network, any width ------------------------------------------------------------------------

KINDS = ("conv 8 3x3 same", "relu", "add", "maxpool 2", "cnv", "dense n", "concat", "batchnorm", "conv 8 99x99")
NAMES = ("", "층: ", "g.a: ", "g.b: ", "g.h.c: ", "g.h.d: ", "k.e: ", "긴이름의층: ")


@st.composite
def networks(draw: st.DrawFn) -> str:
    lines, names = ["s0: input 32x32x8"], ["s0"]
    for i in range(draw(st.integers(0, 14))):
        if draw(st.integers(0, 5)) == 0:
            lines += [f"repeat {draw(st.sampled_from(('2', 'n')))} b{i}", "  conv 8 3x3 same", f"  add @{names[-1]}"]
            continue
        name = draw(st.sampled_from(NAMES)).replace(": ", f"{i}: ")
        sources = draw(st.lists(st.sampled_from(names), max_size=3))
        lines.append(name + draw(st.sampled_from(KINDS)) + "".join(f" @{source}" for source in sources))
        if name:
            names.append(name[:-2])
    return "\n".join(lines) + "\n"


@settings(max_examples=60, deadline=None)
@given(networks(), st.integers(1, 120), st.booleans())
def test_no_line_is_wider_than_asked(text: str, width: int, ascii_only: bool) -> None:
    shown = as_text(picture(text, "이름"), width, ascii_only=ascii_only)
    assert all(cell_len(line) <= width for line in shown.splitlines())
    assert shown.isascii() or not ascii_only


@settings(max_examples=60, deadline=None)
@given(networks())
def test_every_box_and_line_is_drawn_where_there_is_room(text: str) -> None:
    shown = picture(text)
    lines = as_text(shown, 300).splitlines()
    for box in shown.boxes:
        assert any(f"  {box.title}" in line for line in lines)
    joined = sum(shown.joined[i] and not shown.boxes[i].thin for i in range(len(shown.boxes)))
    arrows = "".join(lines)
    # Thin boxes that a line turns at are drawn whole, with an arrow of their own.
    assert joined <= arrows.count("▼") <= joined + sum(box.thin for box in shown.boxes)
    assert arrows.count("▶") == len({reader for skip in shown.skips for reader in skip.readers})
    for one in shown.skips:
        for other in shown.skips:
            apart = one.last <= other.first or other.last <= one.first
            same_place = (one.depth, one.lane) == (other.depth, other.lane)
            assert one == other or apart or not same_place


# -- SVG -------------------------------------------------------------------------------------------

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
