"""The working pane as lines of text."""

from __future__ import annotations

import pytest
from rich.style import Style

from tests.ui.screen import Desk, opened
from tui.core.groups import groups_of
from tui.core.snapshot import Snapshot
from tui.formats.document import parse_document
from tui.ui.workings import working_lines


def shown(text: str, row: int, part: str = "output") -> list[str]:
    return [line.plain for line in working_lines(Snapshot.of(parse_document(text)), row, None, part, 76)]


def test_a_warning_stands_below_the_first_sum_where_a_low_pane_shows_it() -> None:
    # (8 - 3)/2 rounds down: windows at 0, 2 and 4 read the rows 0 to 6 of 0 to 7.
    lines = shown("input 8x8x3\nconv 16 3x3 stride=2", 1)
    assert lines[:3] == [
        "H' = floor((H - kH)/s) + 1 = floor((8 - 3)/2) + 1 = 3",
        "W' = floor((W - kW)/s) + 1 = floor((8 - 3)/2) + 1 = 3",
        "? no window reads the last 1 row and 1 column of the input",
    ]
    assert sum("no window" in line for line in lines) == 1


def test_no_warning_no_mark() -> None:
    assert not any(line.startswith("?") for line in shown("input 8x8x3\nconv 16 3x3", 1))


def test_an_error_is_wrapped_so_that_its_way_out_is_seen() -> None:
    lines = shown("input 8x8x3\nmultiheadattention heads=8 key_dim=64 use_causal_maskk=true @aa @bb", 1)
    assert all(len(line) <= 76 for line in lines[:2])
    said = " ".join(lines)
    assert "^" in said
    assert "expected: " in said


def test_sizes_that_are_taken_over_are_said_in_one_line_and_a_block_says_none() -> None:
    assert shown("input 8x8x3\nrelu", 1)[0] == "out 8x8x3: no size is computed, all are taken over"
    # The head of a block has no sizes of its own: three copies of 3*3*3*3 + 3 = 84.
    lines = shown("input 8x8x3\nrepeat 3\n    conv 3 3x3 padding=same", 1)
    assert not any("no size is computed" in line for line in lines)
    assert lines[0].startswith("params = 252 ")


def test_the_caret_stands_below_its_word_where_characters_take_two_cells_or_are_written_out() -> None:
    lines = shown("input 4\n층: \tcnv 3", 1)
    line = lines.index("층: \\x09cnv 3")
    # two cells of the name, a colon, a space, and four of the tab
    assert lines[line + 1] == " " * 8 + "^^^"


def test_a_mistake_far_to_the_right_is_in_view_with_its_caret() -> None:
    lines = shown("input 8x8x3\nconcat " + "@stem " * 30 + "axxs=1" + " # x" * 20, 1)
    place = next(i for i, line in enumerate(lines) if line.strip() and not line.strip().strip("^"))
    text, caret = lines[place - 1 : place + 1]
    assert max(map(len, lines)) <= 76
    assert text.startswith("…")
    assert text[caret.index("^") : caret.rindex("^") + 1] == "axxs"


def test_a_row_that_waits_says_for_which_and_how_to_go_on() -> None:
    assert shown("input 8x8x3\nconv 16 30x30\nrelu", 2) == ["waits for #1", "press . for ways out"]


def test_a_long_sum_goes_on_below_under_its_own_indentation() -> None:
    # A group of five layers, 3*3*100*100 + 100 = 90,100 parameters each.
    text = "input 99x99x100\n" + "".join(f"g.c{i}: conv 100 3x3 bias=true\n" for i in range(5))
    snapshot = Snapshot.of(parse_document(text))
    (group,) = groups_of(snapshot.lines)
    lines = [line.plain for line in working_lines(snapshot, 1, group, "params", 40)]
    assert lines[:2] == ["params = 90100 + 90100 + 90100 + 90100 +", "    90100 = 450,500"]
    assert max(map(len, lines)) <= 40
    # What is short stands in two columns, but not beside the end of a long one.
    assert not any("    90100 = 450,500 " in line for line in lines)


async def test_what_matters_is_bold_on_the_screen_and_what_is_beside_the_point_dim() -> None:
    def styles(desk: Desk, name: str, row: int = 0) -> list[Style | None]:
        y = desk.bench.query_one(f"#{name}").content_region.y + row
        strip = list(desk.app.screen._compositor.render_strips()[y])
        return [segment.style for segment in strip if segment.text.strip(" │")]

    async with opened("input 18x14x3\nconv 40 40x40\nrelu", first_time=True) as desk:
        tip = styles(desk, "message")
        assert all(style is not None and style.bold for style in styles(desk, "working"))  # the error
        await desk.press("end", "plus")
        await desk.settle()
        told = styles(desk, "message")  # there is no number to step
        assert all(style is not None and style.bold for style in told)
        # What is dim is drawn in a colour between those of the text and the ground.
        waits, press = styles(desk, "working"), styles(desk, "working", 1)
        for one, other in ((tip, told), (press, waits)):
            assert one[0] is not None
            assert other[0] is not None
            assert one[0].color != other[0].color
        for line in ("title", "totals"):
            name, *rest = styles(desk, line)
            assert name is not None
            assert name.bold
            assert rest
            assert not any(style is not None and style.bold for style in rest)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_no_line_is_wider_than_the_pane_beside_its_scrollbar(size: tuple[int, int]) -> None:
    # A bar below them would cover the last line; here two sums side by side are just as wide as a pane without a bar.
    async with opened("input 28x28x1\nconv 8 5x5\nconv 8 24x5\n", size=size) as desk:
        for _ in range(3):
            await desk.press("down")
            await desk.settle()
            assert not desk.bench.working.show_horizontal_scrollbar
        assert "params = 7680 + 8 = 7,688" in desk.text()  # 24*5*8*8 weights and 8 biases
