"""Lines under other names."""

from __future__ import annotations

from collections.abc import Mapping

from tui.core.network import Line
from tui.formats.line import parse_line, print_code


def renamed(line: Line, names: Mapping[str, str]) -> Line:
    """A line with its own name and those of its sources replaced; one that does not read stays as it is."""
    if line.spec is None or not ({line.name, *(source.name for source in line.sources)} & names.keys()):
        return line
    sources = [source._replace(name=names.get(source.name, source.name)) for source in line.sources]
    name = None if line.name is None else names.get(line.name, line.name)
    return parse_line(print_code(line.spec, name, sources, False))
