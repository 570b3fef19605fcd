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


def test_an_equation_that_many_rests_solve_is_said_as_it_is() -> None:
    # H//8 = (H + 1)//8 unless H leaves 7: of 8 rests 7 will do, too many to list. H//2 = (H + 1)//2 for even H.
    text = "x: input Hx4\na: maxpool {k}\nzeropad 0:1 @x\nmaxpool {k}\nadd @a\n"
    assert said(text.format(k=8)) == ["H >= 8", "(H + 1)//8 = H//8"]
    assert said(text.format(k=2)) == ["H >= 2", "H % 2 = 0"]


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


@pytest.mark.parametrize(
    ("text", "conditions"),
    [
        ("input Hx8\nreshape -1x16\n", ["H >= 2", "H % 2 = 0"]),
        ("input Hx8\nunflatten 1 -1x3\n", ["H >= 3", "H % 3 = 0"]),
        ("input HxWx4\nreshape 7x7x4\n", ["H*W = 49"]),
        ("input HxWx4\nreshape -1x3\n", ["(H*W) % 3 = 0"]),
        ("input 8x8xn\nconv 12 3 groups=4\n", ["n >= 4", "n % 4 = 0"]),
        ("input 8x8x6\nconv k 3 groups=3\n", ["k >= 3", "k % 3 = 0"]),
        ("input 8x8xn\nconvtranspose 4 3 groups=2\n", ["n >= 2", "n % 2 = 0"]),
        ("input HxWx4\npixelunshuffle 2\n", ["H >= 2", "W >= 2", "H % 2 = 0", "W % 2 = 0"]),
        ("input 8x8xn\npixelshuffle 2\n", ["n >= 4", "n % 4 = 0"]),
        ("input 8x8xn\nglu\n", ["n >= 2", "n % 2 = 0"]),
        ("input 8x8xn\ngroupnorm 8\n", ["n >= 8", "n % 8 = 0"]),
        ("input 8x8xn\nchannelshuffle 3\n", ["n >= 3", "n % 3 = 0"]),
        ("input 8x8xn\nconv n 3 groups=n\n", []),
        ("input 8xn\nmultiheadattention 4\n", ["n >= 4", "n % 4 = 0"]),
        ("input 8xn\nmultiheadattention 4 8\n", []),
        ("input 8xn\nmultiheadattention h\n", ["n % h = 0"]),
        ("input 8xn\ntransformerencoder 3\n", ["n >= 3", "n % 3 = 0"]),
    ],
)
def test_what_one_input_has_to_be_divisible_by(text: str, conditions: list[str]) -> None:
    assert said(text) == conditions
    name = conditions[0].split(" ")[0] if conditions else "n"
    if len(name) == 1 and name != "W":
        for value in range(1, 30):
            bound = f"let {name} = {value}\nlet W = 6\nlet h = 3\n{text}"
            computed = Snapshot.of(parse_document(bound)).totals.complete
            rules = [c.replace(" = ", " == ") for c in conditions if c.startswith(name)]
            assert computed == all(eval(rule, {name: value, "h": 3}) for rule in rules)


@pytest.mark.parametrize(
    ("word", "grows"),
    [
        ("n", True), ("n*k - 3", True), ("(n + k)//3", True), ("max(n, 4)", True), ("min(n, k)", True),
        ("10 - n", False), ("(10 - n)//2", False), ("100//n", False), ("n//k", False), ("max(10 - n, 2)", False),
        ("min(10 - n, 4)", False),
        ("n % 3", False),  # 2 and then 0
    ],
)  # fmt: skip
def test_what_cannot_shrink_as_a_symbol_grows(word: str, grows: bool) -> None:
    size = parse_size(word)
    assert nondecreasing(size) is grows
    if grows:
        values = [bind(size, {"n": n, "k": 2}) for n in range(1, 30)]
        assert values == sorted(values)
