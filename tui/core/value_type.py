"""Values that arguments take: how a kind of value is read, written and bounded. Words, switches and decimals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tui.core.errors import ParseError, did_you_mean, or_list
from tui.core.size import Size


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


@dataclass(eq=False, repr=False)
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


@dataclass(eq=False, repr=False)
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


@dataclass(eq=False, repr=False)
class Names(ValueType):
    """Names, with a comma between them."""

    expected: str = "names such as kernel,bias"

    def parse(self, word: str) -> tuple[str, ...]:
        names = tuple(word.split(","))
        if not all(name.replace("_", "a").isalnum() for name in names):
            raise ParseError(f"{word!r} is not {self.expected}", (0, len(word)), expected=(self.expected,))
        return names

    def print(self, value: tuple[str, ...]) -> str:
        return ",".join(value)


@dataclass(eq=False, repr=False)
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
