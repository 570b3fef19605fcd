"""The store against a model of its history: a list of versions and a place in it."""

from __future__ import annotations

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tui.core.edits import Edit, delete, insert, move, replace, replace_all
from tui.core.errors import EditError
from tui.core.snapshot import Change, Snapshot
from tui.core.store import HISTORY, MERGE_SECONDS, ModelStore
from tui.formats.document import parse_document
from tui.formats.line import parse_line

TEXTS = ("conv 8 3", "conv 9 3", "dense 10", "flatten", "# note", "", "let n = 3", "set batch=2", "dense n", "wrong")
START = "input 28x28x1\nconv 8 3\nflatten\ndense 10\n"


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def texts(snapshot: Snapshot) -> list[str]:
    return [line.text for line in snapshot.lines]


class History(RuleBasedStateMachine):
    """Versions are compared by identity: undo and redo bring back the very snapshot."""

    @initialize()
    def start(self) -> None:
        self.clock = Clock()
        self.store = ModelStore(parse_document(START), clock=self.clock)
        self.versions = [self.store.snapshot]
        self.contents = [texts(self.store.snapshot)]
        self.at = 0
        self.merging: tuple[str, float] | None = None
        self.saved = self.contents[0]
        self.told = 0
        self.preview: Snapshot | None = None
        self.store.subscribe(self.on_change)

    def on_change(self, store: ModelStore) -> None:
        assert store is self.store
        self.told += 1

    def made(self, edit: Edit, content: list[str]) -> None:
        before = self.told
        merges = (
            self.merging is not None
            and edit.merge == self.merging[0]
            and self.clock.now - self.merging[1] < MERGE_SECONDS
            and self.at > 0
        )
        snapshot = self.store.apply(edit)
        assert self.told == before + 1
        keep = self.at if merges else self.at + 1
        self.versions[keep:] = [snapshot]
        self.contents[keep:] = [content]
        self.at = keep
        self.merging = (edit.merge, self.clock.now) if edit.merge is not None else None
        self.preview = None

    @rule(
        row=st.integers(0, 20), text=st.sampled_from(TEXTS), merge=st.sampled_from([None, "a", "b"]),
        wait=st.sampled_from([0.0, 0.3, MERGE_SECONDS - 0.01, MERGE_SECONDS, 2.0]),
    )  # fmt: skip
    def replace_line(self, row: int, text: str, merge: str | None, wait: float) -> None:
        content = list(self.contents[self.at])
        if content:
            row %= len(content)
            self.clock.now += wait
            content[row] = parse_line(text).text
            self.made(replace(self.store.committed, row, parse_line(text), merge=merge), content)

    @rule(row=st.integers(0, 20), some=st.lists(st.sampled_from(TEXTS), min_size=1, max_size=3))
    def insert_lines(self, row: int, some: list[str]) -> None:
        content = list(self.contents[self.at])
        row %= len(content) + 1
        new = [parse_line(text) for text in some]
        content[row:row] = [line.text for line in new]
        self.made(insert(self.store.committed, row, new), content)

    @rule(first=st.integers(0, 20), count=st.integers(1, 4))
    def delete_lines(self, first: int, count: int) -> None:
        snapshot = self.store.committed
        content = self.contents[self.at]
        if content:
            first %= len(content)
            last = min(first + count, len(content)) - 1
            gone = {row for row in range(first, last + 1) if snapshot.lines[row].shown}
            if gone:
                kept = [text for row, text in enumerate(content) if row not in gone]
                self.made(delete(snapshot, first, last), kept)
            else:
                with pytest.raises(EditError):
                    delete(snapshot, first, last)

    @rule(some=st.lists(st.sampled_from(TEXTS), max_size=6))
    def replace_all_lines(self, some: list[str]) -> None:
        new = [parse_line(text) for text in some]
        self.made(replace_all(self.store.committed, new), [line.text for line in new])

    @rule(row=st.integers(0, 20), text=st.sampled_from(TEXTS))
    def show_preview(self, row: int, text: str) -> None:
        committed = self.store.committed
        if len(committed.lines):
            edit = replace(committed, row % len(committed.lines), parse_line(text))
            before = self.told
            self.preview = self.store.preview(edit)
            assert self.told == before + 1

    @rule()
    def end_preview(self) -> None:
        self.store.preview(None)
        self.preview = None

    @rule(by=st.sampled_from([-1, 1]))
    def step(self, by: int) -> None:
        possible = 0 <= self.at + by < len(self.versions)
        before = self.told
        done = self.store.undo() if by < 0 else self.store.redo()
        assert done is possible
        assert self.told == before + possible
        if possible:
            self.at += by
            self.merging = None
            self.preview = None

    @rule(at=st.integers(-1, 30))
    def jump(self, at: int) -> None:
        possible = 0 <= at < len(self.versions) and at != self.at
        assert self.store.jump(at) is possible
        if possible:
            self.at = at
            self.merging = None
            self.preview = None

    @rule()
    def save(self) -> None:
        self.store.mark_saved()
        self.saved = self.contents[self.at]

    @invariant()
    def the_store_shows_the_model(self) -> None:
        store = self.store
        assert store.committed is self.versions[self.at]
        assert store.snapshot is (self.preview or self.versions[self.at])
        assert [step.snapshot for step in store.steps] == self.versions
        assert all(a.snapshot is b for a, b in zip(store.steps, self.versions, strict=True))
        assert texts(store.committed) == self.contents[self.at]
        assert store.at == self.at
        assert store.unsaved is (self.contents[self.at] != self.saved)

    @precondition(lambda self: self.at > 0)
    @invariant()
    def what_is_shown_is_computed_right(self) -> None:
        assert self.store.committed.totals == Snapshot.of(list(self.store.committed.lines)).totals


History.TestCase.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)
TestHistory = History.TestCase


def test_the_history_holds_500_steps() -> None:
    store = ModelStore(parse_document(START))
    second = None
    for i in range(HISTORY + 1):
        snapshot = store.apply(replace(store.snapshot, 3, parse_line(f"dense {i + 11}")))
        second = second or snapshot
    assert len(store.steps) == HISTORY + 1 == 501
    undone = 0
    while store.undo():
        undone += 1
    assert undone == 500
    assert store.snapshot is second
    assert not store.undo()


def test_undo_recomputes_nothing() -> None:
    store = ModelStore(parse_document(START))
    before = [store.snapshot.result(row) for row in range(4)]
    store.apply(replace(store.snapshot, 1, parse_line("conv 9 5")))
    store.snapshot.inference.results()
    assert store.snapshot.inference.log == [1, 2, 3]
    store.undo()
    assert [store.snapshot.result(row) for row in range(4)] == before
    assert store.snapshot.inference.log == []
    store.redo()
    assert store.snapshot.inference.complete


def test_quick_number_keys_are_one_step() -> None:
    clock = Clock()
    store = ModelStore(parse_document(START), clock=clock)
    for filters in (9, 10, 11, 12):
        clock.now += MERGE_SECONDS - 0.05
        store.apply(replace(store.snapshot, 1, parse_line(f"conv {filters} 3"), merge="number 1"))
    assert len(store.steps) == 2
    clock.now += MERGE_SECONDS + 0.05
    store.apply(replace(store.snapshot, 1, parse_line("conv 13 3"), merge="number 1"))
    assert len(store.steps) == 3
    store.undo()
    assert store.snapshot.lines[1].text == "conv 12 3"
    store.undo()
    assert store.snapshot.lines[1].text == "conv 8 3"


def test_a_preview_is_no_version() -> None:
    store = ModelStore(parse_document(START))
    committed = store.committed
    shown = store.preview(replace(store.committed, 1, parse_line("conv 9 3")))
    assert shown is store.snapshot
    assert shown is not committed
    assert store.committed is committed
    assert not store.unsaved
    assert store.preview(None) is committed
    assert committed.totals.params == 8 * 9 + 8 + (26 * 26 * 8) * 10 + 10


def test_subscribers_come_and_go() -> None:
    store = ModelStore(parse_document(START))
    told: list[str] = []
    leave = store.subscribe(lambda _: told.append("first"))
    store.subscribe(lambda _: told.append("second"))
    store.apply(replace(store.snapshot, 1, parse_line("conv 9 3")))
    leave()
    store.undo()
    store.undo()
    assert told == ["first", "second", "second"]


def test_another_document_has_a_history_of_its_own() -> None:
    store = ModelStore(parse_document(START))
    store.apply(replace(store.snapshot, 1, parse_line("conv 9 3")))
    store.reset(parse_document("input 3\n"), "open other")
    assert texts(store.snapshot) == ["input 3"]
    assert not store.undo()
    assert not store.unsaved
    assert [step.label for step in store.steps] == ["open other"]


def test_the_cursor_goes_where_something_changed() -> None:
    store = ModelStore(parse_document(START))
    store.apply(replace(store.snapshot, 3, parse_line("dense 11")))
    store.apply(replace(store.snapshot, 1, parse_line("conv 9 3")))
    assert store.cursor == 1
    store.undo()
    assert store.cursor == 1
    store.undo()
    assert store.cursor == 3
    store.redo()
    assert store.cursor == 3


def test_a_file_that_holds_nothing_is_unsaved() -> None:
    store = ModelStore(parse_document(START))
    store.mark_unsaved()
    assert store.unsaved


def test_lines_move_past_shown_lines() -> None:
    store = ModelStore(parse_document("input 8x8x1\nconv 1 1\n\nconv 2 1\nconv 3 1\n"))
    store.apply(move(store.snapshot, 1, 1, down=True))
    assert texts(store.snapshot) == ["input 8x8x1", "", "conv 2 1", "conv 1 1", "conv 3 1"]
    assert store.cursor == 3
    store.apply(move(store.snapshot, 3, 4, down=False))
    assert texts(store.snapshot) == ["input 8x8x1", "", "conv 1 1", "conv 3 1", "conv 2 1"]
    with pytest.raises(EditError):
        move(store.snapshot, 4, 4, down=True)
    with pytest.raises(EditError):
        move(store.snapshot, 0, 0, down=False)


def test_an_insertion_outside_is_refused() -> None:
    store = ModelStore(parse_document(START))
    with pytest.raises(EditError):
        insert(store.snapshot, 6, [parse_line("dense 1")])


def test_an_edit_can_hold_several_changes() -> None:
    store = ModelStore(parse_document(START))
    edit = Edit("two", (Change(3, 4, [parse_line("dense 2")]), Change(1, 2, [])), 1)
    store.apply(edit)
    assert texts(store.snapshot) == ["input 28x28x1", "flatten", "dense 2"]
    assert store.steps[-1].label == "two"
