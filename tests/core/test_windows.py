"""Windows along one axis, against counting them one by one and against what the frameworks print."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tui.core.errors import ShapeError
from tui.core.size import Size, bind, symbol
from tui.core.windows import Ends, check_fill, check_rank, ends_of, extent, pads, slide, slide_all
from tui.core.working import Recorded, recorded

KERNELS = st.integers(1, 7)
STRIDES = st.integers(1, 5)
DILATIONS = st.integers(1, 3)


def counted(n: int, k: int, s: int, d: int, p1: int, p2: int, ceil_mode: bool) -> int:
    """Windows counted one by one: each must lie inside; the last of ceil_mode must only start before the padding."""
    reach = max(i * d for i in range(k)) + 1
    count, start = 0, -p1
    while start + reach <= n + p2:
        count, start = count + 1, start + s
    covered = start - s + reach >= n + p2
    return count + (ceil_mode and not covered and start < n)


@given(st.integers(1, 40), KERNELS, STRIDES, DILATIONS, st.integers(0, 6), st.integers(0, 6), st.booleans())
def test_as_many_windows_as_counted_one_by_one(
    n: int, k: int, s: int, d: int, p1: int, p2: int, ceil_mode: bool
) -> None:
    e = d * (k - 1) + 1
    assume(n + p1 + p2 >= e and p1 < e and p2 < e)
    assert slide(n, k, s, d, (p1, p2), ceil_mode) == counted(n, k, s, d, p1, p2, ceil_mode)


@pytest.mark.parametrize(
    ("n", "k", "s", "p", "ceil_mode", "out"),
    [
        (39, 4, 1, 0, False, 36),  # the textbook's own sum, (39 - 4)/1 + 1
        (9, 4, 4, 2, True, 3),  # PyTorch 2.13 MaxPool1d, not the 4 of its documentation's formula
        (5, 2, 2, 1, True, 3),  # the same
        (7, 3, 2, 0, True, 3),
        (8, 3, 2, 0, True, 4),
        (2, 3, 3, 0, True, 1),  # PyTorch's pools accept an input smaller than the kernel in ceil_mode
    ],
)
def test_sizes_that_pytorch_gives(n: int, k: int, s: int, p: int, ceil_mode: bool, out: int) -> None:
    assert slide(n, k, s, 1, (p, p), ceil_mode) == out


@pytest.mark.parametrize(("n", "s", "out"), [(224, 2, 112), (32, 1, 32), (39, 2, 20), (14, 4, 4)])
@pytest.mark.parametrize("mode", ["same", "same_lower", "causal"])
def test_same_paddings_give_one_window_a_stride(mode: str, n: int, s: int, out: int) -> None:
    assert slide(n, 7, s, 1, mode) == out  # Keras 3.15: ceil(n/s)


def test_the_odd_unit_of_same_goes_last_and_of_same_lower_first() -> None:
    assert pads(224, 7, 2, 1, "same") == (2, 3)  # TensorFlow's padding for a 7x7 stride 2 convolution
    assert pads(224, 7, 2, 1, "same_lower") == (3, 2)
    assert pads(32, 4, 1, 1, "same") == (1, 2)
    assert pads(32, 3, 1, 2, "causal") == (4, 0)
    assert pads(32, 3, 1, 1, "valid") == (0, 0)


@given(st.integers(1, 40), KERNELS, STRIDES, DILATIONS)
def test_same_adds_the_least_that_fits_its_windows(n: int, k: int, s: int, d: int) -> None:
    first, last = pads(n, k, s, d, "same")
    count, e = -(-n // s), d * (k - 1) + 1
    assert first + last == max((count - 1) * s + e - n, 0)
    assert last - first in (0, 1)
    assert pads(n, k, s, d, "same_lower") == (last, first)


@given(
    st.integers(1, 60),
    KERNELS,
    STRIDES,
    DILATIONS,
    st.sampled_from(["valid", "same", "same_lower", (0, 0), (1, 1), (2, 0), (0, 3)]),
    st.booleans(),
)
def test_symbols_give_what_the_numbers_give(n: int, k: int, s: int, d: int, ends: Ends, ceil_mode: bool) -> None:
    expected = slide(n, k, s, d, ends, ceil_mode)
    size = slide(symbol("n"), k, s, d, ends, ceil_mode)
    assert bind(size, {"n": n}) == expected
    every = slide(symbol("n"), symbol("k"), symbol("s"), symbol("d"), ends, ceil_mode)
    assert bind(every, {"n": n, "k": k, "s": s, "d": d}) == expected


def shown(n: Size, k: int, s: int, d: Size = 1, ends: Ends = "valid", ceil_mode: bool = False) -> str:
    size = slide(recorded(n, "n"), recorded(k, "k"), recorded(s, "s"), d, ends, ceil_mode)
    assert isinstance(size, Recorded)
    return size.working("n'").line()


def test_a_working_has_no_term_that_adds_nothing() -> None:
    assert shown(39, 4, 1) == "n' = floor((39 - 4)/1) + 1 = 36"
    assert shown(39, 4, 1, ends=(0, 0)) == "n' = floor((39 - 4)/1) + 1 = 36"
    assert shown(8, 3, 2, ends=(0, recorded(1, "p2"))) == "n' = floor((8 - 3 + 1)/2) + 1 = 4"
    assert shown(39, 4, 2, ends="same") == "n' = ceil(39/2) = 20"


def test_a_working_of_ceil_mode_shows_the_bound_only_where_it_can_matter() -> None:
    p = recorded(2, "p")
    assert shown(9, 2, 2, ceil_mode=True) == "n' = ceil((9 - 2)/2) + 1 = 5"
    assert shown(9, 4, 4, ends=(p, p), ceil_mode=True) == ("n' = min(ceil((9 - 4 + 2*2)/4) + 1, ceil((9 + 2)/4)) = 3")


def test_a_dilated_kernel_has_the_extent_between_its_outer_taps() -> None:
    assert [extent(3, 1), extent(3, 2), extent(1, 5)] == [3, 5, 1]


def test_paddings_are_spread_over_the_axes() -> None:
    assert ends_of("same", 2) == ("same", "same")
    assert ends_of(1, 2) == ((1, 1), (1, 1))
    assert ends_of((1, (0, 2)), 2) == ((1, 1), (0, 2))
    assert ends_of(((0, 1),), 3) == ((0, 1),) * 3


def test_a_kernel_that_is_too_large_is_refused_with_the_sum_of_each_axis() -> None:
    with pytest.raises(ShapeError) as refused:
        slide_all((3, 33), (6, 4), (3, 1), 1, "valid")
    assert refused.value.message == "kernel 6x4 does not fit 3x33"
    assert refused.value.working == "H = floor((3 - 6)/3) + 1 = 0, must be at least 1"
    assert [fix.args for fix in refused.value.fixes] == [{"kernel": (3, 4)}, {"padding": "same"}]


def test_a_symbolic_axis_is_taken_to_be_large_enough() -> None:
    (size,) = slide_all((symbol("n"),), 5, 2, 1, "valid")
    assert [bind(size, {"n": n}) for n in (5, 6, 7, 8)] == [1, 1, 2, 2]


@pytest.mark.parametrize(("value", "rank"), [((3, 3), 1), ((3,), 2), ((1, 2, 3), 2), (((0, 1), (1, 1)), 3)])
def test_sizes_for_another_number_of_axes_are_refused(value: tuple[Size, ...], rank: int) -> None:
    with pytest.raises(ShapeError, match=f"kernel names {len(value)} ax.s, the input has {rank} spatial"):
        check_rank("kernel", value, rank)


def test_one_pair_of_paddings_stands_for_every_axis() -> None:
    check_rank("padding", ((0, 1),), 3)
    assert slide_all((8, 8), 3, 2, 1, ((0, 1),)) == (4, 4)


@pytest.mark.parametrize(("mode", "most"), [("reflect", 4), ("circular", 5)])
def test_what_fills_the_padding_must_be_there(mode: str, most: int) -> None:
    check_fill(mode, 5, (most, most))
    with pytest.raises(ShapeError, match=f"at most {most} can be filled"):
        check_fill(mode, 5, (0, most + 1))
    check_fill("replicate", 1, (9, 9))
    check_fill(mode, symbol("n"), (9, 9))
