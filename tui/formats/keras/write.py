"""The writer of Keras models: source for ``keras.Model`` and ``keras.Sequential``, and the JSON of a functional model.

Every node goes through the row of its kind in ``keras_write_table``. What Keras cannot say is a WriteError; what it
says in other terms is a notice. Results are computed by Keras's rules (``counting=keras``), whatever the network's are.
"""

from __future__ import annotations

from typing import Final

from tui.core.network import Line
from tui.core.size import Poly, Size, bind, symbol, text
from tui.core.snapshot import Snapshot
from tui.core.tensor import Role, Weight
from tui.formats.exported import Graph, Node, WriteError, Written, graph_of
from tui.formats.imported import Notice, Progress
from tui.formats.keras.write_call import Call, unknown
from tui.formats.keras.write_json import as_json
from tui.formats.keras.write_names import Names, Writing
from tui.formats.keras.write_program import Program
from tui.formats.keras.write_source import as_source
from tui.formats.keras.write_table import TABLE
from tui.formats.keras.write_ties import as_calls, reversed_places, written
from tui.formats.line import parse_line
from tui.formats.statements import print_settings

MOST_PLACES: Final = 3
"""Places that a notice names; of more it says how many there are."""


def write_code(snapshot: Snapshot, name: str, progress: Progress) -> Written:
    """Python source that leaves the network as ``model``; raises WriteError where Keras cannot say a layer."""
    program = program_of(snapshot, name, progress)
    return Written(as_source(program).encode(), tuple(program.notices))


def write_json(snapshot: Snapshot, name: str, progress: Progress) -> Written:
    """What ``keras.models.model_from_json`` reads; raises WriteError where Keras cannot say a layer."""
    program = program_of(snapshot, name, progress)
    return Written(as_json(program).encode(), tuple(program.notices))


def program_of(snapshot: Snapshot, name: str, progress: Progress) -> Program:
    """The network as a Keras program; raises WriteError, and Stopped where the progress does.

    A batch of 1 that nobody set is left open, unless a layer has to know it.
    """
    given = graph_of(snapshot)
    batch = next(free for i in range(len(snapshot.symbols) + 1) if (free := f"batch{i}") not in snapshot.symbols)
    if snapshot.settings.batch == 1:
        try:
            opened = _under(snapshot, [("batch", symbol(batch)), ("counting", "keras")])
            return _Writing(opened, given, name, {batch: 1}).whole(progress)
        except WriteError as error:
            needs = error
    else:
        needs = None
    graph = given if snapshot.settings.counting == "keras" else _under(snapshot, [("counting", "keras")])
    writing = _Writing(graph, given, name, {})
    program = writing.whole(progress)
    if needs is not None:
        place = needs.message.split(":")[0].split(" ")[0]
        program.notices.append(Notice("rewritten", place, "the batch is fixed at 1: this layer has to know it"))
    return program


def _under(snapshot: Snapshot, settings: list[tuple[str, object]]) -> Graph:
    line: Line = parse_line(print_settings(settings))
    return graph_of(Snapshot.of([*snapshot.lines, line]))


def _check(node: Node, before: Node, values: dict[str, Size]) -> None:
    """Raise WriteError where Keras's rules give a layer another shape than those of the network's counting."""
    ours = [tensor.shape for tensor in before.result.outputs]
    theirs = [tuple(bind(size, values) for size in tensor.shape) for tensor in node.result.outputs]
    if ours != theirs:
        raise WriteError(
            f"{node.name} cannot be written: by Keras's rules its output has another shape than under "
            f"counting={before.kind.settings.counting}; set counting=keras to see it"
        )


class _Writing(Writing):
    """One program in the making."""

    def __init__(self, graph: Graph, given: Graph, name: str, values: dict[str, Size]) -> None:
        names = Names(name, [node.name for node in graph.nodes])
        super().__init__(as_calls(graph), given, Program(names.model), names)
        self.reversed = reversed_places(self.graph)
        self._values = values
        """What the sizes that are open here are in the network."""
        self._notices: dict[tuple[str, str], list[str]] = {}

    def whole(self, progress: Progress) -> Program:
        """The program of all nodes."""
        # Inputs first: what has no source is made from one of them.
        order = sorted(range(len(self.graph.nodes)), key=lambda place: self.graph.nodes[place].kind.name != "input")
        for done, place in enumerate(order):
            progress(done, len(order))
            self.node(place)
        self.close()
        progress(len(self.graph.nodes), len(self.graph.nodes))
        return self.program

    def notice(self, grade: str, place: str, words: str) -> None:
        self._notices.setdefault((grade, words), []).append(place)

    def node(self, place: int) -> None:
        """Write one node by the row of its kind."""
        node, before = self.graph.nodes[place], self.given.nodes[place]
        _check(node, before, self._values)
        row = TABLE.get(node.kind.name)
        if row is None:
            raise WriteError(f"{node.name} cannot be written: nothing in Keras is known to be a {node.kind.name}")
        call = Call(self, place)
        call.check(row.handled)
        self.outputs[place] = written(call) if node.kind.tied and node.shares is None else row(call)
        for ref, tensor in zip(self.outputs[place], node.result.outputs, strict=False):
            self.program.tensors.setdefault(ref, tensor)
        for size in (size for weight in node.result.weights for size in weight.shape):
            if isinstance(size, Poly):
                raise unknown(node.name, f"it has weights of {text(size)} along an axis", size)
        if node.kind.name == "input":
            self.program.inputs.extend(self.outputs[place])
        if node.shares is None:
            self._count(node.name, call.weights, before)

    def _count(self, name: str, weights: tuple[Weight, ...], before: Node) -> None:
        """Add what Keras counts of a node, and a notice where the network counts other trained parameters."""
        for weight in weights:
            elements = weight.elements
            assert isinstance(elements, int)
            if weight.role is Role.TRAINABLE:
                self.program.trainable += elements
            elif weight.role is not Role.COUNTER:
                self.program.non_trainable += elements
        here, there = (
            sum(int(str(w.elements)) for w in one if w.role in (Role.TRAINABLE, Role.FROZEN))
            for one in (weights, before.result.weights)
        )
        if here != there:
            counting = before.kind.settings.counting
            self.notice("differs", name, f"Keras has {here:,} parameters here, by counting={counting} it has {there:,}")

    def close(self) -> None:
        """End the program: its outputs and its report."""
        ends = [self.outputs[wire.node][wire.output] for wire in self.graph.outputs]
        self.program.outputs = list(dict.fromkeys(ends))
        if not self.program.inputs:
            raise WriteError("a Keras model needs an input; add a line such as: input 28x28x1")
        for node in self.graph.nodes:
            if node.line.name is not None and self.names.of[node.name] != node.name:
                self.notice("renamed", node.name, "its Keras name has letters, digits and underscores only")
        for (grade, words), places in self._notices.items():
            more = len(places) - MOST_PLACES
            where = ", ".join(places[:MOST_PLACES]) + (f" and {more} more" if more > 0 else "")
            self.program.notices.append(Notice(grade, where, words))
