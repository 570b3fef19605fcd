"""A network as the source of a PyTorch module: a class with its layers by name, and how a tensor goes through them.

A plain chain of modules is an ``nn.Sequential``. Symbols become parameters of the constructor. In a network with the
channels last the modules have them first, as PyTorch has them; nothing of PyTorch is imported here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tui.core.blocks import head_of
from tui.core.size import Size, bind, symbols, text
from tui.core.snapshot import Snapshot
from tui.core.tensor import Role, Shape
from tui.formats.escape import visible
from tui.formats.exported import Graph, WriteError, Written, graph_of
from tui.formats.imported import Progress
from tui.formats.line import parse_line
from tui.formats.torch.write_body import constructor, in_a_row
from tui.formats.torch.write_forward import Forward
from tui.formats.torch.write_names import Paths, class_name
from tui.formats.torch.write_sequences import ONE_BIAS_SOURCE
from tui.formats.torch.write_source import Source
from tui.formats.torch.write_text import call, statement, tupled
from tui.formats.torch.write_wires import laid_out

_TRIED: Final = (16, 64, 224, 32, 8, 4, 12, 1, 1024)
"""Values for the symbols of the run at the end: the first with which every layer has a result."""


def write_pytorch(snapshot: Snapshot, name: str, progress: Progress) -> Written:
    """The source of a module.

    Raises WriteError where PyTorch cannot say a layer, and Stopped where ``progress`` does.
    """
    graph = graph_of(snapshot)
    if all(node.kind.name == "input" for node in graph.nodes):
        raise WriteError("there is no layer to write; add one below an input")
    settings = snapshot.settings
    free = [symbol for symbol, value in snapshot.symbols.items() if value is None]
    own = [node.line.name == node.name for node in graph.nodes]
    paths = Paths([node.name for node in graph.nodes], own, _copies(snapshot, len(own)))
    source = Source(paths, free, settings.data_format == "channels_last", settings.batch, class_name(name))
    forward = Forward(source, graph, settings.dtype, progress)
    called = class_name(name)
    row = in_a_row(graph, forward, source)
    lines = row(called) if row is not None else constructor(called, source, forward)
    run = _run(called, source, forward, _trial(snapshot, source))
    blocks = [line for block in source.classes.values() for line in (*block, "", "")]
    body = "\n".join([*blocks, *lines, "", "", *run])
    head = "\n".join(_head(name, graph, forward, body))
    return Written(f"{head}\n\n\n{body}\n".encode(), tuple(source.notices))


def _copies(snapshot: Snapshot, count: int) -> list[int]:
    """For each node the number of the copy of a repeated block that it stands in; 0 outside of blocks."""
    expansion = snapshot.expansion
    if expansion is None:
        return [0] * count
    inference, found = snapshot.inference, list[int]()
    of_head: dict[int, tuple[int, int]] = {}  # the copy that a block is in, and the last of its lines
    number = 0
    for row, line in enumerate(inference.lines):
        if not line.is_layer or row in inference.wiring.guards:
            continue
        origin = expansion.origin[row]
        head = head_of(snapshot.lines, origin)
        copy = 0
        if head is not None:
            copy, last = of_head.get(head, (0, origin))
            if origin <= last:  # from the first line on again
                copy = number = number + 1
            of_head[head] = copy, origin
        if inference.result(row) is not None:
            found.append(copy)
    return found


def _head(name: str, graph: Graph, forward: Forward, body: str) -> list[str]:
    """What the network is, and the imports that its source needs."""
    title = visible(name).replace("\\", "/").replace('"', "'").strip() or "The network"
    lines = [f'"""{title} as a PyTorch module, written by layersheet.', ""]
    batch = forward.source.batch
    lines += [f"Input {node.name}: {_shape(laid_out(value), batch)}" for node, value in forward.inputs]
    lines += [f"Output: {_shape(laid_out(value), batch)}" for value in forward.returned]
    counts = _counts(graph)
    lines.append(f"Parameters: {_number(counts[Role.TRAINABLE] + counts[Role.FROZEN])}")
    for role, words in ((Role.FROZEN, "of them frozen"), (Role.STATISTIC, "buffers beside them")):
        count = counts[role] + (counts[Role.COUNTER] if role is Role.STATISTIC else 0)
        if count != 0:
            lines[-1] += f", {_number(count)} {words}"
    if forward.source.zeros != 0:
        lines[-1] += f", {_number(forward.source.zeros)} zeros beside them that are not trained"
    lines += ['"""', ""]
    if "OrderedDict(" in body:
        lines += ["from collections import OrderedDict", ""]
    lines += ["import torch", "from torch import nn"]
    if "F." in body:
        lines.append("from torch.nn import functional as F")
    return [*lines, "", "", *ONE_BIAS_SOURCE] if forward.source.zeros != 0 else lines


def _number(size: Size) -> str:
    return text(size, thousands=True, constant_first=True)


def _shape(shape: Shape, batch: Size) -> str:
    """A whole shape with N for the batch."""
    words = [text(size) for size in shape]
    return tupled(["N", *words[1:]] if shape and shape[0] == batch else words)


def _counts(graph: Graph) -> dict[Role, Size]:
    counts: dict[Role, Size] = dict.fromkeys(Role, 0)
    for node in graph.nodes:
        if node.shares is None:
            for weight in node.result.weights:
                counts[weight.role] = counts[weight.role] + weight.elements
    return counts


def _trial(snapshot: Snapshot, source: Source) -> Mapping[str, Size]:
    """Values of the free symbols with which every layer has a result."""
    if not source.free:
        return {}
    for value in _TRIED:
        lets = [parse_line(f"let {symbol} = {value}") for symbol in source.free]
        tried = Snapshot.of([*snapshot.lines, *lets])
        results = list(tried.inference.results())
        if all(result is None or result.kind is not None for result in results):
            return dict.fromkeys(source.free, value)
    return dict.fromkeys(source.free, _TRIED[0])


def _run(called: str, source: Source, forward: Forward, values: Mapping[str, Size]) -> list[str]:
    """A run on zeros in the shapes of the inputs."""
    given = {source.parameters[name]: text(values[name]) for name in source.free if name in source.parameters}
    lines = ['if __name__ == "__main__":', *statement(f"net = {call(call(called, **given) + '.eval')}", 4)]
    zeros = []
    for _, value in forward.inputs:
        sizes = [bind(size, dict(values)) for size in laid_out(value)]
        batch = [1 if symbols(size) else size for size in sizes]
        dtype = "torch.long" if value.tensor.dtype == "int64" else forward.half
        zeros.append(call("torch.zeros", *map(text, batch) if batch else ["()"], dtype=dtype))
    lines += ["    with torch.no_grad():"]
    if len(forward.returned) == 1:
        return [*lines, *statement(f"print(net({', '.join(zeros)}).shape)", 8)]
    return [*lines, *statement(f"outputs = net({', '.join(zeros)})", 8), "        print([y.shape for y in outputs])"]
