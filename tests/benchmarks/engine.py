"""The computation without a screen: a full pass, one edit, symbols, and onnx's shape inference beside it."""

from __future__ import annotations

import gc
import importlib.util
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

from tests.benchmarks.goals import Options, Outcome
from tests.benchmarks.networks import SIDE, cnn, parsed
from tui.core.edits import replace
from tui.core.network import Line
from tui.core.snapshot import Snapshot
from tui.core.store import ModelStore
from tui.formats.line import parse_line

if TYPE_CHECKING:
    import onnx

EDITS: Final = 50
"""Edits that are timed together: one alone is shorter than the clock is good for."""


def timed(work: Callable[[], object]) -> float:
    """Milliseconds that the work takes, without a garbage collection in the middle of it."""
    gc.collect()
    gc.disable()
    begun = time.perf_counter()
    work()
    taken = time.perf_counter() - begun
    gc.enable()
    return taken * 1e3


def full_pass(lines: Sequence[Line]) -> Snapshot:
    """Everything anew: no result is known before."""
    snapshot = Snapshot.of(lines)
    _ = snapshot.totals
    return snapshot


def shape_inference(options: Options) -> list[Outcome]:
    """onnx's own shape inference, written in C++, and a full pass with all counts."""
    cases = [
        (1_000, False, 5.0),
        (10_000, False, 5.0),
        (1_000, True, None),
        (10_000, True, None),
    ]
    outcomes = []
    for layers, distinct, limit in cases:
        kinds = "all layers distinct" if distinct else "few kinds"
        what = f"onnx infer_shapes / full pass: {layers:,} layers, {kinds}"
        if importlib.util.find_spec("onnx") is None:
            outcomes.append(Outcome(what, ">=", limit, note="onnx is not installed (pip install layersheet[bench])"))
            continue
        import onnx

        lines = parsed(cnn(layers, distinct=distinct))
        model = onnx_model(lines)
        _agree(full_pass(lines), onnx.shape_inference.infer_shapes(model))
        theirs, ours = [], []
        for _ in range(options.rounds):
            theirs.append(timed(lambda: onnx.shape_inference.infer_shapes(model)))  # noqa: B023 - called at once
            ours.append(timed(lambda: full_pass(lines)))  # noqa: B023
        outcomes.append(Outcome(what, ">=", limit, theirs, ours))
    return outcomes


def onnx_model(lines: Sequence[Line]) -> onnx.ModelProto:
    """The same network for onnx; weights are declared with their shapes, not stored."""
    from onnx import TensorProto, ValueInfoProto, helper

    def tensor(name: str, shape: Sequence[object]) -> ValueInfoProto:
        return helper.make_tensor_value_info(name, TensorProto.FLOAT, [n for n in shape if isinstance(n, int)])

    snapshot = full_pass(lines)
    nodes, inputs, above = [], [tensor("x", [1, 3, SIDE, SIDE])], "x"
    for row, line in enumerate(lines[1:], 1):
        assert line.spec is not None
        result, kind = snapshot.result(row), line.spec.kind.name
        assert result is not None
        name, given = f"t{row}", [above]
        for weight in result.weights:
            # Both frameworks' orders: the axes of the window first here, last in onnx.
            shape = (*weight.shape[:-3:-1], *weight.shape[:-2]) if len(weight.shape) == 4 else weight.shape
            inputs.append(tensor(f"{weight.name}{row}", shape))
            given.append(f"{weight.name}{row}")
        if kind == "conv":
            nodes.append(helper.make_node("Conv", given, [name], kernel_shape=[3, 3], strides=[1, 1], pads=[1] * 4))
        elif kind == "maxpool":
            nodes.append(helper.make_node("MaxPool", given, [name], kernel_shape=[2, 2], strides=[2, 2]))
        else:
            nodes.append(helper.make_node("Flatten" if kind == "flatten" else "Gemm", given, [name]))
        above = name
    outputs = [helper.make_tensor_value_info(above, TensorProto.FLOAT, None)]
    return helper.make_model(helper.make_graph(nodes, "cnn", inputs, outputs))


def _agree(snapshot: Snapshot, inferred: onnx.ModelProto) -> None:
    """Only equal answers may be compared; raises ValueError for others."""
    infos = [*inferred.graph.value_info, *inferred.graph.output]
    shapes = {info.name: [d.dim_value for d in info.type.tensor_type.shape.dim] for info in infos}
    for row in range(1, len(snapshot.lines)):
        result = snapshot.result(row)
        shape = list(result.outputs[0].shape) if result is not None and result.outputs else []
        if len(shape) == 4:
            shape = [shape[0], shape[3], *shape[1:3]]
        if shape != shapes[f"t{row}"]:
            raise ValueError(f"row {row}: {shape} here, {shapes[f't{row}']} in onnx")


def edit(options: Options) -> list[Outcome]:
    """One layer of 10,000 edited, with its results and the totals, and a full pass.

    The layers that an edit makes are new, so the pass that is like it is the one over distinct layers.
    """
    what = "one-layer edit / full pass: 10,000 layers"
    distinct, few = _edits(options, distinct=True), _edits(options, distinct=False)
    return [
        Outcome(f"{what}, all layers distinct", "<=", 1 / 200, *distinct),
        Outcome(f"{what}, few kinds", "<=", None, *few),
    ]


def _edits(options: Options, *, distinct: bool) -> tuple[list[float], list[float]]:
    lines = parsed(cnn(10_000, distinct=distinct))
    row = 5_001
    store = ModelStore(lines)
    _ = store.snapshot.totals
    edits, passes = [], []
    filters = 20_000  # numbers that were not there before, so that nothing is known of them
    for _ in range(options.rounds):
        filters += EDITS
        typed = [parse_line(f"conv {filters + i} 3x3 padding=same") for i in range(EDITS)]

        def all_edits(typed: list[Line] = typed) -> None:
            for line in typed:
                store.apply(replace(store.snapshot, row, line))
                store.snapshot.result(row)
                store.snapshot.result(row + 1)
                _ = store.snapshot.totals

        edits.append(timed(all_edits) / EDITS)
        passes.append(timed(lambda: full_pass(lines)))
    if full_pass(list(store.snapshot.lines)).totals != store.snapshot.totals:
        raise ValueError("the totals after the edits are not those of a full pass")
    return edits, passes


def symbols(options: Options) -> list[Outcome]:
    """A full pass with the units and both sides of the image symbolic, and one with numbers."""
    numbers, symbolic = parsed(cnn(10_000)), parsed(cnn(10_000, side="HxW", units="n"))
    with_symbols, with_numbers = [], []
    for _ in range(options.rounds):
        with_symbols.append(timed(lambda: full_pass(symbolic)))
        with_numbers.append(timed(lambda: full_pass(numbers)))
    return [Outcome("symbols n, H, W / numbers: full pass, 10,000 layers", "<=", 10, with_symbols, with_numbers)]
