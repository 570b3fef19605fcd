"""From the list to Keras's JSON and back: the same layers, or those that the report says it is written in."""

from __future__ import annotations

from typing import Any, Final

import pytest

from tests.formats.keras_judge import counted_by_keras, network
from tests.formats.test_keras_write import NETWORKS, REFUSED, VALUES
from tests.samples import sample
from tui.core.argument import Axes
from tui.core.axes import AxisNumber, AxisNumbers
from tui.core.padding import Pads
from tui.core.ratio import Factor
from tui.core.snapshot import Snapshot
from tui.formats.document import parse_document, print_document
from tui.formats.exported import Node, graph_of
from tui.formats.keras_json import read_json
from tui.formats.line import parse_line
from tui.formats.presets import preset, presets
from tui.formats.readers import read_data
from tui.formats.writers import TARGETS, write
from tui.layers import KINDS

BY_NAME: Final = (
    "celu", "exponential", "gelu", "hardshrink", "hardsigmoid", "hardsilu", "hardtanh", "logsigmoid", "logsoftmax",
    "mish", "selu", "sigmoid", "silu", "softplus", "softshrink", "softsign", "sparsemax", "sparseplus",
    "sparsesigmoid", "squareplus", "tanh", "tanhshrink",
)  # fmt: skip
"""Functions that are ``layers.Activation`` in Keras, read as ``activation``: the same function, another word."""

OTHER_WORDS: Final = {
    **dict.fromkeys(BY_NAME, ("activation",)),
    "relu6": ("relu",),
    "thresholdedrelu": ("relu",),
    "softmax2d": ("softmax",),
    "softmin": ("neg", "softmax"),
    "hardmax": ("argmax", "onehot"),
    "shrink": ("hardshrink",),
    "clip": ("identity",),  # its example has no bounds
    "slice": ("identity",),  # its example cuts nothing off
    "onehot": ("cast", "onehot"),  # the indices of its example are no whole numbers
    "expand": ("identity",),  # its example grows nothing
    "droppath": ("dropout",),  # a noise_shape is not read
    "featurealphadropout": ("alphadropout",),
    "spatialdropout": ("spatialdropout",),
    "instancenorm": ("groupnorm",),
    "circularpad": ("pad",),
    "reflectionpad": ("pad",),
    "replicationpad": ("pad",),
    "centercroppad": ("pad",),
    "upsample": ("upsampling",),
    "unflatten": ("reshape",),
    "pixelshuffle": ("reshape", "permute", "reshape"),
    "pixelunshuffle": ("reshape", "permute", "reshape"),
    "channelshuffle": ("reshape", "permute", "reshape"),
    "squeezeexcitation": ("globalavgpool", "conv", "conv", "multiply"),
    "layerscale": ("einsumdense",),
    "embeddingbag": ("embedding", "reducemean"),
    "bilinear": ("einsum", "einsumdense"),
    "gemm": ("permute", "matmul"),
    "rnncell": ("reshape", "rnn"),
    "lstmcell": ("reshape", "lstm"),
    "grucell": ("reshape", "gru"),
    "reducel1": ("abs", "reducesum"),
    "reducel2": ("square", "reducesum", "sqrt"),
    "reducelogsum": ("reducesum", "log"),
    "reducesumsquare": ("square", "reducesum"),
    "lppool": ("abs", "square", "avgpool", "rescaling", "sqrt"),
    "globallppool": ("abs", "square", "reducesum", "sqrt"),
}
"""Kinds that Keras says in other words, and the kinds that are read back; every other kind comes back as itself."""

BUILT: Final = {
    "classtoken", "cosinesimilarity", "localresponsenorm", "meanvariancenorm", "pairwisedistance", "positionembedding",
    "transformer", "transformerdecoder", "transformerencoder", "reducemedian",
}  # fmt: skip
"""Kinds that are built of many functions: only the shape and the parameters are those of before."""

NOT_READ: Final = {"fold", "unfold"}
"""Functions that are written and that no reader knows: they come back opaque."""

MORE_MACS: Final = {"layerscale", "bilinear"}
"""Products that Keras does as a matrix product, and that are element-wise work here."""


def back(snapshot: Snapshot) -> Snapshot:
    return Snapshot.of(read_json(write(TARGETS["keras-json"], snapshot, "net").data, "net.json").lines)


def said(node: Node) -> tuple[str, dict[str, Any], list[Any]]:
    """A layer with all its arguments in one spelling, and the shapes that it gives without the batch."""
    kind = node.result.kind
    assert kind is not None
    shape = node.result.inputs[0].shape if node.result.inputs else ()
    args = {}
    for arg in type(kind).args:
        value = getattr(kind, arg.name)
        if isinstance(arg.type, Axes | Pads | Factor) and not isinstance(value, str | tuple) and value is not None:
            value = (value,) * max(len(shape) - 2, 1)
        if isinstance(arg.type, AxisNumber | AxisNumbers) and shape:
            value = kind.channel_axis(shape) if value is None and arg.name == "axis" else value
            value = tuple(a % len(shape) for a in value) if isinstance(value, tuple) else value % len(shape) if (
                value is not None) else None  # fmt: skip
        args[arg.name] = value
    return kind.name, args, [tensor.shape[1:] for tensor in node.result.outputs]


def layers(snapshot: Snapshot) -> list[Node]:
    return [node for node in graph_of(snapshot).nodes if node.kind.name != "input"]


LEFT_TO_KERAS: Final = {
    # What the reader leaves out, as it changes neither a shape nor a count.
    "factor", "height_factor", "width_factor", "x_factor", "y_factor",
    # Said by the order of the axes, which the written layers name one by one.
    "repeats", "shared_axes", "operator", "key_dim", "sizes", "parts",
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(set(KINDS) - REFUSED - BUILT - NOT_READ - set(OTHER_WORDS)))
def test_a_kind_comes_back_as_itself(name: str) -> None:
    snapshot = sample(name)
    before, after = (list(map(said, layers(one))) for one in (counted_by_keras(snapshot), back(snapshot)))
    assert [kind for kind, _, _ in before] == [kind for kind, _, _ in after]
    assert [shapes for _, _, shapes in before] == [shapes for _, _, shapes in after]
    for (_, ours, _), (_, theirs, _) in zip(before, after, strict=True):
        assert {k: v for k, v in ours.items() if k not in LEFT_TO_KERAS} == {
            k: v for k, v in theirs.items() if k not in LEFT_TO_KERAS
        }


@pytest.mark.parametrize("name", sorted(OTHER_WORDS))
def test_a_kind_comes_back_in_other_words(name: str) -> None:
    snapshot = sample(name)
    assert tuple(node.kind.name for node in layers(back(snapshot))) == OTHER_WORDS[name]


def outcome(snapshot: Snapshot, macs: bool = True) -> tuple[Any, ...]:
    totals = snapshot.totals
    shapes = [graph_of(snapshot).nodes[wire.node].result.outputs[0].shape[1:] for wire in graph_of(snapshot).outputs]
    return totals.trainable, totals.non_trainable, totals.macs if macs else None, shapes


@pytest.mark.parametrize("name", sorted(set(KINDS) - REFUSED - NOT_READ))
def test_totals_and_shapes_of_each_kind_come_back(name: str) -> None:
    snapshot = sample(name)
    macs = name not in MORE_MACS
    assert outcome(back(snapshot), macs) == outcome(counted_by_keras(snapshot), macs)


COLUMNS = ("columns", "columns_last")
OWN_SLOPES = ("norms_by_pytorch",)
SYMBOLS_RENAMED = ("open_image", "open_sequence_causal", "whole_open_input")


@pytest.mark.parametrize("name", sorted(set(NETWORKS) - {*OWN_SLOPES, *SYMBOLS_RENAMED, *COLUMNS}))
def test_networks_come_back(name: str) -> None:
    snapshot = network(NETWORKS[name])
    macs = name not in ("channel_factors", "products")
    assert outcome(back(snapshot), macs) == outcome(counted_by_keras(snapshot), macs)


@pytest.mark.parametrize("name", presets())
def test_presets_come_back_and_stay(name: str) -> None:
    lines = parse_document(preset(name).text)
    free = [word for word, value in Snapshot.of(lines).symbols.items() if value is None]
    snapshot = Snapshot.of([*lines, *(parse_line(f"let {word} = {VALUES[word]}") for word in free)])
    once = back(snapshot)
    macs = name != "convnext-t"  # its layer scales
    assert outcome(once, macs) == outcome(counted_by_keras(snapshot), macs)
    if name not in (
        "gpt2-small",
        "vit-b-16",
    ):  # their learned tensors are made of ones_like, of which only the shape is read
        assert print_document(back(once).lines) == print_document(once.lines)


@pytest.mark.parametrize("name", presets())
def test_presets_come_back_from_source(name: str) -> None:
    lines = parse_document(preset(name).text)
    free = [word for word, value in Snapshot.of(lines).symbols.items() if value is None]
    snapshot = Snapshot.of([*lines, *(parse_line(f"let {word} = {VALUES[word]}") for word in free)])
    read = read_data(write(TARGETS["keras"], snapshot, "net").data, "net.py", ".py")
    macs = name != "convnext-t"  # its layer scales
    assert outcome(Snapshot.of(read.lines), macs) == outcome(counted_by_keras(snapshot), macs)


def test_what_keras_says_as_we_do_comes_back_word_for_word() -> None:
    text = """\
in: input 32x32x3
conv1: conv 16 3x3 stride=2 padding=same
relu1: relu
pool: maxpool 2x2
sep: separable 32 3x3 padding=same bias=false activation=relu
up: convtranspose 8 2x2 stride=2
drop: dropout 0.3
flat: flatten
fc: dense 10 activation=softmax
"""
    assert print_document(back(network(text)).lines) == text
