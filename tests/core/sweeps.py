"""Runs sweeps for the tests, and the same by brute force: the whole network, once for each combination."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import Any

from tui.core.metric import METRICS
from tui.core.snapshot import Snapshot
from tui.core.sweep import Axis, Measure, Steps, Sweep, measure_of
from tui.core.sweep_columns import Columns, Lists
from tui.core.sweep_run import How, sweep
from tui.formats.document import parse_document
from tui.formats.sweep.with_numpy import Arrays

BOTH: tuple[Columns, ...] = (Lists(), Arrays())
MEASURES = ("params", "macs", "ram")


def run(steps: Steps) -> Sweep:
    """All steps of a sweep."""
    while True:
        try:
            next(steps)
        except StopIteration as stop:
            return stop.value


def measures(*names: str) -> list[Measure]:
    return [measure_of(METRICS[name]) for name in names or MEASURES]


def swept(
    text: str, columns: Columns | None = None, how: How = "auto", names: Sequence[str] = (), **axes: Any
) -> Sweep:
    """The sweep of a document over some values of its symbols."""
    snapshot = Snapshot.of(parse_document(text))
    chosen = [Axis(name, values) for name, values in axes.items()]
    return run(sweep(snapshot, chosen, measures(*names), columns or Lists(), how))


def brute_force(
    text: str, names: Sequence[str] = (), **axes: Any
) -> list[tuple[tuple[int, ...], tuple[int, ...] | None]]:
    """The values and the numbers of each combination, by a document with its values written in."""
    found = []
    for values in product(*axes.values()):
        lines = "".join(f"\nlet {name} = {value}" for name, value in zip(axes, values, strict=True))
        snapshot = Snapshot.of(parse_document(text + lines))
        wrong = any((r := snapshot.result(row)) is not None and r.status == "error" for row in snapshot.shown)
        numbers = tuple(METRICS[name].total(snapshot) for name in names or MEASURES)
        wrong = wrong or not all(isinstance(number, int) for number in numbers)  # a symbol stayed open
        found.append((values, None if wrong else numbers))
    return found


def told(found: Sweep) -> list[tuple[tuple[int, ...], tuple[int, ...] | None]]:
    """What a sweep says of each combination, without the reasons."""
    return [(point.values, point.numbers) for point in found]
