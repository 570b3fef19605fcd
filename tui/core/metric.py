"""What a network can be measured, limited, solved and compared by: one table, each with its total and its parts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

from tui.core.errors import LayersheetError, did_you_mean, or_list
from tui.core.result import Result
from tui.core.size import Size
from tui.core.snapshot import Snapshot
from tui.core.training import training


class MetricError(LayersheetError):
    """A word that names no metric."""


class Metric(NamedTuple):
    """A number of the whole network, and what one layer adds to it."""

    name: str
    help: str
    total: Callable[[Snapshot], Size]
    part: Callable[[Result], Size]
    in_bytes: bool = False


METRICS: Final = {
    metric.name: metric
    for metric in (
        Metric("params", "parameters", lambda s: s.totals.params, lambda r: r.counts.params),
        Metric("trainable", "trainable parameters", lambda s: s.totals.trainable, lambda r: r.counts.trainable),
        Metric("macs", "multiply-accumulates", lambda s: s.totals.macs, lambda r: r.counts.macs),
        Metric("flops", "floating-point operations, 2 a MAC", lambda s: s.totals.flops, lambda r: r.counts.macs * 2),
        Metric("ram", "peak activation memory in bytes", lambda s: s.peak.bytes, lambda r: r.live, True),
        Metric("flash", "bytes of the weights", lambda s: s.totals.weight_bytes, lambda r: r.counts.weight_bytes, True),
        Metric(
            "memory",
            "bytes of the weights and of the peak activations together",
            lambda s: s.totals.weight_bytes + s.peak.bytes,
            lambda r: r.counts.weight_bytes + r.live,
            True,
        ),
        Metric(
            "training",
            "bytes of one step of training with Adam",
            lambda s: training(s, "adam").total,
            lambda r: r.output_bytes,
            True,
        ),
    )
}


def metric_named(name: str) -> Metric:
    """The metric of a name; raises MetricError, which says what there is."""
    metric = METRICS.get(name)
    if metric is None:
        near = did_you_mean(name, METRICS)
        hint = f"did you mean {or_list(near)}?" if near else f"there are {', '.join(METRICS)}"
        raise MetricError(f"no metric is called {name!r}; {hint}")
    return metric
