"""Output sizes that are asked for, where an axis may also be left as it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from tui.core.argument import Axes, PerAxis, Whole, join_axes, one_or_axes, parse_axes, size_word
from tui.core.size import Size

KEEP: Final = 0
"""The output size that stands for the size of the input, written ``keep``."""


def kept(asked: tuple[Size, ...], sizes: tuple[Size, ...]) -> tuple[Size, ...]:
    """The asked sizes, those of the input where an axis is kept."""
    return tuple(n if m == KEEP else m for m, n in zip(asked, sizes, strict=True))


@dataclass(eq=False, repr=False)
class _OneSize(Whole):
    def parse(self, word: str) -> Size:
        return KEEP if word == "keep" else super().parse(word)


@dataclass(eq=False, repr=False)
class OutputSize(Axes):
    """One output size for every axis, or one for each; ``keep`` is the size of the input."""

    @property
    def expected(self) -> str:  # type: ignore[override]
        return "an output size such as 7 or 7x7, with keep for the size of the input"

    def parse(self, word: str) -> PerAxis:
        sizes: PerAxis = one_or_axes(word, parse_axes(word, _OneSize()))
        return sizes

    def print(self, value: PerAxis) -> str:
        return join_axes([*map(_word, value)]) if isinstance(value, tuple) else _word(value)


def _word(size: Size) -> str:
    return "keep" if size == KEEP else size_word(size)
