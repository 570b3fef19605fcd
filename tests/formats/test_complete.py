"""What is offered while a line is typed."""

from __future__ import annotations

import pytest

from tui.formats.complete import complete
from tui.formats.statements import STATEMENTS
from tui.layers import KINDS


def offered(line: str, *names: str) -> list[str]:
    return [candidate.text for candidate in complete(line, len(line), names)]


def test_before_anything_is_typed_layers_are_offered_and_no_statements() -> None:
    found = [text.strip() for text in offered("")]
    assert found[:3] == ["conv", "maxpool", "dense"]
    assert set(found) <= set(KINDS)
    assert len(found) > len(STATEMENTS)


@pytest.mark.parametrize(
    ("line", "best"),
    [
        ("co", ["conv ", "concat ", "convtranspose "]),
        ("Conv2", ["conv ", "convtranspose "]),  # by the names of the frameworks
        ("fc", ["dense "]),
        ("le", ["let "]),
        ("conv 20 3x3 pad", ["padding=", "padding_mode="]),
        ("conv 20 3x3 padding=sa", ["padding=same", "padding=same_lower"]),
        ("set d", ["data_format=", "dtype="]),
        ("set dtype=f", ["dtype=float64", "dtype=float32", "dtype=float16"]),
        ("set dtype=int1", ["dtype=int16"]),
        ("budget p", ["params="]),
        ("add @", ["@a", "@stem"]),
        ("add @st", ["@stem"]),
        ("call ", ["a ", "stem "]),
        ("call s", ["stem "]),
    ],
)
def test_what_fits_the_word_at_the_cursor(line: str, best: list[str]) -> None:
    assert offered(line, "stem", "a")[: len(best)] == best


def test_statements_are_lines_of_their_own() -> None:
    assert "set " in offered("s")
    for line in ("a: s", "off s"):
        assert "set " not in offered(line)
        assert "sigmoid " in offered(line)


@pytest.mark.parametrize("line", ["conv # pad", "zzz 3", "zz"])
def test_nothing_is_offered_in_a_note_and_for_what_there_is_not(line: str) -> None:
    assert offered(line, "a") == []
