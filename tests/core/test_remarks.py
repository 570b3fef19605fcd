"""A layer whose output nobody reads is remarked on, and only where that is certain."""

from __future__ import annotations

import pytest

from tests.core.blocks import opened
from tui.core.remarks import UNREAD
from tui.core.snapshot import Change, Snapshot
from tui.formats.line import parse_line
from tui.formats.record import record

BRANCHES = "input 8x8x3\na: conv 4 1\nb: conv 4 1 @a\nc: conv 4 1 @a\nd: conv 5 1 @a\nconcat @b @c\n# the end\n"


def unread(snapshot: Snapshot) -> list[int]:
    results = {row: snapshot.result(row) for row in range(len(snapshot.lines))}
    return [row for row, result in results.items() if result is not None and UNREAD in (result.message or "")]


def test_a_branch_that_the_join_leaves_out() -> None:
    snapshot = opened(BRANCHES)
    assert unread(snapshot) == [4]
    assert snapshot.result(4) is snapshot.result(4)
    assert snapshot.result(4).status == "warning"
    layers = record(snapshot, "branches")["layers"]
    assert [layer["name"] for layer in layers if layer["status"] == "warning"] == ["d"]
    assert [layer["params"] for layer in layers if layer["name"] == "d"] == [4 * 5 + 5]


def test_the_remark_goes_when_the_join_takes_the_branch_in() -> None:
    snapshot = opened(BRANCHES).edited([Change(5, 6, [parse_line("concat @b @c @d")])])
    assert unread(snapshot) == []
    assert unread(snapshot.edited([Change(5, 6, [parse_line("concat @b @c")])])) == [4]


@pytest.mark.parametrize(
    "text",
    [
        "input 8x8x3\nrelu\nrelu\noff relu\n# end",  # the last layer is the output
        "input 8x8x3\na: conv 4 1\nb: relu @a\nconcat @a @x",  # a source that is not there may be b
        "input 8x8x3\na: conv 4 1\nb: relu @a\nconcatt @a @b",  # what does not read may read it
        "input 8x8x3\nrepeat 3 block\n  a: conv 3 1\n  b: relu\n  add @a",
        "input 4\na: dense 4\ninput 4\ncall a",  # its weights are used again
    ],
)
def test_no_remark_on_what_is_read_or_may_be(text: str) -> None:
    assert unread(opened(text)) == []


def test_in_a_block_every_copy_leaves_it_out() -> None:
    assert unread(opened("input 8x8x3\nrepeat 2 block\n  a: conv 3 1\n  b: relu\n  relu @a\n")) == [3]
