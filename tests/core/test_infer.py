"""Incremental inference: always what a computation from nothing gives, and no more work than promised."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui.core.context import Context
from tui.core.network import Line
from tui.core.propagation import Propagation
from tui.core.rows import Rows
from tui.core.snapshot import Change, Snapshot, difference
from tui.formats.document import parse_document
from tui.formats.line import parse_line

CODES = (
    "input 16x16x4", "input Hx16x4", "input 8", "conv 8 3", "conv 8 3 padding=same", "conv 4 3 stride=2 bias=false",
    "conv n 1", "conv k 3 padding=1", "conv 8 30", "maxpool 2", "maxpool 2 return_indices=true", "flatten", "dense 10",
    "dense n", "dense k//2", "add", "concat", "add @a", "concat @b", "conv 8 3 groups=3",
    "call a", "call b @c", "conv 8 3 tied=@a", "dense 10 tied=kernel@b,bias@c", "dense 10 tied=bias",
)  # fmt: skip
OTHERS = (
    "", "# a note", "nonsense 3", "conv", "set batch=2", "set bias=false", "set data_format=channels_first",
    "set counting=pytorch", "let n = 4", "let n = k + 1", "let k = 2*n", "let n = 0", "let k = 1//n", "set batch=0",
    "let n", "repeat 0", "off conv 5 3",
)  # fmt: skip


@st.composite
def lines(draw: st.DrawFn) -> Line:
    if draw(st.integers(0, 4)) == 0:
        return parse_line(draw(st.sampled_from(OTHERS)))
    name = draw(st.sampled_from(("", "", "a: ", "b: ", "c: ")))
    source = draw(st.sampled_from(("", "", "", " @a", " @b", " @c", " @a @b", " @a:1")))
    off = draw(st.sampled_from(("", "", "", "", "off ")))
    return parse_line(f"{off}{name}{draw(st.sampled_from(CODES))}{source}")


def view(snapshot: Snapshot) -> dict[str, Any]:
    """All that can be seen of a version."""
    rows = []
    for row in range(len(snapshot.lines)):
        result = snapshot.result(row)
        rows.append(
            (
                snapshot.lines[row].text,
                snapshot.number(row),
                snapshot.sources(row) if result is not None else None,
                snapshot.waits_for(row) if result is not None and result.status == "waiting" else None,
                snapshot.field(row),
                result
                and (result.status, result.message, result.failed, result.outputs, result.inputs, result.counts,
                     [(fix.label, fix.text) for fix in result.fixes]),
            )
        )  # fmt: skip
    return {
        "rows": rows,
        "totals": snapshot.totals,
        "peak": snapshot.peak,
        "symbols": snapshot.symbols,
        "shown": list(snapshot.shown),
        "facts": snapshot.facts,
    }


def ask(snapshot: Snapshot, data: st.DataObject) -> None:
    """A few questions in any order, as a screen asks them: they must not change any answer."""
    for question in data.draw(st.lists(st.sampled_from(("result", "field", "totals", "peak", "shown")), max_size=3)):
        if question in ("result", "field"):
            if len(snapshot.lines):
                getattr(snapshot, question)(data.draw(st.integers(0, len(snapshot.lines) - 1)))
        else:
            getattr(snapshot, question)


@settings(max_examples=120)
@given(st.lists(lines(), max_size=9), st.data())
def test_edits_give_what_a_fresh_start_gives(start: list[Line], data: st.DataObject) -> None:
    head = [parse_line("input 16x16x4")] if data.draw(st.booleans()) else []
    versions = [(Snapshot.of([*head, *start]), [*head, *start])]
    for _ in range(data.draw(st.integers(1, 5))):
        snapshot, plain = data.draw(st.sampled_from(versions))
        ask(snapshot, data)
        changes = []
        edited = list(plain)
        cuts = sorted(data.draw(st.lists(st.integers(0, len(plain)), min_size=2, max_size=4)))
        for first, last in reversed(list(zip(cuts[::2], cuts[1::2], strict=False))):
            as_many = data.draw(st.booleans())
            size = {"min_size": last - first, "max_size": last - first} if as_many else {"max_size": 3}
            new = data.draw(st.lists(lines(), **size))
            changes.insert(0, Change(first, last, new))
            edited[first:last] = new
        after = snapshot.edited(changes)
        ask(after, data)
        versions.append((after, edited))
    for snapshot, plain in versions:
        assert list(snapshot.lines) == plain
        assert view(snapshot) == view(Snapshot.of(plain))


@given(st.lists(lines(), max_size=8), st.lists(lines(), max_size=8))
def test_the_difference_of_two_documents_makes_one_of_the_other(old: list[Line], new: list[Line]) -> None:
    snapshot = Snapshot.of(old)
    after = snapshot.edited([difference(snapshot.lines, Rows(new))])
    assert list(after.lines) == new
    assert view(after) == view(Snapshot.of(new))


def opened(*texts: str) -> Snapshot:
    snapshot = Snapshot.of([parse_line(text) for text in texts])
    assert all(result is None or result.outputs for result in snapshot.inference.results())
    return snapshot


def recomputed(snapshot: Snapshot, row: int, text: str) -> list[int]:
    """The rows that are recomputed when one line is replaced and every result is asked for."""
    after = snapshot.edited([Change(row, row + 1, [parse_line(text)])])
    after.inference.results()
    return after.inference.log


CHAIN = ("input 28x28x1", "conv 8 3", "conv 8 3", "conv 8 3", "flatten", "dense 10")


def test_another_number_of_filters_recomputes_the_layer_and_its_reader() -> None:
    assert recomputed(opened(*CHAIN), 1, "conv 9 3") == [1, 2]


def test_an_unchanged_output_stops_at_once() -> None:
    assert recomputed(opened(*CHAIN), 1, "conv 8 3 bias=false") == [1]
    assert recomputed(opened(*CHAIN), 1, "conv 8 3 # with a note") == [1]


def test_a_changed_size_goes_on_to_where_it_no_longer_shows() -> None:
    assert recomputed(opened(*CHAIN), 1, "conv 8 5") == [1, 2, 3, 4, 5]
    assert recomputed(opened(*CHAIN, "dense 5", "dense 6"), 1, "conv 8 5") == [1, 2, 3, 4, 5]


def test_an_edit_of_a_branch_leaves_the_other_alone() -> None:
    snapshot = opened(
        "stem: input 28x28x4", "conv 8 3 padding=same", "left: conv 8 3 padding=same", "conv 8 3 padding=same @stem",
        "conv 8 5 padding=same", "concat @left", "conv 6 1", "flatten",
    )  # fmt: skip
    assert recomputed(snapshot, 3, "conv 7 3 padding=same @stem") == [3, 4]
    assert recomputed(snapshot, 4, "conv 7 5 padding=same") == [4, 5, 6]
    assert recomputed(snapshot, 2, "left: conv 7 3 padding=same") == [2, 5, 6]


def edited_after_all_was_asked(snapshot: Snapshot, first: int, *texts: str) -> Snapshot:
    """Lines replaced in a version of which everything is known already; the answers must be those of a fresh start."""
    view(snapshot)
    after = snapshot.edited([Change(first, first + len(texts), [parse_line(text) for text in texts])])
    assert view(after) == view(Snapshot.of(list(after.lines)))
    return after


def test_a_reader_follows_a_name_to_another_line() -> None:
    snapshot = opened("input 9x9x1", "a: conv 8 3", "b: conv 4 3", "conv 2 1", "conv 1 1 @a")
    # No output changes, and yet row 4 reads another line than before.
    after = edited_after_all_was_asked(snapshot, 1, "b: conv 8 3", "a: conv 4 3")
    assert after.sources(4) == (2,)
    assert after.totals.params == (9 * 8 + 8) + (9 * 8 * 4 + 4) + (4 * 2 + 2) + (4 + 1)


def test_a_call_follows_the_layer_that_it_calls() -> None:
    snapshot = opened("input 8x8x4", "a: conv 4 3", "x: input 6x6x4", "call a @x")
    edited_after_all_was_asked(snapshot, 0, "input 8x8x5")
    edited_after_all_was_asked(snapshot, 1, "a: conv 6 3")
    edited_after_all_was_asked(snapshot, 1, "a: conv 4 30")
    edited_after_all_was_asked(snapshot, 1, "off a: conv 4 3")
    edited_after_all_was_asked(snapshot, 1, "b: conv 4 3")


def test_a_field_follows_a_padding_that_follows_a_size() -> None:
    # 14 positions need 1 of padding, at the end; 15 need 2, one at each end: ceil(n/2) windows of 3, TensorFlow's
    # rule for same. The field of row 1, padded at its end, stays what it was.
    snapshot = opened("input 16x1", "conv 1 3 padding=0:0", "conv 1 3 stride=2 padding=same")
    before = snapshot.field(2)
    after = edited_after_all_was_asked(snapshot, 1, "conv 1 3 padding=0:1").field(2)
    assert before is not None
    assert after is not None
    assert [before.axes[0].start, after.axes[0].start] == [0, -1]


def test_a_field_comes_back_with_its_result() -> None:
    snapshot = Snapshot.of(parse_document("input 16x1\nconv 1 3 padding=0:0\nconv 1 20\nconv 1 1\n"))
    assert snapshot.field(3) is None
    after = edited_after_all_was_asked(snapshot, 1, "conv 1 3 padding=0:9").field(3)
    assert after is not None
    assert after.sizes() == (22,)


def test_a_row_that_is_not_asked_for_is_not_computed() -> None:
    snapshot = opened(*CHAIN)
    after = snapshot.edited([Change(1, 2, [parse_line("conv 8 5")])])
    assert after.inference.log == []
    after.result(2)
    assert after.inference.log == [1, 2]
    assert not after.inference.complete
    assert after.inference.counts() == Snapshot.of(list(after.lines)).inference.counts()
    assert after.inference.complete


def test_an_inserted_line_recomputes_itself_and_what_it_changes() -> None:
    snapshot = opened(*CHAIN)
    after = snapshot.edited([Change(2, 2, [parse_line("conv 8 1")])])
    after.inference.results()
    # The row below is looked at, for it has another row above it, and nothing more.
    assert after.inference.log == [2, 3]


def test_an_old_version_is_still_itself_after_an_edit() -> None:
    snapshot = opened(*CHAIN)
    before = view(snapshot)
    after = snapshot.edited([Change(1, 2, [parse_line("conv 99 5")])])
    after.inference.results()
    assert view(snapshot) == before
    assert snapshot.inference.log == []


def test_equal_layers_on_equal_inputs_share_one_result() -> None:
    snapshot = opened(*CHAIN, "dense 10", "dense 10")
    assert snapshot.result(6) is snapshot.result(7)


def test_a_result_of_long_ago_is_found_again() -> None:
    snapshot = opened(*CHAIN)
    first = snapshot.result(1)
    after = snapshot.edited([Change(1, 2, [parse_line("conv 9 3")])])
    again = after.edited([Change(1, 2, [parse_line("conv 8 3")])])
    assert again.result(1) is first


@pytest.mark.parametrize("changed", [1, 300])
def test_totals_are_kept_by_differences_and_counted_anew_beyond(changed: int) -> None:
    texts = ["input 64x64x8", *["conv 8 3 padding=same"] * 400]
    snapshot = opened(*texts)
    assert snapshot.totals.params == 400 * (3 * 3 * 8 * 8 + 8)
    after = snapshot.edited([Change(1, 1 + changed, [parse_line("conv 8 1 padding=same")] * changed)])
    assert after.totals.params == (400 - changed) * 584 + changed * (8 * 8 + 8)


def test_several_changes_far_apart_are_one_edit() -> None:
    snapshot = opened(*CHAIN)
    after = snapshot.edited([Change(4, 5, []), Change(1, 2, []), Change(6, 6, [parse_line("dense 3")])])
    assert [line.text for line in after.lines] == ["input 28x28x1", "conv 8 3", "conv 8 3", "dense 10", "dense 3"]
    assert view(after) == view(Snapshot.of(list(after.lines)))


def test_rows_that_wait_name_the_row_they_wait_for() -> None:
    snapshot = Snapshot.of(parse_document("input 8x8x1\nconv 4 30\nmaxpool 2\nflatten\nadd @gone\n"))
    statuses = [result.status for row in range(5) if (result := snapshot.result(row)) is not None]
    assert statuses == ["ok", "error", "waiting", "waiting", "error"]
    assert snapshot.waits_for(2) == snapshot.waits_for(3) == 1


def test_bindings_that_cannot_be_computed_leave_their_symbol_free() -> None:
    text = "let n = 0\nlet k = 8//n\nlet a = b + 1\nlet b = a\nlet c = 2*d\nlet d = 5\nlet e = a\ninput 9\ndense k*c\n"
    snapshot = Snapshot.of(parse_document(text))
    assert snapshot.facts.bindings == {"n": 0, "c": 10, "d": 5}
    assert str(snapshot.totals.params) == "100*k"
    assert snapshot.symbols["k"] is None


def test_a_long_chain_of_bindings_is_resolved() -> None:
    text = "\n".join([*(f"let s{i} = s{i + 1} + 1" for i in range(3_000)), "let s3000 = 1"])
    assert Snapshot.of(parse_document(text)).facts.bindings["s0"] == 3_001


def test_a_total_too_long_to_write_is_a_lower_bound() -> None:
    text = "\n".join(["set bias=false", "input 1", *(f"dense n{i} @x" if i else "x: dense 1" for i in range(2_100))])
    snapshot = Snapshot.of(parse_document(text))
    assert not snapshot.totals.complete
    # 2,000 terms are written: the one weight of x and 1,999 of the 2,099 symbols.
    assert snapshot.inference.counts().missing == 100


def test_the_memo_forgets_when_it_is_full(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui.core.context.MEMO", 2)
    texts = ["input 64x64x3", *(f"conv {i} 1" for i in range(1, 9))]
    assert view(opened(*texts)) == view(opened(*texts))
    context = opened(*texts).inference.context
    assert isinstance(context, Context)
    assert sum(map(len, context.memo.values())) <= 3  # one more than the limit, and it is emptied


def test_a_propagation_asks_each_dirty_row_once() -> None:
    chain = Propagation(Rows([0, 0, 0, 0]), 4, (2, 0))
    asked: list[int] = []

    def compute(row: int) -> int:
        asked.append(row)
        return 1

    chain.advance(9, compute, lambda row: [row + 1] if row < 3 else [], lambda old, new: old == new)
    assert asked == [0, 1, 2, 3]
    assert list(chain.values) == [1, 1, 1, 1]
    assert chain.first_dirty == 4
