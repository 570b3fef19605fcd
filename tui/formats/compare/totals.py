"""What two networks come to, in texts: totals, what differs of their settings, and how many layers changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from tui.core.compare import ABSENT, Comparison, Fact
from tui.core.compare_pairs import ADDED, CHANGED, FOLLOWS, REMOVED, SAME
from tui.core.compare_values import percent
from tui.core.settings import SETTINGS
from tui.core.size import text
from tui.formats.columns import brief_text
from tui.formats.compare.rows import MOST, Cell, field_cell, output_cell, percent_text, signed
from tui.formats.quantity import print_quantity


class TotalText(NamedTuple):
    """A line of the totals."""

    key: str
    title: str
    cell: Cell


_TOTALS: Final = {
    "params": "parameters",
    "trainable": "  trainable",
    "non_trainable": "  non-trainable",
    "buffers": "buffers",
    "macs": "MACs",
    "flops": "FLOPs",
    "elementwise": "element-wise",
    "weight_bytes": "weights, B",
    "peak_activation_bytes": "peak activations, B",
}
_OPTIONAL: Final = ("non_trainable", "buffers", "elementwise")
"""Totals that are left out where neither side has any."""


def totals_of(comparison: Comparison) -> list[TotalText]:
    """The totals line by line: counts, memory, then output and receptive field of the last layer."""
    least = ["" if complete else ">= " for complete in comparison.complete]
    lines = []
    for total in comparison.totals:
        if total.key in _OPTIONAL and total.a == 0 and total.b == 0:
            continue
        cell = Cell(least[0] + brief_text(total.a, MOST), least[1] + brief_text(total.b, MOST))
        change = total.delta
        if change is not None and total.differs:
            # Of a bound and a number the difference is a bound too, and its share says nothing.
            bound = {(True, False): ">= ", (False, True): "<= "}.get(comparison.complete, "")
            of_a = "" if bound else percent_text(total.percent)
            cell = cell._replace(delta=f"{bound}{signed(change)}", percent=of_a)
        lines.append(TotalText(total.key, _TOTALS[total.key], cell._replace(differs=total.differs)))
    a, b = comparison.outputs
    lines.append(TotalText("output", "output", output_cell(a, b)))
    lines.append(TotalText("field", "receptive field", field_cell(a, b)))
    layers = [sum(line.is_layer for line in snapshot.lines) for snapshot in (comparison.a, comparison.b)]
    change, share = layers[1] - layers[0], percent(layers[0], layers[1] - layers[0])
    more = (signed(change), percent_text(share), True) if change else ()
    return [*lines, TotalText("layers", "layers", Cell(f"{layers[0]:,}", f"{layers[1]:,}", *more))]


_ORDER: Final = ("params", "macs", "peak_activation_bytes", "weight_bytes", "field", "output", "layers", "trainable")


def foremost(lines: Sequence[TotalText], most: int) -> list[TotalText]:
    """The most important of the totals in their order, where there is no room for all."""
    ranks = {key: rank for rank, key in enumerate(_ORDER)}
    kept = sorted(lines, key=lambda line: ranks.get(line.key, len(ranks)))[:most]
    return [line for line in lines if line in kept]


def facts_of(comparison: Comparison) -> list[tuple[str, str, str]]:
    """The settings, symbols and budgets that differ: what, and the values of both sides."""
    return [(_fact_name(fact), _fact_text(fact, fact.a), _fact_text(fact, fact.b)) for fact in comparison.facts]


def _fact_name(fact: Fact) -> str:
    return fact.name if fact.group == "setting" else f"{fact.group} {fact.name}"


def _fact_text(fact: Fact, value: Any) -> str:
    if value is ABSENT:
        return "none"
    if fact.group == "setting":
        return SETTINGS[fact.name].type.print(value)
    if fact.group == "symbol":
        return "free" if value is None else text(value)
    return value if isinstance(value, str) else print_quantity(value, in_bytes=_in_bytes(fact.name))


def _in_bytes(name: str) -> bool:
    from tui.core.metric import METRICS  # only where there are budgets

    return name in METRICS and METRICS[name].in_bytes


def summary_of(comparison: Comparison) -> str:
    """How many layers there are of each sort: ``2 changed, 6 with other numbers, 6 the same``."""
    counts = comparison.counts
    words = {CHANGED: "changed", ADDED: "added", REMOVED: "removed", FOLLOWS: "with other numbers", SAME: "the same"}
    said = [f"{counts[change]:,} {word}" for change, word in words.items() if counts[change]]
    if counts["moved"]:
        said.append(f"{counts['moved']:,} of them moved")
    if counts["renamed"]:
        said.append(f"{counts['renamed']:,} under another name")
    return ", ".join(said) or "no layers on either side"


def unknown_of(comparison: Comparison, names: Sequence[str] = ("A", "B")) -> str:
    """That totals are lower bounds, where they are."""
    sides = [name for name, complete in zip(names, comparison.complete, strict=True) if not complete]
    if not sides:
        return ""
    if len(sides) > 1:
        return f"{' and '.join(sides)} have layers without numbers: totals are bounds, differences those of the rest"
    return f"{sides[0]} has layers without numbers: its totals are lower bounds, and the differences are bounds too"
