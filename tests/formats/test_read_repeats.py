"""What readers of Keras and PyTorch leave out of a line as it says nothing new, and what they take together."""

from __future__ import annotations

import json
from typing import Any

from tui.formats.keras.json import read_json
from tui.formats.python.source import read_text


def keras(shape: list[int], *layers: tuple[str, dict[str, Any]]) -> list[str]:
    """The layers of a sequential model, without its input."""
    first = {"class_name": "InputLayer", "config": {"batch_shape": [None, *shape], "name": "x"}}
    rest = [{"class_name": name, "config": {"name": f"l{i}", **config}} for i, (name, config) in enumerate(layers)]
    model = {"class_name": "Sequential", "config": {"layers": [first, *rest]}}
    return [line.code for line in read_json(json.dumps(model).encode(), "m.json").lines if line.is_layer][1:]


def torch(init: str, forward: str, title: str = "") -> list[str]:
    lines = "\n        ".join(init.split("; "))
    steps = "\n        ".join(forward.split("; "))
    source = f"""{title}
import torch
from torch import nn
from torch.nn import functional as F

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        {lines}

    def forward(self, x):
        {steps}
        return x

Net()(torch.zeros(1, 6, 8, 8))
"""
    return [line.code for line in read_text(source, "m.py").lines if line.is_layer][1:]


FIRST = {"data_format": "channels_first"}


def test_the_axis_of_the_channels_is_not_said() -> None:
    assert keras([8, 8, 4], ("BatchNormalization", {"axis": -1})) == ["l0: batchnorm"]
    assert keras([8, 8, 4], ("BatchNormalization", {"axis": 3})) == ["l0: batchnorm"]
    assert keras([8, 8, 4], ("GroupNormalization", {"axis": -1, "groups": 2})) == ["l0: groupnorm 2"]
    assert keras([8, 8, 4], ("LayerNormalization", {"axis": [3]})) == ["l0: layernorm"]


def test_another_axis_is_said_although_its_size_is_the_same() -> None:
    assert keras([4, 4, 4], ("BatchNormalization", {"axis": 1})) == ["l0: batchnorm axis=1"]
    pool = ("MaxPooling2D", {"pool_size": [2, 2], **FIRST})
    assert keras([8, 8, 8], pool, ("BatchNormalization", {"axis": -1}))[1] == "l1: batchnorm axis=-1"
    assert keras([8, 8, 8], pool, ("BatchNormalization", {"axis": 1}))[1] == "l1: batchnorm"
    assert keras([4, 4, 4], ("LayerNormalization", {"axis": [1, 2, 3]})) == ["l0: layernorm axis=1,2,3"]


def test_the_defaults_of_both_are_not_said_and_other_values_are() -> None:
    assert keras([8, 8, 4], ("BatchNormalization", {"momentum": 0.99, "epsilon": 0.001})) == ["l0: batchnorm"]
    assert keras([8, 8, 4], ("BatchNormalization", {"epsilon": 1e-05})) == ["l0: batchnorm epsilon=1e-05"]


def test_sizes_of_the_input_are_not_said() -> None:
    assert torch("self.n = nn.BatchNorm2d(6); self.c = nn.Conv2d(6, 3, 1)", "x = self.n(x); x = self.c(x)") == [
        "n: batchnorm", "c: conv 3 1x1",
    ]  # fmt: skip
    # A size that is not that of the input stays, and so does the objection to it.
    assert "num_features=5" in torch("self.n = nn.BatchNorm2d(5)", "x = self.n(x)")[0]


def test_functions_by_name_are_the_kinds_of_that_name() -> None:
    found = keras([8], *(("Activation", {"activation": name}) for name in ("silu", "swish", "hard_sigmoid", "relu")))
    assert found == ["l0: silu", "l1: silu", "l2: hardsigmoid", "l3: activation relu"]
    assert keras([8], ("ReLU", {"max_value": 6.0, "negative_slope": 0.0, "threshold": 0.0})) == ["l0: relu6"]
    assert keras([8], ("ReLU", {"max_value": 6.0, "threshold": 1.0})) == ["l0: relu max_value=6 threshold=1"]


def test_a_dropout_of_whole_samples_is_a_drop_of_paths() -> None:
    assert keras([8, 8, 4], ("Dropout", {"rate": 0.2, "noise_shape": [None, 1, 1, 1]})) == ["l0: droppath 0.2"]
    assert keras([8, 8, 4], ("Dropout", {"rate": 0.2, "noise_shape": [None, 1, 1, 4]})) == ["l0: dropout 0.2"]


def test_a_product_with_a_factor_a_channel_is_a_layer_scale() -> None:
    scale = {"equation": "abcd,d->abcd", "output_shape": [8, 8, 4]}
    assert keras([8, 8, 4], ("EinsumDense", scale)) == ["l0: layerscale"]
    assert keras([8, 8, 4], ("EinsumDense", {**scale, "bias_axes": "d"})) == ["l0: layerscale bias=true"]
    rows = {"equation": "abcd,c->abcd", "output_shape": [8, 8, 4]}
    assert keras([8, 8, 4], ("EinsumDense", rows))[0].startswith("l0: einsumdense")


def test_only_marked_padding_is_that_of_the_layer_below() -> None:
    conv = ("Conv2D", {"filters": 4, "kernel_size": [3, 3], "strides": [2, 2], "name": "c"})
    marked = ("ZeroPadding2D", {"padding": [[0, 1], [0, 1]], "name": "c_padding"})
    assert keras([8, 8, 3], marked, conv) == ["c: conv 4 3x3 stride=2 padding=0:1x0:1"]
    for name in ("c_pad", "other_padding"):
        own = ("ZeroPadding2D", {"padding": [[0, 1], [0, 1]], "name": name})
        assert keras([8, 8, 3], own, conv) == [f"{name}: pad 0:1x0:1", "c: conv 4 3x3 stride=2"]
    same = ("Conv2D", {"filters": 4, "kernel_size": [3, 3], "padding": "same", "name": "c"})
    assert len(keras([8, 8, 3], marked, same)) == 2


def test_a_function_that_pads_is_the_padding_of_its_convolution() -> None:
    init = "self.c = nn.Conv2d(6, 4, 3, stride=2); self.p = nn.MaxPool2d(3)"
    assert torch(init, "x = self.c(F.pad(x, (0, 1, 2, 3)))") == ["c: conv 4 3x3 stride=2 padding=2:3x0:1"]
    assert torch(init, "x = self.c(F.pad(x, (1, 1, 1, 1), value=2.0))") == [
        "pad: pad 1x1 value=2",
        "c: conv 4 3x3 stride=2",
    ]
    # A maximum sees the zeros, which it would not of its own padding.
    assert torch(init, "x = self.p(F.pad(x, (1, 1, 1, 1)))") == ["pad: pad 1x1", "p: maxpool 3x3"]
    assert torch(init, "x = F.pad(x, (-1, -1, -2, -2))") == ["pad: crop 2x1"]


def test_a_group_for_each_channel_is_depthwise() -> None:
    assert torch("self.c = nn.Conv2d(6, 12, 3, groups=6)", "x = self.c(x)") == ["c: depthwise 3x3 2"]
    assert torch("self.c = nn.Conv2d(6, 12, 3, groups=3)", "x = self.c(x)") == ["c: conv 12 3x3 groups=3"]


def test_noise_while_training_is_told_by_its_formula() -> None:
    # A Gaussian dropout of 0.2 has a deviation of sqrt(0.2 / 0.8) = 0.5.
    assert torch("pass", "x = (x * (1.0 + 0.5 * torch.randn_like(x))) if self.training else x") == [
        "gaussiandropout: gaussiandropout 0.2"
    ]
    assert torch("pass", "x = F.relu(x); x = (x + 0.3 * torch.randn(2)) if self.training else x") == ["relu: relu"]


PARTS = "self.se = nn.Module(); self.se.reduce = nn.Linear(6, 2); self.se.expand = nn.Linear(2, 6)"
CALLS = (
    "s = torch.sigmoid(self.se.expand(F.relu(self.se.reduce(x.mean(dim=(2, 3)))))); x = x * s[:, :, None, None]; "
    "x = x + x"
)


def test_squeeze_and_excitation_is_one_line_in_a_file_of_our_own_only() -> None:
    title = '"""net as a PyTorch module, written by layersheet."""'
    assert torch(PARTS, CALLS, title)[0] == "se: squeezeexcitation 2"
    assert torch(PARTS, CALLS, title)[1] in ("add: add @se @se", "add: add @se")
    kept = torch(PARTS, CALLS)
    assert [line.split(": ")[0] for line in kept] == [
        "mean", "se.reduce", "relu", "se.expand", "sigmoid", kept[5].split(": ")[0], "mul", "add",
    ]  # fmt: skip
