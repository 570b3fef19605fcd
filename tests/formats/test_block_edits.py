"""Edits that keep blocks whole: moves across their borders, deletions, copies, names and counts."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.formats.blocks import NET, after, net
from tui.core import edits as core_edits
from tui.core.errors import EditError
from tui.formats import edits
from tui.formats.line import parse_line
from tui.formats.numbers import numbers


def moved(text: str, first: int, last: int, *, down: bool) -> str:
    return after(net(text), core_edits.move(net(text), first, last, down))


def test_a_line_moves_into_a_block_through_it_and_out_of_it() -> None:
    text = "input 8\nrelu\nrepeat 2 b\n    dense 8\ntanh"
    for expected, row in (
        ("input 8\nrepeat 2 b\n    relu\n    dense 8\ntanh", 1),
        ("input 8\nrepeat 2 b\n    dense 8\n    relu\ntanh", 2),
        ("input 8\nrepeat 2 b\n    dense 8\nrelu\ntanh", 3),
        ("input 8\nrepeat 2 b\n    dense 8\ntanh\nrelu", 3),
    ):
        text = moved(text, row, row, down=True)
        assert text == expected
    for expected, row in (
        ("input 8\nrepeat 2 b\n    dense 8\nrelu\ntanh", 4),
        ("input 8\nrepeat 2 b\n    dense 8\n    relu\ntanh", 3),
        ("input 8\nrepeat 2 b\n    relu\n    dense 8\ntanh", 3),
        ("input 8\nrelu\nrepeat 2 b\n    dense 8\ntanh", 2),
    ):
        text = moved(text, row, row, down=False)
        assert text == expected


def test_a_head_moves_with_its_block_and_changes_its_depth() -> None:
    text = "input 8\nrepeat 2 b\n    dense 8\n    # note\nrepeat 3 c\n    relu"
    inside = moved(text, 1, 1, down=True)
    assert inside == "input 8\nrepeat 3 c\n    repeat 2 b\n        dense 8\n        # note\n    relu"
    assert moved(inside, 2, 2, down=False) == text


def test_the_last_line_leaves_its_block_before_the_list_ends() -> None:
    text = "input 8\nrepeat 2\n    relu\n    tanh"
    out = moved(text, 3, 3, down=True)
    assert out == "input 8\nrepeat 2\n    relu\ntanh"
    with pytest.raises(EditError, match="last line already"):
        moved(out, 3, 3, down=True)


def test_labels_and_cursors_follow_what_happens() -> None:
    snapshot = net("input 8\nrelu\nrepeat 2 b\n    dense 8\ntanh")
    edit = core_edits.move(snapshot, 1, 1, True)
    assert (edit.label, edit.cursor) == ("move relu into the block", 2)
    edit = core_edits.move(snapshot, 3, 3, True)
    assert (edit.label, edit.cursor) == ("move dense 8 out of the block", 3)
    edit = core_edits.move(snapshot, 2, 2, False)
    assert (edit.label, edit.cursor) == ("move 2 lines up", 1)


LINES = ("relu", "dense 8", "# note", "repeat 2", "off tanh", "let n = 3")


@st.composite
def indented(draw: st.DrawFn) -> str:
    """A document in which every line is indented as its place allows."""
    texts, depth, head = ["input 8"], 0, False
    for _ in range(draw(st.integers(1, 9))):
        depth = depth + 1 if head else draw(st.integers(0, depth))
        code = draw(st.sampled_from(LINES[:5]))
        texts.append("    " * depth + code)
        head = code == "repeat 2" and depth < 3
    return "\n".join([*texts, *(["    " * (depth + 1) + "relu"] if head else [])])


def structure(text: str) -> list[tuple[str, tuple[str, ...]]]:
    """Each line with the heads that it lies below, as a reader sees them."""
    found, path = [], []  # type: list[tuple[str, tuple[str, ...]]], list[tuple[int, str]]
    for line in text.split("\n"):
        indent = len(line) - len(line.lstrip())
        path = [p for p in path if p[0] < indent]
        found.append((line.strip(), tuple(p[1] for p in path)))
        if line.strip().startswith("repeat"):
            path.append((indent, line.strip()))
    return found


@settings(max_examples=150)
@given(indented(), st.data())
def test_up_takes_back_what_down_did(text: str, data: st.DataObject) -> None:
    snapshot = net(text)
    rows = [row for row, line in enumerate(snapshot.lines) if not line.note]
    row = data.draw(st.sampled_from(rows))
    try:
        edit = core_edits.move(snapshot, row, row, True)
    except EditError:
        return
    there = snapshot.edited(edit.changes)
    lines = [line.text for line in there.lines]
    assert sorted(line.strip() for line in lines) == sorted(line.strip() for line in text.split("\n"))
    assert [parse_line(line).text for line in lines] == lines
    if "# note" not in text:  # a note at the end of a block belongs to it by its indentation alone
        assert after(there, core_edits.move(there, edit.cursor, edit.cursor, False)) == text


@settings(max_examples=100)
@given(indented(), st.data())
def test_deleting_leaves_no_line_in_a_block_that_is_gone(text: str, data: st.DataObject) -> None:
    snapshot = net(text)
    first = data.draw(st.integers(0, len(snapshot.lines) - 1))
    last = data.draw(st.integers(first, len(snapshot.lines) - 1))
    kept = (
        structure(after(snapshot, core_edits.delete(snapshot, first, last)))
        if last - first + 1 < len(snapshot.lines)
        else []
    )
    gone = set(range(first, last + 1))
    paths = structure(text)
    heads: list[list[int]] = []
    open_heads: list[tuple[int, int]] = []
    for i, line in enumerate(text.split("\n")):
        indent = len(line) - len(line.lstrip())
        open_heads = [h for h in open_heads if h[1] < indent]
        heads.append([h[0] for h in open_heads])
        if "repeat" in line:
            open_heads.append((i, indent))
    expected = [
        (paths[i][0], tuple(paths[h][0] for h in heads[i] if h not in gone)) for i in range(len(paths)) if i not in gone
    ]
    if "# note" not in text:
        assert kept == expected


def test_a_head_that_is_deleted_leaves_its_lines_once() -> None:
    edit = core_edits.delete(net(), 2, 2)
    assert edit.label == "delete repeat 2 b; 4 lines of its block stay"
    assert after(net(), edit) == NET.replace("repeat 2 b\n", "").replace("\n    ", "\n").replace(
        "\n    relu", "\n    relu"
    )
    assert edit.cursor == 2


def test_a_head_that_does_not_read_leaves_its_lines_as_well() -> None:
    text = "input 8\nrepeat 2\n    relu\nrepeat 0\n    tanh\ngelu"
    assert after(net(text), core_edits.delete(net(text), 3, 3)) == "input 8\nrepeat 2\n    relu\ntanh\ngelu"


def test_a_whole_block_is_deleted_as_a_range() -> None:
    edit = core_edits.delete(net(), 2, 6)
    assert edit.label == "delete 5 lines"
    assert after(net(), edit) == "input 8\na: dense 8\nz: add @x\ndense 4"


def test_lines_are_taken_into_the_block_above_and_out_again() -> None:
    text = "input 8\nrepeat 2\nrelu\ntanh"
    assert after(net(text), core_edits.indent(net(text), 2, 3)) == "input 8\nrepeat 2\n    relu\n    tanh"
    body = "input 8\nrepeat 2\n    relu\n    tanh\n    dense 8\nflatten"
    edit = core_edits.outdent(net(body), 3, 3)
    # The block ends where a line leaves it: what stands below leaves with it.
    assert after(net(body), edit) == "input 8\nrepeat 2\n    relu\ntanh\ndense 8\nflatten"
    assert edit.label == "take 2 lines out of the block"
    with pytest.raises(EditError, match="no block"):
        core_edits.indent(net(text), 1, 1)
    with pytest.raises(EditError, match="in no block"):
        core_edits.outdent(net(text), 1, 1)


def test_a_copy_of_a_block_has_names_of_its_own() -> None:
    copy = after(net(), edits.duplicate(net(), 2, 2)).split("\n")[7:12]
    assert copy == ["repeat 2 b2", "    x2: dense 8", "    add @x2", "    repeat n c2", "        relu"]
    text = "input 8\nrepeat 2 b\n    x: dense 8\n    call x"
    assert after(net(text), edits.duplicate(net(text), 1, 1)).split("\n")[4:] == [
        "repeat 2 b2",
        "    x2: dense 8",
        "    call x2",
    ]


def test_pasted_lines_keep_their_shape_and_take_the_indentation_of_the_place() -> None:
    pasted = "        repeat 3 d\n            tanh\n        relu"
    inside = after(net(), edits.paste(net(), 2, pasted)).split("\n")
    assert inside[3:6] == ["    repeat 3 d", "        tanh", "    relu"]
    outside = after(net(), edits.paste(net(), 8, pasted)).split("\n")
    assert outside[9:] == ["repeat 3 d", "    tanh", "relu"]
    beside = after(net(), edits.paste(net(), 6, pasted, indent=0)).split("\n")
    assert beside[7:10] == ["repeat 3 d", "    tanh", "relu"]


def test_a_head_is_skipped_with_its_layers() -> None:
    skipped = after(net(), edits.toggle_off(net(), 2, 2)).split("\n")
    assert skipped[2:7] == ["repeat 2 b", "    off x: dense 8", "    off add @x", "    repeat n c", "        off relu"]


def test_the_count_of_a_block_is_stepped_and_its_symbol_bound() -> None:
    head = net().lines[2]
    (((first, last), name, position),) = numbers(head)
    assert (head.code[first:last], name, position) == ("2", "times", 0)
    for change, text in ((1, "repeat 3 b"), ("double", "repeat 4 b"), ("halve", "repeat 1 b")):
        assert after(net(), edits.step_number(net(), 2, 0, change)).split("\n")[2] == text
    assert after(net(), edits.step_number(net(), 5, 0, 1)).split("\n")[5] == "    repeat n+1 c"
    once = net(NET.replace("repeat 2", "repeat 1"))
    with pytest.raises(EditError, match="at least once"):
        edits.step_number(once, 2, 0, -1)
    assert net().symbols == {"n": None}
    bound = net().edited(edits.bind(net(), "n", 4).changes)
    assert (bound.lines[0].text, bound.symbols) == ("let n = 4", {"n": 4})


def test_a_new_name_reaches_the_readers_in_the_block_and_below_it() -> None:
    renamed = after(net(), edits.rename(net(), 3, "y")).split("\n")
    assert renamed[3:5] == ["    y: dense 8", "    add @y"]
    assert renamed[7] == "z: add @y"
    with pytest.raises(EditError, match="reads @x"):
        edits.rename(net(), 3, None)
    text = "input 8\na: dense 8\ncall a\nrepeat 2 b\n    call a\nadd @a"
    assert after(net(text), edits.rename(net(text), 1, "c")).split("\n") == [
        "input 8", "c: dense 8", "call c", "repeat 2 b", "    call c", "add @c"]  # fmt: skip


def test_a_name_is_that_of_the_nearest_block() -> None:
    text = "input 8\nrepeat 2 b\n    x: relu\n    add @x\nrepeat 2 c\n    x: relu\n    add @x\nadd @x"
    first = after(net(text), edits.rename(net(text), 2, "y")).split("\n")
    assert (first[3], first[6], first[7]) == ("    add @y", "    add @x", "add @x")
    second = after(net(text), edits.rename(net(text), 5, "y")).split("\n")
    assert (second[3], second[6], second[7]) == ("    add @x", "    add @y", "add @y")


def test_a_name_that_means_different_layers_in_different_copies_is_not_changed() -> None:
    text = "input 8\nx: dense 8\nrepeat 3 b\n    relu @x\n    x: dense 8"
    with pytest.raises(EditError, match="more than one x"):
        edits.rename(net(text), 1, "y")


def test_a_block_is_named_and_what_reads_one_copy_follows() -> None:
    text = "input 8\nrepeat 2 b  # stem\n    x: dense 8\nadd @b.0.x\ncall b.1.x"
    named = after(net(text), edits.rename(net(text), 1, "stage")).split("\n")
    assert named == ["input 8", "repeat 2 stage  # stem", "    x: dense 8", "add @stage.0.x", "call stage.1.x"]
    inner = after(net(text), edits.rename(net(text), 2, "y")).split("\n")
    assert inner[2:] == ["    y: dense 8", "add @b.0.y", "call b.1.y"]
    both = "input 8\nrepeat 2 b\n    x: dense 8\nadd @x @b.0.x"  # the last copy by its short name, and the first
    assert after(net(both), edits.rename(net(both), 2, "y")).split("\n")[3] == "add @y @b.0.y"
    assert after(net(text), edits.rename(net("input 8\nrepeat 2 b\n    relu"), 1, None)).split("\n")[1] == "repeat 2"
