"""The body of ``forward``: one statement a layer, each with the shape that comes out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from tui.core.kind import Kind
from tui.core.size import symbol
from tui.core.tensor import Tensor
from tui.core.timedistributed import EachStep
from tui.formats.exported import Graph, Node, Wire, WriteError
from tui.formats.imported import Notice, Progress, unwatched
from tui.formats.torch.write_blocks import Copies, alone, copies_in
from tui.formats.torch.write_body import constructor
from tui.formats.torch.write_functions import Rule
from tui.formats.torch.write_names import class_name, identifier
from tui.formats.torch.write_rules import FLOAT_READERS, INDEX_READERS, RULES, SILENT, STEP_BY_STEP, UNSAID
from tui.formats.torch.write_site import Site
from tui.formats.torch.write_source import FIRST, OURS, Part, Said, Source, Value
from tui.formats.torch.write_text import call, operand, statement
from tui.formats.torch.write_ties import lent, share
from tui.formats.torch.write_wires import given_back, next_written, readers_of, shown


class Step(NamedTuple):
    """A layer as modules in a row: its node, and their constructors (None where there are none)."""

    node: Node
    modules: tuple[str, ...] | None
    note: str


class Forward:
    """Writes the statements of all nodes of a network, in order."""

    def __init__(self, source: Source, graph: Graph, dtype: str, progress: Progress, layout: str | None = None) -> None:
        """``layout`` is that of the input where it is given, in a block of a network."""
        self.source, self.nodes, self._graph, self._layout = source, graph.nodes, graph, layout
        self._given = given_back(graph)
        self._outputs = set(self._given)
        self._read_by = readers_of(graph, {})
        self._sole_input = sum(node.kind.name == "input" for node in graph.nodes) == 1
        loops = copies_in(graph, source.paths)
        while not self._written(loops, progress):
            source.clear()  # some copies are not equal after all, and are written one by one
        self.returned = [self._values[wire] for wire in self._given]
        self.half = None if dtype == "float32" else f"torch.{dtype}"
        if self.half is not None and dtype not in ("float64", "float16", "bfloat16"):
            source.notices.setdefault(Notice("differs", "set", f"dtype={dtype}: the module is written in float32; "
                                             "quantize it after training"))  # fmt: skip
            self.half = None
        if layout is None:
            self._tell_layouts()

    def _written(self, loops: dict[int, Copies], progress: Progress) -> bool:
        """Write all nodes; False, with the first of them taken out, where copies turn out to be unequal."""
        self.lines: list[str] = []
        self.steps: list[Step] = []
        self.inputs: list[tuple[Node, Value]] = []
        self._values: dict[Wire, Value] = {}
        self._taken: set[str] = set()
        stands = {place: first for first, copies in loops.items() for place in copies.places}
        self._readers = readers_of(self._graph, stands)
        self._next = next_written(self._graph, stands)
        for place, node in enumerate(self.nodes):
            progress(place, len(self.nodes))
            if node.kind.name == "input":
                self._input(place, node)
            elif place in loops:
                if not self._loop(loops[place]):
                    del loops[place]
                    return False
            elif place not in stands:
                self._layer(place, node)
        return True

    def _tell_layouts(self) -> None:
        """Say in the report which inputs and outputs have their channels first."""
        first = [("expects its channels first", value, node.name) for node, value in self.inputs]
        names = [self.nodes[wire.node].name for wire in self._given]
        first += [("comes out with its channels first", value, name)
                  for value, name in zip(self.returned, names, strict=True)]  # fmt: skip
        for what, value, name in first:
            if value.layout == FIRST:
                self.source.notices.setdefault(Notice("differs", name, f"{what}, as PyTorch has them: {shown(value)}"))

    def _input(self, place: int, node: Node) -> None:
        (tensor,) = node.result.outputs
        if self._holds_indices(place):
            tensor = tensor._replace(dtype="int64")
        # What a sum wants is that of its other input, if anything else is known.
        wanted = set(self._layouts(Wire(place), merged=False)) or set(self._layouts(Wire(place), merged=True))
        first = self.source.channels_last and len(tensor.shape) > 2 and FIRST in wanted and OURS not in wanted
        layout = self._layout or (FIRST if first else OURS)
        value = Value(self._variable(place, 0, node), tensor, layout if self._has_layouts(tensor) else OURS)
        self.inputs.append((node, value))
        self._values[Wire(place)] = value

    def _holds_indices(self, place: int) -> bool:
        readers = list(self._read_by.get(Wire(place), ()))
        return bool(readers) and all(
            reader < len(self.nodes) and INDEX_READERS.get(self.nodes[reader].kind.name) == number
            for reader, number in readers
        )

    def _layouts(self, wire: Wire, merged: bool) -> Iterator[str]:
        """The layouts that a tensor is read in, through the layers that take either; through sums too if ``merged``."""
        waiting, seen = [wire], {wire}
        while waiting:
            for reader, _ in self._read_by.get(waiting.pop(), ()):
                if reader == len(self.nodes):
                    continue  # it is given back
                kind = self.nodes[reader].kind
                _, layout = RULES.get(kind.name, (None, OURS))
                layout = OURS if isinstance(kind, EachStep) and kind.name not in STEP_BY_STEP else layout
                if layout in (FIRST, OURS):
                    yield layout
                elif Wire(reader) not in seen and (merged or len(self.nodes[reader].inputs) == 1):
                    seen.add(Wire(reader))
                    waiting.append(Wire(reader))

    def _layer(self, place: int, node: Node) -> None:
        values = [_as_read(node, number, self._values[wire]) for number, wire in enumerate(node.inputs)]
        if node.kind.dtype:
            note = f"dtype={node.kind.dtype} of a single layer is not written: a module has that of the network"
            self.source.notices.setdefault(Notice("differs", node.name, note))
        inside: list[str] = []
        said = self._said(node, values, inside)
        layouts = [said.layout] * len(node.result.outputs)
        outputs = [Value(code, tensor, layout if self._has_layouts(tensor) else OURS)
                   for code, tensor, layout in zip(said.outputs * (len(layouts) if said.packed else 1),
                                                   node.result.outputs, layouts, strict=True)]  # fmt: skip
        note = ", ".join(dict.fromkeys(shown(value) for value in outputs))
        self.steps.append(Step(node, said.modules, note))
        called = self._called(node)
        if node.kind.name in (*SILENT, "parameter"):
            for number, value in enumerate(outputs):
                self._values[Wire(place, number)] = value
            return
        names = [self._target(place, number, node) for number in range(len(outputs))]
        for number, (name, value) in enumerate(zip(names, outputs, strict=True)):
            self._values[Wire(place, number)] = value._replace(code=name)
        if said.packed:
            self._write(f"{', '.join(names)} = {said.outputs[0]}", called + note)
        else:
            pairs = [(name, value) for name, value in zip(names, outputs, strict=True) if name not in ("_", value.code)]
            taken = [name for name, _ in pairs]
            if any(re.search(rf"\b{name}\b", value.code) for i, (_, value) in enumerate(pairs) for name in taken[:i]):
                self._write(f"{', '.join(taken)} = {', '.join(value.code for _, value in pairs)}", called + note)
            else:
                for name, value in pairs:
                    self._write(f"{name} = {value.code}", called + shown(value))
                    called = ""
        self._taken.difference_update(inside)

    def _called(self, node: Node) -> str:
        """The name of a layer that is no module, for the note of its statement: where else could it stand?"""
        path = self.source.paths.of(node.name)
        return "" if node.line.name is None or path in self.source.parts else f"{'.'.join(path)}: "

    def _loop(self, copies: Copies) -> bool:
        """A class for equal copies and a loop over them; False where they are not equal."""
        value = self._values[copies.source]
        classes, sources = list[list[str]](), list[Source]()
        name = class_name("_".join(copies.path))
        for number, places in enumerate(copies.ranges):
            nodes = [self.nodes[place].name for place in places]
            inner = self.source.inside((*copies.path, str(number)), nodes)
            graph = alone(self._graph, copies, number, value.tensor)
            forward = Forward(inner, graph, "float32", unwatched, value.layout)
            (given,) = forward.returned
            if given.layout != value.layout or given.tensor.shape != value.tensor.shape:
                return False
            classes.append(constructor(name, inner, forward))
            sources.append(inner)
            if classes[-1] != classes[0] or inner.parameters != sources[0].parameters:
                return False
        first = sources[0]
        name = self.source.adopt({**first.classes, name: classes[0]})
        for inner in sources:
            self.source.notices |= inner.notices
            self.source.zeros = self.source.zeros + inner.zeros
        arguments = [self.source.size(symbol(free), False) for free in first.free if free in first.parameters]
        made = f"nn.ModuleList({call(name, *arguments)} for _ in range({len(copies.ranges)}))"
        self.source.parts[copies.path] = Part(made)
        self._write_loop(copies, value)
        return True

    def _write_loop(self, copies: Copies, value: Value) -> None:
        last = copies.outputs[-1]
        target = self._variable(last.node, last.output, self.nodes[last.node])
        if target != value.code:
            self._write(f"{target} = {value.code}")
        one = identifier(copies.path[-1], {*self._taken, target})
        self.lines.append(f"        for {one} in {self.source.paths.text(copies.path)}:")
        self.lines += statement(f"{target} = {one}({target})", 12, shown(value))
        self._values[last] = value._replace(code=target)
        self.steps += [Step(self.nodes[place], None, "") for place in copies.places]

    def _has_layouts(self, tensor: Tensor) -> bool:
        return self.source.channels_last and len(tensor.shape) > 2

    def _write(self, code: str, note: str = "") -> None:
        self.lines += statement(code, 8, note)

    def _said(self, node: Node, values: list[Value], inside: list[str]) -> Said:
        """What the rule of a layer makes of it; raises WriteError where there is none."""

        def let(name: str, code: str) -> str:
            if name.isidentifier() or not code:
                name = identifier(name, self._taken)
                self._taken.add(name)
                inside.append(name)
            if code:
                self._write(f"{name} = {code}")
            return name

        kind = node.kind
        if kind.name in UNSAID or kind.name not in RULES:
            why, way_out = UNSAID.get(kind.name, ("PyTorch has no such layer", "skip it"))
            raise WriteError(f"{node.name} ({kind.name}): {why}; {way_out}")
        if unnamed := ", ".join(node.unnamed_ties()):
            why = f"tied={kind.tied}: which layer has its {unnamed} too is not said"
            way_out = f"name it ({unnamed.split(',')[0]}@NAME), or leave tied out"
            raise WriteError(f"{node.name} ({kind.name}): {why}; {way_out}")
        owner = node if node.shares is None else self.nodes[node.shares]
        path, again = self.source.paths.of(owner.name), node.shares is not None
        turned = lent(self.source, self.nodes, owner)

        def site(alone: Kind, given: list[Value], gives: tuple[Tensor, ...]) -> Site:
            return Site(self.source, node.name, alone, given, gives, let, path, again, turned)

        rule = RULES[kind.name][0]
        each = isinstance(kind, EachStep)
        alone = kind.layer() if isinstance(kind, EachStep) else kind
        made = site(alone, values, node.result.outputs)
        said = _each_step(rule, made, site) if each and kind.name not in STEP_BY_STEP else rule(made)
        if node.ties and not turned and not again:
            share(self.source, self.nodes, node)
        return said

    def _target(self, place: int, number: int, node: Node) -> str:
        wire = Wire(place, number)
        if number and wire not in self._readers:
            return "_"
        return self._variable(place, number, node)

    def _variable(self, place: int, number: int, node: Node) -> str:
        """``x`` where the next statement alone reads it, else a name of the layer."""
        wire = Wire(place, number)
        readers = {reader for reader, _ in self._readers.get(wire, ())}
        following = self._next[place]
        passing = readers == {following} if readers else following is None
        alone = node.kind.name != "input" or self._sole_input
        if passing and alone and number == 0 and (not readers or wire not in self._outputs):
            return "x"
        word = "_".join(self.source.paths.of(node.name))
        name = identifier(word if number == 0 else f"{word}_{number}", self._taken)
        self._taken.add(name)
        return name


def _as_read(node: Node, number: int, value: Value) -> Value:
    """The value with a point where the layer reads none but such."""
    dtype = value.tensor.dtype
    if node.kind.name not in FLOAT_READERS or dtype.startswith(("float", "bfloat")):
        return value
    if node.kind.name == "maxunpool" and number == 1:
        return value  # its indices
    wanted = node.kind.settings.dtype if node.kind.settings.dtype.startswith(("float", "bfloat")) else "float32"
    return value._replace(code=f"{operand(value.code)}.to(torch.{wanted})", tensor=value.tensor._replace(dtype=wanted))


def _each_step(rule: Rule, outer: Site, make: Callable[[Kind, list[Value], tuple[Tensor, ...]], Site]) -> Said:
    """A layer applied to each step by itself: the steps join the batch and leave it again."""
    values = [
        Value(f"{operand(outer.read(i))}.flatten(0, 1)", _joined(value.tensor)) for i, value in enumerate(outer.values)
    ]
    inner = make(outer.kind, values, tuple(map(_joined, outer.outputs)))
    said = rule(inner)
    steps = outer.size(outer.shape[1])
    codes = list(said.outputs)
    if said.packed:
        codes = [inner.let("part", "") for _ in outer.outputs]
        inner.let(", ".join(codes), said.outputs[0])
    found = [
        f"{operand(inner.laid(code, _joined(tensor).shape, said.layout, OURS))}.unflatten(0, (-1, {steps}))"
        for code, tensor in zip(codes, outer.outputs, strict=True)
    ]
    return Said(tuple(found))


def _joined(tensor: Tensor) -> Tensor:
    """The tensor with its steps in the batch."""
    return tensor._replace(shape=(tensor.shape[0] * tensor.shape[1], *tensor.shape[2:]))
