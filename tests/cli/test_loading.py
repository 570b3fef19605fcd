"""From a word on the command line to a network: stdin, files and presets, and what options say instead."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.cli.command import run


def record(text: str, *args: str) -> dict[str, Any]:
    result = run("show", "-", "--json", *args, stdin=text)
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def totals(text: str, *args: str) -> dict[str, Any]:
    found: dict[str, Any] = record(text, *args)["totals"]
    return found


def test_overrides_beat_the_file_and_leave_the_line_numbers_alone(broken: str) -> None:
    assert f"{broken}:3: error" in run("show", broken, "--set", "batch=2", "--dtype", "int8").stderr
    text = "set batch=2\ninput 8x8x3\nconv n 3x3\nbatchnorm\nflatten\ndense n\n"
    assert totals(text, "--set", "n=10")["params"] == 28 * 10 + 4 * 10 + 36 * 10 * 10 + 10
    assert totals(text, "--set", "n = 10", "--counting", "pytorch")["buffers"] == 2 * 10 + 1
    assert totals(text, "--set", "n=10", "--no-bias")["params"] == 27 * 10 + 4 * 10 + 36 * 10 * 10
    assert totals(text, "--set", "n=10", "--set", "batch=4")["macs"] == 4 * (27 * 10 * 36 + 3600)
    assert totals(text, "--set", "n=10", "--input", "5x5x3")["macs"] == 2 * (27 * 10 * 9 + 900)
    assert totals(text, "--set", "n=1", "--set", "n=10")["params"] == 28 * 10 + 4 * 10 + 36 * 10 * 10 + 10
    first = json.loads(run("show", "-", "--json", "--data-format", "channels_first", "--input", "3x8x9",
                           stdin="input 8x8x3\nconv 2 3x3").stdout)  # fmt: skip
    assert first["layers"][1]["outputs"] == [[1, 2, 6, 7]]
    assert first["settings"]["data_format"] == "channels_first"


def test_a_symbol_is_known_wherever_it_stands() -> None:
    # Three copies of 8*8 weights and 8 biases; the count of a block is the only place of k.
    assert totals("input 8\nrepeat k\n    dense 8\n", "--set", "k=3")["params"] == 3 * (8 * 8 + 8)
    # n = 2*m: six units of four weights and a bias; m stands in a binding alone.
    assert totals("let n = 2*m\ninput 4\ndense n\n", "--set", "m=3")["params"] == 6 * 5
    assert record("let n = 2*m\ninput 4\ndense n\n")["symbols"] == {"n": "2*m", "m": None}
    assert totals("set batch=b\ninput 4\ndense 5\n", "--set", "b=7")["macs"] == 7 * 4 * 5
    assert totals("input 4\ndense n\n", "--set", "n=2*k+1")["params"] == "5 + 10*k"


def test_a_symbol_that_is_called_like_a_setting_is_meant_too() -> None:
    found = record("input 4\ndense batch", "--set", "batch=3")
    assert found["settings"]["batch"] == 3
    assert found["totals"]["params"] == 3 * 5
    assert totals("input 4\ndense bias", "--set", "bias=3")["params"] == 3 * 5
    assert totals("input 4\ndense bias", "--set", "bias=false")["params"] == "4*bias"


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["--set", "m=3"], "no such symbol; its symbols: n"),
        (["--set", "n"], "--set n: write a symbol or setting and its value"),
        (["--set", "n="], "--set n=: write a symbol or setting and its value"),
        (["--set", "=3"], "--set =3: write a symbol or setting and its value"),
        (["--set", "n=2+"], "ends too early"),
        (["--set", "n=1e3"], "a value is a whole number or made of some, such as n=10"),
        (["--set", "n=" + "9" * 1000], "10**18"),
        (["--set", "batch=0"], "at least 1"),
        (["--set", "n=3\ndense 9"], "control character"),
        (["--dtype", "float33"], "--dtype float33: 'float33' is not"),
        (["--counting", "torhc"], "--counting torhc: 'torhc' is not"),
        (["--data-format", "last"], "--data-format last: "),
        (["--input", "3y4"], "--input 3y4"),
        (["--format", "xml"], "'xml' is not one of"),
        (["--frmat", "csv"], "--format"),
    ],
)
def test_a_wrong_option_is_a_usage_error(args: list[str], said: str) -> None:
    result = run("show", "worked-example", *args)
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr


def test_json_on_stdin_needs_no_option() -> None:
    own = run("show", "worked-example", "--json").stdout
    assert "48,320 + 160*n" in run("show", "-", stdin=own).stdout
    keras = {"class_name": "Sequential", "config": {"layers": [
        {"class_name": "InputLayer", "config": {"batch_shape": [None, 4], "name": "in"}},
        {"class_name": "Dense", "config": {"name": "out", "units": 3}},
    ]}}  # fmt: skip
    assert totals(json.dumps(keras))["params"] == 4 * 3 + 3


def test_stdin_is_read_up_to_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "input 4\ndense 3\n"
    monkeypatch.setattr("tui.cli.loading.MAX_BYTES", len(text))
    assert totals(text)["params"] == 4 * 3 + 3
    result = run("show", "-", stdin=f"{text}\n")
    assert result.exit_code == 2
    assert "stdin has more than 16 bytes, the most that is read" in result.stderr
