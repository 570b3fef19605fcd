"""What is known of the symbols of a network: where each is used, and what it must be for the layers to fit."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

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
    """Where a symbol is used, the first few lines named."""
    found = users(snapshot, name)
    if not found:
        return f"{name} is used nowhere"
    more = f", and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
    return f"{name} is used in {', '.join(found[:SHOWN])}{more}"


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
