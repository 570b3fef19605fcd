"""Chunked rows against a plain list, with forks that must not see each other's changes."""

from __future__ import annotations

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from tui.core.rows import CHUNK, Rows


class Forks(RuleBasedStateMachine):
    """Several versions of one list, each with the plain list that it must equal."""

    @initialize(length=st.sampled_from([0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK]))
    def start(self, length: int) -> None:
        self.fresh = length
        self.versions: list[tuple[Rows[int], list[int]]] = [(Rows(range(length)), list(range(length)))]

    def next_items(self, count: int) -> list[int]:
        self.fresh += count
        return list(range(self.fresh - count, self.fresh))

    @rule(data=st.data())
    def fork(self, data: st.DataObject) -> None:
        rows, plain = data.draw(st.sampled_from(self.versions))
        self.versions.append((rows.fork(), list(plain)))

    @rule(data=st.data())
    def put(self, data: st.DataObject) -> None:
        rows, plain = data.draw(st.sampled_from(self.versions))
        if plain:
            at = data.draw(st.integers(0, len(plain) - 1))
            (item,) = self.next_items(1)
            rows.put(at, item)
            plain[at] = item

    @rule(data=st.data(), count=st.integers(0, 2 * CHUNK + 3))
    def splice(self, data: st.DataObject, count: int) -> None:
        rows, plain = data.draw(st.sampled_from(self.versions))
        first = data.draw(st.integers(0, len(plain)))
        last = data.draw(st.integers(first, len(plain)))
        items = self.next_items(count)
        self.versions.append((rows.spliced(first, last, items), [*plain[:first], *items, *plain[last:]]))

    @rule(data=st.data())
    def splice_as_many(self, data: st.DataObject) -> None:
        rows, plain = data.draw(st.sampled_from(self.versions))
        first = data.draw(st.integers(0, len(plain)))
        last = data.draw(st.integers(first, min(len(plain), first + 5)))
        items = self.next_items(last - first)
        self.versions.append((rows.spliced(first, last, items), [*plain[:first], *items, *plain[last:]]))

    @rule(data=st.data())
    def read(self, data: st.DataObject) -> None:
        rows, plain = data.draw(st.sampled_from(self.versions))
        part = data.draw(st.slices(len(plain)))
        assert rows[part] == plain[part]
        if plain:
            at = data.draw(st.integers(-len(plain), len(plain) - 1))
            assert rows[at] == plain[at]

    @invariant()
    def all_versions_are_their_lists(self) -> None:
        for rows, plain in self.versions:
            assert list(rows) == plain
            assert len(rows) == len(plain)
            assert [item for chunk in rows.chunks() for item in chunk] == plain


Forks.TestCase.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)
TestForks = Forks.TestCase


@pytest.mark.parametrize("at", [3, 7, -4])
def test_a_row_that_is_not_there(at: int) -> None:
    with pytest.raises(IndexError):
        Rows([1, 2, 3])[at]


def test_a_fork_shares_what_is_not_written_to() -> None:
    rows = Rows(range(4 * CHUNK))
    twin = rows.fork()
    twin.put(CHUNK + 5, -1)
    shared = [a is b for a, b in zip(rows.chunks(), twin.chunks(), strict=True)]
    assert shared == [True, False, True, True]


def test_an_insertion_shares_the_chunks_around_it() -> None:
    rows = Rows(range(4 * CHUNK))
    longer = rows.spliced(CHUNK + 5, CHUNK + 5, [-1])
    assert longer.chunks()[0] is rows.chunks()[0]
    assert longer.chunks()[-1] is rows.chunks()[-1]
