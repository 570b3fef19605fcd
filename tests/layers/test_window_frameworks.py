"""The layers with windows against what the frameworks answered.

``tests/data/window_layers.jsonl`` holds single layers with random arguments as PyTorch 2.13.0, Keras
3.15.1 and ONNX Runtime 1.32.0 computed or refused them: the layer as a line in the framework's own
names, its whole input and output shape, the elements of its weights, and the MACs that torch's FLOP
counter gave (halved). Without ``data_format`` the channels come first.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.layers.building import run
from tui.core.size import symbol
from tui.formats.line import parse_line

RECORDS: list[dict[str, Any]] = [
    json.loads(line)
    for line in (Path(__file__).parents[1] / "data" / "window_layers.jsonl").read_text(encoding="utf-8").splitlines()
]
KINDS = sorted({record["from"] for record in RECORDS})


def answer(record: dict[str, Any]) -> dict[str, Any]:
    """What the line gives, in the terms of the record; a refusal may be a remark that names the framework."""
    framework = record["from"].split()[0]
    line = parse_line(record["line"])
    if line.error is not None:
        return {"refused": True}
    shape = tuple(symbol(f"s{i}") if size is None else size for i, size in enumerate(record["input"]))
    result = run(record["line"], shape, data_format=record.get("data_format", "channels_first"))
    if result.status == "error" or framework in (result.message or ""):
        return {"refused": True}
    found: dict[str, Any] = {"output": [s if isinstance(s, int) else None for s in result.outputs[0].shape]}
    if "params" in record:
        found["params"] = result.counts.params
    if "macs" in record:
        found["macs"] = result.counts.macs
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_every_layer_is_answered_as_the_framework_does(kind: str) -> None:
    records = [record for record in RECORDS if record["from"] == kind]
    keys = ("refused", "output", "params", "macs")
    expected = {record["line"]: {k: record[k] for k in keys if k in record} for record in records}
    assert {record["line"]: answer(record) for record in records} == expected


def test_the_file_holds_what_is_said_of_it() -> None:
    frameworks = {record["from"].split()[0] for record in RECORDS}
    assert frameworks == {"PyTorch", "Keras", "ONNX"}
    assert len(RECORDS) > 500
    assert sum("refused" in record for record in RECORDS) > 50
