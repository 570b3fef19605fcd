"""A network and what is read of the ONNX model that it is written as: with the lines that the model keeps, and bare."""

from __future__ import annotations

from typing import Any, NamedTuple

import onnx

from tests.formats.onnx.models import network
from tui.core.snapshot import Snapshot
from tui.core.tensor import Role
from tui.formats.exported import graph_of
from tui.formats.onnx.graph import read_model
from tui.formats.onnx.write import write_onnx

REPEATS = ("in_channels", "in_features", "input_size", "num_features", "num_channels", "embed_dim", "bias_vectors")
"""Arguments that only repeat a size; ``bias_vectors`` is said where the counting is another (that of ONNX)."""


class Layer(NamedTuple):
    """One call of a layer, whatever the words of its line were."""

    name: str
    kind: str
    args: dict[str, Any]
    outputs: Any
    weights: Any
    macs: Any


def layers(snapshot: Snapshot) -> list[Layer]:
    """Every layer, blocks written out, with its arguments whether they are said or not, symbols bound."""
    found = []
    for node in graph_of(snapshot).nodes:
        kind = node.kind
        args = {arg.name: _short(getattr(kind, arg.name)) for arg in kind.args if arg.name not in REPEATS}
        weights: Any = sum(w.elements for w in node.result.weights if w.role is not Role.COUNTER)
        found.append(Layer(node.name, kind.name, args, node.result.outputs, weights, node.result.work.macs))
    return found


def _short(value: Any) -> Any:
    """One number for all axes where all have the same."""
    if isinstance(value, tuple) and value and len(set(value)) == 1:
        return value[0]
    return value


def bare(data: bytes) -> bytes:
    """A model without the lines that it keeps, and without the shapes that were written beside it."""
    model = onnx.load_model_from_string(data)
    del model.metadata_props[:]
    del model.graph.value_info[:]
    return model.SerializeToString()


def read_bare(snapshot: Snapshot) -> Snapshot:
    """What the graph alone says of a network."""
    data = write_onnx(snapshot, "net", most_bytes=2**22).data  # numbers of small weights are read as well
    return network("\n".join(line.text for line in read_model(bare(data), "net").lines))
