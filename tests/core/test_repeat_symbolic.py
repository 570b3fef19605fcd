"""Blocks with a symbolic or very large count: right for every value of the symbol, or refused."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.blocks import INPUT, STEADY_CODES, Block, Layer, Tree, by_hand, document, opened, trees
from tui.core.size import Size, bind
from tui.core.unroll import UNROLL


@st.composite
def steady(draw: st.DrawFn, depth: int = 1) -> Tree:
    """A body that keeps 12x12x4: a skip, layers, perhaps a block with a count of its own."""
    tree: Tree = [Layer(draw(st.sampled_from(STEADY_CODES)), "s")]
    for _ in range(draw(st.integers(0, 2))):
        tree.append(Layer(draw(st.sampled_from(STEADY_CODES))))
    if depth and draw(st.booleans()):
        symbol = draw(st.sampled_from(("", "m")))
        tree.append(Block(draw(st.integers(1, 3)), draw(steady(depth=depth - 1)), "inner", symbol))
    tree.append(Layer("add", "", (draw(st.sampled_from(("s", "outer"))),)))
    return tree


def bound(values: Any, k: int, m: int) -> list[Size | bool]:
    return [value if isinstance(value, bool) else bind(value, {"n": k, "m": m}) for value in values]


def counted(tree: Tree, m: int) -> Tree:
    """The tree with the count m wherever it says m."""
    return [
        node if isinstance(node, Layer) else Block(m if node.symbol else node.count, counted(node.body, m), node.name)
        for node in tree
    ]


@settings(max_examples=60)
@given(steady(), st.integers(1, 5), st.integers(1, 4))
def test_a_symbolic_count_bound_to_k_is_k_copies(body: Tree, k: int, m: int) -> None:
    head, tail = [Layer("conv 4 3 padding=same", "outer")], [Layer("add", "", ("outer",)), Layer("conv 2 1")]
    symbolic = opened(f"{INPUT}\n{document([*head, Block(2, body, 'x', 'n'), *tail])}")
    plain = opened("\n".join([INPUT, *by_hand([*head, Block(k, counted(body, m), "x"), *tail])]))
    assert symbolic.totals.complete
    assert bound(symbolic.totals, k, m) == list(plain.totals)
    if k > 1 and m > 1:  # the peak is that of copies that follow each other
        assert bind(symbolic.peak.bytes, {"n": k, "m": m}) == plain.peak.bytes
    last = symbolic.result(len(symbolic.lines) - 1)
    assert last is not None
    assert last.outputs == plain.inference.result(len(plain.lines) - 1).outputs


MILD = ("conv 4 3 padding=same", "conv 4 1 bias=false", "relu", "conv 6 1", "conv q 1", "batchnorm")
OWNERS: Tree = [Layer("conv 4 1", "a"), Layer("relu", "b"), Layer("conv 4 1", "c")]


@settings(max_examples=200)
@given(trees(depth=1, codes=MILD), trees(depth=0, codes=MILD), st.integers(1, 4))
def test_a_symbolic_block_is_refused_or_right(body: Tree, below: Tree, k: int) -> None:
    symbolic = opened(f"{INPUT}\n{document([*OWNERS, Block(2, body, 'z', 'n'), *below])}")
    plain = opened("\n".join([INPUT, *by_hand([*OWNERS, Block(k, body, "z"), *below])]))
    if symbolic.totals.complete:
        assert bound(symbolic.totals, k, 1) == list(plain.totals)


def test_the_sum_of_a_symbolic_block_is_a_polynomial() -> None:
    snapshot = opened("set bias=false\ninput 8\ndense 16\nrepeat n mlp\n    dense 32\n    dense 16\n")
    # 8*16 below, then n times 16*32 + 32*16.
    assert str(snapshot.totals.params) == str(snapshot.totals.macs) == "1024*n + 128"
    head = snapshot.result(3)
    assert head is not None
    assert str(head.counts.params) == "1024*n"


def test_the_first_copy_of_a_symbolic_block_may_take_another_shape() -> None:
    snapshot = opened("set bias=false\ninput 8\nrepeat n mlp\n    dense 32\n    dense 16\n")
    # 8*32 + 32*16 once, 16*32 + 32*16 in each of the n - 1 others.
    assert str(snapshot.totals.params) == "1024*n - 256"
    assert bind(snapshot.totals.params, {"n": 1}) == 768


def test_what_is_skipped_hands_on_the_copy_before() -> None:
    snapshot = opened("set bias=false\ninput 4\na: relu\nrepeat n z\n    dense 6 @a\n    off a: relu\n")
    # 4*6 in the first copy, then 6*6 in each of the n - 1 others.
    assert str(snapshot.totals.params) == "36*n - 12"


CHANGING = "input 32x32x3\nrepeat {} block\n    conv 4 3\nrelu\n"


@pytest.mark.parametrize("count", ["n", "2*n", "10**12", str(UNROLL + 1)])
def test_a_block_that_changes_its_shape_needs_a_small_count(count: str) -> None:
    snapshot = opened(CHANGING.format(count))
    head, below = snapshot.result(1), snapshot.result(3)
    assert head is not None
    assert below is not None
    assert (head.status, below.status) == ("error", "waiting")
    assert head.message is not None
    assert "30x30x4 and then 28x28x4" in head.message
    assert snapshot.waits_for(3) == 1
    assert not snapshot.totals.complete


def test_of_a_block_that_changes_its_shape_only_the_first_copy_is_surely_counted() -> None:
    snapshot = opened("set bias=false\ninput 32x32x3\nrepeat n block\n    conv 4 3\n")
    # 3*3*3*4 weights at 30x30 positions; later copies have fewer positions each time, and there may be none.
    assert (snapshot.totals.params, snapshot.totals.macs) == (108, 108 * 900)
    assert not snapshot.totals.complete


def test_a_name_that_changes_from_copy_to_copy_is_seen_too() -> None:
    # The last output stays 4, yet what the next copy reads doubles each time.
    text = "input 8\nx: dense 8\nrepeat n b\n    dense 4 @x\n    x: concat @x @x\n    dense 4\n"
    snapshot = opened(text)
    head = snapshot.result(2)
    assert head is not None
    assert head.message is not None
    assert "16 and then 32" in head.message


@pytest.mark.parametrize(
    "text",
    [
        # Below the block a is that of the last copy: 4 channels where n is 1, else 6.
        "    a: relu\n    conv 6 1\nconv 6 1\nadd @a",
        "    off a: relu\n    conv 6 1\nadd @a",
        "    call c\n    c: conv 4 1",
    ],
)
def test_what_is_not_the_same_in_the_first_copy_and_the_others_is_refused(text: str) -> None:
    snapshot = opened(f"{INPUT}\na: conv 4 1\nc: conv 4 1\nrepeat n z\n{text}\n")
    head = snapshot.result(3)
    assert head is not None
    assert "make the count a small number" in str(head.message)
    assert not snapshot.totals.complete
