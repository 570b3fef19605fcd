"""Layers over sequences from their lines, under the counting of a framework."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tui.core.kind import Kind, record_tensor
from tui.core.result import Result, compute
from tui.core.settings import Settings
from tui.core.size import Size
from tui.core.tensor import Shape, Tensor
from tui.core.working import as_working
from tui.formats.line import parse_line


def layer(line: str, **settings: Any) -> Kind:
    """The layer that the line says, under these settings."""
    parsed = parse_line(line)
    assert parsed.error is None, f"{line}: {parsed.error}"
    assert parsed.spec is not None
    return parsed.spec.kind.make(parsed.spec.args, Settings(**settings))


def run(line: str, *shapes: Sequence[Size], **settings: Any) -> Result:
    """The result of the line on inputs of these shapes, batch first."""
    return compute(layer(line, **settings), tuple(Tensor(tuple(shape)) for shape in shapes))


def outputs(line: str, *shapes: Sequence[Size], **settings: Any) -> list[Shape]:
    """The shapes of the outputs; the line must fit."""
    result = run(line, *shapes, **settings)
    assert result.status in ("ok", "warning"), result.message
    return [tensor.shape for tensor in result.outputs]


def explained_macs(line: str, *shapes: Sequence[Size], **settings: Any) -> str:
    """The working of the MACs, in names."""
    made = layer(line, **settings)
    named = [
        record_tensor(Tensor(tuple(shape)), made.channels_last, "" if len(shapes) == 1 else str(i))
        for i, shape in enumerate(shapes, 1)
    ]
    twin = made.recorded()
    return as_working(twin.work(tuple(named), twin.output(tuple(named))).macs, "MACs").rule
