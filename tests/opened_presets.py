"""Presets as snapshots, for the tests of presets."""

from __future__ import annotations

from functools import cache

from tui.core.result import Result
from tui.core.size import Size
from tui.core.snapshot import Snapshot
from tui.formats.document import parse_document
from tui.formats.presets import presets


@cache
def text_of(name: str) -> str:
    return presets()[name].text


def opened(name: str, *changes: tuple[str, str]) -> Snapshot:
    """A preset with some of its words replaced, each found exactly as often as it must be."""
    text = text_of(name)
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return Snapshot.of(parse_document(text))


def results(snapshot: Snapshot) -> list[Result]:
    return [result for result in snapshot.inference.results() if result is not None]


def computed(snapshot: Snapshot) -> bool:
    """Whether every row is computed, the heads of blocks and their copies included."""
    rows = [snapshot.result(row) for row in snapshot.shown]
    statuses = {result.status for result in [*rows, *results(snapshot)] if result is not None}
    return snapshot.totals.complete and statuses <= {"ok", "warning"}


def shape(snapshot: Snapshot, name: str) -> tuple[Size, ...]:
    """The output shape of the line of a name, without the batch."""
    result = snapshot.result(snapshot.names[name])
    assert result is not None
    return result.outputs[0].shape[1:]


def subtotal(snapshot: Snapshot, head: str) -> Result:
    """The result of the head of a block."""
    (row,) = [row for row, line in enumerate(snapshot.lines) if line.code == head]
    result = snapshot.result(row)
    assert result is not None
    return result
