"""What the readers of frameworks made, as tests compare it."""

from __future__ import annotations

from collections.abc import Sequence

from tui.core.network import Line
from tui.core.snapshot import Snapshot
from tui.formats.imported import Imported


def codes(made: Imported) -> list[str]:
    """The lines of layers without their indentation and notes."""
    return [line.code for line in made.lines if line.is_layer]


def texts(lines: Sequence[Line]) -> list[str]:
    """The lines of layers."""
    return [line.text for line in lines if line.is_layer]


def messages(lines: Sequence[Line]) -> list[str]:
    """The errors of layers."""
    snapshot = Snapshot.of(lines)
    results = [snapshot.result(row) for row in range(len(lines))]
    return [r.message for r in results if r is not None and r.status == "error" and r.message]
