"""Receptive fields, against fields measured in PyTorch and against published ones.

``data/oracle/receptive_field.jsonl`` holds chains and branching networks of which PyTorch 2.13 was
asked which inputs have a gradient; ``rf``, ``jump`` and ``start`` have one number an axis.
"""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from tui.core.field import AxisField, axis_after
from tui.core.kind import Window
from tui.core.size import symbol
from tui.core.snapshot import Snapshot
from tui.formats.document import parse_document

DATA = Path(__file__).parent.parent / "data" / "oracle" / "receptive_field.jsonl"
RECORDS = [json.loads(line) for line in DATA.read_text().splitlines()]
LARGE = 4_096
KINDS = {"Conv": "conv 1", "MaxPool": "maxpool", "AvgPool": "avgpool"}


def by_kind(kind: str) -> list[Any]:
    return [pytest.param(record, id=record["id"]) for record in RECORDS if record["kind"] == kind]


def code(layer: dict[str, Any]) -> str:
    """The line of a layer of the records; a list is one number an axis."""
    words = [KINDS[layer["kind"][:-2]]]
    for name, ours in (
        ("kernel_size", "kernel"),
        ("stride", "stride"),
        ("padding", "padding"),
        ("dilation", "dilation"),
    ):
        if name in layer["args"]:
            value = layer["args"][name]
            words.append(f"{ours}={'x'.join(map(str, value)) if isinstance(value, list) else value}")
    return " ".join(words)


def rank(layers: list[dict[str, Any]]) -> int:
    return int(layers[0]["kind"][-2])


def head(axes: int) -> list[str]:
    return [f"input {'x'.join([str(LARGE)] * axes)}x1"]


def measured(snapshot: Snapshot, row: int) -> dict[str, list[object]]:
    field = snapshot.field(row)
    assert field is not None, snapshot.lines[row].text
    return {
        "rf": [axis.size for axis in field.axes],
        "jump": [axis.jump for axis in field.axes],
        "start": [axis.start for axis in field.axes],
    }


@pytest.mark.parametrize("record", by_kind("chain"))
def test_chains(record: dict[str, Any]) -> None:
    layers = record["layers"]
    snapshot = Snapshot.of(parse_document("\n".join([*head(rank(layers)), *map(code, layers)])))
    for i in range(len(layers)):
        found = measured(snapshot, i + 1)
        assert found == {key: record[key][i] for key in ("rf", "jump", "start")}, snapshot.lines[i + 1].text


@pytest.mark.parametrize("record", by_kind("branching"))
def test_branching_networks(record: dict[str, Any]) -> None:
    text = [*head(rank(record["trunk"])), *map(code, record["trunk"])]
    text[-1] = f"block0: {text[-1]}"
    for number, paths in enumerate(record["blocks"]):
        ends = []
        for p, path in enumerate(paths):
            before = f"block{number}"
            for i, layer in enumerate(path):
                name = f"block{number}.path{p}.layer{i}"
                text.append(f"{name}: {code(layer)} @{before}")
                before = name
            ends.append(f"@{before}")
        text.append(f"block{number + 1}: add {' '.join(ends)}")
    snapshot = Snapshot.of(parse_document("\n".join(text)))
    assert measured(snapshot, len(text) - 1) == {key: record[key] for key in ("rf", "jump", "start")}


def field_of(text: str, row: int = -1) -> Any:
    snapshot = Snapshot.of(parse_document(text))
    return snapshot.field(len(snapshot.lines) + row)


def test_the_worked_example() -> None:
    # By hand, r + (k - 1)*j each: 1 + 3, 4 + 1*1, 5 + 2*2, 9 + 1*2, 11 + 2*4, 19 + 1*4, 23 + 1*8.
    text = "input 39x31x1\nconv 20 4x4\nmaxpool 2\nconv 40 3x3\nmaxpool 2\nconv 60 3x3\nmaxpool 2\nconv 80 2x2\n"
    sizes = [field_of(text, row).sizes() for row in range(-7, 0)]
    assert sizes == [(4, 4), (5, 5), (9, 9), (11, 11), (19, 19), (23, 23), (31, 31)]


def test_vgg16() -> None:
    # 212 before the last pooling's classifier: Araujo, Norris, Sim, Distill 2019.
    text = ["input 224x224x3"]
    for convs, filters in ((2, 64), (2, 128), (3, 256), (3, 512), (3, 512)):
        text += [f"conv {filters} 3 padding=1"] * convs + ["maxpool 2"]
    field = field_of("\n".join(text))
    assert field.sizes() == (212, 212)
    assert {axis.jump for axis in field.axes} == {32}


def test_alexnet_v2() -> None:
    # 195: Araujo, Norris, Sim, Distill 2019 (the network of "One weird trick", VALID stem).
    text = (
        "input 224x224x3\nconv 64 11 stride=4\nmaxpool 3 stride=2\nconv 192 5 padding=same\nmaxpool 3 stride=2\n"
        "conv 384 3 padding=same\nconv 384 3 padding=same\nconv 256 3 padding=same\nmaxpool 3 stride=2\n"
    )
    assert field_of(text).sizes() == (195, 195)


def test_what_reads_everything_reads_everything_from_there_on() -> None:
    field = field_of("input 8x6x2\nconv 3 3\nflatten\ndense 4\ndense 5\n")
    assert field.whole
    assert field.sizes() == (8, 6)


def test_branches_take_the_union() -> None:
    # A 3-wide window from -1 and a 7-wide one from 0 reach from -1 to 6: 8 positions.
    field = field_of("x: input 32x1\na: conv 1 3 padding=1 @x\nb: conv 1 7 padding=0:6 @x\nadd @a @b\n")
    assert field.axes == (AxisField(8, 1, -1),)
    assert field.aligned


def test_branches_that_step_differently_are_flagged() -> None:
    field = field_of("x: input 32x1\na: conv 1 2 stride=2 @x\nb: conv 1 17 @x\nadd @a @b\nconv 1 1\n")
    assert not field.aligned
    assert field.axes[0].jump == 2


def test_the_larger_step_is_taken_as_a_number_not_as_a_word() -> None:
    field = field_of("x: input 40x1\na: conv 1 4 stride=4 @x\nb: conv 1 10 stride=10 padding=0:60 @x\nadd @a @b\n")
    assert field.axes[0].jump == 10


def test_inputs_of_different_extents_have_no_common_field() -> None:
    assert field_of("a: input 8x1\nb: input 9x1\nconv 1 2 @b\nadd @a\n") is None


def test_symbolic_windows() -> None:
    k, s = symbol("k"), symbol("s")
    field = field_of("input 64x1\nconv 1 k stride=s\nconv 1 3\n")
    assert field.axes == (AxisField(k + 2 * s, s, 0),)


def test_half_steps_after_doubling() -> None:
    # Doubling halves the step: after it a window of 3 spans 2 steps of 1/2, so 1 + 1 positions.
    doubled = axis_after(AxisField(), Window(1, 1, 0, 2))
    assert doubled == AxisField(1, Fraction(1, 2), 0)
    wider = axis_after(doubled, Window(3, 2, 1))
    assert wider == AxisField(2, 1, Fraction(-1, 2))


@pytest.mark.parametrize("text", ["conv 1 3\n", "input 8x1\nwrong\nconv 1 3\n", "input 8x1\nconv 1 30\nconv 1 3\n"])
def test_where_there_is_no_input_there_is_no_field(text: str) -> None:
    assert field_of(text) is None


def test_a_field_follows_an_edit_above_it() -> None:
    text = "input 64x1\nconv 1 3\nconv 1 3\nconv 1 3\n"
    assert field_of(text).sizes() == (7,)
    assert field_of(text.replace("1 3", "1 5", 1)).sizes() == (9,)
