"""The lines that a model keeps: text to ONNX to text, the same to the letter, and never believed without proof."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import onnx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.formats.onnx.lines import LINES
from tests.formats.onnx.models import network
from tests.formats.onnx.test_write import REFUSED
from tests.samples import sample
from tui.core.snapshot import Snapshot
from tui.formats.document import print_document
from tui.formats.exported import WriteError
from tui.formats.onnx.graph import read_onnx
from tui.formats.onnx.kept import TEXT
from tui.formats.onnx.write import write_onnx
from tui.formats.presets import preset, presets
from tui.layers import KINDS

BOUND = {"worked-example": "let n = 10\n", "gpt-blocks": "let h = 4\nlet L = 2\nlet d = 64\n"}


def there_and_back(snapshot: Snapshot) -> str:
    """The text of what is read of the model of a network; large weights are named and not written."""
    return print_document(read_onnx(write_onnx(snapshot, "net", most_bytes=0).data, "net").lines)


@pytest.mark.parametrize("name", presets())
def test_presets_come_back_with_their_blocks_symbols_and_notes(name: str) -> None:
    snapshot = network(preset(name).text + BOUND.get(name, ""))
    assert there_and_back(snapshot) == print_document(snapshot.lines)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in REFUSED])
@pytest.mark.parametrize("head", ["", "set data_format=channels_first\n"])
def test_every_kind_comes_back(kind: str, head: str) -> None:
    snapshot = network(head + print_document(sample(kind).lines))
    try:
        found = there_and_back(snapshot)
    except WriteError:
        assert head, kind  # the sizes of some examples do not fit with the axes in the other order
        return
    assert found == print_document(snapshot.lines)


@pytest.mark.parametrize("family", LINES)
def test_the_arguments_of_every_kind_come_back(family: str) -> None:
    heads, lines = LINES[family]
    for line in lines:
        for head in heads:
            snapshot = network(f"{head}\n{line}")
            assert there_and_back(snapshot) == print_document(snapshot.lines)


PARTS = ("conv 6 3 padding=same", "relu", "maxpool 2 ceil_mode=true", "batchnorm", "add @x", "concat @x", "flatten",
         "dense 6 activation=gelu", "dropout 0.3", "layernorm", "permute 2,1,3", "lstm 3 bidirectional=true",
         "multiheadattention 2", "call first", "off relu", "", "# a note", "identity", "globalavgpool")  # fmt: skip


@given(st.randoms(use_true_random=False), st.sampled_from(("channels_last", "channels_first")), st.integers(1, 14))
def test_networks_drawn_at_random_come_back(draw: random.Random, data_format: str, length: int) -> None:
    text = f"set data_format={data_format}\nx: input 8x6x6\nfirst: conv 6 1"
    for _ in range(length):
        longer = f"{text}\n{draw.choice(PARTS)}"
        snapshot = network(longer)
        results = [snapshot.result(row) for row in range(len(snapshot.lines))]
        if all(result is None or result.status in ("ok", "warning") for result in results):
            text = longer
    snapshot = network(text)
    assert there_and_back(snapshot) == print_document(snapshot.lines)


TEXT_OF = "# by hand\nx: input 8x8x3\nconv 4 3  # the first\nrelu\nflatten\ndense 5\n"


def changed(change: Callable[[Any], None]) -> list[str]:
    """The lines that are read of a model after a change."""
    model = onnx.load_model_from_string(write_onnx(network(TEXT_OF), "net").data)
    change(model)
    return [line.text for line in read_onnx(model.SerializeToString(), "net").lines]


def test_trained_weights_change_nothing() -> None:
    def train(model: Any) -> None:
        for tensor in model.graph.initializer:
            if tensor.data_type == onnx.TensorProto.FLOAT:
                tensor.raw_data = b"\x01" * len(tensor.raw_data)

    assert changed(train) == TEXT_OF.splitlines()


def test_a_file_that_was_read_and_written_by_another_program_still_counts() -> None:
    def saved_again(model: Any) -> None:
        model.producer_name = "other"
        model.graph.doc_string = "saved"
        del model.graph.value_info[:]
        for place, tensor in enumerate(model.graph.initializer):
            array = onnx.numpy_helper.to_array(tensor)
            model.graph.initializer[place].CopyFrom(onnx.numpy_helper.from_array(array, tensor.name))

    assert changed(saved_again) == TEXT_OF.splitlines()


def _says(text: str) -> Callable[[Any], None]:
    def change(model: Any) -> None:
        next(one for one in model.metadata_props if one.key == TEXT).value = text

    return change


def _stride(model: Any) -> None:
    next(node for node in model.graph.node if node.op_type == "Conv").attribute[0].ints[0] = 1
    model.graph.node.pop(2)


def _another_shape(model: Any) -> None:
    array = onnx.numpy_helper.to_array(model.graph.initializer[-1])
    model.graph.initializer.append(onnx.numpy_helper.from_array(array, "more"))


@pytest.mark.parametrize(
    "change",
    [
        _says(TEXT_OF.replace("dense 5", "dense 500")), _says(TEXT_OF.replace("relu", "selu")), _says("not a network"),
        _says("input 8x8x3\nrepeat 100000000\n  relu"), _says("x" * 5_000_000), _says(""), _another_shape, _stride,
        lambda model: model.graph.node[-1].output.__setitem__(0, "other"),
        lambda model: model.graph.input[0].type.tensor_type.shape.dim[1].__setattr__("dim_value", 9),
    ],
)  # fmt: skip
def test_lines_that_are_not_what_the_graph_says_are_not_believed(change: Callable[[Any], None]) -> None:
    """The graph is read instead: its lines name the operators, and the note of the text is not among them."""
    assert not any("by hand" in line or "the first" in line for line in changed(change))
