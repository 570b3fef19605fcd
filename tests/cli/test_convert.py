"""``layersheet convert``: from one format to another, with what is lost said aloud."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.samples import WORKED
from tui.cli import main
from tui.formats.writers import TARGETS

LENET = 61_706
"""LeNet-5 with full connections: 156 + 2,416 + 48,120 + 10,164 + 850."""


def convert(*args: str, given: str | None = None) -> Result:
    return CliRunner().invoke(main, ["convert", *args], input=given)


def params(path: Path) -> int | str:
    shown = CliRunner().invoke(main, ["show", str(path), "--json"])
    assert shown.exit_code == 0, shown.output
    total = json.loads(shown.stdout)["totals"]["params"]
    assert isinstance(total, int | str)
    return total


@pytest.mark.parametrize("suffix", [".layers", ".onnx"])
def test_a_preset_goes_out_and_comes_back_with_its_parameters(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"lenet{suffix}"
    result = convert("lenet-5", str(path))
    assert result.exit_code == 0, result.output
    assert params(path) == LENET


@pytest.mark.parametrize(("word", "name"), [("keras-json", "a.json"), ("keras", "a.py"), ("pytorch", "a.py")])
def test_where_a_suffix_stands_for_several_formats_the_word_decides(tmp_path: Path, word: str, name: str) -> None:
    path = tmp_path / name
    asked = convert("lenet-5", str(path))
    assert asked.exit_code == 2
    assert f"--to {word}" in asked.stderr
    assert not path.exists()
    result = convert("lenet-5", str(path), "--to", word)
    assert result.exit_code == 0, result.output
    assert params(path) == LENET


def test_a_folder_cannot_be_written_over(tmp_path: Path) -> None:
    (tmp_path / "out.md").mkdir()
    for force in ([], ["--force"]):
        result = convert("lenet-5", str(tmp_path / "out.md"), *force)
        assert (result.exit_code, result.stdout) == (2, "")
        assert "it is a folder, not a file" in result.stderr


def test_symbols_are_given_values_on_the_way(tmp_path: Path) -> None:
    source, target = tmp_path / "worked.layers", tmp_path / "worked.onnx"
    source.write_text(WORKED)
    refused = convert(str(source), str(target))
    assert refused.exit_code == 2
    assert "dense" in refused.stderr
    assert not target.exists()
    result = convert(str(source), str(target), "--set", "n=10")
    assert result.exit_code == 0, result.output
    assert params(target) == 48_320 + 160 * 10


def test_nothing_is_written_over_unless_asked(tmp_path: Path) -> None:
    path = tmp_path / "mine.layers"
    path.write_text("input 4\n")
    result = convert("lenet-5", str(path))
    assert result.exit_code == 2
    assert "--force" in result.stderr
    assert path.read_text() == "input 4\n"
    assert convert("lenet-5", str(path), "--force").exit_code == 0
    assert "conv" in path.read_text()
    assert [one.name for one in tmp_path.iterdir()] == ["mine.layers"]


def test_stdin_and_stdout_take_words_for_suffixes() -> None:
    result = convert("-", "-", "--to", "md", given="input 4\ndense 3\n")
    assert result.exit_code == 0, result.output
    assert "| 1 | `dense 3` | 3 | 15 | 12 |" in result.stdout  # 4*3 + 3 and 4*3
    nothing = convert("-", "-", given="input 4\n")
    assert nothing.exit_code == 2
    assert all(target in nothing.stderr for target in TARGETS)


def test_an_unknown_format_is_told_what_there_is(tmp_path: Path) -> None:
    assert "did you mean onnx" in convert("lenet-5", str(tmp_path / "a.x"), "--to", "onx").stderr
    assert "did you mean onnx" in convert("lenet-5", str(tmp_path / "a.md"), "--from", "onx").stderr
    assert list(tmp_path.iterdir()) == []


def test_a_network_with_errors_is_written_where_the_format_holds_them(tmp_path: Path) -> None:
    source = tmp_path / "wrong.layers"
    source.write_text("input 4x4x1\nconv 2 9x9\n")
    listed = convert(str(source), "-", "--to", "csv")
    assert listed.exit_code == 1
    assert "conv 2 9x9" in listed.stdout
    refused = convert(str(source), str(tmp_path / "a.py"), "--to", "keras")
    assert refused.exit_code == 2
    assert "conv1 cannot be written" in refused.stderr


def test_every_format_is_listed() -> None:
    listed = convert("--formats").stdout
    assert all(f"  {name} " in listed for name in TARGETS)


def test_the_report_counts_and_lists(tmp_path: Path) -> None:
    # Momentum is written the other way round in Keras: 1 - 0.1.
    source = tmp_path / "norm.layers"
    source.write_text("set data_format=channels_first counting=pytorch\ninput 3x8x8\nconv 4 3x3 padding=1\n")
    path = tmp_path / "norm.py"
    short = convert(str(source), str(path), "--to", "keras")
    assert short.exit_code == 0, short.output
    assert "(--report lists them)" in short.stderr
    whole = convert(str(source), str(path), "--to", "keras", "--report", "--force")
    assert "rewritten" in whole.stderr


KERAS_MODEL = """
import json

class Model:
    layers = []
    def to_json(self):
        layers = [{"class_name": "InputLayer", "config": {"batch_shape": [None, 5], "name": "x"}},
                  {"class_name": "Dense", "config": {"units": 3, "name": "y"}}]
        return json.dumps({"class_name": "Sequential", "config": {"name": "net", "layers": layers}})

def make():
    return Model()
"""


def test_a_network_that_a_function_makes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # No framework is needed: what the function gives describes itself as a model of Keras does.
    (tmp_path / "nets.py").write_text(KERAS_MODEL)
    monkeypatch.chdir(tmp_path)
    result = convert("--factory", "nets:make", "net.layers")
    assert result.exit_code == 0, result.output
    assert params(tmp_path / "net.layers") == 5 * 3 + 3
    assert convert("--factory", "nets:make").exit_code == 2
    assert "Missing argument" in convert("net.layers").stderr
