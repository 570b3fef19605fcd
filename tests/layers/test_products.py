"""Products by hand: shapes of numpy.matmul and numpy.einsum, MACs as products of the sizes that meet."""

from __future__ import annotations

import pytest

from tests.layers.building import layer, run
from tui.core.kind import record_tensor
from tui.core.size import symbol
from tui.core.tensor import Tensor
from tui.core.working import as_working

t, d = symbol("t"), symbol("d")


def test_matmul_of_attention_scores() -> None:
    # 8 heads, queries (t, d) times keys (d, t): t*t*d MACs a head.
    result = run("matmul", (1, 8, t, d), (1, 8, d, t))
    assert result.outputs[0].shape == (1, 8, t, t)
    assert result.counts.macs == 8 * t * t * d


@pytest.mark.parametrize(
    ("a", "b", "out", "macs"),
    [
        ((2, 11), (11, 4), (2, 4), 2 * 11 * 4),
        ((6,), (6, 8), (8,), 48),
        ((2, 4, 9), (9,), (2, 4), 72),
        ((9,), (9,), (), 9),
        ((5, 1, 2, 3), (4, 3, 7), (5, 4, 2, 7), 5 * 4 * 2 * 3 * 7),
    ],
)
def test_matmul_as_in_numpy(a: tuple[int, ...], b: tuple[int, ...], out: tuple[int, ...], macs: int) -> None:
    result = run("matmul", a, b)
    assert result.outputs[0].shape == out
    assert result.counts.macs == macs


def test_matmul_says_which_sizes_do_not_meet() -> None:
    assert run("matmul", (3, 1), (2, 7)).message == (
        "matmul sums over 1 and 2 (last axis of the first, last but one of the second); the two must be equal"
    )
    assert run("matmul", (), (2, 7)).status == "error"
    assert run("matmul", (5, 2, 3, 5), (5, 5, 4)).status == "error"  # numpy lines up 2 and 5, not the batches
    assert run("matmul", (3, t), (2, 7)).outputs[0].shape == (3, 7)


def test_the_explanation_of_matmul() -> None:
    inputs = (record_tensor(Tensor((1, 8, 5, 4)), True), record_tensor(Tensor((1, 8, 4, 7)), True, "2"))
    twin = layer("matmul").recorded()
    assert as_working(twin.work(inputs, twin.output(inputs)).macs, "MACs").line() == "MACs = 8*5*4*7 = 1,120"


def test_gemm_transposes_and_checks_what_is_added() -> None:
    assert run("gemm transa=true transb=true", (12, 1), (5, 12)).outputs[0].shape == (1, 5)
    assert run("Gemm transB=1", (4, 15), (13, 15), (13,)).counts.macs == 4 * 15 * 13
    assert run("gemm", (4, 15), (15, 13), (12,)).status == "error"
    assert run("gemm", (1, 15), (15, 13), (4, 13)).status == "error"
    assert run("gemm", (2, 4, 15), (15, 13)).status == "error"


def test_dot_of_keras_works_example_by_example() -> None:
    # keras.layers.Dot(axes=(1, 2)) of (b, 10, 1) and (b, 2, 10): (b, 1, 2); the documentation's example.
    assert run("dot 1,2", (1, 10, 1), (1, 2, 10)).outputs[0].shape == (1, 1, 2)
    result = run("dot axes=1", (8, 4), (8, 4))
    assert result.outputs[0].shape == (8, 1)
    assert result.counts.macs == 32
    assert run("dot axes=1", (1, 4, 2), (1, 2, 2)).message == (
        "dot sums over 4 and 2 (axis 1 and axis 1); the two must be equal"
    )
    assert run("dot axes=0", (8, 4), (8, 4)).status == "error"
    assert run("dot axes=1,2,3", (1, 4, 4, 4), (1, 4, 4, 4)).message == (
        "dot sums over one axis of each input, axes names 3"
    )


@pytest.mark.parametrize(
    ("equation", "shapes", "out", "macs"),
    [
        ("ij,jk->ik", ((2, 3), (3, 4)), (2, 4), 24),
        ("ij,jk", ((2, 3), (3, 4)), (2, 4), 24),
        ("i,i", ((5,), (5,)), (), 5),
        ("bij->bji", ((4, 2, 3),), (4, 3, 2), 0),
        ("...ij,...jk->...ik", ((7, 2, 3), (1, 3, 4)), (7, 2, 4), 7 * 24),
        ("ii->i", ((3, 3),), (3,), 0),
        ("a,b,c->abc", ((2,), (3,), (4,)), (2, 3, 4), 2 * 24),
    ],
)
def test_einsum_as_in_numpy(
    equation: str, shapes: tuple[tuple[int, ...], ...], out: tuple[int, ...], macs: int
) -> None:
    result = run(f"einsum {equation}", *shapes)
    assert result.outputs[0].shape == out
    assert result.counts.macs == macs


def test_einsum_with_symbols_and_what_it_refuses() -> None:
    for shape, axes in (((2, 3, 1), 3), ((2,), 1)):
        assert run("einsum ij,jk->ik", shape, (3, 4)).message == (
            f"einsum: 'ij' names 2 axes, the input has {axes}, the batch among them"
        )
    assert run("einsum bhqd,bhkd->bhqk", (1, 8, t, 64), (1, 8, t, 64)).counts.macs == 512 * t * t
    assert run("einsum ij,jk->ik", (2, 3), (4, 5)).message == (
        "einsum: the letter 'j' has the sizes 3 and 4; they must be equal"
    )
    assert run("einsum ii->i", (1, 7)).message == "einsum: the letter 'i' has the sizes 1 and 7; they must be equal"
    assert run("einsum ij,jk->ik", (2, 1), (4, 5)).outputs[0].shape == (2, 5)
    assert run("einsum ij,jk->ik", (2, 3)).message == "ij,jk->ik joins 2 inputs, it has 1"


def test_likeness_along_an_axis() -> None:
    assert run("cosinesimilarity", (2, 8, 2, 1), (2, 8, 2, 1)).outputs[0].shape == (2, 2, 1)
    assert run("cosinesimilarity dim=-1", (2, 8, 5), (1, 8, 1)).outputs[0].shape == (2, 8)
    assert run("pairwisedistance", (2, 5, 3), (2, 5, 3)).outputs[0].shape == (2, 5)
    assert run("pairwisedistance keepdim=true", (2, 5, 3), (2, 5, 3)).outputs[0].shape == (2, 5, 1)
    assert run("pairwisedistance", (2, 5, 3), (2, 5, 4)).status == "error"


def test_sizes_that_a_matmul_needs_equal() -> None:
    # numpy.matmul: the last axis of the first and the last but one of the second; the axes before are broadcast.
    m, k = symbol("m"), symbol("k")
    needed = [
        (((2, 5, t), (2, m, 7)), ((t, m),)),
        (((5, t), (m, 7)), ((t, m),)),
        (((5, t), (m,)), ((t, m),)),
        (((m, 5, 4), (k, 4, 7)), ((4, 4), (m, k))),
    ]
    for (a, b), pairs in needed:
        assert layer("matmul").agreements((Tensor(a), Tensor(b))) == pairs
