"""Copies of a repeated block: where they are all the same, one class and a loop stand for them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from tui.core.result import Result
from tui.core.tensor import Tensor
from tui.formats.exported import Graph, Node, Wire
from tui.formats.torch.write_names import Path, Paths
from tui.layers.sources import Input

Readers = dict[int, dict[int, set[int]]]
"""For each node and each of its outputs the places of those that read it; beyond the last where it is given back."""


class Copies(NamedTuple):
    """Copies that stand one after another, each reading only the one before it.

    ``path`` is the list that holds them, ``ranges`` are the places of their nodes, ``source`` is what the first of
    them reads, ``outputs`` what each gives.
    """

    path: Path
    ranges: tuple[range, ...]
    source: Wire
    outputs: tuple[Wire, ...]

    @property
    def places(self) -> range:
        """The places of all their nodes."""
        return range(self.ranges[0].start, self.ranges[-1].stop)


def copies_in(graph: Graph, paths: Paths) -> dict[int, Copies]:
    """The copies of a network by the place of their first node; those within others are not looked at."""
    readers: Readers = {}
    for place, node in enumerate(graph.nodes):
        for wire in node.inputs:
            readers.setdefault(wire.node, {}).setdefault(wire.output, set()).add(place)
    for wire in graph.outputs:
        readers.setdefault(wire.node, {}).setdefault(wire.output, set()).add(len(graph.nodes))
    found: dict[int, Copies] = {}
    for path, ranges in _candidates(graph, paths):
        copies = _chained(graph, readers, path, ranges)
        inside = any(copies.places.start in other.places for other in found.values()) if copies else True
        if copies is not None and not inside:
            found[copies.places.start] = copies
    return found


def _candidates(graph: Graph, paths: Paths) -> Iterator[tuple[Path, tuple[range, ...]]]:
    """Lists of modules with the places of the nodes of each, the outermost lists first."""
    places: dict[Path, list[list[int]]] = {}
    for place, node in enumerate(graph.nodes):
        path = paths.of(node.name)
        for i in range(1, len(path)):
            count = paths.copies(path[:i])
            if count is not None and count > 1 and node.kind.name != "input":
                if path[:i] not in places:
                    places[path[:i]] = [[] for _ in range(count)]
                places[path[:i]][int(path[i])].append(place)
    for path, copies in sorted(places.items(), key=lambda item: len(item[0])):
        if all(copies) and [p for copy in copies for p in copy] == list(range(copies[0][0], copies[-1][-1] + 1)):
            yield path, tuple(range(copy[0], copy[-1] + 1) for copy in copies)


def _chained(graph: Graph, readers: Readers, path: Path, ranges: tuple[range, ...]) -> Copies | None:
    """The copies if each reads one tensor, that of the copy before it, and gives one."""
    sources, outputs = list[Wire](), list[Wire]()
    owners = {tie.node for node in graph.nodes for tie in node.ties}
    for number, copy in enumerate(ranges):
        read = {wire for place in copy for wire in graph.nodes[place].inputs if wire.node not in copy}
        following = ranges[number + 1] if number + 1 < len(ranges) else None
        given = set()
        for place in copy:
            for output, places in readers.get(place, {}).items():
                outside = [reader for reader in places if reader not in copy]
                if outside:
                    given.add(Wire(place, output))
                if following is not None and any(reader not in following for reader in outside):
                    return None
        shared = any(s is not None and s not in copy for s in (graph.nodes[place].shares for place in copy))
        tied = any(graph.nodes[place].ties or place in owners for place in copy)
        if len(read) != 1 or len(given) != 1 or shared or tied or (outputs and read != {outputs[-1]}):
            return None
        sources += read
        outputs += given
    return Copies(path, ranges, sources[0], tuple(outputs))


def alone(graph: Graph, copies: Copies, number: int, tensor: Tensor) -> Graph:
    """One copy as a network of its own that begins with an input."""
    first, settings = copies.ranges[number].start, graph.nodes[copies.ranges[number].start].kind.settings
    kind = Input.make({"shape": tensor.shape, "whole": True}, settings)
    line = graph.nodes[first].line
    nodes = [Node("", line, kind, (), Result("ok", kind=kind, outputs=(tensor,)))]
    for place in copies.ranges[number]:
        node = graph.nodes[place]
        wires = tuple(
            Wire(wire.node - first + 1, wire.output) if wire.node >= first else Wire(0) for wire in node.inputs
        )
        nodes.append(node._replace(inputs=wires, shares=None if node.shares is None else node.shares - first + 1))
    output = copies.outputs[number]
    return Graph(tuple(nodes), (Wire(output.node - first + 1, output.output),))
