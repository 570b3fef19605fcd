"""What a student types as an answer: a shape, a count or a receptive field, in the ways people write them."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final

from tui.core.axis_sizes import axes_of, split_top
from tui.core.errors import LayersheetError, ParseError
from tui.core.expression import is_name, parse_size
from tui.core.practice import FIELD, SHAPE
from tui.core.size import Size, SizeError, symbols
from tui.formats.escape import visible
from tui.formats.quantity import parse_quantity

LONGEST: Final = 200
MOST_AXES: Final = 12
_BRACKETS: Final = {"(": ")", "[": "]", "{": "}"}
_THOUSANDS: Final = re.compile(r"(?<![\w,.])\d{1,3}(?:,\d{3})+(?![\d,])", re.ASCII)
_WITH_UNIT: Final = re.compile(r"\d+(?:\.\d+)?[kKMG]", re.ASCII)
_TIMES: Final = re.compile(r"(?<=[\d)])\s*[xX]\s*(?=[\d(])")
_COUNTED: Final = re.compile(r"\s*\b(?:params?|parameters?|macs?|weights?|trainable)\.?$", re.IGNORECASE)
_UNKNOWN_BATCH: Final = ("none", "?", "-1", "batch")
_WRITTEN: Final = str.maketrans({"×": "x", "·": "*", "∗": "*", "−": "-", "⌊": "(", "⌋": ")"})


class AnswerError(LayersheetError):
    """A text that is no answer to the question; it costs nothing."""


def read_answer(part: str, text: str, names: Collection[str] = ()) -> tuple[Size, ...]:
    """The sizes that an answer gives; raises AnswerError where it does not read.

    ``names`` are the symbols of the network. A shape may be ``36x28x20``, ``36 28 20`` or ``(36, 28, 20)``;
    ``None``, ``?``, or a name that is no symbol before it stand for the batch. A count may be ``48,320``,
    ``7.2k``, ``4*4*20 + 20`` or ``160n``; of what is written with ``=`` the last counts.
    """
    written = text.strip().translate(_WRITTEN)
    if not written:
        raise AnswerError("there is no answer yet")
    if len(written) > LONGEST:
        raise AnswerError(f"more than {LONGEST} characters are no answer")
    if "=" in written:
        written = written.rpartition("=")[2].strip()
    try:
        sizes = _shape(written, names) if part in (SHAPE, FIELD) else (_count(written, names),)
    except ParseError as error:
        raise AnswerError(f"{visible(text.strip())!r} does not read: {error.message}") from None
    except (LayersheetError, SizeError, ArithmeticError, RecursionError) as error:
        raise AnswerError(f"{visible(text.strip())!r} does not read: {error}") from None
    strange = sorted(name for size in sizes for name in symbols(size) if name not in names)
    if strange:
        known = f"its symbols: {', '.join(sorted(names))}" if names else "it has none"
        raise AnswerError(f"{visible(strange[0])} is no symbol of the network; {known}")
    return sizes


def _count(text: str, names: Collection[str]) -> Size:
    text = _COUNTED.sub("", text)
    if _WITH_UNIT.fullmatch(text) and text[-1] not in names:  # 4k is no thousands where k is a symbol
        return parse_quantity(text)
    return _size(_TIMES.sub("*", _THOUSANDS.sub(lambda match: match[0].replace(",", ""), text)))


def _shape(text: str, names: Collection[str]) -> tuple[Size, ...]:
    if text.lower() in ("scalar", "()", "[]"):
        return ()
    inner = _inside(text)
    by_comma = split_top(inner, ",")
    if len(by_comma) > 1:
        words = [word.strip() for _, word in by_comma]
        words = words[:-1] if words[-1] == "" else words
    else:
        apart = re.sub(r"\s+[xX]\s+", ",", _TIMES.sub(",", inner))
        words = [word.strip() for _, piece in split_top(apart, ",") for _, word in axes_of(piece.strip())]
        words = _between_spaces(inner) if len(words) == 1 else words
    if len(words) > MOST_AXES:
        raise AnswerError(f"more than {MOST_AXES} axes are no answer")
    if len(words) > 1 and (words[0].lower() in _UNKNOWN_BATCH or (is_name(words[0]) and words[0] not in names)):
        words = words[1:]
    if not words or not all(words):
        raise ParseError("a size is missing")
    return tuple(map(_size, words))


def _inside(text: str) -> str:
    """Without the brackets around all of it."""
    while len(text) > 1 and _BRACKETS.get(text[0]) == text[-1] and _closes_last(text):
        text = text[1:-1].strip()
    return text


def _closes_last(text: str) -> bool:
    """Whether the first bracket is closed by the last one, unlike in ``(n+1)x(m+1)``."""
    depth = 0
    for place, c in enumerate(text):
        depth += (c in "([{") - (c in ")]}")
        if depth == 0:
            return place == len(text) - 1
    return False


def _between_spaces(text: str) -> list[str]:
    """Sizes with spaces between them; those around an operator separate nothing."""
    joined = re.sub(r"\s*(\*\*|//|[-+*%])\s*", r"\1", text)
    return [word for _, word in split_top(joined, " ") if word]


def _size(text: str) -> Size:
    text = text.replace("^", "**")
    # 160n is how it is written on paper; 4x4 has been read as a product before.
    return parse_size(re.sub(r"(?<![\w.])(\d+)\s*(?=[^\W\d_])", r"\1*", text))
