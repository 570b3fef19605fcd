"""The question of the solve dialog, read from the words in its fields."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from tui.core.errors import LayersheetError
from tui.core.snapshot import Snapshot
from tui.core.solve_problem import Limit, Problem
from tui.formats.ranges import parse_range
from tui.formats.solve.limits import VALID, parse_limits
from tui.formats.solve.unknown import Unknown, parse_unknown


class Asked(NamedTuple):
    """What the fields say."""

    unknown: Unknown
    problem: Problem


def asked_by(snapshot: Snapshot, value: Mapping[str, str]) -> tuple[Asked | None, dict[str, str]]:
    """The question that the values of the fields ask, or by field what is wrong with them."""
    errors: dict[str, str] = {}
    unknown: Unknown | None = None
    limits: tuple[Limit, ...] = ()
    further: tuple[Limit, ...] = ()
    low = high = None
    try:
        unknown = parse_unknown(snapshot, value["unknown"])
    except LayersheetError as error:
        errors["unknown"] = error.message
    if value["find"] not in ("largest", "smallest"):
        errors["find"] = "write largest or smallest"
    try:
        limit = "" if value["metric"] in ("", VALID) else f"{value['metric']} {value['limit']}"
        limits = parse_limits(snapshot, limit)
    except LayersheetError as error:
        errors["metric" if error.message.startswith("no ") else "limit"] = error.message
    try:
        further = parse_limits(snapshot, value["also"])
    except LayersheetError as error:
        errors["also"] = error.message
    try:
        low, high = parse_range(value["range"]) if value["range"] else (None, None)
    except LayersheetError as error:
        errors["range"] = error.message
    if unknown is None or errors:
        return None, errors
    start = unknown.low if low is None else low
    largest = value["find"] == "largest"
    return Asked(unknown, Problem(unknown.lines, unknown.symbol, (*limits, *further), largest, start, high)), {}
