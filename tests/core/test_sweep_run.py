"""Sweeps: by formula and one by one, both against the whole network computed for each combination."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.sweeps import BOTH, brute_force, measures, run, swept, told
from tests.samples import WORKED
from tui.core.snapshot import Snapshot
from tui.core.sweep import MOST_ALONE, MOST_POINTS, Axis, SweepError, UnboundError
from tui.core.sweep_columns import Columns, Lists
from tui.core.sweep_questions import NoFormulaError
from tui.core.sweep_run import sweep
from tui.formats.document import parse_document

IMAGE = WORKED.replace("39x31x1", "HxWx1").replace("dense n", "dense 10")
each = pytest.mark.parametrize("columns", BOTH, ids=lambda c: c.name)


def test_the_worked_example_by_hand() -> None:
    # 48,320 + 160*n parameters and 2,261,760 + 160*n MACs; (36*28*20 + 18*14*20)*4 bytes at the peak
    found = swept(WORKED, n=range(10, 101, 10))
    assert [p.numbers for p in found] == [(48_320 + 160 * n, 2_261_760 + 160 * n, 100_800) for n in range(10, 101, 10)]
    assert found.refused == 0
    assert not found.least


@each
def test_two_symbols_by_formula_are_the_networks_themselves(columns: Columns) -> None:
    axes = {"H": range(20, 60, 3), "W": range(18, 50, 2)}
    found = swept(IMAGE, columns, "formula", **axes)
    assert "formula" in found.how
    assert told(found) == brute_force(IMAGE, **axes)
    assert 0 < found.refused < len(found)
    alone = swept(IMAGE, columns, "alone", **axes)
    assert list(found) == list(alone)  # the reasons too, each in its own numbers
    assert found.refused == alone.refused


NETWORKS = {
    "kernel and channels": (
        "input 15x15x3\nconv n k\nmaxpool 2\nflatten\ndense 10", {"k": range(1, 18), "n": (1, 2, 64)}
    ),
    "strides": (
        "input Hx9x2\nconv 4 3 stride=s padding=same\nmaxpool 2 ceil_mode=true", {"H": range(1, 25), "s": (1, 2, 5)}
    ),
    "groups": ("input 8x8xn\nconv m 3 groups=4", {"n": range(1, 13), "m": range(2, 10)}),
    "a number of groups": ("input 8x8x12\nconv 24 3 groups=g", {"g": range(1, 27)}),
    "heads": ("input 10xd\nattention heads=h", {"d": range(1, 30), "h": (1, 2, 3, 4, 5)}),
    "halved and doubled": (
        "x: input HxWx4\nmaxpool 2\nupsample 2\nadd @x", {"H": range(1, 17), "W": range(1, 12)}
    ),
    "reshape": ("input n\nreshape 4xm", {"n": range(1, 40), "m": range(1, 9)}),
    "split": ("input 4xn\nsplit p", {"n": range(2, 14), "p": (2, 3)}),
    "one stretches": ("x: input 8x8xn\ny: input 8x8x5\nadd @x @y", {"n": range(1, 12)}),
    "below a range": ("input 20\ndense n-5", {"n": range(1, 12)}),
    "padding within half a kernel": ("input 20x20x1\nmaxpool k padding=p", {"k": range(1, 8), "p": range(1, 6)}),
    "reflected": ("input Hx9x1\npad p mode=reflect", {"H": range(1, 9), "p": range(1, 9)}),
    "a divisor": ("input 64\ndense 100//(n-3)", {"n": range(1, 14)}),
    "a block": ("input 8\nrepeat n\n    dense 8\n", {"n": range(1, 40)}),
    "a block that grows": ("input 8x8x2\nrepeat n\n    conv 4 3\n", {"n": range(1, 6)}),
    "another symbol": ("let m = 2*n\ninput m\ndense m-3", {"n": range(1, 9)}),
    "a batch": ("set batch=b-2\ninput 8\ndense 4", {"b": range(1, 7)}),
    "a skip": ("x: input HxHx4\nconv c 3 padding=same\nadd @x", {"H": range(1, 6), "c": range(1, 7)}),
    "recurrent": ("input txn\nlstm h return_sequences=true\ngru h", {"t": range(1, 4), "n": (1, 7), "h": (3,)}),
}  # fmt: skip


@each
@pytest.mark.parametrize("name", NETWORKS)
def test_where_layers_do_not_fit(name: str, columns: Columns) -> None:
    text, axes = NETWORKS[name]
    if len(axes) > 2:
        text, axes = text + "\nlet h = 3", {key: values for key, values in axes.items() if key != "h"}
    expected = brute_force(text, **axes)
    assert told(swept(text, columns, "alone", **axes)) == expected
    assert told(swept(text, columns, **axes)) == expected
    try:
        by_formula = swept(text, columns, "formula", **axes)
    except NoFormulaError:
        return  # it says that it cannot, which is no wrong number
    assert told(by_formula) == expected


KINDS = st.sampled_from((
    "conv c 3", "conv 4 k", "conv 6 k padding=same stride=2", "conv c+1 2 dilation=2", "maxpool 2",
    "avgpool k stride=1", "batchnorm", "relu", "convtranspose 3 2 stride=2", "conv 8 1 groups=2", "pad 1",
    "upsample 2", "depthwiseconv k",
))  # fmt: skip


@settings(max_examples=40)
@given(layers=st.lists(KINDS, min_size=1, max_size=5), size=st.integers(4, 20), columns=st.sampled_from(BOTH))
def test_random_networks(layers: list[str], size: int, columns: Columns) -> None:
    text = "\n".join([f"input {size}x{size + 3}xc", *layers, "flatten", "dense k*c"])
    axes = {"c": (1, 2, 3, 4, 7), "k": (1, 2, 3, 6)}
    axes = {name: values for name, values in axes.items() if any(name in line for line in layers) or name == "c"}
    text = text if "k" in axes else text.replace("k*c", "c")
    expected = brute_force(text, **axes)
    assert told(swept(text, columns, "alone", **axes)) == expected
    try:
        found = swept(text, columns, "formula", **axes)
    except NoFormulaError:
        return
    assert told(found) == expected


@each
def test_numbers_beyond_64_bits_are_exact(columns: Columns) -> None:
    # parameters of dense n on n: n*n + n; 10**10 squared is beyond 2**63
    values = (1, 3_037_000_499, 3_037_000_500, 4_294_967_296, 10**10)
    found = swept("input n\ndense n", columns, "formula", ("params",), n=values)
    assert [p.numbers for p in found] == [(n * n + n,) for n in values]
    small = swept("input n\ndense n", columns, "formula", ("params",), n=(1, 2))
    assert [p.numbers for p in small] == [(2,), (6,)]


@each
def test_an_argument_above_the_largest_size_is_refused_as_the_network_does(columns: Columns) -> None:
    text, axes = "input 2\ndense n*n", {"n": (5, 10**9, 10**9 + 1, 10**10)}
    found = swept(text, columns, "formula", ("params",), **axes)
    assert told(found) == brute_force(text, ("params",), **axes)
    assert [point.numbers is None for point in found] == [False, False, True, True]


def test_values_below_one_are_computed_one_by_one() -> None:
    text, axes = "input 8x8x1\nconv 2 3 padding=p", {"p": (-1, 0, 1)}
    assert told(swept(text, **axes)) == brute_force(text, **axes)
    with pytest.raises(NoFormulaError):
        swept(text, how="formula", **axes)


def test_a_symbol_that_has_a_value_is_swept_all_the_same() -> None:
    found = swept("let n = 7\ninput 4\ndense n", names=("params",), n=(1, 2))
    assert [point.numbers for point in found] == [(5,), (10,)]


def test_opaque_layers_make_lower_bounds() -> None:
    text = "input 4\nopaque Custom 6\ndense n"
    for how in ("alone", "formula"):
        found = swept(text, how=how, names=("params",), n=(1, 2))
        assert [(p.numbers, p.least) for p in found] == [((7,), (True,)), ((14,), (True,))]
        assert found.least


def test_a_line_that_does_not_read_is_the_reason_everywhere() -> None:
    found = swept("input 4\ncnov 3\ndense n", n=(1, 2))
    assert [point.numbers for point in found] == [None, None]
    assert all("cnov" in point.reason for point in found)
    assert found.refused == 2


@pytest.mark.parametrize(
    ("axes", "message"),
    [
        ([Axis("q", [1, 2])], "the network has no symbol 'q'; its symbols: H, W, n"),
        ([Axis("H", [])], "H: the range is empty"),
        ([], "there is nothing to sweep; give a symbol a range, such as n=10..100:10"),
        ([Axis("H", [1]), Axis("H", [2])], "H has two ranges; join them with a comma, as in H=1..8,16,32"),
        ([Axis(name, [1, 2]) for name in "HWn"], "3 symbols have a range (H, W, n); a sweep takes one or two, so give "
         "the others one value each"),
    ],
)  # fmt: skip
def test_what_cannot_be_swept(axes: list[Axis], message: str) -> None:
    snapshot = Snapshot.of(parse_document("input HxWx1\nflatten\ndense n"))
    with pytest.raises(SweepError) as raised:
        run(sweep(snapshot, axes, measures(), Lists()))
    assert raised.value.message == message


def test_too_many_combinations() -> None:
    snapshot = Snapshot.of(parse_document("input HxWx1\nflatten"))
    with pytest.raises(SweepError, match=f"100,000,000 combinations are more than the {MOST_POINTS:,}"):
        run(sweep(snapshot, [Axis("H", range(1, 10_001)), Axis("W", range(1, 10_001))], measures(), Lists()))
    # 100 by 10,000 are a million, a fifth of what may be.
    with pytest.raises(SweepError, match=r"such as H=1\.\.10000:100, or"):
        run(sweep(snapshot, [Axis("H", range(1, 10_001)), Axis("W", range(1, 10_001))], measures(), Lists()))


def test_too_many_without_a_formula() -> None:
    # A block that changes its shape each time has no count that is a symbol.
    snapshot = Snapshot.of(parse_document("input 90000\nrepeat n\n    conv 3 3\n"))
    with pytest.raises(SweepError, match=f"20,001 combinations, .* one by one at most {MOST_ALONE:,} are computed"):
        run(sweep(snapshot, [Axis("n", range(1, MOST_ALONE + 2))], measures(), Lists()))


@each
def test_another_symbol_has_to_have_a_value(columns: Columns) -> None:
    for how in ("alone", "formula"):
        with pytest.raises(UnboundError) as raised:
            swept("input HxWx1\nflatten\ndense n", columns, how, n=(1, 2))
        assert raised.value.names == ("H", "W")
        # The weights of a convolution do not depend on the size of the image.
        found = swept("input HxWx1\nconv n 3", columns, how, ("params",), n=(1, 2))
        assert [point.numbers for point in found] == [(10,), (20,)]


@each
def test_all_points_of_a_long_sweep_are_the_formula(columns: Columns) -> None:
    # 160*n + 48,320 at the first, some middle and the last value; in plain Python a million would take seconds
    count = 100_000 if isinstance(columns, Lists) else 1_000_000
    found = swept(WORKED, columns, n=range(1, count + 1))
    assert len(found) == count
    for index in (0, 12_345, count - 1):
        assert found.point(index).numbers[:2] == (48_320 + 160 * (index + 1), 2_261_760 + 160 * (index + 1))


def test_it_can_be_stopped_after_any_step() -> None:
    snapshot = Snapshot.of(parse_document(WORKED))
    steps = sweep(snapshot, [Axis("n", range(1, 400))], measures(), Lists(), "alone")
    seen = [next(steps) for _ in range(3)]
    assert [(progress.done, progress.total) for progress in seen] == [(1, 399), (2, 399), (3, 399)]
    steps.close()


@each
def test_rows_that_are_computed_one_at_a_time(columns: Columns) -> None:
    axes = {"H": range(20, 50, 7), "W": range(15, 115)}
    assert told(swept(IMAGE, columns, "formula", **axes)) == brute_force(IMAGE, **axes)


@each
def test_a_row_that_is_longer_than_what_is_computed_at_once(columns: Columns) -> None:
    count = columns.at_once + 100
    found = swept("input W\ndense n", columns, "formula", ("params",), n=(1, 2, 3), W=range(1, count + 1))
    # n*W weights and n biases
    for index in (0, columns.at_once - 1, columns.at_once, count - 1, count, 3 * count - 1):
        n, w = index // count + 1, index % count + 1
        assert found.point(index)[:2] == ((n, w), (n * w + n,))


def test_a_peak_of_too_many_candidates_is_no_formula() -> None:
    # Each layer is the largest for some n, so that no few of them are the peak for all.
    layers = "\n".join(f"dense {i}*n+{(90 - i) * (90 - i)}" for i in range(1, 90))
    text, axes = f"input n\n{layers}", {"n": (1, 7, 40, 150, 400)}
    with pytest.raises(NoFormulaError, match="too long"):
        swept(text, how="formula", names=("ram",), **axes)
    assert told(swept(text, names=("ram",), **axes)) == brute_force(text, ("ram",), **axes)
    assert told(swept(text, how="formula", names=("params",), **axes)) == brute_force(text, ("params",), **axes)


def test_what_does_not_fit_names_its_layer_where_each_size_has_another_reason() -> None:
    found = swept("input HxWx1\nconv 2 20\n", how="formula", H=range(1, 19), W=range(1, 19))
    assert len(found.sorts) == 18 * 18
    assert {str(outcome.reason).partition(": ")[0] for outcome in found.outcomes} == {"#1 conv 2 20"}
    assert "#1 conv 2 20: does not fit" in [outcome.reason for outcome in found.outcomes]
