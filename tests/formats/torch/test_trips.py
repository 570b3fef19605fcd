"""From the list to PyTorch source and back: the same layers, or those that the report says it is written in."""

from __future__ import annotations

import re
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.formats.trips import differences, explicit, of_preset
from tests.samples import sample
from tui.core.snapshot import Snapshot
from tui.formats.document import parse_document, print_document
from tui.formats.exported import graph_of
from tui.formats.line import parse_line, with_args
from tui.formats.presets import presets
from tui.formats.python.source import read_text
from tui.formats.torch.write_rules import UNSAID
from tui.formats.writers import TARGETS, write
from tui.layers import KINDS

NEEDS_MORE: Final = {"scatter", "compress", "nonzero"}
"""Kinds whose example PyTorch cannot say, for what it does not read or does not know."""
NOT_SAID: Final = {
    # They do nothing when a network is run, and PyTorch has no such layer: the writer hands the input on.
    *(name for name in KINDS if name.startswith("random")), "augmix", "autocontrast", "cutmix", "mixup",
    "equalization", "solarization", "randaugment", "activityregularization", "masking", "centercrop",
    # Types and fixed tensors, which the reader of source folds away.
    "cast", "like", "constant", "parameter", "range", "shape", "size", "reverse", "bitshift",
    # Their examples have no bounds and grow nothing.
    "clip", "expand",
    # Functions that no reader knows: they come back opaque.
    "affinegrid", "gridsample", "pointwise", "normalization",
    # A network without an input is no network in PyTorch; its function of a whole batch needs one more axis.
    "reducemedian",
}  # fmt: skip
"""Kinds of which something is lost."""

OTHER_WORDS: Final = {
    "additiveattention": (
        "unsqueeze", "unsqueeze", "add", "tanh", "parameter", "multiply", "reducesum", "softmax", "matmul"),
    "activation": ("relu",),
    "average": ("add", "rescaling"),
    "bitwiseand": ("and",), "bitwiseor": ("or",), "bitwisexor": ("xor",),
    "categoryencoding": ("onehot", "reducemax"),
    "centercroppad": ("pad",),
    "classtoken": ("parameter", "expand", "concat"),
    "crop": ("pad",),
    "dot": ("einsum",),
    "einsumdense": ("parameter", "einsum", "parameter", "add"),
    "gather": ("constant", "gather"),
    "gatherelements": ("constant", "gatherelements"),
    "gathernd": ("constant", "gather"),
    "gemm": ("permute", "matmul"),
    "globallppool": ("reducel2",),
    "hardmax": ("argmax", "onehot"),
    "layerscale": ("parameter", "multiply"),
    "lstm": ("lstm", "slice", "squeeze", "slice", "squeeze", "concat"),
    "meanvariancenorm": ("reducemean", "subtract", "reducestd", "clip", "divide"),
    "positionembedding": ("parameter", "slice", "add"),
    "prelu": ("constant", "less", "parameter", "multiply", "where"),
    "reducel1": ("abs", "reducesum"),
    "reducel2": ("square", "reducesum", "sqrt"),
    "reducelogsum": ("reducesum", "log"),
    "reduceprod": ("reduceprod", "reduceprod"),
    "reducesumsquare": ("square", "reducesum"),
    "repeatvector": ("unsqueeze", "expand"),
    "rescaling": ("rescaling", "rescaling"),
    "reshape": ("flatten", "unflatten"),
    "resizing": ("upsample",),
    "separable": ("depthwise", "conv"),
    "shrink": ("hardshrink",),
    "softmax2d": ("softmax",),
    "sparseplus": ("constant", "less", "clip", "rescaling", "square", "rescaling", "where"),
    "sparsesigmoid": ("rescaling", "rescaling", "clip"),
    "spatialdropout": ("permute", "spatialdropout"),
    "stackedrnn": ("lstm", "lstm"),
    "squareplus": ("square", "rescaling", "sqrt", "add", "rescaling"),
    "thresholdedrelu": ("threshold",),
    "upsampling": ("upsample",),
}  # fmt: skip
"""Kinds that PyTorch says in other words, and the kinds that are read back, in any order of the axes."""
SEQUENCES: Final = {"globalavgpool": ("reducemean",), "globalmaxpool": ("reducemax",)}
"""Pools of a sequence: a mean over the steps, which may as well be one over features."""
OTHER_ARGUMENTS: Final = {"gru", "rnn", "split", "permute", "squeeze", "fractionalmaxpool", "flatten"}
"""Kinds that come back with the same outcome in other arguments: sizes for parts, all axes for some, ..."""


def back(snapshot: Snapshot) -> Snapshot:
    source = write(TARGETS["pytorch"], snapshot, "net").data.decode()
    return Snapshot.of(read_text(source, "net.py").lines)


def kinds(snapshot: Snapshot) -> tuple[str, ...]:
    return tuple(line.split()[1] for _, line in explicit(snapshot) if line.split()[1] != "input")


def outcome(snapshot: Snapshot) -> tuple[object, ...]:
    """Parameters, MACs and the sizes of the outputs, whatever the order of their axes."""
    graph, totals = graph_of(snapshot), snapshot.totals
    shapes = [graph.nodes[wire.node].result.outputs[0].shape for wire in graph.outputs]
    return totals.trainable, totals.buffers, totals.macs, [sorted(map(str, shape)) for shape in shapes]


def by_pytorch(snapshot: Snapshot) -> Snapshot:
    """The network as PyTorch counts it; a recurrent layer keeps the bias vectors that it has."""
    lines = []
    for row, line in enumerate(snapshot.lines):
        kind = None if (result := snapshot.result(row)) is None else result.kind
        if line.spec is not None and hasattr(kind, "bias_vectors") and kind.bias:
            line = parse_line(with_args(line, {"bias_vectors": str(kind.cell().biases)}))
        lines.append(line)
    return Snapshot.of([*lines, *parse_document("set counting=pytorch")])


def first(snapshot: Snapshot) -> bool:
    return snapshot.settings.data_format == "channels_first"


SAID: Final = sorted(set(KINDS) - set(UNSAID) - NEEDS_MORE - NOT_SAID - {"input", "call"})


@pytest.mark.parametrize("name", SAID)
def test_a_kind_comes_back(name: str) -> None:
    snapshot = sample(name)
    read = back(snapshot)
    wanted = OTHER_WORDS.get(name) or SEQUENCES.get(name)
    if wanted is not None:
        assert kinds(read)[-len(wanted) :] == wanted
        return
    assert kinds(read) == kinds(snapshot)
    if name not in OTHER_ARGUMENTS and explicit(snapshot)[0].text == explicit(read)[0].text:
        assert differences(snapshot, read, apart=True) == []


@pytest.mark.parametrize("name", sorted(set(SAID) - set(OTHER_WORDS)))
def test_parameters_macs_and_sizes_of_each_kind_come_back(name: str) -> None:
    snapshot = sample(name)
    assert outcome(back(snapshot)) == outcome(by_pytorch(snapshot))


PARTS: Final = {"gpt2-small", "lstm-text"}
"""Presets with what PyTorch says in other words: tables of positions, the last state of an LSTM."""


@pytest.mark.parametrize("name", sorted(set(presets()) - PARTS))
def test_presets_come_back_layer_by_layer(name: str) -> None:
    snapshot = of_preset(name)
    read = back(snapshot)
    if first(snapshot) or explicit(snapshot)[0].text == explicit(read)[0].text:
        assert differences(snapshot, read, apart=True) == []
    else:
        assert outcome(read) == outcome(by_pytorch(snapshot))


@pytest.mark.parametrize("name", sorted(PARTS))
def test_presets_of_other_words_come_back_with_their_totals(name: str) -> None:
    snapshot = of_preset(name)
    assert outcome(back(snapshot)) == outcome(by_pytorch(snapshot))


@pytest.mark.parametrize("name", ["worked-example", "lenet-5", "ds-cnn", "mobilenet-v1-0.25"])
def test_convolutional_presets_come_back_with_the_channels_first(name: str) -> None:
    text = print_document(of_preset(name).lines).replace("channels_last", "channels_first")
    text = re.sub(r"(?m)^(\s*input )(\d+x\d+)x(\d+)", r"\1\3x\2", text)
    snapshot = Snapshot.of(parse_document(text))
    assert first(snapshot)
    assert differences(snapshot, back(snapshot), apart=True) == []


@pytest.mark.parametrize("name", sorted(set(presets()) - PARTS))
def test_what_came_back_stays(name: str) -> None:
    once = back(of_preset(name))
    twice = back(once)
    assert [line.split()[1:] for _, line in explicit(twice)] == [line.split()[1:] for _, line in explicit(once)]


def test_what_pytorch_says_as_we_do_comes_back_word_for_word() -> None:
    text = """\
set data_format=channels_first counting=pytorch

image: input 3x32x32
stem.conv1: conv 16 3x3 stride=2 padding=1 bias=false
stem.norm1: batchnorm
stem.relu1: relu
body.dw: depthwise 3x3 padding=1
body.pool: maxpool 2x2
body.both: add @body.dw @stem.relu1
body.join: concat @body.both @body.dw
head.flat: flatten
head.drop: dropout 0.3
head.fc: dense 10
"""
    assert print_document(back(Snapshot.of(parse_document(text))).lines) == text


def test_symbols_come_back_as_symbols() -> None:
    text = """\
set data_format=channels_first counting=pytorch

image: input 3xHxW
stem.conv: conv n 3x3 padding=1
stem.relu: relu
head.conv: conv 2*n 1x1
"""
    assert print_document(back(Snapshot.of(parse_document(text))).lines) == text


def test_a_run_that_somebody_changed_has_their_numbers() -> None:
    text = "set data_format=channels_first\ninput 3xHxW\na.c: conv n 3 padding=1\nrelu\nb.c: conv 4 1"
    source = write(TARGETS["pytorch"], Snapshot.of(parse_document(text)), "net").data.decode()
    changed = source.replace("Net(n=16)", "Net(n=48)").replace("torch.zeros(1, 3, 16, 16)", "torch.zeros(1, 3, 64, 64)")
    assert (changed.count("48"), changed.count("64, 64")) == (1, 1)
    lines = read_text(changed, "net.py").lines
    assert [line.code for line in lines if line.is_layer][:2] == ["input1: input 3x64x64", "a.c: conv 48 3x3 padding=1"]


def test_a_causal_mask_and_unasked_weights_come_back() -> None:
    text = (
        "set data_format=channels_first counting=pytorch\n\nx: input 6x32\nattend: multiheadattention 4 causal=true\n"
    )
    assert print_document(back(Snapshot.of(parse_document(text))).lines) == text


def test_unlike_ends_of_a_convolution_come_back_as_its_padding() -> None:
    text = "set data_format=channels_first counting=pytorch\n\nx: input 3x9x9\nc: conv 4 3x3 stride=2 padding=0:1x1:2\n"
    assert print_document(back(Snapshot.of(parse_document(text))).lines) == text


def test_padding_that_another_layer_reads_too_stays() -> None:
    lines = read_text(
        "import torch\nfrom torch import nn\nfrom torch.nn import functional as F\n"
        "class Net(nn.Module):\n"
        "    def __init__(self):\n        super().__init__()\n"
        "        self.a = nn.Conv2d(3, 4, 3)\n        self.b = nn.Conv2d(3, 4, 3)\n"
        "    def forward(self, x):\n        x = F.pad(x, (1, 1, 1, 1))\n        return self.a(x) + self.b(x)\n"
        "Net()(torch.zeros(1, 3, 8, 8))\n",
        "net.py",
    ).lines
    assert [line.code for line in lines if line.is_layer] == [
        "x: input 3x8x8", "pad: pad 1x1", "a: conv 4 3x3", "b: conv 4 3x3 @pad", "add: add @a @b",
    ]  # fmt: skip


CHAINS: Final = st.lists(
    st.sampled_from((
        "conv 6 3x3 padding=1", "conv 4 1x1 bias=false", "depthwise 3x3 padding=1", "batchnorm", "relu", "silu",
        "gelu", "tanh", "leakyrelu 0.1", "maxpool 2x2 stride=1", "avgpool 2x2 stride=1", "dropout 0.2",
        "conv 4 3x3 stride=2 padding=1", "groupnorm 2", "instancenorm", "pad 1", "convtranspose 6 2x2 stride=2",
    )),
    min_size=1,
    max_size=8,
)  # fmt: skip


@settings(max_examples=25, deadline=None)
@given(CHAINS, st.booleans())
def test_chains_of_modules_come_back(chain: list[str], named: bool) -> None:
    layers = [f"part{i // 3}.m{i}: {code}" if named else code for i, code in enumerate(chain)]
    text = "\n".join(["set data_format=channels_first counting=pytorch", "input 4x16x16", *layers])
    snapshot = Snapshot.of(parse_document(text))
    read = back(snapshot)
    assert differences(snapshot, read, apart=True) == []
