"""Measures of a whole network: totals, and the largest memory its activations need at once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

from tui.core.infer import Inference
from tui.core.result import Result
from tui.core.size import Size, SizeError, at_least, bind, maximum, sum_of, symbols
from tui.core.wiring import Feed

CANDIDATES: Final = 64
"""So many steps that the symbols leave open are compared: the time grows with the square."""
SAMPLE: Final = 1_009
"""Where sizes with symbols are compared as numbers first."""


class Peak(NamedTuple):
    """The largest sum of live tensors. ``row`` is the line where it is reached; None where that
    depends on symbols or nothing is computed."""

    bytes: Size
    row: int | None
    held: Size = 0
    """Of the bytes, those that wait for a later reader."""
    complete: bool = True
    """False where it is a lower bound: for a layer without a result, or too many symbols to compare."""


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
    complete = not inference.counts().missing
    if any(len(feeds) > 1 for feeds in inference.wiring.explicit.values()) or inference.wiring.readers:
        return _largest(_with_held(inference), complete)
    return _largest(((result.live, row, 0) for row, result in _distinct(inference.results())), complete)


def _with_held(inference: Inference) -> Iterable[tuple[Size, int, Size]]:
    """The live bytes at each layer, and those of them that are held for later readers only."""
    results, wiring = inference.results(), inference.wiring
    # A repeated block's guard compares tensors on paper; no program would keep or make one for it.
    guards = wiring.guards
    reading = sorted((row, feeds) for row, feeds in wiring.explicit.items() if row not in guards)
    last_read = {wiring.made(feed): row for row, feeds in reading for feed in feeds}
    waiting: dict[int, list[Feed]] = {}
    released: dict[int, list[Feed]] = {}
    for feed, reader in last_read.items():
        waiting.setdefault(feed.row, []).append(feed)
        released.setdefault(reader, []).append(feed)
    held: dict[Feed, Size] = {}
    total: Size = 0
    for row, result in enumerate(results):
        if result is not None and result.outputs and row not in guards:
            live, others = result.live, total
            if row in wiring.explicit or wiring.above[row] in guards:
                feeds = [wiring.made(feed) for feed in wiring.feeds(row)]
                for feed in dict.fromkeys(feeds):
                    others = others - held.get(feed, 0)
                if len(set(feeds)) < len(feeds):  # x + x holds x once
                    live = live - sum_of(result.inputs[i].bytes for i, feed in enumerate(feeds) if feed in feeds[:i])
            elif held:  # most layers read the one above
                others = others - held.get(Feed(wiring.above[row]), 0)
            yield live + others, row, others
            for feed in waiting.get(row, ()):
                if feed.output < len(result.outputs):
                    held[feed] = result.outputs[feed.output].bytes
                    total = total + held[feed]
        for feed in released.get(row, ()):
            total = total - held.pop(feed, 0)


def _distinct(results: Iterable[Result | None]) -> Iterable[tuple[int, Result]]:
    seen: set[int] = set()
    for row, result in enumerate(results):
        if result is not None and id(result) not in seen:
            seen.add(id(result))
            yield row, result


def _largest(steps: Iterable[tuple[Size, int, Size]], complete: bool) -> Peak:
    best: list[tuple[Peak, int]] = []
    seen: set[Size] = set()
    largest = -1  # of the plain numbers, which most networks have only
    for size, row, held in steps:
        if isinstance(size, int):
            if size <= largest:
                continue
            largest = size
        elif size in seen:
            continue
        else:
            seen.add(size)
        at_sample = _sample(size)
        if any(sample >= at_sample and at_least(other.bytes, size) for other, sample in best):
            continue
        best = [(other, s) for other, s in best if not (at_sample >= s and at_least(size, other.bytes))]
        if len(best) < CANDIDATES:
            best.append((Peak(size, row, held, complete), at_sample))
        else:
            complete = False
    return _of_candidates([peak for peak, _ in best], complete)


def _sample(size: Size) -> int:
    """The size with every symbol at one large number: what is smaller there is not larger everywhere, and
    the comparison of two polynomials is saved."""
    if isinstance(size, int):
        return size
    try:
        value = bind(size, dict.fromkeys(symbols(size), SAMPLE))
    except SizeError:  # a division by zero there: one candidate more at worst
        return 0
    assert isinstance(value, int)  # no symbol is left
    return value


def _of_candidates(best: list[Peak], complete: bool) -> Peak:
    if not best:
        return Peak(0, None, 0, complete)
    if len(best) == 1:
        return best[0]
    try:
        return Peak(maximum(*(p.bytes for p in best)), None, 0, complete)
    except SizeError:  # too long to write
        return Peak(best[0].bytes, None, 0, complete=False)
