"""The words of ranges and goals."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.sweeps import measures
from tui.core.sweep import Axis, SweepError
from tui.core.sweep_front import Goal
from tui.formats.sweep.range import goal_names, is_range, parse_axis, parse_goals, parse_values


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("n=10..100:10", [10, 20, 30, 40, 50, 60, 70, 80, 90, 100]),
        ("n=1..5", [1, 2, 3, 4, 5]),
        ("n=5..5", [5]),
        ("n=8..100*2", [8, 16, 32, 64]),
        ("n=1..1000*10", [1, 10, 100, 1000]),
        ("n=8,16,32", [8, 16, 32]),
        ("n=7", [7]),
        ("n = 10 .. 30 : 10", [10, 20, 30]),
        ("n=1..3,8,16..64*2,2", [1, 2, 3, 8, 16, 32, 64]),
        ("n=1_000..3_000:1_000", [1000, 2000, 3000]),
        ("n=8,16,", [8, 16]),
        ("n=30..10:-10", [30, 20, 10]),
        ("n=10..25:10", [10, 20]),
        ("너비=1..2", [1, 2]),
        ("n=-1..1", [-1, 0, 1]),
        ("n=1..5:10", [1]),
    ],
)
def test_values(text: str, values: list[int]) -> None:
    axis = parse_axis(text)
    assert list(axis.values) == values
    assert axis.name == text.partition("=")[0].strip()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("n=100..10", "n: the range 100..10 is empty; write 10..100"),
        ("n=100..10:10", "n: the range 100..10:10 is empty; write 10..100:10"),
        ("n=10..100:-5", "n: the range 10..100:-5 is empty; write 10..100:5"),
        ("n=1..10:0", "n: a step of 0 never gets from 1 to 10; leave it out for steps of 1"),
        ("n=64..8*2", "n: the range 64..8*2 is empty; write 8..64*2"),
        ("n=1..64*1", "n: 1..64*1 never gets anywhere; multiply by 2 or more, as in 8..1024*2"),
        ("n=0..64*2", "n: 0..64*2 cannot start at 0; begin at 1 or more, as in 1..1024*2"),
        ("n=", "n has no values; write 10..100:10, 10..100, 8..1024*2 or 8,16,32"),
        ("n=,", "n has no values; write 10..100:10, 10..100, 8..1024*2 or 8,16,32"),
        ("n=1..x", "n: cannot read '1..x'; write 10..100:10, 10..100, 8..1024*2 or 8,16,32"),
        ("n=1,,2", "n: cannot read ''; write 10..100:10, 10..100, 8..1024*2 or 8,16,32"),
        ("n=1.5..2", "n: cannot read '1.5..2'; write 10..100:10, 10..100, 8..1024*2 or 8,16,32"),
        ("n=1..2..3", "n: cannot read '1..2..3'; write 10..100:10, 10..100, 8..1024*2 or 8,16,32"),
        ("n", "'n' names no symbol with its values; write n=10..100:10"),
        ("2n=1..5", "'2n=1..5' names no symbol with its values; write n=10..100:10"),
        ("max=1..5", "'max=1..5' names no symbol with its values; write n=10..100:10"),
        (
            "n=1..1000000000000",
            "n=1..1000000000000 has 1,000,000,000,000 values, a sweep at most 5,000,000; take larger steps, such as "
            "n=1..1000000000000:1000000000, or n=1..1000000000000*2",
        ),
        ("n=1..10000000000000000000", "n: 10000000000000000000 has more than 18 digits; sizes go up to 10**18"),
    ],
)
def test_what_does_not_read(text: str, message: str) -> None:
    with pytest.raises(SweepError) as raised:
        parse_axis(text)
    assert raised.value.message == message


def test_the_way_out_of_too_many_values_is_one() -> None:
    assert len(parse_values("n", "1..1000000000000:1000000000")) == 1000
    assert len(parse_values("n", "1..1000000000000*2")) == 40  # 2**39 < 10**12 < 2**40


@given(st.text(max_size=30))
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(SweepError):
        assert len(parse_values("n", text)) > 0


@pytest.mark.parametrize(
    ("word", "several"),
    [("n=1..5", True), ("n=1,2", True), ("n=5", False), ("n=2*k", False), ("n=max(a,b)", False), ("n=8,16,", True)],
)
def test_what_is_a_range(word: str, several: bool) -> None:
    assert is_range(word) is several


AXES = (Axis("n", (1, 2)),)


@pytest.mark.parametrize(
    ("text", "goals"),
    [
        ("params,macs", (Goal("params", 0), Goal("macs", 1))),
        ("macs:max , params:min", (Goal("macs", 1, True), Goal("params", 0))),
        ("ram,n:max", (Goal("ram", 2), Goal("n", 0, True, True))),
    ],
)
def test_goals(text: str, goals: tuple[Goal, Goal]) -> None:
    assert parse_goals(text, AXES, measures()) == goals


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("params", "a Pareto front is of two goals, 'params' has 1; write params,macs:max"),
        ("params,macs,ram", "a Pareto front is of two goals, 'params,macs,ram' has 3; write params,macs:max"),
        ("params,macz", "no goal is called 'macz'; did you mean macs?"),
        ("params,k", "no goal is called 'k'; there are params, macs, ram, n, each with :min or :max"),
        ("params:min,params:max", "a Pareto front is of two goals that differ; both are params"),
    ],
)
def test_goals_that_there_are_not(text: str, message: str) -> None:
    with pytest.raises(SweepError) as raised:
        parse_goals(text, AXES, measures())
    assert raised.value.message == message


def test_the_way_out_of_an_empty_range_is_a_range() -> None:
    for text in ("100..10", "100..10:10", "10..100:-5", "64..8*2"):
        with pytest.raises(SweepError) as raised:
            parse_values("n", text)
        assert len(parse_values("n", raised.value.message.rpartition("write ")[2])) > 1


def test_what_goals_measure() -> None:
    assert goal_names("params, conv1:macs:max,n:max", ["n"]) == ["params", "conv1:macs"]
    for word, name in (("n:maximal", "n"), ("macs:largest", "macs")):
        with pytest.raises(SweepError) as raised:
            goal_names(f"params,{word}", ["n"])
        assert raised.value.message.endswith(f"write {name}:max")
