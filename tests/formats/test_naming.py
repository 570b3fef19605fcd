"""Names: a new one changes no result, and copies of lines read each other as the lines do."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.blocks import INPUT, computed, document, opened, trees
from tests.core.blocks import Tree as Tree
from tui.core.errors import EditError
from tui.core.snapshot import Snapshot
from tui.formats.edits import duplicate, rename


def results(snapshot: Snapshot) -> list[tuple[Any, ...]]:
    """What is computed, whatever it is called."""
    return [rest for _, *rest in computed(snapshot)]


@settings(max_examples=300)
@given(trees(), st.data())
def test_a_new_name_changes_no_result(tree: Tree, data: st.DataObject) -> None:
    snapshot = opened(f"{INPUT}\n{document(tree)}")
    if any("is taken by" in error.message for error in snapshot.inference.wiring.errors.values()):
        return  # a new name takes this error away
    named = [row for row, line in enumerate(snapshot.lines) if line.name or (line.repeat and line.repeat.name)]
    for row in data.draw(st.permutations(named))[:1]:
        try:
            edit = rename(snapshot, row, "fresh")
        except EditError:
            continue  # it means different layers in different copies
        assert results(snapshot.edited(edit.changes)) == results(snapshot)


@settings(max_examples=60)
@given(trees())
def test_a_copy_of_a_whole_network_below_it_has_no_name_twice(tree: Tree) -> None:
    snapshot = opened(f"{INPUT}\n{document(tree)}")
    copied = snapshot.edited(duplicate(snapshot, 1, len(snapshot.lines) - 1).changes)
    first = [line.name for line in snapshot.lines if line.name]
    second = [line.name for line in copied.lines[len(snapshot.lines) :] if line.name]
    assert not set(first) & set(second)
    assert len(second) == len(set(second)) or len(first) != len(set(first))


def test_a_note_is_not_renamed_nor_read() -> None:
    snapshot = opened("a: input 8\nadd @a @a  # as @a\nconv 3 strid=2 @a  # as @a\nconv 3 strid=2  # as @a\n")
    after = snapshot.edited(rename(snapshot, 0, "b").changes)
    assert [line.text for line in after.lines[:4]] == [
        "b: input 8", "add @b @b  # as @a", "conv 3 strid=2 @b  # as @a", "conv 3 strid=2  # as @a",
    ]  # fmt: skip
