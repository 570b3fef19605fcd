"""Networks as ONNX models of opset 21: symbolic sizes kept, weights of 0 (of 1 where they scale).

Needs the package ``onnx``, which is loaded with the first model that is written.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from tui.core.snapshot import Snapshot
from tui.formats.document import print_document
from tui.formats.exported import Graph, Node, Wire, WriteError, Written, graph_of
from tui.formats.imported import Notice, Progress, unwatched
from tui.formats.onnx import (
    write_attention,
    write_axes,
    write_convrecurrent,
    write_dense,
    write_dotattention,
    write_functions,
    write_images,
    write_joins,
    write_norms,
    write_plain,
    write_pools,
    write_recurrent,
    write_shapes,
    write_transformer,
    write_windows,
)
from tui.formats.onnx.axes import to_last
from tui.formats.onnx.kept import TEXT
from tui.formats.onnx.write_call import Borrowed, Call, Rule, stored_elsewhere
from tui.formats.onnx.write_file import model_bytes
from tui.formats.onnx.write_graph import FLOATS, Build, Stored, Value
from tui.formats.onnx.write_plain import each_step

OPSET: Final = 21
IR_VERSION: Final = 10
"""The versions of ONNX 1.16, which ONNX Runtime reads from 1.18 on."""

OPSET_OF_BFLOAT16: Final = 22
"""The first in which convolutions, pools and recurrent layers may be bfloat16."""

MOST_BYTES: Final = 2**30
"""Weights up to here stand in the file; protobuf takes 2 GiB at the most, and whoever reads it needs room for that."""

_SPARE_NODES: Final = 64
"""Layers may make nodes that nobody reads, which are taken out at the end."""

_NOT_IN_FILES: Final = re.compile(r"[^\w.-]+")

_RULES: Final[Mapping[str, Rule]] = {
    name: rule
    for family in (
        write_windows, write_pools, write_dense, write_functions, write_norms,
        write_joins, write_axes, write_shapes, write_images, write_plain,
        write_recurrent, write_convrecurrent, write_attention,
        write_dotattention, write_transformer,
    )
    for name, rule in family.RULES.items()
}  # fmt: skip


def write_onnx(snapshot: Snapshot, name: str, progress: Progress = unwatched, most_bytes: int = MOST_BYTES) -> Written:
    """An ONNX model. Weights of more than ``most_bytes`` are named in a file of their own, which is not written.

    The model keeps the lines of the network among its properties: whoever reads it here again gets them as they are.
    Raises WriteError where ONNX cannot say a layer, where a weight's size is a symbol, and without ``onnx``.
    """
    return _writing(snapshot, name, progress, None).written(most_bytes, print_document(snapshot.lines))


def model_of(snapshot: Snapshot, progress: Progress, most_nodes: int) -> tuple[Any, dict[str, Stored]]:
    """What the model of a network is, and its float initializers, which are not in it yet.

    Raises WriteError as :func:`write_onnx` does, and where the model has many more than ``most_nodes`` nodes.
    """
    writing = _writing(snapshot, "", progress, 2 * most_nodes + _SPARE_NODES)
    return writing.model(), writing.build.stored


def _writing(snapshot: Snapshot, name: str, progress: Progress, most_nodes: int | None) -> _Writing:
    try:
        import onnx
    except ImportError:
        raise WriteError(
            "writing ONNX needs the package onnx; install it with: pip install 'layersheet[onnx]'"
        ) from None
    graph = graph_of(snapshot)
    if not graph.nodes:
        raise WriteError("there is no layer to write; add an input first")
    return _Writing(graph, name, onnx, progress, most_nodes)


class _Writing:
    """One network on its way into a model."""

    def __init__(self, graph: Graph, name: str, onnx: Any, progress: Progress, most_nodes: int | None) -> None:
        self.graph, self.name, self.onnx = graph, name, onnx
        self.build = Build(onnx, taken={node.name for node in graph.nodes})
        self.values: dict[Wire, Value] = {}
        settings = graph.nodes[0].kind.settings
        if settings.dtype not in FLOATS:
            said = f"ONNX's layers compute in floating point: weights and outputs are float32, not {settings.dtype}"
            self.build.notices.append(Notice("differs", "dtype", said))
        for done, node in enumerate(graph.nodes):
            progress(done, len(graph.nodes))
            if most_nodes is not None and len(self.build.nodes) > most_nodes:
                raise WriteError(f"{node.name}: the model has more than {most_nodes:,} nodes before it")
            if node.kind.name == "input":
                self._input(done, node)
            else:
                self._layer(done, node)
        progress(len(graph.nodes), len(graph.nodes))

    def _input(self, place: int, node: Node) -> None:
        tensor = node.result.outputs[0]
        self.build.inputs.append(self.build.info(node.name, tensor.shape, tensor.dtype))
        turned = node.kind.channels_last and len(tensor.shape) > 2
        self.values[Wire(place)] = Value({False: node.name}, tensor.shape, tensor.dtype, turned)
        self.build.found_in(node.name, tensor.shape)

    def _layer(self, place: int, node: Node) -> None:
        rule = _RULES.get(node.kind.name)
        if rule is None:
            raise WriteError(
                f"{node.name}: {node.kind.name}: it is nothing that ONNX's operators can say; "
                "skip it, or write other layers in its place"
            )
        first = node if node.shares is None else self.graph.nodes[node.shares]
        inputs = [self.values[wire] for wire in node.inputs]
        call = Call(self.build, node.name, node.kind, inputs, (node.result.inputs, node.result.outputs),
                    first.name, self._borrowed(first))  # fmt: skip
        start = len(self.build.nodes)
        (each_step(rule) if node.kind.timedistributed else rule)(call)
        for name in stored_elsewhere(call) if node.shares is None else ():
            call.weight(name)
        self._name(call, start)
        for index, value in call.results.items():
            self.values[Wire(place, index)] = value

    def _borrowed(self, node: Node) -> dict[str, Borrowed]:
        """The weights of a layer that are another's."""
        owners = ((tie, self.graph.nodes[tie.node]) for tie in node.ties)
        return {tie.weight: Borrowed(owner.name, tie.other, tie.turned) for tie, owner in owners}

    def _name(self, call: Call, start: int) -> None:
        """The outputs of a layer get its name: ``conv1``, and ``split:1`` for further ones."""
        renamed: dict[str, str] = {}
        for index, value in sorted(call.results.items()):
            ((form, made),) = value.names.items()
            wanted = call.name if index == 0 else self.build.free(f"{call.name}:{index}")
            if made in call.made and made not in renamed:
                renamed[made] = wanted
            elif made != wanted:
                self.build.nodes.append(self.build.node("Identity", [made], [wanted]))
            value.names = {form: wanted}
        for node in self.build.nodes[start:]:
            for names in (node.input, node.output):
                for i, name in enumerate(names):
                    if name in renamed:
                        names[i] = renamed[name]
            node.name = renamed.get(node.name, node.name)

    def model(self) -> Any:
        """The model without its float initializers."""
        build, helper = self.build, self.onnx.helper
        outputs = [self._output(wire) for wire in self.graph.outputs]
        final = {info.name for info in (*build.inputs, *outputs)}
        given = {name for value in self.values.values() for name in value.names.values()}
        nodes, read = self._read_nodes({*(output.name for output in outputs), *given})
        whole = [tensor for tensor in build.whole if tensor.name in read]
        infos = []
        for value in self.values.values():
            for first, name in value.names.items():
                if name not in final and name not in build.stored and name in read:
                    shape = value.shape if not first else (value.shape[0], value.shape[-1], *value.shape[1:-1])
                    infos.append(build.info(name, shape, value.dtype))
        graph = helper.make_graph(nodes, self.name or "network", build.inputs, outputs, whole, value_info=infos)
        types = {value.dtype for value in self.values.values()} | {one.dtype for one in build.stored.values()}
        opset = helper.make_opsetid("", OPSET_OF_BFLOAT16 if "bfloat16" in types else OPSET)
        return helper.make_model(graph, opset_imports=[opset], ir_version=IR_VERSION, producer_name="layersheet")

    def _read_nodes(self, wanted: set[str]) -> tuple[list[Any], set[str]]:
        """The nodes that lead to some tensors, in order, and these tensors with all that the nodes read.

        A layer may have made what nobody asks for: the axes for a form that it did not take.
        """
        read, kept = set(wanted), []
        for node in reversed(self.build.nodes):
            if not read.isdisjoint(node.output):
                kept.append(node)
                read.update(node.input)
        return kept[::-1], read

    def written(self, most_bytes: int, text: str) -> Written:
        model = self.model()
        model.metadata_props.add(key=TEXT, value=text)
        elsewhere = self._elsewhere(most_bytes)
        return Written(model_bytes(self.onnx, model, self.build.stored, elsewhere), tuple(self.build.notices))

    def _output(self, wire: Wire) -> Any:
        """An output of the model: in the form of the network, under the name of its layer."""
        value, build = self.values[wire], self.build
        name = self.graph.nodes[wire.node].name
        if False not in value.names:
            inner = build.free(f"{name}/channels_first")
            for node in build.nodes:
                for names in (node.input, node.output):
                    for i, found in enumerate(names):
                        if found == name:
                            names[i] = inner
                node.name = inner if node.name == name else node.name
            rank = len(value.shape)
            build.nodes.append(build.node("Transpose", [inner], [name], perm=to_last(rank)))
            value.names = {True: inner, False: name}
        elif name in build.stored or any(info.name == name for info in build.inputs):
            name = build.free(f"{name}/output")
            build.nodes.append(build.node("Identity", [value.names[False]], [name]))
        return build.info(name, value.shape, value.dtype)

    def _elsewhere(self, most_bytes: int) -> str | None:
        """The file for weights that are too large for the model; None where they are not. The report says which."""
        total = sum(one.size for one in self.build.stored.values())
        if not total:
            return None
        said, where = "they hold the numbers of an untrained network: 0, and 1 where they scale", None
        if total > most_bytes:
            where = (_NOT_IN_FILES.sub("_", self.name).strip("._") or "network") + ".weights"
            said = (
                f"{total:,} bytes are too large for the model and are named in {where}, which is not written; "
                f"to run the model with zeros: truncate -s {total} {where}"
            )
        self.build.notices.append(Notice("dropped", "weights", said))
        return where
