"""The report of what was read in other terms."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.command import run


@pytest.fixture
def mysteries(tmp_path: Path) -> str:
    """A Keras model with 20 layers that nobody knows, and one that changes nothing."""
    layers = [{"class_name": "InputLayer", "config": {"batch_shape": [None, 4], "name": "in"}}]
    layers += [{"class_name": "Mystery", "config": {"name": f"odd{i}"}} for i in range(20)]
    path = tmp_path / "odd.json"
    path.write_text(json.dumps({"class_name": "Sequential", "config": {"layers": layers}}))
    return str(path)


@pytest.mark.parametrize("command", ["show {}", "explain {}", "check {} --max params=1", "chart {}", "diagram {}"])
def test_every_command_says_what_a_file_did_not_say(command: str, mysteries: str) -> None:
    result = run(*command.format(mysteries).split(" "))
    said = [line for line in result.stderr.splitlines() if line.startswith(f"{mysteries}: ")]
    assert sum(": opaque: odd" in line for line in said) == 12
    assert any("and 8 more like these" in line for line in said)
