"""Edits that need text: what each makes of a document, and what each refuses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui.core.argument import MISSING
from tui.core.edits import Edit
from tui.core.errors import EditError
from tui.core.snapshot import Snapshot
from tui.core.store import ModelStore
from tui.formats import edits
from tui.formats.document import parse_document
from tui.formats.numbers import numbers

NET = """\
# title
set data_format=channels_last bias=false  # no bias

input 39x31x1
a: conv 20 4x4 stride=2
b: conv n (k+1)x3 padding=0:1x1 @a
off c: dense n @b
cnv @a
add @a @b
"""


def network(text: str = NET) -> Snapshot:
    return Snapshot.of(parse_document(text.removesuffix("\n")))


def after(edit: Edit, snapshot: Snapshot) -> list[str]:
    return [line.text for line in snapshot.edited(edit.changes).lines]


def changed(make: Callable[..., Edit], *args: Any, text: str = NET, **more: Any) -> dict[int, str]:
    """The lines that an edit makes anew, by their place; the number of lines must stay."""
    snapshot = network(text)
    new = after(make(snapshot, *args, **more), snapshot)
    assert len(new) == len(snapshot.lines)
    return {i: t for i, (t, old) in enumerate(zip(new, snapshot.lines, strict=True)) if t != old.text}


def test_a_setting_rewrites_the_line_that_holds_it_and_keeps_its_note() -> None:
    assert changed(edits.set_setting, "bias", True) == {1: "set data_format=channels_last bias=true  # no bias"}
    assert changed(edits.set_setting, "bias", "true") == {1: "set data_format=channels_last bias=true  # no bias"}


def test_a_new_setting_goes_below_the_comments_and_settings_at_the_top() -> None:
    snapshot = network()
    edit = edits.set_setting(snapshot, "batch", 8, cursor=4)
    assert after(edit, snapshot)[:3] == ["# title", NET.split("\n")[1], "set batch=8"]
    assert edit.cursor == 5  # the same layer, one line lower
    assert after(edits.set_setting(network("input 8"), "batch", 8), network("input 8")) == ["set batch=8", "input 8"]


def test_of_two_lines_for_one_setting_the_one_that_holds_is_rewritten() -> None:
    assert changed(edits.set_setting, "batch", 4, text="set batch=1\nset batch=2\ninput 8") == {1: "set batch=4"}


@pytest.mark.parametrize(("name", "value"), [("batc", 3), ("batch", 0), ("dtype", "float33"), ("bias", "perhaps")])
def test_a_wrong_setting_is_refused(name: str, value: Any) -> None:
    with pytest.raises(EditError):
        edits.set_setting(network(), name, value)


def test_a_symbol_is_bound_rewritten_and_freed() -> None:
    snapshot = network()
    bound = snapshot.edited(edits.bind(snapshot, "n", 10, cursor=4).changes)
    assert bound.lines[2].text == "let n = 10"
    assert bound.facts.bindings == {"n": 10}
    again = bound.edited(edits.bind(bound, "n", "2*m").changes)
    assert again.lines[2].text == "let n = 2*m"
    free = edits.bind(again, "n", None, cursor=5)
    assert [line.text for line in again.edited(free.changes).lines] == [line.text for line in snapshot.lines]
    assert free.cursor == 4


@pytest.mark.parametrize(("symbol", "size"), [("2n", 3), ("max", 3), ("n", "2 +"), ("n", ""), ("zz", None)])
def test_a_wrong_binding_is_refused(symbol: str, size: Any) -> None:
    with pytest.raises(EditError):
        edits.bind(network(), symbol, size)


def test_layers_are_skipped_and_taken_back_together() -> None:
    assert changed(edits.toggle_off, 4, 6) == {
        4: "off a: conv 20 4x4 stride=2",
        5: "off b: conv n (k+1)x3 padding=0:1x1 @a",
    }
    assert changed(edits.toggle_off, 6, 6) == {6: "c: dense n @b"}
    with pytest.raises(EditError, match="no layer"):
        edits.toggle_off(network(), 0, 2)


def test_a_new_name_reaches_every_reader_the_skipped_and_the_unread_ones_too() -> None:
    assert changed(edits.rename, 4, "stem") == {
        4: "stem: conv 20 4x4 stride=2",
        5: "b: conv n (k+1)x3 padding=0:1x1 @stem",
        7: "cnv @stem",
        8: "add @stem @b",
    }
    assert changed(edits.rename, 5, "a2")[6] == "off c: dense n @a2"


def test_a_renamed_second_owner_of_a_name_leaves_the_readers_with_the_first() -> None:
    text = "input 8\na: dense 3\na: dense 3\nadd @a"
    assert changed(edits.rename, 2, "b", text=text) == {2: "b: dense 3"}


@pytest.mark.parametrize("name", ["b", "12", "two words", "a:b", "@a", "off", "a#b"])
def test_a_name_that_is_taken_or_none_is_refused(name: str) -> None:
    with pytest.raises(EditError):
        edits.rename(network(), 4, name)


def test_a_name_that_is_read_cannot_be_taken_away() -> None:
    with pytest.raises(EditError, match="reads @a"):
        edits.rename(network(), 4, None)
    assert changed(edits.rename, 6, "") == {6: "off dense n @b"}


def test_arguments_change_in_the_line() -> None:
    assert changed(edits.with_args, 4, {"filters": 40, "stride": MISSING}) == {4: "a: conv 40 4x4"}
    with pytest.raises(EditError, match="no argument"):
        edits.with_args(network(), 4, {"filter": 40})
    for row in (0, 99):  # a note, and beyond the list
        with pytest.raises(EditError, match="this line is no layer"):
            edits.with_args(network(), row, {"filters": 40})
    with pytest.raises(EditError, match="at least 1"):
        edits.with_args(network(), 4, {"filters": 0})


def test_copies_get_names_of_their_own_and_read_each_other() -> None:
    snapshot = network()
    edit = edits.duplicate(snapshot, 4, 5)
    assert after(edit, snapshot)[6:8] == ["a2: conv 20 4x4 stride=2", "b2: conv n (k+1)x3 padding=0:1x1 @a2"]
    assert edit.cursor == 6
    text = "input 8\nblock9: dense 3\nblock10: dense 3"
    assert after(edits.duplicate(network(text), 1, 1), network(text))[2] == "block11: dense 3"


def test_pasted_lines_go_below_the_row_with_any_line_ends() -> None:
    snapshot = network("input 8\na: dense 3")
    pasted = after(edits.paste(snapshot, 0, "a: dense 4\r\nrelu\radd @a\n"), snapshot)
    assert pasted == ["input 8", "a2: dense 4", "relu", "add @a2", "a: dense 3"]
    assert after(edits.paste(snapshot, -1, "# top"), snapshot)[0] == "# top"
    with pytest.raises(EditError, match="nothing to paste"):
        edits.paste(snapshot, 0, " \n\n")


def test_the_numbers_of_a_line_are_found_where_they_stand() -> None:
    line = network().lines[5]
    found = [(line.code[a:b], name, position) for (a, b), name, position in numbers(line)]
    assert found == [
        ("n", "filters", 0), ("(k+1)", "kernel", 0), ("3", "kernel", 1),
        ("0", "padding", 0), ("1", "padding", 1), ("1", "padding", 2),
    ]  # fmt: skip
    shape = network().lines[3]
    assert [shape.code[a:b] for (a, b), *_ in numbers(shape)] == ["39", "31", "1"]
    skipped = network().lines[6]
    assert [skipped.code[a:b] for (a, b), *_ in numbers(skipped)] == ["n"]
    assert numbers(network().lines[7]) == ()


@pytest.mark.parametrize(
    ("row", "index", "change", "text"),
    [
        (3, 0, 1, "input 40x31x1"),
        (4, 0, "double", "a: conv 40 4x4 stride=2"),
        (4, 1, "halve", "a: conv 20 2x4 stride=2"),
        (4, 3, -1, "a: conv 20 4x4 stride=1"),
        (5, 0, 1, "b: conv n+1 (k+1)x3 padding=0:1x1 @a"),
        (5, 0, "double", "b: conv 2*n (k+1)x3 padding=0:1x1 @a"),
        (5, 1, -1, "b: conv n kx3 padding=0:1x1 @a"),
        (5, 2, "double", "b: conv n (k+1)x6 padding=0:1x1 @a"),
        (5, 3, 1, "b: conv n (k+1)x3 padding=1:1x1 @a"),
        (6, 0, "halve", "off c: dense n//2 @b"),
    ],
)
def test_a_number_is_stepped(row: int, index: int, change: Any, text: str) -> None:
    assert changed(edits.step_number, row, index, change) == {row: text}


@pytest.mark.parametrize(("row", "index", "change"), [(3, 2, -1), (3, 2, "halve"), (5, 3, "double"),
                                                      (4, 9, 1), (7, 0, 1), (0, 0, 1)])  # fmt: skip
def test_a_step_below_the_bound_or_of_nothing_is_refused(row: int, index: int, change: Any) -> None:
    with pytest.raises(EditError):
        edits.step_number(network(), row, index, change)


def test_quick_steps_of_one_number_are_one_undo_step() -> None:
    store = ModelStore(parse_document(NET.removesuffix("\n")), clock=lambda: 0.0)
    for _ in range(5):
        store.apply(edits.step_number(store.snapshot, 4, 0, 1))
    store.apply(edits.step_number(store.snapshot, 4, 1, 1))
    assert store.snapshot.lines[4].text == "a: conv 25 5x4 stride=2"
    assert len(store.steps) == 3
    store.undo()
    store.undo()
    assert store.snapshot.lines[4].text == "a: conv 20 4x4 stride=2"


@settings(max_examples=60, deadline=None)
@given(st.integers(3, 8), st.integers(0, 8), st.sampled_from([1, -1, "double", "halve"]))
def test_a_step_changes_one_size_and_nothing_else(row: int, index: int, change: Any) -> None:
    snapshot = network()
    try:
        edit = edits.step_number(snapshot, row, index, change)
    except EditError:
        return
    old, new = snapshot.lines[row], edit.changes[0].lines[0]
    assert old.spec is not None
    assert new.spec is not None
    moved = [name for name in old.spec.args if old.spec.args[name] != new.spec.args[name]]
    assert moved == [numbers(old)[index].argument]
    assert (new.name, new.sources, new.off, new.note) == (old.name, old.sources, old.off, old.note)
