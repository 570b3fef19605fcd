"""``layersheet show --factory``: only with the flag, and what it says on each stream."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.formats.test_factory import NETS_PY, TORCH
from tests.formats.torch.test_pt2 import archive, program
from tui.cli import group


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    (tmp_path / "torch.py").write_text(TORCH)
    (tmp_path / "nets.py").write_text(NETS_PY)
    (tmp_path / "program.json").write_text(json.dumps(program("pt003")))
    monkeypatch.chdir(tmp_path)

    def invoke(*args: str) -> Result:
        return CliRunner().invoke(group, args)

    return invoke


def test_a_factory_is_shown(run) -> None:
    result = run("show", "--factory", "nets:make", "--input", "3x25x26", "--set", "batch=2")
    assert result.exit_code == 0, result.output
    assert "conv 4 3x3" in result.stdout
    assert "batch 2" in result.stdout


def test_layers_one_by_one_are_reported(run) -> None:
    result = run("show", "--factory", "nets:odd", "--input", "3x25x26")
    assert "the network: torch.export cannot take it" in result.stderr


def test_a_failing_factory_is_one_line_and_exit_code_2(run) -> None:
    result = run("show", "--factory", "nets:failing", "--input", "3x25x26")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("layersheet: nets:failing: ")
    assert result.stderr.count("\n") == 1


def test_a_module_that_is_not_there_is_said_with_where_it_is_looked_for(run, tmp_path: Path) -> None:
    result = run("show", "--factory", "mistyped.small:make", "--input", "3")
    assert result.exit_code == 2
    assert f"No module named 'mistyped'; modules are looked for in {tmp_path}" in result.stderr


def test_a_file_or_a_factory(run) -> None:
    assert run("show").exit_code == 2
    assert run("show", "x.layers", "--factory", "nets:make").exit_code == 2


def test_source_and_programs_are_read_by_their_suffix_and_never_run(run, tmp_path: Path) -> None:
    (tmp_path / "net.py").write_text("open('ran', 'w')\nimport torch.nn as nn\nnet = nn.Sequential(nn.Linear(4, 3))\n")
    (tmp_path / "net.pt2").write_bytes(archive(program("pt003")))
    (tmp_path / "net.pth").write_bytes(b"\x80\x02.")
    assert "dense 3" in run("show", "net.py").stdout
    assert not (tmp_path / "ran").exists()
    assert "conv 4 3x3" in run("show", "net.pt2").stdout
    refused = run("show", "net.pth")
    assert refused.exit_code == 2
    assert "is a pickle of PyTorch" in str(refused.output)
