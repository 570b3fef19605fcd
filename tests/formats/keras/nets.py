"""Networks that real Keras wrote, with what it says of them (``tests/data/oracle/README.md`` describes the fields).

The weights are taken out of the ``.keras`` archives; their other members are as Keras wrote them.
"""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent.parent.parent / "data"


def nets(folder: str) -> list[dict[str, Any]]:
    """The networks of a folder: ``id``, ``model`` (the JSON), ``expected``."""
    with gzip.open(DATA / folder / "nets.jsonl.gz", "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def archives() -> list[bytes]:
    """The ``.keras`` archives of all folders."""
    return [path.read_bytes() for path in sorted(DATA.glob("nets_keras*/*.keras"))]


def without_shapes(value: Any) -> Any:
    """A model without any shape that the file states for a result: what is left must be enough."""
    if isinstance(value, list):
        return [without_shapes(part) for part in value]
    if not isinstance(value, dict):
        return value
    if value.get("class_name") == "__keras_tensor__":
        return {"class_name": "__keras_tensor__", "config": {"keras_history": value["config"]["keras_history"]}}
    return {name: without_shapes(part) for name, part in value.items() if name != "build_config"}
