"""Ways out for a layer that reads what is not there, as after its source was deleted or moved below it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from tui.core.edits import Edit
from tui.core.snapshot import Change, Snapshot
from tui.formats.line import parse_line, with_parts
from tui.formats.naming import named_for_reading, rewired

NEAREST: Final = 8
"""So many layers above are tried as another source: each try computes the network down to the reader."""


class WayOut(NamedTuple):
    """A fix to choose: what it is called, the line that it writes, and the edit."""

    label: str
    text: str
    edit: Edit


def other_sources(snapshot: Snapshot, row: int) -> Iterator[WayOut]:
    """For each name that no layer above has: to read one of the layers above instead, the nearest first, or none."""
    line = snapshot.lines[row]
    for name in _missing(snapshot, row):
        read = set(snapshot.sources(row))
        near = [r for r in range(row - 1, -1, -1) if snapshot.lines[r].spec is not None and not snapshot.lines[r].off]
        for other in [r for r in near if r not in read][:NEAREST]:
            named = named_for_reading(snapshot, other)
            if named.name is None:
                continue
            reader = rewired(line, {name: named.name})
            changes = (Change(other, other + 1, [named]), Change(row, row + 1, [reader]))
            label = f"read #{snapshot.number(other)} {snapshot.lines[other].code} instead of {name}"
            yield WayOut(label, reader.code, Edit(label, changes, row))
        if line.error is None and any(source.name == name for source in line.sources):
            kept = [source for source in line.sources if source.name != name]
            fewer = parse_line(with_parts(line, name=line.name, sources=kept, off=line.off))
            label = f"take @{name} away"
            yield WayOut(label, fewer.code, Edit(label, (Change(row, row + 1, [fewer]),), row))


def _missing(snapshot: Snapshot, row: int) -> list[str]:
    """The names that a line reads and that no layer above has, in any copy, as the line writes them."""
    wiring, found = snapshot.inference.wiring, dict[str, None]()
    for place in snapshot.copies(row):
        written = snapshot.inference.lines[place]
        for name in (*(source.name for source in written.sources), *([written.called] if written.called else [])):
            owner = wiring.names.get(name)
            if place in wiring.errors and (owner is None or owner >= place):
                found[wiring.local(name)] = None
    return list(found)
