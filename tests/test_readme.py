"""The README is tested like code: its network, its commands, its recipe, its keys, its folders."""

from __future__ import annotations

import gzip
import json
import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from tui.cli import main
from tui.core.argument import Arg, Switch
from tui.core.kind import Kind, Work
from tui.core.result import compute
from tui.core.settings import Settings
from tui.core.snapshot import Snapshot
from tui.core.tensor import Tensor, Weight
from tui.formats.document import parse_document
from tui.formats.presets import presets
from tui.formats.record import as_json
from tui.formats.writers import TARGETS, write
from tui.ui.actions import ACTIONS

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")


def blocks() -> list[str]:
    """The indented blocks, without their indentation."""
    found = re.findall(r"(?:^    .*\n|^\n(?=    ))+", README, flags=re.MULTILINE)
    return ["\n".join(line[4:] for line in block.splitlines()).strip("\n") for block in found]


def test_the_two_commands_stand_first() -> None:
    commands = [block for block in blocks() if block.startswith("python3 -m venv")]
    assert len(commands) == 2
    assert commands[0].endswith("/layersheet")
    assert "pytest" in commands[1]
    assert README.index(commands[1]) < README.index("\n## ")


def test_presets_are_counted() -> None:
    assert f"{len(presets())} presets come with it" in README


@pytest.mark.parametrize("start", ["set data_format", "input T,d"])
def test_the_networks_of_the_text_form_are_whole(start: str) -> None:
    (text,) = [block for block in blocks() if block.startswith(start)]
    snapshot = Snapshot.of(parse_document(text))
    results = [snapshot.result(row) for row in snapshot.shown]
    assert {result.status for result in results if result is not None} == {"ok"}
    assert snapshot.totals.complete


def keras_model() -> str:
    with gzip.open(ROOT / "tests" / "data" / "oracle" / "layers_keras_models.jsonl.gz", "rt") as lines:
        return json.dumps(json.loads(next(lines))["model"])


@pytest.mark.parametrize(
    "command",
    [
        line.split(" #")[0].strip()
        for block in blocks()
        for line in block.splitlines()
        if line.startswith("layersheet ")
    ],
)
def test_every_command_runs(command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("net.layers").write_text("input 28x28x1\nconv 8 3x3\nflatten\ndense n\n")
    Path("model.json").write_text(keras_model())
    Path("small.layers").write_text("input 28x28x1\nconv 4 3x3\nflatten\ndense 10\n")
    Path("net.py").write_text("from torch import nn\n\nnet = nn.Sequential(nn.Linear(784, 10), nn.ReLU())\n")
    small = Snapshot.of(parse_document("input 28x28x1\nflatten\ndense 10\n"))
    Path("model.onnx").write_bytes(write(TARGETS["onnx"], small, "small").data)
    Path("net.json").write_text(as_json(small, "small"))
    words = shlex.split(command)[1:]
    result = CliRunner().invoke(main, words)
    # The network of the test has a free symbol: a budget on it cannot be judged.
    assert result.exit_code == (1 if words[0] == "check" else 0), result.output
    assert result.output or words[0] == "convert"


def test_the_recipe_is_a_kind() -> None:
    (code,) = re.findall(r"```python\n(.*?)```", README, flags=re.DOTALL)
    names = {"Kind": Kind, "Arg": Arg, "Switch": Switch, "Weight": Weight, "Work": Work}
    exec(code, names)
    (kind,) = [v for v in names.values() if isinstance(v, type) and issubclass(v, Kind) and v is not Kind]
    result = compute(kind.make({}, Settings()), (Tensor((1, 4, 4, 3)),))
    assert (result.counts.params, result.counts.elementwise) == (6, 2 * 48)
    without = compute(kind.make({"bias": False}, Settings()), (Tensor((1, 4, 4, 3)),))
    assert (without.counts.params, without.counts.elementwise) == (3, 48)


def test_the_keys_are_bound() -> None:
    table = README[README.index("## Ten keys") : README.index("## The text form")]
    rows = re.findall(r"^\| (`.*?) \|", table, flags=re.MULTILINE)
    assert len(rows) == 10
    bound = {name for action in ACTIONS for name in action.key_names().split(", ")} | {"←", "→"}
    assert {key for row in rows for key in re.findall(r"`(.+?)`", row)} <= bound


def test_the_folder_map_is_complete() -> None:
    table = README[README.index("## The folders") :]
    listed = set(re.findall(r"^\| `(tui/\w+)` \|", table, flags=re.MULTILINE))
    there = {f"tui/{p.name}" for p in (ROOT / "tui").iterdir() if p.is_dir() and not p.name.startswith("_")}
    assert listed == there


def test_pictures_exist() -> None:
    for name in re.findall(r"\]\((screenshots/[^)]+)\)", README):
        assert (ROOT / name).is_file(), name
