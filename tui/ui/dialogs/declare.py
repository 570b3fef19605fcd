"""Edits of what holds for the whole network: its ``set`` lines and the ``let`` lines of its symbols."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from tui.core.edits import Edit
from tui.core.network import Line
from tui.core.size import Size, text
from tui.core.snapshot import Change, Snapshot
from tui.formats.budget import print_budgets
from tui.formats.line import parse_line
from tui.formats.statements import print_binding, print_settings


def bind_edit(snapshot: Snapshot, changes: Mapping[str, Size | None]) -> Edit | None:
    """The edit that gives symbols values (None frees one); None where nothing changes."""

    def rewritten(line: Line, last: Mapping[str, int], row: int) -> list[str] | None:
        if line.binding is None or line.binding[0] not in changes:
            return None
        name = line.binding[0]
        value = changes[name]
        # Of several lines for one symbol the last holds, so that alone is rewritten.
        if value is None:
            return []
        return [print_binding(name, text(value))] if last[name] == row else None

    rows = {line.binding[0]: row for row, line in enumerate(snapshot.lines) if line.binding is not None}
    new = [
        print_binding(name, text(value)) for name, value in changes.items() if name not in rows and value is not None
    ]
    label = ", ".join(f"{name} = {'free' if value is None else text(value)}" for name, value in changes.items())
    return _edit(snapshot, f"bind {label}", lambda line, row: rewritten(line, rows, row), new)


def settings_edit(snapshot: Snapshot, changes: Mapping[str, Any]) -> Edit | None:
    """The edit that changes settings of the network; None where nothing changes."""
    rows = {name: row for row, line in enumerate(snapshot.lines) for name, _ in line.setting or ()}

    def rewritten(line: Line, row: int) -> list[str] | None:
        if line.setting is None or not any(name in changes and rows[name] == row for name, _ in line.setting):
            return None
        return [print_settings([(name, changes.get(name, value)) for name, value in line.setting])]

    fresh = [(name, value) for name, value in changes.items() if name not in rows]
    label = print_settings(changes.items())
    return _edit(snapshot, label, rewritten, [print_settings(fresh)] if fresh else [])


def budgets_edit(snapshot: Snapshot, entries: Mapping[str, int | str]) -> Edit | None:
    """The edit after which the network has these budgets and no others; None where it has them."""
    if dict(snapshot.facts.budgets) == dict(entries):
        return None
    rows = [row for row, line in enumerate(snapshot.lines) if line.budget is not None]
    written = [print_budgets(entries.items())] if entries else []

    def rewritten(line: Line, row: int) -> list[str] | None:
        return None if line.budget is None else written if row == rows[0] else []

    label = written[0] if written else "no budgets"
    return _edit(snapshot, label, rewritten, [] if rows else written)


def _edit(
    snapshot: Snapshot, label: str, rewritten: Callable[[Line, int], list[str] | None], new: list[str]
) -> Edit | None:
    """Some lines rewritten in their place (a note stays), new ones below the last ``set`` or ``let``."""
    changes, last = [], -1
    for row, line in enumerate(snapshot.lines):
        if not line.declares:
            continue
        last = row
        words = rewritten(line, row)
        if words is not None:
            texts = [f"{word}  {line.note}" if line.note else word for word in words] or [line.note] * bool(line.note)
            changes.append(Change(row, row + 1, [parse_line(text) for text in texts]))
    if new:
        changes.append(Change(last + 1, last + 1, [parse_line(text) for text in new]))
    if not changes:
        return None
    shown = snapshot.shown
    return Edit(label, tuple(changes), shown[0] if shown else 0)
