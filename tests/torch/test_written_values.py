"""The PyTorch sources that are written compute what Keras computes, not only the same shapes.

Each golden is the sum over the output, flattened as Keras has it, of every element times its place from 1 on:
computed by Keras 3.15.1 (NumPy backend) for an input of ``arange % 7 - 2`` and kernels of ``arange % 5``, no bias.
"""

from __future__ import annotations

from math import prod
from pathlib import Path

import pytest

from tui.core.snapshot import Snapshot
from tui.formats.document import parse_document

torch = pytest.importorskip("torch")
from tests.torch.written import loaded, source_of, zeros_of  # noqa: E402 - it needs PyTorch

pytestmark = pytest.mark.torch

CASES = (
    ("conv 1 3x3 stride=2 padding=same", "6x5x1", (3, 3, 1), 407.0),
    ("conv 1 4x4 padding=same", "6x5x1", (6, 5, 1), 7291.0),
    ("conv 1 7x7 stride=2 padding=same", "8x8x1", (4, 4, 1), 7769.0),
    ("conv 1 3 padding=causal dilation=2", "7x1", (7, 1), 122.0),
    ("maxpool 3 stride=2 padding=same", "6x6x1", (3, 3, 1), 148.0),
    ("avgpool 3 stride=2 padding=same", "6x5x1", (3, 3, 1), 31.472),
    ("convtranspose 1 3x3 stride=2 padding=same", "4x3x1", (8, 6, 1), 3209.0),
    ("convtranspose 1 4x4 stride=2 padding=same", "4x3x1", (8, 6, 1), 4525.0),
    ("convtranspose 1 2x2 stride=3", "4x3x1", (12, 9, 1), 3283.0),
    ("convtranspose 1 3x3 stride=2 padding=same output_padding=1", "4x3x1", (8, 6, 1), 3209.0),
    ("upsampling 2 mode=bilinear", "4x3x1", (8, 6, 1), 987.5),
    ("resizing 3 5 mode=nearest", "7x4x1", (3, 5, 1), 21.0),
    ("centercrop 4 3", "7x6x1", (4, 3, 1), 132.0),
    ("flatten", "3x2x4", (24,), 248.0),
    ("globalavgpool", "3x2x4", (4,), 6.667),
    ("depthwise 3x3 2 stride=2 padding=same", "6x6x2", (3, 3, 4), 6929.0),
    ("batchnorm", "3x2x4", (3, 2, 4), 247.876),
    ("layernorm", "3x2x4", (3, 2, 4), 5.052),
    ("groupnorm 2", "3x2x4", (3, 2, 4), 11.546),
    ("relu max_value=5 negative_slope=0.25 threshold=1", "3x2x4", (3, 2, 4), 284.0),
    ("softmax", "3x2x4", (3, 2, 4), 75.869),
    ("unitnorm", "3x2x4", (3, 2, 4), 61.236),
    ("reshape 4x6", "3x2x4", (4, 6), 248.0),
    ("permute 3,1,2", "3x2x4", (4, 3, 2), 202.0),
    ("crop 1:0x0:1", "3x2x4", (2, 1, 4), 54.0),
    ("attention", "3x4", (3, 4), 62.199),
)


# A convolution of kernel 1 and weight 1 before and behind brings the channels first in the written code.
@pytest.mark.parametrize("between", [False, True], ids=["alone", "between convolutions"])
@pytest.mark.parametrize(("line", "shape", "out", "golden"), CASES, ids=[case[0] for case in CASES])
def test_a_layer_computes_what_keras_does(
    line: str, shape: str, out: tuple[int, ...], golden: float, between: bool, tmp_path: Path
) -> None:
    sizes = tuple(map(int, shape.split("x")))
    same = f"depthwise {'x'.join('1' * (len(sizes) - 1))}" if between and len(sizes) > 1 else ""
    text = "\n".join(["set bias=false", f"input {shape}", *([f"one: {same}"] if same else []), f"it: {line}"])
    source = source_of(Snapshot.of(parse_document(text)))
    net = loaded(source, tmp_path).Written().eval()
    x = (torch.arange(prod(sizes), dtype=torch.float32) % 7 - 2).reshape(1, *sizes)
    with torch.no_grad():
        for name, weight in net.named_parameters():
            if name.startswith("one"):
                weight.fill_(1.0)
            elif "conv" in line or "depthwise" in line:
                weight.copy_(_as_keras_stores(line, weight))
        (zeros,) = zeros_of(source)
        y = net(x if zeros.shape == x.shape else x.movedim(-1, 1))
    if tuple(y.shape[1:]) != out:
        y = y.movedim(1, -1)
    assert tuple(y.shape[1:]) == out
    found = float((y.double().flatten() * torch.arange(1, y.numel() + 1)).sum())
    assert found == pytest.approx(golden, abs=2e-3), source


def _as_keras_stores(line: str, weight: torch.Tensor) -> torch.Tensor:
    """Kernels of Keras: (k..., in, out), transposed (k..., out, in), depthwise (k..., channels, multiplier)."""
    numbers = torch.arange(weight.numel(), dtype=torch.float32) % 5
    if "depthwise" in line:
        multiplier = 2
        stored = numbers.reshape(*weight.shape[2:], weight.shape[0] // multiplier, multiplier)
        return stored.movedim((-2, -1), (0, 1)).reshape(weight.shape)
    stored = numbers.reshape(*weight.shape[2:], weight.shape[1], weight.shape[0])
    return stored.movedim((-1, -2), (0, 1))
