"""Budgets that travel in the file: how the line reads, what a device brings, and what the verdict says."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.core.errors import FileError
from tui.core.metric import METRICS
from tui.core.snapshot import Change, Snapshot
from tui.formats.budget import budgets_of, judge
from tui.formats.devices import device_named, devices
from tui.formats.document import parse_document, print_document
from tui.formats.line import parse_line
from tui.formats.quantity import parse_quantity, print_quantity
from tui.formats.record import record
from tui.formats.verdicts import bar, percent, sentence, summary, verdicts_of, word, worst_text

# A dense layer of 10 inputs, 20 outputs and a bias has 220 parameters: 880 bytes.
DENSE = "input 10\ndense 20\n"


def snapshot(text: str) -> Snapshot:
    return Snapshot.of(parse_document(text))


@given(st.integers(0, 2**70), st.booleans())
def test_a_quantity_reads_back_as_it_was_written(number: int, in_bytes: bool) -> None:
    if len(str(number)) <= 31:
        assert parse_quantity(print_quantity(number, in_bytes=in_bytes), in_bytes=in_bytes) == number


@pytest.mark.parametrize(
    ("number", "in_bytes", "text"),
    [
        (262_144, True, "256KiB"),
        (100_000, True, "100KB"),
        (100_000, False, "100k"),
        (0, False, "0"),
        (1_001, True, "1001"),
    ],
)
def test_a_quantity_takes_the_largest_unit_that_leaves_it_whole(number: int, in_bytes: bool, text: str) -> None:
    assert print_quantity(number, in_bytes=in_bytes) == text


def test_a_budget_line_is_no_layer_and_keeps_its_text() -> None:
    text = "budget params=1k ram=256KiB  # the board\n" + DENSE
    lines = parse_document(text)
    assert print_document(lines) == text
    assert lines[0].budget == (("params", 1_000), ("ram", 262_144))
    assert [line.is_layer for line in lines[:3]] == [False, True, True]


@pytest.mark.parametrize(
    ("code", "marked", "message"),
    [
        ("budget", "", "budget needs a limit"),
        ("budget parms=1", "parms=1", "did you mean params?"),
        ("budget params=x", "params=x", "is no quantity"),
        ("budget params=1 ram=1Kib", "ram=1Kib", "is no unit here"),
        ("budget device=esp3", "device=esp3", "did you mean esp32"),
        ("budget device=", "device=", "no device is called ''"),
    ],
)
def test_a_budget_that_does_not_read_marks_its_word(code: str, marked: str, message: str) -> None:
    error = parse_line(code).error
    assert error is not None
    assert message in error.message
    assert code[error.span[0] : error.span[1]] == marked


def test_of_two_limits_for_one_metric_the_last_holds() -> None:
    found = snapshot(f"budget params=1k\nbudget params=200\n{DENSE}")
    assert [(v.budget.limit, v.holds) for v in verdicts_of(found)] == [(200, False)]


def test_a_device_brings_its_limits_and_a_line_of_ones_own_goes_before_them() -> None:
    # ATmega328P: 2 KB of SRAM, 32 KB of flash, as its data sheet says.
    found = budgets_of((("device", "arduino-uno"), ("ram", 100)))
    assert [(b.metric.name, b.limit, b.device) for b in found] == [
        ("ram", 100, ""),
        ("flash", 32_768, "arduino-uno"),
    ]


def test_every_device_has_a_source_and_limits_that_can_be_judged() -> None:
    for name, device in devices().items():
        assert device_named(name.upper()) is device
        assert len(device.source) > 20
        assert device.limits
        assert set(device.limits) <= set(METRICS)
    with pytest.raises(FileError, match="there are"):
        device_named("zzz")


def test_a_budget_follows_edits_and_undo() -> None:
    before = snapshot(f"budget params=219\n{DENSE}")
    assert [v.holds for v in verdicts_of(before)] == [False]
    after = before.edited([Change(0, 1, [parse_line("budget params=220")])])
    assert [v.holds for v in verdicts_of(after)] == [True]
    none = after.edited([Change(0, 1, [])])
    assert verdicts_of(none) == []
    assert [v.holds for v in verdicts_of(before)] == [False]


@pytest.mark.parametrize(
    ("limit", "said", "used", "drawn"),
    [
        ("440", "ok", 50, "[#####.....]"),
        ("220", "ok", 100, "[##########]"),
        ("219", "OVER", 101, "[##########>"),  # 220/219 is 100.46 %, rounded up
        ("221", "ok", 100, "[##########]"),
    ],
)
def test_the_bar_and_the_percentage_never_flatter(limit: str, said: str, used: int, drawn: str) -> None:
    (verdict,) = verdicts_of(snapshot(f"budget params={limit}\n{DENSE}"))
    assert (word(verdict), percent(verdict), bar(verdict)) == (said, used, drawn)


def test_a_symbol_leaves_the_verdict_open_unless_it_is_over_anyway() -> None:
    free = snapshot("budget params=100\ninput 10\ndense n\n")
    (verdict,) = verdicts_of(free)
    assert (verdict.holds, word(verdict), percent(verdict)) == (None, "needs n", None)
    over = snapshot("budget params=100\ninput 10\ndense 20\ndense n\n")
    assert [word(v) for v in verdicts_of(over)] == ["OVER"]


def test_a_layer_that_is_not_known_proves_nothing() -> None:
    found = snapshot(f"budget params=1k\n{DENSE}conv 3 3x3\n")
    (verdict,) = verdicts_of(found)
    assert (verdict.holds, word(verdict)) == (None, "open")
    assert sentence(found, verdict) == "params: at least 220 of 1,000 (22%): open"


def test_the_worst_layer_is_named_with_what_it_adds() -> None:
    found = snapshot(f"budget params=100\n{DENSE}dense 100\n")
    verdict = judge(found, budgets_of(found.facts.budgets)[0])
    # 20*100 + 100 and 10*20 + 20
    assert [worst_text(found, verdict, row) for row in verdict.worst] == ["#2 dense 100: 2,100", "#1 dense 20: 220"]


def test_a_share_of_many_times_the_limit_can_be_read() -> None:
    # 10*20 weights and 20 biases of 1 that is allowed
    found = snapshot(f"budget params=1\n{DENSE}")
    (verdict,) = verdicts_of(found)
    assert sentence(found, verdict) == "params: 220 of 1 (22,000%): OVER by 219"


def test_the_summary_begins_with_what_is_exceeded() -> None:
    found = snapshot(f"budget params=440 flash=800 macs=1k\n{DENSE}")
    assert summary(verdicts_of(found)) == "flash OVER 110% | params ok 50% | macs ok 20%"


def test_the_record_has_the_budgets() -> None:
    found = record(snapshot(f"budget device=arduino-uno\n{DENSE}"), "net")
    # 10 and 20 float32 values: 120 bytes at once.
    assert json.loads(json.dumps(found))["budgets"] == [
        {"metric": "ram", "limit": 2048, "device": "arduino-uno", "value": 120, "holds": True},
        {"metric": "flash", "limit": 32768, "device": "arduino-uno", "value": 880, "holds": True},
    ]
    assert "budgets" not in record(snapshot(DENSE), "net")
