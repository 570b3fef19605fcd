"""From the list to Keras's JSON and back: the same layers, or those that the report says it is written in."""

from __future__ import annotations

from typing import Any, Final

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.formats.keras.judge import counted_by_keras, network
from tests.formats.keras.test_write import NETWORKS, REFUSED
from tests.formats.trips import differences, of_preset
from tests.samples import sample
from tui.core.argument import Axes
from tui.core.axes import AxisNumber, AxisNumbers
from tui.core.padding import Pads
from tui.core.ratio import Factor
from tui.core.snapshot import Snapshot
from tui.formats.document import parse_document, print_document
from tui.formats.exported import Node, graph_of
from tui.formats.keras.json import read_json
from tui.formats.presets import presets
from tui.formats.readers import read_data
from tui.formats.writers import TARGETS, write
from tui.layers import KINDS

OTHER_WORDS: Final = {
    "thresholdedrelu": ("relu",),
    "softmax2d": ("softmax",),
    "softmin": ("neg", "softmax"),
    "hardmax": ("argmax", "onehot"),
    "shrink": ("hardshrink",),
    "clip": ("identity",),  # its example has no bounds
    "slice": ("identity",),  # its example cuts nothing off
    "onehot": ("cast", "onehot"),  # the indices of its example are no whole numbers
    "expand": ("identity",),  # its example grows nothing
    "featurealphadropout": ("alphadropout",),
    "instancenorm": ("groupnorm",),
    "circularpad": ("pad",),
    "reflectionpad": ("pad",),
    "replicationpad": ("pad",),
    "centercroppad": ("pad",),
    "upsample": ("upsampling",),
    "unflatten": ("reshape",),
    "unfold": ("permute", "unfold", "permute"),  # its channels are first in Keras, whatever the network has
    "pixelshuffle": ("reshape", "permute", "reshape"),
    "pixelunshuffle": ("reshape", "permute", "reshape"),
    "channelshuffle": ("reshape", "permute", "reshape"),
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

MORE_MACS: Final = {"bilinear"}
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


@pytest.mark.parametrize("name", sorted(set(KINDS) - REFUSED - BUILT - set(OTHER_WORDS)))
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


@pytest.mark.parametrize("name", sorted(set(KINDS) - REFUSED))
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
    macs = name != "products"
    assert outcome(back(snapshot), macs) == outcome(counted_by_keras(snapshot), macs)


@pytest.mark.parametrize("name", presets())
def test_presets_come_back_and_stay(name: str) -> None:
    snapshot = of_preset(name)
    once = back(snapshot)
    assert outcome(once) == outcome(counted_by_keras(snapshot))
    if name not in (
        "gpt2-small",
        "vit-b-16",
    ):  # their learned tensors are made of ones_like, of which only the shape is read
        assert print_document(back(once).lines) == print_document(once.lines)


@pytest.mark.parametrize("name", presets())
def test_presets_come_back_from_source(name: str) -> None:
    snapshot = of_preset(name)
    read = read_data(write(TARGETS["keras"], snapshot, "net").data, "net.py", ".py")
    assert outcome(Snapshot.of(read.lines)) == outcome(counted_by_keras(snapshot))


PARTS: Final = {"gpt2-small", "vit-b-16"}
"""Presets with kinds that Keras says in other words: tables and tokens that are learned."""
CEILED: Final = {"inception-v1", "squeezenet-1.1"}
"""Their ``ceil_mode`` is the padding that it adds, or nothing where it adds nothing."""


@pytest.mark.parametrize("target", ["keras-json", "keras"])
@pytest.mark.parametrize("name", sorted(set(presets()) - PARTS))
def test_presets_come_back_layer_by_layer(name: str, target: str) -> None:
    snapshot = of_preset(name)
    suffix = ".json" if target == "keras-json" else ".py"
    read = Snapshot.of(read_data(write(TARGETS[target], snapshot, "net").data, f"net{suffix}", suffix).lines)
    found = differences(snapshot, read)
    if name in CEILED:
        found = [line for line in found if " maxpool " not in line]
    assert found == []


def test_what_keras_says_as_we_do_comes_back_word_for_word() -> None:
    text = """\
in: input 32x32x3
conv1: conv 16 3x3 stride=2 padding=same
norm1: batchnorm
relu1: relu
conv2: conv 16 3x3 stride=2 padding=1
silu1: silu
norm2: groupnorm 4
both: add @silu1 @norm2
joined: concat @both @norm2
pool: maxpool 2x2
sep: separable 32 3x3 padding=same bias=false activation=relu
up: convtranspose 8 2x2 stride=2
drop: dropout 0.3
flat: flatten
fc: dense 10 activation=softmax
"""
    assert print_document(back(network(text)).lines) == text


CHAINS: Final = st.lists(
    st.sampled_from((
        "conv 6 3x3 padding=same", "conv 4 3x3 stride=2 padding=1", "conv 4 1x1 bias=false activation=relu",
        "depthwise 3x3", "separable 8 3x3 padding=same", "batchnorm", "batchnorm epsilon=1e-05", "layernorm",
        "groupnorm 2", "relu", "relu6", "silu", "gelu", "tanh", "prelu", "leakyrelu 0.1", "maxpool 2x2 stride=1",
        "avgpool 3x3 stride=1 padding=same", "dropout 0.2", "droppath 0.1", "spatialdropout 0.2", "layerscale",
        "squeezeexcitation 2", "pad 1x1", "crop 1x1", "upsampling 2", "convtranspose 6 2x2 stride=2",
    )),
    min_size=1,
    max_size=8,
)  # fmt: skip


@settings(max_examples=30, deadline=None)
@given(CHAINS, st.booleans(), st.booleans(), st.sampled_from(("keras-json", "keras")))
def test_chains_come_back_layer_by_layer(chain: list[str], named: bool, first: bool, target: str) -> None:
    layers = [f"part_{i}: {code}" if named else code for i, code in enumerate(chain)]
    head = ["set data_format=channels_first", "input 4x24x24"] if first else ["input 24x24x4"]
    snapshot = Snapshot.of(parse_document("\n".join([*head, *layers])))
    broken = [result for result in snapshot.inference.results() if result is None or result.status == "error"]
    assume(not broken)
    suffix = ".json" if target == "keras-json" else ".py"
    read = Snapshot.of(read_data(write(TARGETS[target], snapshot, "net").data, f"net{suffix}", suffix).lines)
    assert differences(snapshot, read) == []
