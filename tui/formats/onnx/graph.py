"""ONNX models: the operators of the graph as layers, float initializers as weights.

Shapes are computed from the inputs. A shape that the file stores is a cross-check, and what is shown of an
operator that is not known here; it is never the result of one that is. Numbers are only read where they are
few and decide shapes, so weights may be missing. Needs the package ``onnx``, which is loaded with the first model.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple

from tui.core.collecting import no_collection
from tui.core.network import Line, Source
from tui.formats.frameworks.draft import Draft
from tui.formats.frameworks.words import FrameworkError, input_args, translated
from tui.formats.imported import Imported, Notice, Progress, unwatched
from tui.formats.onnx.control import Control
from tui.formats.onnx.kept import TEXT, lines_kept
from tui.formats.onnx.load import Graph, Operation, Stored, load
from tui.formats.onnx.meant import as_meant
from tui.formats.onnx.names import Names
from tui.formats.onnx.node import FLOATS, Known, Node
from tui.formats.onnx.order import in_order, without_identities
from tui.formats.onnx.patterns import patterns_of
from tui.formats.onnx.report import cross_check
from tui.formats.onnx.rows import rows_of
from tui.formats.onnx.settled import SettledError
from tui.formats.onnx.sizes import Sizes
from tui.formats.onnx.tensors import Derived, TensorsOf, typed
from tui.formats.onnx.values import folded
from tui.formats.onnx.web import Web
from tui.formats.onnx.weights import Weights

MOST_SETTLED: Final = 8
"""So many symbols are looked for a value; a file with more has them for no good reason."""
STEP: Final = 64
"""So many operators between two words about the progress."""
_CONSTANT_TYPES: Final = {"value_float": 1, "value_floats": 1, "value_int": 7, "value_ints": 7}


class Model(NamedTuple):
    """The lines of a model, which of them give its outputs, in the order of the graph, and its other tensors."""

    lines: list[Line]
    outputs: list[Source]
    tensors: dict[str, Source]


def read_onnx(data: bytes, name: str, progress: Progress = unwatched) -> Imported:
    """An ONNX model; raises FileError where it is none, or where the package ``onnx`` is not installed.

    One that was written here, and is still what was written, has the lines that it was written from.
    """
    if TEXT.encode() in data:
        own = lines_kept(data, progress)
        if own is not None:
            return own
    reading = _read(data, name, progress)
    return Imported(reading.draft.lines, tuple(reading.notices))


def read_model(data: bytes, name: str) -> Model:
    """An ONNX model with its outputs; raises FileError as :func:`read_onnx` does."""
    reading = _read(data, name, unwatched)
    return Model(reading.draft.lines, reading.outputs, reading.made)


def _read(data: bytes, name: str, progress: Progress) -> _Reading:
    """Read a model; where the weights of a layer settle what a symbol is, from the start again with its value."""
    settled: dict[str, int] = {}
    while True:
        try:
            with no_collection():
                return _Reading(data, name, progress, settled)
        except SettledError as error:
            settled[error.name] = error.value


class _Reading(TensorsOf, Control):
    """One model on its way into lines."""

    def __init__(self, data: bytes, name: str, progress: Progress, settled: Mapping[str, int]) -> None:
        self.settles = len(settled) < MOST_SETTLED
        self.loader, graph = load(data, name)
        self.graph = graph
        self.notices: list[Notice] = []
        self.sizes = Sizes(graph.inputs, settled)
        self.draft = Draft("ONNX", data_format="channels_first", counting="onnx", batch=self.sizes.batch)
        self.known: dict[str, Known] = {}
        self.derived: dict[str, Derived] = {}
        self.waiting: dict[str, tuple[Node, Operation]] = {}
        """Nodes that compute sizes or weights: written only where their output is read as a tensor."""
        self.made: dict[str, Source] = {}
        self.owners: dict[Any, Source] = {}
        self.scopes: dict[str, str] = {}
        self.roots: dict[str, str] = {}
        self.counted_by: dict[str, str] = {}
        self.same: dict[str, str] = {}
        self.lists: dict[str, list[str]] = {}
        self.weights = Weights(graph.stored)
        self.read: dict[str, None] = {}
        if self.sizes.open_batch:
            self.notices.append(Notice("folded", "batch", f"the file leaves it open ({self.sizes.open_batch}); it is 1 "
                                       "here, set batch=... changes it"))  # fmt: skip
        for symbol, value in settled.items():
            self.notices.append(Notice("folded", symbol, f"it can only be {value}: the weights of a layer say so"))
        units = self._units(graph)
        self.names = Names(one for unit in units for one in unit[0])
        for given, stated in graph.inputs.items():
            self._input(given, stated.sizes, stated.dtype)
        for done, (operations, apart) in enumerate(units):
            if done % STEP == 0:
                progress(done, len(units))
            self._unit(operations, apart)
        found = [self._source(self._real(output)) for output in graph.outputs]
        self.outputs = [source for source in found if source is not None]
        self._rest()
        self.notices += cross_check(graph.stated, self.made, self.draft)
        self._as_it_was_meant()
        progress(len(units), len(units))

    def _as_it_was_meant(self) -> None:
        """Read over what the lines say together: channels that are last but for transpositions, parts of one layer."""
        rows = rows_of(self.draft)
        if rows is None:
            return
        meant = as_meant(rows, self.draft.settings, self.outputs, self.scopes, self.roots)
        if meant is None:
            return
        self.draft.lines = meant.lines
        self.outputs = [source for source in map(meant.tensor, self.outputs) if source is not None]
        tensors = {name: meant.tensor(source) for name, source in self.made.items()}
        self.made = {name: source for name, source in tensors.items() if source is not None}
        self.notices += meant.notices

    def _units(self, graph: Graph) -> list[tuple[list[Operation], list[Operation]]]:
        """The operators that become lines: of a pattern the one that stands for it, with its parts."""
        operations = []
        for one in graph.operations:
            if one.operator == "Constant":
                graph.stored[one.outputs[0] if one.outputs else ""] = _constant(one)
            else:
                operations.append(one)
        self.read.update(dict.fromkeys(name for one in operations for name in one.inputs))
        known = [*graph.inputs, *graph.stored]
        operations, same = without_identities(in_order(operations, known), graph.outputs)
        self.same.update(same)
        for name in same:
            self.notices.append(Notice("dropped", name, f"Identity: it is {same[name]}"))
        web = Web(operations, [self._real(name) for name in graph.outputs], graph.stored)
        try:
            found = translated(patterns_of, "patterns", web)
        except FrameworkError:  # attributes of the wrong types: every operator is read by itself
            found = []
        patterns = {max(one.members): one for one in found}
        inside = {place for one in patterns.values() for place in one.members}
        units: list[tuple[list[Operation], list[Operation]]] = []
        for place, one in enumerate(operations):
            if place in patterns:
                parts = [operations[i] for i in sorted(patterns[place].members)]
                units.append(([patterns[place].operation], parts))
            elif place not in inside:
                units.append(([one], []))
        return units

    def _real(self, name: str) -> str:
        """The tensor that a name stands for, where operators only handed it on."""
        while name in self.same:
            name = self.same[name]
        return name

    def _input(self, name: str, stated: Iterable[int | str | None] | None, dtype: int) -> None:
        if stated is None:
            message = "this input has no shape in the file"
            self.made[name] = self.draft.refused(name, "input", {}, (), message)
            self.notices.append(Notice("refused", name, message))
            return
        sizes = list(self.sizes.of_input(stated))
        if any(size == 0 for size in sizes):
            self.made[name] = self.draft.layer(name, "constant", {"shape": sizes})
            return
        batched = len(sizes) > 1 and sizes[0] == self.sizes.batch
        self.made[name] = self.draft.layer(name, "input", input_args(sizes, batched) | typed(dtype))

    def _unit(self, operations: list[Operation], parts: list[Operation]) -> None:
        for operation in operations:
            try:
                if not parts:
                    translated(self._operation, operation.operator, operation)
                elif not self.pattern(operation, self._node(operation), parts):
                    for part in parts:
                        translated(self._operation, part.operator, part)
            except FrameworkError as objection:
                self.refuse(self._node(operation), objection.message)

    def _operation(self, operation: Operation) -> None:
        if self.settled(operation):
            return
        node = self._node(operation)
        if (self._filled(node) or self._moves_a_weight(node)) and self._derive(node, operation):
            return
        value = folded(node)
        if value is not None:
            self.known[node.outputs[0]] = value
            self.waiting[node.outputs[0]] = node, operation
            return
        if not self._derive(node, operation):
            self.write(node, operation)

    def _moves_a_weight(self, node: Node) -> bool:
        """Whether an operator only turns a matrix that is a parameter: it stays a weight, however small."""
        given = node.input(0)
        if node.operator != "Transpose" or given is None or not given.stored or given.dtype not in FLOATS:
            return False
        return len(given.shape or ()) == 2 and not all(map(self._is_constant, given.roots))

    def _node(self, operation: Operation) -> Node:
        attributes = {
            key: (value.known or Known((), value.shape)) if isinstance(value, Stored) else value
            for key, value in operation.attributes.items()
        }
        inputs = [self._given(self._real(name)) if name else None for name in operation.inputs]
        return Node(operation.operator, operation.name, operation.opset, attributes, inputs, operation.outputs)


def _constant(operation: Operation) -> Stored:
    """What a Constant holds: a tensor, a number, or a list."""
    for name, value in operation.attributes.items():
        if isinstance(value, Stored):
            return value._replace(is_constant=True)
        if name in _CONSTANT_TYPES and isinstance(value, int | float | list):
            entries = tuple(value) if isinstance(value, list) else (value,)
            shape = (len(entries),) if isinstance(value, list) else ()
            return Stored(shape, _CONSTANT_TYPES[name], Known(entries, shape), True)
    return Stored((), 8, None, True)
