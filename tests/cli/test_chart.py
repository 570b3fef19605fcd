"""The command that charts a network."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from xml.etree import ElementTree

import pytest
from rich.cells import cell_len

from tests.cli import command

BROKEN = "input 8x8x3\ncnv 4 3x3\n층: dense 2\n"

run = partial(command.run, "chart")


def test_shares_of_the_worked_example() -> None:
    result = run("worked-example", "--set", "n=10", "--metric", "macs", "--ascii", "--width", "60")
    assert (result.exit_code, result.stderr) == (0, "")
    # 1,382,400 of 2,263,360 MACs are 61.08 %
    (line,) = [line for line in result.stdout.splitlines() if "conv 40" in line]
    assert line.split()[-2:] == ["1,382,400", "61.1%"]
    assert result.stdout.isascii()
    assert result.stdout.startswith("multiply-accumulates by layer: 2,263,360 in all\n")


@pytest.mark.parametrize("width", [20, 40, 80, 200])
@pytest.mark.parametrize("by", ["layer", "group", "kind"])
def test_lines_are_never_wider_than_asked(width: int, by: str) -> None:
    lines = run("resnet-18", "--by", by, "--width", str(width)).stdout.splitlines()
    assert max(map(cell_len, lines[1:])) <= width


def test_svg_goes_into_a_file_or_to_stdout(tmp_path: Path) -> None:
    out = tmp_path / "net.svg"
    result = run("lenet-5", "-o", str(out))
    assert (result.exit_code, result.stdout) == (0, "")
    ElementTree.fromstring(out.read_text("utf-8"))
    assert run("lenet-5", "-o", "-").stdout == out.read_text("utf-8")
    wrong = run("lenet-5", "-o", "net.png")
    assert wrong.exit_code == 2
    assert "give a name that ends in .svg" in wrong.stderr


def test_what_there_is_not() -> None:
    assert "no chart shows 'mac'; did you mean macs?" in run("lenet-5", "--metric", "mac").stderr
    result = run("lenet-5", "--metric", "field", "--by", "kind")
    assert result.exit_code == 2
    assert "chart it by layer" in result.stderr


def test_errors_are_charted_and_said() -> None:
    result = run("-", stdin=BROKEN)
    assert result.exit_code == 1
    assert "! no layer kind is called 'cnv'" in result.stdout
    assert "did you mean conv" in result.stderr
    assert run("-", "--ascii", stdin=BROKEN).stdout.isascii()
