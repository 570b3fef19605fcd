"""Ways out for a layer that reads what is not there or does not fit, as after its source was deleted or moved."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Final, NamedTuple

from tui.core.edits import Edit
from tui.core.network import Source
from tui.core.snapshot import Change, Snapshot
from tui.core.tensor import Shape
from tui.formats.line import parse_line, with_parts
from tui.formats.naming import named_for_reading, rewired

NEAREST: Final = 8
"""So many layers above are tried as another source: each try computes the network down to the reader."""
FITTING: Final = 2
"""So many layers of the right shape are offered for each source."""


class WayOut(NamedTuple):
    """A fix to choose: what it is called, the line that it writes, and the edit."""

    label: str
    text: str
    edit: Edit
    row: int | None = None
    """Where the line stands after the edit, for one that moves it."""


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


def below_source(snapshot: Snapshot, row: int) -> Iterator[WayOut]:
    """For a layer that reads one further down: to stand below it, where no block lies between the two."""
    lines = snapshot.lines
    sources = [snapshot.names[name] for name in _missing(snapshot, row) if snapshot.names.get(name, -1) > row]
    if not sources:
        return
    last = max(sources)
    between = lines[row : last + 1]
    if any(line.repeat is not None or (line.is_layer and line.indent != lines[row].indent) for line in between):
        return
    label = f"move this line below #{snapshot.number(last)} {lines[last].code}"
    changes = (Change(row, row + 1, []), Change(last + 1, last + 1, [lines[row]]))
    yield WayOut(label, lines[row].code, Edit(label, changes, last), last)


def sources_that_fit(snapshot: Snapshot, row: int) -> Iterator[WayOut]:
    """For a layer that joins what does not fit: to read, instead of one source, a layer of the shape of another."""
    line, feeds = snapshot.lines[row], snapshot.sources(row)
    if line.spec is None or len(feeds) < 2 or _missing(snapshot, row):
        return
    shapes = {snapshot.lines[source].name: _shape(snapshot, source) for source in feeds}
    for name in dict.fromkeys(source.name for source in line.sources):
        wanted = {shape for other, shape in shapes.items() if other != name and shape is not None}
        above = (r for r in range(row - 1, -1, -1) if r not in feeds and _shape(snapshot, r) in wanted)
        for other in islice(above, FITTING):
            named = named_for_reading(snapshot, other)
            if named.name is None:
                continue
            reader = rewired(line, {name: named.name})
            label = f"read #{snapshot.number(other)} {snapshot.lines[other].code} instead of {name}"
            changes = (Change(other, other + 1, [named]), Change(row, row + 1, [reader]))
            yield WayOut(label, reader.code, Edit(label, changes, row))


def as_many_sources(snapshot: Snapshot, row: int) -> Iterator[WayOut]:
    """For a layer that reads too many layers: fewer; for one that reads too few: one more of the same shape."""
    line, feeds = snapshot.lines[row], snapshot.sources(row)
    if line.spec is None or _missing(snapshot, row):
        return
    fewest, most = line.spec.kind.inputs
    if most is not None and len(line.sources) > most:
        fewer = parse_line(with_parts(line, name=line.name, sources=line.sources[:most], off=line.off))
        label = "read nothing" if most == 0 else f"read {' '.join(map(str, line.sources[:most]))} alone"
        yield WayOut(label, fewer.code, Edit(label, (Change(row, row + 1, [fewer]),), row))
    if len(feeds) != fewest - 1:
        return
    wanted = {_shape(snapshot, source) for source in feeds}
    above = (r for r in range(row - 1, -1, -1) if r not in feeds and _shape(snapshot, r) in wanted)
    for other in islice(above, FITTING):
        named = named_for_reading(snapshot, other)
        if named.name is not None:
            sources = [*line.sources, Source(named.name)]
            more = parse_line(with_parts(line, name=line.name, sources=sources, off=line.off))
            label = f"read #{snapshot.number(other)} {snapshot.lines[other].code} too"
            changes = (Change(other, other + 1, [named]), Change(row, row + 1, [more]))
            yield WayOut(label, more.code, Edit(label, changes, row))


def _shape(snapshot: Snapshot, row: int) -> Shape | None:
    result = snapshot.result(row)
    return result.outputs[0].shape if result is not None and result.outputs else None


def _missing(snapshot: Snapshot, row: int) -> list[str]:
    """The names that a line reads and that no layer above has, in any copy, as the line writes them."""
    wiring, found = snapshot.inference.wiring, dict[str, None]()
    for place in snapshot.copies(row):
        written = snapshot.inference.lines[place]
        for name in (*(source.name for source in written.sources), *written.shares):
            owner = wiring.names.get(name)
            if place in wiring.errors and (owner is None or owner >= place):
                found[wiring.local(name)] = None
    return list(found)
