"""The group of all commands: what a first word means, and that the help texts are whole and right."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import pytest

from tests.cli.command import run
from tui.cli import main
from tui.core.snapshot import Snapshot
from tui.formats.document import parse_document
from tui.formats.writers import TARGETS, write

NETWORK = """\
let n = 10
let H = 32
let W = 32
let k = 3
input HxWx3
conv n kxk
conv 8 3x3
globalavgpool
dense 10
"""


def test_a_mistyped_command_is_told_from_a_file() -> None:
    result = run("shwo")
    assert result.exit_code == 2
    assert result.stderr == "layersheet: no file, preset or command is called 'shwo'; did you mean show?\n"
    assert "did you mean lenet-5" in run("lenet").stderr
    for words in (["shwo", "net.layers"], ["shwo", "net.layers", "--json"], ["shwo", "--json"]):
        assert run(*words).stderr == result.stderr


def test_more_than_one_file_needs_a_command(broken: str) -> None:
    for words in ([broken, "lenet-5"], ["lenet-5", "--json"]):
        result = run(*words)
        assert (result.exit_code, result.stdout) == (2, "")
        assert result.stderr.count("\n") == 1
        assert f"layersheet show {words[0]}" in result.stderr


def test_a_name_that_is_nothing_is_told_from_what_there_is() -> None:
    result = run("show", "zzqqxx")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "layersheet presets lists the presets" in result.stderr
    assert "layersheet --help lists the commands" in run("help").stderr
    assert "did you mean squeezenet-1.1?" in run("show", "squeezenet-1.0").stderr
    assert "cannot read missing.onnx: there is no such file" in run("show", "missing.onnx").stderr
    for words in ([""], ["show", ""]):
        assert "is called ''" in run(*words).stderr


def test_the_list_of_commands_cuts_no_sentence() -> None:
    text = run("--help").stdout
    rows = text[text.index("Commands:") :].splitlines()[1:]
    assert len(rows) == len([command for command in main.commands.values() if not command.hidden])
    assert all(re.fullmatch(r"  \w+ +[A-Z].*[^.]\.", row) for row in rows), rows


@pytest.mark.parametrize("name", [name for name, command in main.commands.items() if not command.hidden])
def test_every_command_says_what_it_does_and_how(name: str) -> None:
    text = run(name, "--help").stdout
    assert max(map(len, text.splitlines())) <= 80
    assert "For example:" in text or name == "info"
    for param in main.commands[name].params:
        assert not isinstance(param, click.Option) or (param.help or "").endswith((".", ")")), param.name


def examples() -> list[str]:
    texts = [run("--help").stdout, *(run(name, "--help").stdout for name in main.commands)]
    return [line.strip() for text in texts for line in text.splitlines() if line.startswith("    layersheet ")]


@pytest.mark.parametrize("example", examples())
def test_every_example_of_the_help_runs(example: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("XDG_STATE_HOME", raising=False)
    for name in ("net", "a", "b"):
        Path(f"{name}.layers").write_text(NETWORK)
    for name in ("model", "old", "new"):
        network = Snapshot.of(parse_document("input 3x64x64\nflatten\ndense 10\n"))
        Path(f"{name}.onnx").write_bytes(write(TARGETS["onnx"], network, name).data)
    (tmp_path / "nets").mkdir()
    words = [word for word in shlex.split(re.sub(r" >+ .*", "", example))[1:] if word]
    result = run(*words, stdin="q\n")
    if "--factory" in words:  # a class of PyTorch, which tests do without
        assert "No module named 'nets.small'" in result.stderr
        return
    assert result.exit_code in (0, 3), result.output
    assert result.stdout or "-o" in words or words[0] == "convert"
