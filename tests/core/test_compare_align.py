"""Layers of two networks put beside each other: what holds for all networks, and small cases by hand."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.core.compare_align import align
from tui.core.compare_similar import Item, is_place, items_of
from tui.core.compare_stretches import long_runs, shortest_edits, unique_matches
from tui.core.snapshot import Snapshot
from tui.formats.document import parse_document

LAYERS = st.sampled_from([
    "conv 8 3x3 padding=same", "conv 8 5x5 padding=same", "conv 16 3x3 padding=same", "relu", "batchnorm", "gelu",
    "a: conv 8 3x3 padding=same", "b: conv 8 3x3 padding=same", "b.x: relu", "repeat 2 c\n    relu", "off relu",
    "cnv 3",
])  # fmt: skip
NETWORKS = st.lists(LAYERS, max_size=14)


def items(lines: list[str]) -> list[Item]:
    return items_of(Snapshot.of(parse_document("\n".join(["input 16x16x3", *lines]))))


def texts(a: str, b: str) -> list[tuple[str, str]]:
    """What stands beside what, by the texts; `-` where a side lacks it."""
    x, y = ([*filter(None, text.split("; "))] for text in (a, b))
    found = align(
        items_of(Snapshot.of(parse_document("\n".join(x)))), items_of(Snapshot.of(parse_document("\n".join(y))))
    )
    return [("-" if i is None else x[i], "-" if j is None else y[j]) for i, j in found]


@given(NETWORKS, NETWORKS)
def test_every_layer_of_both_sides_comes_once_and_in_order(a: list[str], b: list[str]) -> None:
    x, y = items(a), items(b)
    found = align(x, y)
    assert [i for i, _ in found if i is not None] == list(range(len(x)))
    assert [j for _, j in found if j is not None] == list(range(len(y)))
    assert (None, None) not in found


@given(NETWORKS)
def test_a_network_stands_beside_itself(a: list[str]) -> None:
    x = items(a)
    assert align(x, x) == [(i, i) for i in range(len(x))]


@given(NETWORKS, st.data())
def test_a_layer_put_in_is_one_layer_more(a: list[str], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(a)))
    b = [*a[:at], "dropout 0.25", *a[at:]]
    found = align(items(a), items(b))
    assert sum(i is None for i, _ in found) == 1
    assert all(j is not None for _, j in found)
    (new,) = [j for i, j in found if i is None]
    assert items(b)[new or 0].code == "dropout rate=0.25"


@given(NETWORKS, NETWORKS)
def test_the_sides_swapped_give_as_many_pairs(a: list[str], b: list[str]) -> None:
    x, y = items(a), items(b)
    there, back = align(x, y), align(y, x)
    assert sum(None not in pair for pair in there) == sum(None not in pair for pair in back)


@given(st.text("abc", max_size=12), st.text("abc", max_size=12))
def test_shortest_edits_is_a_longest_common_subsequence(a: str, b: str) -> None:
    lengths = [[0] * (len(b) + 1) for _ in range(len(a) + 1)]
    for i, x in enumerate(a):
        for j, y in enumerate(b):
            lengths[i + 1][j + 1] = lengths[i][j] + 1 if x == y else max(lengths[i][j + 1], lengths[i + 1][j])
    matches = shortest_edits(a, b, len(a) + len(b), lambda: None)
    assert matches is not None
    assert len(matches) == lengths[-1][-1]
    assert all(a[i] == b[j] for i, j in matches)
    assert all(p[0] < q[0] and p[1] < q[1] for p, q in pairwise(matches))
    edits = len(a) + len(b) - 2 * len(matches)
    if edits:
        assert shortest_edits(a, b, edits - 1, lambda: None) is None
    assert shortest_edits(a, b, edits, lambda: None) == matches


@given(st.lists(st.integers(0, 9), max_size=12), st.lists(st.integers(0, 9), max_size=12))
def test_unique_matches_are_a_longest_rising_series(a: list[int], b: list[int]) -> None:
    places = [b.index(key) for key in a if a.count(key) == b.count(key) == 1]
    best = [0] * len(places)
    for i, place in enumerate(places):
        best[i] = 1 + max((best[k] for k in range(i) if places[k] < place), default=0)
    found = unique_matches(a, b)
    assert len(found) == max(best, default=0)
    assert all(a[i] == b[j] for i, j in found)
    assert found == sorted(found)
    assert sorted(j for _, j in found) == [j for _, j in found]


def test_short_runs_are_left_out() -> None:
    run = [(5, 7), (6, 8), (7, 9)]
    assert long_runs([(0, 0), *run, (9, 10)], 3) == run
    assert long_runs(run, 3) == run
    assert long_runs(run, 4) == []


def test_another_argument_or_kind_of_the_same_family_stands_in_the_place_of_the_old() -> None:
    assert texts("input 8x8x1; conv 6 5x5; relu; maxpool 2", "input 8x8x1; conv 6 3x3; gelu; avgpool 2") == [
        ("input 8x8x1", "input 8x8x1"), ("conv 6 5x5", "conv 6 3x3"), ("relu", "gelu"), ("maxpool 2", "avgpool 2"),
    ]  # fmt: skip


def test_kinds_with_nothing_in_common_are_one_taken_away_and_one_put_in() -> None:
    assert texts("input 8; relu; dense 4", "input 8; dropout 0.5; dense 4") == [
        ("input 8", "input 8"), ("relu", "-"), ("-", "dropout 0.5"), ("dense 4", "dense 4"),
    ]  # fmt: skip


def test_names_decide_between_layers_that_are_alike() -> None:
    assert texts("input 8; a: dense 4; b: dense 4; c: dense 4", "input 8; a: dense 4; c: dense 4") == [
        ("input 8", "input 8"), ("a: dense 4", "a: dense 4"), ("b: dense 4", "-"), ("c: dense 4", "c: dense 4"),
    ]  # fmt: skip


def test_a_name_holds_through_another_kind() -> None:
    assert texts("input 8; head: dense 4", "input 8; head: dropout 0.5") == [
        ("input 8", "input 8"), ("head: dense 4", "head: dropout 0.5"),
    ]  # fmt: skip


def test_running_numbers_are_places_and_no_names() -> None:
    # A layer put in at 1 moves the numbers of all below it, as in an nn.Sequential.
    old = "input 8; 0: dense 4; 1: relu; 2: dense 4; 3: relu"
    new = "input 8; 0: dense 4; 1: dropout 0.5; 2: relu; 3: dense 4; 4: relu"
    assert [pair for pair in texts(old, new) if "-" in pair] == [("-", "1: dropout 0.5")]
    assert [is_place(name) for name in ("features.3", "12", "conv2d_7", "conv1", "stage1.block0.conv2", "fc")] == [
        True, True, True, False, False, False,
    ]  # fmt: skip


def test_of_many_alike_one_less_is_one_less() -> None:
    found = texts("; ".join(["input 8", *["dense 8"] * 9]), "; ".join(["input 8", *["dense 8"] * 8]))
    assert sum(b == "-" for _, b in found) == 1
    assert sum(a == "-" for a, _ in found) == 0


def long_network(count: int) -> list[str]:
    return [line for i in range(count) for line in (f"conv {i % 7 + 1} 1x1", "relu", "batchnorm")]


def test_far_edits_in_a_long_network_are_found_one_by_one() -> None:
    base = long_network(700)  # 2,101 layers: too many to look at every pair
    edited = list(base)
    del edited[1900]
    edited[999] = "conv 99 1x1"
    edited.insert(100, "dropout 0.5")
    x, y = items(base), items(edited)
    found = align(x, y)
    assert [x[i].code for i, j in found if j is None and i is not None] == [items(base)[1901].code]
    assert [y[j].code for i, j in found if i is None and j is not None] == ["dropout"]
    changed = [(x[i].code, y[j].code) for i, j in found if i is not None and j is not None and x[i].code != y[j].code]
    assert [b for _, b in changed] == ["conv filters=99 kernel=1"]


def test_a_long_network_under_other_names_still_stands_beside_itself() -> None:
    base = [f"old{i}: conv {i % 9 + 1} 3x3 padding=same" for i in range(1200)]
    other = [line.replace("old", "layer") for line in base]
    del other[600]
    found = align(items(base), items(other))
    assert [pair for pair in found if None in pair] == [(601, None)]


def test_long_networks_without_anything_in_common_come_to_an_end() -> None:
    told: list[tuple[int, int]] = []
    x, y = items(["conv 8 3x3 padding=same"] * 1500), items(["conv 8 5x5 padding=same"] * 1400)
    found = align(x, y, lambda done, total: told.append((done, total)))
    assert [i for i, _ in found if i is not None] == list(range(1501))
    assert [j for _, j in found if j is not None] == list(range(1401))
    assert sum(None not in pair for pair in found) == 1401
    assert {total for _, total in told} == {2902}
    assert told[-1] == (2902, 2902)
    assert [done for done, _ in told] == sorted(done for done, _ in told)


def test_blocks_count_as_a_place_of_their_own() -> None:
    a = items(["repeat 2", "    dense 4", "dense 4"])
    b = items(["repeat 3", "    dense 4", "dense 4"])
    assert [item.depth for item in a] == [0, 0, 1, 0]
    assert [item.code for item in a] == [items([])[0].code, "repeat 2", "dense units=4", "dense units=4"]
    assert align(a, b) == [(0, 0), (1, 1), (2, 2), (3, 3)]


def denses(first: int, count: int) -> list[Item]:
    return items_of(Snapshot.of(parse_document("\n".join(f"dense {first + i}" for i in range(count)))))


def test_what_is_too_long_to_compare_and_has_nothing_in_common_is_cut_at_equal_shares(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for limit, value in (("CELLS", 4), ("ALL_CELLS", 8), ("LEAST_CHUNK", 2)):
        monkeypatch.setattr(f"tui.core.compare_align.{limit}", value)
    # 8 by 8 layers in pieces of 2 by 2, which are compared pair by pair: all are of one kind.
    assert align(denses(100, 8), denses(200, 8)) == [(i, i) for i in range(8)]
    # 4 by 8 layers in pieces of 1 by 2: each has one beside it from its own piece.
    found = align(denses(100, 4), denses(200, 8))
    assert [(i, j // 2) for i, j in found if i is not None and j is not None] == [(i, i) for i in range(4)]
    assert len(found) == 8


def test_a_long_stretch_alike_is_found_where_pairs_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui.core.compare_align.CELLS", 4)
    # 12 layers alike in a row are no chance; those before and behind them are compared among themselves.
    a = [*denses(100, 3), *denses(300, 12), *denses(120, 2)]
    b = [*denses(200, 1), *denses(300, 12), *denses(220, 2)]
    found = align(a, b)
    assert [(i, j) for i, j in found if i is not None and 3 <= i < 15] == [(i, i - 2) for i in range(3, 15)]
    assert found[-2:] == [(15, 13), (16, 14)]
    assert sum(j is None for _, j in found) == 2
