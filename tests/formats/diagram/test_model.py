"""What a picture of a network holds: its boxes, its frames and the lines between them."""

from __future__ import annotations

import pytest

from tests.formats.diagram.pictures import RESIDUAL, picture
from tui.core.size import symbol
from tui.formats.diagram.lanes import Skip, skips_of
from tui.formats.diagram.model import MOST, NOMINAL, Picture, nominal
from tui.formats.diagram.svg import as_svg
from tui.formats.diagram.text import as_text


def titles(shown: Picture) -> list[str]:
    return [box.title for box in shown.boxes]


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


def test_the_format_of_the_data_says_which_axis_is_the_channels() -> None:
    first, last = (picture(f"set data_format={name}\ninput 4x64x16\n").boxes[0]
                   for name in ("channels_first", "channels_last"))  # fmt: skip
    assert (first.channels, first.side) == (2.0, 5.0)  # 4 channels; 64 and 16 are 32 in the geometric mean
    assert (last.channels, last.side) == (4.0, 4.0)  # 16 channels; 4 and 64 are 16


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
