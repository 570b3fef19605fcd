"""The JSON of ``show --json``: exact keys, exact types, names that clash with none."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tui.core.snapshot import Snapshot
from tui.formats.document import parse_document
from tui.formats.presets import FIRST, preset
from tui.formats.record import LayerError, as_json, row_called, row_named

LAYER = ["name", "kind", "line", "inputs", "outputs", "params", "trainable", "non_trainable", "buffers", "macs",
         "activation_bytes", "receptive_field", "status", "message"]  # fmt: skip
TOTALS = ["params", "trainable", "non_trainable", "buffers", "macs", "flops", "weight_bytes", "peak_activation_bytes",
          "complete"]  # fmt: skip


def record(text: str) -> dict[str, Any]:
    made = as_json(Snapshot.of(parse_document(text)), "net")
    assert "\n" not in made
    return json.loads(made)


def test_the_schema_has_these_keys_and_no_others() -> None:
    found = record("input 8x8x1\nconv 2 3x3\ncnv\nrelu")
    assert list(found) == ["schema", "name", "settings", "symbols", "layers", "totals"]
    assert (found["schema"], found["name"]) == (1, "net")
    assert found["settings"] == {
        "data_format": "channels_last", "batch": 1, "dtype": "float32", "bias": True, "counting": "keras"
    }  # fmt: skip
    assert [list(layer) for layer in found["layers"]] == [LAYER] * 4
    assert list(found["totals"]) == TOTALS


def test_the_worked_example_as_the_exercise_has_it() -> None:
    found = record(preset(FIRST).text)
    assert found["symbols"] == {"n": None}
    conv, dense = found["layers"][1], found["layers"][9]
    assert conv == {
        "name": "conv1", "kind": "conv", "line": "conv 20 4x4", "inputs": ["input1"], "outputs": [[1, 36, 28, 20]],
        "params": 320, "trainable": 320, "non_trainable": 0, "buffers": 0, "macs": 322560,
        "activation_bytes": 80640, "receptive_field": [4, 4], "status": "ok", "message": None,
    }  # fmt: skip
    assert (dense["outputs"], dense["params"], dense["receptive_field"]) == ([[1, "n"]], "160*n", [39, 31])
    assert found["totals"] == {
        "params": "48320 + 160*n", "trainable": "48320 + 160*n", "non_trainable": 0, "buffers": 0,
        "macs": "2261760 + 160*n", "flops": "4523520 + 320*n", "weight_bytes": "193280 + 640*n",
        "peak_activation_bytes": "max(100800, 4*n + 640)", "complete": True,
    }  # fmt: skip


def test_what_is_not_known_is_null_and_the_totals_say_so() -> None:
    error, waiting = record("input 8\ncnv\ndense 3")["layers"][1:]
    assert (error["status"], error["kind"], error["name"], error["outputs"]) == ("error", "", "unread1", [])
    assert error["message"].startswith("no layer kind is called 'cnv'")
    assert (waiting["status"], waiting["params"], waiting["macs"]) == ("waiting", None, None)
    assert waiting["message"] == "needs unread1"
    assert (waiting["activation_bytes"], waiting["receptive_field"]) == (None, None)
    assert record("input 8\ncnv")["totals"]["complete"] is False


def test_a_waiting_layer_names_what_keeps_it_waiting() -> None:
    layers = record("input 4x4x1\nbig: conv 2 9\nrelu\nflatten\noff relu\nadd @flatten1")["layers"]
    assert [layer["message"] for layer in layers[2:4]] == ["needs big", "needs big"]
    assert record("dense 3\nrelu")["layers"][1]["message"] == "needs dense1"


def test_a_layer_is_called_by_its_name_or_its_number() -> None:
    snapshot = Snapshot.of(parse_document("# note\ninput 8\nstem: dense 3\n\nrelu"))
    for word, row in (("stem", 2), ("1", 2), ("#1", 2), ("relu1", 4), ("#0", 1)):
        assert row_called(snapshot, word) == row_named(snapshot, word) == row
    assert row_called(snapshot, "3") is None
    with pytest.raises(LayerError, match="there is no layer 'steam'; did you mean stem"):
        row_named(snapshot, "steam")
    with pytest.raises(LayerError, match="layers go from #0 to #2"):
        row_named(snapshot, "9")


def test_names_of_unnamed_layers_never_clash() -> None:
    text = "input 8x8x1\nconv2: conv 2 3\nconv 2 1\nconv 2 1\nrelu\noff relu\nrelu\nadd @relu1x\nrelu1x: relu"
    found = [layer["name"] for layer in record(text)["layers"]]
    assert len(set(found)) == len(found)
    assert found[:5] == ["input1", "conv2", "conv3", "conv4", "relu1"]


def test_sources_name_the_output_that_is_read() -> None:
    layers = record("input 8x8x1\na: conv 2 1\nb: conv 2 1\nadd @a")["layers"]
    assert layers[3]["inputs"] in (["b", "a"], ["a", "b"])
    assert layers[0]["inputs"] == []


def test_settings_and_symbols_that_are_bound() -> None:
    found = record("set batch=b counting=pytorch\nlet n = 2*k\ninput 4x4x3\nbatchnorm\ndense n")
    assert found["settings"]["batch"] == "b"
    assert found["symbols"] == {"n": "2*k", "b": None, "k": None}
    norm = found["layers"][1]
    # PyTorch: scale and shift are parameters, the two statistics and the counter are buffers.
    assert (norm["params"], norm["trainable"], norm["non_trainable"], norm["buffers"]) == (6, 6, 0, 7)
    assert norm["outputs"] == [["b", 4, 4, 3]]


def test_no_control_character_leaves_the_json() -> None:
    text = "input 8 # \x1b]0;x\x07\x9b31m\u202e"
    assert not any(ord(c) < 32 or 127 <= ord(c) < 160 or c == "\u202e" for c in as_json_of(text))
    assert json.loads(as_json_of(text))["layers"][0]["line"] == text


def as_json_of(text: str) -> str:
    return as_json(Snapshot.of(parse_document(text)), "net")
