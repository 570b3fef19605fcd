"""The working pane as lines of text."""

from __future__ import annotations

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
