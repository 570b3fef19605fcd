"""The value of a padding: a mode, a size, or sizes for the two ends of each axis."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final, TypeAlias

from tui.core.axis_sizes import Whole, axes_of, join_axes, lone_size_word, one_or_axes, size_word, split_top
from tui.core.errors import ParseError, did_you_mean, or_list
from tui.core.size import Size, bind, symbols
from tui.core.value_type import ValueType

Padding: TypeAlias = "str | Size | tuple[Size | tuple[Size, Size], ...]"
"""A mode (``valid``, ``same``, ...), one size for both ends of every axis, or for each axis a size or a pair."""

_MODE_NAMES: Final = {"SAME": "same", "VALID": "valid", "CAUSAL": "causal", "SAME_UPPER": "same",
                      "same_upper": "same", "SAME_LOWER": "same_lower"}  # fmt: skip
# Padding words of the frameworks: where one is not a mode of the layer, it must not pass for a symbol.
_MODE_WORDS: Final = frozenset(
    ("valid", "same", "same_lower", "causal", "full", "zero", "zeros", "constant", "reflect", "replicate", "circular")
)


@dataclass(eq=False, repr=False)
class Pads(ValueType):
    """A padding mode, a size, a size an axis (1x2), or a pair an axis (0:1x1:2, first end : last end)."""

    spatial: ClassVar[bool] = True
    modes: tuple[str, ...] = ("valid", "same", "same_lower")
    low: int = 0
    """Below 0 where a negative padding crops."""

    @property
    def expected(self) -> str:  # type: ignore[override]
        return ", ".join([*self.modes, "a size such as 1 or 1x2"]) + ", or pairs such as 0:1x0:1"

    def parse(self, word: str) -> Padding:
        mode = _MODE_NAMES.get(word, word)
        if mode in self.modes:
            return mode
        if mode in _MODE_WORDS:
            raise ParseError(f"{word!r} is no padding here: {self.expected}", (0, len(word)), expected=self.modes)
        if word.isalpha() and (near := did_you_mean(word, self.modes)):
            raise ParseError(
                f"{word!r} is no padding; did you mean {or_list(near)}?", (0, len(word)), expected=(self.expected,)
            )
        one = Whole(self.low)
        axes: list[Size | tuple[Size, Size]] = []
        for start, part in axes_of(word):
            ends = _ends_of(part)
            sizes = []
            for first, end in ends:
                try:
                    sizes.append(one.parse(end))
                except ParseError as error:
                    raise error.shifted(start + first) from None
            if len(sizes) > 2:
                raise ParseError("an axis has two ends, first:last", (start, start + len(part)))
            axes.append(sizes[0] if len(sizes) == 1 else (sizes[0], sizes[1]))
        # A lone pair is a tuple too: what pads one axis at both ends differently is never a size.
        return (axes[0],) if isinstance(axes[0], tuple) and len(axes) == 1 else one_or_axes(word, tuple(axes))

    def print(self, value: Padding) -> str:
        if isinstance(value, str):
            return value
        if not isinstance(value, tuple):
            word = lone_size_word(value)
            return f"({word})" if word in self.modes else word
        words = [":".join(map(size_word, a)) if isinstance(a, tuple) else size_word(a) for a in value]
        return words[0] if isinstance(value[0], tuple) and len(value) == 1 else join_axes(words)

    def bind(self, value: Padding, values: dict[str, Size]) -> Padding:
        if isinstance(value, str):
            return value
        if not isinstance(value, tuple):
            return bind(value, values)
        return tuple(
            (bind(a[0], values), bind(a[1], values)) if isinstance(a, tuple) else bind(a, values) for a in value
        )

    def symbols(self, value: Padding) -> frozenset[str]:
        return frozenset().union(*map(symbols, self.sizes(value)))

    def words(self) -> tuple[str, ...]:
        return self.modes

    def sizes(self, value: Padding) -> tuple[Size, ...]:
        if isinstance(value, str):
            return ()
        if not isinstance(value, tuple):
            return (value,)
        return tuple(s for axis in value for s in (axis if isinstance(axis, tuple) else (axis,)))

    def places(self, word: str) -> tuple[tuple[int, int], ...]:
        if word in self.modes:
            return ()
        return tuple(
            (start + first, start + first + len(end)) for start, part in axes_of(word) for first, end in _ends_of(part)
        )


def _ends_of(part: str) -> list[tuple[int, str]]:
    """The two ends of one axis with their places: ``1:2``, or ``(1,2)`` as Keras writes it."""
    bare = part.strip()
    if bare[:1] + bare[-1:] == "()" and len(pair := split_top(bare[1:-1], ",")) == 2:
        start = part.index("(") + 1
        return [(start + place, end) for place, end in pair]
    return split_top(part, ":")
