"""Budgets: how limits are written, and when they hold."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.core.snapshot import Snapshot
from tui.formats.budget import BudgetError, Verdict, judge, parse_budget
from tui.formats.document import parse_document
from tui.formats.quantity import parse_quantity


def verdict(text: str, budget: str) -> Verdict:
    return judge(Snapshot.of(parse_document(text)), parse_budget(budget))


@pytest.mark.parametrize(
    ("text", "in_bytes", "value"),
    [
        ("1000", False, 1000),
        ("1,000", False, 1000),
        ("1_000", False, 1000),
        ("100k", False, 100_000),
        ("1.5M", False, 1_500_000),
        ("2G", False, 2 * 10**9),
        ("2T", False, 2 * 10**12),
        ("1e6", False, 1_000_000),
        ("1.5e3k", False, 1_500_000),
        ("0.1k", False, 100),
        ("256KiB", True, 262_144),
        ("256KB", True, 256_000),
        ("256 kB", True, 256_000),
        ("1MiB", True, 1_048_576),
        ("1MB", True, 1_000_000),
        ("12B", True, 12),
        ("0", True, 0),
    ],
)
def test_a_quantity_is_exact(text: str, in_bytes: bool, value: int) -> None:
    assert parse_quantity(text, in_bytes=in_bytes) == value


@pytest.mark.parametrize(
    "text",
    ["", "params", "params=", "params=x", "params=-1", "params=1KiB", "params=1m", "ram=1Kib", "parms=1", "params=1e",
     "params=" + "9" * 1000, "params=٣", "=1"],
)  # fmt: skip
def test_what_is_no_budget_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(BudgetError) as caught:
        parse_budget(text)
    assert len(caught.value.message) < 200


@given(st.text(max_size=20))
def test_no_text_raises_anything_else(text: str) -> None:
    for given_text in (text, f"ram={text}"):
        try:
            parse_budget(given_text)
        except BudgetError:
            continue


def test_a_limit_is_kept_when_it_is_met_exactly() -> None:
    dense = "input 10\ndense 5"  # 10*5 + 5 parameters
    assert verdict(dense, "params=55").holds is True
    assert verdict(dense, "params=54").holds is False


def test_every_metric_is_what_it_says() -> None:
    dense = "set dtype=int8\ninput 10\ndense 5"
    assert [verdict(dense, f"{name}=0").value for name in ("params", "trainable", "macs", "flops", "ram", "flash")] == [
        55, 55, 50, 100, 15, 55
    ]  # fmt: skip


def test_symbols_leave_a_budget_open_unless_they_cannot_matter() -> None:
    assert verdict("input 10\ndense n", "params=100").holds is None
    assert verdict("input 10\ndense n", "params=10").holds is False  # 11*n is 11 at least
    assert verdict("let n = 5\ninput 10\ndense n", "params=100").holds is True


def test_a_lower_bound_can_only_be_over() -> None:
    assert verdict("input 10\ndense 5\ncnv", "params=100").holds is None
    assert verdict("input 10\ndense 5\ncnv", "params=10").holds is False


def test_the_worst_layers_come_first() -> None:
    found = verdict("input 10\ndense 5\ndense 100\nrelu\ndense 3\ndense 4", "params=1")
    assert found.worst == (2, 4, 1)  # 600, 303 and 55 parameters


@pytest.mark.parametrize(
    ("text", "hint"),
    [("params=1m", "did you mean M?"), ("ram=64kb", "did you mean kB or KB?"), ("ram=1mib", "did you mean MiB?"),
     ("params=3x", "there are k, K, M, G, T"), ("params=1KiB", "a count has no bytes")],
)  # fmt: skip
def test_a_wrong_unit_is_told_from_what_was_meant(text: str, hint: str) -> None:
    with pytest.raises(BudgetError) as caught:
        parse_budget(text)
    assert hint in caught.value.message
