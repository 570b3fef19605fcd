"""Weights that are another layer's too, in the formats that are written: once in each, and read back by name."""

from __future__ import annotations

import onnx
import pytest

from tests.formats.onnx.back import bare
from tui.core.snapshot import Snapshot
from tui.formats.document import parse_document
from tui.formats.exported import WriteError
from tui.formats.onnx.write import write_onnx
from tui.formats.readers import read_data
from tui.formats.writers import TARGETS, write

TOKENS = """\
ids: input 12 dtype=int64
tokens: embedding 100 16
h: dense 16
head: dense 100 bias=false tied=kernel@tokens
"""
AUTO = """\
x: input 12
enc: dense 8
dec: dense 12 tied=kernel@enc
"""
WINDOWS = """\
set data_format=channels_first counting=pytorch
x: input 4x9x9
c: conv 4 3x3 padding=1
d: conv 4 3x3 padding=2 dilation=2 tied=@c
"""
# 100*16 + 16*16 + 16; 12*8 + 8 + 12; 4*4*9 + 4.
NETS = ((TOKENS, 1_872), (AUTO, 116), (WINDOWS, 148))


def network(text: str) -> Snapshot:
    return Snapshot.of(parse_document(text))


def back(snapshot: Snapshot, target: str, suffix: str) -> Snapshot:
    data = write(TARGETS[target], snapshot, "net").data
    return Snapshot.of(read_data(bare(data) if target == "onnx" else data, f"net{suffix}", suffix).lines)


def ties(snapshot: Snapshot) -> list[str]:
    specs = [line.spec for line in snapshot.lines if line.spec is not None]
    return [str(spec.args["tied"]) for spec in specs if "tied" in spec.args]


@pytest.mark.parametrize(("text", "params"), NETS)
@pytest.mark.parametrize(("target", "suffix"), [("pytorch", ".py"), ("onnx", ".onnx")])
def test_weights_count_once_and_come_back_with_their_owner(text: str, params: int, target: str, suffix: str) -> None:
    snapshot = network(text)
    read = back(snapshot, target, suffix)
    assert (read.totals.params, read.totals.macs) == (params, snapshot.totals.macs)
    assert snapshot.totals.params == params
    wanted = {"kernel@tokens": "kernel@tokens", "kernel@enc": "kernel@enc", "@c": "@c"}[ties(snapshot)[0]]
    found = ties(read)
    assert found == [wanted] or (target == "onnx" and found == ["kernel@c,bias@c"])


def test_a_turned_matrix_of_pytorch_is_read_by_a_function() -> None:
    source = write(TARGETS["pytorch"], network(AUTO), "net").data.decode()
    assert "x = F.linear(x, self.enc.weight.t(), self.dec.bias)  # 12" in source
    assert "self.head.weight = self.tokens.weight" in write(TARGETS["pytorch"], network(TOKENS), "net").data.decode()


def test_onnx_has_one_initializer() -> None:
    model = onnx.load_model_from_string(write_onnx(network(TOKENS), "net").data)
    assert [one.name for one in model.graph.initializer] == ["tokens.embeddings", "h.kernel", "h.bias"]


def test_keras_uses_an_embedding_backwards() -> None:
    source = write(TARGETS["keras"], network(TOKENS), "net").data.decode()
    assert 'tokens_layer = layers.ReversibleEmbedding(100, 16, name="tokens")' in source
    assert "tokens_layer(x, reverse=True)" in source
    assert "# 1,872 parameters" in source
    for target, suffix in (("keras", ".py"), ("keras-json", ".json")):
        read = back(network(TOKENS), target, suffix)
        assert (read.totals.params, read.totals.macs) == (1_872, 12 * (16 * 16 + 16 * 100))
        assert ties(read) == ["kernel@tokens"]


def test_an_equal_layer_of_keras_is_another_call() -> None:
    text = "x: input 8\na: dense 8\nrelu\nb: dense 8 tied=@a\n"
    read = back(network(text), "keras", ".py")
    assert read.totals.params == 72
    assert [line.code for line in read.lines if line.is_layer][-1] == "a_2: call a"


@pytest.mark.parametrize(("text", "why"), [
    (AUTO, "dec cannot be written for Keras: its kernel is the kernel of enc"),
    (WINDOWS, "d cannot be written for Keras: its kernel is the kernel of c"),
    ("input 8\na: dense 8\nb: dense 8 tied=kernel", "does not say which layer has its kernel too"),
])  # fmt: skip
def test_what_keras_cannot_share_is_refused_by_name(text: str, why: str) -> None:
    with pytest.raises(WriteError) as refused:
        write(TARGETS["keras"], network(text), "net")
    assert why in refused.value.message
    assert "leave tied out" in refused.value.message


ONE_BIAS = "x: input 10x6\nl: lstm 5 return_sequences=true\ng: gru 4 bias_vectors=1\ndense 2\n"


def test_one_bias_vector_is_written_for_pytorch_with_the_other_at_zero() -> None:
    """Of the LSTM 4*5 numbers stay 0, of the GRU 3*4. PyTorch's own test runs the source: see tests/torch."""
    written = write(TARGETS["pytorch"], network(ONE_BIAS), "net")
    source = written.data.decode()
    assert "self.l = one_bias(nn.LSTM(6, 5, batch_first=True))" in source
    trained = 4 * (6 * 5 + 5 * 5 + 5) + 3 * (5 * 4 + 4 * 4 + 4) + 10
    assert f"Parameters: {trained}, 32 zeros beside them that are not trained" in source
    assert [one.place for one in written.notices if "bias vector" in one.text] == ["l", "g"]
    assert "the 20 numbers of the second stay 0" in written.notices[0].text
    read = back(network(ONE_BIAS), "pytorch", ".py")
    assert read.totals.params == trained
    assert "l: lstm 5 return_sequences=true bias_vectors=1" in [line.code for line in read.lines]


def test_an_onnx_model_has_no_tensor_that_nobody_reads() -> None:
    for text in ("input 8x8x3\nmaxpool 2", "input 8x8x4\nsqueezeexcitation 2", "input 3x8x8x2\nconvlstm 4 3"):
        graph = onnx.load_model_from_string(write_onnx(network(text), "net").data).graph
        read = {name for node in graph.node for name in node.input} | {one.name for one in graph.output}
        made = [node.output[0] for node in graph.node if read.isdisjoint(node.output)]
        assert [*made, *(one.name for one in graph.initializer if one.name not in read)] == []
