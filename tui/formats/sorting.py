"""The rows of a table in the order of a column."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from tui.core.groups import Group
from tui.core.result import Result
from tui.core.size import Size, bind, symbols
from tui.core.snapshot import Snapshot
from tui.formats.columns import COLUMNS

NUMBERS: Final = {"share": "params", "formula": "params"}
"""Columns of the screen that have no numbers of their own, and whose they go by."""


class Sorting(NamedTuple):
    """The column that rows are sorted by, a key of COLUMNS, and which end comes first."""

    column: str
    largest_first: bool = True

    def __str__(self) -> str:
        title = COLUMNS[self.column].title
        return f"by {title}, {'largest' if self.largest_first else 'smallest'} first"


def next_sorting(now: Sorting | None, column: str) -> Sorting | None:
    """What comes after: the largest first, then the smallest, then the order of the layers; another column anew."""
    if now is None or now.column != column:
        return Sorting(column)
    return Sorting(column, False) if now.largest_first else None


def sorted_rows(
    snapshot: Snapshot, rows: Iterable[int], folded: Mapping[int, Group], sorting: Sorting
) -> Sequence[int]:
    """The rows, of equal ones the first in the list first; those without a number last, in their own order.

    Symbols count as 1. A folded group goes by its sum; the head of a block that is not folded has no number, as
    its layers are there themselves.
    """
    ranked: list[tuple[int, int]] = []
    others: list[int] = []
    for row in rows:
        size = _value(snapshot, row, folded.get(row), sorting.column)
        if size is None:
            others.append(row)
        else:
            at_one = bind(size, dict.fromkeys(symbols(size), 1))
            ranked.append((at_one if isinstance(at_one, int) else 0, row))
    ranked.sort(key=lambda one: -one[0] if sorting.largest_first else one[0])
    return [*(row for _, row in ranked), *others]


def _value(snapshot: Snapshot, row: int, group: Group | None, column: str) -> Size | None:
    if group is None and snapshot.lines[row].repeat is not None:
        return None
    result = snapshot.subtotal(group.rows) if group is not None and not group.block else snapshot.result(row)
    if result is None or not result.outputs or result.status in ("error", "waiting"):
        return None
    return _of_result(snapshot, group.rows[-1] if group is not None else row, result, column)


def _of_result(snapshot: Snapshot, row: int, result: Result, column: str) -> Size | None:
    if column == "out":
        return result.outputs[0].elements
    if column == "field":
        field = snapshot.field(row)
        return field.sizes()[0] if field is not None and field.axes else None
    value = COLUMNS[column].value
    return value(snapshot, row, result) if value is not None else None
