"""What a writer of other programs' files gives, and the network as every writer needs it: nodes in order.

Repeated blocks are written out, skipped layers are passed by, and each node knows its sources and its result.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from tui.core.errors import LayersheetError
from tui.core.kind import Kind
from tui.core.network import Line
from tui.core.result import Result
from tui.core.snapshot import Snapshot
from tui.core.tying import ties_of
from tui.formats.imported import Notice, Progress
from tui.formats.record import names_of


class WriteError(LayersheetError):
    """What a target cannot say; the message names the layer, the reason and a way out."""


class Written(NamedTuple):
    """A file to be: its bytes, and a report of what is said in other terms than ours."""

    data: bytes
    notices: tuple[Notice, ...] = ()


Writer = Callable[[Snapshot, str, Progress], Written]
"""From a network, its name and a progress to a file; raises WriteError, and Stopped where the progress does."""


class Wire(NamedTuple):
    """One input of a node: the place of its source among the nodes, and which of that node's outputs."""

    node: int
    output: int = 0


class Lent(NamedTuple):
    """A weight of a node that is another node's too: what each calls it, and the place of that node.

    ``turned`` says that the two have their axes in another order.
    """

    weight: str
    node: int
    other: str
    turned: bool


class Node(NamedTuple):
    """One call of a layer. ``shares`` is the place of the node whose weights it uses, if it is another call of it.

    ``kind`` holds the arguments, defaults and settings filled in and symbols bound; ``result`` is never an error.
    """

    name: str
    line: Line
    kind: Kind
    inputs: tuple[Wire, ...]
    result: Result
    shares: int | None = None
    ties: tuple[Lent, ...] = ()
    """Its weights that are tied to a layer that is named; those of others stand in ``kind.tied`` alone."""

    def unnamed_ties(self) -> list[str]:
        """The weights that are another layer's too, of which nobody says whose."""
        known = {tie.weight for tie in self.ties}
        weights = self.kind.weights(self.result.inputs) if self.kind.tied else ()
        return [weight.name for weight in weights if weight.name in self.kind.tied and weight.name not in known]


class Graph(NamedTuple):
    """A network as its writers see it. ``outputs`` are the first outputs of the nodes that nobody reads."""

    nodes: tuple[Node, ...]
    outputs: tuple[Wire, ...]


def graph_of(snapshot: Snapshot) -> Graph:
    """The nodes of a network; raises WriteError where a layer has no result or a block no number of copies."""
    nodes = tuple(_nodes(snapshot))
    read = {wire.node for node in nodes for wire in node.inputs}
    return Graph(nodes, tuple(Wire(place) for place in range(len(nodes)) if place not in read))


def _nodes(snapshot: Snapshot) -> Iterator[Node]:
    inference, lines = snapshot.inference, snapshot.inference.lines
    if snapshot.expansion is not None:
        for row, error in snapshot.expansion.errors.items():
            raise WriteError(f"{snapshot.lines[row].code}: {error.message}")
    names = names_of(lines, [i for i, line in enumerate(lines) if line.is_layer])
    places: dict[int, int] = {}
    for row, name in names.items():
        result = inference.result(row)
        if result is None:
            continue  # skipped
        if result.kind is None:
            why = result.message or "it waits for a layer above that has an error"
            raise WriteError(f"{name} cannot be written: {why}; put it right or skip it first")
        if inference.counted(row) != 1:
            raise WriteError(
                f"{name} stands in a block whose copies are too many to write, or as many as a symbol says; "
                "give the symbol a value, or make the count smaller"
            )
        feeds = [inference.wiring.made(feed) for feed in inference.wiring.feeds(row)]
        called = inference.wiring.calls.get(row)
        wires = tuple(Wire(places[feed.row], feed.output) for feed in feeds)
        shares = None if called is None else places[called]
        places[row] = len(places)
        owners = inference.wiring.ties.get(row, {})
        ties = tuple(
            Lent(tie.weight.name, places[owners[tie.owner]], tie.other.name, tie.turned)
            for tie in ties_of(result, {owner: inference.result(at) for owner, at in owners.items()})
        )
        yield Node(name, lines[row], result.kind, wires, result, shares, ties)
