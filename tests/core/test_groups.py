"""Groups by dotted names and repeated blocks, by hand."""

from tui.core.groups import Group, groups_of, same_groups
from tui.core.snapshot import Snapshot
from tui.formats.document import parse_document

NET = """\
input 8x8x3
stem: conv 4 3x3 padding=same
s1.b0.conv: conv 4 3x3 padding=same
relu
s1.b0.add: add @stem
s1.b1.conv: conv 4 3x3 padding=same
relu
s1.b1.add: add @s1.b0.add
head: conv 2 1x1
repeat 3 tail
    conv 2 1x1
    relu
"""


def test_groups_outer_first_with_unnamed_rows_between() -> None:
    assert groups_of(parse_document(NET)) == [
        Group("s1", range(2, 8), 0, key="s1 1"),
        Group("s1.b0", range(2, 5), 1, key="s1.b0 1"),
        Group("s1.b1", range(5, 8), 1, key="s1.b1 1"),
        Group("repeat 3 tail", range(9, 12), 0, block=True, key="repeat tail 1"),
    ]


def test_one_layer_is_no_group_and_a_name_that_comes_back_is_another_run() -> None:
    lines = parse_document("input 4\na.x: dense 4\nb: dense 4\na.y: dense 4\na.z: dense 4\n")
    assert groups_of(lines) == [Group("a", range(3, 5), 0, key="a 1")]


def test_the_subtotal_of_a_group_is_the_sum_of_its_layers() -> None:
    snapshot = Snapshot.of(parse_document(NET))
    # Each 3x3 convolution of 4 to 4 channels: 3*3*4*4 + 4 = 148; s1 has two of them.
    total = snapshot.subtotal(range(2, 8))
    assert (total.counts.params, total.counts.macs) == (296, 2 * 144 * 64)
    assert total.outputs[0].shape == (1, 8, 8, 4)
    # Three copies of 2*2 + 2.
    head = snapshot.result(9)
    assert head is not None
    assert head.counts.params == 18
    assert snapshot.totals.params == (3 * 9 * 4 + 4) + 296 + (4 * 2 + 2) + 18


def test_a_group_with_an_error_says_so() -> None:
    snapshot = Snapshot.of(parse_document("input 4x4x1\ng.a: conv 2 9x9\ng.b: relu\n"))
    assert snapshot.subtotal(range(1, 3)).status == "error"


def test_the_key_of_a_group_outlives_its_count_and_tells_like_ones_apart() -> None:
    text = "input 4\nrepeat 2\n    relu\nrepeat {n}\n    relu\nb.a: relu\nb.b: relu\nx: relu\nb.c: relu\nb.d: relu\n"
    first, second = ([group.key for group in groups_of(parse_document(text.format(n=n)))] for n in (3, 4))
    assert first == second
    assert len(set(first)) == 4


def test_only_names_indentation_and_heads_move_groups() -> None:
    lines = parse_document("a.x: relu\na.x: gelu\na.y: relu\n    relu\nrepeat 2 b\nrepeat 3 b\n")
    relu, gelu, other, indented, twice, thrice = lines
    assert same_groups([relu], [gelu])
    assert not any(same_groups([relu], [line]) for line in (other, indented, twice))
    assert not same_groups([twice], [thrice])  # the label shows the count
    assert not same_groups([relu], [relu, relu])
