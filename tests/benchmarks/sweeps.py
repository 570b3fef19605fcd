"""A sweep of a million points, and a plain Python loop over the same formula, written by hand."""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from typing import Final

from tests.benchmarks.engine import timed
from tests.benchmarks.goals import Options, Outcome
from tests.samples import WORKED
from tui.core.metric import METRICS
from tui.core.snapshot import Snapshot
from tui.core.sweep import Axis, Sweep, measure_of
from tui.core.sweep_columns import Columns, Lists
from tui.core.sweep_run import sweep
from tui.formats.document import parse_document

SIDES: Final = range(100, 1_100)
IMAGE: Final = WORKED.replace("39x31x1", "HxWx1").replace("dense n", "dense 10")


def macs(height: int, width: int) -> int:
    """The MACs of the worked example on an image of any size, as a person would write them down."""
    h, w = height - 3, width - 3
    total = 320 * h * w
    h, w = h // 2 - 2, w // 2 - 2
    total += 7_200 * h * w
    h, w = h // 2 - 2, w // 2 - 2
    total += 21_600 * h * w
    h, w = h // 2 - 1, w // 2 - 1
    return total + 19_200 * h * w + 80 * h * w * 10


def plain_loop() -> list[int]:
    """The formula at each of the points."""
    return [macs(height, width) for height in SIDES for width in SIDES]


def swept(snapshot: Snapshot, columns: Columns) -> Sweep:
    """The sweep with all that belongs to it: the formula is found, run, and checked on whole networks."""
    steps = sweep(snapshot, [Axis("H", SIDES), Axis("W", SIDES)], [measure_of(METRICS["macs"])], columns)
    while True:
        try:
            next(steps)
        except StopIteration as stop:
            return stop.value


def million(options: Options) -> list[Outcome]:
    """The ratio with NumPy, and without."""
    snapshot = Snapshot.of(parse_document(IMAGE))
    what = f"plain Python loop / sweep: MACs of {len(SIDES) ** 2:,} image sizes"
    outcomes = []
    if importlib.util.find_spec("numpy") is None:
        outcomes.append(Outcome(f"{what}, NumPy", ">=", note="numpy is not installed (pip install layersheet[sweep])"))
    else:
        from tui.formats.sweep.with_numpy import Arrays

        outcomes.append(Outcome(f"{what}, NumPy", ">=", None, *_both(options, snapshot, Arrays())))
    outcomes.append(Outcome(f"{what}, without NumPy", ">=", None, *_both(options, snapshot, Lists())))
    return outcomes


def _both(options: Options, snapshot: Snapshot, columns: Columns) -> tuple[Sequence[float], Sequence[float]]:
    if list(map(int, swept(snapshot, columns).numbers[0])) != plain_loop():
        raise ValueError("the sweep and the loop do not agree")
    loops, sweeps = [], []
    for _ in range(options.rounds):
        loops.append(timed(plain_loop))
        sweeps.append(timed(lambda: swept(snapshot, columns)))
    return loops, sweeps
