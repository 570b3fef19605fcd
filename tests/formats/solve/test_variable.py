"""Numbers that become symbols: the results stay what they are, and follow the symbol from then on."""

from __future__ import annotations

import pytest

from tests.samples import WORKED
from tui.core.edits import Edit
from tui.core.errors import EditError
from tui.core.snapshot import Snapshot
from tui.core.store import ModelStore
from tui.formats.document import parse_document
from tui.formats.presets import presets
from tui.formats.solve.variable import default_name, make_factor, make_variable, preview


def snapshot(text: str) -> Snapshot:
    return Snapshot.of(parse_document(text))


def lines(before: Snapshot, edit: Edit) -> list[str]:
    old = [line.text for line in before.lines]
    return [line.text for line in before.edited(edit.changes).lines if line.text not in old]


@pytest.mark.parametrize(
    ("text", "row", "pick", "name", "made"),
    [
        ("input 4\ndense 10\n", 1, 0, "n", ["let n = 10", "dense n"]),
        ("input 4\ndense 10\n", 1, 7, "n", ["let n = 10", "dense n"]),  # the last number, where there is no eighth
        ("input 9x9x1\nconv 20 4x3\n", 1, 0, "f", ["let f = 20", "conv f 4x3"]),
        ("input 9x9x1\nconv 20 4x3\n", 1, 2, "k", ["let k = 3", "conv 20 4xk"]),
        ("input 9x9x1\nconv 20 4x3\n", 1, 1, "xx", ["let xx = 4", "conv 20 (xx)x3"]),
        ("input 9x9x1\nconv 20 4 stride=2\n", 1, 2, "s", ["let s = 2", "conv 20 4 stride=s"]),
        ("input 9x9x1\nconv 20 4 padding=1:2x0:1\n", 1, 3, "p", ["let p = 2", "conv 20 4 padding=1:px0:1"]),
        ("input 28x24x3\n", 0, 1, "W", ["let W = 24", "input 28xWx3"]),
        ("input 4\nrepeat 3 b\n    dense 4\n", 1, 0, "t", ["let t = 3", "repeat t b"]),
        ("input 4\nrepeat 3 b\n    a: dense 4  # why\n", 2, 0, "n", ["let n = 4", "    a: dense n  # why"]),
        # A symbol called s2 would read as a stride, so the argument is named.
        ("input 9x9x1\nconv 20 4\n", 1, 0, "s2", ["let s2 = 20", "conv filters=s2 kernel=4"]),
    ],
)
def test_one_number(text: str, row: int, pick: int, name: str, made: list[str]) -> None:
    before = snapshot(text)
    edit = make_variable(before, row, pick, name)
    after = before.edited(edit.changes)
    assert lines(before, edit) == made
    assert (after.totals, after.peak.bytes) == (before.totals, before.peak.bytes)
    assert after.lines[edit.cursor].text == made[-1]


def test_it_is_one_undo_step() -> None:
    store = ModelStore(parse_document(WORKED))
    store.apply(make_variable(store.committed, 3, 0, "f"))
    assert (store.at, store.steps[1].label) == (1, "filters f = 20")
    store.undo()
    assert not store.unsaved


def test_a_range_gets_a_common_factor() -> None:
    before = snapshot(f"let n = 10\n{WORKED}")
    rows = [row for row in before.shown if before.lines[row].code.startswith(("conv", "maxpool"))]
    edit = make_factor(before, rows, 0, "w")
    assert lines(before, edit) == ["let w = 20", "conv w 4x4", "conv 2*w 3x3", "conv 3*w 3x3", "conv 4*w 2x2"]
    assert preview(edit) == "w = 20; conv w 4x4, conv 2*w 3x3, conv 3*w 3x3, conv 4*w 2x2"
    assert before.edited(edit.changes).totals == before.totals


def test_a_skipped_layer_of_a_range_keeps_its_number() -> None:
    before = snapshot("input 9x9x3\nconv 8 3\noff conv 12 3\nconv 16 3\n")
    edit = make_factor(before, [1, 2, 3], 0, "w")
    assert lines(before, edit) == ["let w = 8", "conv w 3", "conv 2*w 3"]


def test_a_percentage_of_each() -> None:
    before = snapshot("input 9x9x3\nconv 7 3\nconv 25 3\ndense 10\n")
    edit = make_factor(before, [1, 2], 0, "w%")
    assert lines(before, edit) == ["let w = 100", "conv (7*w)//100 3", "conv w//4 3"]
    assert before.edited(edit.changes).totals == before.totals


def test_depthwise_groups_follow_and_other_arguments_can_be_chosen() -> None:
    before = snapshot("input 8x8x8\nconv 16 3\nconv 16 3 groups=16\n")
    assert lines(before, make_factor(before, [1, 2], 0, "w")) == ["let w = 16", "conv w 3", "conv w 3 groups=w"]
    assert lines(before, make_factor(before, [1, 2], 1, "k")) == ["let k = 3", "conv 16 k", "conv 16 k groups=16"]


@pytest.mark.parametrize("name", ["vgg-16", "resnet-18", "unet", "alexnet", "inception-v1", "ds-cnn"])
def test_real_networks_keep_their_results(name: str) -> None:
    before = snapshot(f"let n = 10\n{presets()[name].text}")
    for word in ("ww", "ww%"):
        rows = list(before.shown)
        first = next(i for i, row in enumerate(rows) if before.lines[row].code.count("conv"))
        edit = make_factor(before, rows[first:], 0, word)
        after = before.edited(edit.changes)
        assert after.totals == before.totals
        assert after.symbols["ww"] is not None


@pytest.mark.parametrize(
    ("text", "row", "name", "said"),
    [
        ("input 4\ndense n\n", 1, "k", "units holds n already"),
        ("input 4\nrelu\n", 1, "k", "no number here"),
        ("input 4\ndense 4\n", 1, "2k", "cannot be a symbol"),
        ("input 4\ndense 4\n", 1, "", "cannot be a symbol"),
        ("input 4\ndense 4\n", 1, "max", "cannot be a symbol"),
        ("input 4\ndense 4\ndense n\n", 1, "n", "n is a symbol already and is free"),
        ("let n = 5\ninput 4\ndense 4\ndense n\n", 2, "n", "n is a symbol already and is 5"),
    ],
)
def test_what_cannot_become_one_is_said(text: str, row: int, name: str, said: str) -> None:
    with pytest.raises(EditError) as caught:
        make_variable(snapshot(text), row, 0, name)
    assert said in caught.value.message


def test_a_symbol_of_the_same_value_is_shared() -> None:
    before = snapshot("let n = 4\ninput 4\ndense 4\ndense n\n")
    assert lines(before, make_variable(before, 2, 0, "n")) == []
    after = before.edited(make_variable(before, 2, 0, "n").changes)
    assert [line.text for line in after.lines] == ["let n = 4", "input 4", "dense n", "dense n"]


def test_names_to_begin_with_are_free_and_mean_something() -> None:
    before = snapshot("let f = 3\ninput 28x24x3\nconv 8 f\ndense 4\n")
    assert default_name(before, 2, 0, several=False) == "f1"
    assert default_name(before, 3, 0, several=False) == "n"
    assert [default_name(before, 1, pick, several=False) for pick in range(3)] == ["H", "W", "c"]
    for text, names in (("input 10x64", "Lc"), ("input 4x5x6x7", "DHWc"), ("input 9", "n")):
        assert [default_name(snapshot(text), 0, pick, several=False) for pick in range(len(names))] == list(names)
    # The last number where the cursor stands beyond it.
    assert default_name(snapshot("input 4\ndense 10"), 1, 7, several=False) == "n"
    first = snapshot("set data_format=channels_first\ninput 3x9x8")
    assert [default_name(first, 1, pick, several=False) for pick in range(3)] == ["c", "H", "W"]
    assert default_name(before, 2, 0, several=True) == "w"
