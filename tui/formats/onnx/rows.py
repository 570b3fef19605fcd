"""The layers of a model that was read, as the passes over them need them: each with its sources and its result."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from tui.core.network import Line, Source, Spec
from tui.core.result import Result
from tui.core.settings import SETTINGS, Settings
from tui.formats.frameworks.draft import Draft
from tui.formats.line import parse_line, print_code
from tui.formats.spec import spec_code
from tui.formats.statements import print_settings


@dataclass(frozen=True)
class Row:
    """One layer. ``result`` is that of the line as it was read; ``note`` is what its line says beside it."""

    name: str
    spec: Spec
    sources: tuple[Source, ...]
    result: Result
    note: str = ""

    @property
    def kind(self) -> str:
        return self.spec.kind.name


def rows_of(draft: Draft) -> list[Row] | None:
    """The layers of a draft; None where one of them has no result, so that nothing is sure of what reads it."""
    rows: list[Row] = []
    for line in draft.lines:
        if not line.is_layer:
            continue
        if line.error is not None or line.spec is None or line.name is None:
            return None
        result = draft.result(Source(line.name))
        if result is None or result.status == "error":
            return None
        above = (Source(rows[-1].name),) if rows and line.spec.kind.inputs[0] == 1 else ()
        note = line.text[len(line.code) :].strip()
        rows.append(Row(line.name, line.spec, line.sources or above, result, note.removeprefix("#").strip()))
    return rows


def lines_of(rows: Iterable[Row], settings: Settings) -> list[Line]:
    """The lines of some layers; a source that is the line above is not named where the kind reads one."""
    given = [(name, getattr(settings, name)) for name in SETTINGS if getattr(settings, name) != SETTINGS[name].default]
    lines = [parse_line(print_settings(given)), parse_line("")] if given else []
    above = ""
    for row in rows:
        plain = row.spec.kind.inputs[0] == 1 and row.sources == ((above, 0),)
        code = print_code(row.spec, row.name, () if plain else row.sources, False)
        lines.append(parse_line(f"{code}  # {row.note}" if row.note else code))
        above = row.name
    return lines


def with_args(spec: Spec, changes: Mapping[str, Any]) -> Spec:
    """A layer with some arguments changed; None takes one away."""
    args = {name: value for name, value in {**spec.args, **changes}.items() if value is not None}
    return Spec(spec.kind, args, spec_code(spec.kind, args))
