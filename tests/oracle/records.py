"""The records of the frameworks' answers, and the few that say nothing of a rule.

``tests/data/oracle/README.md`` says what they hold and where they come from.
"""

from __future__ import annotations

import gzip
import json
from functools import cache
from pathlib import Path
from typing import Any, Final

Record = dict[str, Any]

DATA: Final = Path(__file__).parents[1] / "data" / "oracle"

UNUSABLE: Final = {
    "t00231": "an output size of 0, which PyTorch takes; an axis of nothing is an error here",
    "t00328": "a batch of 0 examples",
}
"""What cannot be passed, and why."""


def _read(name: str) -> list[Record]:
    with gzip.open(DATA / f"{name}.jsonl.gz", "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


@cache
def records() -> dict[str, list[Record]]:
    """All records by their file; those of Keras with the model's JSON where Keras could write it."""
    found = {name: _read(name) for name in ("layers_torch", "layers_keras", "layers_onnx", "onnx_backend_nodes")}
    models = {one["id"]: one["model"] for one in _read("layers_keras_models")}
    for record in found["layers_keras"]:
        if record["id"] in models:
            record["model"] = models[record["id"]]
    return found


def by_kind() -> dict[tuple[str, str], list[Record]]:
    """The usable records by their file and kind."""
    found: dict[tuple[str, str], list[Record]] = {}
    for name, some in records().items():
        for record in some:
            if record["id"] not in UNUSABLE:
                found.setdefault((name, record["kind"]), []).append(record)
    return found
