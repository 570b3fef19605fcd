"""Arguments of layers, declared once: type, range, default, names in the frameworks, help.

The grammar, completion, the form, the help and the readers of other formats all work from these
declarations. A value type knows how to read a word, to write it, and to say what it allows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from tui.core.axis_sizes import (
    AXES,
    Axes,
    Dims,
    PerAxis,
    Whole,
    join_axes,
    one_or_axes,
    parse_axes,
    per_axis,
    size_word,
    split_top,
)
from tui.core.padding import Padding, Pads
from tui.core.value_type import Choice, Real, Switch, ValueType

__all__ = [
    "AXES",
    "MISSING",
    "Arg",
    "Axes",
    "Choice",
    "Dims",
    "Padding",
    "Pads",
    "PerAxis",
    "Real",
    "Switch",
    "ValueType",
    "Whole",
    "join_axes",
    "one_or_axes",
    "parse_axes",
    "per_axis",
    "size_word",
    "split_top",
]

MISSING: Final = object()
"""The default of an argument that has none: it must be given."""


@dataclass(slots=True, eq=False, repr=False)
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
