"""Who makes and who reads each tensor of an ONNX graph: what the search for patterns asks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from tui.formats.onnx.load import Operation, Stored
from tui.formats.onnx.order import reads_of


class Pattern(NamedTuple):
    """Some operators that together are one layer. ``operation`` stands for them, in the place of the last."""

    members: frozenset[int]
    operation: Operation


class Web:
    """The wires of one graph, by the places of the operators in it."""

    def __init__(self, operations: Sequence[Operation], outputs: Iterable[str], stored: Mapping[str, Stored]) -> None:
        self.operations = operations
        self._stored = stored
        self._makers: dict[str, int] = {}
        self._readers: dict[str, list[int]] = {}
        self._outputs = frozenset(outputs)
        self.constant = set(stored)
        """The tensors that are made of nothing but initializers."""
        for place, operation in enumerate(operations):
            for name in operation.outputs:
                self._makers[name] = place
            for name in reads_of(operation):
                self._readers.setdefault(name, []).append(place)
            read = [name for name in operation.inputs if name]
            if read and all(name in self.constant for name in read):
                self.constant.update(operation.outputs)

    def maker(self, name: str, *operators: str) -> int | None:
        """The operator that makes a tensor, where it is one of these."""
        place = self._makers.get(name)
        return place if place is not None and self.operations[place].operator in operators else None

    def readers(self, name: str) -> list[int]:
        """The operators that read a tensor, each once."""
        return list(dict.fromkeys(self._readers.get(name, ())))

    def only(self, name: str, *operators: str) -> int | None:
        """The only reader of a tensor that is no output of the graph, where it is one of these operators."""
        readers = self.readers(name)
        if len(readers) != 1 or name in self._outputs:
            return None
        return readers[0] if self.operations[readers[0]].operator in operators else None

    def kept_inside(self, members: Iterable[int], last: int) -> bool:
        """Whether nobody else reads what these operators make, but for the output of the last."""
        inside = set(members)
        return all(
            name not in self._outputs and inside.issuperset(self._readers.get(name, ()))
            for place in inside
            if place != last
            for name in self.operations[place].outputs
            if name
        )

    def number(self, name: str) -> float | None:
        """The value of a constant of one element."""
        tensor = self._stored.get(name)
        if tensor is None or tensor.known is None or len(tensor.known.entries) != 1:
            return None
        value = tensor.known.entries[0]
        return value if isinstance(value, int | float) else None

    def entries(self, name: str) -> tuple[object, ...] | None:
        """The entries of a small constant."""
        tensor = self._stored.get(name)
        return None if tensor is None or tensor.known is None else tensor.known.entries

    def is_near(self, name: str, value: float, tolerance: float = 1e-3) -> bool:
        """Whether a tensor is this number; half floats are rounded."""
        found = self.number(name)
        return found is not None and abs(found - value) <= tolerance * max(abs(value), 1e-6)

    def other(self, place: int, name: str) -> str | None:
        """The other of the two inputs of an operator."""
        inputs = self.operations[place].inputs
        if len(inputs) != 2 or name not in inputs:
            return None
        return inputs[1] if inputs[0] == name else inputs[0]

    def out(self, place: int) -> str:
        """The first output of an operator."""
        outputs = self.operations[place].outputs
        return outputs[0] if outputs else ""

    def inputs(self, place: int) -> tuple[str, str]:
        """The first two inputs of an operator; empty where there are fewer."""
        first, second, *_ = (*self.operations[place].inputs, "", "")
        return first, second

    def scaled(self, name: str, value: float) -> tuple[str, int] | None:
        """What a tensor is a multiple of by a certain number, and the operator that multiplies (or divides)."""
        place = self.maker(name, "Mul", "Div")
        if place is None:
            return None
        first, second = self.inputs(place)
        if self.operations[place].operator == "Div":
            return (first, place) if self.is_near(second, 1 / value) else None
        if self.is_near(second, value):
            return first, place
        return (second, place) if self.is_near(first, value) else None

    def fused(self, operator: str, members: Iterable[int], inputs: Sequence[str], **attributes: object) -> Pattern:
        """A pattern whose last operator gives its name and its outputs."""
        places = frozenset(members)
        last = self.operations[max(places)]
        path, slash, _ = last.name.rpartition("/")
        name = f"{path}/{operator.rpartition('.')[2]}" if slash else last.name
        made = Operation(operator, name, last.opset, dict(attributes), list(inputs), list(last.outputs), last.scopes,
                         last.inside)  # fmt: skip
        return Pattern(places, made)
