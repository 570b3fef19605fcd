"""What the shell offers for a word that is begun."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.shell_completion import ShellComplete

from tui.cli import main


def offered(words: list[str], begun: str) -> set[str]:
    shell = ShellComplete(main, {}, "layersheet", "_LAYERSHEET_COMPLETE")
    return {item.value for item in shell.get_completions(words, begun)}


@pytest.mark.parametrize(
    ("words", "begun", "expected"),
    [
        ([], "sc", {"screenshot", "sc"}),  # the second stands for the files that the shell finds
        ([], "le", {"lenet-5", "le"}),
        (["show"], "le", {"lenet-5", "le"}),
        (["kinds"], "convt", {"convtranspose"}),
        (["show", "--dtype"], "int1", {"int16"}),
        (["check", "lenet-5", "--max"], "fl", {"flops=", "flash="}),
        (["check", "lenet-5", "--device"], "arduino-u", {"arduino-uno"}),
        (["presets"], "vg", {"vgg-16"}),
        (["show", "worked-example", "--set"], "", {"n=", "batch=", "bias=", "counting=", "data_format=", "dtype="}),
        (["show", "worked-example", "--set"], "counting=p", {"counting=pytorch"}),
        (["explain", "worked-example"], "fl", {"flatten1"}),
        (["solve", "worked-example", "--for"], "n", {"n"}),
        (["practice", "lenet-5", "--questions"], "shape,pa", {"shape,params"}),
        (["sweep", "worked-example", "--metrics"], "params,tra", {"params,trainable", "params,training"}),
        (["chart", "lenet-5", "--metric"], "wei", {"weights"}),
        (["convert", "lenet-5", "out.py", "--to"], "pyt", {"pytorch"}),
        (["compare", "lenet-5"], "vgg", {"vgg-16", "vgg"}),
    ],
)
def test_the_shell_is_offered_what_fits(words: list[str], begun: str, expected: set[str]) -> None:
    assert offered(words, begun) == expected


def test_a_network_that_cannot_be_read_offers_nothing(tmp_path: Path) -> None:
    path = tmp_path / "net.layers"
    path.write_bytes(b"\0")
    for file in (str(path), str(tmp_path / "none.layers"), "-"):
        assert offered(["explain", file], "") == set()
        assert offered(["solve", file, "--for"], "") == set()
