"""The answer to a question that was solved backwards, in words and as a record for programs."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from tui.core.errors import or_list
from tui.core.size import symbols, text
from tui.core.snapshot import Snapshot
from tui.core.solve import Answer
from tui.core.solve_problem import Limit, OpenSymbolsError, Point, SolveError
from tui.formats.escape import clipped
from tui.formats.solve.place import with_number
from tui.formats.solve.unknown import Unknown
from tui.formats.solve.words import WIDTH

SCHEMA: Final = 1
SHOWN_REASON: Final = 160


class Row(NamedTuple):
    """One value of the unknown: its text, those of the limited measures, and what that comes to.

    ``mark`` is ``fits``, ``over`` or ``invalid``; ``chosen`` says that it is the answer.
    """

    value: str
    measures: tuple[str, ...]
    verdict: str
    mark: str
    chosen: bool


def question(unknown: Unknown, limits: tuple[Limit, ...], largest: bool) -> str:
    """What is asked: ``largest n with params <= 100,000``."""
    goal = f"{'largest' if largest else 'smallest'} {unknown.label}"
    if not limits:
        return f"{goal} for which every layer is valid"
    return f"{goal} with {or_list(map(limit_text, limits), 'and')}"


def limit_text(limit: Limit) -> str:
    """A limit as it is read: ``ram <= 262,144 B``."""
    return f"{limit.measure.name} {limit.relation} {limit.number:,}{' B' if limit.measure.in_bytes else ''}"


def value_text(unknown: Unknown, value: int) -> str:
    """A value with its name: ``n = 517``."""
    return f"{unknown.label} = {value:,}{unknown.unit}"


def rows(answer: Answer, unknown: Unknown, snapshot: Snapshot) -> list[Row]:
    """The answer and its neighbours, in the order of their values."""
    limits = answer.problem.limits
    found = []
    for point in answer.shown:
        mark = "fits" if point.fits else "over" if point.valid else "invalid"
        sizes = tuple(
            "-" if number is None else f"{number:,}{' B' if limit.measure.in_bytes else ''}"
            for number, limit in zip(point.values, limits, strict=True)
        )
        verdict = _verdict(point, limits, snapshot, unknown, answer.problem.high)
        found.append(Row(value_text(unknown, point.value), sizes, verdict, mark, point is answer.point))
    return found


def table(answer: Answer, unknown: Unknown, snapshot: Snapshot) -> list[tuple[str, Row]]:
    """The rows as lines of text, their columns below each other, the answer marked."""
    found = rows(answer, unknown, snapshot)
    limits = answer.problem.limits
    names = [limit.measure.name for limit in limits] if len(limits) > 1 else [""] * len(limits)
    widths = [max(map(len, column)) for column in zip(*([row.value, *row.measures] for row in found), strict=True)]
    lines = []
    for row in found:
        cells = [row.value.ljust(widths[0])]
        for name, size, width in zip(names, row.measures, widths[1:], strict=True):
            cells.append(f"{name} {size:>{width}}".lstrip() if name else f"{size:>{width}}")
        lines.append((f"{'>' if row.chosen else ' '} {'  '.join([*cells, row.verdict])}", row))
    return lines


def _verdict(point: Point, limits: tuple[Limit, ...], snapshot: Snapshot, unknown: Unknown, high: int | None) -> str:
    if point.wrong is not None:
        return f"not valid: {_place(snapshot, unknown, point.value, point.wrong)}"
    missed = []
    for limit, excess in zip(limits, point.excesses, strict=True):
        name = f"{limit.measure.name} " if len(limits) > 1 else ""
        unit = " B" if limit.measure.in_bytes else ""
        if excess is None:
            missed.append(f"{limit.measure.name} has no number here")
        elif excess:
            missed.append(f"{name}{'over' if excess > 0 else 'under'} by {abs(excess):,}{unit}")
    outside = " (outside of the range)" if high is not None and point.value > high else ""
    now = "  (as it is now)" if point.value == unknown.now else ""
    return ("; ".join(missed) or "fits") + outside + now


def _place(snapshot: Snapshot, unknown: Unknown, value: int, wrong: tuple[int, str]) -> str:
    row, message = wrong
    if 0 <= row < len(snapshot.lines) and (number := snapshot.number(row)) is not None:
        message = f"#{number} {_code(unknown, row, value)}: {message}"
    return clipped(message, SHOWN_REASON)


def _code(unknown: Unknown, row: int, value: int) -> str:
    """The line with the value in it, where it can be written."""
    line = unknown.lines[row]
    if row in unknown.rows:
        try:
            return with_number(line, unknown.symbol, value).code
        except (SolveError, ArithmeticError):
            return line.code
    return line.code


def notes(answer: Answer, unknown: Unknown, snapshot: Snapshot) -> list[str]:
    """What the claim rests on, and what it does not say; the first says whether there is an answer."""
    return [_claim(answer, unknown), *_caveats(answer, unknown, snapshot)]


def _claim(answer: Answer, unknown: Unknown) -> str:
    low, high = answer.checked
    name, problem = unknown.label, answer.problem
    best, far = ("largest", "larger") if problem.largest else ("smallest", "smaller")
    span = f"in {low:,}..{high:,}" if high is not None else f"from {low:,} on"
    if answer.proof == "stopped":
        found = value_text(unknown, answer.point.value) if answer.point else f"no {name}"
        return f"{found} fits {span}; the search ended there and the rest is not checked: give a smaller range"
    if answer.point is None:
        if answer.nearest is None:
            return f"no {name} is valid {span}" + ("; beyond is not checked" if answer.proof == "reach" else "")
        near = f"; the nearest is {value_text(unknown, answer.nearest.value)}"
        beyond = "; beyond is not checked" if answer.proof == "reach" else ""
        return f"no {name} fits {span}{near}{beyond}"
    value = answer.point.value
    if answer.proof == "reach" and problem.largest:
        flat = f"{or_list(answer.flat, 'and')} do{'es' if len(answer.flat) == 1 else ''} not depend on {name}; "
        return f"{flat if answer.flat else ''}{value:,} is the largest {name} {span}; beyond is not checked"
    if value == (problem.high if problem.largest else problem.low):
        return f"{value:,} is the {'upper' if problem.largest else 'lower'} end of the range, and it fits"
    if answer.proof == "bounded":
        return f"no {far} {name} fits: ruled out by {or_list(answer.bounds, 'and')}"
    return f"the {best} {span}: every {far} {name} was checked"


def _caveats(answer: Answer, unknown: Unknown, snapshot: Snapshot) -> list[str]:
    found = []
    point = answer.point or answer.nearest
    if point is not None and not point.complete and any(limit.measure.whole for limit in answer.problem.limits):
        found.append("the totals are lower bounds, since not all of the network is known: the true values may be over")
    if unknown.label == WIDTH:
        found.append("width in percent of all filters and units, rounded down; the last layer keeps its own")
    free = [name for name, value in snapshot.symbols.items() if value is None and name not in unknown.names]
    if free and not answer.problem.limits:
        verb, they = ("stays", "it") if len(free) == 1 else ("stay", "they")
        found.append(f"{or_list(free, 'and')} {verb} free: what {they} must be is not judged")
    return found


def way_out(error: OpenSymbolsError, *, command: bool) -> str:
    """The message for a measure that depends on other free symbols: what to bind, and how."""
    if command:
        how = " ".join(f"--set {name}=..." for name in error.names)
        return f"{error.message}; give a value with {how}"
    return f"{error.message}; give {or_list(error.names, 'and')} a value first (b)"


def record(answer: Answer, unknown: Unknown, snapshot: Snapshot, name: str) -> dict[str, Any]:
    """The answer as plain dicts and lists."""
    problem = answer.problem
    return {
        "schema": SCHEMA,
        "name": name,
        "unknown": unknown.label,
        "goal": "largest" if problem.largest else "smallest",
        "limits": [
            {"measure": limit.measure.name, "relation": limit.relation, "limit": limit.number}
            for limit in problem.limits
        ],
        "range": [problem.low, problem.high],
        "value": answer.point.value if answer.point is not None else None,
        "nearest": answer.nearest.value if answer.nearest is not None else None,
        "points": [_point(point, problem.limits, snapshot, unknown) for point in answer.shown],
        "proof": answer.proof,
        "checked": list(answer.checked),
        "notes": notes(answer, unknown, snapshot),
    }


def _point(point: Point, limits: tuple[Limit, ...], snapshot: Snapshot, unknown: Unknown) -> dict[str, Any]:
    return {
        "value": point.value,
        "fits": point.fits,
        "valid": point.valid,
        "measures": {limit.measure.name: number for limit, number in zip(limits, point.values, strict=True)},
        "excess": {limit.measure.name: excess for limit, excess in zip(limits, point.excesses, strict=True)},
        "message": None if point.wrong is None else _place(snapshot, unknown, point.value, point.wrong),
    }


def now_text(unknown: Unknown, snapshot: Snapshot) -> str:
    """What the unknown is now."""
    if unknown.now is not None:
        return f"now {unknown.now:,}{unknown.unit}"
    bound = [v for n in unknown.names if (v := snapshot.symbols.get(n)) is not None and symbols(v)]
    return f"now {text(bound[0])}" if bound else "now free"
