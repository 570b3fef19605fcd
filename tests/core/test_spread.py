"""Windows run backwards, against laying them down one by one and against what the frameworks print."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tui.core.errors import ShapeError
from tui.core.size import bind, symbol
from tui.core.spread import check_left, check_output_padding, spread, spread_window
from tui.core.windows import Ends

KERNELS = st.integers(1, 6)
STRIDES = st.integers(1, 4)
SIZES = st.integers(1, 12)


@pytest.mark.parametrize(
    ("n", "k", "s", "ends", "o", "out"),
    [
        (16, 3, 2, "same", None, 32),  # Keras 3.15
        (16, 3, 2, "same", 0, 31),  # Keras 3.15
        (16, 3, 2, "same", 1, 32),  # Keras 3.15
        (16, 2, 3, "valid", None, 48),  # Keras 3.15
        (16, 2, 3, (0, 0), None, 47),  # PyTorch 2.13
        (2, 4, 4, "same", 1, 5),  # Keras 3.15
    ],
)
def test_sizes_that_the_frameworks_give(n: int, k: int, s: int, ends: Ends, o: int | None, out: int) -> None:
    assert spread(n, k, s, 1, ends, o) == out


def positions(n: int, k: int, s: int, d: int) -> dict[int, list[int]]:
    """Which input units touch each unit of the whole output, the windows laid down one by one."""
    found: dict[int, list[int]] = {}
    for i in range(n):
        for t in range(k):
            found.setdefault(i * s + t * d, []).append(i)
    return found


@given(SIZES, KERNELS, STRIDES, st.integers(1, 3), st.integers(0, 3), st.integers(0, 3), st.integers(0, 2))
def test_as_many_units_as_the_windows_cover(n: int, k: int, s: int, d: int, p1: int, p2: int, o: int) -> None:
    whole = max(positions(n, k, s, d)) + 1
    assert spread(n, k, s, d, (p1, p2), o) == whole - p1 - p2 + o


@given(st.integers(8, 12), KERNELS, STRIDES, st.integers(0, 2))
def test_an_output_unit_reads_the_windows_over_it(n: int, k: int, s: int, p: int) -> None:
    assume(p < k)
    read = positions(n, k, s, 1)
    window = spread_window(n, k, s, 1, (p, p))
    assert window.kernel == max(len(units) for units in read.values())
    assert (window.stride, window.up) == (1, s)
    # Far enough in, no window is cut off by the edge, and the first unit's reach can be told from there.
    steps = next(i for i in range(n) if i * s + p in read and i * s + p >= k - 1)
    assert min(read[steps * s + p], default=steps - window.pad) == steps - window.pad


@given(
    st.integers(1, 30),
    KERNELS,
    STRIDES,
    st.integers(1, 3),
    st.sampled_from(["valid", "same", (0, 0), (1, 1), (0, 2)]),
    st.sampled_from([None, 0, 1]),
)
def test_symbols_give_what_the_numbers_give(n: int, k: int, s: int, d: int, ends: Ends, o: int | None) -> None:
    size = spread(symbol("n"), symbol("k"), symbol("s"), symbol("d"), ends, o)
    assert bind(size, {"n": n, "k": k, "s": s, "d": d}) == spread(n, k, s, d, ends, o)


def test_an_output_padding_must_be_below_the_stride_or_the_dilation() -> None:
    check_output_padding(2, 1, 3)
    check_output_padding(None, 1, 1)
    check_output_padding(symbol("o"), 2, 1)
    with pytest.raises(ShapeError, match="output_padding=3 must be below") as refused:
        check_output_padding(3, 2, 1)
    assert [fix.args for fix in refused.value.fixes] == [{"output_padding": 1}]


def test_a_padding_that_leaves_nothing_is_refused_with_its_sum() -> None:
    with pytest.raises(ShapeError, match="cuts everything off") as refused:
        check_left(-4, 2, 1, 1, 1, (3, 3))
    assert refused.value.working == "size = (2 - 1)*1 - 2*3 + 1 = -4, must be at least 1"


def test_two_unequal_paddings_have_a_name_each() -> None:
    # (1 - 1)*1 - 1 - 2 + 2 = -1, by hand
    with pytest.raises(ShapeError) as refused:
        check_left(-1, 1, 2, 1, 1, (1, 2))
    assert refused.value.working == "size = (1 - 1)*1 - 1 - 2 + 2 = -1, must be at least 1"
