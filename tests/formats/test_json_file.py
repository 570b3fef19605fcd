"""JSON files: our own record read back, records that hold no network, and everything else left to Keras's reader."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.core.errors import FileError
from tui.core.snapshot import Snapshot
from tui.formats.document import parse_document, print_document
from tui.formats.imported import Imported
from tui.formats.json_file import read_json
from tui.formats.presets import presets
from tui.formats.record import as_json, record


def written(text: str) -> bytes:
    return as_json(Snapshot.of(parse_document(text)), "net").encode()


def again(text: str) -> Imported:
    return read_json(written(text), "net.json")


def numbers(found: dict[str, Any]) -> list[Any]:
    """The layers of a record without their lines, which may have other names, and its totals."""
    return [{**layer, "line": ""} for layer in found["layers"]] + [found["totals"], found["settings"]]


@pytest.mark.parametrize(
    ("name", "params"),
    [
        # The published totals of torchvision and of LeCun's paper; the others are those of the same networks in
        # Keras and PyTorch that the presets are tested against.
        ("lenet-5", 61_706), ("alexnet", 61_100_840), ("vgg-16", 138_357_544), ("resnet-18", 11_689_512),
        ("resnet-50", 25_557_032), ("mobilenet-v2", 3_504_872),
    ],
)  # fmt: skip
def test_published_totals_outlive_the_way_there_and_back(name: str, params: int) -> None:
    made = again(presets()[name].text)
    assert Snapshot.of(made.lines).totals.params == params
    assert made.notices == ()


@pytest.mark.parametrize("name", [name for name in presets() if name != "gpt-blocks"])
def test_every_preset_has_the_same_numbers_afterwards(name: str) -> None:
    text = presets()[name].text
    before = record(Snapshot.of(parse_document(text)), "net")
    assert numbers(record(Snapshot.of(again(text).lines), "net")) == numbers(before)


def test_what_is_said_of_the_whole_network_comes_back() -> None:
    text = "set batch=b dtype=int8 bias=false\nlet n = 2*k\nbudget params=1k device=esp32\ninput 4x4x3\nconv n 3\n"
    lines = print_document(again(text).lines).splitlines()
    assert lines[0] == "set batch=b dtype=int8 bias=false"
    assert "let n = 2*k" in lines
    assert "budget params=1k device=esp32" in lines
    assert lines[-2:] == ["input 4x4x3", "conv n 3"]


def test_sources_and_names_are_those_of_the_record() -> None:
    text = "input 8\na: dense 8\nrelu\nrepeat 2 block\n    skip: identity\n    dense 8\n    add @skip\nconcat @a\n"
    lines = print_document(again(text).lines).splitlines()
    assert lines[:3] == ["input 8", "a: dense 8", "relu"]
    assert lines[3:6] == ["block.0.skip: identity", "dense 8", "add @block.0.skip"]
    assert Snapshot.of(again(text).lines).totals.params == 3 * (8 * 8 + 8)


def test_errors_keep_their_lines() -> None:
    made = again("input 8\nconcat @nobody @input1\ncnv 3\ndense 2\n")
    assert [line.text for line in made.lines] == ["input 8", "concat @nobody @input1", "cnv 3", "dense 2"]


def test_a_block_with_a_symbol_for_its_count_is_told_to_differ() -> None:
    made = again("input 8\nrepeat k block\n    dense 8\n")
    assert [notice.grade for notice in made.notices] == ["differs"]
    assert "count of a block" in made.notices[0].text


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('{"schema": 1, "unknown": "n", "value": 3}', "layersheet solve --json writes"),
        ('{"schema": 1, "combinations": 3, "points": []}', "layersheet sweep --json writes"),
        ('{"schema": 1, "differs": false, "layers": [], "totals": {}}', "layersheet compare --json writes"),
        ('{"schema": 7, "layers": [], "totals": {}}', "has schema 7, and 1 is read"),
        ('{"schema": 1, "a": 1}\n{"schema": 1, "a": 1}\n', "results of 2 networks, one a line; keep one of them"),
        ('{"schema": 1, "a"', "not JSON that can be read"),
        ('{"schema": 1}', "no Keras model"),
        ('{"layers": 3}', "no Keras model"),
        ('["schema"]', "no Keras model"),
    ],
)
def test_what_holds_no_network_is_named(text: str, reason: str) -> None:
    with pytest.raises(FileError, match=reason) as caught:
        read_json(text.encode(), "out.json")
    assert "out.json" in caught.value.message


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.floats(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["name", "line", "inputs"]), inner),
    max_leaves=8,
)
RECORDS = st.fixed_dictionaries(
    {
        "schema": st.just(1),
        "totals": VALUES,
        "layers": st.lists(
            st.fixed_dictionaries(
                {}, optional=dict.fromkeys(("name", "line", "inputs", "status", "outputs", "params"), VALUES)
            ),
            max_size=4,
        ),
    },
    optional={"settings": VALUES, "symbols": VALUES, "budgets": VALUES, "name": VALUES},
)


@given(RECORDS)
def test_a_record_of_anything_is_lines_or_one_error(value: object) -> None:
    with suppress(FileError):
        made = read_json(json.dumps(value).encode(), "odd.json")
        assert print_document(made.lines).count("\n") == len(made.lines)
