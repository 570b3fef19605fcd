"""Edits of documents with blocks: what a fresh start gives, and no more work than what follows from the edit."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.blocks import INPUT, computed, opened
from tests.core.test_infer import view
from tui.core.edits import Edit
from tui.core.snapshot import Change, Snapshot
from tui.core.store import ModelStore
from tui.formats.document import parse_document
from tui.formats.line import parse_line

CODES = ("    conv 4 3 padding=same", "    a: relu", "    add @a", "relu", "a: conv 4 1", "add @a", "repeat 2 x",
         "repeat n y", "    repeat 3", "        relu", "        b: conv 4 1", "    call a", "call b", "off relu",
         "    off a: relu", "# note", "    conv 4 20", "let n = 3", "set batch=2", "")  # fmt: skip


@settings(max_examples=150)
@given(st.lists(st.sampled_from(CODES), min_size=1, max_size=9), st.data())
def test_edits_give_what_a_fresh_start_gives(start: list[str], data: st.DataObject) -> None:
    texts = [INPUT, *start]
    store = ModelStore([parse_line(text) for text in texts])
    for _ in range(data.draw(st.integers(1, 5))):
        first = data.draw(st.integers(0, len(texts)))
        last = data.draw(st.integers(first, min(first + 2, len(texts))))
        new = data.draw(st.lists(st.sampled_from(CODES), max_size=2))
        before = store.snapshot
        if data.draw(st.booleans()):
            view(before)
        store.apply(edit_of(first, last, new))
        after = store.snapshot
        texts[first:last] = new
        assert [line.text for line in after.lines] == [parse_line(text).text for text in texts]
        assert view(after) == view(Snapshot.of(list(after.lines)))
        assert computed(after) == computed(Snapshot.of(list(after.lines)))
        store.undo()
        assert store.snapshot is before
        store.redo()
        assert store.snapshot is after


def edit_of(first: int, last: int, new: list[str]) -> Edit:
    return Edit("edit", (Change(first, last, [parse_line(text) for text in new]),), first)


def recomputed(text: str, row: int, line: str) -> list[str]:
    """The lines that are recomputed after one is replaced, by their full names."""
    snapshot = opened(text)
    snapshot.inference.results()
    after = snapshot.edited([Change(row, row + 1, [parse_line(line)])])
    after.inference.results()
    return [after.inference.lines[place].name or after.inference.lines[place].text for place in after.inference.log]


CHAIN = "input 8x8x4\nstem: conv 4 3 padding=same\nrepeat 3 b\n    x: conv 4 3 padding=same\n    y: relu\nz: relu\nrepeat 2 c\n    u: conv 4 1\n"  # noqa: E501


def test_an_edit_in_a_block_recomputes_its_copies_and_what_follows_from_them() -> None:
    # The layer of each copy; the relu behind it has the same input as before.
    assert recomputed(CHAIN, 3, "    x: conv 4 5 padding=same") == ["b.0.x", "b.1.x", "b.2.x"]
    # Other outputs reach down to where the channels are mixed again.
    assert recomputed(CHAIN, 1, "stem: conv 5 3 padding=same") == ["stem", "b.0.x"]
    assert recomputed(CHAIN, 7, "    u: conv 5 1") == ["c.0.u", "c.1.u"]
    assert recomputed(CHAIN, 5, "z: tanh") == ["z"]


def test_another_count_recomputes_the_copies_that_come_or_go() -> None:
    assert recomputed(CHAIN, 2, "repeat 4 b") == ["b.3.x", "b.3.y", "z"]
    assert recomputed(CHAIN, 2, "repeat 2 b") == ["z"]


def test_a_head_above_leaves_unnamed_blocks_as_they_are() -> None:
    text = "input 8x8x4\nrelu\nrepeat 3\n    conv 4 1\n    s: relu\n    add @s\n"
    assert recomputed(text, 1, "tanh") == ["tanh"]
    snapshot = opened(text)
    snapshot.inference.results()
    after = snapshot.edited([Change(1, 1, [parse_line("relu")])])
    after.inference.results()
    assert len(after.inference.log) == 2  # the new line, and the one below that has another line above it


def test_a_count_of_a_symbol_is_followed_by_its_binding() -> None:
    store = ModelStore(parse_document("set bias=false\nlet n = 2\ninput 4\nrepeat n\n    dense 4\n"))
    assert store.snapshot.totals.params == 32
    store.apply(edit_of(1, 2, ["let n = 5"]))
    assert store.snapshot.totals.params == 80
    store.apply(edit_of(1, 2, []))
    assert str(store.snapshot.totals.params) == "16*n"
    store.apply(edit_of(2, 3, ["repeat 3"]))
    assert store.snapshot.totals.params == 48
