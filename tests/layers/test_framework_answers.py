"""The layers without windows against what the frameworks answered.

``tests/data/layer_answers.jsonl`` holds single layers with random arguments as PyTorch 2.13.0, Keras
3.15.1 and ONNX Runtime 1.32.0 computed or refused them, and node tests of the ONNX project (Apache-2.0):
the layer as a line in the framework's own names, its whole input and output shapes, the elements of its
weights and buffers, and the MACs that torch's FLOP counter gave (halved). A text in a shape is a symbol,
where Keras had a free dimension. Without ``data_format`` the channels come first.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.layers.building import layer
from tui.core.kind import record_tensor
from tui.core.result import Result, compute
from tui.core.size import Size, bind, symbol
from tui.core.tensor import Tensor, Tensors
from tui.core.working import plain
from tui.formats.line import parse_line

RECORDS: list[dict[str, Any]] = [
    json.loads(line)
    for line in (Path(__file__).parents[1] / "data" / "layer_answers.jsonl").read_text(encoding="utf-8").splitlines()
]
KINDS = sorted({record["from"] for record in RECORDS})
COUNTING = {"PyTorch": "pytorch", "Keras": "keras", "ONNX": "onnx"}
KEYS = ("refused", "outputs", "params", "trainable", "non_trainable", "buffers", "macs")


def size(value: int | str) -> Size:
    return symbol(value) if isinstance(value, str) else value


def tensors(record: dict[str, Any]) -> Tensors:
    return tuple(Tensor(tuple(map(size, shape))) for shape in record["inputs"])


def computed(record: dict[str, Any]) -> Result | None:
    """The result of the record's line, None where it does not read."""
    if parse_line(record["line"]).error is not None:
        return None
    made = layer(record["line"], record.get("data_format", "channels_first"))
    made.settings = made.settings._replace(counting=COUNTING[record["from"].split()[0]])
    return compute(made, tensors(record))


def answer(record: dict[str, Any]) -> dict[str, Any]:
    """What the line gives, in the terms of the record; a refusal may be a remark that names the framework."""
    result = computed(record)
    framework = record["from"].split()[0]
    if result is None or result.status == "error" or ("refused" in record and framework in (result.message or "")):
        return {"refused": True}
    shapes = [[s if isinstance(s, int) else str(s) for s in tensor.shape] for tensor in result.outputs]
    counts = {key: getattr(result.counts, key) for key in KEYS[2:]}
    return {"outputs": shapes} | {key: value for key, value in counts.items() if key in record}


@pytest.mark.parametrize("kind", KINDS)
def test_every_layer_is_answered_as_the_framework_does(kind: str) -> None:
    records = [record for record in RECORDS if record["from"] == kind]
    expected = [{key: record[key] for key in KEYS if key in record} for record in records]
    assert [answer(record) for record in records] == expected


def test_the_file_holds_what_is_said_of_it() -> None:
    assert {record["from"].split()[0] for record in RECORDS} == set(COUNTING)
    assert len(RECORDS) > 350
    assert sum("refused" in record for record in RECORDS) > 20


@pytest.mark.parametrize("kind", KINDS)
def test_a_rule_on_recorded_numbers_gives_the_same_numbers(kind: str) -> None:
    """The explanation is the rule itself: run on numbers that keep their arithmetic it must not differ."""
    for record in RECORDS:
        result = computed(record) if record["from"] == kind else None
        if result is None or result.kind is None:
            continue
        inputs = tuple(record_tensor(x, result.kind.channels_last) for x in tensors(record))
        twin = result.kind.recorded()
        outputs = twin.output(inputs)
        work = twin.work(inputs, outputs)
        assert [list(map(plain, x.shape)) for x in outputs] == [list(x.shape) for x in result.outputs], record["line"]
        assert [plain(w.elements) for w in twin.weights(inputs)] == [w.elements for w in result.weights]
        assert tuple(map(plain, work)) == tuple(result.work), record["line"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_size_that_becomes_a_symbol_gives_the_same_numbers_once_it_is_bound(kind: str) -> None:
    for record in RECORDS:
        result = computed(record) if record["from"] == kind else None
        if result is None or result.kind is None or kind == "ONNX GatherND":  # there a size decides the axes
            continue
        for number, x in enumerate(result.inputs):
            for axis, value in enumerate(x.shape):
                if not isinstance(value, int) or value < 1:
                    continue
                shape = (*x.shape[:axis], symbol("q"), *x.shape[axis + 1 :])
                inputs = (*result.inputs[:number], Tensor(shape), *result.inputs[number + 1 :])
                symbolic = compute(result.kind, inputs)
                assert symbolic.status != "error", (record["line"], symbolic.message)
                bound = [tuple(bind(s, {"q": value}) for s in y.shape) for y in symbolic.outputs]
                assert bound == [y.shape for y in result.outputs], record["line"]
                assert [bind(c, {"q": value}) for c in symbolic.counts] == list(result.counts), record["line"]
