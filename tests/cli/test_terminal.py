"""What the streams are: colours by flag, environment and terminal, and how wide lines may be."""

from __future__ import annotations

import io
from pathlib import Path

import click
import pytest

from tests.cli.command import run
from tui.cli import terminal


def test_colours_go_by_flag_then_environment() -> None:
    assert "\x1b[" not in run("show", "lenet-5").stdout
    assert "\x1b[1m" in run("show", "lenet-5", "--color", "always").stdout
    assert "\x1b[1m" in run("--color", "always", "show", "lenet-5").stdout
    assert "\x1b[1m" in run("show", "lenet-5", env={"FORCE_COLOR": "1"}).stdout
    assert "\x1b[" not in run("show", "lenet-5", env={"FORCE_COLOR": "0"}).stdout
    assert "\x1b[" not in run("show", "lenet-5", env={"FORCE_COLOR": "1", "NO_COLOR": "1"}).stdout
    assert "\x1b[" not in run("show", "lenet-5", "--color", "never", env={"FORCE_COLOR": "1"}).stdout
    assert "\x1b[31m" in run("show", "-", "--color", "always", stdin="cnv").stderr


def test_lines_are_wrapped_below_their_text(monkeypatch: pytest.MonkeyPatch) -> None:
    line = "name  a text of several words"
    assert terminal.wrapped(line, 6) == f"{line}\n"  # no terminal: one line, whatever its length
    monkeypatch.setattr(terminal, "width", lambda *_: 26)
    assert terminal.wrapped(line, 6) == "name  a text of several\n      words\n"


def test_the_file_that_is_read_is_known_by_any_of_its_names(tmp_path: Path) -> None:
    path = tmp_path / "net.txt"
    path.write_text("input 4")
    (tmp_path / "link.txt").symlink_to(path)
    assert terminal.is_read(str(path), str(tmp_path / "link.txt"))
    assert not terminal.is_read(str(path), str(tmp_path / "other.txt"))
    assert not terminal.is_read("-", "-")
    assert not terminal.is_read("lenet-5", str(path))


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("stream", "environment", "colours"),
    [
        (Terminal(), {"TERM": "xterm"}, True),
        (Terminal(), {"TERM": "dumb"}, False),
        (io.StringIO(), {"TERM": "xterm"}, False),
        (Terminal(), {"TERM": "xterm", "NO_COLOR": "1"}, False),  # no-color.org
        (io.StringIO(), {"TERM": "dumb", "FORCE_COLOR": "1"}, True),
        (Terminal(), {"TERM": "xterm", "FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
    ],
)
def test_a_terminal_that_shows_them_gets_colours(
    stream: io.StringIO, environment: dict[str, str], colours: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("TERM", "NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    for name, word in environment.items():
        monkeypatch.setenv(name, word)
    with click.Context(click.Command("show")):
        assert terminal.wants_color(stream) is colours
