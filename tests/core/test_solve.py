"""Solving backwards, judged by brute force: the network computed for every value of the range."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.samples import WORKED
from tui.core.metric import METRICS
from tui.core.snapshot import Snapshot
from tui.core.solve import REACH, Answer, search, solve
from tui.core.solve_problem import Limit, OpenSymbolsError, Problem, SolveError, first_wrong, measure_of
from tui.formats.document import parse_document

Asked = tuple[str, str, int]
"""A metric, a relation and a number."""


def problem(
    text: str, name: str, *asked: Asked, largest: bool = True, low: int = 1, high: int | None = None
) -> Problem:
    limits = tuple(Limit(measure_of(METRICS[metric]), relation, number) for metric, relation, number in asked)
    return Problem(parse_document(text), name, limits, largest, low, high)


def fits(text: str, name: str, value: int, asked: tuple[Asked, ...]) -> bool:
    """Whether the network as it would be typed with the number has no error and keeps to its limits."""
    snapshot = Snapshot.of(parse_document(f"let {name} = {value}\n{text}"))
    if any(r is not None and r.status in ("error", "waiting") for r in map(snapshot.result, snapshot.shown)):
        return False
    for metric, relation, number in asked:
        total = METRICS[metric].total(snapshot)
        assert isinstance(total, int)
        if not {"<=": total <= number, ">=": total >= number, "=": total == number}[relation]:
            return False
    return True


def brute(text: str, name: str, *asked: Asked, largest: bool = True, low: int = 1, high: int = 400) -> int | None:
    values = reversed(range(low, high + 1)) if largest else range(low, high + 1)
    return next((value for value in values if fits(text, name, value, asked)), None)


def found(answer: Answer) -> int | None:
    return None if answer.point is None else answer.point.value


INT8 = WORKED.replace("39x31x1", "HxHx1").replace("bias=false", "bias=false dtype=int8").replace("dense n", "dense 10")


def test_largest_units_within_a_budget_of_parameters() -> None:
    # 48,320 + 160*n <= 100,000 for n <= 323; 324 is over by 160.
    answer = solve(problem(WORKED, "n", ("params", "<=", 100_000)))
    assert [(p.value, p.values, p.excesses) for p in answer.shown] == [
        (322, (99_840,), (0,)),
        (323, (100_000,), (0,)),
        (324, (100_160,), (160,)),
    ]
    assert (found(answer), answer.proof, answer.bounds) == (323, "bounded", ("params",))


def test_largest_input_whose_peak_fits_in_int8() -> None:
    answer = solve(problem(INT8, "H", ("ram", "<=", 256 * 1024)))
    # The peak lies at the first pool: 20 channels of (H-3)^2 and of its half, 102*102*20 + 51*51*20 = 260,100.
    assert (found(answer), answer.shown[1].values) == (105, (260_100,))
    assert found(answer) == brute(INT8, "H", ("ram", "<=", 256 * 1024), high=200)


def test_smallest_valid_input() -> None:
    # Backwards by hand: conv 2x2 needs 2, pool 4, conv 3x3 6, pool 12, conv 14, pool 28, conv 4x4 31.
    answer = solve(problem(INT8, "H", largest=False))
    assert (found(answer), answer.proof) == (31, "computed")
    assert answer.shown[0].wrong is not None


def test_a_range_of_a_million_millions_is_answered_by_its_bound() -> None:
    answer = solve(problem(WORKED, "n", ("params", "<=", 10**12), high=10**12))
    assert found(answer) == (10**12 - 48_320) // 160
    assert found(solve(problem(WORKED, "n", ("params", ">=", 10**12), largest=False))) == -((48_320 - 10**12) // 160)


def test_nothing_fits_and_the_nearest_is_named() -> None:
    answer = solve(problem(WORKED, "n", ("params", "<=", 1_000)))
    assert (answer.point, answer.nearest and answer.nearest.value) == (None, 1)
    assert answer.nearest is not None
    assert answer.nearest.excesses == (48_320 + 160 - 1_000,)
    # 48,320 + 160*7 = 49,440: one less than what is asked for, 159 from the next
    exact = solve(problem(WORKED, "n", ("params", "=", 49_441)))
    assert (exact.point, exact.nearest and exact.nearest.value) == (None, 7)
    assert found(solve(problem(WORKED, "n", ("params", "=", 49_440)))) == 7


def test_what_does_not_depend_on_the_unknown_has_no_largest() -> None:
    text = "input 8x8x3\nconv 4 3x3 padding=same\nglobalavgpool\nrepeatvector n\n"
    answer = solve(problem(text, "n", ("params", "<=", 1_000)))
    assert (found(answer), answer.proof, answer.flat) == (REACH, "reach", ("params",))
    assert answer.checked == (1, REACH)


HOLES = {
    "groups divide": ("input 12x12x48\nconv 96 3x3 groups=n\nflatten\ndense 3\n", "n"),
    "halved and joined": ("input nx8x2\na: conv 2 1x1\nmaxpool 2\nupsample 2\nadd @a\n", "n"),
    "a 1 that stretches": ("a: input nx6\nb: input 7x6\nadd @a @b\ndense 2\n", "n"),
    "a window that must fit": ("input 17x17x1\nconv 3 n\nmaxpool 2\nconv 4 2\n", "n"),
    "a stride": ("input 40x40x1\nconv 3 3 stride=n\nconv 4 2\nflatten\ndense 4\n", "n"),
    "a reshape": ("input 24\nreshape nx-1\ndense 3\n", "n"),
    "a crop": ("input 20x20x2\ncrop n\nconv 2 2\n", "n"),
    "a pool's padding": ("input 9x9x1\nmaxpool 5 padding=n\nflatten\ndense 2\n", "n"),
    "a squeezed axis": ("input nx5x1\nsqueeze\ndense 4\n", "n"),
    "heads": ("input 10x48\nmultiheadattention n 48\n", "n"),
    "a block": ("input 9x9x2\nrepeat n\n    conv 2 3x3\nflatten\ndense 2\n", "n"),
    "an expression": ("input 60x60x1\nconv n*n-7*n+13 3\nglobalavgpool\ndense n%5+1\n", "n"),
    "two symbols of one": ("let k = 50-n\ninput nxkx1\nconv 2 5\nflatten\ndense 3\n", "n"),
}


@pytest.mark.parametrize("name", HOLES)
@pytest.mark.parametrize("largest", [True, False])
def test_holes_are_met_as_they_come(name: str, largest: bool) -> None:
    text, unknown = HOLES[name]
    high = 60
    for limits in (
        (),
        (("params", "<=", 900),),
        (("macs", ">=", 2_000),),
        (("ram", "<=", 4_000), ("params", ">=", 20)),
    ):
        asked = problem(text, unknown, *limits, largest=largest, high=high)
        expected = brute(text, unknown, *limits, largest=largest, high=high)
        assert found(solve(asked)) == expected, limits
        # With so long a range formulas and bounds do the work.
        longer = problem(text, unknown, *limits, largest=largest, high=700)
        assert found(solve(longer)) == brute(text, unknown, *limits, largest=largest, high=700), limits


LAYERS = (
    "conv {a} 3x3", "conv {s} 1x1", "conv {b} {a} stride={b}", "maxpool {b}", "conv {s} 3x3 padding=same",
    "conv {b} 3x3 padding=same stride={b}", "avgpool 3 stride=2 padding=same", "batchnorm", "relu", "conv 4 s",
    "conv {s} 3 groups={b}", "pad {b}", "upsample {b}", "depthwise 3", "crop {b}", "maxpool 3 ceil_mode=true",
)  # fmt: skip
SIZES = ("s", "2*s", "s+3", "s//2+1", "3", "max(s, 5)", "70-s", "6")


@st.composite
def networks(draw: st.DrawFn) -> str:
    """Small convolutional networks in which a symbol s stands here and there, often with a shortcut around a part."""
    lines = [f"input {draw(st.sampled_from(('s', '2*s+1', '18', '70-s')))}x{draw(st.sampled_from(('s', '15')))}x2"]
    numbers = st.integers(1, 4)
    for _ in range(draw(st.integers(1, 4))):
        layer = draw(st.sampled_from(LAYERS))
        size = f"({draw(st.sampled_from(SIZES))})"
        lines.append(layer.format(a=draw(numbers), b=draw(numbers), s=size))
    if draw(st.booleans()):
        at = draw(st.integers(0, len(lines) - 1))
        lines[at] = f"x: {lines[at]}"
        lines.append(draw(st.sampled_from(("add @x", "concat @x"))))
    lines.append(draw(st.sampled_from(("flatten\ndense 3", "globalavgpool\ndense (s)", "conv 2 1x1"))))
    return "\n".join(lines) + "\n"


LIMITS = st.lists(
    st.tuples(
        st.sampled_from(("params", "macs", "ram", "flash", "training")),
        st.sampled_from(("<=", "<=", ">=", "=")),
        st.integers(0, 5).flatmap(lambda digits: st.integers(0, 10**digits)),
    ),
    max_size=2,
    unique_by=lambda limit: limit[0],
).map(tuple)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=networks(), asked=LIMITS, largest=st.booleans(), low=st.integers(1, 5))
def test_the_answer_is_what_trying_every_value_gives(
    text: str, asked: tuple[Asked, ...], largest: bool, low: int
) -> None:
    high = 330
    answer = solve(problem(text, "s", *asked, largest=largest, low=low, high=high))
    assert found(answer) == brute(text, "s", *asked, largest=largest, low=low, high=high), (text, asked)


def test_other_free_symbols_are_named() -> None:
    with pytest.raises(OpenSymbolsError, match="macs depends on n too") as caught:
        solve(problem(WORKED.replace("39x31x1", "HxHx1"), "H", ("macs", "<=", 10**6)))
    assert caught.value.names == ("n",)


@pytest.mark.parametrize(
    ("asked", "low", "high", "said"),
    [
        ((), 5, 4, "the range 5..4 is empty"),
        ((("params", ">=", 200), ("params", "<=", 100)), 1, None, "params cannot be at least 200 and at most 100"),
        ((("params", "=", 200), ("params", "=", 100)), 1, None, "exclude each other"),
        ((), 1, 10**19, "beyond 10\\*\\*18"),
    ],
)
def test_questions_without_sense_are_refused(asked: tuple[Asked, ...], low: int, high: int | None, said: str) -> None:
    with pytest.raises(SolveError, match=said):
        solve(problem(WORKED, "n", *asked, low=low, high=high))


def test_a_search_tells_how_far_it_is() -> None:
    steps = search(problem(HOLES["a crop"][0], "n", high=40))
    progress = [next(steps) for _ in range(3)]
    assert [p.value for p in progress] == [40, 39, 38]
    assert {p.total for p in progress} == {40}


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("input 4\ndense 3\n", None),
        ("input 4x4x1\nconv 2 9\nflatten\n", (1, "kernel 9x9 does not fit 4x4")),
        # The head of a block is told where no layer of it is wrong.
        ("let n = 0\ninput 4\nrepeat n\n    dense 4\n", (2, "a block is repeated at least once, not 0 times")),
        ("input 4\nrepeat 2\n    dense 4\n    dens 4\n", (3, "no layer kind is called 'dens'; did you mean dense?")),
    ],
)
def test_the_first_line_that_is_wrong(text: str, wrong: tuple[int, str] | None) -> None:
    assert first_wrong(Snapshot.of(parse_document(text))) == wrong
