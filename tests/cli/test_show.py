"""``layersheet show``: what goes to stdout and what to stderr, in every format, of one file and of several."""

from __future__ import annotations

import csv
import json

import pytest

from tests.cli.command import run


def test_several_files_are_one_object_a_line_and_a_missing_one_stops_none(broken: str) -> None:
    result = run("show", "--json", "lenet-5", "missing.layers", broken, "alexnet")
    assert result.exit_code == 2
    assert [json.loads(line)["name"] for line in result.stdout.splitlines()] == ["lenet-5", "net", "alexnet"]
    assert "cannot read missing.layers: there is no such file" in result.stderr
    for fmt in ("table", "csv", "md", "tex"):
        assert run("show", "lenet-5", "alexnet", "--format", fmt).exit_code == 0


def test_several_files_are_one_csv_with_a_column_that_tells_them_apart() -> None:
    result = run("show", "missing", "lenet-5", "alexnet", "--format", "csv")
    rows = list(csv.DictReader(result.stdout.splitlines()))
    assert [row["network"] for row in rows] == ["lenet-5"] * 14 + ["alexnet"] * 23
    # LeNet-5 has 61,706 parameters, AlexNet 61,100,840.
    assert sum(int(row["params"]) for row in rows) == 61_706 + 61_100_840
    assert "network" not in run("show", "lenet-5", "--format", "csv").stdout


def test_operations_have_their_columns_on_demand_and_in_csv() -> None:
    """conv 2 3x3 on 4x4x1: 2*2*2 outputs of 9 products each, a bias added to each output."""
    text = "input 4x4x1\nconv 2 3x3"
    shown = run("show", "-", "--columns", "operations", stdin=text).stdout.splitlines()
    assert shown[0].split() == ["#", "layer", "out", "MACs", "FLOPs", "elem-wise", "RF"]
    assert shown[2].split()[-4:] == ["72", "144", "8", "3"]
    assert "element-wise operations: 8 (not among the FLOPs)" in shown
    head, _, row = run("show", "-", "--format", "csv", stdin=text).stdout.splitlines()
    cells = dict(zip(head.split(","), row.split(","), strict=True))
    assert [cells[key] for key in ("params", "macs", "flops", "elementwise", "weight_bytes")] == [
        "20", "72", "144", "8", "80",
    ]  # fmt: skip


def test_stdin_is_read_once() -> None:
    result = run("show", "-", "lenet-5", "-", stdin="input 4")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "- is given twice" in result.stderr


def test_an_option_that_does_not_fit_one_of_several_files_stops_none() -> None:
    result = run("show", "--json", "lenet-5", "worked-example", "alexnet", "--set", "n=10")
    assert result.exit_code == 2
    (only,) = result.stdout.splitlines()
    assert json.loads(only)["totals"]["params"] == 48_320 + 160 * 10
    assert result.stderr.count("has no such symbol") == 2


def test_the_text_of_the_layers_gives_way_in_a_narrow_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui.cli.terminal.width", lambda *_: 60)
    lines = run("show", "vgg-16").stdout.splitlines()
    assert "…" in lines[2]
    # The numbers stay whole: 3*3*3*64 + 64 parameters, 27*64*224*224 MACs, 64*224*224 outputs of 4 bytes.
    assert lines[2].split()[-4:] == ["1,792", "86,704,128", "12,845,056", "3"]
