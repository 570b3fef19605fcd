"""The width of a network: the filters and units of its layers, scaled by one factor.

The last layer keeps its own: it gives the classes, as in the width multiplier of MobileNet (Howard et al., 2017,
section 3.3). Groups that go with the filters of a depthwise layer follow them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from tui.core.argument import MISSING
from tui.core.network import Line
from tui.core.size import Size
from tui.formats.line import parse_line, with_args

WIDTHS: Final = ("filters", "units")
FULL: Final = 100
"""A width in percent: 100 is the network as it is."""


def width_of(line: Line) -> tuple[str, int] | None:
    """The argument that is the width of a layer, and its number; None where it has none that is a plain number."""
    if line.spec is None or line.off:
        return None
    for name in WIDTHS:
        value = line.spec.args.get(name)
        if isinstance(value, int) and not isinstance(value, bool):
            return name, value
    return None


def scaled_lines(lines: Sequence[Line], factor: Size, full: int) -> dict[int, Line]:
    """By their rows the layers with ``floor(width*factor/full)`` for their widths; the last is left out."""
    rows = [row for row, line in enumerate(lines) if width_of(line) is not None]
    return {row: with_width(lines[row], factor, full) for row in rows[:-1]}


def with_width(line: Line, factor: Size, full: int) -> Line:
    """The layer with its width scaled, and what goes with the width: depthwise groups, expected input channels."""
    found = width_of(line)
    assert found is not None
    assert line.spec is not None
    name, value = found
    changes: dict[str, Any] = {name: value * factor // full}
    if line.spec.args.get("groups") == value:
        changes["groups"] = changes[name]
    if "in_channels" in line.spec.args:
        changes["in_channels"] = MISSING  # it only checks what comes in
    return parse_line(with_args(line, changes))
