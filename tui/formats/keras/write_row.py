"""One row of the table of kinds: which class of Keras a kind is, and how its arguments are called there.

An argument is found by its Keras name, which is one of the names that its kind declares for reading. In ``args``
``name!`` is written by its place, ``name=default`` is left out of the source where it has Keras's default, and any
other name is always written.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from tui.formats.keras.write_call import Call
from tui.formats.keras.write_program import KEYWORD, POSITIONAL, UNSAID, Ref

Refs = tuple[Ref, ...]
Args = dict[str, Any]

_WORDS: Final = {"true": True, "false": False, "none": None}


@dataclass(frozen=True)
class Row:
    """How a kind is written. ``also`` are arguments that ``how`` sees to, or that say nothing to Keras."""

    class_name: str = ""
    args: str = ""
    also: str = ""
    how: Callable[[Call, Row], Refs] | None = None
    everything: bool = False
    """Whether ``how`` sees to all arguments."""

    @cached_property
    def spec(self) -> tuple[tuple[str, str, Any], ...]:
        """Name, way and default of each argument."""
        return tuple(_argument(word) for word in self.args.split())

    @cached_property
    def handled(self) -> frozenset[str] | None:
        """The arguments that need no complaint, by any of their names; None for all."""
        return None if self.everything else frozenset((*(name for name, _, _ in self.spec), *self.also.split()))

    def __call__(self, call: Call) -> Refs:
        return self.layer(call) if self.how is None else self.how(call, self)

    def values(self, call: Call) -> Args:
        """The arguments by their Keras names."""
        return {name: call.value(name) for name, _, _ in self.spec}

    def ways(self, args: Args) -> dict[str, str]:
        """How the source writes each of the arguments."""
        said = {name: UNSAID if way == UNSAID and _same(args.get(name), default) else KEYWORD if way == UNSAID else way
                for name, way, default in self.spec}  # fmt: skip
        return {name: said.get(name, KEYWORD) for name in args}

    def layer(self, call: Call, args: Args | None = None, **options: Any) -> Refs:
        """The layer with these arguments, by default those of the line; gives its first output."""
        found = self.values(call) if args is None else args
        class_name = options.pop("class_name", None) or self.class_name.format(n=call.rank)
        return (call.layer(class_name, found, ways=self.ways(found), **options),)


def _argument(word: str) -> tuple[str, str, Any]:
    if word.endswith("!"):
        return word[:-1], POSITIONAL, None
    name, equals, default = word.partition("=")
    if not equals:
        return name, KEYWORD, None
    if default in _WORDS:
        return name, UNSAID, _WORDS[default]
    try:
        return name, UNSAID, float(default)
    except ValueError:
        return name, UNSAID, default


def _same(value: Any, default: Any) -> bool:
    """Whether a value is a default, one size for each axis that all are it too."""
    if isinstance(value, tuple) and not isinstance(default, tuple):
        return bool(value) and all(_same(part, default) for part in value)
    return isinstance(value, bool) == isinstance(default, bool) and bool(value == default)
