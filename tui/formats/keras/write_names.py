"""What all calls of a Keras program share: legal names, the layers that are called again, the report."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from tui.formats.exported import Graph
from tui.formats.frameworks.names import free_name
from tui.formats.keras.write_program import Layer, Program, Ref


class Names:
    """Names that every backend of Keras takes: letters, digits and underscores of ASCII, each once.

    A dot would be a group here, but is refused where PyTorch keeps the weights; a slash by Keras itself.
    """

    def __init__(self, model: str, names: Sequence[str]) -> None:
        self.model = _legal(model) or "model"
        self._taken: set[str] = set()
        self.of = {name: self.free(_legal(name) or "layer") for name in names}
        """The Keras name of each node."""

    def free(self, wanted: str) -> str:
        """The name, with a number behind it where it is taken."""
        name = free_name(wanted, self._taken)
        self._taken.add(name)
        return name


def _legal(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9_]+", "_", name).strip("_")


def _normalized(graph: Graph) -> dict[int, int]:
    readers: dict[int, list[int]] = {}
    for place, node in enumerate(graph.nodes):
        for wire in node.inputs:
            readers.setdefault(wire.node, []).append(place)
    return {
        node.inputs[0].node: place
        for place, node in enumerate(graph.nodes)
        if node.kind.name == "spectralnorm" and readers[node.inputs[0].node] == [place]
    }


class Writing:
    """A program in the making, as its calls see it."""

    def __init__(self, graph: Graph, given: Graph, program: Program, names: Names) -> None:
        self.graph = graph
        self.given = given
        self.program = program
        self.names = names
        self.outputs: list[tuple[Ref, ...]] = [()] * len(graph.nodes)
        """For each node that is written what stands for its outputs."""
        self.read = {wire for node in graph.nodes for wire in node.inputs}
        self.layers: dict[tuple[int, str, str], tuple[Layer, Mapping[str, Any]]] = {}
        """The layers of each node, for the calls that share them."""
        self.spectral = _normalized(graph)
        """For the places of layers whose kernel a line below normalizes the place of that line."""

        self.reversed: set[int] = set()
        """The places of embeddings whose tables a dense layer reads backwards."""

    def notice(self, grade: str, place: str, words: str) -> None:
        """Add to the report; several places of one remark are one entry."""
        raise NotImplementedError
