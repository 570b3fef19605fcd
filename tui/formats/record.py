"""The results as JSON, for programs: the schema that ``show --json`` promises.

A number that depends on symbols is a string such as ``"48320 + 160*n"``, what is not known is null.
Shapes are whole, batch first.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from tui.core.errors import LayersheetError, did_you_mean, or_list
from tui.core.infer import Inference
from tui.core.network import Line
from tui.core.remarks import remarked
from tui.core.repeat import STEADY
from tui.core.result import Result
from tui.core.size import Size, text
from tui.core.snapshot import Snapshot
from tui.core.waiting import Waits
from tui.formats.escape import acted_on

SCHEMA: Final = 1
_COUNTS: Final = ("params", "trainable", "non_trainable", "buffers", "macs")


class LayerError(LayersheetError):
    """A word that no layer is called."""


def as_json(snapshot: Snapshot, name: str) -> str:
    """The record of a network in one line."""
    return escaped(json.dumps(record(snapshot, name), ensure_ascii=False))


def escaped(shown: str) -> str:
    """JSON in which nothing is left that a terminal would act on."""
    if shown.isprintable():
        return shown
    return "".join(json.dumps(c)[1:-1] if acted_on(c) and c != "\n" else c for c in shown)


def record(snapshot: Snapshot, name: str) -> dict[str, Any]:
    """The network as plain dicts and lists; skipped layers are left out."""
    settings = {key: value if isinstance(value, str | bool) else _number(value) for key, value in
                snapshot.settings._asdict().items()}  # fmt: skip
    totals = snapshot.totals
    return {
        "schema": SCHEMA,
        "name": name,
        "settings": settings,
        "symbols": {key: None if value is None else _number(value) for key, value in snapshot.symbols.items()},
        "layers": list(_layers(snapshot)),
        "totals": {
            **{key: _number(getattr(totals, key)) for key in (*_COUNTS, "flops", "weight_bytes")},
            "peak_activation_bytes": _number(snapshot.peak.bytes),
            "complete": totals.complete,
        },
        **({"budgets": _budgets(snapshot)} if snapshot.facts.budgets else {}),
    }  # fmt: skip


def _budgets(snapshot: Snapshot) -> list[dict[str, Any]]:
    """The limits that the document sets itself; ``holds`` is null where that depends on symbols or unknown layers."""
    from tui.formats.verdicts import verdicts_of  # not for the start

    return [
        {
            "metric": verdict.budget.metric.name,
            "limit": verdict.budget.limit,
            "device": verdict.budget.device or None,
            "value": _number(verdict.value),
            "holds": verdict.holds,
        }
        for verdict in verdicts_of(snapshot)
    ]


def layer_names(snapshot: Snapshot) -> dict[int, str]:
    """A name for the layer of each row: its own, or its kind and which of that kind it is (``conv1``)."""
    return names_of(snapshot.lines, [row for row in snapshot.shown if snapshot.number(row) is not None])


def row_called(snapshot: Snapshot, word: str) -> int | None:
    """The row of a layer by its name, its number, or its number behind ``#``; None where no layer is called so."""
    for row, name in layer_names(snapshot).items():
        if word == name or word.removeprefix("#") == str(snapshot.number(row)):
            return row
    return None


def row_named(snapshot: Snapshot, word: str) -> int:
    """The row of the layer that :func:`row_called` finds; raises LayerError, which says what there is."""
    row = row_called(snapshot, word)
    if row is None:
        names = layer_names(snapshot)
        near = did_you_mean(word, names.values())
        there = f"layers go from #0 to #{len(names) - 1}" if names else "the network has none"
        raise LayerError(f"there is no layer {word!r}; " + (f"did you mean {or_list(near)}?" if near else there))
    return row


def names_of(lines: Sequence[Line], places: Iterable[int]) -> dict[int, str]:
    """A name for the layer of each place, its own where no other has it before."""
    taken = {line.name for line in lines if line.name}
    names: dict[int, str] = {}
    seen: dict[str, int] = {}
    used: set[str] = set()
    for place in places:
        line = lines[place]
        if line.spec is STEADY:
            continue  # the guard of a block, which only hands a layer's output on
        kind = line.spec.kind.name if line.spec is not None else "unread"
        seen[kind] = seen.get(kind, 0) + 1
        own = line.name if line.name not in used else None  # of two layers with one name the first has it
        while own is None and f"{kind}{seen[kind]}" in taken:
            seen[kind] += 1
        names[place] = own or f"{kind}{seen[kind]}"
        used.add(names[place])
    return names


def _layers(snapshot: Snapshot) -> Iterator[dict[str, Any]]:
    """Every layer that is computed: of a repeated block each copy, or the first and all others as one."""
    inference = snapshot.inference
    names = names_of(inference.lines, [i for i, line in enumerate(inference.lines) if line.is_layer])
    waits = Waits(inference)
    for place in names:
        result = remarked(inference, place)
        if result is None:
            continue
        message = result.message
        if result.status == "waiting":
            cause = waits.on(place)
            message = f"needs {'a layer above' if cause is None else names.get(cause, inference.lines[cause].code)}"
        yield _layer(inference, place, result, names, message)


def _layer(
    inference: Inference, place: int, result: Result, names: dict[int, str], message: str | None
) -> dict[str, Any]:
    line = inference.lines[place]
    known = result.kind is not None
    counted = known and result.status != "opaque"
    feeds = [inference.wiring.made(feed) for feed in inference.wiring.feeds(place)]
    field = inference.field(place)
    times = inference.counted(place)
    return {
        "name": names[place],
        "kind": line.spec.kind.name if line.spec is not None else "",
        "line": line.code,
        "inputs": [names[feed.row] + (f":{feed.output}" if feed.output else "") for feed in feeds],
        "outputs": [[_number(size, count=False) for size in tensor.shape] for tensor in result.outputs],
        **{key: _number(getattr(result.counts, key) * times) if counted else None for key in _COUNTS},
        "activation_bytes": _number(result.output_bytes) if known and result.outputs else None,
        "receptive_field": None if field is None else [_number(size, count=False) for size in field.sizes()],
        "status": result.status,
        "message": message,
    }


def _number(size: Size, *, count: bool = True) -> int | str:
    return size if isinstance(size, int) else text(size, constant_first=count)
