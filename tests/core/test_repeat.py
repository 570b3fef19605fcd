"""Repeated blocks: what a document with ``repeat`` gives is what the same lines written out by hand give."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import given, settings

from tests.core.blocks import INPUT, Tree, by_hand, computed, document, opened, trees
from tui.core.errors import did_you_mean
from tui.core.size import bind
from tui.core.unroll import UNROLL


@settings(max_examples=150)
@given(trees())
def test_a_block_is_the_same_lines_written_out(tree: Tree) -> None:
    blocks, plain = opened(f"{INPUT}\n{document(tree)}"), opened("\n".join([INPUT, *by_hand(tree)]))
    assert computed(blocks) == computed(plain)
    assert blocks.totals == plain.totals
    assert (blocks.peak.bytes, blocks.peak.held, blocks.peak.complete) == (
        plain.peak.bytes,
        plain.peak.held,
        plain.peak.complete,
    )
    assert blocks.at_peak is None or plain.at_peak is None or blocks.at_peak.outputs == plain.at_peak.outputs


def test_a_receptive_field_grows_with_every_copy_and_is_unknown_below_a_symbolic_block() -> None:
    text = "input 64x1\nrepeat {} block\n    conv 4 3 padding=same\n    relu\nrelu\n"
    # Three windows of 3 with stride 1 read 1 + 3*2.
    assert [opened(text.format(3)).field(row).sizes() for row in (1, 2, 4)] == [(7,), (3,), (7,)]
    assert [opened(text.format("n")).field(row) for row in (1, 4)] == [None, None]


CHANGING = "input 32x32x3\nrepeat {} block\n    conv 4 3\nrelu\n"


def test_a_plain_count_may_change_the_shape() -> None:
    snapshot = opened(CHANGING.format(3))
    assert snapshot.result(1).outputs[0].shape == (1, 26, 26, 4)
    assert snapshot.result(2).outputs[0].shape == (1, 30, 30, 4)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("let n = 0\nrepeat n\n    relu", "at least once, not 0 times"),
        ("let n = 3\nrepeat n - 5\n    relu", "needs a count"),
        ("let n = 3\nrepeat n-5\n    relu", "at least once, not -2 times"),
        ("let k = 0\nrepeat 8//k\n    relu", "cannot be computed: division by zero"),
        ("relu\nrepeat 3", "nothing to repeat"),
        ("relu\nrepeat 3\nrelu", "nothing to repeat"),
        ("relu\nrepeat 3\n    # only a note\nrelu", "nothing to repeat"),
        ("relu\nrepeat 0\n    relu", "at least once"),
        ("relu\nrepeat -4\n    relu", "at least once"),
        ("relu\nrepeat\n    relu", "needs a count"),
    ],
)
def test_a_head_that_is_wrong_says_so_and_the_lines_of_its_block_are_computed(text: str, message: str) -> None:
    snapshot = opened(f"input 8\n{text}\n")
    result = snapshot.result(2)
    assert result is not None
    assert result.status == "error"
    assert message in str(result.message)
    assert not snapshot.totals.complete
    assert not snapshot.peak.complete


def test_symbols_that_go_in_a_circle_leave_the_count_symbolic() -> None:
    snapshot = opened("let n = m\nlet m = n\nset bias=false\ninput 4\nrepeat n\n    dense 4\n")
    assert str(snapshot.totals.params) == "16*n"


def test_counts_of_any_size_are_exact() -> None:
    snapshot = opened("set bias=false\ninput 4\nrepeat 10**18\n    dense 4\nrepeat 2*n+1\n    dense 4\n")
    assert bind(snapshot.totals.params, {"n": 3}) == 16 * (10**18 + 7)


def test_a_count_bounds_its_symbol() -> None:
    snapshot = opened("input 4\nrepeat n-3\n    dense 4\n    repeat 2*k\n        relu\n")
    assert [condition.text for condition in snapshot.conditions] == ["n >= 4"]


def test_a_block_without_a_body_lets_its_neighbours_read_each_other() -> None:
    snapshot = opened("input 8\nrepeat 3\ndense 4\n")
    assert snapshot.result(2).outputs[0].shape == (1, 4)


def test_notes_neither_open_nor_close_a_block() -> None:
    snapshot = opened(
        "set bias=false\ninput 4\nrepeat 3\n    # inside\n    dense 4\n# at the margin\n    dense 4\n# below\n"
    )
    assert snapshot.totals.params == 3 * 2 * 16
    assert snapshot.body(2) == range(3, 7)


def test_a_block_of_skipped_layers_is_skipped() -> None:
    snapshot = opened("input 4\nrepeat 3\n    off dense 5\ndense 6\n")
    assert snapshot.result(1) is snapshot.result(2) is None
    assert snapshot.totals.params == 4 * 6 + 6


def nested(depth: int, count: str) -> str:
    heads = [" " * level + f"repeat {count}" for level in range(depth)]
    return "\n".join(["set bias=false", "input 4", *heads, " " * depth + "dense 4", "relu"])


def test_blocks_are_nested_to_a_limit() -> None:
    assert opened(nested(14, "2")).totals.params == 16 * 2**14
    deep = opened(nested(60, "2"))
    wrong = [
        row for row in range(62) if (r := deep.result(row)) is not None and "nested more than 16" in str(r.message)
    ]
    assert wrong == [18]  # two lines above, and 16 heads that may be
    assert not deep.totals.complete


def test_what_does_not_fit_is_written_out_twice_and_counts_right_all_the_same() -> None:
    snapshot = opened(nested(2, "1000"))
    assert snapshot.totals.params == 16 * 1000**2
    assert len(snapshot.inference.lines) < UNROLL
    assert bind(opened(nested(6, "n")).totals.params, {"n": 3}) == 16 * 3**6


def test_too_many_lines_are_refused_and_not_written() -> None:
    body = "\n".join([*["    dense 4"] * (UNROLL // 2 + 1)])
    snapshot = opened(f"input 4\nrepeat n\n{body}\nrelu\n")
    assert "more than 20,000 lines" in str(snapshot.result(1).message)
    assert len(snapshot.inference.lines) == UNROLL // 2 + 3
    assert "more than 20,000 lines" in str(opened(nested(16, "2")).result(2).message)


def test_an_error_in_a_later_copy_stands_on_its_row() -> None:
    snapshot = opened("input 9x9x1\nrepeat 4 down\n    conv 2 3\nflatten\n")
    # 9 -> 7 -> 5 -> 3 -> 1: the fourth copy still fits, a fifth does not.
    assert snapshot.result(1).status == "ok"
    snapshot = opened("input 9x9x1\nrepeat 5 down\n    conv 2 3\nflatten\n")
    result = snapshot.result(2)
    assert result is not None
    assert result.status == "error"
    assert str(result.message).startswith("in copy 5 of 5: ")
    assert [snapshot.result(row).status for row in (1, 3)] == ["error", "waiting"]
    assert snapshot.result(1).message == "#1 has an error"
    assert snapshot.waits_for(3) == 2


def test_an_error_in_a_copy_that_stands_for_others_is_in_a_later_one() -> None:
    snapshot = opened("input 8\nrepeat 2\n    repeat n\n        relu\n    dense 4\n    add @x\nx: relu\n")
    assert snapshot.result(5).message.startswith("@x stands below")
    snapshot = opened("input 8x8x1\ns: relu\nrepeat 2\n    repeat n\n        add @s\n    maxpool 2\n")
    # 8x8 in the first copy of the outer block, 4x4 in the second.
    assert str(snapshot.result(4).message).startswith("in a later copy: ")


def test_a_waiting_block_waits_for_what_is_above_it() -> None:
    snapshot = opened("input 8\nconv 2 3\nrepeat 3\n    relu\nflatten\n")
    assert snapshot.result(2).status == "waiting"
    assert [snapshot.waits_for(row) for row in (2, 3, 4)] == [1, 1, 1]


def test_names_are_those_of_the_copy_then_of_the_copy_before_then_of_the_lines_above() -> None:
    text = "input 8\nx: dense 3\nrepeat 3 b\n    relu @x\n    x: dense {}\nadd @x\ny: add @b.0.x\n"
    snapshot = opened(text.format(3))
    wiring = snapshot.inference.wiring
    reads = [snapshot.inference.lines[wiring.feeds(place)[0].row].name for place in snapshot.copies(3)]
    assert reads == ["x", "b.0.x", "b.1.x"]
    assert [snapshot.inference.lines[feed.row].name for feed in wiring.feeds(snapshot.copies(5)[0])] == ["b.2.x"] * 2
    assert snapshot.sources(5) == (4, 4)


def test_messages_name_things_as_the_document_does() -> None:
    snapshot = opened("input 8\nrepeat 2 b\n    stem: dense 8\n    add @sten\n    add @tail\n    tail: relu\n")
    assert "did you mean @stem?" in str(snapshot.result(3).message)
    assert "@tail stands below this layer" in str(snapshot.result(4).message)


def test_a_name_that_is_missing_in_every_copy_is_looked_up_once(monkeypatch: pytest.MonkeyPatch) -> None:
    # Looked up anew in each of the copies, against all names of all copies, it would be minutes.
    looked_up: list[str] = []

    def near(name: str, known: Iterable[str]) -> tuple[str, ...]:
        looked_up.append(name)
        return did_you_mean(name, known)

    monkeypatch.setattr("tui.core.wiring.did_you_mean", near)
    snapshot = opened("input 8\nrepeat 50 b\n    x: dense 8\n    add @y\n")
    assert "no layer above is named y" in str(snapshot.result(3).message)
    assert looked_up == ["y"]


def test_one_name_for_two_blocks_is_taken() -> None:
    snapshot = opened("input 8\nrepeat 2 b\n    x: relu\nrepeat 2 b\n    x: relu\n")
    assert "b.0.x is taken by #1" in str(snapshot.result(4).message)
