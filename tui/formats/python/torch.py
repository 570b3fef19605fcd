"""PyTorch in read source: what ``torch`` makes, and what calls of modules write as lines."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from tui.core.errors import LayersheetError
from tui.core.kind import Kind
from tui.core.size import Poly, SizeError
from tui.core.size import text as size_text
from tui.formats.frameworks.draft import Draft
from tui.formats.frameworks.words import FrameworkError, flat, kind_of
from tui.formats.imported import Notice
from tui.formats.python.inputs import declared
from tui.formats.python.tensors import Pending, TensorValue
from tui.formats.python.torch_attention import asked_of_attention
from tui.formats.python.torch_inputs import plain_args
from tui.formats.python.torch_modules import Layer, in_sequence, is_module
from tui.formats.python.torch_tied import Tied
from tui.formats.python.torch_weights import Weights
from tui.formats.python.values import TroubleError, Unknown
from tui.formats.torch.table import SOURCE
from tui.formats.torch.tensors import Made, Stored, Tensors

_RECURRENT: Final = frozenset(("LSTM", "GRU", "RNN"))
_CELLS: Final = frozenset(("LSTMCell", "GRUCell", "RNNCell"))
_SEVERAL: Final = {"MultiheadAttention": ("query", "key", "value"), "Transformer": ("src", "tgt"),
                   "TransformerDecoderLayer": ("tgt", "memory"), "TransformerDecoder": ("tgt", "memory"),
                   "Bilinear": ("input1", "input2"), "CosineSimilarity": ("x1", "x2"),
                   "PairwiseDistance": ("x1", "x2")}  # fmt: skip


class Tracer(Tied):
    """Writes the lines of calls."""

    def shape(self, operand: Any) -> Any:
        """The whole shape of an operand; None where it is not known."""
        if isinstance(operand, Stored):
            return operand.shape
        return None if self.tensors is None else self.tensors.shape(operand)

    def function(self, name: str, args: list[Any], named: dict[str, Any], line: int) -> Any:
        """Call a function of tensors; what cannot be read is an opaque line."""
        self.line = line or self.line
        function = SOURCE[name]
        self._look_ahead(name, args)
        if (made := self.dense_of(name, args, named)) is not None:
            return self.value(made)
        given = function.bound([self.operand(one) for one in args],
                               {key: self.operand(one) for key, one in named.items()})  # fmt: skip
        reason = "its arguments are not known"
        stored = [one for one in flat(list(given.values())) if isinstance(one, Made | Stored)]
        if stored and all(isinstance(one, Stored) and one.kind != "parameter" for one in stored):
            return self.apart(name, lambda w, fixed: SOURCE[name].write(w, name, fixed), given)
        if not any(isinstance(one, Unknown) for one in flat(list(given.values()))):
            try:
                made = function.write(self.tensors, self.named(name), given)  # type: ignore[arg-type]
                if isinstance(last := made[0] if isinstance(made, tuple) and made else made, Made):
                    self.made_in[last.source.name] = self.line, self.place
                if name == "pad" and isinstance(made, Made) and given.get("value") in (None, 0):
                    self.pads.add(made.source.name)
                return self.value(made)
            except (LookupError, ValueError, TypeError, AttributeError, ArithmeticError, SizeError) as error:
                reason = str(error)
            except LayersheetError as error:
                reason = error.message
        tensors = [one for one in flat([*args, *named.values()]) if isinstance(one, TensorValue)]
        if not tensors:
            return Unknown(f"{name}(...)", line)
        return self.opaque_line(name, tensors, f"{name}: {reason}")

    def apart(self, name: str, write: Callable[[Tensors, Any], Any], given: Any) -> Any:
        """A function of fixed tensors gives fixed tensors: only their shapes matter, so that no lines are written."""
        scratch = Tensors(Draft("PyTorch", data_format="channels_first", counting="pytorch"), lambda notice: None)

        def fresh(value: Any) -> Any:
            if isinstance(value, Stored):
                return Stored(value.name, value.shape, dtype=value.dtype, scalar=value.scalar)
            if isinstance(value, dict):
                return {key: fresh(one) for key, one in value.items()}
            return type(value)(map(fresh, value)) if isinstance(value, list | tuple) else value

        def fixed(made: Any) -> Any:
            if isinstance(made, list | tuple):
                return tuple(map(fixed, made))
            shape = scratch.shape(made)
            scalar = made.scalar if isinstance(made, Stored) else None
            return Unknown(name) if shape is None else TensorValue(self, Stored(self.named(name), shape, scalar=scalar))

        try:
            return fixed(write(scratch, fresh(given)))
        except (LookupError, ValueError, TypeError, AttributeError, ArithmeticError, SizeError, LayersheetError):
            return Unknown(f"{name}(...)", self.line)

    def opaque_line(self, operator: str, tensors: Sequence[TensorValue], reason: str) -> Any:
        """An operation that is not known, of these tensors."""
        w = self.writer()
        place = f"line {self.line}"
        before = len(self.notices)
        operator = operator.removesuffix("(...)").strip("._") or "call"
        made = w.opaque(self.named(operator.rpartition(".")[2].lower()), operator, [one.operand for one in tensors])
        del self.notices[before:]
        self.notices.append(Notice("opaque", place, reason))
        return self.value(made[0])

    def named(self, name: str) -> str:
        """The name of a line at this place."""
        name = name.strip("_") or "call"
        return f"{self.place}.{name}" if self.place else name

    def operand(self, value: Any) -> Any:
        """What a value is for the writers of lines."""
        if isinstance(value, TensorValue):
            return value.operand
        if isinstance(value, Weights):
            return self.stored_weight(value)
        if isinstance(value, list | tuple):
            return type(value)(self.operand(one) for one in value)
        return value

    def value(self, made: Any) -> Any:
        """What the writers of lines gave, for the source."""
        if isinstance(made, Made | Stored):
            return TensorValue(self, made)
        if isinstance(made, list | tuple):
            return tuple(map(self.value, made))
        return made

    def _look_ahead(self, name: str, args: list[Any]) -> None:
        """An input without a shape takes that which a view says."""
        if not args or not isinstance(args[0], Pending) or not args[0].open or name not in ("view", "reshape"):
            return
        sizes = list(args[1]) if len(args) == 2 and isinstance(args[1], list | tuple) else args[1:]
        if len(sizes) > 1 and all(isinstance(size, int) and size > 0 for size in sizes[1:]):
            args[0].resolve(None, sizes[1:])

    def sequence(self, container: Any, args: list[Any], line: int) -> Any:
        """Call the modules of a container one after the other."""
        value: Any = args[0]
        for part in in_sequence(container):
            known = is_module(part)
            value = self.call_module(part, [value], line) if known else self.unknown(part, value, line)
        return value

    def unknown(self, part: Unknown, value: Any, line: int) -> Any:
        """Call a part that is not known."""
        raise NotImplementedError

    def call_module(self, module: Any, args: list[Any], line: int) -> Any:
        raise NotImplementedError

    def layer(self, layer: Layer, args: list[Any], named: dict[str, Any], line: int) -> Any:
        """Write a call of one of PyTorch's layers."""
        self.line = line or self.line
        inputs = self._inputs(layer, args, named)
        if not inputs:
            raise TroubleError(f"{layer.class_name} is called without a tensor", line)
        for one in inputs:
            if isinstance(one, Pending) and one.open:
                one.resolve(layer)
        w = self.writer()
        name = layer.path or self.named(layer.class_name.lower())
        given = plain_args(layer.args)
        operands = [one.operand for one in inputs]
        weightless = _is_weightless(layer)
        first = self.first.get(id(layer))
        self._compare(layer, given, operands[0])
        if id(layer) in self.matrices:
            outputs = self.product(layer, name, operands[0])
        elif first is not None and not weightless:
            made = w.draft.again(name, first, [w.source(one) for one in operands])
            outputs = w.outputs(Made(made))
        else:
            if not weightless:
                given |= self._trained(layer) | self.said_of_ties(layer)
            if layer.class_name == "MultiheadAttention":
                given |= asked_of_attention(args, named)
            outputs = w.module(name, layer.class_name, given, operands)
            self.first[id(layer)] = outputs[0].source._replace(output=0)
            self.ties.written(layer, outputs[0].source.name)
        return self._given(layer, [self.value(one) for one in outputs])

    def is_used(self, layer: Layer) -> bool:
        """Whether a layer is in the lines, or has no weights that could be missing there."""
        return id(layer) in self.first or id(layer) in self.matrices or _is_weightless(layer)

    def _trained(self, layer: Layer) -> dict[str, Any]:
        """What is said of a layer some or all of whose parameters are not trained."""
        known, given = layer.parameters, dict[str, Any]()
        if known.frozen:
            given["trainable"] = False
        if known.one_bias:
            given["bias_vectors"] = 1
        if odd := ", ".join(known.odd()):
            other = "trained" if known.frozen else "not trained"
            verb = "is" if "," not in odd else "are"
            self.differs(layer, f"{odd} {verb} {other}: all of the layer counts as its matrices do")
        return given

    def _inputs(self, layer: Layer, args: list[Any], named: dict[str, Any]) -> list[TensorValue]:
        names = _SEVERAL.get(layer.class_name, ())
        values = [*args[: len(names) or None], *(named[name] for name in names if name in named)] or [
            value for key, value in named.items() if key in ("input", "x")
        ]
        values = values or list(named.values())[:1]
        if layer.class_name in _RECURRENT | _CELLS and len(args) > 1:
            states = [one for one in flat(args[1:]) if isinstance(one, TensorValue) and isinstance(one.operand, Made)]
            return [args[0], *states] if isinstance(args[0], TensorValue) else []
        return [one for one in flat(values) if isinstance(one, TensorValue)]

    def _given(self, layer: Layer, outputs: list[Any]) -> Any:
        if layer.class_name == "LSTM" and len(outputs) == 3:
            return outputs[0], (outputs[1], outputs[2])
        if layer.class_name in ("LSTM", "GRU", "RNN", "MultiheadAttention") and len(outputs) == 1:
            missing: Any = Unknown("a state")
            return outputs[0], (missing, missing) if layer.class_name == "LSTM" else missing
        return outputs[0] if len(outputs) == 1 else tuple(outputs)

    def _compare(self, layer: Layer, args: dict[str, Any], operand: Any) -> None:
        """Report where a layer declares another size than its input has."""
        said, shape = declared(layer.class_name, args), self.shape(operand)
        if said is None or shape is None:
            return
        name, axis, wanted = said
        if not -len(shape) <= axis < len(shape) or not isinstance(wanted, int | Poly):
            return
        equal = self.writer().must_equal(shape[axis], wanted)
        if equal is False:
            found = size_text(shape[axis])
            text = f"{layer.class_name}({name}={size_text(wanted)}) gets {found}: {name}={found} fits"
            if layer.class_name == "Linear":
                rows = size_text(shape[0]) if len(shape) == 2 else "..."
                text += (f"; PyTorch says: mat1 and mat2 shapes cannot be multiplied ({rows}x{found} and "
                         f"{size_text(wanted)}x{args.get('out_features', '?')})")  # fmt: skip
            self.differs(layer, text)


def _is_weightless(layer: Layer) -> bool:
    """Whether the lines have no weights of a layer: its kind has none, or no kind has its name."""
    try:
        return kind_of(layer.class_name).weights is Kind.weights
    except FrameworkError:
        return True
