"""Weights that a layer shares with another, in Keras: another call of that layer, or an embedding used backwards.

Keras's layers share all of their weights or none; ``ReversibleEmbedding`` is the one that is two layers of one table.
"""

from __future__ import annotations

from typing import NoReturn

from tui.formats.exported import Graph, Lent, Node, WriteError
from tui.formats.keras.write_call import Call
from tui.formats.keras.write_program import Layer, Ref, Step


def as_calls(graph: Graph) -> Graph:
    """The network with each layer that has all its weights from an equal one as another call of that."""
    nodes = list(graph.nodes)
    for place, node in enumerate(nodes):
        owner = _equal_owner(nodes, node)
        if owner is not None:
            nodes[place] = node._replace(shares=owner, ties=())
    return graph._replace(nodes=tuple(nodes))


def reversed_places(graph: Graph) -> set[int]:
    """The embeddings whose tables later dense layers read backwards."""
    return {tie.node for node in graph.nodes if (tie := _table_of(graph.nodes, node)) is not None}


def written(call: Call) -> tuple[Ref, ...]:
    """A layer with the weights of another; raises WriteError where Keras has none that could share them."""
    node, nodes = call.node, call.writing.graph.nodes
    if unnamed := ", ".join(node.unnamed_ties()):
        raise WriteError(
            f"{node.name} cannot be written for Keras: tied={node.kind.tied} does not say which layer has its "
            f"{unnamed} too; name it ({unnamed.split(',')[0]}@NAME), or leave tied out"
        )
    tie = _table_of(nodes, node)
    if tie is None:
        _refuse(nodes, node)
    table = call.writing.layers[tie.node, "ReversibleEmbedding", ""][0]
    assert isinstance(table, Layer)
    made = call.step(Step(table, (call.refs[0],), {"reverse": True}, call.writing.names.of[node.name]))
    if call.kind.activation == "linear":
        return (made,)
    return (call.layer("Activation", {"activation": call.function(call.kind.activation)}, made, suffix="activation"),)


def _table_of(nodes: tuple[Node, ...], node: Node) -> Lent | None:
    """The tie of a dense layer without a bias to the table of an embedding; None of other layers."""
    if node.kind.name != "dense" or len(node.ties) != 1 or getattr(node.kind, "bias", True):
        return None
    (tie,) = node.ties
    owner = nodes[tie.node]
    square = not tie.turned and len(set(owner.kind.weights(owner.result.inputs)[0].shape)) == 1
    plain = owner.kind.name == "embedding" and getattr(owner.kind, "lora_rank", None) is None
    return tie if plain and (tie.turned or square) and tie.weight == "kernel" else None


def _equal_owner(nodes: list[Node], node: Node) -> int | None:
    """The layer that has all weights of one, if it is equal in all else."""
    owners = {tie.node for tie in node.ties}
    if len(owners) != 1 or node.unnamed_ties() or any(tie.turned or tie.weight != tie.other for tie in node.ties):
        return None
    (place,) = owners
    there = nodes[place]
    names = {weight.name for weight in node.kind.weights(node.result.inputs)}
    same_args = all(
        getattr(node.kind, arg.name) == getattr(there.kind, arg.name)
        for arg in type(node.kind).all_args()
        if arg.name not in ("tied", "trainable")
    )
    if node.kind.name != there.kind.name or names != {tie.weight for tie in node.ties} or not same_args:
        return None
    return place if there.shares is None else there.shares


def _refuse(nodes: tuple[Node, ...], node: Node) -> NoReturn:
    said = ", ".join(f"its {tie.weight} is the {tie.other} of {nodes[tie.node].name}" for tie in node.ties)
    raise WriteError(
        f"{node.name} cannot be written for Keras: {said}, and layers of Keras share all of their weights or none; "
        f"write call {nodes[node.ties[0].node].name}, or leave tied out for weights of its own"
    )
