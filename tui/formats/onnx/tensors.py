"""The tensors of an ONNX model: what is known of each, and the line that makes it.

Initializers, and what is made of them or of sizes alone, have no line before somebody reads them as a tensor.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from tui.core.network import Source
from tui.core.size import Size
from tui.core.tensor import Tensors
from tui.formats.frameworks.words import FrameworkError
from tui.formats.imported import Notice
from tui.formats.onnx.load import Operation, Stored
from tui.formats.onnx.node import DTYPES, FLOATS, Input, Known, Node
from tui.formats.onnx.weights import CONSTANTS, counting_line, elements_of
from tui.formats.onnx.writing import Writer

_NOT_CONSTANT: Final = frozenset(("RandomNormal", "RandomUniform", "RandomNormalLike", "RandomUniformLike", "Bernoulli",
                                  "Multinomial", "If", "Loop", "Scan"))  # fmt: skip


class Derived(NamedTuple):
    """A tensor made of nothing but initializers, the ``roots``; ``filled`` and ``uniform`` as in ``Input``."""

    shape: tuple[Size, ...]
    dtype: int
    roots: tuple[str, ...]
    filled: int = 0
    uniform: float | None = None


class TensorsOf(Writer):
    """The part of reading a model that knows its tensors."""

    known: dict[str, Known]
    derived: dict[str, Derived]
    waiting: dict[str, tuple[Node, Operation]]
    """Nodes that compute sizes or weights: written only where their output is read as a tensor."""
    read: dict[str, None]
    counted_by: dict[str, str]

    def _given(self, name: str) -> Input:
        tensor = self.graph.stored.get(name)
        if tensor is not None:
            number = tensor.uniform if tensor.known is None else _only(tensor.known)
            filler = tensor.is_constant and number is not None
            return Input(name, tensor.shape, tensor.dtype, tensor.known, True, (name,), filler, uniform=number)
        value = self.known.get(name)
        if value is not None:
            dtype = 1 if any(isinstance(entry, float) for entry in value.entries) else 7
            return Input(name, value.shape, dtype, value, False, uniform=_only(value))
        derived = self.derived.get(name)
        if derived is not None:
            whole, number = derived.uniform is not None, derived.uniform
            return Input(name, derived.shape, derived.dtype, None, True, derived.roots, whole, derived.filled, number)
        source = self.made.get(name)
        tensors = None if source is None else self.draft.tensors([source])
        shape, number = (None, 1) if tensors is None else (tensors[0].shape, number_of(tensors[0].dtype))
        return Input(name, shape, number, None, False)

    def _derive(self, node: Node, operation: Operation) -> bool:
        """Keep a tensor that is made of initializers alone for whoever reads it; the shape is by the rules."""
        given = [one for one in node.inputs if one is not None]
        if node.operator in _NOT_CONSTANT or not given or not any(one.stored for one in given):
            return False
        if not all(one.stored or one.known is not None for one in given):
            return False
        try:
            outputs = self._outputs(node)
        except FrameworkError:
            return False
        if outputs is None or len(outputs) < len([name for name in node.outputs if name]):
            return False
        roots = tuple(dict.fromkeys(root for one in given for root in one.roots))
        filled = self._filled(node)
        if filled:
            roots = tuple(root for root in roots if not self._is_constant(root))
        for name, tensor in zip(node.outputs, outputs, strict=False):
            if name:
                self.derived[name] = Derived(tensor.shape, number_of(tensor.dtype), roots, filled, _filling(node))
                self.waiting[name] = node, operation
        return True

    def _filled(self, node: Node) -> int:
        """How many elements of a join of a weight with numbers are the numbers: they come last, and are all 0."""
        if node.operator != "Concat" or len(node.inputs) != 2:
            return 0
        first, last = node.input(0), node.input(1)
        if first is None or last is None:
            return 0
        of_weights = first.stored and not first.filler and first.dtype in FLOATS
        along_last = node.attributes.get("axis") in (-1, len(first.shape or ()) - 1)
        return elements_of(last) if of_weights and last.is_number(0) and along_last else 0

    def _outputs(self, node: Node) -> Tensors | None:
        written = self.rule(node)
        if written.then or written.extras or written.turned:
            return None
        result = self.result_of(node, written)
        # What multiplies is work of the model, even where its inputs never change.
        return None if result is None or result.work.macs != 0 else result.outputs

    def _source(self, name: str) -> Source | None:
        """The line that makes a tensor; initializers and computed sizes get theirs when they are first read."""
        if name not in self.made:
            tensor = self.graph.stored.get(name)
            if name in self.waiting:
                self._write_waiting(name)
            elif tensor is not None:
                self.made[name] = self._parameter(name, tensor)
        return self.made.get(name)

    def _write_waiting(self, name: str) -> None:
        """Write a node that waits, those that it reads first; without recursion, as a chain of them has no bound."""
        path = [name]
        opened: set[str] = set()
        while path:
            if path[-1] not in self.waiting:
                path.pop()
                continue
            node, operation = self.waiting[path[-1]]
            if path[-1] not in opened:
                opened.add(path[-1])
                path += [one.name for one in self.tensors_read(node) if one.name in self.waiting]
                continue
            for other in node.outputs:
                self.waiting.pop(other, None)
            self.write(node, operation)

    def _parameter(self, name: str, tensor: Stored) -> Source:
        counts = tensor.dtype in FLOATS and 0 not in tensor.shape and not tensor.is_constant
        args: dict[str, Any] = {"shape": list(tensor.shape)} if tensor.shape else {}
        if counts and not self.weights.claim((name,), tensor.elements):
            args["tied"] = f"weight{counting_line(self.draft, self.counted_by, (name,), tensor.shape)}"
        label = name.rpartition("/")[2] if name.startswith("/") else name
        return self.draft.layer(label[-120:], "parameter" if counts else "constant", args | typed(tensor.dtype))

    def _rest(self) -> None:
        """One line for the parameters that no layer has: bounds, scales and the like."""
        rest = self.weights.rest(self.read)
        for name, tensor in self.graph.stored.items():
            if name not in self.read and name not in self.made and not tensor.is_constant and name not in rest:
                self.notices.append(Notice("dropped", name, "an initializer that no operator reads"))
        # A model of settings alone, such as one Resize, has no parameters.
        if rest and any(line.spec is not None and self.draft.has_weights(line.name or "") for line in self.draft.lines):
            note = "float initializers that layers read as settings: bounds, scales and the like"
            self.draft.first_line(CONSTANTS, "parameter", {"shape": [sum(rest.values())]}, note)
            named = ", ".join([*rest][:6]) + (f" and {len(rest) - 6} more" if len(rest) > 6 else "")
            self.notices.append(Notice("folded", CONSTANTS, f"{note} ({named})"))


def _only(value: Known) -> float | None:
    """The number that all entries are."""
    first = value.entries[0] if value.entries else None
    return float(first) if isinstance(first, int | float) and len(set(value.entries)) == 1 else None


def _filling(node: Node) -> float | None:
    """What a ConstantOfShape that is too large to be written out is filled with."""
    if node.operator != "ConstantOfShape":
        return None
    value = node.attributes.get("value")
    return _only(value) if isinstance(value, Known) else 0.0


def typed(number: int) -> dict[str, str]:
    """The type of a tensor, where it is not the usual one."""
    return {} if number == 1 or number not in DTYPES else {"dtype": DTYPES[number]}


def number_of(dtype: str) -> int:
    """ONNX's number of a type of ours."""
    return next(number for number, name in DTYPES.items() if name == dtype)
