"""Linear layers by arithmetic done by hand, and the totals that papers and frameworks publish."""

from __future__ import annotations

import pytest

from tests.layers.building import layer, run
from tui.core.kind import POINTWISE, Window, record_tensor
from tui.core.size import symbol
from tui.core.tensor import Role, Tensor
from tui.core.working import as_working
from tui.formats.line import parse_line

n = symbol("n")


def test_dense_is_a_matrix_and_a_bias() -> None:
    result = run("dense 10", (1, 64))
    assert result.outputs[0].shape == (1, 10)
    assert [(w.name, w.shape) for w in result.weights] == [("kernel", (64, 10)), ("bias", (10,))]
    assert result.counts.params == 64 * 10 + 10
    # "Linear 64->10 bias: 640 MACs": the bias is none (torch's FLOP counter gives 1,280 FLOPs).
    assert result.counts.macs == 640
    assert result.counts.elementwise == 10


def test_dense_acts_on_the_last_axis_at_every_position() -> None:
    """The bug of torchinfo#77 is to count one position; 5 * 7 of them need 35 times the MACs, no more weights."""
    result = run("dense 4 nobias", (5, 7, 3))
    assert result.outputs[0].shape == (5, 7, 4)
    assert result.counts.params == 3 * 4
    assert result.counts.macs == 5 * 7 * 3 * 4


@pytest.mark.parametrize("line", ["linear n", "fc n", "Dense units=n", "nn.Linear out_features=n", "완전연결 n"])
def test_dense_by_any_of_its_names(line: str) -> None:
    result = run(line, (1, 160))
    assert result.outputs[0].shape == (1, n)
    # The last layer of the worked example: 160*n weights, and n biases more.
    assert result.counts.params == 161 * n
    assert result.counts.macs == 160 * n


def test_lora_freezes_the_kernel_and_trains_two_factors() -> None:
    result = run("dense 10 lora_rank=4", (1, 6))
    assert [(w.name, w.shape, w.role) for w in result.weights] == [
        ("kernel", (6, 10), Role.FROZEN),
        ("lora_a", (6, 4), Role.TRAINABLE),
        ("lora_b", (4, 10), Role.TRAINABLE),
        ("bias", (10,), Role.TRAINABLE),
    ]
    assert (result.counts.trainable, result.counts.non_trainable) == (24 + 40 + 10, 60)
    assert result.counts.macs == 60 + 6 * 4 * 10


def test_an_activation_is_element_wise_work() -> None:
    assert run("dense 10 activation=relu", (1, 64)).counts.elementwise == 20
    assert run("dense 10 nobias activation=relu", (1, 64)).counts.elementwise == 10
    assert run("dense 10 nobias activation=linear", (1, 64)).counts.elementwise == 0
    error = parse_line("dense 10 activation=rellu").error
    assert error is not None
    assert "did you mean relu" in error.message


def test_another_size_than_stated_is_refused_with_the_right_one_as_a_fix() -> None:
    result = run("linear 10 in_features=113", (1, 112))
    assert result.message == "in_features=113, but the last axis of the input has 112"
    assert [fix.args for fix in result.fixes] == [{"in_features": 112}]
    assert run("linear 10 in_features=113", (1, n)).status == "ok"


@pytest.mark.parametrize(
    ("units", "reason"),
    [
        ("0", "units: 0 is not a whole number of at least 1"),
        ("-2", "units: -2 is not a whole number of at least 1"),
        ("3.5", "units: a size is a whole number, without a point"),
        ("", "units needs a value: a whole number of at least 1"),
    ],
)
def test_units_are_a_whole_number_of_at_least_one(units: str, reason: str) -> None:
    error = parse_line(f"dense units={units}").error
    assert error is not None
    assert error.message == reason


def test_the_explanation_of_dense_names_its_numbers() -> None:
    twin = layer("dense 4").recorded()
    inputs = (record_tensor(Tensor((1, 7, 3)), channels_last=True),)
    macs = twin.work(inputs, twin.output(inputs)).macs
    assert as_working(macs, "MACs").rule == "C*units*L"
    assert as_working(macs, "MACs").line() == "MACs = 3*4*7 = 84"


def test_dense_reads_the_whole_input_unless_the_axis_holds_channels() -> None:
    assert run("dense 4", (1, 9)).reach is None
    assert run("dense 4", (1, 8, 8, 3)).reach == POINTWISE
    # Channels first, the last axis is the width: every unit reads a whole row.
    assert run("dense 4", (1, 3, 8, 5), data_format="channels_first").reach == (Window(1), Window(5, 0))


def test_bilinear_weighs_all_products() -> None:
    # y_k = sum of A[k, i, j] * a_i * b_j (torch.nn.Bilinear): 7*13*28 weights and 7 biases.
    result = run("bilinear 7", (2, 13), (2, 28))
    assert result.outputs[0].shape == (2, 7)
    assert result.counts.params == 7 * 13 * 28 + 7 == 2555
    assert result.counts.macs == 2 * 7 * 13 * 28
    # Element-wise: the 13*28 products of each of 2 pairs, and a bias for each of their 7 outputs.
    assert result.counts.elementwise == 2 * 13 * 28 + 2 * 7
    assert run("bilinear 7 nobias", (2, 13), (2, 28)).counts.elementwise == 2 * 13 * 28
    assert run("bilinear 7", (2, 5, 13), (2, 4, 28)).message == (
        "bilinear needs equal axes before the last: axis 1 has 5 and 4"
    )
    assert run("bilinear 7 in2_features=27", (2, 13), (2, 28)).status == "error"


def test_einsumdense_takes_the_kernel_from_the_equation() -> None:
    # Keras's own example: a (hidden, heads, size) projection of a (time, hidden) sequence.
    result = run("einsumdense bth,hnk->btnk 5x8x16 bias_axes=nk", (1, 5, 32))
    assert result.outputs[0].shape == (1, 5, 8, 16)
    assert [w.shape for w in result.weights] == [(32, 8, 16), (8, 16)]
    assert result.counts.macs == 5 * 32 * 8 * 16


def test_einsumdense_keeps_open_sizes_and_the_axes_of_an_ellipsis() -> None:
    # The examples of keras.layers.EinsumDense: (None, 32, 128) becomes (None, 32, 64) by each of the two equations.
    for line in ("einsumdense abc,cd->abd (-1)x64 bias_axes=d", "einsumdense ...x,xy->...y 64 bias_axes=y"):
        result = run(line, (1, 32, 128))
        assert result.outputs[0].shape == (1, 32, 64)
        assert result.counts.params == 128 * 64 + 64
    assert run("einsumdense ab...,bc->ac... 7 bias_axes=c", (1, 5, n)).outputs[0].shape == (1, 7, n)
    assert run("einsumdense ab...,bc->ac... 7 bias_axes=c", (1, 5, n)).weights[1].shape == (7, 1)
    # keras.layers.EinsumDense: an axis between those of the bias is 1.
    assert run("einsumdense abc,cd->abd 5x7 bias_axes=b", (1, 5, 3)).weights[1].shape == (5, 1)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("einsumdense abc,cd->abd 5", "output_shape must give the sizes of b, d; it gives 1"),
        ("einsumdense abc,cd->abd 6x7", "output_shape gives 'b' the size 6, the input 5"),
        ("einsumdense abc,cd->ab 5", "the size of 'd' in the kernel is neither in the input nor in output_shape"),
        ("einsumdense abcd,cd->abd 5x7", "einsumdense: 'abcd' names 4 axes, the input has 3, the batch among them"),
        ("einsumdense abc,cd->abd 5x7 bias_axes=e", "bias_axes names 'e', the output has abd"),
        ("einsumdense abc->ab 5", "einsumdense needs the equation of an input and a kernel, not abc->ab"),
    ],
)
def test_an_equation_that_does_not_fit_says_where(line: str, reason: str) -> None:
    assert run(line, (1, 5, 3)).message == reason


def test_an_equation_that_is_none_is_marked_in_the_line() -> None:
    error = parse_line("einsum ij,jk->iz").error
    assert error is not None
    assert error.message == "equation: 'z' stands in the output and in no operand"
    assert "einsum ij,jk->iz"[slice(*error.span)] == "z"
