"""Weights of a layer that are another layer's too, in the written source: ``self.head.weight = self.tokens.weight``.

PyTorch keeps the matrix of ``nn.Linear`` as (out, in): it is that of an ``nn.Embedding`` as it stands, and that of
another ``nn.Linear`` the other way round only through ``F.linear``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final, NoReturn

from tui.formats.exported import Lent, Node, WriteError
from tui.formats.torch.write_source import Source

_NAMES: Final[Mapping[str, str]] = {"kernel": "weight", "embeddings": "weight", "gamma": "weight", "slope": "weight",
                                    "bias": "bias", "beta": "bias"}  # fmt: skip
_MODULES: Final = re.compile(
    r"nn\.(Linear|Embedding|EmbeddingBag|Bilinear|PReLU|LayerNorm|RMSNorm|GroupNorm|"
    r"(Conv|ConvTranspose|BatchNorm|InstanceNorm)\dd)\("
)
_MATRICES: Final = frozenset(("dense", "embedding"))


def lent(source: Source, nodes: Sequence[Node], node: Node) -> dict[str, str]:
    """Expressions for the weights of a dense layer that it reads from another the other way round.

    With the kernel the bias comes along, where it is another's too: there is no module then.
    """
    kernel = next((tie for tie in node.ties if tie.weight == "kernel"), None)
    if node.kind.name != "dense" or kernel is None or not _is_turned(nodes, node, kernel):
        return {}
    found = {tie.weight: _of_owner(source, nodes, node, tie) for tie in node.ties}
    return {**found, "kernel": f"{found['kernel']}.t()"}


def share(source: Source, nodes: Sequence[Node], node: Node) -> None:
    """Give the module of a layer the weights that are another's; raises WriteError where it cannot have them."""
    path = source.paths.of(node.name)
    part = source.parts.get(path)
    for tie in node.ties:
        name = _NAMES.get(tie.weight)
        if part is None or name is None or not _MODULES.match(part.constructor or "") or _differ(nodes, node, tie):
            refuse(node, nodes[tie.node], f"its {tie.weight} cannot be the {tie.other} of {nodes[tie.node].name} there")
        part.shared[name] = _of_owner(source, nodes, node, tie)


def refuse(node: Node, owner: Node, why: str) -> NoReturn:
    """Raise WriteError: a weight cannot be shared in PyTorch."""
    raise WriteError(
        f"{node.name} ({node.kind.name}): {why}: {owner.name} is {owner.kind.name}; "
        f"call it (call {owner.name}), or leave tied out for weights of its own"
    )


def _of_owner(source: Source, nodes: Sequence[Node], node: Node, tie: Lent) -> str:
    owner = nodes[tie.node]
    path = source.paths.of(owner.name)
    part, name = source.parts.get(path), _NAMES.get(tie.other)
    if part is None or name is None or not _MODULES.match(part.constructor or ""):
        refuse(node, owner, f"PyTorch has no module with the {tie.other} of {owner.name}")
    return f"{source.paths.text(path)}.{name}"


def _is_turned(nodes: Sequence[Node], node: Node, tie: Lent) -> bool:
    """Whether PyTorch has the axes of the two matrices in another order."""
    other = nodes[tie.node].kind.name
    if other == node.kind.name:
        return tie.turned
    square = not tie.turned and len(set(next(w for w in _weights(node) if w[0] == tie.weight)[1])) == 1
    return not tie.turned and not square


def _weights(node: Node) -> list[tuple[str, tuple[object, ...]]]:
    return [(weight.name, weight.shape) for weight in node.kind.weights(node.result.inputs)]


def _differ(nodes: Sequence[Node], node: Node, tie: Lent) -> bool:
    """Whether the tensors of the two modules differ in their axes."""
    other = nodes[tie.node].kind.name
    if {node.kind.name, other} <= _MATRICES and tie.weight in ("kernel", "embeddings"):
        return _is_turned(nodes, node, tie)
    one_axis = len(next(shape for name, shape in _weights(node) if name == tie.weight)) == 1
    return tie.turned or (other != node.kind.name and not one_axis)
