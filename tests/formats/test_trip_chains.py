"""One conversion after another: the numbers of a network do not change on the way."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.formats.trips import of_preset
from tui.cli import main
from tui.core.snapshot import Snapshot
from tui.formats.document import parse_document, print_document
from tui.formats.readers import read_data
from tui.formats.writers import TARGETS, write

WAY = (("keras", ".py"), ("pytorch", ".py"), ("onnx", ".onnx"))


def counted(snapshot: Snapshot) -> tuple[object, ...]:
    """Trained parameters, those of statistics, and MACs, counted as Keras does."""
    totals = Snapshot.of([*snapshot.lines, *parse_document("set counting=keras")]).totals
    return totals.trainable, totals.non_trainable, totals.macs


@pytest.mark.parametrize("name", ["lenet-5", "resnet-18", "mobilenet-v1-0.25", "inception-v1", "unet"])
def test_keras_then_pytorch_then_onnx_then_the_list(name: str) -> None:
    before = snapshot = of_preset(name)
    for target, suffix in WAY:
        data = write(TARGETS[target], snapshot, "net").data
        snapshot = Snapshot.of(read_data(data, f"net{suffix}", suffix).lines)
        assert counted(snapshot) == counted(before), target


def test_pytorch_then_keras_json_then_pytorch_gives_the_same_source() -> None:
    text = (
        "set data_format=channels_first\nimage: input 3x32x32\na: conv 8 3x3 padding=1 stride=2\nb: batchnorm\nc: relu"
    )
    first = write(TARGETS["pytorch"], Snapshot.of(parse_document(text)), "net").data
    lines = read_data(first, "net.py", ".py").lines
    there = write(TARGETS["keras-json"], Snapshot.of(lines), "net").data
    again = write(TARGETS["pytorch"], Snapshot.of(read_data(there, "net.json", ".json").lines), "net").data
    # Keras's own epsilon and momentum are written out, where the list left them to PyTorch.
    assert again.decode().replace(", eps=0.001, momentum=0.01", "") == first.decode().replace(
        ", eps=0.001, momentum=0.01", ""
    )


def test_the_command_converts_along_the_way(tmp_path: Path) -> None:
    start = tmp_path / "net.layers"
    start.write_text(print_document(of_preset("lenet-5").lines))
    names = ["net.layers", "a.py", "b.json", "c.layers"]
    for one, two in pairwise(names):
        extra = ["--to", "pytorch"] if two == "a.py" else ["--to", "keras-json"] if two == "b.json" else []
        done = CliRunner().invoke(main, ["convert", str(tmp_path / one), str(tmp_path / two), *extra])
        assert done.exit_code == 0, done.output
    read = Snapshot.of(parse_document((tmp_path / "c.layers").read_text()))
    # LeNet-5: 156 + 2,416 + 48,120 + 10,164 + 850 parameters.
    assert read.totals.params == 61_706


BOTH = """\
import torch
from torch import nn
import keras
from keras import layers

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(8, 2)

    def forward(self, x):
        return self.fc(x)

"""


def test_a_source_of_both_frameworks_is_read_by_what_it_makes() -> None:
    made = BOTH + "model = keras.Sequential([keras.Input((4,)), layers.Dense(3), layers.ReLU()])\n"
    keras = [line.code for line in read_data(made.encode(), "m.py", ".py").lines if line.is_layer]
    assert keras == ["input_layer: input 4", "dense: dense 3", "re_lu: relu"]
    made = BOTH + "model = Net()\nmodel(torch.zeros(1, 8))\n"
    torch = [line.code for line in read_data(made.encode(), "m.py", ".py").lines if line.is_layer]
    assert torch == ["x: input 8", "fc: dense 2"]


TWO_SEQUENCES = """\
import keras
from keras import layers, ops
inputs = keras.Input(shape=(10, 8))
a, b = layers.Bidirectional(layers.LSTM(4, return_sequences=True), merge_mode=None)(inputs)
x, scores = layers.MultiHeadAttention(2, 4)(a, b, return_attention_scores=True)
x = ops.reshape(x, (-1, 2))
model = keras.Model(inputs, [x, scores])
"""


def test_layers_of_several_outputs_and_an_open_batch_are_read() -> None:
    lines = read_data(TWO_SEQUENCES.encode(), "m.py", ".py").lines
    assert [line.code for line in lines if line.is_layer] == [
        "input_layer: input 10x8",
        "bidirectional: lstm 4 return_sequences=true bidirectional=true merge_mode=none",
        "multi_head_attention: multiheadattention 2 4 return_weights=heads @bidirectional @bidirectional:1",
        "reshape: reshape -1x2 whole=true",
    ]
