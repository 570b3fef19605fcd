"""Every layer that a framework answered for, read by the readers and computed by the rules."""

from __future__ import annotations

import pytest

from tests.oracle.answers import answer, expected, readings, refusals
from tests.oracle.records import UNUSABLE, by_kind, records

KINDS = by_kind()


@pytest.mark.parametrize(("name", "kind"), KINDS, ids=[f"{name}-{kind}" for name, kind in KINDS])
def test_every_layer_is_answered_as_the_framework_does(name: str, kind: str) -> None:
    some = KINDS[name, kind]
    found = {r["id"]: [answer(name, r, reading) for reading in readings(name, r)] for r in some}
    assert found == {r["id"]: [expected(name, r)] * len(readings(name, r)) for r in some}


@pytest.mark.parametrize("name", records())
def test_every_refusal_says_why(name: str) -> None:
    refused = [r for r in records()[name] if r.get("error") and r["id"] not in UNUSABLE]
    silent = [r["id"] for r in refused for reading in readings(name, r) if not refusals(reading)]
    assert silent == []


def test_the_records_are_all_there_and_few_are_left_out() -> None:
    assert {name: len(some) for name, some in records().items()} == {
        "layers_torch": 389,
        "layers_keras": 368,
        "layers_onnx": 283,
        "onnx_backend_nodes": 117,
    }
    assert sum("model" in r for r in records()["layers_keras"]) == 330
    assert len(UNUSABLE) == 2
