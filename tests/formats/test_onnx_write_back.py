"""Networks drawn at random, and what is written read again: the same layers, parameters and MACs."""

from __future__ import annotations

import random
from typing import Any

import pytest

from tests.formats.onnx_models import counted, judge, network
from tui.formats.onnx_graph import read_onnx
from tui.formats.onnx_write import write_onnx
from tui.formats.presets import preset

CHAIN = (
    "conv 6 3 padding=same", "conv 8 3 stride=2 padding=1", "depthwise 3 2 padding=same", "batchnorm", "relu",
    "maxpool 2 ceil_mode=true", "avgpool 3 padding=1 stride=1", "layernorm", "groupnorm 2", "prelu 1", "pad 1:0x2:1",
    "crop 1:0x0:1", "upsample 2", "permute 2,1,3", "softmax axis=1", "globalavgpool keepdims=true", "flatten",
    "dense 6 activation=gelu", "layerscale", "reshape -1x2", "squeezeexcitation 2", "separable 4 3 padding=same",
    "convtranspose 4 3 stride=2 padding=same", "multiheadattention 2", "gru 4 return_sequences=true", "glu",
    "reducemean axes=1 keepdims=false", "split 2", "unsqueeze 1", "dropout 0.2", "lstm 3 bidirectional=true",
    "slice start=1 axis=1", "add @x", "concat @x", "multiply @x",
)  # fmt: skip


@pytest.mark.parametrize("seed", range(40))
def test_networks_drawn_at_random(seed: int) -> None:
    draw = random.Random(seed)
    head = draw.choice(("x: input 9x10x6", "set data_format=channels_first\nx: input 6x9x10", "x: input 8x6",
                        "set batch=2\nx: input 12x7x4"))  # fmt: skip
    text = head
    for _ in range(40):
        line = draw.choice(CHAIN)
        longer = network(f"{text}\n{line}")
        result = longer.result(len(longer.lines) - 1)
        if result is not None and result.status in ("ok", "warning") and 0 < result.outputs[0].elements < 20_000:
            text = f"{text}\n{line}"
    judge(network(text))


BACK = ["conv 4 3 padding=same stride=2", "conv 6 3 groups=3 padding=1 dilation=2 bias=false", "batchnorm", "relu",
        "maxpool 2", "avgpool 3 padding=1 stride=2", "globalavgpool keepdims=true", "instancenorm affine=true",
        "groupnorm 3", "convtranspose 4 3 stride=2 padding=1 output_padding=1", "upsample 2", "leakyrelu 0.1", "elu",
        "softmax axis=1", "pad 1:0x2:1", "reducemean axes=2,3", "slice start=1 end=3 axis=1", "flatten axis=1",
        "unsqueeze 1", "permute 0,2,1,3", "depthtospace 1", "localresponsenorm 5", "globalmaxpool keepdims=true",
        "tile 1x2x1x1", "clip min=0 max=6", "argmax axis=1", "dropout 0.5", "selu", "hardsigmoid", "sigmoid", "tanh",
        "cast float16", "topk 2 axis=1", "prelu slope=6x1x1", "meanvariancenorm", "lppool 2"]  # fmt: skip


@pytest.mark.parametrize("line", BACK)
def test_what_both_have_a_word_for_comes_back_as_it_was(line: str) -> None:
    """Text to ONNX to text: the same kind with the same results, under the same name."""
    given = network(f"set data_format=channels_first counting=onnx\nx: input 6x12x10\ny: {line}")
    read = network("\n".join(one.text for one in read_onnx(write_onnx(given, "net").data, "net").lines))
    ours, back = (_rows(snapshot) for snapshot in (given, read))
    assert back == ours


def _rows(snapshot: Any) -> list[tuple[Any, ...]]:
    found = []
    for row, line in enumerate(snapshot.lines):
        result = snapshot.result(row)
        if result is not None:
            assert result.kind is not None, line.text
            counts = result.counts
            found.append((line.name, result.kind.name, result.outputs, counts.params, counts.macs))
    return found


@pytest.mark.parametrize("name", ["resnet-18", "inception-v1", "mobilenet-v2", "unet", "convnext-t", "densenet-121"])
def test_presets_read_back_have_our_parameters_and_macs(name: str) -> None:
    given = network(preset(name).text)
    read = network("\n".join(one.text for one in read_onnx(write_onnx(given, name).data, name).lines))
    assert read.totals.params == counted(given)
    assert read.totals.macs == given.totals.macs
