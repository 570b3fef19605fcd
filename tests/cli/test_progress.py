"""The bar on stderr: only where somebody sees it, only where it takes long, and gone at the end."""

from __future__ import annotations

import io
import sys
from collections.abc import Generator
from itertools import count
from typing import NamedTuple

import pytest

from tui.cli.progress import PATIENCE, Bar, followed


class Step(NamedTuple):
    done: int
    total: int


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> Screen:
    """A terminal for stderr, and a clock that goes on by a second each time it is read."""
    clock = count()
    monkeypatch.setattr("tui.cli.progress.time.monotonic", lambda: float(next(clock)))
    return Screen()


def steps() -> Generator[Step, None, str]:
    for done in (1, 2, 3):
        yield Step(done, 4)
    return "made"


def test_a_terminal_sees_how_far_it_is_and_then_nothing(shown: Screen, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", shown)
    assert followed(steps()) == "made"
    pieces = shown.getvalue().split("\r")
    # 2 of 4 fills half of the 30 cells
    assert f"[{'#' * 15}{' ' * 15}] 2 of 4; Ctrl+C stops\x1b[K" in pieces
    assert pieces[-1] == "\x1b[K"


def test_what_is_quick_shows_nothing(shown: Screen, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", shown)
    monkeypatch.setattr("tui.cli.progress.time.monotonic", lambda: PATIENCE / 2)
    assert followed(steps()) == "made"
    assert shown.getvalue() == ""


@pytest.mark.usefixtures("shown")
def test_a_pipe_sees_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", plain := io.StringIO())
    with Bar() as bar:
        bar(1, 2)
        bar(2, 2)
    assert plain.getvalue() == ""
