"""``layersheet screenshot``: a picture of the screen in a file."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.command import run


def test_a_screenshot_is_an_svg_of_the_network(tmp_path: Path) -> None:
    out = tmp_path / "out.svg"
    done = run("screenshot", "lenet-5", "-o", str(out), "--size", "100x30")
    assert (done.exit_code, done.output) == (0, "")
    svg = out.read_text("utf-8")
    assert svg.startswith("<svg")
    assert "61,706" in svg


@pytest.mark.parametrize(
    ("args", "reason"),
    [
        (["lenet-5", "-o", "-", "--size", "120"], "write columns and rows"),
        (["lenet-5", "-o", "-", "--size", "1000x40"], "write columns and rows"),
        (["lenet-5", "-o", "out.png"], "give a name that ends in .svg"),
        (["lenet-5", "-o", "-", "--keys", "down,entr"], "no key is called 'entr'"),
        (["none", "-o", "-"], "no file or preset is called 'none'"),
        (["lenet-5"], "Missing option '-o'"),
    ],
)
def test_what_cannot_be_drawn_is_refused(args: list[str], reason: str) -> None:
    result = run("screenshot", *args)
    assert (result.exit_code, result.stdout) == (2, "")
    assert reason in result.stderr
