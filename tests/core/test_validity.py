"""What symbols must be: bounds by hand, and by trying every value."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.core.expression import parse_size
from tui.core.size import bind
from tui.core.snapshot import Snapshot
from tui.core.validity import nondecreasing, smallest
from tui.formats.document import parse_document


def said(text: str) -> list[str]:
    return [condition.text for condition in Snapshot.of(parse_document(text)).conditions]


def test_the_smallest_input_of_the_worked_example() -> None:
    # Backwards by hand: conv 2x2 needs 2, the pool before it 4, conv 3x3 6, pool 12, conv 3x3 14, pool 28, conv 4x4 31.
    chain = "conv 20 4x4\nmaxpool 2\nconv 40 3x3\nmaxpool 2\nconv 60 3x3\nmaxpool 2\nconv 80 2x2\nflatten\ndense n\n"
    assert said(f"input HxWx1\n{chain}") == ["H >= 31", "W >= 31"]
    smallest_input = Snapshot.of(parse_document(f"input 31x31x1\n{chain}"))
    too_small = Snapshot.of(parse_document(f"input 31x30x1\n{chain}"))
    assert (smallest_input.totals.complete, too_small.totals.complete) == (True, False)


def test_nothing_is_said_where_nothing_can_go_wrong() -> None:
    assert said("input HxWx3\nconv 8 3x3 same\nglobalavgpool\ndense n\n") == []
    assert said("input 9x9x3\nconv 8 3x3\n") == []
    assert said("let H = 40\ninput Hx40x1\nconv 8 5x5\n") == []


def test_an_axis_that_shrinks_with_its_symbol_is_said_whole() -> None:
    assert said("input 9x9x3\nconv 8 kx9\n") == ["10 - k >= 1"]


@given(kernel=st.integers(1, 9), stride=st.integers(1, 4), second=st.integers(1, 5))
def test_the_bound_is_what_trying_gives(kernel: int, stride: int, second: int) -> None:
    size = parse_size(f"((H-{kernel})//{stride}+1-{second})//2+1")
    assert nondecreasing(size)
    tried = next(h for h in range(1, 200) if all(bind(size, {"H": v}) >= 1 for v in range(h, 200)))
    assert smallest(size, "H") == tried


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("input 7x8x1\nmaxpool 2\n", "no window reads the last 1 row of the input"),
        ("input 8x10x1\nconv 4 3x3 stride=3\n", "no window reads the last 2 rows and 1 column of the input"),
        ("input 8x8x1\nconv 4 3x3 stride=2 padding=1\n", None),  # the odd one lies in the padding
        ("input 7x7x1\nmaxpool 2 ceil_mode=true\n", None),
    ],
)
def test_what_rounding_down_loses_is_a_warning(text: str, rows: str | None) -> None:
    snapshot = Snapshot.of(parse_document(text))
    result = snapshot.result(1)
    assert result is not None
    assert (result.message, result.status) == (rows, "warning" if rows else "ok")


def halves(depth: int) -> str:
    """A network that halves its input so often, doubles it again and adds what it had at each step."""
    down = [f"d{i}: conv 1 1x1\nmaxpool 2\n" for i in range(depth)]
    up = [f"upsample 2\nadd @d{i}\n" for i in reversed(range(depth))]
    return "".join(down + up)


@pytest.mark.parametrize("depth", [1, 2, 4])
def test_what_is_halved_and_joined_again_has_to_be_even(depth: int) -> None:
    step = 2**depth
    assert said(f"input HxWx1\n{halves(depth)}") == [
        f"H >= {step}", f"W >= {step}", f"H % {step} = 0", f"W % {step} = 0",
    ]  # fmt: skip
    for height in range(1, 40):
        computed = Snapshot.of(parse_document(f"input {height}x32x1\n{halves(depth)}")).totals.complete
        assert computed == (height % step == 0)


def test_concat_matmul_and_stack_ask_for_equal_sizes_too() -> None:
    assert said("input HxWx2\na: conv 1 3x3\nmaxpool 2\nupsample 2\nconcat @a\n") == [
        "H >= 4", "W >= 4", "H % 2 = 0", "W % 2 = 0",
    ]  # fmt: skip
    assert said("a: input 3xk\nb: input 5x7\nmatmul @a @b\n") == ["k = 5"]
    assert said("a: input 3xk\nb: input 3x7\nstack @a @b\n") == ["k = 7"]
    # A size of 1 stretches, and axes that are put end to end may differ.
    assert said("a: input 1xk\nb: input 3xk\nadd @a @b\n") == []
    assert said("a: input kx7\nb: input 5x7\nconcat @a @b axis=1\n") == []


def test_symbols_of_different_axes_that_have_to_be_equal() -> None:
    assert said("a: input nx3\nb: input mx3\nadd @a @b\n") == ["n = m"]


def test_a_bound_is_not_said_again_by_a_product() -> None:
    # The tokens of 16x16 patches: (H//16)*(W//16) of them.
    patches = "input HxWx3\nconv 8 16x16 stride=16\nreshape -1x8\ndense 4\n"
    assert said(patches) == ["H >= 16", "W >= 16"]
