"""What lines read by name, and lines whose names are written in full."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from tui.core.network import Line, Source, Spec

# The same copy of the same line is one object in all versions, so that what did not change is not computed anew.
_copies: dict[tuple[Line, str | None, tuple[Source, ...], str | None], Line] = {}
_MOST: Final = 100_000


def renamed(line: Line, name: str | None, meaning: Callable[[str], str | None]) -> Line:
    """The line under another name, its sources and the layer that it calls by their full names."""
    sources, called = line.sources, line.called
    if sources:
        sources = tuple(source._replace(name=meaning(source.name) or source.name) for source in sources)
    if called is not None:
        called = meaning(called) or called
    if name == line.name and sources == line.sources and called == line.called:
        return line
    key = (line, name, sources, called)
    known = _copies.get(key)
    if known is None:
        if len(_copies) > _MOST:
            _copies.clear()
        spec = line.spec
        if spec is not None and called != line.called:
            spec = Spec(spec.kind, {**spec.args, spec.kind.calls: called}, spec.code)
        known = _copies[key] = replace(line, name=name, sources=sources, spec=spec)
    return known


def names_read(lines: Sequence[Line]) -> frozenset[str]:
    """The names that some lines read or call."""
    read = {source.name for line in lines if line.sources for source in line.sources}
    read.update(line.called for line in lines if line.called is not None)
    return frozenset(read)
