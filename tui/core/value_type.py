"""Values that arguments take: how a kind of value is read, written and bounded. Words, switches and decimals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from tui.core.errors import Fix, ParseError, did_you_mean, or_list
from tui.core.size import Size


class ValueType:
    """How one kind of value is read, written and bounded."""

    expected: str = "a value"
    spatial: ClassVar[bool] = False
    """Whether several sizes are one for each spatial axis, so that workings call them by the letters of those."""

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
    """One of a few words; ``synonyms`` are read for them, in any case of letters."""

    options: tuple[str, ...]
    synonyms: Mapping[str, str] = field(default_factory=dict)

    @property
    def expected(self) -> str:  # type: ignore[override]
        return or_list(self.options)

    def parse(self, word: str) -> str:
        if word in self.options:
            return word
        lower = word.lower()
        meant = next((option for option in self.options if option.lower() == lower), self.synonyms.get(lower))
        if meant is not None:
            return meant
        near = did_you_mean(word, self.options)
        hint = f"; did you mean {or_list(near)}?" if near else ""
        fixes = [Fix(option, text=option) for option in near]
        raise ParseError(f"{word!r} is not {self.expected}{hint}", (0, len(word)), expected=self.options, fixes=fixes)

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
        fixes = [Fix(option, text=option) for option in ("true", "false")]
        raise ParseError(f"{word!r} is not true or false", (0, len(word)), expected=("true", "false"), fixes=fixes)

    def print(self, value: bool) -> str:
        return "true" if value else "false"

    def words(self) -> tuple[str, ...]:
        return ("true", "false")


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
            message = f"{word!r} is not {self.expected}"
            raise ParseError(message, (0, len(word)), expected=(self.expected,), fixes=self._meant(word))
        return value

    def _meant(self, word: str) -> list[Fix]:
        """A decimal comma and a percentage, as they are written here."""
        if "," in word:
            meant = word.replace(",", ".")
        elif word.endswith("%") and word[:-1].isdecimal() and len(word) < 5:
            meant = self.print(int(word[:-1]) / 100)
        else:
            return []
        try:
            self.parse(meant)
        except ParseError:
            return []
        return [Fix(meant, text=meant)]

    def print(self, value: float) -> str:
        return f"{value:g}" if float(f"{value:g}") == value else repr(value)
