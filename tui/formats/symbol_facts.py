"""What is known of the symbols of a network: where each is used, and what it must be for the layers to fit."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from tui.core.errors import or_list
from tui.core.network import Line
from tui.core.settings import SETTINGS
from tui.core.size import symbols
from tui.core.snapshot import Snapshot

SHOWN: Final = 6


def users(snapshot: Snapshot, name: str) -> list[str]:
    """The lines that hold a symbol: layers with their numbers, blocks, settings, and other symbols that lean on it."""
    return [_shown(snapshot, row) for row, line in enumerate(snapshot.lines) if name in _symbols(line)]


def _symbols(line: Line) -> frozenset[str]:
    if line.spec is not None:
        return line.spec.symbols()
    if line.repeat is not None:
        return symbols(line.repeat.times)
    if line.setting is not None:
        return frozenset().union(*(SETTINGS[key].type.symbols(value) for key, value in line.setting))
    if line.binding is not None and line.binding[1] is not None:
        return symbols(line.binding[1])
    return frozenset()


def _shown(snapshot: Snapshot, row: int) -> str:
    number, line = snapshot.number(row), snapshot.lines[row]
    code = line.code if line.binding is None else f"let {line.binding[0]}"
    return code if number is None else f"#{number} {code}"


def used_text(snapshot: Snapshot, name: str) -> str:
    """Where a symbol is used, the first few lines named, and why its ``let`` gives it no value, if that is so."""
    found = users(snapshot, name)
    lines = snapshot.lines
    why = next((f"; {why}" for row, why in unbound(snapshot).items() if (lines[row].binding or [""])[0] == name), "")
    if not found:
        return f"{name} is used nowhere{why}"
    more = f", and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
    return f"{name} is used in {', '.join(found[:SHOWN])}{more}{why}"


def unbound(snapshot: Snapshot) -> dict[int, str]:
    """The ``let`` lines that give their symbol no value, which then stays free, and why."""
    bound = snapshot.facts.bindings
    rows = {line.binding[0]: row for row, line in enumerate(snapshot.lines) if line.binding is not None}
    values = {name: line.binding[1] for name, row in rows.items() if (line := snapshot.lines[row]).binding is not None}
    stuck = {name: symbols(value) & values.keys() for name, value in values.items() if value is not None}
    stuck = {name: needed for name, needed in stuck.items() if name not in bound}
    found = {}
    for name, needed in stuck.items():
        blocking = sorted(needed & stuck.keys())
        if not blocking:
            found[rows[name]] = f"{name} cannot be computed: it divides by 0, or is too large; it stays free"
        elif name in _reached(stuck, blocking):
            found[rows[name]] = f"{name} leads back to itself by {or_list(blocking, 'and')}; it stays free"
        else:
            found[rows[name]] = f"{name} needs {or_list(blocking, 'and')}, which has no value; it stays free"
    return found


def _reached(needs: Mapping[str, frozenset[str]], names: Iterable[str]) -> set[str]:
    """All that some symbols lean on, themselves included."""
    reached, waiting = set(names), list(names)
    while waiting:
        for name in needs.get(waiting.pop(), ()):
            if name not in reached:
                reached.add(name)
                waiting.append(name)
    return reached


def needs(snapshot: Snapshot, name: str) -> list[str]:
    """What a symbol must be, whatever its value is now: ``H >= 31``, ``H % 2 = 0``."""
    lines = [Line("") if line.binding and line.binding[0] == name else line for line in snapshot.lines]
    return list(_about(Snapshot.of(lines), name))


def _about(snapshot: Snapshot, name: str) -> Iterator[str]:
    word = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)")
    for condition in snapshot.conditions:
        if word.search(condition.text):
            yield condition.text


def needs_text(snapshot: Snapshot, name: str) -> str:
    """What a symbol must be, in one line; any value of at least 1 where nothing else is asked."""
    return ", ".join(needs(snapshot, name)) or f"{name} >= 1"
