"""Recurrent, attention and transformer layers against what the frameworks answered.

``tests/data/sequence_layers.jsonl`` holds single layers with random arguments as PyTorch 2.13.0, Keras
3.15.1 and ONNX Runtime 1.32.0 computed or refused them, and node tests of the ONNX project (Apache-2.0):
the layer as a line in the framework's own argument names, its whole input and output shapes, the elements
of its weights, and the MACs that torch's FLOP counter gave (halved). "T" is a free dimension of Keras.
Keras's value and key are in the order query, key, value here.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.layers.sequence_layers import layer
from tui.core.kind import record_tensor
from tui.core.result import Result, compute
from tui.core.size import bind, symbol
from tui.core.tensor import Tensor, Tensors
from tui.core.working import plain
from tui.formats.line import parse_line

RECORDS: list[dict[str, Any]] = [
    json.loads(line)
    for line in (Path(__file__).parents[1] / "data" / "sequence_layers.jsonl").read_text(encoding="utf-8").splitlines()
]
KINDS = sorted({record["from"] for record in RECORDS})
COUNTS = ("params", "trainable", "non_trainable", "macs")


def tensors(record: dict[str, Any]) -> Tensors:
    return tuple(Tensor(tuple(symbol(s) if isinstance(s, str) else s for s in shape)) for shape in record["inputs"])


def computed(record: dict[str, Any]) -> Result | None:
    """The result of the record's line, None where it does not read."""
    if parse_line(record["line"]).error is not None:
        return None
    counting = record["from"].split()[0].lower()
    return compute(
        layer(record["line"], counting=counting, data_format=record.get("data_format", "channels_last")),
        tensors(record),
    )


def answer(record: dict[str, Any]) -> dict[str, Any]:
    """What the line gives, in the terms of the record."""
    result = computed(record)
    if result is None or result.status == "error":
        return {"refused": True}
    shapes = [[s if isinstance(s, int) else str(s) for s in tensor.shape] for tensor in result.outputs]
    return {"outputs": shapes} | {key: getattr(result.counts, key) for key in COUNTS if key in record}


def of_kind(kind: str) -> list[dict[str, Any]]:
    return [record for record in RECORDS if record["from"] == kind]


@pytest.mark.parametrize("kind", KINDS)
def test_every_layer_is_answered_as_the_framework_does(kind: str) -> None:
    for record in of_kind(kind):
        expected = {key: record[key] for key in ("refused", "outputs", *COUNTS) if key in record}
        assert answer(record) == expected, record["line"]


def test_the_file_holds_what_is_said_of_it() -> None:
    assert {record["from"].split()[0] for record in RECORDS} == {"PyTorch", "Keras", "ONNX"}
    assert len(RECORDS) > 250
    assert sum("refused" in record for record in RECORDS) > 30


def test_no_layer_that_a_framework_accepts_carries_a_warning_there() -> None:
    warned = [record["line"] for record in RECORDS if (result := computed(record)) and result.status == "warning"]
    assert warned == []


@pytest.mark.parametrize("kind", KINDS)
def test_the_canonical_line_says_the_same_layer(kind: str) -> None:
    for record in of_kind(kind):
        line = parse_line(record["line"])
        if line.error is None:
            assert answer({**record, "line": line.text}) == answer(record)
            assert parse_line(line.text).text == line.text


@pytest.mark.parametrize("kind", KINDS)
def test_a_rule_on_recorded_numbers_gives_the_same_numbers(kind: str) -> None:
    for record in of_kind(kind):
        result = computed(record)
        if result is None or result.kind is None:
            continue
        inputs = tuple(record_tensor(x, result.kind.channels_last) for x in tensors(record))
        twin = result.kind.recorded()
        outputs = twin.output(inputs)
        assert [list(map(plain, x.shape)) for x in outputs] == [list(x.shape) for x in result.outputs], record["line"]
        assert [plain(w.elements) for w in twin.weights(inputs)] == [w.elements for w in result.weights]
        assert tuple(map(plain, twin.work(inputs, outputs))) == tuple(result.work), record["line"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_size_that_becomes_a_symbol_gives_the_same_numbers_once_it_is_bound(kind: str) -> None:
    for record in of_kind(kind):
        result = computed(record)
        if result is None or result.kind is None:
            continue
        for number, x in enumerate(result.inputs):
            for axis, value in enumerate(x.shape):
                if not isinstance(value, int):
                    continue
                shape = (*x.shape[:axis], symbol("q"), *x.shape[axis + 1 :])
                inputs = (*result.inputs[:number], Tensor(shape), *result.inputs[number + 1 :])
                symbolic = compute(result.kind, inputs)
                assert symbolic.status != "error", (record["line"], symbolic.message)
                bound = [tuple(bind(s, {"q": value}) for s in y.shape) for y in symbolic.outputs]
                assert bound == [y.shape for y in result.outputs], record["line"]
                assert [bind(c, {"q": value}) for c in symbolic.counts] == list(result.counts), record["line"]
