"""How a document is listed on the screen: which lines are rows, and the numbers of the layers."""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from itertools import accumulate

from tui.core.network import Line
from tui.core.rows import Rows


def shown_rows(lines: Rows[Line]) -> array[int]:
    """The rows of the list. Notes above the first layer are the head of the file: they stay in the file."""
    # Of 10,000 lines few differ, and each says again and again whether it is shown.
    shown = {line: line.shown for line in set(lines)}
    rows = [i for i, line in enumerate(lines) if shown[line]]
    first = next((i for i in rows if lines[i].is_layer), None)
    if first is not None:
        rows = [i for i in rows if i >= first or not lines[i].note.startswith("#")]
    return array("i", rows)


def layer_numbers(lines: Iterable[Line]) -> array[int]:
    """The number of each layer, from 0; -1 for lines that are none."""
    layers = [line.spec is not None or line.error is not None for line in lines]
    return array("i", [count - 1 if layer else -1 for layer, count in zip(layers, accumulate(layers), strict=True)])
