"""ONNX models that the program writes, judged by onnx and ONNX Runtime: what they say of shapes and weights."""

from __future__ import annotations

from collections.abc import Mapping
from math import prod
from typing import Any

import numpy as np
import onnx
import onnxruntime

from tests.samples import VALUES
from tui.core.size import bind
from tui.core.snapshot import Snapshot
from tui.core.tensor import Role
from tui.formats.document import parse_document
from tui.formats.exported import graph_of
from tui.formats.onnx.write import write_onnx

FLOATS = (onnx.TensorProto.FLOAT, onnx.TensorProto.FLOAT16, onnx.TensorProto.DOUBLE, onnx.TensorProto.BFLOAT16)
BOUND = {**VALUES, "T": 9, "S": 6}


def network(text: str) -> Snapshot:
    return Snapshot.of(parse_document(text))


def model_of(snapshot: Snapshot | str) -> Any:
    """The model, which the full check of onnx has passed."""
    given = network(snapshot) if isinstance(snapshot, str) else snapshot
    model = onnx.load_model_from_string(write_onnx(given, "net").data)
    onnx.checker.check_model(model, full_check=True)
    return model


def stored(model: Any) -> int:
    """The elements of the float initializers."""
    return sum(prod(tensor.dims) for tensor in model.graph.initializer if tensor.data_type in FLOATS)


def counted(snapshot: Snapshot) -> int:
    """The elements of all weights of the layers that are numbers: trained, frozen, statistics; shared ones once."""
    total = 0
    for node in graph_of(snapshot).nodes:
        if node.shares is None:
            for weight in node.result.weights:
                assert isinstance(weight.elements, int)
                total += 0 if weight.role is Role.COUNTER else weight.elements
    return total


def forms(snapshot: Snapshot, values: Mapping[str, int] = BOUND) -> dict[str, list[tuple[int, ...]]]:
    """Our shape of each tensor by its name, and the same with the channels first, as ONNX has an image."""
    found = {}
    for node in graph_of(snapshot).nodes:
        for index, tensor in enumerate(node.result.outputs):
            shape = tuple(bind(size, values) for size in tensor.shape)
            turned = node.kind.channels_last and len(shape) > 2
            found[node.name if index == 0 else f"{node.name}:{index}"] = [
                shape, *([(shape[0], shape[-1], *shape[1:-1])] if turned else [])
            ]  # fmt: skip
    return found


def bare(model: Any) -> Any:
    """The model without the shapes that the writer stated: only those of the inputs are left."""
    copy = onnx.ModelProto()
    copy.CopyFrom(model)
    del copy.graph.value_info[:]
    for output in copy.graph.output:
        output.type.tensor_type.ClearField("shape")
    return copy


def inferred(model: Any) -> dict[str, list[int | None]]:
    """The shapes that onnx infers in its strict mode; None where a size is open."""
    full = onnx.shape_inference.infer_shapes(bare(model), check_type=True, strict_mode=True, data_prop=True)
    return {
        info.name: [dim.dim_value if dim.HasField("dim_value") else None for dim in info.type.tensor_type.shape.dim]
        for info in (*full.graph.value_info, *full.graph.output)
        if info.type.tensor_type.HasField("shape")
    }


def ran(model: Any, snapshot: Snapshot, values: Mapping[str, int] = BOUND, feed: Any = None) -> dict[str, Any]:
    """What ONNX Runtime computes of zeros (or of ``feed``): every tensor that a layer gives, by its name."""
    shapes = forms(snapshot, values)
    made = {name for node in model.graph.node for name in node.output}
    typed = {info.name: info for info in (*model.graph.value_info, *model.graph.output)}
    names = [name for name in shapes if name in made and name in typed]
    watched = onnx.ModelProto()
    watched.CopyFrom(model)
    del watched.graph.output[:]
    for name in names:
        output = watched.graph.output.add(name=name)
        output.type.tensor_type.elem_type = typed[name].type.tensor_type.elem_type
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(watched.SerializeToString(), options, providers=["CPUExecutionProvider"])
    given = feed or {
        info.name: np.zeros(shapes[info.name][0], onnx.helper.tensor_dtype_to_np_dtype(info.type.tensor_type.elem_type))
        for info in model.graph.input
    }
    return dict(zip(names, session.run(names, given), strict=True))


def judge(snapshot: Snapshot, values: Mapping[str, int] = BOUND, run: bool = True) -> None:
    """Assert that onnx and ONNX Runtime find our shapes under the names of our layers, and our weights."""
    model, ours = model_of(snapshot), forms(snapshot, values)
    assert stored(model) == counted(snapshot)
    for name, sizes in inferred(model).items():
        if name in ours:
            assert any(
                len(shape) == len(sizes) and all(b in (None, a) for a, b in zip(shape, sizes, strict=True))
                for shape in ours[name]
            ), f"{name}: onnx infers {sizes}, ours is {ours[name]}"
    if not run or len(graph_of(snapshot).nodes) == 1:
        return  # a lone input or parameter has no node of its own
    results = ran(model, snapshot, values)
    assert results
    for name, result in results.items():
        assert result.shape in ours[name], f"{name}: it runs to {result.shape}, ours is {ours[name]}"
