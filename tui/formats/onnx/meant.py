"""From the lines of an ONNX graph to those that were meant: its layout, then the parts of each layer."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Final, NamedTuple

from tui.core.network import Line, Source
from tui.core.settings import Settings
from tui.formats.imported import Notice
from tui.formats.onnx.joined import Joining
from tui.formats.onnx.joined_rules import RULES
from tui.formats.onnx.layout import Layout, turned_to_last
from tui.formats.onnx.rows import Row, lines_of

_PART: Final = re.compile(r"\.channels_(first|last)$")
"""What a tensor in the other form is called beside the layer that makes it."""


class Meant(NamedTuple):
    """A network as it was meant, and where the tensors of the file are in it."""

    lines: list[Line]
    layout: Layout | None
    joining: Joining
    names: Mapping[str, str]
    notices: list[Notice]

    def tensor(self, source: Source) -> Source | None:
        """Where a tensor is now; None where it is within a layer, or only there in another form."""
        found = source if self.layout is None else self.layout.tensor(source)
        found = None if found is None else self.joining.tensor(found)
        return None if found is None else found._replace(name=self.names.get(found.name, found.name))


def as_meant(
    rows: Sequence[Row],
    settings: Settings,
    outputs: Sequence[Source],
    scopes: Mapping[str, str],
    weights: Mapping[str, str],
) -> Meant | None:
    """A network read over; None where it stays as it is."""
    notices = []
    layout = turned_to_last(rows, settings, outputs)
    if layout is not None:
        said = (
            f"{layout.folded} transpositions around operators that want the channels behind the batch are no layers: "
            "the channels are last"
        )
        notices.append(Notice("folded", "data_format", said))
        rows, settings = layout.rows, layout.settings
        outputs = [source for source in map(layout.tensor, outputs) if source is not None]
    joining = Joining(rows, settings, outputs, scopes, weights)
    joining.run(RULES)
    kept = list(joining.kept())
    names = _names(kept, joining.called)
    if layout is None and not joining.joined and not joining.changed and not names:
        return None
    named = [_named(row, names) for row in kept]
    for name, count in joining.joined:
        if count == 1:
            continue
        notices.append(Notice("folded", names.get(name, name), f"{count} lines are one layer"))
    return Meant(lines_of(named, settings), layout, joining, names, notices)


def _names(rows: Sequence[Row], called: Collection[str]) -> dict[str, str]:
    """New names of layers that are called after a form of their output, where the plain name is free."""
    taken = {row.name for row in rows}
    found = {}
    for row in rows:
        plain = _PART.sub("", row.name)
        if plain != row.name and plain not in taken and row.name not in called:
            found[row.name] = plain
            taken.add(plain)
    return found


def _named(row: Row, names: Mapping[str, str]) -> Row:
    sources = tuple(source._replace(name=names.get(source.name, source.name)) for source in row.sources)
    return replace(row, name=names.get(row.name, row.name), sources=sources)
