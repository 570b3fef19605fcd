"""The command that compares two networks."""

from __future__ import annotations

import csv
import io
import json
from functools import partial
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.cli import command
from tui.cli import main

LENET = "input 28x28x1\nconv 6 5x5 padding=2\ntanh\navgpool 2\nconv 16 5x5\ntanh\navgpool 2\nflatten\ndense 120\n"
SMALL = LENET.replace("5x5", "3x3")

run = partial(command.run, "compare")


@pytest.fixture
def files(tmp_path: Path) -> tuple[str, str]:
    for name, text in (("old", LENET), ("new", SMALL)):
        (tmp_path / f"{name}.layers").write_text(text)
    return str(tmp_path / "old.layers"), str(tmp_path / "new.layers")


def cells(result: Result, title: str) -> list[str]:
    (line,) = [line for line in result.stdout.splitlines() if line.startswith(title)]
    return line.removeprefix(title).split()


def test_published_totals() -> None:
    # Keras and torchvision: VGG-16 138,357,544 and AlexNet 61,100,840 parameters.
    result = run("vgg-16", "alexnet")
    assert result.exit_code == 0
    assert result.stdout.startswith("A: vgg-16\nB: alexnet\n")
    # -77,256,704 of 138,357,544 are 55.84 %
    assert cells(result, "parameters") == ["138,357,544", "61,100,840", "-77,256,704", "-55.8%"]
    assert cells(result, "weights, B") == ["553,430,176", "244,403,360", "-309,026,816", "-55.8%"]


def test_the_worked_example_with_and_without_bias() -> None:
    result = run("worked-example", "worked-example", "--set-b", "bias=true")
    assert "A: worked-example\nB: worked-example with bias=true\n" in result.stdout
    # 20 + 40 + 60 + 80 + n biases
    line = next(line for line in result.stdout.splitlines() if line.startswith("parameters"))
    assert [*filter(None, map(str.strip, line.split("  ")))] == [
        "parameters", "48,320 + 160*n", "48,520 + 161*n", "+200 + n",
    ]  # fmt: skip
    assert "bias: false -> true" in result.stdout
    assert "layers: 5 with other numbers, 5 the same" in result.stdout


def test_both_sides_of_a_changed_layer_with_the_difference(files: tuple[str, str]) -> None:
    lines = run(*files).stdout.splitlines()
    at = next(i for i, line in enumerate(lines) if line.startswith("~"))
    old, new, change = lines[at : at + 3]
    # 5*5*6 + 6 and 3*3*6 + 6; 28*28*6*25 and 30*30*6*9
    assert old.split() == ["~", "A", "1", "conv", "6", "5x5", "padding=2", "28x28x6", "156", "117,600", "18,816", "5"]
    assert new.split() == ["~", "B", "1", "conv", "6", "3x3", "padding=2", "30x30x6", "60", "48,600", "21,600", "3"]
    assert change.split() == [
        "B-A", "+2x+2x0", "+14.8%", "-96", "-61.5%", "-69,000", "-58.7%", "+2,784", "+14.8%", "-2", "-40.0%",
    ]  # fmt: skip
    assert lines[-1].startswith("~ changed")


def test_only_changes_counts_what_it_leaves_out(files: tuple[str, str]) -> None:
    lines = run(*files, "--only-changes").stdout.splitlines()
    assert "    ... 1 layer the same" in lines
    assert not [line for line in lines if line.startswith("= ")]
    everything = run(*files, "--all").stdout
    assert everything == run(*files).stdout
    assert "    ..." not in everything


def test_signs_of_layers_put_in_and_taken_away() -> None:
    result = run("-", "lenet-5", stdin="input 28x28x1\ndropout 0.5\nconv 6 5x5 padding=2\n")
    assert [line.split()[:2] for line in result.stdout.splitlines() if line[:2] in ("+ ", "- ")][:2] == [
        ["-", "A"], ["+", "B"],
    ]  # fmt: skip


def test_json_has_every_layer_once(files: tuple[str, str]) -> None:
    record = json.loads(run(*files, "--json").stdout)
    assert record["schema"] == 1
    assert record["differs"] is True
    assert (record["a"]["name"], record["b"]["name"]) == ("old", "new")
    assert [layer["a"]["number"] for layer in record["layers"]] == list(range(9))
    assert record["counts"] == {
        "same": 1, "follows": 6, "changed": 2, "added": 0, "removed": 0, "moved": 0, "renamed": 0,
    }  # fmt: skip
    conv = record["layers"][1]
    assert conv["change"] == "changed"
    assert conv["reasons"] == ["arguments"]
    assert conv["a"]["line"] == "conv 6 5x5 padding=2"
    assert (conv["a"]["params"], conv["b"]["params"], conv["delta"]["params"]) == (156, 60, -96)
    assert conv["percent"]["params"] == pytest.approx(-9600 / 156)
    assert conv["delta"]["outputs"] == [[0, 2, 2, 0]]
    assert conv["delta"]["receptive_field"] == [-2, -2]
    assert sum(layer["delta"]["params"] for layer in record["layers"]) == record["totals"]["params"]["delta"]


def test_differences_of_layers_add_up_to_that_of_the_totals() -> None:
    record = json.loads(run("vgg-16", "alexnet", "--json").stdout)
    for key in ("params", "trainable", "macs"):
        assert sum(layer["delta"][key] for layer in record["layers"]) == record["totals"][key]["delta"]
    # 60,965,000 - 138,... by the published totals
    assert record["totals"]["params"] == {
        "a": 138_357_544, "b": 61_100_840, "delta": -77_256_704, "percent": pytest.approx(-7_725_670_400 / 138_357_544),
    }  # fmt: skip
    added = next(layer for layer in record["layers"] if layer["change"] == "added")
    assert added["a"] is None
    assert added["delta"]["outputs"] is None


def test_json_of_symbols() -> None:
    record = json.loads(run("worked-example", "worked-example", "--set-b", "bias=true", "--json").stdout)
    assert record["totals"]["params"] == {
        "a": "48320 + 160*n", "b": "48520 + 161*n", "delta": "200 + n", "percent": None,
    }  # fmt: skip
    assert record["totals"]["macs"]["delta"] == 0
    assert record["settings"] == {"bias": {"a": False, "b": True}}
    # The last layer goes from 160*n to 161*n: 0.625 % for every n.
    assert record["layers"][-1]["percent"]["params"] == 0.625
    bound = json.loads(run("worked-example", "worked-example", "--set-b", "n=10", "--json").stdout)
    assert bound["symbols"] == {"n": {"a": None, "b": 10}}


def test_only_changes_in_the_files(files: tuple[str, str]) -> None:
    record = json.loads(run(*files, "--json", "--only-changes").stdout)
    assert [layer["change"] for layer in record["layers"]].count("same") == 0
    rows = list(csv.DictReader(io.StringIO(run(*files, "--format", "csv", "--only-changes").stdout)))
    assert len(rows) == len(record["layers"]) == 8


def test_csv(files: tuple[str, str]) -> None:
    rows = list(csv.DictReader(io.StringIO(run(*files, "--format", "csv").stdout)))
    assert [row["change"] for row in rows].count("changed") == 2
    conv = rows[1]
    assert [conv[f"params_{part}"] for part in ("a", "b", "delta", "percent")] == ["156", "60", "-96", "-61.5"]
    assert (conv["macs_a"], conv["macs_b"], conv["macs_delta"]) == ("117600", "48600", "-69000")
    assert (conv["out_a"], conv["out_b"]) == ("28x28x6", "30x30x6")


def test_markdown(files: tuple[str, str]) -> None:
    shown = run(*files, "--format", "md").stdout
    assert shown.startswith("# old and new\n")
    assert "156 -\\> 60 (-96, -61.5%)" in shown
    tables = [line for line in shown.splitlines() if line.startswith("| ")]
    assert {line.count(" |") for line in tables if "`" in line} == {10}


def test_exit_codes(files: tuple[str, str], tmp_path: Path) -> None:
    assert run(*files).exit_code == 0
    assert run(*files, "--fail-on-difference").exit_code == 1
    assert run(files[0], files[0], "--fail-on-difference").exit_code == 0
    assert run("lenet-5", "-", "--fail-on-difference", stdin=LENET).exit_code == 1
    broken = tmp_path / "broken.layers"
    broken.write_text("input 8\ncnv 3\n")
    result = run(files[0], str(broken))
    assert result.exit_code == 1
    assert "no layer kind is called 'cnv'" in result.stderr
    assert "B has layers without numbers" in result.stdout
    missing = run(files[0], "nothing-there")
    assert missing.exit_code == 2
    assert "no file or preset is called 'nothing-there'" in missing.stderr
    assert run(files[0]).exit_code == 2


def test_names_alone_are_no_difference(tmp_path: Path) -> None:
    text = "input 8\nfirst: dense 4\n"
    (tmp_path / "a.layers").write_text(text)
    result = run(str(tmp_path / "a.layers"), "-", "--fail-on-difference", stdin=text.replace("first", "other"))
    assert result.exit_code == 0
    assert "2 the same, 1 under another name" in result.stdout


def test_stdin_can_be_one_side_only() -> None:
    result = run("-", "-", stdin="input 8")
    assert result.exit_code == 2
    assert "stdin can be only one of them" in result.stderr


def test_overrides_are_for_both_and_symbols_for_whoever_has_them() -> None:
    result = run("worked-example", "lenet-5", "--set", "n=10", "--json")
    assert result.exit_code == 0
    assert json.loads(result.stdout)["totals"]["params"]["a"] == 49_920  # 48,320 + 160*10
    assert json.loads(run("lenet-5", "lenet-5", "--dtype", "int8", "--json").stdout)["settings"] == {}
    neither = run("worked-example", "lenet-5", "--set", "q=3")
    assert neither.exit_code == 2
    assert "--set q" in neither.stderr
    other = run("lenet-5", "lenet-5", "--set-b", "dtype=int8", "--json")
    # 61,706 weights of 1 byte for 4
    totals = json.loads(other.stdout)["totals"]["weight_bytes"]
    assert (totals["a"], totals["b"], totals["percent"]) == (246_824, 61_706, -75)


def test_a_file_of_another_program(tmp_path: Path) -> None:
    source = tmp_path / "net.py"
    source.write_text(
        "import torch.nn as nn\n"
        "model = nn.Sequential(nn.Conv2d(1, 6, 5, padding=2), nn.Tanh(), nn.AvgPool2d(2), nn.Conv2d(6, 16, 5))\n"
    )
    record = json.loads(run("-", str(source), "--input", "1x28x28", "--json",
                            stdin="set data_format=channels_first\ninput 1x28x28\nconv 6 5x5 padding=2\ntanh\n"
                                  "avgpool 2\nconv 16 5x5\n").stdout)  # fmt: skip
    assert [layer["change"] for layer in record["layers"]] == ["same"] * 5


def test_names_and_lines_of_a_file_reach_no_terminal(tmp_path: Path) -> None:
    path = tmp_path / "net.layers"
    path.write_text("input 8\ndense 4 \x1b[31m\n")
    for fmt in ("table", "csv", "md", "json"):
        said = run(str(path), "lenet-5", "--format", fmt).output
        assert "\\x1b[31m" in said
        assert "\x1b" not in said


def test_colours_are_signs_too(files: tuple[str, str]) -> None:
    coloured = run(*files, "--color", "always").stdout
    assert "\x1b[33m~" in coloured


def test_it_is_listed_with_the_other_commands() -> None:
    assert "compare" in CliRunner().invoke(main, ["--help"]).stdout
