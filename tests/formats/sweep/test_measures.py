"""What is measured, by its words, and what the fields of a sweep ask for."""

from __future__ import annotations

import pytest

from tests.samples import WORKED
from tui.core.errors import LayersheetError
from tui.core.metric import METRICS
from tui.core.snapshot import Snapshot
from tui.formats.document import parse_document
from tui.formats.sweep.measures import parse_measures
from tui.formats.sweep.request import RequestError, first_ranges, read_request

NAMED = "input 8x8x3\nstem: conv 4 3 bias=false\nflatten\nhead: dense 10\noff dense 3\n"


def snapshot(text: str) -> Snapshot:
    return Snapshot.of(parse_document(text))


def test_totals_and_layers() -> None:
    network = snapshot(NAMED)
    found = parse_measures(network, "params, stem:macs,3:params , #1:activation_bytes,head:flash,params")
    assert [measure.name for measure in found] == [
        "params",
        "stem:macs",
        "3:params",
        "#1:activation_bytes",
        "head:flash",
    ]
    # 3*3*3*4 weights at 6*6 places; 6*6*4 inputs of 10 units, with their biases; 4 bytes each
    assert [measure.of(network) for measure in found] == [
        108 + 1_440 + 10, 108 * 36, 1_440 + 10, 6 * 6 * 4 * 4, (1_440 + 10) * 4,
    ]  # fmt: skip
    assert [measure.in_bytes for measure in found] == [False, False, False, True, True]
    assert [measure.name for measure in parse_measures(network, "")] == ["params", "macs", "ram"]
    assert [m.of(network) for m in parse_measures(network, ",".join(METRICS))] == [
        metric.total(network) for metric in METRICS.values()
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("parms", "no metric is called 'parms'; did you mean params?"),
        ("steam:macs", "there is no layer 'steam'; did you mean stem?"),
        ("77:macs", "there is no layer '77'; layers go from #0 to #4"),
        ("stem:mac", "no number of a layer is called 'mac'; did you mean macs?"),
        (":macs", "there is no layer ''; layers go from #0 to #4"),
    ],
)
def test_what_there_is_not(text: str, message: str) -> None:
    with pytest.raises(LayersheetError) as raised:
        parse_measures(snapshot(NAMED), text)
    assert raised.value.message == message


def test_a_skipped_layer_has_no_number() -> None:
    (measure,) = parse_measures(snapshot(NAMED), "4:macs")
    with pytest.raises(LayersheetError, match="skipped"):
        measure.of(snapshot(NAMED))


TEXTS = {"first": "H=8..16:8", "second": "", "metrics": "params", "view": "table"}


def test_requests() -> None:
    network = snapshot("input HxWx1\nconv n k")
    asked = read_request(
        network, {**TEXTS, "second": "n=1, 2,3 k=3; W=9", "metrics": "params:min,n:max", "view": "pareto"}
    )
    assert [(axis.name, list(axis.values)) for axis in asked.axes] == [("H", [8, 16]), ("n", [1, 2, 3])]
    assert asked.fixed == {"k": 3, "W": 9}
    assert [measure.name for measure in asked.measures] == ["params"]
    assert asked.goals is not None
    assert [(goal.name, goal.largest, goal.symbol) for goal in asked.goals] == [
        ("params", False, False),
        ("n", True, True),
    ]
    assert read_request(network, TEXTS).goals is None


@pytest.mark.parametrize(
    ("field", "text"),
    [("first", ""), ("first", "H"), ("first", "Q=1..2"), ("second", "k=x"), ("metrics", "nothing"), ("view", "pie")],
)
def test_a_field_that_does_not_read_is_named(field: str, text: str) -> None:
    with pytest.raises(RequestError) as raised:
        read_request(snapshot("input HxWx1\nconv n k"), {**TEXTS, field: text})
    assert raised.value.field == field


def test_an_empty_field_asks_for_what_it_needs() -> None:
    with pytest.raises(RequestError, match=r"which symbol is swept\? write H=10..100:10"):
        read_request(snapshot("input HxWx1"), {**TEXTS, "first": " "})


def test_what_a_sweep_begins_with() -> None:
    assert first_ranges(snapshot(WORKED)) == ("n=10..100:10", "")
    assert first_ranges(snapshot("input 4\ndense 2")) == ("", "")
    # Of the free symbols the preferred one is swept; 49 is the least height that the layers leave anything of.
    image = snapshot("input HxWx1\nconv n 49")
    assert first_ranges(image, ["n"]) == ("n=10..100:10", "H=49 W=49")
    assert first_ranges(image) == ("H=49..490:49", "W=49 n=32")
    assert first_ranges(snapshot("let n = 5\ninput 4\ndense n")) == ("n=10..100:10", "")
