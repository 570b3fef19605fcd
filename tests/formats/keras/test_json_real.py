"""Models built in real Keras a moment ago, against what it says of every layer: shapes, parameters, totals.

Keras runs in a process of its own (``truth.py``): its import would cost every other test seconds.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.formats.keras.test_json_nets import Read
from tests.formats.keras.truth_names import NAMES

TRUTH = Path(__file__).with_name("truth.py")


@pytest.fixture(scope="module")
def models() -> dict[str, dict[str, Any]]:
    """Each model by its name."""
    printed = subprocess.run([sys.executable, str(TRUTH)], capture_output=True, text=True, check=True).stdout
    found = (json.loads(line) for line in printed.splitlines() if line.startswith("{"))
    return {model["name"]: model for model in found}


def is_shape(ours: tuple[Any, ...], theirs: list[int | None]) -> bool:
    """Whether a shape is as Keras says; the batch is 1 here and free there, other free sizes are symbols."""
    sizes = zip(ours[1:], theirs[1:], strict=True)
    return len(ours) == len(theirs) and all(b == a if b is not None else not isinstance(a, int) for a, b in sizes)


@pytest.mark.parametrize("name", NAMES)
def test_every_layer_is_as_keras_says(name: str, models: dict[str, dict[str, Any]]) -> None:
    model = models[name]
    read = Read(model["model"])
    for layer, class_name, calls, trainable, non_trainable in model["layers"]:
        own = [result for row, result in read.results.items() if row == layer or row.startswith(f"{layer}.")]
        weights = sum(row.counts.trainable for row in own), sum(row.counts.non_trainable for row in own)
        assert weights == (trainable, non_trainable), (layer, class_name)
        rows = read.rows(layer)
        if f"{layer}.out" in read.results:  # turned back by a line below
            rows = [read.results[f"{layer}.out"]]
        for row, outputs in zip(rows, calls, strict=False):
            assert all(is_shape(a.shape, b) for a, b in zip(row.outputs, outputs, strict=False)), (layer, outputs)
            assert len(row.outputs) >= len(outputs)
    for function, outputs in model["functions"]:
        assert is_shape(read.results[function].outputs[0].shape, outputs[0]), (function, outputs)
    totals = read.snapshot.totals
    assert [totals.trainable, totals.non_trainable] == model["totals"]
    assert totals.complete
    assert [notice for notice in read.notices if notice.grade in ("opaque", "refused", "differs", "renamed")] == []


def test_the_multiplications_are_those_of_the_papers(models: dict[str, dict[str, Any]]) -> None:
    # Howard et al. 2017, table 8: 569 million; Sandler et al. 2018, table 4: 300 million.
    published = {"MobileNet": 569, "MobileNetV2": 301}
    found = {name: round(Read(models[name]["model"]).snapshot.totals.macs / 1e6) for name in published}
    assert found == published
