"""Pasted text of every form becomes lines; what is not understood stays as it is."""

from __future__ import annotations

import json

import pytest

from tests.formats.torch.nets import judged
from tui.core.snapshot import Snapshot
from tui.formats.document import parse_document
from tui.formats.imported import Imported
from tui.formats.python.paste import for_list, foreign, pasted, summary

PRINTED = """Net(
  (features): Sequential(
    (0): Conv2d(3, 64, kernel_size=(3, 3), stride=(1, 1), padding=(1, 1), bias=False)
    (1): BatchNorm2d(64, eps=1e-05, momentum=0.1, affine=True, track_running_stats=True)
    (2): ReLU(inplace=True)
    (3): MaxPool2d(kernel_size=2, stride=2, padding=0, dilation=1, ceil_mode=False)
  )
  (rnn): LSTM(10, 20, num_layers=2, batch_first=True, bidirectional=True)
  (drop): Dropout(p=0.25, inplace=False)
  (odd): DropPath(drop_prob=0.100)
  (fc): Linear(in_features=64, out_features=10, bias=True)
)"""


def texts(made: Imported) -> list[str]:
    return [line.text for line in made.lines]


def test_lines_of_our_own_stay_as_they_are() -> None:
    text = "# net\ninput 28x28x1\n\nconv 8 3x3\nrepeat 2 b\n  dense 4\nsome words (here)"
    assert foreign(text) is None
    assert texts(pasted(text)) == [line.text for line in parse_document(text)]


def test_constructor_lines_of_keras() -> None:
    made = pasted(
        "    Conv2D(32, 3, activation='relu'),\n    MaxPooling2D(),\n    Flatten(),\n    layers.Dense(units=n_out)\n])"
    )
    assert texts(made) == ["conv 32 3x3 activation=relu", "maxpool 2x2", "flatten", "dense n_out"]
    assert made.notices == ()


def test_added_and_called_layers_of_keras() -> None:
    made = pasted("model.add(Dense(64, activation='relu', input_dim=100))\nmodel.add(Dropout(0.25))\n"
                  "x = layers.BatchNormalization()(x)\nmodel.add(Bidirectional(LSTM(8)))")  # fmt: skip
    assert texts(made) == ["input 100", "dense 64 activation=relu", "dropout 0.25", "batchnorm axis=-1",
                           "lstm 8 bidirectional=true"]  # fmt: skip


def test_constructor_lines_of_pytorch() -> None:
    made = pasted(
        "        self.conv1 = nn.Conv2d(1, 6, 5)\n        self.pool = nn.MaxPool2d(2, 2)\n"
        "        self.fc1 = nn.Linear(16*5*5, 120)\n        nn.ReLU(inplace=True),\n"
        "        ('drop', nn.Dropout(0.3)),\n"
    )
    assert texts(made) == ["conv1: conv 6 5x5 in_channels=1", "pool: maxpool 2x2 stride=2",
                           "fc1: dense 120 in_features=400", "relu", "drop: dropout 0.3"]  # fmt: skip


def test_a_constructor_over_several_lines() -> None:
    made = pasted("nn.Conv2d(\n    3,\n    8,\n    kernel_size=3,\n),\nnn.ReLU(),")
    assert texts(made) == ["conv 8 3x3 in_channels=3", "relu"]


def test_a_printed_model() -> None:
    made = pasted(PRINTED)
    assert texts(made) == [
        "features.0: conv 64 3x3 padding=1 bias=false in_channels=3", "features.1: batchnorm num_features=64",
        "features.2: relu", "features.3: maxpool 2x2 stride=2 padding=0",
        "rnn: lstm 20 2 return_sequences=true return_state=true bidirectional=true input_size=10 states=stacked",
        "drop: dropout 0.25", "  (odd): DropPath(drop_prob=0.100)", "fc: dense 10 in_features=64",
    ]  # fmt: skip
    (notice,) = made.notices
    assert notice.place == "(odd): DropPath(drop_prob=0.100)"
    assert notice.text.endswith("it stays as it was pasted")


def test_whole_source() -> None:
    made = pasted("model = nn.Sequential(\n    nn.Linear(784, 128),\n    nn.ReLU(),\n    nn.Linear(128, 10),\n)")
    assert judged(made).totals.params == 784 * 128 + 128 + 128 * 10 + 10
    indented = (
        "    class Net(nn.Module):\n        def __init__(self):\n            super().__init__()\n"
        "            self.a = nn.Linear(3, 2)\n        def forward(self, x):\n            return self.a(x)\n"
    )
    assert judged(pasted(indented)).totals.params == 8


def test_the_json_of_a_keras_model() -> None:
    layers = [{"class_name": "InputLayer", "config": {"batch_shape": [None, 5], "name": "x"}},
              {"class_name": "Dense", "config": {"units": 3, "name": "y"}}]  # fmt: skip
    text = json.dumps({"class_name": "Sequential", "config": {"name": "net", "layers": layers}})
    assert judged(pasted(text)).totals.params == 18


@pytest.mark.parametrize(
    "text",
    ["", "\n\n", "hello world (what)", "foo(", "[red]x[/red]", "{", "(0): ", "):", "\x1b[2J", "a = b", "x" * 5_000,
     "nn.Conv2d(3, 8", "Dense()", "Conv2D(filters)", "(((((", "print('hello')", "def f(:\n x", "import os"],
)  # fmt: skip
def test_nothing_that_is_pasted_is_lost(text: str) -> None:
    made = pasted(text)
    Snapshot.of(made.lines)
    kept = "".join(line.text for line in made.lines)
    for word in text.split():
        assert word in kept or word.strip("\n") in ("(", ")")


def test_lines_that_are_not_understood_stand_where_they_were() -> None:
    made = pasted("nn.Linear(4, 3),\nThing(3),\nsome words\nnn.Linear(3, 2),")
    assert texts(made) == ["dense 3 in_features=4", "Thing(3),", "some words", "dense 2 in_features=3"]
    assert [one.place for one in made.notices] == ["Thing(3),", "some words"]
    assert summary(made) == "pasted 2 layers; 2 parts were not read as they stand"


def test_settings_stay_out_of_a_list_that_has_its_own() -> None:
    made = pasted("net = nn.Sequential(nn.Linear(4, 3))")
    assert texts(for_list(made, empty=True))[0] == "set data_format=channels_first counting=pytorch"
    kept = for_list(made, empty=False)
    assert texts(kept) == ["x: input 4", "layer0: dense 3"]
    assert kept.notices[-1].grade == "dropped"


def test_settings_that_make_other_numbers_of_what_is_pasted_are_said() -> None:
    made = pasted("net = nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU())")
    own = Snapshot.of(parse_document("set data_format=channels_last bias=false\ninput 4\n")).settings
    kept = for_list(made, False, own)
    told = [one.text for one in kept.notices if one.grade == "differs"]
    assert told == ["the list is channels_last: turn the shapes round, or set data_format"]
    # PyTorch's default is a bias, the list's is none.
    assert texts(kept)[1:] == ["layer0: conv 8 3x3 bias=true", "layer1: relu"]
    alone = for_list(pasted("nn.Conv2d(3, 8, 3),"), False, own)
    assert texts(alone) == ["conv 8 3x3 bias=true in_channels=3"]
    same = Snapshot.of(parse_document("set data_format=channels_first\ninput 4\n")).settings
    assert not [one for one in for_list(made, False, same).notices if one.grade == "differs"]
