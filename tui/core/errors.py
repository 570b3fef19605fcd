"""What can be wrong, said in three parts: the place, the reason and a way out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from types import MappingProxyType
from typing import Any, NamedTuple


class LayersheetError(Exception):
    """Any error that is the user's to read. ``str()`` gives the reason and the way out in one line."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class Fix(NamedTuple):
    """A way out that can be applied: new values for arguments of the layer, or the whole line anew."""

    label: str
    args: Mapping[str, Any] = MappingProxyType({})
    text: str | None = None


class ParseError(LayersheetError):
    """A line that does not read. ``span`` is the place: (first, past the last) character of the line."""

    def __init__(
        self,
        message: str,
        span: tuple[int, int] = (0, 0),
        *,
        expected: Iterable[str] = (),
        fixes: Iterable[Fix] = (),
    ) -> None:
        super().__init__(message)
        self.span = span
        self.expected = tuple(expected)
        self.fixes = tuple(fixes)

    def shifted(self, columns: int) -> ParseError:
        """The same error with its place moved to the right."""
        first, last = self.span
        return ParseError(self.message, (first + columns, last + columns), expected=self.expected, fixes=self.fixes)

    def with_fixes(self, *fixes: Fix) -> ParseError:
        """The same error with ways out before those that it has."""
        return ParseError(self.message, self.span, expected=self.expected, fixes=(*fixes, *self.fixes))


class ShapeError(LayersheetError):
    """A layer that reads but does not fit its input. ``working`` is the sum that failed, in one line."""

    def __init__(self, message: str, *, working: str | None = None, fixes: Iterable[Fix] = ()) -> None:
        super().__init__(message)
        self.working = working
        self.fixes = tuple(fixes)


class FileError(LayersheetError):
    """A file that cannot be read or written; the message names it and says why."""


class EditError(LayersheetError):
    """An edit that cannot be carried out on this network; the network stays as it is."""


def did_you_mean(word: str, known: Iterable[str], n: int = 3) -> tuple[str, ...]:
    """The known words nearest to ``word``, best first; a prefix counts as near, and then others less easily."""
    pool = sorted(set(known))
    starts = [k for k in pool if len(word) > 1 and k.startswith(word.lower())]
    close = get_close_matches(word.lower(), pool, n=n, cutoff=0.8 if starts else 0.6)
    return tuple(dict.fromkeys(close + starts))[:n]


def or_list(words: Iterable[str], joint: str = "or") -> str:
    """``a``, ``a or b``, ``a, b or c``."""
    items = list(words)
    return f" {joint} ".join([", ".join(items[:-1]), items[-1]] if len(items) > 1 else items)
