"""Whole networks as PyTorch's exporters write them; the README beside the data says where the numbers are from."""

from __future__ import annotations

import base64
import gzip
import json
from functools import cache
from pathlib import Path
from typing import Any, Final

import pytest

from tui.core.snapshot import Snapshot
from tui.formats.document import parse_document, print_document
from tui.formats.onnx.graph import Model, read_model, read_onnx

FILE: Final = Path(__file__).parents[2] / "data" / "nets_onnx" / "nets.jsonl.gz"
FOLDED: Final = 127
"""So many tensors of all networks are sizes that a graph computes, which no layer has, or lie inside one layer."""


@cache
def nets() -> dict[str, Any]:
    with gzip.open(FILE, "rt", encoding="utf-8") as file:
        return {one["id"]: one for one in map(json.loads, file)}


NAMES: Final = [f"pt{number:03}" for number in range(20)]


@cache
def read(name: str) -> tuple[Model, Snapshot]:
    model = read_model(base64.b64decode(nets()[name]["model_b64"]), f"{name}.onnx")
    return model, Snapshot.of(parse_document(print_document(model.lines)))


def shape(snapshot: Snapshot, source: Any) -> list[Any]:
    rows = {line.name: row for row, line in enumerate(snapshot.lines) if line.name}
    result = snapshot.result(rows[source.name])
    assert result is not None
    return list(result.outputs[source.output].shape)


@pytest.mark.parametrize("name", NAMES)
def test_parameters_and_macs_are_those_of_the_framework(name: str) -> None:
    totals = read(name)[1].totals
    assert (totals.params, totals.macs, totals.complete) == (nets()[name]["params"], nets()[name]["macs"], True)


@pytest.mark.parametrize("name", NAMES)
def test_every_tensor_has_the_shape_that_it_had_when_it_ran(name: str) -> None:
    model, snapshot = read(name)
    expected = nets()[name]["tensors"]
    found = {tensor: shape(snapshot, source) for tensor, source in model.tensors.items() if tensor in expected}
    assert found == {tensor: expected[tensor] for tensor in found}
    assert [shape(snapshot, source) for source in model.outputs] == nets()[name]["outputs"]


def test_few_tensors_have_no_layer() -> None:
    missing = [tensor for name in NAMES for tensor in nets()[name]["tensors"] if tensor not in read(name)[0].tensors]
    assert len(missing) <= FOLDED


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_refused_or_unknown(name: str) -> None:
    notices = read_onnx(base64.b64decode(nets()[name]["model_b64"]), f"{name}.onnx").notices
    assert [notice for notice in notices if notice.grade in ("refused", "opaque", "differs")] == []
