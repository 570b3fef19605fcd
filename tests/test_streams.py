"""Who is at the ends of the standard streams: a person, a pipe or nobody."""

from __future__ import annotations

import io

import pytest

from tui.streams import interactive, is_dumb


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("stdin", "stdout", "person"),
    [
        (Terminal(), Terminal(), True),
        (io.StringIO(), Terminal(), False),
        (Terminal(), io.StringIO(), False),  # a pipe never starts the screen
        (None, Terminal(), False),  # closed
        (Terminal(), None, False),
    ],
)
def test_a_person_sits_at_both_ends(
    stdin: io.StringIO | None, stdout: io.StringIO | None, person: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", stdin)
    monkeypatch.setattr("sys.stdout", stdout)
    assert interactive() is person


@pytest.mark.parametrize(("term", "dumb"), [("dumb", True), ("xterm", False), (None, False)])
def test_a_terminal_that_cannot_move_its_cursor(term: str | None, dumb: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TERM", raising=False)
    if term is not None:
        monkeypatch.setenv("TERM", term)
    assert is_dumb() is dumb
