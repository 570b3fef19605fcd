"""The command that draws a network."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner
from rich.cells import cell_len

from tests.cli import command
from tui.cli import main

BROKEN = "input 8x8x3\ncnv 4 3x3\n층: dense 2\n"

run = partial(command.run, "diagram")


def test_a_network_is_drawn_in_characters() -> None:
    result = run("worked-example", "--set", "n=10")
    assert (result.exit_code, result.stderr) == (0, "")
    assert "▼" in result.stdout
    assert "36x28x20" in result.stdout
    assert result.stdout.endswith("worked-example\n49,920 parameters, 2,263,360 MACs\n")  # 48,320 + 160*10 and so on


@pytest.mark.parametrize("width", [20, 40, 80])
def test_lines_are_never_wider_than_asked(width: int) -> None:
    lines = run("vgg-16", "--width", str(width)).stdout.splitlines()
    assert max(map(cell_len, lines)) <= width


def test_ascii_by_option_by_environment_and_by_encoding() -> None:
    plain = run("-", "--ascii", stdin=BROKEN).stdout
    assert plain.isascii()
    assert "\\uce35: dense 2" in plain
    assert run("-", stdin=BROKEN, env={"LAYERSHEET_ASCII": "1"}).stdout == plain
    assert not run("-", stdin=BROKEN).stdout.isascii()
    latin = CliRunner(charset="latin-1").invoke(main, ["diagram", "lenet-5"], env={"LAYERSHEET_ASCII": None})
    assert latin.stdout_bytes.isascii()


def test_colours_only_where_they_are_wanted() -> None:
    assert "\x1b[" not in run("-", stdin=BROKEN).stdout
    assert "\x1b[31m" in run("-", "--color", "always", stdin=BROKEN).stdout


def test_errors_are_drawn_and_said() -> None:
    result = run("-", stdin=BROKEN)
    assert result.exit_code == 1
    assert "! error" in result.stdout
    assert "did you mean conv" in result.stderr


def test_svg_goes_into_a_file_or_to_stdout(tmp_path: Path) -> None:
    out = tmp_path / "net.svg"
    result = run("lenet-5", "-o", str(out))
    assert (result.exit_code, result.stdout) == (0, "")
    written = out.read_text("utf-8")
    assert ElementTree.fromstring(written).tag.endswith("svg")
    assert run("lenet-5", "-o", "-").stdout == written


def test_what_cannot_be_written_is_refused(tmp_path: Path) -> None:
    other = run("lenet-5", "-o", "net.png")
    assert (other.exit_code, other.stdout) == (2, "")
    assert "ends in .svg" in other.stderr
    missing = run("lenet-5", "-o", str(tmp_path / "no" / "net.svg"))
    assert missing.exit_code == 2
    assert "cannot write" in missing.stderr
    assert run("lenet-5", "--width", "5").exit_code == 2
