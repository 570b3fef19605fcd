"""Names of layers from those of ONNX's operators and initializers: modules become dotted groups.

PyTorch's older exporter writes ``/layer1/layer1.0/conv1/Conv``, the newer one keeps the modules beside the
operator; initializers are called ``layer1.0.conv1.weight`` by both. TensorFlow writes ``model/block1/conv/Conv2D``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import Final

from tui.formats.onnx.load import Operation

LONGEST: Final = 120
"""A longer name is cut: no exporter of today writes one, and lines have an end."""
DEEPEST: Final = 20
_NUMBERED: Final = re.compile(r"_\d+$")
_PREFIX: Final = re.compile(r"^(node_|StatefulPartitionedCall/)+")


class Names:
    """The names of the layers of one graph."""

    def __init__(self, units: Iterable[Operation]) -> None:
        self._shared = Counter(module_of(unit) or unit.name for unit in units if unit.operator not in _UNSEEN)
        self._outer = {".".join(parts[:depth]) for parts in (module.split(".") for module in self._shared)
                       for depth in range(1, min(len(parts), DEEPEST))}  # fmt: skip

    def of(self, operation: Operation, weight: str = "") -> str:
        """The name for an operator; ``weight`` is the first initializer that it has for itself."""
        module, dot, _ = weight.rpartition(".")
        if dot and module and ":" not in weight and "/" not in weight:
            return module[:LONGEST]
        module = module_of(operation)
        plain = _PREFIX.sub("", operation.name).strip("/")
        if not module:
            return plain.replace("/", ".")[:LONGEST] if "/" in plain or operation.name[:1] == "/" else plain[:LONGEST]
        last = module.rpartition(".")[2]
        own = operation.name.rpartition("/")[2] if "/" in operation.name else operation.operator.rpartition(".")[2]
        own = own.lower()
        alone = self._shared[module] == 1 and module not in self._outer
        if alone or last.lower() == _NUMBERED.sub("", own):
            return module[:LONGEST]
        return f"{module[: LONGEST - 40]}.{_PREFIX.sub('', own)[:39]}"


_UNSEEN: Final = frozenset(("Constant", "Shape", "Identity"))


def module_of(operation: Operation) -> str:
    """The dotted path of the module that an operator stands in; empty where it stands in none."""
    if operation.scopes:
        return operation.scopes
    path = ""
    for part in _PREFIX.sub("", operation.name).removeprefix("/").split("/")[:-1]:
        # A container's child carries the name of the container: /layer1/layer1.0 is layer1.0.
        last = path.rpartition("/")[2]
        if last and part.startswith(f"{last}."):
            path = path[: len(path) - len(last)] + part
        else:
            path = f"{path}/{part}" if path else part
    return path.replace("/", ".")


def scope_of(operation: Operation) -> str:
    """What all operators of one layer have in common in their names: the path before the last slash, or the name.

    PyTorch's newer exporter keeps the path elsewhere; there a module may be many layers, as a function of a model may.
    """
    if operation.scopes or operation.inside:
        return ""
    return operation.name.rpartition("/")[0] if "/" in operation.name else operation.name
