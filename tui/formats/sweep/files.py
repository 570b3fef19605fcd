"""A sweep for programs: CSV and JSON, piece by piece, since a million rows are no string to hold."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from tui.core.sweep import Sweep
from tui.core.sweep_front import Goal
from tui.formats.escape import spreadsheet

SCHEMA: Final = 1
PIECE: Final = 2_000


def as_csv(sweep: Sweep, chosen: Sequence[int] | None = None) -> Iterator[str]:
    """The combinations, or some that are chosen (RFC 4180, lines end in a line feed).

    The columns are the symbols, what is measured, and a status: ``ok``, ``at least`` for lower bounds, or ``error``
    with the reason in the last column and no numbers.
    """
    names = [axis.name for axis in sweep.axes], [measure.name for measure in sweep.measures]
    yield _csv([[*map(spreadsheet, (*names[0], *names[1])), "status", "message"]])
    blank = [""] * len(names[1])
    for places in _pieces(sweep, chosen):
        rows: list[list[object]] = []
        for index in places:
            point = sweep.point(index)
            if point.numbers is None:
                rows.append([*point.values, *blank, "error", spreadsheet(point.reason)])
            else:
                rows.append([*point.values, *point.numbers, "at least" if any(point.least) else "ok", ""])
        yield _csv(rows)


def _csv(rows: Iterable[Sequence[object]]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()


def as_json(sweep: Sweep, name: str, chosen: Sequence[int] | None = None, goals: Sequence[Goal] = ()) -> Iterator[str]:
    """One object: the symbols with their values, the metrics, and a list of points.

    A point has ``values`` and ``numbers`` (null with a ``message`` where a layer has an error). With ``goals`` the
    points are those of the Pareto front.
    """
    head: dict[str, Any] = {
        "schema": SCHEMA,
        "name": name,
        "symbols": {axis.name: list(axis.values) for axis in sweep.axes},
        "metrics": [measure.name for measure in sweep.measures],
        "combinations": len(sweep),
        "errors": sweep.refused,
        "complete": not sweep.least,
    }
    if goals:
        head["pareto"] = {goal.name: "max" if goal.largest else "min" for goal in goals}
    yield json.dumps(head)[:-1] + ', "points": ['
    comma = ""
    for places in _pieces(sweep, chosen):
        texts = []
        for index in places:
            point = sweep.point(index)
            record: dict[str, Any] = {"values": point.values, "numbers": point.numbers}
            if point.numbers is None:
                record["message"] = point.reason
            texts.append(json.dumps(record))
        yield comma + ", ".join(texts)
        comma = ", "
    yield "]}\n"


def _pieces(sweep: Sweep, chosen: Sequence[int] | None) -> Iterator[Sequence[int]]:
    places: Sequence[int] = range(len(sweep)) if chosen is None else chosen
    for start in range(0, len(places), PIECE):
        yield places[start : start + PIECE]
