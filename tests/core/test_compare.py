"""Two networks compared: what is said of the layers, the differences, and the way from one to the next."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.samples import WORKED
from tui.core.compare import ABSENT, Comparison, compare
from tui.core.compare_values import delta, deltas, in_format_of, percent
from tui.core.size import symbol
from tui.core.snapshot import Snapshot
from tui.formats.document import parse_document

LENET = """\
input 28x28x1
conv 6 5x5 padding=2
avgpool 2
conv 16 5x5
avgpool 2
flatten
dense 120
dense 84
dense 10
"""


def snapshot(text: str) -> Snapshot:
    return Snapshot.of(parse_document(text))


def compared(a: str, b: str) -> Comparison:
    return compare(snapshot(a), snapshot(b))


def signs(comparison: Comparison) -> str:
    return "".join(
        {"same": "=", "follows": ":", "changed": "~", "added": "+", "removed": "-"}[p.change] for p in comparison.pairs
    )


def total(comparison: Comparison, key: str) -> tuple[object, object, object]:
    (found,) = [t for t in comparison.totals if t.key == key]
    return found.a, found.b, found.delta


LAYERS = st.sampled_from([
    "conv 8 3x3 padding=same", "conv n 3x3 padding=same", "relu", "batchnorm", "dense 7", "dropout 0.5",
    "x: conv 8 3x3 padding=same", "y: dense k", "repeat 2\n    relu", "off relu", "cnv 3", "conv 4 99x99",
])  # fmt: skip
NETWORKS = st.lists(LAYERS, max_size=9).map(lambda lines: "\n".join(["input 16x16x3", *lines]))


@given(NETWORKS)
def test_a_network_is_the_same_as_itself(text: str) -> None:
    found = compared(text, text)
    assert set(signs(found)) <= {"="}
    assert not found.differs
    assert all(t.delta == 0 and not t.differs for t in found.totals)
    assert found.stops == ()


@given(NETWORKS, NETWORKS)
def test_sides_swapped_negate_every_difference(a: str, b: str) -> None:
    there, back = compared(a, b), compared(b, a)
    for x, y in zip(there.totals, back.totals, strict=True):
        assert (x.a, x.b) == (y.b, y.a)
        assert x.delta is not None
        assert y.delta == 0 - x.delta
    assert there.counts["added"] == back.counts["removed"]
    assert there.differs == back.differs


@given(NETWORKS, NETWORKS)
def test_the_rows_of_both_documents_come_once_and_in_order(a: str, b: str) -> None:
    x, y = snapshot(a), snapshot(b)
    found = compare(x, y)
    assert [p.a for p in found.pairs if p.a is not None] == list(x.shown)
    assert [p.b for p in found.pairs if p.b is not None] == list(y.shown)


@given(
    st.lists(st.sampled_from(["relu", "batchnorm", "conv 8 3x3 padding=same"]), max_size=8),
    st.integers(0, 8),
    st.integers(1, 60),
)
def test_one_edit_is_one_change(lines: list[str], at: int, filters: int) -> None:
    at = min(at, len(lines))
    before = ["input 16x16x3", *lines[:at], "conv 61 3x3 padding=same", *lines[at:]]
    after = [*before]
    after[at + 1] = f"conv {filters} 5x5 padding=same" if filters != 8 else "conv 9 5x5 padding=same"
    found = compared("\n".join(before), "\n".join(after))
    assert signs(found).count("~") == 1
    assert set(signs(found)) <= set("=:~")
    assert found.pairs[at + 1].reasons == ("arguments",)


def test_lenet_with_smaller_kernels() -> None:
    # conv1 5*5*6 + 6 = 156 -> 3*3*6 + 6 = 60; conv2 5*5*6*16 + 16 = 2,416 -> 3*3*6*16 + 16 = 880. With padding=2
    # the first map grows from 28 to 30, the second from 10 to 13, pooled 5 -> 6: dense 120 reads 6*6*16 = 576 for
    # 400 units, 176*120 = 21,120 more. 21,120 - 96 - 1,536 = 19,488, and LeNet-5 has 61,706.
    found = compared(LENET, LENET.replace("5x5", "3x3"))
    assert signs(found) == "=~:~:::=="
    assert total(found, "params") == (61_706, 81_194, 19_488)
    a, b = found.values(1)
    assert a is not None
    assert b is not None
    assert (a.shapes, b.shapes) == (((1, 28, 28, 6),), ((1, 30, 30, 6),))
    assert a.counts is not None
    assert b.counts is not None
    assert (a.counts.params, b.counts.params) == (156, 60)
    # 28*28*6*25 = 117,600 and 30*30*6*9 = 48,600
    assert (a.counts.macs, b.counts.macs) == (117_600, 48_600)
    assert (a.activation_bytes, b.activation_bytes) == (28 * 28 * 6 * 4, 30 * 30 * 6 * 4)
    assert (a.field_sizes, b.field_sizes) == ((5, 5), (3, 3))


def test_the_worked_example_with_and_without_bias() -> None:
    # 20 + 40 + 60 + 80 + n biases: 48,320 + 160*n and 48,520 + 161*n.
    found = compared(WORKED, WORKED.replace("bias=false", "bias=true"))
    n = symbol("n")
    assert total(found, "params") == (48_320 + 160 * n, 48_520 + 161 * n, 200 + n)
    assert total(found, "macs")[2] == 0
    assert [(f.group, f.name, f.a, f.b) for f in found.facts] == [("setting", "bias", False, True)]
    assert signs(found) == "=:=:=:=:=:"


def test_symbols_and_budgets_that_one_side_has() -> None:
    found = compared("let n = 4\ninput 8\ndense n\nbudget params=1k", "input 8\ndense n\ndense k")
    assert {(f.group, f.name): (f.a, f.b) for f in found.facts} == {
        ("symbol", "n"): (4, None), ("symbol", "k"): (ABSENT, None), ("budget", "params"): (1000, ABSENT),
    }  # fmt: skip
    assert signs(found) == "=:+"


@pytest.mark.parametrize(
    ("a", "b", "reasons"),
    [
        ("conv 4 3x3", "conv 4 5x5", ("arguments",)),
        ("relu", "gelu", ("kind",)),
        ("relu", "off relu", ("skipped",)),
        ("repeat 2\n    dense 8", "repeat 3\n    dense 8", ("arguments",)),
    ],
)
def test_reasons(a: str, b: str, reasons: tuple[str, ...]) -> None:
    found = compared(f"input 16x16x3\n{a}", f"input 16x16x3\n{b}")
    assert found.pairs[1].reasons == reasons
    assert found.counts["changed"] == 1


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("conv 4 3x3", "conv 4 3"),
        ("conv 4 3", "conv 4 3 stride=1 dilation=1x1"),
        ("conv 4 3 padding=1", "conv 4 3x3 padding=1x1"),
        ("maxpool 2", "maxpool 2x2 stride=2"),
        ("conv 4 3", "conv 4 3 bias=true"),
        ("conv 4 3", "c: conv 4 3  # a remark"),
    ],
)
def test_the_same_said_in_other_words(a: str, b: str) -> None:
    assert signs(compared(f"input 16x16x3\n{a}", f"input 16x16x3\n{b}")) == "=="


def test_a_default_of_the_network_says_what_a_layer_can_say_itself() -> None:
    found = compared("set bias=false\ninput 8\ndense 4", "input 8\ndense 4 bias=false")
    assert signs(found) == "=="
    assert [fact.name for fact in found.facts] == ["bias"]
    other = compared("set bias=false\ninput 8\ndense 4", "input 8\ndense 4 bias=true")
    assert signs(other) == "=:"


def test_other_sizes_are_not_the_same_words() -> None:
    for a, b in (("maxpool 2", "maxpool 2 stride=1"), ("maxpool 3x2", "maxpool 2x3"), ("pad 1", "pad 1:2x1:2")):
        assert compared(f"input 16x16x3\n{a}", f"input 16x16x3\n{b}").pairs[1].change == "changed", a


def test_a_layer_taken_into_a_block_is_changed() -> None:
    found = compared("input 8\nrepeat 2\n    relu\ndense 8", "input 8\nrepeat 2\n    relu\n    dense 8")
    assert found.pairs[-1].reasons == ("block",)


def test_sources_are_the_same_where_they_stand_beside_each_other() -> None:
    text = "input 8x8x3\nskip: relu\nconv 3 3x3 padding=same\nadd @skip"
    renamed = compared(text, text.replace("skip", "shortcut"))
    assert signs(renamed) == "===="
    assert renamed.counts["renamed"] == 1
    assert not renamed.differs
    other = compared(text, text.replace("input", "in: input").replace("@skip", "@in"))
    assert other.pairs[-1].reasons == ("sources",)


def test_a_shared_layer_under_another_name_is_the_same() -> None:
    text = "input 8\nfc: dense 8\ncall fc"
    assert signs(compared(text, text.replace("fc", "head"))) == "==="
    two = "input 8\nfc: dense 8\nhead: dense 8\ncall fc"
    assert compared(two, two.replace("call fc", "call head")).pairs[-1].reasons == ("sources",)


def test_a_moved_layer_says_where_it_went() -> None:
    found = compared("input 8\ndropout 0.5\ndense 4\nrelu\ndense 3", "input 8\ndense 4\nrelu\ndense 3\ndropout 0.5")
    assert signs(found) == "=-===+"
    gone, new = found.pairs[1], found.pairs[5]
    assert (gone.moved, new.moved) == (4, 1)
    assert found.counts["moved"] == 1


def test_several_alike_are_not_called_moved() -> None:
    two, rest = "dropout 0.5\ndropout 0.5\n", "dense 4\ndense 5\ndense 6\n"
    found = compared(f"input 8\n{two}{rest}", f"input 8\n{rest}{two}")
    assert found.counts["moved"] == 0


def test_the_same_network_with_channels_at_the_other_end() -> None:
    last = "set data_format=channels_last\ninput 8x9x3\nconv 4 3x3\nmaxpool 2"
    first = "set data_format=channels_first\ninput 3x8x9\nconv 4 3x3\nmaxpool 2"
    found = compared(last, first)
    assert signs(found) == "==="
    other = compared(last, first.replace("3x8x9", "3x8x8"))
    assert signs(other) == "~:="  # 6x7 and 6x6 pooled are both 3x3
    assert [f.name for f in found.facts] == ["data_format"]
    assert in_format_of(((1, 6, 7, 4),), ((1, 4, 6, 7),)) == ((1, 4, 6, 7),)
    assert in_format_of(((1, 6, 7, 4),), ((1, 5, 6, 7),)) == ((1, 6, 7, 4),)


def test_heads_of_blocks_carry_subtotals() -> None:
    found = compared("input 8\nrepeat 2\n    dense 8", "input 8\nrepeat 3\n    dense 8")
    a, b = found.values(1)
    assert a is not None
    assert b is not None
    # 8*8 + 8 = 72 for each copy
    assert a.counts is not None
    assert b.counts is not None
    assert (a.counts.params, b.counts.params) == (144, 216)
    assert signs(found) == "=~="
    assert total(found, "params") == (144, 216, 72)


def test_errors_and_unknown_layers_make_lower_bounds() -> None:
    found = compared("input 8\ndense 4", "input 8\ndense 4\ncnv 3\nrelu")
    assert found.complete == (True, False)
    assert signs(found) == "==++"
    assert found.values(2)[1].counts is None


def test_from_difference_to_difference() -> None:
    found = compared("input 8\ndense 4\nrelu\ndense 3\nrelu", "input 8\ndense 5\nrelu\ndense 3\nrelu\ndropout 0.5")
    assert signs(found) == "=~::=+"
    assert found.stops == (1, 5)
    assert [found.next_stop(i) for i in (0, 1, 4, 5)] == [1, 5, 5, 1]
    assert [found.previous_stop(i) for i in (0, 1, 2, 5)] == [5, 5, 1, 1]
    assert compared("input 8", "input 8").next_stop(0) is None
    # Where only settings differ, the first layer that follows them is the place to look at.
    assert compared(WORKED, WORKED.replace("bias=false", "bias=true")).stops == (1, 3, 5, 7, 9)


def test_where_a_removed_layer_would_stand() -> None:
    found = compared("input 8\ndense 4\nrelu\ndense 3", "input 8\nrelu\ndense 3")
    assert [found.place_in_b(i) for i in range(4)] == [0, 0, 1, 2]
    assert compared("input 8", "").place_in_b(0) is None


def test_differences_and_shares() -> None:
    n = symbol("n")
    assert percent(156, -96) == Fraction(-800, 13)
    assert percent(0, 5) is None
    assert percent(160 * n, n) == Fraction(5, 8)
    assert percent(160 * n + 1, n) is None
    assert percent(2 * n + 4, n + 2) == 50
    assert percent(n, 0) == 0
    assert percent(10, n) is None
    assert percent(n, 4) is None
    assert delta(3, None) is None
    assert delta(n, 2 * n) == n
    assert deltas((28, 28), (30, 27)) == (2, -1)
    assert deltas((28,), (30, 27)) is None


def test_the_work_tells_how_far_it_is_and_can_be_stopped() -> None:
    text = "\n".join(["input 8", *["relu"] * 300])
    told: list[tuple[int, int]] = []
    compare(snapshot(text), snapshot(text), lambda done, total: told.append((done, total)))
    assert {total for _, total in told} == {1204}
    assert [done for done, _ in told] == sorted(done for done, _ in told)

    def stop(done: int, total: int) -> None:
        raise RuntimeError("enough")

    with pytest.raises(RuntimeError, match="enough"):
        compare(snapshot(text), snapshot(text), stop)
