"""What can be swept: one or two symbols that there are, over ranges that have an end in sight."""

from __future__ import annotations

from collections.abc import Sequence

from tui.core.errors import did_you_mean, or_list
from tui.core.snapshot import Snapshot
from tui.core.sweep import MOST_POINTS, MOST_SYMBOLS, Axis, Measure, SweepError, count_of, symbols_of


def check(snapshot: Snapshot, axes: Sequence[Axis], measures: Sequence[Measure]) -> None:
    """Raise SweepError where there is nothing to sweep, no such symbol, or too much."""
    known = symbols_of(snapshot)
    if not axes:
        raise SweepError("there is nothing to sweep; give a symbol a range, such as n=10..100:10")
    if len(axes) > MOST_SYMBOLS:
        raise SweepError(
            f"{len(axes)} symbols have a range ({', '.join(axis.name for axis in axes)}); a sweep takes one or two, "
            f"so give the others one value each"
        )
    if not measures:
        raise SweepError("no metric is chosen; there are params, macs, ram and others")
    for axis in axes:
        if axis.name not in known:
            near = did_you_mean(axis.name, known)
            hint = f"did you mean {or_list(near)}?" if near else f"its symbols: {', '.join(known) or 'none'}"
            raise SweepError(f"the network has no symbol {axis.name!r}; {hint}")
        if not axis.values:
            raise SweepError(f"{axis.name}: the range is empty")
    if len({axis.name for axis in axes}) < len(axes):
        raise SweepError(f"{axes[0].name} has two ranges; join them with a comma, as in {axes[0].name}=1..8,16,32")
    if count_of(axes) > MOST_POINTS:
        raise SweepError(
            f"{count_of(axes):,} combinations are more than the {MOST_POINTS:,} of one sweep; take larger steps, such "
            f"as {axes[0].name}={axes[0].values[0]}..{axes[0].values[-1]}:"
            f"{_step(axes)}, or doubling, such as 1..1024*2"
        )


def _step(axes: Sequence[Axis]) -> int:
    """A step of the first range with which the sweep would be small enough."""
    first = axes[0].values
    most = max(MOST_POINTS // 5 // max(count_of(axes[1:]), 1), 1)
    return max((abs(first[-1] - first[0]) + 1) // most, 1)
