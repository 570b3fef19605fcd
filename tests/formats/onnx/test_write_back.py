"""Networks drawn at random, and what is written read again: the same layers, parameters and MACs."""

from __future__ import annotations

import random
from typing import Final

import pytest

from tests.formats.onnx.back import bare, layers, read_bare
from tests.formats.onnx.models import counted, judge, network
from tui.core.snapshot import Snapshot
from tui.formats.exported import graph_of
from tui.formats.onnx.graph import read_model
from tui.formats.onnx.write import write_onnx
from tui.formats.presets import preset, presets

CHAIN = (
    "conv 6 3 padding=same", "conv 8 3 stride=2 padding=1", "depthwise 3 2 padding=same", "batchnorm", "relu",
    "maxpool 2 ceil_mode=true", "avgpool 3 padding=1 stride=1", "layernorm", "groupnorm 2", "prelu 1", "pad 1:0x2:1",
    "crop 1:0x0:1", "upsample 2", "permute 2,1,3", "softmax axis=1", "globalavgpool keepdims=true", "flatten",
    "dense 6 activation=gelu", "layerscale", "reshape -1x2", "squeezeexcitation 2", "separable 4 3 padding=same",
    "convtranspose 4 3 stride=2 padding=same", "multiheadattention 2", "gru 4 return_sequences=true", "glu",
    "reducemean axes=1 keepdims=false", "split 2", "unsqueeze 1", "dropout 0.2", "lstm 3 bidirectional=true",
    "slice start=1 axis=1", "add @x", "concat @x", "multiply @x", "call first", "call second",
)  # fmt: skip


def drawn(seed: int, most: int) -> Snapshot:
    """A network of layers that fit each other."""
    draw = random.Random(seed)
    head = draw.choice((
        "x: input 9x10x6", "set data_format=channels_first\nx: input 6x9x10", "x: input 8x6",
        "set batch=2\nx: input 12x7x4", "x: input 9x10x6\nfirst: conv 6 3 padding=same activation=relu",
        "x: input 9x10x6\nfirst: conv 6 1\nsecond: batchnorm\nrelu",
    ))  # fmt: skip
    text = head
    for _ in range(most):
        line = draw.choice(CHAIN)
        longer = network(f"{text}\n{line}")
        result = longer.result(len(longer.lines) - 1)
        if result is not None and result.status in ("ok", "warning") and 0 < result.outputs[0].elements < 20_000:
            text = f"{text}\n{line}"
    return network(text)


@pytest.mark.parametrize("seed", range(40))
def test_networks_drawn_at_random(seed: int) -> None:
    judge(drawn(seed, 40))


@pytest.mark.parametrize("seed", range(1000, 1060))
def test_networks_drawn_at_random_come_back_with_their_shapes_weights_and_macs(seed: int) -> None:
    """In whichever layout they are read: the outputs of the graph have the shapes of the text."""
    given = drawn(seed, 25)
    found = read_model(bare(write_onnx(given, "net").data), "net")
    back = Snapshot.of(found.lines)
    expected = [graph_of(given).nodes[wire.node].result.outputs[0].shape for wire in graph_of(given).outputs]
    results = [(back.result(back.names[source.name]), source.output) for source in found.outputs]
    assert [result.outputs[output].shape for result, output in results if result is not None] == expected
    assert sum(layer.weights for layer in layers(back)) == counted(given)
    assert back.totals.macs == given.totals.macs


BOTH = (
    "conv 4 3 padding=same stride=2", "conv 6 3 groups=3 padding=1 dilation=2 bias=false", "conv 4 3 activation=relu",
    "depthwise 3 2 padding=same", "separable 5 3 padding=same activation=selu", "batchnorm", "relu", "dropout 0.3",
    "batchnorm epsilon=1e-05 momentum=0.9", "maxpool 2", "avgpool 3 padding=1 stride=2", "globalavgpool keepdims=true",
    "avgpool 3 padding=1 count_include_pad=false", "globalavgpool", "globalmaxpool", "instancenorm affine=true",
    "groupnorm 3 epsilon=1e-05", "groupnorm 3", "convtranspose 4 3 stride=2 padding=1 output_padding=1", "upsample 2",
    "leakyrelu 0.1", "leakyrelu", "elu alpha=0.5", "celu", "gelu",
    "gelu approximate=tanh", "silu", "mish", "relu6", "hardsilu", "softplus", "thresholdedrelu theta=0.3", "selu",
    "hardsigmoid", "hardsigmoid alpha=0.2", "shrink lambd=0.25 bias=0.125", "sigmoid", "tanh", "clip min=-2 max=3",
    "localresponsenorm 5 alpha=0.001 k=2", "lppool 2", "globalmaxpool keepdims=true", "dropout 0.5", "cast float16",
    "squeezeexcitation 2", "squeezeexcitation 3 bias=false", "flatten", "layerscale", "add @x", "prelu slope=1x1x1",
    "spatialdropout 0.2", "batchnorm scale=false", "batchnorm center=false", "batchnorm affine=false", "instancenorm",
    "groupnorm 2 scale=false", "groupnorm 3 center=false", "groupnorm 2 affine=false",
)  # fmt: skip
"""What both sides have a word for, in either layout."""
PASSES: Final = {
    "spatialdropout": "it changes values only while training",
    "droppath": "it changes values only while training",
    "identity": "it hands its input on",
}
"""Kinds that ONNX has no word for and that no number hangs on: they are left out."""


@pytest.mark.parametrize("line", BOTH)
@pytest.mark.parametrize("head", ["x: input 12x10x6", "set data_format=channels_first\nx: input 6x12x10"])
def test_what_both_have_a_word_for_comes_back_from_the_graph_alone(line: str, head: str) -> None:
    """Text to ONNX to text: the same layers under the same names, in the same layout, with the same arguments."""
    given = network(f"{head}\nfirst: conv 6 3 padding=same\n{line}\nlast: relu")
    back = read_bare(given)
    expected = [layer for layer in layers(given) if layer.kind not in PASSES]
    assert layers(back) == expected
    assert back.settings.data_format == given.settings.data_format


FIRST = ("softmax axis=1", "pad 0:0x0:0x1:0x2:1", "reducemean axes=2,3", "slice start=1x0 end=3x4 axis=1,2",
         "unsqueeze 1", "permute 0,2,1,3", "depthtospace 1", "tile 1x2x1x1", "argmax axis=1",
         "topk 2 axis=1 largest=false", "prelu slope=6x1x1", "meanvariancenorm", "trilu k=1", "cumsum 1 reverse=true",
         "pad 0:0x0:0x1:0x2:1 value=2.5", "layernorm axis=2,3", "concat @x", "split 2")  # fmt: skip


@pytest.mark.parametrize("line", FIRST)
def test_axes_come_back(line: str) -> None:
    given = network(f"set data_format=channels_first\nx: input 6x12x10\ny: {line}")
    assert layers(read_bare(given)) == layers(given)


LAST = ("softmax", "softmax axis=1", "reducemean axes=1,2", "reducemax axes=2", "layernorm",
        "slice start=1 end=3 axis=3", "concat @first", "concat axis=1 @first", "split 3", "split 2 axis=2",
        "pad 0:0x1:1x0:0x0:0", "permute 0,2,1,3", "rmsnorm", "dense 7 activation=tanh")  # fmt: skip


@pytest.mark.parametrize("line", LAST)
def test_axes_come_back_where_the_channels_are_last(line: str) -> None:
    """The layers around have the channels first in the graph; the shapes are those of the text."""
    given = network(f"x: input 12x10x6\nfirst: conv 6 3 padding=same\ny: {line}\nz: conv 4 1")
    found = {layer.name: layer for layer in layers(read_bare(given))}
    expected = {layer.name: layer for layer in layers(given)}
    assert found.keys() == expected.keys()
    assert [found[n][3:] for n in found] == [expected[n][3:] for n in found]
    assert found["z"] == expected["z"]


SEQUENCES = (
    "lstm 4", "lstm 4 return_sequences=true", "lstm 4 go_backwards=true", "lstm 4 bidirectional=true",
    "lstm 4 bidirectional=true return_sequences=true", "lstm 4 bias=false", "lstm 4 peephole=true",
    "lstm 4 return_state=true return_sequences=true", "lstm 4 batch_first=false return_sequences=true",
    "lstm 4 activation=relu recurrent_activation=hardsigmoid", "rnn 4", "rnn 4 activation=relu", "gru 4",
    "gru 4 return_sequences=true", "gru 4 reset_after=false", "gru 4 bidirectional=true reset_after=false",
    "multiheadattention 2", "multiheadattention 2 causal=true", "multiheadattention 3 5 value_dim=2",
    "multiheadattention 2 bias=false", "multiheadattention 2 @x @y", "positionembedding", "positionembedding 64",
    "classtoken", "layernorm epsilon=1e-06", "layernorm scale=false", "layernorm center=false",
    "layernorm affine=false", "rmsnorm", "lstm 300", "batchnorm scale=false", "dense 7 activation=softmax",
    "dense 5 bias=false", "transformerencoder 4 16", "transformerencoder 2 16 3 activation=gelu bias=false",
    "transformerencoder 4 16 2 norm_first=true",
)  # fmt: skip


@pytest.mark.parametrize("line", SEQUENCES)
@pytest.mark.parametrize("counting", ["keras", "pytorch"])
def test_layers_of_sequences_come_back(line: str, counting: str) -> None:
    """Recurrent layers with as many bias vectors as were written: in Keras one (two in a GRU with reset_after)."""
    given = network(f"set counting={counting}\nx: input 10x12\ny: dense 12\n{line}")
    assert layers(read_bare(given)) == layers(given)


@pytest.mark.parametrize(
    ("counting", "line", "weights"),
    [("keras", "lstm 128", 98_816), ("pytorch", "lstm 128", 99_328), ("keras", "gru 128", 74_496),
     ("keras", "gru 128 reset_after=false", 74_112), ("pytorch", "gru 128", 74_496), ("keras", "rnn 128", 24_704),
     ("pytorch", "rnn 128", 24_832)],
)  # fmt: skip
def test_biases_are_counted_as_they_are_stored(counting: str, line: str, weights: int) -> None:
    """64 to 128: the parameters that Keras 3.15 and PyTorch 2.13 count."""
    assert read_bare(network(f"set counting={counting}\ninput 10x64\n{line}")).totals.params == weights


OTHERWISE: Final[dict[str, set[str]]] = {
    "alexnet": {"adaptiveavgpool1"},  # from 6x6 to 6x6: windows of one element
    "unet": {"up1.skip", "up2.skip", "up3.skip", "up4.skip"},  # ONNX crops with Slice
    "gpt2-small": {"embed.table", "embed.rows", "embed.positions"},  # a table that is looked up is an embedding
    "vit-b-16": {"patches.steps"},  # a reshape to what is left is one to that size
}
"""Layers of presets that come back in other words, with the same results."""


@pytest.mark.parametrize("name", presets())
def test_presets_come_back_from_the_graph_alone(name: str) -> None:
    bound = {"worked-example": "let n = 10\n", "gpt-blocks": "let h = 4\nlet L = 2\nlet d = 64\n"}
    given = network(preset(name).text + bound.get(name, ""))
    back = read_bare(given)
    found, expected = ({layer.name: layer for layer in layers(one)} for one in (back, given))
    differ = {n for n, layer in expected.items() if layer.kind not in PASSES and found.get(n) != layer}
    assert differ == OTHERWISE.get(name, set())
    assert sum(layer.weights for layer in found.values()) == counted(given)
    assert back.totals.macs == given.totals.macs
    assert [layer.outputs for layer in layers(back)][-1] == [layer.outputs for layer in layers(given)][-1]


def test_dotted_groups_names_symbols_and_shared_layers_come_back() -> None:
    given = network(
        "set data_format=channels_first\nimage: input 3xHxW\nstage1.conv: conv 8 3 padding=1\nstage1.act: relu\n"
        "stage2.a: conv 8 3 padding=1\nstage2.b: call stage2.a\nstage2.sum: add @stage1.act\nhead.pool: globalavgpool\n"
        "head.out: dense 5"
    )
    assert [layer.outputs for layer in layers(read_bare(given))] == [layer.outputs for layer in layers(given)]
    assert layers(read_bare(given)) == layers(given)
    assert [line.code for line in read_bare(given).lines if "call" in line.code] == ["stage2.b: call stage2.a"]
