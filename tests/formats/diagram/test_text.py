"""A picture in characters. Expected pictures are drawn by hand."""

from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from tests.formats.diagram.pictures import HOSTILE, picture
from tui.formats.diagram.canvas import LINES, Canvas, Segment
from tui.formats.diagram.text import as_text, drawn
from tui.formats.presets import FIRST, preset

# The shapes of the exercise that the worked example comes from.
OUTPUTS = ["39x31x1", "36x28x20", "18x14x20", "16x12x40", "8x6x40", "6x4x60", "3x2x60", "2x1x80", "160", "n"]


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


def test_a_wide_character_is_never_cut_in_two() -> None:
    canvas = Canvas(3, 1, LINES)
    canvas.put(0, 0, "ab층")
    assert canvas.rows() == [[Segment("ab", "")]]


def test_text_that_begins_before_the_sheet_keeps_its_columns() -> None:
    canvas = Canvas(4, 1, LINES)
    canvas.put(-3, 0, "a층bcd")
    assert canvas.rows() == [[Segment("bcd", "")]]


def test_a_line_without_room_is_said_in_words() -> None:
    text = "".join(f"i{k}: input 4\n" for k in range(12)) + "".join(f"add @i{k}\n" for k in range(11))
    assert "reads #" not in as_text(
        picture(text.replace("input 4\n", "input 4\n", 1)[: text.index("i3:")] + "add @i0\n"), 80
    )
    words = re.findall(r"reads #(\d+)", as_text(picture(text), 80))
    assert len(words) == 3  # 11 lines overlap, of 8 there is room


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


def test_nothing_to_draw_is_no_failure() -> None:
    assert as_text(picture("", "empty"), 80) == "empty\n0 parameters, 0 MACs\n"


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
