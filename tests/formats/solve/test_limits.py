"""Limits as they are written."""

from __future__ import annotations

import pytest

from tests.samples import WORKED
from tui.core.errors import LayersheetError
from tui.core.snapshot import Snapshot
from tui.formats.document import parse_document
from tui.formats.ranges import parse_range
from tui.formats.solve.limits import parse_limit, parse_limits

SNAPSHOT = Snapshot.of(parse_document(f"let n = 10\n{WORKED}"))


def read(text: str) -> list[tuple[str, str, int]]:
    return [(limit.measure.name, limit.relation, limit.number) for limit in parse_limits(SNAPSHOT, text)]


def test_several_limits_with_units_and_signs() -> None:
    assert read("params<=100k, ram <= 256KiB; macs>=1.5M") == [
        ("params", "<=", 100_000), ("ram", "<=", 262_144), ("macs", ">=", 1_500_000),
    ]  # fmt: skip
    assert read("params <= 1,234,567, macs = 5") == [("params", "<=", 1_234_567), ("macs", "=", 5)]
    assert read("macs ≤ 5, params == 3") == [("macs", "<=", 5), ("params", "=", 3)]
    assert read("valid") == read("") == []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        # After the second conv of the worked example: 16x12x40, field 9, 3*3*20*40 weights; by hand in its table.
        ("conv2:H=1", 16), ("#3:W=1", 12), ("3:C=1", 40), ("conv2:out=1", 16 * 12 * 40), ("conv2:field=1", 9),
        ("conv2:params=1", 7_200), ("conv2:macs=1", 1_382_400), ("flatten1:C=1", 160),
    ],
)  # fmt: skip
def test_a_number_of_one_layer(text: str, value: int) -> None:
    assert parse_limit(SNAPSHOT, text, "<=").measure.total(SNAPSHOT) == value


def test_a_layer_without_such_a_number_has_none() -> None:
    for text in ("flatten1:H=1", "dense1:field=3"):
        assert parse_limit(SNAPSHOT, text, "<=").measure.total(SNAPSHOT) is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("parms<=1", "did you mean params"),
        ("params", "params needs a limit, such as params<=100k"),
        ("params lots", "params needs a limit, such as params<=100k, not 'lots'"),
        ("parms 5", "no metric is called 'parms'; did you mean params?"),
        ("params<=", "params needs a limit, such as params=100k"),
        ("params<5", "write params<=5"),
        ("params<=5KiB", "a count has no bytes"),
        ("conv9:H<=4", "there is no layer 'conv9'; did you mean"),
        ("conv1:hight<=4", "no number of a layer is called 'hight'"),
        ("valid<=3", "valid needs no limit"),
    ],
)
def test_what_is_no_limit_is_said(text: str, said: str) -> None:
    with pytest.raises(LayersheetError) as caught:
        parse_limits(SNAPSHOT, text)
    assert said in caught.value.message


def test_ranges() -> None:
    assert parse_range("1..10000") == (1, 10_000)
    assert parse_range("31..") == (31, None)
    assert parse_range("..1_000") == (None, 1_000)
    assert parse_range("1..1,000") == (1, 1_000)


@pytest.mark.parametrize("text", ["5", "..", "a..b", "5..2", "1..." + "9" * 30, "1..-", "٣..٤"])
def test_what_is_no_range_is_said(text: str) -> None:
    with pytest.raises(LayersheetError, match="range"):
        parse_range(text)
