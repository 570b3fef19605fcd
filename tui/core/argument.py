"""Arguments of layers, declared once: type, range, default, names in the frameworks, help.

The grammar, completion, the form, the help and the readers of other formats all work from these
declarations. A value type knows how to read a word, to write it, and to say what it allows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from tui.core.errors import ParseError, did_you_mean, or_list
from tui.core.expression import parse_size
from tui.core.size import Size, at_least, bind, symbols, text

PerAxis: TypeAlias = "Size | tuple[Size, ...]"
"""One size for every spatial axis, or one for each."""

MISSING: Final = object()
"""The default of an argument that has none: it must be given."""

AXES: Final = {1: "W", 2: "HW", 3: "DHW"}


class ValueType:
    """How one kind of value is read, written and bounded."""

    expected: str = "a value"

    def parse(self, word: str) -> Any:
        """The value that the word says; raises ParseError with its place in the word."""
        raise NotImplementedError

    def print(self, value: Any) -> str:
        """The word for the value; ``parse`` reads it back."""
        return str(value)

    def bind(self, value: Any, values: dict[str, Size]) -> Any:
        """The value with symbols replaced."""
        return value

    def symbols(self, value: Any) -> frozenset[str]:
        """The symbols in the value."""
        return frozenset()

    def words(self) -> tuple[str, ...]:
        """Words worth offering for completion."""
        return ()

    def sizes(self, value: Any) -> tuple[Size, ...]:
        """The sizes in the value, to step and to name."""
        return ()

    def places(self, word: str) -> tuple[tuple[int, int], ...]:
        """Where in a printed word each of the ``sizes`` stands: (first, past the last) character."""
        return ()


@dataclass(frozen=True)
class Whole(ValueType):
    """A whole number or an expression of symbols, from ``low`` to ``high``."""

    low: int = 1
    high: int | None = None
    examples: tuple[str, ...] = ()

    @property
    def expected(self) -> str:  # type: ignore[override]
        if self.high is not None:
            return f"a whole number from {self.low} to {self.high}"
        return f"a whole number of at least {self.low}" if self.low > -(10**9) else "a whole number"

    def parse(self, word: str) -> Size:
        size = parse_size(word)
        self.check(size, (0, len(word)))
        return size

    def check(self, size: Size, span: tuple[int, int]) -> None:
        too_small = at_least(size, self.low) is False
        if too_small or (self.high is not None and at_least(self.high, size) is False):
            raise ParseError(f"{text(size)} is not {self.expected}", span, expected=(self.expected,))

    def print(self, value: Size) -> str:
        return text(value, spaces=False)

    def bind(self, value: Size, values: dict[str, Size]) -> Size:
        return bind(value, values)

    def symbols(self, value: Size) -> frozenset[str]:
        return symbols(value)

    def words(self) -> tuple[str, ...]:
        return self.examples

    def sizes(self, value: Any) -> tuple[Size, ...]:
        return (value,)

    def places(self, word: str) -> tuple[tuple[int, int], ...]:
        return ((0, len(word)),)


def split_top(word: str, separators: str) -> list[tuple[int, str]]:
    """The parts of the word between separators outside parentheses, each with its place."""
    parts, depth, start = [], 0, 0
    for i, c in enumerate(word):
        depth += (c == "(") - (c == ")")
        if depth == 0 and c in separators:
            parts.append((start, word[start:i]))
            start = i + 1
    parts.append((start, word[start:]))
    return parts


def _axes_of(word: str) -> list[tuple[int, str]]:
    """``4x4``, ``4,4`` and ``(4,4)`` split into axes; commas win, and so do parentheses: a symbol may hold an x."""
    if word.startswith("(") and word.endswith(")") and len(split_top(word[1:-1], ",")) > 1:
        return [(i + 1, part) for i, part in split_top(word[1:-1], ",") if part]
    by_comma = split_top(word, ",")
    if len(by_comma) > 1:
        return by_comma if by_comma[-1][1] else by_comma[:-1]
    # The x of max(n, 8) joins no sizes; a symbol that begins or ends with x is one size.
    parts = split_top(word.replace("max(", "ma*("), "x")
    if word.isidentifier() and not all(part for _, part in parts):
        return [(0, word)]
    return [(start, word[start : start + len(part)]) for start, part in parts]


def _places_of_axes(word: str) -> tuple[tuple[int, int], ...]:
    return tuple((start, start + len(part)) for start, part in _axes_of(word))


def parse_axes(word: str, one: ValueType) -> tuple[Any, ...]:
    """What ``one`` reads from each axis of the word; raises ParseError with its place in the word."""
    sizes = []
    for start, part in _axes_of(word):
        if not part:
            raise ParseError("a size is missing", (start, start + 1), expected=(one.expected,))
        try:
            sizes.append(one.parse(part))
        except ParseError as error:
            raise error.shifted(start) from None
    return tuple(sizes)


def one_or_axes(word: str, parts: tuple[Any, ...]) -> Any:
    """A lone part stands for every axis, unless a comma after it (``3,``) says that there is one axis only."""
    return parts[0] if len(parts) == 1 and not word.endswith((",", ",)")) else parts


def size_word(size: Size) -> str:
    """A size as one of several axes: in parentheses where it would not read as one part."""
    word = text(size, spaces=False)
    return word if word.isalnum() and "x" not in word else f"({word})"


def join_axes(words: Sequence[str]) -> str:
    """The words of the axes as one, which ``one_or_axes`` reads back."""
    return "x".join(words) + ("," if len(words) == 1 else "")


def _print_one(size: Size) -> str:
    """A size that stands for all axes; one with an x in its text must not read as several."""
    word = text(size, spaces=False)
    return f"({word})" if "x" in word else word


@dataclass(frozen=True)
class Axes(ValueType):
    """One size for every spatial axis (``3``), or one for each (``3x5``)."""

    low: int = 1
    most: int = 3
    examples: tuple[str, ...] = ()

    @property
    def expected(self) -> str:  # type: ignore[override]
        return f"a size of at least {self.low}, or one for each axis, such as 3x3"

    def parse(self, word: str) -> PerAxis:
        if word.isdecimal() and len(word) < 10 and int(word) >= self.low:
            return int(word)
        sizes = parse_axes(word, Whole(self.low))
        if len(sizes) > self.most:
            raise ParseError(f"{len(sizes)} sizes; there are at most {self.most} spatial axes", (0, len(word)))
        value: PerAxis = one_or_axes(word, sizes)
        return value

    def print(self, value: PerAxis) -> str:
        return join_axes([*map(size_word, value)]) if isinstance(value, tuple) else _print_one(value)

    def bind(self, value: PerAxis, values: dict[str, Size]) -> PerAxis:
        return tuple(bind(v, values) for v in value) if isinstance(value, tuple) else bind(value, values)

    def symbols(self, value: PerAxis) -> frozenset[str]:
        return frozenset().union(*map(symbols, self.sizes(value)))

    def words(self) -> tuple[str, ...]:
        return self.examples

    def sizes(self, value: PerAxis) -> tuple[Size, ...]:
        return value if isinstance(value, tuple) else (value,)

    def places(self, word: str) -> tuple[tuple[int, int], ...]:
        return _places_of_axes(word)


@dataclass(frozen=True)
class Dims(ValueType):
    """A shape: sizes joined by x or commas, such as 28x28x1."""

    low: int = 1
    expected: str = "a shape such as 28x28x1"

    def parse(self, word: str) -> tuple[Size, ...]:
        return parse_axes(word, Whole(self.low))

    def print(self, value: tuple[Size, ...]) -> str:
        return "x".join(map(size_word, value))

    def bind(self, value: tuple[Size, ...], values: dict[str, Size]) -> tuple[Size, ...]:
        return tuple(bind(v, values) for v in value)

    def symbols(self, value: tuple[Size, ...]) -> frozenset[str]:
        return frozenset().union(*map(symbols, value))

    def sizes(self, value: tuple[Size, ...]) -> tuple[Size, ...]:
        return value

    def places(self, word: str) -> tuple[tuple[int, int], ...]:
        return _places_of_axes(word)


Padding: TypeAlias = "str | Size | tuple[Size | tuple[Size, Size], ...]"
"""A mode (``valid``, ``same``, ...), one size for both ends of every axis, or for each axis a size or a pair."""


_MODE_NAMES: Final = {"SAME": "same", "VALID": "valid", "CAUSAL": "causal", "SAME_UPPER": "same",
                      "same_upper": "same", "SAME_LOWER": "same_lower"}  # fmt: skip
# Padding words of the frameworks: where one is not a mode of the layer, it must not pass for a symbol.
_MODE_WORDS: Final = frozenset(
    ("valid", "same", "same_lower", "causal", "full", "zero", "zeros", "constant", "reflect", "replicate", "circular")
)


@dataclass(frozen=True)
class Pads(ValueType):
    """A padding mode, a size, a size an axis (1x2), or a pair an axis (0:1x1:2, first end : last end)."""

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
        for start, part in _axes_of(word):
            ends = split_top(part, ":")
            try:
                sizes = [one.parse(end) for _, end in ends]
            except ParseError as error:
                raise error.shifted(start) from None
            if len(sizes) > 2:
                raise ParseError("an axis has two ends, first:last", (start, start + len(part)))
            axes.append(sizes[0] if len(sizes) == 1 else (sizes[0], sizes[1]))
        # A lone pair is a tuple too: what pads one axis at both ends differently is never a size.
        return (axes[0],) if isinstance(axes[0], tuple) and len(axes) == 1 else one_or_axes(word, tuple(axes))

    def print(self, value: Padding) -> str:
        if isinstance(value, str):
            return value
        if not isinstance(value, tuple):
            word = _print_one(value)
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
            (start + first, start + first + len(end))
            for start, part in _axes_of(word)
            for first, end in split_top(part, ":")
        )


@dataclass(frozen=True)
class Choice(ValueType):
    """One of a few words."""

    options: tuple[str, ...]

    @property
    def expected(self) -> str:  # type: ignore[override]
        return or_list(self.options)

    def parse(self, word: str) -> str:
        if word in self.options:
            return word
        near = did_you_mean(word, self.options)
        hint = f"; did you mean {or_list(near)}?" if near else ""
        raise ParseError(f"{word!r} is not {self.expected}{hint}", (0, len(word)), expected=self.options)

    def words(self) -> tuple[str, ...]:
        return self.options


@dataclass(frozen=True)
class Switch(ValueType):
    """true or false."""

    expected: str = "true or false"

    def parse(self, word: str) -> bool:
        if word.lower() in ("true", "yes", "on", "1"):
            return True
        if word.lower() in ("false", "no", "off", "0"):
            return False
        raise ParseError(f"{word!r} is not true or false", (0, len(word)), expected=("true", "false"))

    def print(self, value: bool) -> str:
        return "true" if value else "false"

    def words(self) -> tuple[str, ...]:
        return ("true", "false")


@dataclass(frozen=True)
class Real(ValueType):
    """A decimal number in a range."""

    low: float = 0.0
    high: float | None = None
    below: bool = False  # the range leaves ``high`` itself out

    @property
    def expected(self) -> str:  # type: ignore[override]
        if self.low == float("-inf"):
            return "a number"
        if self.high is None:
            return f"a number of at least {self.low:g}"
        return f"a number from {self.low:g} to {'below ' if self.below else ''}{self.high:g}"

    def parse(self, word: str) -> float:
        try:
            value = float(word) if len(word) < 40 else None
        except ValueError:
            value = None
        over = value is not None and self.high is not None and (value >= self.high if self.below else value > self.high)
        if value is None or not value >= self.low or over or abs(value) == float("inf"):
            raise ParseError(f"{word!r} is not {self.expected}", (0, len(word)), expected=(self.expected,))
        return value

    def print(self, value: float) -> str:
        return f"{value:g}" if float(f"{value:g}") == value else repr(value)


@dataclass(frozen=True, slots=True)
class Arg:
    """One argument of a kind.

    ``slot`` is its place among the positional words, None where it is written ``name=value`` only.
    ``short`` is a letter that may stand before a number (``s2``); ``flags`` are bare words with the
    value they stand for (``same``, ``nobias``). ``setting`` names the network setting that gives the
    default. ``sign`` is its letter in workings.
    """

    name: str
    type: ValueType
    default: Any = MISSING
    help: str = ""
    slot: int | None = None
    aliases: tuple[str, ...] = ()
    short: str = ""
    flags: tuple[tuple[str, Any], ...] = ()
    setting: str = ""
    sign: str = ""

    @property
    def required(self) -> bool:
        return self.default is MISSING

    def names(self) -> Sequence[str]:
        return (self.name, *self.aliases)


def per_axis(value: PerAxis, rank: int) -> tuple[Size, ...]:
    """The value for each of ``rank`` axes; a tuple must have that many."""
    return value if isinstance(value, tuple) else (value,) * rank
