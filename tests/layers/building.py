"""Layers from their lines, for the tests of the catalogue."""

from __future__ import annotations

from collections.abc import Sequence

from tui.core.kind import Kind
from tui.core.result import Result, compute
from tui.core.settings import Settings
from tui.core.size import Size
from tui.core.tensor import Tensor
from tui.formats.line import parse_line


def layer(line: str, data_format: str = "channels_last") -> Kind:
    """The layer that the line says."""
    parsed = parse_line(line)
    assert parsed.error is None, f"{line}: {parsed.error}"
    assert parsed.spec is not None
    return parsed.spec.kind.make(parsed.spec.args, Settings(data_format=data_format))


def run(line: str, *shapes: Sequence[Size], data_format: str = "channels_last") -> Result:
    """The result of the line on inputs of these shapes, batch first."""
    return compute(layer(line, data_format), tuple(Tensor(tuple(shape)) for shape in shapes))


def spatial(line: str, *sizes: Size, channels: Size = 1) -> tuple[Size, ...]:
    """The spatial output sizes of the line on an input with these spatial sizes, channels last."""
    result = run(line, (1, *sizes, channels))
    assert result.status != "error", result.message
    return result.outputs[0].shape[1:-1]
