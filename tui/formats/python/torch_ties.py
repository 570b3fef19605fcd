"""Parameters that layers of read PyTorch source share: ``self.head.weight = self.tokens.weight``.

The layer that is called first has them; of the others the lines say whose they are.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final, TypeAlias

from tui.formats.torch.tensors import Stored

Key: TypeAlias = tuple[int, str]

_NORMS: Final[Mapping[str, str]] = {"weight": "gamma", "bias": "beta"}
_KERNELS: Final[Mapping[str, str]] = {"weight": "kernel", "bias": "bias"}
_OURS: Final = (
    (re.compile(r"Linear|Bilinear|Conv(Transpose)?\dd"), _KERNELS),
    (re.compile(r"Embedding(Bag)?"), {"weight": "embeddings"}),
    (re.compile(r"(Batch|Layer|Group|Instance|RMS)Norm(\dd)?"), _NORMS),
    (re.compile(r"PReLU"), {"weight": "slope"}),
)
"""What the parameters of a class are called here."""


class Ties:
    """The shared parameters of one source, by the layers that hold them."""

    def __init__(self) -> None:
        self._with: dict[Key, Key] = {}
        self._lines: dict[Key, tuple[Any, str]] = {}
        """The layer and the line that have a parameter."""

    def begin(self) -> None:
        """Forget the lines: the network is read anew."""
        self._lines.clear()

    def tie(self, layer: Any, name: str, other: Any, other_name: str) -> None:
        """Hear that a parameter of a layer is that of another one."""
        mine, theirs = self._root((id(layer), name)), self._root((id(other), other_name))
        if mine != theirs:
            self._with[mine] = theirs

    def written(self, layer: Any, line: str) -> None:
        """Hear which line a layer has become."""
        for name in layer.parameters.names:
            self._lines.setdefault(self._root((id(layer), name)), (layer, line))

    def line_of(self, layer: Any, name: str) -> str | None:
        """The line that has a parameter; None where none is written yet."""
        found = self._lines.get(self._root((id(layer), name)))
        return None if found is None else found[1]

    def argument(self, layer: Any) -> str:
        """What the line of a layer says of its parameters that others have; empty where it has all for itself.

        Raises LookupError where a parameter is shared that has no name here.
        """
        shared = [(name, *found) for name in layer.parameters.names
                  if (found := self._lines.get(self._root((id(layer), name)))) and found[0] is not layer]  # fmt: skip
        if not shared:
            return ""
        owners = {(owner.class_name, line) for _, owner, line in shared}
        ((class_name, line), *others) = owners
        if len(shared) == len(layer.parameters.names) and not others and layer.class_name == class_name:
            return f"@{line}"
        names = ours(layer.class_name)
        return ",".join(f"{names[name]}@{line}" for name, _, line in shared)

    def _root(self, key: Key) -> Key:
        while key in self._with:
            key = self._with[key]
        return key


def ours(class_name: str) -> Mapping[str, str]:
    """Our names for the parameters of a class; none where they have others."""
    return next((names for pattern, names in _OURS if pattern.fullmatch(class_name)), {})


def matrix(module: Any, turned: bool = False) -> Stored | None:
    """The matrix of a dense layer or a table as PyTorch has it, (out, in); None of others."""
    args = module.args
    pairs = {"Linear": ("out_features", "in_features"), "Embedding": ("num_embeddings", "embedding_dim")}
    sizes = [args.get(name) for name in pairs.get(module.class_name, ())]
    if not sizes or None in sizes:
        return None
    rows, columns = reversed(sizes) if turned else sizes
    return Stored(f"{module.path}.weight", (rows, columns), "parameter", turned=turned)
