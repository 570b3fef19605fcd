"""Pools with a window."""

from __future__ import annotations

import pytest

from tests.layers.building import run, spatial
from tui.core.kind import Window
from tui.core.tensor import Tensor


def test_the_stride_is_the_kernel_unless_it_is_given() -> None:
    assert spatial("maxpool 2", 36, 28) == (18, 14)
    assert spatial("maxpool 3 stride=2", 36, 28) == (17, 13)
    assert spatial("최대풀링 2x3", 9, 9) == (4, 3)


@pytest.mark.parametrize("kind", ["maxpool", "avgpool", "lppool"])
def test_ceil_mode_drops_a_window_that_starts_in_the_padding(kind: str) -> None:
    # PyTorch 2.13 [MaxPool1d, AvgPool1d]: 3 and 3, where the formula of its documentation gives 4 and 4
    assert spatial(f"{kind} 4 padding=2 ceil", 9) == (3,)
    assert spatial(f"{kind} 2 padding=1 ceil", 5) == (3,)
    # PyTorch 2.13: AvgPool2d(4, 4, ceil_mode=True) makes 3x3 of 10x10; without it 2x2
    assert spatial(f"{kind} 4 ceil", 10, 10) == (3, 3)
    assert spatial(f"{kind} 4", 10, 10) == (2, 2)


def test_a_pool_keeps_channels_and_dtype_and_has_no_weights() -> None:
    result = run("avgpool 2 same", (2, 5, 5, 7))
    assert result.outputs == (Tensor((2, 3, 3, 7)),)
    assert result.weights == ()
    assert result.counts.macs == 0


def test_elementwise_work_by_hand() -> None:
    # 3x3 outputs of 7 channels, 4 taps each; the norm takes a power and a sum a tap, and a root
    assert run("maxpool 2", (1, 6, 6, 7)).counts.elementwise == 3 * 3 * 7 * 4
    assert run("lppool 2", (1, 6, 6, 7)).counts.elementwise == 3 * 3 * 7 * (2 * 4 + 1)


def test_a_padding_of_more_than_half_the_kernel() -> None:
    remarked = run("maxpool 4 padding=3", (1, 9, 9, 1))
    assert (remarked.status, remarked.outputs[0].shape) == ("warning", (1, 3, 3, 1))
    assert remarked.message == "PyTorch refuses a padding of more than half the kernel"
    # PyTorch 2.13 looks at the kernel itself: MaxPool2d(3, dilation=3, padding=3) is refused, padding=1 is not.
    assert run("maxpool 3 dilation=3 padding=3", (1, 9, 9, 1)).message == remarked.message
    assert run("maxpool 3 dilation=3 padding=1", (1, 9, 9, 1)).status == "ok"
    refused = run("maxpool 2 padding=0:2", (1, 9, 9, 1))
    assert refused.message == "padding 2 is not smaller than the kernel 2: a window would lie in the padding"
    assert refused.status == "error"


def test_a_three_dimensional_average_pool_larger_than_its_input_is_remarked() -> None:
    # ATen checks the input without its padding, in avg_pool3d alone, which lp_pool3d calls
    for kind in ("avgpool", "lppool"):
        assert run(f"{kind} 3 padding=1", (1, 2, 4, 4, 1)).message == (
            f"PyTorch refuses a 3-D {kind} whose kernel is larger than the input"
        )
    assert run("maxpool 3 padding=1", (1, 2, 4, 4, 1)).status == "ok"
    assert run("avgpool 3 padding=1", (1, 2, 4, 1)).status == "ok"
    assert run("avgpool 3 same", (1, 2, 4, 4, 1)).status == "ok"


def test_the_places_of_the_largest_are_a_second_output() -> None:
    first, second = run("maxpool 2 return_indices=true", (1, 6, 6, 3)).outputs
    assert (first.shape, first.dtype) == ((1, 3, 3, 3), "float32")
    assert (second.shape, second.dtype) == ((1, 3, 3, 3), "int64")


def test_unpooling_undoes_the_size_of_a_pool() -> None:
    # PyTorch MaxUnpool2d: (n - 1)*stride - 2*padding + kernel
    pooled = run("maxpool 3 stride=2 padding=1 return_indices=true", (1, 9, 9, 3)).outputs
    shapes = [tensor.shape for tensor in pooled]
    assert run("maxunpool 3 stride=2 padding=1", *shapes).outputs[0].shape == (1, 9, 9, 3)
    assert run("maxunpool 3 stride=2 padding=1 output_size=10", *shapes).outputs[0].shape == (1, 10, 10, 3)
    refused = run("maxunpool 2", (1, 3, 3, 3), (1, 3, 4, 3))
    assert refused.message == "the indices are 3x4x3, the elements 3x3x3: they must have one shape"


def test_what_an_unpooled_element_comes_from() -> None:
    # Windows beside each other: from one. Windows of 3 at a step of 2 overlap by one: from two at most.
    elements = ((1, 4, 4, 3), (1, 4, 4, 3))
    assert run("maxunpool 2", *elements).reach == (Window(1, 1, 0, up=2),) * 2
    assert run("maxunpool 3 stride=2", *elements).reach == (Window(2, 1, 1, up=2),) * 2
