"""Files of other programs are opened by their suffix, and what is wrong with them is said in one line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from tui.cli import main
from tui.core.errors import FileError
from tui.formats import readers
from tui.formats.readers import read_file

MODEL = {
    "class_name": "Sequential",
    "config": {
        "layers": [
            {"class_name": "InputLayer", "config": {"batch_shape": [None, 4], "name": "x"}},
            {"class_name": "Dense", "config": {"name": "d", "units": 3}},
        ]
    },
}


def test_a_keras_model_is_shown_by_the_command_line(tmp_path: Path) -> None:
    path = tmp_path / "net.JSON"
    path.write_text(json.dumps(MODEL))
    result = CliRunner().invoke(main, ["show", str(path), "--json"])
    assert result.exit_code == 0, result.output
    layers = json.loads(result.output)["layers"]
    assert [(one["name"], one["outputs"], one["params"]) for one in layers] == [("x", [[1, 4]], 0), ("d", [[1, 3]], 15)]


def test_our_own_text_is_read_whatever_the_suffix_says_not(tmp_path: Path) -> None:
    path = tmp_path / "net.txt"
    path.write_text("input 4\ndense 3\n")
    assert [line.text for line in read_file(path).lines] == ["input 4", "dense 3"]


@pytest.mark.parametrize("suffix", [".json", ".keras"])
def test_a_file_that_is_no_model_ends_in_one_line(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"net{suffix}"
    path.write_bytes(b"nothing")
    result = CliRunner().invoke(main, ["show", str(path)])
    assert result.exit_code == 2
    assert str(path) in result.output
    assert "Traceback" not in result.output


def test_a_file_that_is_missing_or_too_large_is_a_file_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(FileError, match="there is no such file"):
        read_file(tmp_path / "none.onnx")
    monkeypatch.setattr(readers, "MAX_MODEL", 10)
    path = tmp_path / "net.json"
    path.write_text(json.dumps(MODEL))
    with pytest.raises(FileError, match="the most that is read is 10"):
        read_file(path)
