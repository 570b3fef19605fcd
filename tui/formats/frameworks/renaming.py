"""Lines under other names."""

from __future__ import annotations

from collections.abc import Mapping

from tui.core.network import Line, Spec
from tui.formats.line import parse_line, print_code
from tui.formats.spec import spec_code


def renamed(line: Line, names: Mapping[str, str]) -> Line:
    """A line with its own name and those of other layers in it replaced; one that does not read stays as it is."""
    named = {line.name, *(source.name for source in line.sources), *line.shares}
    if line.spec is None or not (named & names.keys()):
        return line
    sources = [source._replace(name=names.get(source.name, source.name)) for source in line.sources]
    name = None if line.name is None else names.get(line.name, line.name)
    args = {**line.spec.args, **line.spec.sharing(names.get)}
    spec = Spec(line.spec.kind, args, spec_code(line.spec.kind, args))
    return parse_line(print_code(spec, name, sources, False))
