"""What ``layersheet`` with a word or none opens: the screen, or the table where no person sits at both ends."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.command import run
from tui.core.network import Line
from tui.formats.document import print_document
from tui.formats.imported import Notice
from tui.formats.presets import presets


class Screen:
    """Stands in for the screen and remembers what it was opened on."""

    def __init__(self) -> None:
        self.opened: list[tuple[Path | None, str | None]] = []
        self.said: list[tuple[str, tuple[Notice, ...]]] = []
        self.names: list[str] = []

    def run(
        self, path: Path | None, *, lines: list[Line] | None = None, name: str = "", origin: str = "",
        notices: tuple[Notice, ...] = (),
    ) -> int:  # fmt: skip
        self.opened.append((path, None if lines is None else print_document(lines)))
        self.names.append(name)
        self.said.append((origin, notices))
        return 0


@pytest.fixture
def screen(monkeypatch: pytest.MonkeyPatch) -> Screen:
    stand_in = Screen()
    monkeypatch.setattr("tui.cli.terminal.interactive", lambda: True)
    monkeypatch.setattr("tui.ui.app.run", stand_in.run)
    return stand_in


def test_without_a_terminal_the_table_of_the_worked_example_is_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Screen()
    monkeypatch.setattr("tui.ui.app.run", screen.run)
    result = run()
    assert result.exit_code == 0
    assert "48,320 + 160*n" in result.stdout
    assert result.stderr == ""
    assert run("lenet-5").stdout == run("show", "lenet-5").stdout
    assert run("-", stdin="input 4\ndense 2").stdout == run("show", "-", stdin="input 4\ndense 2").stdout
    assert screen.opened == []


def test_in_a_terminal_the_screen_opens_on_what_is_asked_for(screen: Screen, broken: str, tmp_path: Path) -> None:
    new = str(tmp_path / "new.layers")
    for args in ([], [broken], [new], ["lenet-5"]):
        result = run(*args)
        assert (result.exit_code, result.stdout) == (0, "")
    paths = [path for path, _ in screen.opened]
    assert paths == [None, Path(broken), Path(new), None]
    assert screen.names[-1] == "lenet-5"
    assert [text for _, text in screen.opened] == [None, None, None, presets()["lenet-5"].text]


def test_a_file_of_another_program_opens_as_a_copy_with_its_report(screen: Screen, tmp_path: Path) -> None:
    path = tmp_path / "small.json"
    layers = [
        {"class_name": "InputLayer", "config": {"batch_shape": [None, 4], "name": "in"}},
        {"class_name": "Mystery", "config": {"name": "odd"}},
    ]
    path.write_text(json.dumps({"class_name": "Sequential", "config": {"layers": layers}}))
    result = run(str(path))
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "")
    assert screen.opened[0][0] is None
    assert "in: input 4" in str(screen.opened[0][1])
    origin, notices = screen.said[0]
    assert (screen.names, origin) == (["small"], "small.json")
    assert ("opaque", "odd") in [(notice.grade, notice.place) for notice in notices]


def test_in_a_terminal_the_screen_stays_closed_where_it_cannot_help(screen: Screen) -> None:
    dumb = run(env={"TERM": "dumb"})
    assert "48,320 + 160*n" in dumb.stdout
    assert "TERM=dumb" in dumb.stderr
    assert run("shwo").exit_code == 2
    assert "did you mean show?" in run("shwo").stderr
    assert run("-", stdin="input 4").exit_code == 0
    assert screen.opened == []
