"""Sizes that an ONNX file states: numbers, and symbols under names that our grammar has.

The first axis of the inputs is the batch; where it is open it is 1 here, under every name that it has.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from tui.core.errors import LayersheetError
from tui.core.expression import is_name, parse_size
from tui.core.size import Size, bind, symbol
from tui.core.tensor import Shape
from tui.formats.onnx.load import Stated

_NOT_IN_SYMBOLS: Final = re.compile(r"\W+")
_LONGEST: Final = 40
_WORDS: Final = frozenset(("scalar", "keep", "min", "max", "none", "same", "valid", "x"))
"""Words that mean something else where a size stands."""


class Sizes:
    """The sizes of one file. ``batch`` is what its first axis is, and ``open_batch`` the name that it had there."""

    def __init__(self, inputs: Mapping[str, Stated], settled: Mapping[str, int]) -> None:
        self._settled = settled
        self.batch = 1
        self.open_batch = ""
        self._known: dict[str, Size] = {}
        self._nameless = 0
        for stated in inputs.values():
            sizes = stated.sizes
            if sizes is not None and len(sizes) > 1 and 0 not in sizes:
                first = sizes[0]
                if isinstance(first, int):
                    self.batch = first
                else:
                    self.open_batch = first or "?"
                    if first:
                        self._known[first] = 1
                break

    def of_input(self, stated: Iterable[int | str | None]) -> Shape:
        """The sizes of an input; an axis without a name gets ``n`` and its place, in front it is the batch."""
        found: list[Size] = []
        for axis, size in enumerate(stated):
            if size is None:
                found.append(self.batch if axis == 0 else self._symbol(f"n{axis}"))
            else:
                found.append(size if isinstance(size, int) else self.named(size))
        return tuple(found)

    def of_output(self, stated: Iterable[int | str | None]) -> Shape:
        """The sizes of what an unknown operator makes; each axis without a name gets a name of its own."""
        found: list[Size] = []
        for size in stated:
            if size is None:
                self._nameless += 1
                found.append(symbol(f"u{self._nameless}"))
            else:
                found.append(size if isinstance(size, int) else self.named(size))
        return tuple(found)

    def named(self, text: str) -> Size:
        """The size of a name, or of a sum of names such as ``past + 1``."""
        size = self._known.get(text)
        if size is None:
            size = self._known[text] = self._parsed(text)
        return size

    def _parsed(self, text: str) -> Size:
        if not is_name(text) and len(text) <= _LONGEST:
            try:
                parsed = parse_size(text)
                values = {**self._settled, **{name: size for name, size in self._known.items() if is_name(name)}}
                return bind(parsed, values) if not isinstance(parsed, int) else parsed
            except (LayersheetError, ArithmeticError):
                pass
        word = _NOT_IN_SYMBOLS.sub("_", text)[:_LONGEST].strip("_")
        if not is_name(word) or word in _WORDS:
            word = f"n_{word}".strip("_") if word else "n"
        return self._symbol(word if is_name(word) else "n")

    def _symbol(self, name: str) -> Size:
        return self._settled.get(name, symbol(name))
