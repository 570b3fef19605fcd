"""ONNX's control flow, where it is settled before the model runs: branches, loops and lists of tensors.

A branch whose condition is known is taken, a loop of a known number of rounds is written out, and of a list of
tensors it is known which they are. All else is left to whoever writes what is not known here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from tui.formats.imported import Notice
from tui.formats.onnx.load import Body, Graph, Loader, Operation, Stored
from tui.formats.onnx.node import Input, Known

MOST_ROUNDS: Final = 1_000
"""The most rounds of a loop that is written out."""
Unit = tuple[list[Operation], list[Operation]]


class Control:
    """The part of reading a model that follows its control flow."""

    loader: Loader
    graph: Graph
    notices: list[Notice]
    known: dict[str, Known]
    same: dict[str, str]
    lists: dict[str, list[str]]
    """The tensors of each list."""

    def _given(self, name: str) -> Input:
        raise NotImplementedError

    def _real(self, name: str) -> str:
        raise NotImplementedError

    def _units(self, graph: Graph) -> list[Unit]:
        raise NotImplementedError

    def _unit(self, operations: list[Operation], parts: list[Operation]) -> None:
        raise NotImplementedError

    def settled(self, operation: Operation) -> bool:
        """Whether an operator is control flow that is settled; what it does is done then."""
        match operation.operator:
            case "If":
                return self._branch(operation)
            case "Loop":
                return self._loop(operation)
            case "SequenceEmpty" | "SequenceConstruct" | "SequenceInsert" | "SequenceErase":
                return self._new_list(operation)
            case "SequenceAt" | "SequenceLength" | "ConcatFromSequence":
                return self._of_list(operation)
            case "SplitToSequence":
                return self._split(operation)
        return False

    def _entry(self, operation: Operation, index: int) -> Any:
        """The only entry of an input; None where it is not known or not given."""
        name = operation.inputs[index] if index < len(operation.inputs) else ""
        known = self._given(self._real(name)).known if name else None
        return known.entries[0] if known is not None and len(known.entries) == 1 else None

    def _is_left_out(self, operation: Operation, index: int) -> bool:
        return index >= len(operation.inputs) or not operation.inputs[index]

    def _alias(self, name: str, other: str) -> None:
        if name and self._real(other) != name:
            self.same[name] = self._real(other)

    def _add_graph(self, graph: Graph) -> None:
        units = self._units(graph)
        self.graph.stored.update(graph.stored)
        self.graph.stated.update(graph.stated)
        for operations, parts in units:
            self._unit(operations, parts)

    def _branch(self, operation: Operation) -> bool:
        condition = self._entry(operation, 0)
        word = "then_branch" if condition else "else_branch"
        body = operation.attributes.get(word)
        if condition is None or not isinstance(body, Body):
            return False
        branch = self.loader.graph_of(body, f"{operation.name}/")
        self._add_graph(branch)
        for out, inner in zip(operation.outputs, branch.outputs, strict=False):
            self._alias(out, inner)
        self.notices.append(Notice("folded", operation.name, f"If: its {word.replace('_', ' ')} is always taken"))
        return True

    def _loop(self, operation: Operation) -> bool:
        """Write the rounds of a loop one after another."""
        body, rounds = operation.attributes.get("body"), self._entry(operation, 0)
        goes_on = self._is_left_out(operation, 1) or bool(self._entry(operation, 1))
        if not isinstance(body, Body) or not isinstance(rounds, int) or not goes_on or not 0 <= rounds <= MOST_ROUNDS:
            return False
        carried = [self._real(name) for name in operation.inputs[2:]]
        results = len(operation.outputs) - len(carried)
        if not self._always_goes_on(body) or results < 0 or (results and not rounds):
            return False
        gathered: list[list[str]] = [[] for _ in range(results)]
        for number in range(rounds):
            graph = self.loader.graph_of(body, f"{operation.name}/{number}/")
            count, condition, *formal = [*graph.inputs, "", ""]
            self.graph.stored[count] = Stored((), 7, Known((number,), ()), True)
            self.graph.stored[condition] = Stored((), 9, Known((True,), ()), True)
            for name, actual in zip(formal, carried, strict=False):
                self._alias(name, actual)
            graph.inputs.clear()
            self._add_graph(graph)
            after = [self._real(name) for name in graph.outputs[1:]]
            carried, made = after[: len(carried)], after[len(carried) :]
            for some, name in zip(gathered, made, strict=False):
                some.append(name)
        for out, inner in zip(operation.outputs, carried, strict=False):
            self._alias(out, inner)
        for out, some in zip(operation.outputs[len(carried) :], gathered, strict=True):
            self._stack(operation, out, some, 0)
        self.notices.append(Notice("folded", operation.name, f"Loop: its {rounds} rounds are written out"))
        return True

    def _always_goes_on(self, body: Body) -> bool:
        """Whether what decides on another round is true, as exporters write it: handed on, or a constant."""
        probe = self.loader.graph_of(body, "probe/")
        name = probe.outputs[0] if probe.outputs else ""
        inputs = list(probe.inputs)
        for _ in probe.operations:
            maker = next((one for one in probe.operations if name in one.outputs), None)
            if maker is None or maker.operator not in ("Identity", "Cast") or not maker.inputs:
                if maker is not None and maker.operator == "Constant":
                    return any(isinstance(v, Stored) and v.known is not None and all(v.known.entries)
                               for v in maker.attributes.values())  # fmt: skip
                break
            name = maker.inputs[0]
        if len(inputs) > 1 and name == inputs[1]:
            return True
        stored = probe.stored.get(name)
        known = stored.known if stored is not None else self._given(self._real(name)).known if name else None
        return known is not None and bool(known.entries) and all(map(bool, known.entries))

    def _new_list(self, operation: Operation) -> bool:
        out = operation.outputs[0] if operation.outputs else ""
        if operation.operator == "SequenceEmpty":
            self.lists[out] = []
            return True
        if operation.operator == "SequenceConstruct":
            self.lists[out] = [self._real(name) for name in operation.inputs]
            return True
        old = self.lists.get(self._real(operation.inputs[0])) if operation.inputs else None
        place = 2 if operation.operator == "SequenceInsert" else 1
        at = self._entry(operation, place)
        if old is None or (at is None and not self._is_left_out(operation, place)):
            return False
        made = [*old]
        if operation.operator == "SequenceInsert":
            made.insert(len(made) if at is None else int(at), self._real(operation.inputs[1]))
        elif made:
            del made[-1 if at is None else int(at)]
        self.lists[out] = made
        return True

    def _of_list(self, operation: Operation) -> bool:
        given = self.lists.get(self._real(operation.inputs[0])) if operation.inputs else None
        if given is None:
            return False
        out = operation.outputs[0]
        if operation.operator == "SequenceLength":
            self.graph.stored[out] = Stored((), 7, Known((len(given),), ()), True)
            return True
        if operation.operator == "SequenceAt":
            at = self._entry(operation, 1)
            if not isinstance(at, int) or not -len(given) <= at < len(given):
                return False
            self._alias(out, given[at])
            return True
        axis = operation.attributes.get("axis", 0)
        if operation.attributes.get("new_axis", 0):
            self._stack(operation, out, given, axis)
        else:
            self._run(operation, "Concat", given, [out], axis=axis)
        return bool(given)

    def _split(self, operation: Operation) -> bool:
        """A list of the parts of a tensor, where their number is known."""
        axis, shape = operation.attributes.get("axis", 0), self._given(self._real(operation.inputs[0])).shape
        size = shape[axis] if shape is not None and -len(shape) <= axis < len(shape) else None
        if not isinstance(size, int) or not self._is_left_out(operation, 1) or not 0 < size <= MOST_ROUNDS:
            return False
        out = operation.outputs[0]
        parts = [f"{out}/{i}" for i in range(size)]
        if size == 1:
            self._alias(parts[0], operation.inputs[0])
        else:
            self._run(operation, "Split", operation.inputs[:1], parts, axis=axis, num_outputs=size)
        if operation.attributes.get("keepdims", 1):
            self.lists[out] = parts
            return True
        self.lists[out] = [f"{part}/alone" for part in parts]
        for part, alone in zip(parts, self.lists[out], strict=True):
            self._run(operation, "Squeeze", [part], [alone], axes=[axis])
        return True

    def _stack(self, operation: Operation, out: str, given: Sequence[str], axis: int) -> None:
        """Tensors along a new axis."""
        apart = [f"{out}/{i}/apart" for i in range(len(given))]
        for name, made in zip(given, apart, strict=True):
            self._run(operation, "Unsqueeze", [name], [made], axes=[axis])
        self._run(operation, "Concat", apart, [out], axis=axis)

    def _run(self, around: Operation, operator: str, inputs: Sequence[str], outputs: list[str], **given: Any) -> None:
        """An operator in the place of another."""
        name = f"{around.name}/{operator}"
        self._unit([Operation(operator, name, 11, given, list(inputs), outputs, around.scopes)], [])
