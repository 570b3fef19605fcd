"""Merging layers: what fits, what comes out, and what a refusal says."""

from __future__ import annotations

import pytest

from tests.layers.building import run
from tui.core.size import symbol
from tui.layers import kind_named

h, n, m = symbol("h"), symbol("n"), symbol("m")


@pytest.mark.parametrize("line", ["add", "subtract", "multiply", "average", "maximum", "minimum", "divide", "pow"])
def test_equal_shapes_join_element_by_element(line: str) -> None:
    result = run(line, (1, 4, 4, 8), (1, 4, 4, 8))
    assert result.outputs[0].shape == (1, 4, 4, 8)
    assert result.counts.elementwise == 4 * 4 * 8
    assert result.counts.macs == 0


def test_each_input_after_the_first_costs_one_operation_an_element() -> None:
    assert run("add", *[(1, 10)] * 4).counts.elementwise == 30


def test_a_size_of_one_stretches_as_in_numpy() -> None:
    # numpy.broadcast_shapes((1, 4, 1), (3, 1, 5)) == (3, 4, 5)
    assert run("add", (1, 4, 1), (3, 1, 5)).outputs[0].shape == (3, 4, 5)
    assert run("add", (2, 4, 6, 1), (6, 1)).outputs[0].shape == (2, 4, 6, 1)
    assert run("add", (4, 4), ()).outputs[0].shape == (4, 4)


def test_what_does_not_fit_says_which_axis_and_which_sizes() -> None:
    result = run("add", (1, 28, 28, 64), (1, 14, 28, 64))
    assert result.message == (
        "add cannot join 28x28x64 and 14x28x64: axis 1 has the sizes 28 and 14, "
        "they must be equal (or 1, which stretches)"
    )
    assert run("maximum", (1, 9), (1, 9), (1, 10)).status == "error"


def test_a_symbol_that_may_fit_is_taken_to_fit() -> None:
    assert run("add", (1, n, 8), (1, 5, 8)).outputs[0].shape == (1, 5, 8)
    assert run("add", (1, n, 8), (1, m, 8)).outputs[0].shape == (1, n, 8)
    assert run("add", (1, n, 8), (1, 1, 8)).outputs[0].shape == (1, n, 8)
    # n and n + 1 are equal for no n, and neither is 1 for all n.
    assert run("add", (1, n + 1, 8), (1, n + 2, 8)).status == "error"


def test_keras_lines_up_the_batches_where_others_line_up_the_last_axes() -> None:
    # keras.layers.Add of (8, 3, 3, 2) and (8, 3, 2) is (8, 3, 3, 2); numpy refuses 3 and 8 on axis 1.
    result = run("add", (8, 3, 3, 2), (8, 3, 2))
    assert result.outputs[0].shape == (8, 3, 3, 2)
    assert result.status == "warning"
    assert "PyTorch and ONNX" in (result.message or "")


def test_comparisons_and_where_choose_types() -> None:
    assert run("greater", (1, 4), (1, 4)).outputs[0].dtype == "bool"
    assert run("notequal", (1, 4), (1, 4)).outputs[0].dtype == "bool"
    assert run("where", (2, 1), (1, 1), (3,)).outputs[0].shape == (2, 3)
    assert run("where", (2, 4), (2, 5), (2, 4)).status == "error"


def test_concat_adds_up_the_channels_unless_told_otherwise() -> None:
    assert run("concat", (1, h, h, 16), (1, h, h, n)).outputs[0].shape == (1, h, h, n + 16)
    assert run("concat", (1, 3, 4, 4), (1, 5, 4, 4), data_format="channels_first").outputs[0].shape == (1, 8, 4, 4)
    assert run("concat axis=1", (1, 5, 8), (1, 3, 8), (1, 6, 8)).outputs[0].shape == (1, 14, 8)
    assert run("cat dim=-2", (1, 5, 8), (1, 3, 8)).outputs[0].shape == (1, 8, 8)


def test_concat_refuses_by_axis() -> None:
    assert run("concat", (1, 4, 4, 3), (1, 4, 5, 3)).message == (
        "concat along axis 3 needs all other sizes equal: axis 2 has 4 and 5 in 4x4x3 and 4x5x3"
    )
    assert run("concat", (1, 4, 3), (1, 3)).message == ("concat needs inputs with equally many axes, it gets 4x3 and 3")
    assert run("concat axis=3", (1, 4), (1, 4)).status == "error"
    assert run("concat", (1, n, 3), (1, 5, 3)).outputs[0].shape == (1, 5, 6)


def test_stack_makes_an_axis() -> None:
    assert run("stack", (1, 4, n), (1, 4, n)).outputs[0].shape == (1, 2, 4, n)
    assert run("stack axis=-1", (1, 4), (1, 4), (1, 4)).outputs[0].shape == (1, 4, 3)
    assert run("stack", (1, 4), (1, 5)).status == "error"
    assert run("stack", (1, 4), (1, 4, 1)).status == "error"


@pytest.mark.parametrize(("name", "kind"), [("Sub", "subtract"), ("Mul", "multiply"), ("Mean", "average"),
                                            ("Sum", "add"), ("keras.layers.Concatenate", "concat")])  # fmt: skip
def test_names_in_the_frameworks(name: str, kind: str) -> None:
    named = kind_named(name)
    assert named is not None
    assert named[0].name == kind
