"""The lines that a model written here keeps among its properties, taken only where they are proven.

A property is a text that anybody may have written, and a tool may have changed the graph below it. So the lines are
written as a model once more, and count only where this gives the very graph that the file holds: the same operators,
wires, attributes, inputs, outputs and initializers. The numbers of the weights may be others; a model is trained.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from tui.core.snapshot import Snapshot
from tui.formats.document import parse_document
from tui.formats.exported import WriteError
from tui.formats.frameworks.words import FrameworkError, translated
from tui.formats.imported import Imported, Notice, Progress

if TYPE_CHECKING:
    from tui.formats.onnx.write_graph import Stored

TEXT: Final = "layersheet.network"
"""The property of a model that keeps the lines which it was written from."""
MOST_CHARACTERS: Final = 2**22
"""A longer text is not looked at: its lines would be more than a model has operators."""


def lines_kept(data: bytes, progress: Progress) -> Imported | None:
    """The lines that a model keeps; None where it keeps none, is no model, or is not what they say."""
    try:
        import onnx

        decode_error: Any = import_module("google.protobuf.message").DecodeError
    except ImportError:
        return None
    try:
        model: Any = onnx.load_model_from_string(data)
    except (decode_error, ValueError):
        return None
    text = next((one.value for one in model.metadata_props if one.key == TEXT), "")
    if not isinstance(text, str) or not text or len(text) > MOST_CHARACTERS or model.functions:
        return None
    lines = parse_document(text)
    try:
        if not translated(_gives, "lines", Snapshot.of(lines), model, onnx, progress):
            return None
    except (WriteError, FrameworkError):
        return None
    layers = sum(line.is_layer for line in lines)
    said = f"{len(model.graph.node)} operators are the {layers} layers whose lines the file keeps; writing them again "
    return Imported(lines, (Notice("folded", "network", said + "gives this very graph"),))


def _gives(snapshot: Snapshot, model: Any, onnx: Any, progress: Progress) -> bool:
    """Whether a network is written as this model."""
    from tui.formats.onnx.write import model_of  # every rule of writing; most models keep no lines

    made, stored = model_of(snapshot, progress, len(model.graph.node))
    ours, theirs = made.graph, model.graph
    same_parts = all(list(getattr(ours, part)) == list(getattr(theirs, part)) for part in ("node", "input", "output"))
    return (
        same_parts
        and not theirs.sparse_initializer
        and list(made.opset_import) == list(model.opset_import)
        and _same_numbers(ours.initializer, theirs.initializer, stored, onnx)
    )


def _same_numbers(whole: Any, given: Any, stored: Mapping[str, Stored], onnx: Any) -> bool:
    """Whether the initializers are the same: whole numbers by their values, weights by their shapes and types."""
    from tui.formats.onnx.write_graph import NUMBERS

    found = {tensor.name: tensor for tensor in given}
    if len(found) != len(given) or len(found) != len(whole) + len(stored):
        return False
    for name, one in stored.items():
        tensor = found.get(name)
        if tensor is None or (tuple(tensor.dims), tensor.data_type) != (one.shape, NUMBERS[one.dtype]):
            return False
    return all(_same_values(tensor, found.get(tensor.name), onnx) for tensor in whole)


def _same_values(ours: Any, theirs: Any, onnx: Any) -> bool:
    """Whether two initializers of whole numbers are the same; a file may keep the numbers as bytes."""
    if theirs is None or (theirs.dims, theirs.data_type) != (ours.dims, ours.data_type) or theirs.data_location:
        return False
    if ours == theirs:
        return True
    to_array = onnx.numpy_helper.to_array
    return bool((to_array(ours) == to_array(theirs)).all())
