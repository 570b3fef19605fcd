"""Activations: shapes stay, weights and slopes by hand."""

from __future__ import annotations

import pytest

from tests.layers.building import run
from tui.core.explain import conventions
from tui.core.functions import FUNCTIONS
from tui.core.kind import POINTWISE
from tui.core.size import symbol
from tui.formats.line import parse_line
from tui.layers import KINDS, kind_named

n = symbol("n")


@pytest.mark.parametrize(
    "line",
    ["relu", "gelu", "silu", "swish", "sigmoid", "tanh", "elu alpha=0.5", "leakyrelu negative_slope=0.01", "hardswish",
     "softplus", "mish", "exp", "sqrt", "clip min=0 max=6", "activation hard_swish", "rrelu", "threshold"],
)  # fmt: skip
def test_a_function_of_each_element_keeps_the_shape_and_costs_one_operation_each(line: str) -> None:
    result = run(line, (1, 4, n, 3))
    assert result.outputs[0].shape == (1, 4, n, 3)
    assert (result.counts.params, result.counts.macs) == (0, 0)
    assert result.counts.elementwise == 12 * n
    assert result.reach == POINTWISE


def test_every_function_of_the_activation_argument_is_a_kind_too() -> None:
    assert [name for name in FUNCTIONS if name not in KINDS] == ["linear"]


def test_the_names_of_keras_are_read_and_ours_written() -> None:
    assert parse_line("activation leaky_relu").text == "activation leakyrelu"
    assert parse_line("gelu approximate=True").text == "gelu approximate=tanh"
    assert parse_line("gelu approximate=none").text == "gelu approximate=none"


def test_activation_linear_does_nothing() -> None:
    assert run("activation linear", (1, 4)).counts.elementwise == 0


@pytest.mark.parametrize("name", ["softmax", "logsoftmax", "softmin", "hardmax", "sparsemax"])
def test_functions_along_an_axis(name: str) -> None:
    assert run(f"{name} axis=-2", (1, 5, 10)).outputs[0].shape == (1, 5, 10)
    assert run(f"{name} axis=-4", (1, 8, 8)).message == "axis=-4 names no axis: the axes are 0 (the batch) to 2"
    assert run(name, (1, 5, 10)).reach == POINTWISE
    assert run(f"{name} axis=1", (1, 5, 10)).reach is None
    assert run(name, (1, 10)).counts.elementwise == 50


def test_softmax_over_two_axes_names_none_twice() -> None:
    assert run("softmax axis=1,2", (1, 5, 10)).message == "PyTorch and ONNX take one axis, not 2"
    assert run("softmax axis=2,-1", (1, 5, 10)).message == "axis names axis 2 twice"


def test_glu_halves_an_even_axis() -> None:
    assert run("glu", (2, 8, 4)).outputs[0].shape == (2, 8, 2)
    assert run("glu dim=1", (2, 8, 4)).outputs[0].shape == (2, 4, 4)
    assert run("glu", (1, 2 * n)).outputs[0].shape == (1, n)
    assert run("glu", (1, 7)).message == "glu needs an even size to halve, axis 1 has 7"


def test_prelu_has_one_slope_or_one_a_channel_in_pytorch() -> None:
    assert run("prelu 1", (1, 8, 8, 16)).counts.params == 1
    assert run("PReLU num_parameters=7", (2, 7, 2, 4), data_format="channels_first").counts.params == 7
    result = run("PReLU num_parameters=6", (2, 5), data_format="channels_first")
    assert result.message == "prelu has 6 slopes for 5 channels"
    assert [fix.args for fix in result.fixes] == [{"num_parameters": 1}, {"num_parameters": 5}]


def test_prelu_has_one_slope_an_element_in_keras() -> None:
    # "Keras one per element of the feature map: 8x8x16 -> 1,024, unless axes are shared" (Keras 3.15.1).
    assert run("PReLU shared_axes=none", (1, 8, 8, 16)).counts.params == 1024
    assert run("PReLU shared_axes=1,2", (1, 8, 8, 16)).counts.params == 16
    assert run("PReLU shared_axes=none", (1, n, 16)).counts.params == 16 * n
    assert run("PReLU shared_axes=1,2", (1, 8)).status == "error"


def test_prelu_without_arguments_is_that_of_the_counting() -> None:
    """keras.layers.PReLU() shares no axis, torch.nn.PReLU() has one slope, which its ONNX export keeps."""
    result = run("prelu", (1, 8, 8, 16))
    assert result.counts.params == 1024
    told, reason = conventions(result)
    assert told == "keras 1,024, pytorch 1, onnx 1"
    assert reason.startswith("without arguments PReLU has one slope in PyTorch")
    assert conventions(run("prelu shared_axes=none", (1, 8, 8, 16))) == ()


def test_prelu_takes_slopes_of_any_shape_that_stretches_in_onnx() -> None:
    assert run("PRelu slope=7x1", (6, 7, 3)).counts.params == 7
    assert run("PRelu slope=6x7", (6, 6)).status == "error"
    assert (
        run("PRelu slope=6x7", (6, 1)).message
        == "the slopes stretch the input along axis 1; they must fit into its shape"
    )


def test_logical_functions_come_out_as_truth_values() -> None:
    assert run("isnan", (1, 4)).outputs[0].dtype == "bool"
    assert kind_named("LogicalNot") == kind_named("not")


@pytest.mark.parametrize(
    ("kind", "defaults"),
    [
        # The signatures in the documentation of torch.nn 2.13.
        ("rrelu", {"lower": 1 / 8, "upper": 1 / 3}),
        ("elu", {"alpha": 1.0}),
        ("celu", {"alpha": 1.0}),
        ("hardtanh", {"min_val": -1.0, "max_val": 1.0}),
        ("hardshrink", {"lambd": 0.5}),
        ("softshrink", {"lambd": 0.5}),
        ("softplus", {"beta": 1.0, "threshold": 20.0}),
        # The function that PyTorch and Keras 3 have: max(0, min(1, x/6 + 0.5)).
        ("hardsigmoid", {"alpha": 1 / 6, "beta": 0.5}),
        # Keras 3.15: LeakyReLU(negative_slope=0.3), ops.squareplus(x, b=4).
        ("leakyrelu", {"slope": 0.3}),
        ("squareplus", {"b": 4.0}),
        # ONNX: ThresholdedRelu alpha=1.0, Shrink lambd=0.5 and bias=0.0, Selu alpha and gamma.
        ("thresholdedrelu", {"theta": 1.0}),
        ("shrink", {"lambd": 0.5, "bias": 0.0}),
        ("selu", {"alpha": 1.6732632, "gamma": 1.050701}),
    ],
)
def test_what_is_not_said_is_what_the_frameworks_take(kind: str, defaults: dict[str, float]) -> None:
    assert {name: arg.default for name, arg in KINDS[kind].by_name.items() if name in defaults} == defaults
