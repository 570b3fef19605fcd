"""The order of an ONNX graph: each operator after those that make what it reads.

Files have to be in order already; one that is not is put in order, and what reads itself in a circle comes last.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tui.formats.frameworks.order import ordered
from tui.formats.onnx.load import Body, Operation


def reads_of(operation: Operation) -> Iterator[str]:
    """The tensors that an operator reads, those of the graphs inside it included."""
    yield from filter(None, operation.inputs)
    for value in operation.attributes.values():
        if isinstance(value, Body):
            yield from value.reads()


def in_order(operations: list[Operation], given: Iterable[str]) -> list[Operation]:
    """The operators in order; among several that could come next the first of the file does."""
    made = set(given)
    sorted_already = True
    for operation in operations:
        if sorted_already and any(name not in made for name in reads_of(operation)):
            sorted_already = False
        made.update(operation.outputs)
    if sorted_already:
        return operations
    makers = {name: i for i, operation in enumerate(operations) for name in operation.outputs if name}
    needed = [{makers[name] for name in reads_of(operation) if name in makers} for operation in operations]
    # What is placed already keeps its place, so that the circles follow in the order of the file.
    return [operations[i] for i in dict.fromkeys((*ordered(needed), *range(len(operations))))]


def without_identities(operations: list[Operation], outputs: list[str]) -> tuple[list[Operation], dict[str, str]]:
    """The operators without those that hand a tensor on, and for each tensor they made the one that it is."""
    same: dict[str, str] = {}
    kept = []
    for operation in operations:
        operation.inputs = [same.get(name, name) for name in operation.inputs]
        given = operation.inputs[0] if operation.operator == "Identity" and len(operation.inputs) == 1 else ""
        if given and given not in operation.outputs:
            same.update(dict.fromkeys(operation.outputs[:1], operation.inputs[0]))
        else:
            kept.append(operation)
    return kept, same
