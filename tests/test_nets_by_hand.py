"""Small networks of PyTorch and Keras written by hand in the text form, held to what the frameworks say of them.

``data/nets_by_hand/expected.jsonl`` has one network a line: for each layer with weights its name, output
shape (batch first), trainable and non-trainable parameters and MACs, and the totals, as torch 2.13.0 and
Keras 3.15.1 report them; MACs are those of ``torch.utils.flop_counter``, halved. The networks are random
ones, and the ``.layers`` files say the same in lines: forks, joins, layers with two outputs, an activation
called three times, frozen layers, repeated blocks.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tui.core.result import Result
from tui.core.snapshot import Snapshot
from tui.formats.document import parse_document, print_document

NETS = Path(__file__).parent / "data" / "nets_by_hand"
EXPECTED = [json.loads(line) for line in (NETS / "expected.jsonl").read_text("utf-8").splitlines()]
ANSWERS = pytest.mark.parametrize("expected", EXPECTED, ids=[expected["id"] for expected in EXPECTED])


def opened(name: str) -> Snapshot:
    return Snapshot.of(parse_document((NETS / f"{name}.layers").read_text("utf-8")))


def results(snapshot: Snapshot) -> list[Result]:
    return [result for result in snapshot.inference.results() if result is not None]


def counts(result: Result) -> tuple[Any, ...]:
    c = result.counts
    return (result.outputs[0].shape, c.trainable, c.non_trainable, c.macs)


def test_there_are_ten_and_one() -> None:
    assert len(EXPECTED) == 11
    assert {path.stem for path in NETS.glob("*.layers")} == {expected["id"] for expected in EXPECTED}


@ANSWERS
def test_the_totals_are_those_of_the_framework(expected: dict[str, Any]) -> None:
    totals = opened(expected["id"]).totals
    assert totals.complete
    assert (totals.trainable, totals.non_trainable) == (expected["params_trainable"], expected["params_non_trainable"])
    assert (totals.buffers, totals.macs) == (expected["buffers"], expected["macs_total"])


@ANSWERS
def test_each_layer_with_weights_is_that_of_the_framework(expected: dict[str, Any]) -> None:
    found = [counts(result) for result in results(opened(expected["id"])) if result.weights]
    answers = [(tuple(shape), *numbers) for _, shape, *numbers in expected["layers"]]
    assert sorted(found) == sorted(answers)  # a list may go through the branches in another order


@ANSWERS
def test_each_name_names_the_same_layer(expected: dict[str, Any]) -> None:
    inference = opened(expected["id"]).inference
    answers = {name: (tuple(shape), *numbers) for name, shape, *numbers in expected["layers"]}
    named = {
        line.name: counts(result)
        for line, result in zip(inference.lines, inference.results(), strict=True)
        if line.name in answers and result is not None
    }
    assert len(named) >= 2
    assert named == {name: answers[name] for name in named}


@ANSWERS
def test_what_leaves_the_network(expected: dict[str, Any]) -> None:
    inference = opened(expected["id"]).inference
    wiring = inference.wiring
    ends = [
        result.outputs[0].shape
        for row, result in enumerate(inference.results())
        if result is not None and not list(wiring.read_by(row))
    ]
    assert sorted(map(tuple, expected["outputs"])) == sorted(ends)


@ANSWERS
def test_a_net_is_canonical(expected: dict[str, Any]) -> None:
    text = (NETS / f"{expected['id']}.layers").read_text("utf-8")
    assert print_document(parse_document(text)) == text


def test_two_towers_share_their_weights() -> None:
    """A Siamese network as Keras builds it by calling one layer twice: its parameters count once, its MACs at each
    call. By hand: 8*3*3*3 + 8 = 224 and 8*10 + 10 = 90 parameters; 216*30*30 and 80 MACs a tower, 20 at the end."""
    snapshot = Snapshot.of(
        parse_document(
            "left: input 32x32x3\nconv: conv 8 3x3\nglobalavgpool\nembed: dense 10\n"
            "right: input 32x32x3\ncall conv @right\nglobalavgpool\nother: call embed\n"
            "concat @embed @other\ndense 1\n"
        )
    )
    assert snapshot.totals.params == 224 + 90 + 21
    assert snapshot.totals.macs == 2 * (216 * 30 * 30 + 80) + 20
    again = snapshot.result(snapshot.names["other"])
    assert again is not None
    assert (again.counts.params, again.counts.macs, again.outputs[0].shape) == (0, 80, (1, 10))
