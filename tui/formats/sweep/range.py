"""The words of a sweep: ``n=10..100:10`` for a symbol and its values, ``params:min`` for a goal."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Final

from tui.core.errors import did_you_mean, or_list
from tui.core.expression import MAX_NUMBER, is_name
from tui.core.metric import METRICS
from tui.core.sweep import MOST_POINTS, Axis, Measure, SweepError
from tui.core.sweep_front import Goal
from tui.formats.escape import clipped

EXAMPLES: Final = "10..100:10, 10..100, 8..1024*2 or 8,16,32"
_PART: Final = re.compile(
    r"(?P<first>-?\d[\d_]*)(?:\s*\.\.\s*(?P<last>-?\d[\d_]*)\s*(?:(?P<by>[:*])\s*(?P<step>-?\d[\d_]*))?)?", re.ASCII
)
_LIST: Final = re.compile(r"[-\d_\s]+(,[-\d_\s]*)+", re.ASCII)


def is_range(word: str) -> bool:
    """Whether ``name=value`` gives a symbol several values, and not one."""
    value = word.partition("=")[2]
    return ".." in value or _LIST.fullmatch(value) is not None


def parse_axis(word: str) -> Axis:
    """The symbol and the values that ``n=10..100:10`` says; raises SweepError."""
    name, equals, values = (part.strip() for part in word.partition("="))
    if not equals or not is_name(name):
        raise SweepError(f"{clipped(word)!r} names no symbol with its values; write n=10..100:10")
    return Axis(name, parse_values(name, values))


def parse_values(name: str, text: str) -> Sequence[int]:
    """The values of a range, a list, or a list of both, each once; raises SweepError."""
    parts = [part.strip() for part in text.strip().removesuffix(",").split(",")]
    if not any(parts):
        raise SweepError(f"{name} has no values; write {EXAMPLES}")
    found = [_values(name, part) for part in parts]
    if sum(map(len, found)) > MOST_POINTS:
        raise _too_many(name, parts[0], sum(map(len, found)), found[0])
    return found[0] if len(found) == 1 else list(dict.fromkeys(chain.from_iterable(found)))


def _values(name: str, part: str) -> Sequence[int]:
    match = _PART.fullmatch(part)
    if match is None:
        raise SweepError(f"{name}: cannot read {clipped(part)!r}; write {EXAMPLES}")
    first = _number(name, match["first"])
    if match["last"] is None:
        return (first,)
    last, by = _number(name, match["last"]), match["by"]
    step = 1 if by is None else _number(name, match["step"])
    if by == "*":
        return _powers(name, part, first, last, step)
    if step == 0:
        raise SweepError(f"{name}: a step of 0 never gets from {first} to {last}; leave it out for steps of 1")
    values = range(first, last + (1 if step > 0 else -1), step)
    if not values:
        way = f"{last}..{first}" if by is None else f"{min(first, last)}..{max(first, last)}:{abs(step)}"
        raise SweepError(f"{name}: the range {clipped(part)} is empty; write {way}")
    if len(values) > MOST_POINTS:
        raise _too_many(name, part, len(values), values)
    return values


def _powers(name: str, part: str, first: int, last: int, factor: int) -> Sequence[int]:
    if factor < 2:
        raise SweepError(f"{name}: {clipped(part)} never gets anywhere; multiply by 2 or more, as in 8..1024*2")
    if first < 1:
        raise SweepError(f"{name}: {clipped(part)} cannot start at {first}; begin at 1 or more, as in 1..1024*2")
    if first > last:
        raise SweepError(f"{name}: the range {clipped(part)} is empty; write {last}..{first}*{factor}")
    values = [first]
    while values[-1] * factor <= last:
        values.append(values[-1] * factor)
    return values


def _number(name: str, word: str) -> int:
    digits = word.replace("_", "")
    if len(digits) > 20 or abs(int(digits)) > MAX_NUMBER:
        raise SweepError(f"{name}: {clipped(word)} has more than 18 digits; sizes go up to 10**18")
    return int(digits)


def _too_many(name: str, part: str, count: int, values: Sequence[int]) -> SweepError:
    first, last = sorted((values[0], values[-1]))
    step = 10 ** len(str((last - first) // 1_000))  # a round number that leaves a thousand values or fewer
    double = f", or {name}={max(first, 1)}..{last}*2" if last > 1 else ""
    return SweepError(
        f"{name}={clipped(part)} has {count:,} values, a sweep at most {MOST_POINTS:,}; take larger steps, such as "
        f"{name}={first}..{last}:{step}{double}"
    )


def parse_goals(text: str, axes: Sequence[Axis], measures: Sequence[Measure]) -> tuple[Goal, Goal]:
    """The two goals that ``params,macs:max`` says: metrics or symbols, made small unless ``:max`` says otherwise."""
    words = [word.strip() for word in text.split(",") if word.strip()]
    if len(words) != 2:
        raise SweepError(f"a Pareto front is of two goals, {clipped(text)!r} has {len(words)}; write params,macs:max")
    first, second = (_goal(word, axes, measures) for word in words)
    if first[1:2] == second[1:2] and first.symbol == second.symbol:
        raise SweepError(f"a Pareto front is of two goals that differ; both are {first.name}")
    return first, second


def goal_names(text: str, symbols: Iterable[str] = ()) -> list[str]:
    """What the goals measure, without their directions and without the ``symbols`` among them; raises SweepError."""
    names = []
    for word in filter(None, map(str.strip, text.split(","))):
        name, _ = _split(word)
        bare, colon, way = name.rpartition(":")
        if colon and (bare in symbols or bare in METRICS):
            raise SweepError(
                f"{clipped(word)!r}: a goal is made small or large, not {clipped(way)!r}; write {bare}:max"
            )
        if name not in symbols:
            names.append(name)
    return names


def _split(word: str) -> tuple[str, str]:
    name, colon, way = word.rpartition(":")
    return (name, way) if colon and way in ("min", "max") else (word, "min")


def _goal(word: str, axes: Sequence[Axis], measures: Sequence[Measure]) -> Goal:
    name, way = _split(word)
    for place, measure in enumerate(measures):
        if measure.name == name:
            return Goal(name, place, way == "max")
    for place, axis in enumerate(axes):
        if axis.name == name:
            return Goal(name, place, way == "max", True)
    known: Iterable[str] = [*(m.name for m in measures), *(a.name for a in axes)]
    near = did_you_mean(name, known)
    hint = f"did you mean {or_list(near)}?" if near else f"there are {', '.join(known)}, each with :min or :max"
    raise SweepError(f"no goal is called {clipped(word)!r}; {hint}")
