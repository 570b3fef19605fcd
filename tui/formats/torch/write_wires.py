"""Who reads what in a network that is being written, and how a tensor's shape is shown."""

from __future__ import annotations

from collections.abc import Mapping

from tui.core.tensor import Shape, shape_text
from tui.formats.exported import Graph, Wire
from tui.formats.torch.write_rules import SILENT
from tui.formats.torch.write_source import FIRST, Value


def readers_of(graph: Graph, first: Mapping[int, int]) -> dict[Wire, list[tuple[int, int]]]:
    """Who reads each output, and as which input; through the layers that hand their input on.

    ``first`` is the place that stands for a node in copies of a block.
    """
    stands: dict[Wire, Wire] = {}
    found: dict[Wire, list[tuple[int, int]]] = {}
    for place, node in enumerate(graph.nodes):
        wires = [stands.get(wire, wire) for wire in node.inputs]
        if node.kind.name in SILENT:
            stands[Wire(place)] = wires[0]
            if Wire(place) in graph.outputs:
                found.setdefault(wires[0], []).append((len(graph.nodes), 0))
            continue
        for number, wire in enumerate(wires):
            reader = place if wire.node in first and first[wire.node] == first.get(place) else first.get(place, place)
            found.setdefault(wire, []).append((reader, number))
    return found


def next_written(graph: Graph, first: Mapping[int, int]) -> list[int | None]:
    """For each node the next one that a statement is written for."""
    found: list[int | None] = []
    following: int | None = None
    for place in range(len(graph.nodes) - 1, -1, -1):
        found.append(following)
        silent = graph.nodes[place].kind.name in (*SILENT, "input", "parameter")
        if first.get(place, place) == place and (place in first or not silent):
            following = place
    return found[::-1]


def laid_out(value: Value) -> Shape:
    """The whole shape of a tensor as the written code has it."""
    shape = value.tensor.shape
    return (shape[0], shape[-1], *shape[1:-1]) if value.layout == FIRST else shape


def shown(value: Value) -> str:
    return shape_text(laid_out(value))


def given_back(graph: Graph) -> tuple[Wire, ...]:
    """What ``forward`` returns: what nobody reads, but no weights that stand by themselves."""
    made = tuple(wire for wire in graph.outputs if graph.nodes[wire.node].kind.name not in ("parameter", "input"))
    return made or graph.outputs
