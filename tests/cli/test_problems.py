"""What is wrong with a network, on stderr: the place, the line with a caret, the reason and a way out."""

from __future__ import annotations

from tests.cli.command import run


def test_a_broken_network_is_shown_whole_and_its_errors_are_said_with_their_place(broken: str) -> None:
    result = run("show", broken)
    assert result.exit_code == 1
    assert len([line for line in result.stdout.splitlines() if line[:1].isdigit()]) == 5
    assert result.stderr.splitlines() == [
        f"{broken}:3: error: no layer kind is called 'cnv'; did you mean conv or convtranspose?",
        "    cnv 20 3x3  # why",
        "    ^^^",
        "    expected: conv, convtranspose",
        f"{broken}:5: error: conv has no argument 'strde'; did you mean stride?",
        "    conv 2 3 strde=2",
        "             ^^^^^",
        *[line for line in result.stderr.splitlines() if line.startswith("    expected: filters")],
    ]


def test_a_layer_that_does_not_fit_is_said_with_its_sum_and_fixes() -> None:
    result = run("show", "-", stdin="input 2x8x1\nconv 3 5x3")
    assert result.exit_code == 1
    assert "<stdin>:2: error: kernel 5x3 does not fit 2x8" in result.stderr
    assert "H = floor((2 - 5)/1) + 1 = -2, must be at least 1" in result.stderr
    assert "fix: kernel 2x3" in result.stderr


def test_the_caret_stands_below_wide_and_escaped_characters() -> None:
    line, caret = run("show", "-", stdin="input 4\n층: \tcnv 3").stderr.splitlines()[1:3]
    assert line == "    층: \\x09cnv 3"
    assert caret == " " * 4 + " " * len("XX: \\x09") + "^^^"


def test_a_network_without_layers_is_told_how_to_begin() -> None:
    for text in ("", "\n\n", "# only a note\n", "set batch=2\n"):
        result = run("show", "-", stdin=text)
        assert result.exit_code == 0
        assert result.stderr == "<stdin>: no layers; start with an input line, such as input 28x28x1\n"


def test_of_many_errors_the_first_twenty_are_said() -> None:
    result = run("show", "-", stdin="input 4\n" + "cnv\n" * 50)
    assert result.stderr.count(": error: ") == 20
    assert result.stderr.splitlines()[-1] == "<stdin>: and 30 more remarks like these"
    assert result.stdout.count("no layer kind is called") == 50
