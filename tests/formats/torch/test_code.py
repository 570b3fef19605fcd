"""PyTorch modules as lines. Shapes are those of PyTorch's documentation of each module."""

from __future__ import annotations

from typing import Any

import pytest

from tui.core.snapshot import Snapshot
from tui.formats.frameworks.words import FrameworkError
from tui.formats.torch.code import Module, layer_line, module


def results(made: Module) -> tuple[list[tuple[Any, ...]], str | None]:
    """The shapes of the outputs, and the message of the first row that is refused."""
    snapshot = Snapshot.of(made.lines)
    found = [snapshot.result(row) for row, line in enumerate(made.lines) if line.is_layer]
    message = next((r.message for r in found if r is not None and r.status == "error"), None)
    rows = {line.name: row for row, line in enumerate(made.lines) if line.name}
    outputs = [(snapshot.result(rows[source.name]), source.output) for source in made.outputs]
    return [r.outputs[i].shape for r, i in outputs if r is not None and r.outputs], message


def test_a_module_is_one_line_in_our_words() -> None:
    args = {"in_channels": 3, "out_channels": 8, "kernel_size": [3, 5], "stride": 2, "padding": [1, 0], "bias": False}
    assert layer_line("nn.Conv2d", args) == "conv 8 3x5 stride=2 padding=1x0 bias=false in_channels=3"
    assert layer_line("Dropout", {"p": 0.5, "inplace": True}) == "dropout"


def test_paddings_of_edges_go_from_the_last_axis_to_the_first() -> None:
    assert layer_line("ReflectionPad2d", {"padding": [1, 2, 3, 4]}) == "reflectionpad 3:4x1:2"


@pytest.mark.parametrize(
    ("kind", "args", "named"),
    [
        ("Conv2d", {"in_channels": 2, "out_channels": 2, "kernel_size": 3, "groups": 0}, "groups=0"),
        ("Conv2d", {"in_channels": 2, "out_channels": 2, "kernel_size": 3.5}, "kernel_size=3.5"),
        ("Conv2d", {"in_channels": 2, "out_channels": 2, "kernel_size": 3, "stride": "two"}, "stride='two'"),
        ("Conv2d", {"in_channels": 2, "out_channels": 2, "kernel_size": 3, "padding": "Same"}, "padding='Same'"),
        ("Linear", {"in_features": 2, "out_features": 2, "colour": 1}, "colour=1"),
        ("GRU", {"input_size": 2, "hidden_size": 3, "proj_size": 1}, "proj_size"),
        ("RNN", {"input_size": 2, "hidden_size": 3, "nonlinearity": "sigmoid"}, "nonlinearity='sigmoid'"),
    ],
)
def test_what_pytorch_refuses_names_the_argument(kind: str, args: dict[str, Any], named: str) -> None:
    with pytest.raises(FrameworkError, match=named.replace(".", r"\.")):
        layer_line(kind, args)


def test_an_unknown_class_is_refused_with_what_is_near() -> None:
    with pytest.raises(FrameworkError, match="no layer kind is called Conv2dd; the nearest are conv"):
        layer_line("Conv2dd", {})


def test_an_input_without_a_batch_gets_one_and_loses_it() -> None:
    made = module("MaxPool2d", {"kernel_size": 2, "return_indices": True}, [(3, 8, 8)])
    assert results(made) == ([(3, 4, 4), (3, 4, 4)], None)
    assert [line.text for line in made.lines if line.is_layer] == [
        "x: input 8x8",
        "y.batch: unsqueeze 0",
        "y: maxpool 2x2 return_indices=true",
        "y.out: squeeze 0 whole=true",
        "y.out_2: squeeze 0 whole=true @y:1",
    ]


def test_axes_in_front_of_an_image_are_one_batch_on_the_way() -> None:
    assert results(module("PixelShuffle", {"upscale_factor": 2}, [(2, 3, 8, 5, 5)]))[0] == [(2, 3, 2, 10, 10)]


def test_sequences_come_first_unless_the_batch_does() -> None:
    args = {"input_size": 4, "hidden_size": 6, "num_layers": 2}
    assert results(module("LSTM", args, [(5, 3, 4)]))[0] == [(5, 3, 6), (2, 3, 6), (2, 3, 6)]
    assert results(module("LSTM", args | {"batch_first": True}, [(3, 5, 4)]))[0] == [(3, 5, 6), (2, 3, 6), (2, 3, 6)]
    assert results(module("LSTM", args, [(5, 4)]))[0] == [(5, 6), (2, 6), (2, 6)]


def test_a_decimal_scale_is_multiplied_as_pytorch_does() -> None:
    # 45 * 1.4 is 62.99999999999999 in floating point, so PyTorch makes 62 of it.
    assert results(module("Upsample", {"scale_factor": 1.4}, [(1, 2, 45)]))[0] == [(1, 2, 62)]


def test_other_channels_than_declared_are_refused() -> None:
    args = {"in_channels": 8, "out_channels": 17, "kernel_size": 3}
    assert results(module("Conv2d", args, [(1, 11, 22, 18)]))[1] == "in_channels=8, the input has 11 channels"


def test_a_warning_of_what_pytorch_refuses_is_an_error_in_pytorch() -> None:
    message = results(module("MaxPool1d", {"kernel_size": 8, "padding": 6}, [(2, 4, 46)]))[1]
    assert message is not None
    assert "PyTorch refuses a padding of more than half the kernel" in message


def test_linear_upsampling_is_for_one_axis() -> None:
    """torch.nn.functional.interpolate: "Got 4D input, but linear mode needs 3D input"."""
    args = {"scale_factor": 2, "mode": "linear"}
    assert results(module("Upsample", args, [(1, 2, 5)])) == ([(1, 2, 10)], None)
    _, message = results(module("Upsample", args, [(1, 2, 5, 5)]))
    assert message == "Upsample: mode='linear' takes 1 spatial axis, the input has 2; bilinear takes 2, trilinear 3"
