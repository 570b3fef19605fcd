"""A layer used again: its weights once, its operations at every call, and what a call may not be."""

from __future__ import annotations

import pytest

from tests.core.blocks import opened
from tui.core.explain import explain
from tui.core.snapshot import Change, Snapshot
from tui.formats.fixes import ways_out
from tui.formats.line import parse_line


def result_of(snapshot: Snapshot, row: int) -> tuple[str, str | None]:
    result = snapshot.result(row)
    assert result is not None
    return result.status, result.message


def params_macs(snapshot: Snapshot, row: int) -> tuple[object, object]:
    result = snapshot.result(row)
    assert result is not None
    return result.counts.params, result.counts.macs


def replaced(snapshot: Snapshot, row: int, text: str) -> Snapshot:
    return snapshot.edited([Change(row, row + 1, [parse_line(text)])])


SIAMESE = "input 8\nleft: dense 8\ncall left\ndense 3\n"


def test_weights_count_once_and_operations_at_every_call() -> None:
    snapshot = opened(SIAMESE)
    # 8*8 + 8 weights once, 8*8 multiplications twice; then 8*3 + 3.
    assert [params_macs(snapshot, row) for row in (1, 2, 3)] == [(72, 64), (0, 64), (27, 24)]
    assert (snapshot.totals.params, snapshot.totals.macs) == (99, 152)
    assert snapshot.totals.complete
    assert explain(snapshot, 2).notes == ("the weights are those of #1 and count there",)


def test_a_call_of_a_call_is_a_call_of_its_owner() -> None:
    snapshot = opened("input 8\na: dense 8\nb: call a\ncall b\n")
    assert [params_macs(snapshot, row) for row in (1, 2, 3)] == [(72, 64), (0, 64), (0, 64)]
    assert explain(snapshot, 3).notes == ("the weights are those of #1 and count there",)


def test_a_convolution_may_be_called_on_a_map_of_another_extent() -> None:
    snapshot = opened("input 16x16x4\na: conv 4 3 padding=same bias=false\nmaxpool 2\ncall a\n")
    # 3*3*4*4 weights, at 16x16 positions and then at 8x8.
    assert (snapshot.totals.params, snapshot.totals.macs) == (144, 144 * 256 + 144 * 64)


def test_other_weights_are_refused_with_both_shapes_and_a_way_out() -> None:
    snapshot = opened("input 8\na: dense 4\ncall a\n")
    status, message = result_of(snapshot, 2)
    assert status == "error"
    assert "its kernel is 8x4, here it would have to be 4x4" in str(message)
    assert not snapshot.totals.complete
    assert [way.text for way in ways_out(snapshot, 2)] == ["dense 4", ""]


def test_weights_that_depend_on_symbols_are_compared_as_such() -> None:
    assert result_of(opened("input n\na: dense n\ncall a\n"), 2)[0] == "ok"
    assert result_of(opened("input n\na: dense m\ncall a\n"), 2)[0] == "error"


@pytest.mark.parametrize(
    ("text", "row", "message"),
    [
        ("input 8\ncall a\n", 1, "no layer above is named a"),
        ("input 8\nstem: dense 8\ncall sten\n", 2, "did you mean call stem?"),
        ("input 8\ncall a\na: dense 8\n", 1, "call a stands below this layer"),
        ("input 8\na: call a\n", 1, "call a is this layer itself"),
        ("input 8\noff a: dense 8\ncall a\n", 2, "a is skipped; take it in again"),
        ("x: input 8\nrelu\ncall x\n", 2, "x reads no layer"),
        ("input 8\na: call b\ncall a\n", 2, "a calls no layer itself"),
        ("input 8\na: dense 8\ncall a @a @a\n", 2, "dense reads at most 1, it is given 2"),
        ("x: input 8\na: add @x\ncall a\n", 2, "add joins 2 or more layers, it has 1"),
    ],
)
def test_a_call_that_cannot_be_says_why(text: str, row: int, message: str) -> None:
    status, said = result_of(opened(text), row)
    assert status == "error"
    assert message in str(said)


def test_a_merging_layer_called_with_one_source_takes_the_layer_above_too() -> None:
    snapshot = opened("x: input 8\na: concat @x\nrelu\ncall a @x\n")
    # 8 + 8 in the first place, 16 + 8 in the second.
    assert snapshot.result(3).outputs[0].shape == (1, 24)


def test_a_call_waits_for_an_owner_that_has_an_error() -> None:
    snapshot = opened("x: input 8x8x1\na: conv 4 9\ncall a @x\nflatten\n")
    assert [result_of(snapshot, row)[0] for row in (1, 2, 3)] == ["error", "waiting", "waiting"]
    assert [snapshot.waits_for(row) for row in (2, 3)] == [1, 1]


def test_edits_of_the_owner_reach_its_calls() -> None:
    snapshot = opened("x: input 8\na: dense 8\nb: call a @x\ndense 8\n")
    snapshot.inference.results()
    wide = replaced(snapshot, 1, "a: dense 16")
    assert params_macs(wide, 2) == (0, 128)
    assert wide.inference.log == [1, 2]
    assert wide.totals.params == (8 * 16 + 16) + (16 * 8 + 8)
    other = replaced(replaced(wide, 1, "a: cnv 16"), 1, "a: embedding 10 4")
    assert result_of(other, 2)[0] == "ok"
    assert other.totals.macs == Snapshot.of(list(other.lines)).totals.macs


def test_another_name_in_a_call_calls_the_other_layer() -> None:
    snapshot = opened("x: input 8\na: dense 8\nb: dense 4 @x\ncall a @x\n")
    assert params_macs(snapshot, 3) == (0, 64)
    assert params_macs(replaced(snapshot, 3, "call b @x"), 3) == (0, 32)


def test_in_a_block_each_copy_calls_its_own_layer_or_all_call_one_above() -> None:
    own = opened("set bias=false\ninput 8\nrepeat 3 b\n    a: dense 8\n    call a\n")
    assert (own.totals.params, own.totals.macs) == (3 * 64, 6 * 64)
    one = opened("set bias=false\ninput 8\na: dense 8\nrepeat n b\n    call a\n")
    assert (str(one.totals.params), str(one.totals.macs)) == ("64", "64*n + 64")
    below = opened("set bias=false\ninput 8\nrepeat 2 b\n    a: dense 8\ncall a\ncall b.0.a\n")
    owners = [below.inference.lines[below.inference.wiring.calls[below.copies(row)[0]]].name for row in (4, 5)]
    assert owners == ["b.1.a", "b.0.a"]
    assert explain(below, 4).notes == ("the weights are those of #1 and count there",)


def test_readers_wait_for_a_named_line_that_does_not_read_and_follow_when_it_does() -> None:
    snapshot = opened("input 8x8x3\na: convo 3 3x3\nrelu\nadd @a\ncall a")
    assert [snapshot.waits_for(row) for row in (2, 3, 4)] == [1, 1, 1]
    assert snapshot.result(4).message is None
    mended = snapshot.edited([Change(1, 2, [parse_line("a: conv 3 3x3 padding=same")])])
    assert [mended.result(row).status for row in (2, 3, 4)] == ["ok", "ok", "ok"]
    again = mended.edited([Change(1, 2, [parse_line("a: convo 3 3x3")])])
    assert [again.result(row).status for row in (1, 2, 3, 4)] == ["error", "waiting", "waiting", "waiting"]
