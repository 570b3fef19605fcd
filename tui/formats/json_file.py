"""JSON files: the record that ``show --json`` writes is read back here, all others are taken for a Keras model.

A record holds the line of every computed layer with the layers that it reads, the settings and the values of symbols.
From these the list is made again. Blocks come written out; notes, skipped layers and blank lines are not in a record.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from tui.core.errors import FileError
from tui.core.network import Line, Source
from tui.core.settings import SETTINGS, Settings
from tui.core.snapshot import Snapshot
from tui.formats.document import MAX_BYTES
from tui.formats.imported import Imported, Notice, Progress, unwatched
from tui.formats.keras.json import read_json as read_keras
from tui.formats.line import parse_line, with_parts
from tui.formats.record import SCHEMA, record

_COMMANDS: Final = {"unknown": "solve", "combinations": "sweep", "differs": "compare"}
"""A key that only the record of a command has."""
_COMPARED: Final = ("outputs", "params", "macs")


def read_json(data: bytes, name: str, progress: Progress = unwatched) -> Imported:
    """The network of a record or of a Keras model's JSON; raises FileError where it is neither."""
    own = _own(data, name) if b'"schema"' in data and len(data) <= MAX_BYTES else None
    return read_keras(data, name, progress) if own is None else _network(own, name)


def _own(data: bytes, name: str) -> Mapping[str, Any] | None:
    """The record that the bytes hold, None where they hold something else; raises FileError for one without layers."""
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        lines = data.splitlines()
        if len(lines) > 1 and all(line.lstrip().startswith(b'{"schema"') for line in lines):
            raise FileError(
                f"{name} holds the results of {len(lines):,} networks, one a line; keep one of them, as in "
                "sed -n 1p all.json > one.json"
            ) from None
        return None
    if not isinstance(value, Mapping) or not isinstance(value.get("schema"), int):
        return None
    for key, command in _COMMANDS.items():
        if key in value:
            raise FileError(
                f"{name} is what layersheet {command} --json writes, and holds no network; give the network itself, or "
                "what layersheet show --json writes"
            )
    if not isinstance(value.get("layers"), list) or "totals" not in value:
        return None
    if value["schema"] != SCHEMA:
        raise FileError(f"{name} has schema {value['schema']}, and {SCHEMA} is read; write it anew with show --json")
    return value


def _network(found: Mapping[str, Any], name: str) -> Imported:
    layers = [layer for layer in found["layers"] if isinstance(layer, Mapping)]
    lines = [*map(parse_line, _declarations(found)), *_layers(layers)]
    try:
        again = record(Snapshot.of(lines), name)["layers"]
    except (TypeError, AttributeError):  # values of other types than a record has
        raise FileError(f"{name} is no record of layersheet show --json that can be read") from None
    notices = [
        Notice(
            "differs",
            str(layer.get("name")),
            "its line alone does not give the numbers of the record, which has "
            "one copy for all where the count of a block is a symbol",
        )
        for layer, new in zip(layers, again, strict=False)
        if any(layer.get(key) != new[key] for key in _COMPARED)
    ]
    return Imported(lines, tuple(notices))


def _declarations(found: Mapping[str, Any]) -> Iterator[str]:
    """The lines of what a record says of the network as a whole, defaults left out."""
    settings, defaults = found.get("settings"), Settings()._asdict()
    if isinstance(settings, Mapping):
        words = [
            f"{key}={_written(settings[key])}" for key in SETTINGS if key in settings and settings[key] != defaults[key]
        ]
        if words:
            yield " ".join(["set", *words])
    symbols = found.get("symbols")
    if isinstance(symbols, Mapping):
        yield from (f"let {_one_line(key)} = {_written(v)}" for key, v in symbols.items() if v is not None)
    budgets = found.get("budgets")
    if isinstance(budgets, Sequence) and not isinstance(budgets, str):
        yield from _budgets([budget for budget in budgets if isinstance(budget, Mapping)])


def _budgets(budgets: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    words = [f"{b.get('metric')}={b.get('limit')}" for b in budgets if not b.get("device")]
    words += dict.fromkeys(f"device={b['device']}" for b in budgets if b.get("device"))
    if words:
        yield _one_line(" ".join(["budget", *words]))


def _layers(layers: Sequence[Mapping[str, Any]]) -> Iterator[Line]:
    """The lines with the sources that the record gives them; a name only where a layer has one or is read by it."""
    lines = [parse_line(_one_line(str(layer.get("line", "")))) for layer in layers]
    names = [_one_line(str(layer.get("name", ""))) for layer in layers]
    above = [Source(""), *map(Source, names)]
    reads = [
        _said(line, list(_sources(layer.get("inputs"))), last)
        for line, layer, last in zip(lines, layers, above, strict=False)
    ]
    called = {source.name for read in reads for source in read}
    for layer, line, name, read in zip(layers, lines, names, reads, strict=True):
        if line.spec is None or layer.get("status") == "error":  # what is wrong may be a source that is not there
            yield line
        else:
            own = name if line.name is not None or name in called else None
            yield parse_line(with_parts(line, name=own, sources=read, off=False))


def _said(line: Line, read: list[Source], above: Source) -> list[Source]:
    """The sources that a line has to name for it to read those: none for the layer above alone, and that one is
    understood where a merging layer names one other."""
    if read in ([], [above]):
        return []
    return read[1:] if len(read) == 2 and len(line.sources) == 1 and read[0] == above else read


def _sources(inputs: Any) -> Iterator[Source]:
    for word in inputs if isinstance(inputs, Iterable) else ():
        name, colon, output = _one_line(str(word)).rpartition(":")
        yield Source(name, int(output)) if colon and output.isdecimal() else Source(_one_line(str(word)))


def _written(value: Any) -> str:
    return _one_line(str(value).lower() if isinstance(value, bool) else str(value))


def _one_line(text: str) -> str:
    return " ".join(text.splitlines())
