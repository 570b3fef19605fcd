"""A comparison as JSON, for programs: the schema that ``compare --json`` promises.

A number that depends on symbols is a string such as ``"200 + n"``, what is not known is null. Differences go from
``a`` to ``b``; a percentage is that of the value of ``a``, and null where it is not one number. ::

    {"schema": 1, "differs": bool,
     "a": {"name": str, "layers": int, "complete": bool}, "b": {...},
     "totals": {"params": {"a": int | str, "b": ..., "delta": ..., "percent": float | null},
                "trainable", "non_trainable", "buffers", "macs", "flops", "elementwise", "weight_bytes",
                "peak_activation_bytes": the same,
                "outputs": {"a": [[1,10]] | null, "b": ..., "delta": [[0,2]] | null, "percent": ... of the elements},
                "receptive_field": {"a": [5,5] | null, "b": ..., "delta": [2,2] | null, "percent": [40.0,40.0] | null}},
     "settings": {"bias": {"a": false, "b": true}}, "symbols": {"n": {"a": null, "b": 10}},
     "budgets": {"params": {"a": 1000000}},
     "counts": {"same", "follows", "changed", "added", "removed", "moved", "renamed": int},
     "layers": [{"change": "same" | "follows" | "changed" | "added" | "removed", "reasons": [str],
                 "renamed": bool, "moved": int | null,
                 "a": {"number": int | null, "name": str, "kind": str, "line": str, "outputs": [[1,28,28,6]],
                       "params": ..., "trainable": ..., "macs": ..., "activation_bytes": ...,
                       "receptive_field": [5,5] | null, "whole_input": bool, "status": str, "message": str | null}
                      | null, "b": ...,
                 "delta": {"outputs", "params", "trainable", "macs", "activation_bytes", "receptive_field"},
                 "percent": {"outputs", "params", "trainable", "macs", "activation_bytes", "receptive_field"}}]}

``settings``, ``symbols`` and ``budgets`` hold what differs: a free symbol is null, and a side that does not have a
symbol or a budget lacks its key. ``follows`` is a layer that says the same and comes to other numbers; ``moved`` is the
number of the layer on the other side that an added or removed layer is; ``reasons`` are of ``kind``, ``arguments``,
``skipped``, ``block`` and ``sources``. The head of a block has no number, and the sums over the block. Of a layer that
one side lacks the differences of counts are the whole counts, so that they add up (of blocks the heads alone); those
of ``outputs`` and ``receptive_field`` are null.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from fractions import Fraction
from functools import partial
from typing import Any, Final

from tui.core.compare import ABSENT, Comparison
from tui.core.compare_values import Values, change_of, delta, deltas, in_format_of, percent
from tui.core.size import Size, text
from tui.core.snapshot import Snapshot
from tui.core.tensor import Shape
from tui.formats.compare.rows import rows_of
from tui.formats.record import escaped, layer_names

SCHEMA: Final = 1
_COUNTS: Final = ("params", "trainable", "macs")
_GROUPS: Final = {"setting": "settings", "symbol": "symbols", "budget": "budgets"}


def as_json(comparison: Comparison, names: tuple[str, str], *, only_changes: bool = False) -> str:
    """The record of a comparison in one line."""
    return escaped(json.dumps(record(comparison, names, only_changes=only_changes), ensure_ascii=False))


def record(comparison: Comparison, names: tuple[str, str], *, only_changes: bool = False) -> dict[str, Any]:
    """The comparison as plain dicts and lists; ``only_changes`` leaves out the layers that are the same."""
    facts: dict[str, dict[str, Any]] = {group: {} for group in _GROUPS.values()}
    for fact in comparison.facts:
        sides = (("a", fact.a), ("b", fact.b))
        facts[_GROUPS[fact.group]][fact.name] = {side: _plain(value) for side, value in sides if value is not ABSENT}
    named = layer_names(comparison.a), layer_names(comparison.b)
    return {
        "schema": SCHEMA,
        "differs": comparison.differs,
        "a": _network(comparison.a, names[0], comparison.complete[0]),
        "b": _network(comparison.b, names[1], comparison.complete[1]),
        "totals": {
            **{
                total.key: {
                    "a": _number(total.a),
                    "b": _number(total.b),
                    "delta": _number(total.delta),
                    "percent": _share(total.percent),
                }
                for total in comparison.totals
            },
            **_last(*comparison.outputs),
        },
        **facts,
        "counts": comparison.counts,
        "layers": [_pair(comparison, index, named) for index in rows_of(comparison, only_changes=only_changes)],
    }


def _network(snapshot: Snapshot, name: str, complete: bool) -> dict[str, Any]:
    layers = sum(line.is_layer for line in snapshot.lines)
    return {"name": name, "layers": layers, "complete": complete}


def _last(a: Values | None, b: Values | None) -> dict[str, Any]:
    """Output and receptive field of the last layers."""
    x, y = _values(a), _values(b)
    change, share = _differences(a, b)
    return {
        key: {"a": x[key] if a else None, "b": y[key] if b else None, "delta": change[key], "percent": share[key]}
        for key in ("outputs", "receptive_field")
    }


def _pair(comparison: Comparison, index: int, named: tuple[dict[int, str], dict[int, str]]) -> dict[str, Any]:
    pair = comparison.pairs[index]
    a, b = comparison.values(index)
    change, share = _differences(a, b)
    other = comparison.b if pair.b is None else comparison.a
    return {
        "change": pair.change,
        "reasons": list(pair.reasons),
        "renamed": pair.renamed,
        "moved": None if pair.moved is None else other.number(pair.moved),
        "a": _side(comparison.a, pair.a, a, named[0]),
        "b": _side(comparison.b, pair.b, b, named[1]),
        "delta": change,
        "percent": share,
    }


def _side(snapshot: Snapshot, row: int | None, values: Values | None, named: dict[int, str]) -> dict[str, Any] | None:
    if row is None or values is None:
        return None
    line, result = snapshot.lines[row], snapshot.result(row)
    own = line.repeat.name or "" if line.repeat is not None else ""
    kind = "repeat" if line.repeat is not None else line.spec.kind.name if line.spec is not None else ""
    return {
        "number": snapshot.number(row),
        "name": named.get(row, own),
        "kind": kind,
        "line": line.code,
        **_values(values),
        "whole_input": values.field is not None and values.field.whole,
        "status": values.status,
        "message": None if result is None else result.message,
    }


def _values(values: Values | None) -> dict[str, Any]:
    if values is None:
        return {"outputs": None, "receptive_field": None}
    field = values.field
    return {
        "outputs": [_sizes(shape) for shape in values.shapes],
        **{key: None if values.counts is None else _number(getattr(values.counts, key)) for key in _COUNTS},
        "activation_bytes": _number(values.activation_bytes),
        "receptive_field": None if field is None else _sizes(field.sizes()),
    }


def _differences(a: Values | None, b: Values | None) -> tuple[dict[str, Any], dict[str, Any]]:
    """The differences and their shares."""
    keys = ("outputs", *_COUNTS, "activation_bytes", "receptive_field")
    change: dict[str, Any] = dict.fromkeys(keys)
    share: dict[str, Any] = dict.fromkeys(keys)
    for key in (*_COUNTS, "activation_bytes"):
        step = change_of(a, b, partial(_size, key=key))
        change[key] = _number(step)
        share[key] = None if a is None else _share(percent(_size(a, key), step))
    if a is None or b is None:
        return change, share
    change["outputs"] = _shapes(in_format_of(a.shapes, b.shapes), b.shapes)
    share["outputs"] = _share(percent(a.elements, delta(a.elements, b.elements)))
    if a.field is not None and b.field is not None:
        sizes, steps = a.field.sizes(), deltas(a.field.sizes(), b.field.sizes())
        if steps is not None:
            change["receptive_field"] = _sizes(steps)
            share["receptive_field"] = [_share(percent(x, step)) for x, step in zip(sizes, steps, strict=True)]
    return change, share


def _size(values: Values, key: str) -> Size | None:
    if key == "activation_bytes":
        return values.activation_bytes
    size: Size | None = None if values.counts is None else getattr(values.counts, key)
    return size


def _shapes(a: Sequence[Shape], b: Sequence[Shape]) -> list[Any] | None:
    if len(a) != len(b):
        return None
    found = [deltas(x, y) for x, y in zip(a, b, strict=True)]
    return None if None in found else [_sizes(step) for step in found if step is not None]


def _sizes(sizes: Sequence[Size]) -> list[int | str]:
    return [size if isinstance(size, int) else text(size) for size in sizes]


def _number(size: Size | None) -> int | str | None:
    return size if size is None or isinstance(size, int) else text(size, constant_first=True)


def _share(share: Fraction | None) -> float | None:
    try:
        return None if share is None else float(share)
    except OverflowError:
        return None


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, str | bool | int) else text(value)
