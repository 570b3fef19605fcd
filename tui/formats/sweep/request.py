"""What the fields of a sweep ask for, read from their texts, and what they begin with."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from tui.core.errors import LayersheetError
from tui.core.snapshot import Snapshot
from tui.core.sweep import Axis, Measure, symbols_of
from tui.core.sweep_front import Goal
from tui.core.validity import bounds_of
from tui.formats.sweep.measures import STANDARD, parse_measures
from tui.formats.sweep.range import goal_names, parse_axis, parse_goals

VIEWS: Final = ("table", "plot", "pareto")
_GAP: Final = re.compile(r"[\s;]+(?=[^\W\d]\w*\s*=)")
ORDINARY: Final = 32
"""A value to begin with for a symbol of which nothing is known."""


class RequestError(LayersheetError):
    """A field that does not read; ``field`` says which."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class Request(NamedTuple):
    """The symbols that are swept, those that have one value meanwhile, and what is computed and shown."""

    axes: list[Axis]
    fixed: dict[str, int]
    measures: list[Measure]
    goals: tuple[Goal, Goal] | None
    view: str


def read_request(snapshot: Snapshot, texts: Mapping[str, str]) -> Request:
    """The request of the fields ``first``, ``second``, ``metrics`` and ``view``; raises RequestError.

    Of the symbols in the second field one may have several values; the others keep the one that they are given.
    """
    axes: list[Axis] = []
    fixed: dict[str, int] = {}
    for key in ("first", "second"):
        words = [word for word in _GAP.split(texts[key].strip()) if word]
        if key == "first" and not words:
            raise RequestError(key, f"which symbol is swept? write {first_ranges(snapshot)[0] or 'n=10..100:10'}")
        for word in words:
            try:
                axis = parse_axis(word)
            except LayersheetError as error:
                raise RequestError(key, error.message) from None
            known = symbols_of(snapshot)
            if axis.name not in known:
                raise RequestError(key, f"there is no symbol {axis.name!r}; there are {', '.join(known)}")
            if len(axis.values) == 1 and key == "second":
                fixed[axis.name] = axis.values[0]
            else:
                axes.append(axis)
    goals = None
    try:
        words = goal_names(texts["metrics"], [axis.name for axis in axes])
        measures = parse_measures(snapshot, ",".join(words))
        if texts["view"] == "pareto":
            chosen = [word for word in texts["metrics"].split(",") if word.strip()][:2] or STANDARD[:2]
            goals = parse_goals(",".join(chosen), axes, measures)
    except LayersheetError as error:
        raise RequestError("metrics", error.message) from None
    if texts["view"] not in VIEWS:
        raise RequestError("view", f"no view is called {texts['view']!r}; there are {', '.join(VIEWS)}")
    return Request(axes, fixed, measures, goals, texts["view"])


def first_ranges(snapshot: Snapshot, preferred: Sequence[str] = ()) -> tuple[str, str]:
    """What to begin with: a range of a preferred symbol, else of a free one, and a value for each other free one."""
    known = symbols_of(snapshot)
    if not known:
        return "", ""
    free = [name for name in known if name in snapshot.symbols and snapshot.symbols[name] is None]
    chosen = next((name for name in (*preferred, *free) if name in known), known[0])
    least = bounds_of(snapshot.conditions)
    start = max(least.get(chosen, 1), 10)
    others = (f"{name}={max(least.get(name, 1), ORDINARY)}" for name in free if name != chosen)
    return f"{chosen}={start}..{start * 10}:{start}", " ".join(others)
