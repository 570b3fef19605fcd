"""One node on its way into a Keras program: what the rows of the table are given to read, and to write with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, NoReturn

from tui.core.functions import FUNCTIONS as ACTIVATIONS
from tui.core.functions import FunctionName
from tui.core.size import Poly, Size, symbols, text
from tui.core.tensor import Shape, Tensors
from tui.core.timedistributed import EachStep
from tui.formats.exported import Wire, WriteError
from tui.formats.keras.write_names import Writing
from tui.formats.keras.write_program import KEYWORD, POSITIONAL, UNSAID, Layer, Op, Ref, Step
from tui.formats.keras.write_words import EACH_ELEMENT, FLOATS, FORMATTED, FUNCTION_WORDS, NO_WEIGHTS


def unknown(name: str, what: str, size: Size) -> WriteError:
    """The error of a size that Keras wants as a number; it says which symbols to give a value."""
    free = sorted(symbols(size)) or ["n"]
    lets = ", ".join(f"let {one} = 10" for one in free)
    values = f"{' and '.join(free)} a value" if len(free) == 1 else f"{' and '.join(free)} values"
    return WriteError(f"{name}: {what}, and Keras needs a number there; give {values} ({lets})")


class Call:
    """One node. ``kind`` is its layer; of a time-distributed one that of a single step, which ``inputs`` then are."""

    def __init__(self, writing: Writing, place: int) -> None:
        node = writing.graph.nodes[place]
        self.writing = writing
        self.place = place
        self.node = node
        self.name = node.name
        self.refs = tuple(writing.outputs[wire.node][wire.output] for wire in node.inputs)
        self.timed = isinstance(node.kind, EachStep)
        self.marked = False
        """Whether the layer and its parts are told by their names, so that the source says them."""
        self.kind: Any = node.kind.layer() if isinstance(node.kind, EachStep) else node.kind
        self.inputs: Tensors = node.result.inputs
        self.outputs: Tensors = node.result.outputs
        if self.timed:
            self.inputs, self.outputs = (
                tuple(t._replace(shape=(t.shape[0], *t.shape[2:])) for t in tensors)
                for tensors in (self.inputs, self.outputs)
            )
        self.weights = node.result.weights
        """What Keras counts of this node; a row may know better."""

    @property
    def shape(self) -> Shape:
        """The whole shape of the first input."""
        return self.inputs[0].shape if self.inputs else ()

    @property
    def rank(self) -> int:
        """The number of spatial axes of the first input."""
        return len(self.shape) - 2

    @property
    def channels_last(self) -> bool:
        return bool(self.kind.channels_last)

    @property
    def dtype(self) -> str | None:
        """What the layer is to keep its weights in, where that is not Keras's float32."""
        stored = self.kind.dtype or self.kind.settings.dtype
        return stored if stored in FLOATS and stored != "float32" else None

    @property
    def given(self) -> Mapping[str, Any]:
        """The arguments that the line gives."""
        given: Mapping[str, Any] = self.kind.given
        return given

    def is_read(self, output: int) -> bool:
        """Whether a layer reads one of the outputs."""
        return Wire(self.place, output) in self.writing.read

    def refuse(self, why: str, way_out: str) -> NoReturn:
        """Raise the error of what Keras cannot say."""
        raise WriteError(f"{self.name} cannot be written for Keras: {why}; {way_out}")

    def rewritten(self, words: str) -> None:
        """Report what is said in other terms, with the same result."""
        self.writing.notice("rewritten", self.name, words)

    def differs(self, words: str) -> None:
        """Report what is not the same in Keras."""
        self.writing.notice("differs", self.name, words)

    def check(self, handled: frozenset[str] | None) -> None:
        """Refuse the arguments that the row of this kind does not speak of; None stands for all of them."""
        if handled is None:
            return
        by_name = type(self.kind).by_name
        known = {by_name[name].name for name in handled if name in by_name}
        for arg in type(self.kind).args:
            value = getattr(self.kind, arg.name)
            if arg.name not in known and value != arg.default:
                self.refuse(f"it has no {arg.name}={arg.type.print(value)}", f"leave {arg.name} out")

    def number(self, size: Size, what: str) -> int:
        """A size as a number; raises WriteError where it depends on symbols."""
        if isinstance(size, Poly):
            raise unknown(self.name, f"{what} is {text(size)}", size)
        return size

    def numbers(self, sizes: Sequence[Size], what: str) -> tuple[int, ...]:
        """Sizes as numbers."""
        return tuple(self.number(size, what) for size in sizes)

    def value(self, name: str) -> Any:
        """An argument by any of its names, as Keras takes it: numbers, words, True and False, None."""
        arg = type(self.kind).by_name[name]
        value = getattr(self.kind, arg.name)
        if isinstance(arg.type, FunctionName):
            return self.function(value)
        return self.plain(value, arg.name)

    def function(self, name: str) -> str:
        """The name of an activation in ``keras.activations``."""
        assert name in ACTIVATIONS
        if name == "threshold":
            self.refuse("its activation threshold takes numbers that a name does not give", "write a line threshold")
        return FUNCTION_WORDS.get(name, name)

    def plain(self, value: Any, what: str) -> Any:
        """A value without symbols and fractions; raises WriteError where a symbol is free."""
        if isinstance(value, tuple):
            return tuple(self.plain(part, what) for part in value)
        if isinstance(value, Poly):
            return self.number(value, what)
        return float(value) if isinstance(value, Fraction) else value

    def layer(
        self,
        class_name: str,
        args: Mapping[str, Any],
        reads: Ref | Sequence[Ref] | None = None,
        *,
        suffix: str = "",
        ways: Mapping[str, str] | None = None,
        outputs: int = 1,
        apart: bool = False,
        **kwargs: Any,
    ) -> Ref:
        """Call a layer; gives its output, of several the first. ``suffix`` tells the layers of one node apart.

        ``reads`` is what it is called on, the node's first input by default; ``apart`` hands several over one by
        one, not as a list. ``ways`` says how the source writes the arguments.
        """
        layer = self._object(class_name, {**args}, suffix, {**(ways or {})})
        reads = self.refs[0] if reads is None else reads
        given: tuple[Any, ...] = (
            (reads,) if isinstance(reads, Ref) else tuple(reads) if apart or not reads else (list(reads),)
        )
        return self.step(Step(layer, given, kwargs, self.writing.names.of[self.name], outputs))

    def step(self, step: Step) -> Ref:
        """Add a step to the program."""
        name = self.node.line.name
        self.writing.program.steps.append(step._replace(group=None if name is None else name.rpartition(".")[0]))
        return Ref(len(self.writing.program.steps) - 1, None if step.outputs == 1 else 0)

    def _object(self, class_name: str, args: dict[str, Any], suffix: str, ways: dict[str, str]) -> Layer:
        names, shares = self.writing.names, self.node.shares
        owner = self.place if shares is None else shares
        known = self.writing.layers.get((owner, class_name, suffix))
        light = NO_WEIGHTS.fullmatch(class_name) is not None
        if FORMATTED.fullmatch(class_name) and "data_format" not in args:
            args["data_format"] = self.kind.settings.data_format
            ways["data_format"] = UNSAID if self.channels_last else KEYWORD
        if not light and self.node.result.weights and not self.kind.trainable:
            args["trainable"] = False
        if self.dtype is not None:
            args["dtype"] = self.dtype
        elif not light and self.node.result.weights and (self.kind.dtype or self.kind.settings.dtype) not in FLOATS:
            stored = self.kind.dtype or self.kind.settings.dtype
            self.differs(f"the weights are {stored} here; Keras keeps them in float32, and quantizes a trained model")
        if known is not None and (not light or known[1] == args):
            return known[0]
        name = names.of[self.name] if not suffix else names.free(f"{names.of[self.name]}_{suffix}")
        wrapped = self._wrapped(Layer(class_name, args, ways=ways), suffix)
        layer = Layer(
            wrapped.class_name, wrapped.args, name, self.marked or self.node.line.name is not None, wrapped.ways
        )
        self.writing.layers[owner, class_name, suffix] = layer, args
        return layer

    def _wrapped(self, layer: Layer, suffix: str) -> Layer:
        norm = self.writing.spectral.get(self.place) if suffix == "" else None
        if norm is not None:
            iterations = self.number(
                getattr(self.writing.graph.nodes[norm].kind, "power_iterations", 1), "power_iterations"
            )
            ways = {"layer": POSITIONAL, "power_iterations": UNSAID if iterations == 1 else KEYWORD}
            layer = Layer("SpectralNormalization", {"layer": layer, "power_iterations": iterations}, ways=ways)
        if self.timed:
            layer = Layer("TimeDistributed", {"layer": layer}, ways={"layer": POSITIONAL})
        return layer

    def scaled(self, scale: float, offset: float = 0.0, reads: Ref | None = None, suffix: str = "") -> Ref:
        """``x*scale + offset``."""
        args = {"scale": scale, "offset": offset}
        ways = {"scale": POSITIONAL, "offset": KEYWORD if offset else UNSAID}
        return self.layer("Rescaling", args, reads, suffix=suffix, ways=ways)

    def op(
        self, function: str, *args: Any, outputs: int = 1, kwargs: Mapping[str, Any] | None = None, **config: Any
    ) -> Ref:
        """Call a function of ``keras.ops``; ``config`` are its arguments that are no tensors."""
        if self.timed and function not in EACH_ELEMENT:
            self.refuse("timedistributed=true is for layers, and this is written with keras.ops",
                        "name the axes so that it is not needed")  # fmt: skip
        return self.step(Step(Op(function, config), args, kwargs or {}, self.writing.names.of[self.name], outputs))
