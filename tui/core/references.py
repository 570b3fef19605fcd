"""What lines read by name, and lines whose names are written in full."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from tui.core.network import Line, Spec

# The same copy of the same line is one object in all versions, so that what did not change is not computed anew.
_copies: dict[tuple[object, ...], Line] = {}
_MOST: Final = 100_000


def renamed(line: Line, name: str | None, meaning: Callable[[str], str | None]) -> Line:
    """The line under another name, its sources and the layers whose weights it uses by their full names."""
    sources, spec = line.sources, line.spec
    if sources:
        sources = tuple(source._replace(name=meaning(source.name) or source.name) for source in sources)
    shared = spec.sharing(meaning) if spec is not None and not spec.plain else {}
    if name == line.name and sources == line.sources and not shared:
        return line
    key = (line, name, sources, tuple(shared.items()))
    known = _copies.get(key)
    if known is None:
        if len(_copies) > _MOST:
            _copies.clear()
        if spec is not None and shared:
            spec = Spec(spec.kind, {**spec.args, **shared}, spec.code)
        known = _copies[key] = replace(line, name=name, sources=sources, spec=spec)
    return known


def names_read(lines: Sequence[Line]) -> frozenset[str]:
    """The names that some lines read, call or are tied to."""
    read = {source.name for line in lines if line.sources for source in line.sources}
    read.update(name for line in lines for name in line.shares)
    return frozenset(read)
