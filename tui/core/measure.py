"""Measures of a whole network: totals, and the largest memory its activations need at once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from tui.core.infer import Inference
from tui.core.result import Result
from tui.core.size import Size, at_least, maximum


class Peak(NamedTuple):
    """The largest sum of live tensors. ``row`` is the line where it is reached; None where that
    depends on symbols or nothing is computed."""

    bytes: Size
    row: int | None
    held: Size = 0
    """Of the bytes, those that wait for a later reader."""


class Totals(NamedTuple):
    """The sums over a network. Where ``complete`` is False they are lower bounds."""

    params: Size
    trainable: Size
    non_trainable: Size
    buffers: Size
    macs: Size
    flops: Size
    elementwise: Size
    weight_bytes: Size
    complete: bool


def totals(inference: Inference) -> Totals:
    """The totals; a layer with an error or without its input makes them lower bounds."""
    c = inference.counts()
    return Totals(
        c.params,
        c.trainable,
        c.non_trainable,
        c.buffers,
        c.macs,
        c.macs * 2,
        c.elementwise,
        c.weight_bytes,
        not c.missing,
    )


def peak(inference: Inference) -> Peak:
    """The peak of activation memory over the list order.

    A layer's inputs and outputs are live while it runs, and a tensor that a later layer reads stays
    live until then. Nothing runs in place, weights are not counted.
    """
    results = inference.results()
    wiring = inference.wiring
    if not wiring.readers:
        return _largest((result, row, 0) for row, result in _distinct(results))
    last_read: dict[int, int] = {}
    for row, feeds in wiring.explicit.items():
        for feed in feeds:
            last_read[feed.row] = max(row, last_read.get(feed.row, -1))
    releases: dict[int, list[int]] = {}
    for row, reader in last_read.items():
        below = wiring.below[row]
        if reader > below:
            releases.setdefault(reader, []).append(row)
    return _largest(_with_held(inference, releases))


def _with_held(inference: Inference, releases: dict[int, list[int]]) -> Iterable[tuple[Result, int, Size]]:
    """Each layer with the bytes held for later readers, its own inputs not among them."""
    results, wiring = inference.results(), inference.wiring
    waiting = {row: reader for reader, rows in releases.items() for row in rows}
    held: dict[int, Size] = {}
    for row, result in enumerate(results):
        if result is None or not result.outputs:
            continue
        own = {feed.row for feed in wiring.feeds(row)}
        others: Size = 0
        for source, size in held.items():
            if source not in own:
                others = others + size
        yield result, row, others
        if row in waiting:
            held[row] = result.output_bytes
        for source in releases.get(row, ()):
            held.pop(source, None)


def _distinct(results: Iterable[Result | None]) -> Iterable[tuple[int, Result]]:
    seen: set[int] = set()
    for row, result in enumerate(results):
        if result is not None and id(result) not in seen:
            seen.add(id(result))
            yield row, result


def _largest(steps: Iterable[tuple[Result, int, Size]]) -> Peak:
    best: list[Peak] = []
    for result, row, held in steps:
        size = result.live + held
        if any(at_least(other.bytes, size) for other in best):
            continue
        best = [other for other in best if not at_least(size, other.bytes)]
        best.append(Peak(size, row, held))
    if not best:
        return Peak(0, None)
    if len(best) == 1:
        return best[0]
    return Peak(maximum(*(p.bytes for p in best)), None)
