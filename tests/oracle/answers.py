"""What the readers and the rules say of a record, in the record's own terms."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from typing import Any, NamedTuple

from tests.oracle.records import Record
from tui.core.network import Line, Source
from tui.core.result import Result
from tui.core.snapshot import Snapshot
from tui.core.tensor import Tensor
from tui.formats.document import parse_document, print_document
from tui.formats.keras.json import read_json
from tui.formats.onnx.graph import read_model
from tui.formats.torch.code import module


class Reading(NamedTuple):
    """A record as a document, and the layers that give its outputs (None: the last layer does)."""

    lines: list[Line]
    outputs: list[Source] | None = None


def readings(name: str, record: Record) -> list[Reading]:
    """The documents that the readers make of a record; a Keras layer comes as its model and from its arguments."""
    if name == "layers_torch":
        shapes = record.get("input_shapes") or [record["input_shape"]]
        made = module(record["kind"], record["args"], [tuple(shape) for shape in shapes])
        return [Reading(made.lines, made.outputs)]
    if name == "layers_keras":
        models = [record["model"]] if "model" in record else []
        # Without the call's own options the work of training is not asked for.
        models += [] if record["kind"].startswith("Random") else [keras_model(record)]
        return [Reading(read_json(json.dumps(model).encode(), "model.json").lines) for model in models]
    return [Reading(*read_model(base64.b64decode(record["model_b64"]), "model.onnx")[:2])]


def keras_model(record: Record) -> dict[str, Any]:
    """A model's JSON with the one layer of a record, from the arguments of its constructor."""
    shapes = record.get("input_shapes") or [record["input_shape"]]
    names = [f"x{i}" for i in range(len(shapes))]
    tensors = [{"class_name": "__keras_tensor__", "config": {"keras_history": [name, 0, 0]}} for name in names]
    inputs = [
        {"class_name": "InputLayer", "config": {"batch_shape": [None, *shape]}, "name": name, "inbound_nodes": []}
        for name, shape in zip(names, shapes, strict=True)
    ]
    layer = {
        **_layer(record["kind"], record["args"]),
        "name": "y",
        "inbound_nodes": [{"args": tensors, "kwargs": {}}],
    }
    return {"class_name": "Functional", "config": {"layers": [*inputs, layer], "output_layers": ["y", 0, 0]}}


def _layer(kind: str, args: dict[str, Any]) -> dict[str, Any]:
    return {"class_name": kind, "config": {name: _nested(value) for name, value in args.items()}}


def _nested(value: Any) -> Any:
    if isinstance(value, dict):
        return _layer(value["kind"], value["args"])
    return [_nested(part) for part in value] if isinstance(value, list) else value


def answer(name: str, record: Record, reading: Reading) -> dict[str, Any]:
    """Refused or not; and if not the shapes, and the counts that the record holds.

    What is accepted is written as text and read again first: the file must say all of it.
    """
    rows = _results(reading.lines)
    if any(r.status in ("error", "waiting") for r in rows):
        return {"refused": True}
    lines = parse_document(print_document(reading.lines))
    snapshot = Snapshot.of(lines)
    found: dict[str, Any] = {"outputs": _shapes(name, _outputs(snapshot, reading.outputs))}
    totals = snapshot.totals
    for key, value in (
        ("params_trainable", totals.trainable),
        ("params_non_trainable", totals.non_trainable),
        ("macs", totals.macs),
        ("params", totals.params),
    ):
        if key in record:
            found[key] = value
    if name == "layers_torch":
        found["buffer_elements"] = totals.buffers
    return found


def expected(name: str, record: Record) -> dict[str, Any]:
    """What the framework says."""
    if record.get("error"):
        return {"refused": True}
    keys = ("params_trainable", "params_non_trainable", "macs", "params")
    found: dict[str, Any] = {"outputs": record.get("output_shapes") or [record["output_shape"]]}
    found |= {key: record[key] for key in keys if key in record}
    if name == "layers_torch":
        found["buffer_elements"] = record.get("buffer_elements", 0)
    return found


def refusals(reading: Reading) -> list[str]:
    """The messages of the rows that are refused."""
    return [r.message for r in _results(reading.lines) if r.message and r.status == "error"]


def right(name: str, record: Record) -> bool:
    """Whether every reading of a record gives what the framework says."""
    return all(answer(name, record, reading) == expected(name, record) for reading in readings(name, record))


def _results(lines: Sequence[Line]) -> list[Result]:
    snapshot = Snapshot.of(lines)
    return [result for row in range(len(lines)) if (result := snapshot.result(row)) is not None]


def _outputs(snapshot: Snapshot, sources: list[Source] | None) -> list[Tensor]:
    rows = {line.name: row for row, line in enumerate(snapshot.lines) if line.name}
    if sources is None:
        last = snapshot.result(max(rows.values()))
        return [] if last is None else list(last.outputs)
    results = [(snapshot.result(rows[source.name]), source.output) for source in sources]
    return [result.outputs[output] for result, output in results if result is not None]


def _shapes(name: str, outputs: list[Tensor]) -> list[list[int | None]]:
    shapes = [[size if isinstance(size, int) else None for size in tensor.shape] for tensor in outputs]
    return [shape[1:] for shape in shapes] if name == "layers_keras" else shapes
