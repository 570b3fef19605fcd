"""The networks that come with the program, held to their published totals."""

from __future__ import annotations

import json
from typing import Any

import pytest
from click.testing import CliRunner

from tui.cli import main
from tui.core.snapshot import Snapshot
from tui.formats.document import parse_document, print_document
from tui.formats.presets import presets

# LeNet-5 as it is commonly built; AlexNet and VGG-16 as torchvision documents them (weights' num_params).
PUBLISHED = {"lenet-5": 61_706, "alexnet": 61_100_840, "vgg-16": 138_357_544}


def record(*args: str) -> dict[str, Any]:
    result = CliRunner().invoke(main, ["show", "--json", *args])
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


@pytest.mark.parametrize("name", sorted(PUBLISHED))
def test_the_published_total(name: str) -> None:
    assert record(name)["totals"]["params"] == PUBLISHED[name]


def test_the_worked_example_has_every_number_of_the_exercise() -> None:
    layers = record("worked-example")["layers"]
    assert [layer["outputs"][0][1:] for layer in layers] == [
        [39, 31, 1], [36, 28, 20], [18, 14, 20], [16, 12, 40], [8, 6, 40], [6, 4, 60], [3, 2, 60], [2, 1, 80],
        [160], ["n"],
    ]  # fmt: skip
    assert [layer["params"] for layer in layers if layer["params"] != 0] == [320, 7200, 21600, 19200, "160*n"]
    totals = record("worked-example")["totals"]
    assert (totals["params"], totals["macs"]) == ("48320 + 160*n", "2261760 + 160*n")
    with_bias = record("worked-example", "--bias")["totals"]
    assert with_bias["params"] == "48520 + 161*n"  # 20 + 40 + 60 + 80 + n more
    assert with_bias["macs"] == totals["macs"]


def test_receptive_fields() -> None:
    # The exercise ends at 31x31. VGG-16 sees 212 after its last pool (Araujo et al., Distill 2019).
    by_line = {layer["line"]: layer for layer in record("worked-example")["layers"]}
    assert by_line["conv 80 2x2"]["receptive_field"] == [31, 31]
    by_name = {layer["name"]: layer for layer in record("vgg-16")["layers"]}
    assert by_name["block5.pool"]["receptive_field"] == [212, 212]
    assert by_name["fc1"]["receptive_field"] == [224, 224]


def test_the_first_layers_of_lenet_as_in_the_paper() -> None:
    by_name = {layer["name"]: layer for layer in record("lenet-5")["layers"]}
    # LeCun et al. 1998, section II.B: C1 has 156 trainable parameters, C5 of 400 inputs 48,120, F6 10,164.
    assert [by_name[n]["params"] for n in ("conv1", "fc1", "fc2")] == [156, 48_120, 10_164]
    assert by_name["conv1"]["outputs"] == [[1, 28, 28, 6]]


@pytest.mark.parametrize("name", sorted(presets()))
def test_a_preset_is_canonical_and_says_where_it_comes_from(name: str) -> None:
    preset = presets()[name]
    lines = parse_document(preset.text)
    assert print_document(lines) == preset.text
    assert preset.title
    assert len(preset.source) > 20
    assert {r.status for r in Snapshot.of(lines).inference.results() if r is not None} <= {"ok", "warning"}


def test_the_list_and_the_text_of_presets() -> None:
    listed = CliRunner().invoke(main, ["presets"])
    assert listed.exit_code == 0
    assert listed.stdout.splitlines()[0].split(maxsplit=1) == [
        "worked-example", "Worked example: 48,320 + 160*n parameters"
    ]  # fmt: skip
    assert "LeNet-5: 61,706 parameters" in listed.stdout
    assert CliRunner().invoke(main, ["presets", "alexnet"]).stdout == presets()["alexnet"].text
    wrong = CliRunner().invoke(main, ["presets", "vgg16"])
    assert (wrong.exit_code, wrong.stdout) == (2, "")
    assert "did you mean vgg-16?" in wrong.stderr
