"""What a sweep measures, by its words: a total such as ``macs``, or that of one layer, as in ``conv1:macs``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from tui.core.errors import did_you_mean, or_list
from tui.core.metric import METRICS, metric_named
from tui.core.result import Result
from tui.core.size import Size
from tui.core.snapshot import Snapshot
from tui.core.sweep import Measure, SweepError, measure_of, part_of
from tui.formats.columns import COLUMNS
from tui.formats.record import row_named

STANDARD: Final = ("params", "macs", "ram")
IN_BYTES: Final = frozenset({"activation_bytes", "weight_bytes"})


def parse_measures(snapshot: Snapshot, text: str) -> list[Measure]:
    """The measures that some words with commas between them say, each once; raises MetricError, LayerError or
    SweepError."""
    words = [word.strip() for word in text.split(",") if word.strip()]
    return [_measure(snapshot, word) for word in dict.fromkeys(words or STANDARD)]


def _measure(snapshot: Snapshot, word: str) -> Measure:
    layer, colon, name = word.rpartition(":")
    if not colon:
        return measure_of(metric_named(word))
    row, part = row_named(snapshot, layer.strip()), _part(name.strip())

    def value(version: Snapshot) -> Size:
        return part(version, row, part_of(version.result(row)))

    def complete(version: Snapshot) -> bool:
        result = version.result(row)
        return result is not None and result.counts.missing == 0

    metric = METRICS.get(name.strip())
    return Measure(word, value, complete, metric.in_bytes if metric is not None else name.strip() in IN_BYTES)


def _part(name: str) -> Callable[[Snapshot, int, Result], Size]:
    """What a layer adds to a metric, or one of the columns of the results."""
    metric = METRICS.get(name)
    if metric is not None:
        part = metric.part
        return lambda snapshot, row, result: part(result)
    known = {key: column.value for key, column in COLUMNS.items() if column.value is not None}
    if name not in known:
        near = did_you_mean(name, [*METRICS, *known])
        hint = f"did you mean {or_list(near)}?" if near else f"there are {', '.join(dict.fromkeys([*METRICS, *known]))}"
        raise SweepError(f"no number of a layer is called {name!r}; {hint}")
    value = known[name]
    return lambda snapshot, row, result: value(snapshot, row, result) or 0
