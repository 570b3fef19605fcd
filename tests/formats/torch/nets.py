"""Networks of PyTorch with what PyTorch itself says of them (see ``tests/data/nets_torch/README.md``)."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any, Final

from tui.core.snapshot import Snapshot
from tui.formats.imported import Imported

DATA: Final = Path(__file__).parents[2] / "data"


def stored(name: str) -> dict[str, dict[str, Any]]:
    """The networks of a file."""
    with gzip.open(DATA / "nets_torch" / f"{name}.json.gz") as file:
        found: dict[str, dict[str, Any]] = json.load(file)
    return found


NETS: Final = stored("nets")
MORE: Final = stored("more")


def judged(made: Imported) -> Snapshot:
    """The results of what was read; nothing in it is wrong or waits."""
    snapshot = Snapshot.of(made.lines)
    for row, line in enumerate(made.lines):
        result = snapshot.result(row)
        assert line.error is None, line.text
        assert result is None or result.status in ("ok", "warning", "opaque"), (line.text, result.message)
    return snapshot


def rows(snapshot: Snapshot) -> dict[str, list[Any]]:
    """The shape, parameters and MACs of each named line."""
    found: dict[str, list[Any]] = {}
    for row, line in enumerate(snapshot.lines):
        result = snapshot.result(row)
        if line.name is not None and result is not None and result.outputs:
            found[line.name] = [list(result.outputs[0].shape), result.counts.params, result.counts.macs]
    return found
