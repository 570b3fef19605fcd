"""From an operator to its lines: the rule that knows it, the lines that it reads, the weights that it owns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from tui.core.network import Source
from tui.core.result import Result, compute
from tui.core.settings import Settings
from tui.core.size import same, symbol, symbols
from tui.core.tensor import Role, Tensor, Tensors, Weight
from tui.formats.frameworks.words import FrameworkError, spec_of, translated
from tui.formats.imported import Notice
from tui.formats.onnx.load import Operation
from tui.formats.onnx.names import scope_of
from tui.formats.onnx.node import DTYPES, Input, Node, UnknownError, Written
from tui.formats.onnx.opaque import Unknown
from tui.formats.onnx.rules import RULES, every_input
from tui.formats.onnx.settled import SettledError, settled_by
from tui.formats.onnx.weights import Weights, counting_line, elements_of
from tui.layers import kind_named

_MOST_READ: Final = 1_200
"""Characters of source names on a line; a longer list of sources is joined in parts."""


def computed(written: Written, tensors: Tensors, settings: Settings) -> Result:
    """What a line would come to; raises FrameworkError where it cannot be written."""
    spec = spec_of(written.class_name, written.args)
    fewest, most = spec.kind.inputs
    if len(tensors) < fewest or (most is not None and len(tensors) > most):
        raise FrameworkError(f"{written.class_name} does not read {len(tensors)} tensors")
    return compute(spec.kind.make(spec.args, settings), tensors)


class Writer(Unknown):
    """The part of reading a model that writes lines."""

    settles: bool
    """Whether a symbol that a layer's weights settle is looked for."""
    weights: Weights
    owners: dict[Any, Source]
    scopes: dict[str, str]
    """The scopes of the operators that lines stand for."""
    roots: dict[str, str]
    """The first initializers that lines have for themselves."""
    counted_by: dict[str, str]
    """The lines that count initializers first."""

    def rule(self, node: Node) -> Written:
        """What a node is in our kinds; raises FrameworkError, UnknownError where its operator is not known here."""
        rule: Callable[[Node], Written] | None = RULES.get(node.operator)
        if rule is None and ("." in node.operator or kind_named(node.operator) is None):
            raise UnknownError(f"{node.operator} is not known here")
        return translated(every_input if rule is None else rule, node.operator, node)

    def tensors_of(self, node: Node, written: Written) -> Tensors | None:
        """The inputs that a line would read; None where the shape of one is not known."""
        found = []
        for index in written.reads:
            given = node.input(index)
            if given is None or given.shape is None:
                return None
            shape = given.shape
            if written.turned is not None and written.turned[0] == index:
                shape = written.turned[3]
            found.append(Tensor(shape, DTYPES.get(given.dtype, "float32")))
        return tuple(found)

    def tensors_read(self, node: Node) -> list[Input]:
        """The inputs that the line of a node would read; those of an operator that is not known here are all."""
        try:
            reads: Sequence[int] = self.rule(node).reads
        except FrameworkError:
            reads = range(len(node.inputs))
        given = [node.input(index) for index in reads]
        return [one for one in given if one is not None]

    def result_of(self, node: Node, written: Written) -> Result | None:
        """What a line of a node would come to; None where it reads what no line makes, or is an error.

        Raises FrameworkError where the line cannot be written.
        """
        tensors = self.tensors_of(node, written)
        result = None if tensors is None else computed(written, tensors, self.draft.settings)
        return None if result is None or result.status == "error" else result

    def pattern(self, operation: Operation, node: Node, parts: Sequence[Operation]) -> bool:
        """Write several operators as one layer; False, and nothing written, where the shapes do not allow it."""
        try:
            written = self.rule(node)
            result = self.result_of(node, written)
            if result is None:
                return False
            expected = sum(elements_of(one) for one in self._own(node, written))
            if written.weights and result.counts.params != expected:
                return False
        except FrameworkError:
            return False
        source = self._lines(node, written, operation)
        names = ", ".join(dict.fromkeys(part.operator for part in parts))
        if source is not None and len(parts) > 1:
            self.notices.append(Notice("folded", source.name, f"{len(parts)} operators are one layer: {names}"))
        return True

    def write(self, node: Node, operation: Operation | None) -> None:
        """Write the lines of a node; one that is not known here is opaque, one that does not fit is refused."""
        try:
            written = self.rule(node)
        except UnknownError as objection:
            self.opaque(node, operation, objection.message)
            return
        except FrameworkError as objection:
            self.refuse(node, objection.message)
            return
        if node.operator == "Cast" and self._changes_nothing(node, written):
            return
        self._lines(node, written, operation)

    def _changes_nothing(self, node: Node, written: Written) -> bool:
        given = node.input(0)
        source = None if given is None else self._source(given.name)
        tensors = None if source is None else self.draft.tensors([source])
        if source is None or tensors is None or tensors[0].dtype != written.args.get("to"):
            return False
        self.made[node.outputs[0]] = source
        self.notices.append(Notice("dropped", node.name, f"Cast: it is {tensors[0].dtype} before"))
        return True

    def _sources(self, node: Node, written: Written) -> list[Source] | None:
        found: list[Source] = []
        for index in written.reads:
            given = node.input(index)
            source = None if given is None else self._source(given.name)
            if source is None:
                missing = "left out" if given is None else f"{given.name}, which nothing in the graph makes"
                self.refuse(node, f"{node.operator}: its input {index} is {missing}")
                return None
            if written.turned is not None and written.turned[0] == index:
                _, class_name, args, _ = written.turned
                source = self.draft.layer(f"{source.name}.key", class_name, args, [source])
            found.append(source)
        if sum(len(source.name) + 2 for source in found) > _MOST_READ and written.class_name.lower() == "concat":
            found = self._joined(found, written)
        return found

    def _joined(self, sources: list[Source], written: Written) -> list[Source]:
        """The sources of a long concatenation, joined in parts that fit a line each."""
        parts: list[Source] = []
        for start in range(0, len(sources), 16):
            some = sources[start : start + 16]
            parts.append(self.draft.layer("part", "concat", written.args, some) if len(some) > 1 else some[0])
        return parts

    def _own(self, node: Node, written: Written) -> list[Input]:
        given = [node.input(i) for i in written.weights]
        return [one for one in given if one is not None]

    def _give(self, node: Node, written: Written, made: Source) -> None:
        """Keep what a line made where it is an output of the operator, and no mere step on the way to one."""
        if written.gives is not None and node.has_output(written.gives):
            self.made[node.outputs[written.gives]] = made

    def _lines(self, node: Node, written: Written, operation: Operation | None) -> Source | None:
        """Write a line and those that follow from it; the last, None where a source is missing."""
        sources = self._sources(node, written)
        if sources is None:
            return None
        made = self._line(node, written, sources, operation)
        self._give(node, written, made)
        last = written
        for step in written.then:
            read = self._sources(node, step)
            if read is None:
                return None
            above = [made._replace(output=i) for i in range(step.spread)]
            made, last = self._line(node, step, [*above, *read], None), step
            self._give(node, step, made)
        extras = {extra.output: extra for extra in written.extras}
        for number, output in enumerate(node.outputs):
            if not output or (written.then and number):
                continue
            extra = extras.get(number)
            if extra is not None:
                self.made[output] = self.draft.layer(output, extra.class_name, extra.args, sources[:1])
            else:
                place = last.outputs[number] if number < len(last.outputs) else number
                self.made[output] = made._replace(output=place)
        return made

    def _line(self, node: Node, written: Written, sources: list[Source], operation: Operation | None) -> Source:
        own = self._own(node, written)
        first = next((root for one in own for root in one.roots
                      if not self._is_constant(root) and root not in self.counted_by), "")  # fmt: skip
        name = node.name if operation is None else self.names.of(operation, first)
        key = None
        args, tied = written.args, 0
        if own:
            key = (written.class_name, repr(args), tuple(one.name for one in own))
            owner = self.owners.get(key)
            if owner is not None:
                called = name if operation is None else self.names.of(operation)
                again = self.draft.again(called, owner, sources)
                self._scoped(again, operation)
                return again
            # What another operator makes, or the model is given, is no weight of this layer.
            lost = [
                i
                for i, one in enumerate(own)
                if not one.stored or one.filler or not self.weights.claim(one.roots, elements_of(one))
            ]
            if lost and written.checked:
                args = {**args, "tied": self._tied(written, sources, lost, own)}
                tied = sum(elements_of(own[i]) for i in lost)
        if self.settles:
            self._settle(written, sources)
        made = self.draft.layer(name, written.class_name, args, sources, _check(node, written, own, tied, self.settles))
        self._scoped(made, operation)
        self.roots[made.name] = first
        for root in [root for one in own for root in one.roots]:
            self.counted_by.setdefault(root, made.name)
        error = self.draft.lines[-1].error
        if error is not None:
            self.notices.append(Notice("refused", made.name, error.message))
        elif key is not None:
            self.owners[key] = made
        return made

    def _scoped(self, made: Source, operation: Operation | None) -> None:
        if operation is not None:
            self.scopes[made.name] = scope_of(operation)

    def _settle(self, written: Written, sources: list[Source]) -> None:
        """Where the channels that come in are a symbol, the weights say what it is."""
        wanted = written.args.get("in_channels", written.args.get("in_features"))
        tensors = self.draft.tensors(sources[:1]) if isinstance(wanted, int) else None
        shape = tensors[0].shape if tensors else ()
        if not isinstance(wanted, int) or len(shape) < 2:
            return
        found = shape[1 if "in_channels" in written.args else -1]
        names = [] if isinstance(found, int) else sorted(symbols(found))
        if len(names) == 1 and same(found, symbol(names[0])):
            raise SettledError(names[0], wanted)

    def _is_constant(self, root: str) -> bool:
        tensor = self.graph.stored.get(root)
        return tensor is None or tensor.is_constant

    def _tied(self, written: Written, sources: list[Source], lost: list[int], own: list[Input]) -> str:
        """The names of the weights that other layers have counted already, each with the line that has."""
        tensors = self.draft.tensors(sources)
        weights: list[Weight] = []
        if tensors is not None:
            found = computed(written, tuple(tensors), self.draft.settings).weights
            weights = [weight for weight in found if weight.role is not Role.COUNTER]
        if len(weights) != len(own):
            return ",".join(weight.name for weight in weights) or "weights"
        lines = [counting_line(self.draft, self.counted_by, own[i].roots, weights[i].shape) for i in lost]
        return ",".join(f"{weights[i].name}{line}" for i, line in zip(lost, lines, strict=True))


def _check(node: Node, written: Written, own: list[Input], tied: int, settles: bool) -> Callable[[Result], None] | None:
    """A check that a layer has as many weights as the file holds for it."""
    if not written.weights or not written.checked:
        return None
    expected = sum(map(elements_of, own)) - tied

    def check(result: Result) -> None:
        if result.counts.params != expected:
            settled = settled_by(result.counts.params, expected) if settles else None
            if settled is not None:
                raise settled
            raise FrameworkError(
                f"{node.operator}: its weights in the file have {expected:,} elements, "
                f"those of the layer {result.counts.params}"
            )

    return check
