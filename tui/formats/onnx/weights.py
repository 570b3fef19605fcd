"""Whose the initializers of an ONNX model are: each element is counted once, however many operators read it.

An initializer that is a parameter (floats) and that no layer takes as a weight of its own still counts:
bounds, scales and the like, which layers read as settings.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from tui.core.network import Source
from tui.core.size import text
from tui.core.tensor import Shape
from tui.formats.frameworks.draft import Draft
from tui.formats.onnx.load import Stored
from tui.formats.onnx.node import FLOATS, Input

CONSTANTS: Final = "constants"
"""The name of the line for what is left."""


class Weights:
    """How many elements of each initializer are not counted yet."""

    def __init__(self, stored: Mapping[str, Stored]) -> None:
        self._stored = stored
        self._left: dict[str, int] = {}

    def claim(self, roots: Sequence[str], elements: int) -> bool:
        """Count some elements made of these initializers; False where others have counted them before."""
        left = {root: self._left.get(root, self._elements(root)) for root in roots}
        if not roots:
            return True
        if sum(left.values()) < elements:
            return False
        for root in sorted(roots, key=self._elements, reverse=True):
            taken = min(left[root], elements)
            self._left[root] = left[root] - taken
            elements -= taken
        return True

    def _elements(self, root: str) -> int:
        tensor = self._stored.get(root)
        return 0 if tensor is None else tensor.elements

    def rest(self, read: Iterable[str]) -> dict[str, int]:
        """The initializers that are parameters and not counted yet, among those that are read, with what is left."""
        found = {}
        for name in read:
            tensor = self._stored.get(name)
            if tensor is None or tensor.is_constant or tensor.dtype not in FLOATS:
                continue
            left = self._left.get(name, tensor.elements)
            if left > 0:
                found[name] = left
        return found


def counting_line(draft: Draft, lines: Mapping[str, str], roots: Sequence[str], shape: Shape) -> str:
    """Which line counts a weight of this shape, as ``@NAME``; empty where none has one of the same sizes.

    ``lines`` are those that count the initializers ``roots`` first.
    """
    names = {lines.get(root) for root in roots}
    name = names.pop() if len(names) == 1 else None
    result = None if name is None else draft.result(Source(name))
    sizes = sorted(map(text, shape))
    fits = result is not None and any(sorted(map(text, weight.shape)) == sizes for weight in result.weights)
    return f"@{name}" if fits else ""


def elements_of(given: Input) -> int:
    """The elements of an initializer that are weights."""
    total = 1
    for size in given.shape or ():
        total *= size if isinstance(size, int) else 1
    return total - given.filled
