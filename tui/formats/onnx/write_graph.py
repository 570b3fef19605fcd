"""The ONNX graph in the making: its nodes, its initializers, and the sizes that are only known when it runs.

An image of ours with its channels last has two forms in the graph, that of the network and that of ONNX's
operators (channels first); a form is made from the other where a layer needs it, once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import prod
from typing import Any, Final, NamedTuple

from tui.core.atoms import ATOMS, Atom
from tui.core.size import Poly, Size, bind, product, symbol, symbols, text
from tui.core.tensor import BYTES, Shape
from tui.formats.exported import WriteError
from tui.formats.frameworks.names import free_name
from tui.formats.imported import Notice
from tui.formats.onnx.axes import to_first, to_last

NUMBERS: Final = {
    "float32": 1, "uint8": 2, "int8": 3, "int16": 5, "int32": 6, "int64": 7, "bool": 9, "float16": 10, "float64": 11,
    "bfloat16": 16, "uint64": 13,
}  # fmt: skip
"""The numbers of ``onnx.TensorProto.DataType``."""

FLOATS: Final = frozenset(("float16", "bfloat16", "float32", "float64"))
_ONES: Final = {"float16": b"\x00\x3c", "bfloat16": b"\x80\x3f", "float32": b"\x00\x00\x80\x3f",
                "float64": b"\x00\x00\x00\x00\x00\x00\xf0\x3f"}  # fmt: skip
_OPERATORS: Final = {"//": "Div", "min": "Min", "max": "Max"}


@dataclass
class Value:
    """A tensor of the graph. ``names`` holds its name by form: False as in the network, True channels first.

    ``shape`` is that of the network; ``turned`` says whether the two forms differ.
    """

    names: dict[bool, str]
    shape: Shape
    dtype: str
    turned: bool = False


class Stored(NamedTuple):
    """A float initializer: what it is filled with is one number."""

    shape: tuple[int, ...]
    dtype: str
    ones: bool

    @property
    def size(self) -> int:
        """Bytes."""
        return prod(self.shape) * BYTES[self.dtype]

    def data(self) -> bytes:
        """The numbers as ONNX stores them raw."""
        return _ONES[self.dtype] * prod(self.shape) if self.ones else bytes(self.size)


@dataclass
class Build:
    """What the model holds so far. ``onnx`` is the package."""

    onnx: Any
    nodes: list[Any] = field(default_factory=list)
    inputs: list[Any] = field(default_factory=list)
    infos: list[Any] = field(default_factory=list)
    whole: list[Any] = field(default_factory=list)
    """The initializers of whole numbers: shapes, axes and the like."""
    stored: dict[str, Stored] = field(default_factory=dict)
    notices: list[Notice] = field(default_factory=list)
    taken: set[str] = field(default_factory=set)
    sources: dict[str, tuple[str, int, int, int]] = field(default_factory=dict)
    """Where the model finds a symbol: an input and its axis, whose size is the symbol times a number plus another."""
    _sizes: dict[str, str] = field(default_factory=dict)
    _weights: dict[tuple[str, ...], str] = field(default_factory=dict)

    def free(self, wanted: str) -> str:
        """A name that no tensor has, as near to the wanted one as can be."""
        name = free_name(wanted, self.taken)
        self.taken.add(name)
        return name

    def weight(self, *words: str) -> str:
        """The name of a weight: its layer, its own and the number of its copy. A layer may be called the same."""
        if words not in self._weights:
            self._weights[words] = self.free(".".join(words))
        return self._weights[words]

    def node(self, operator: str, inputs: Sequence[str], outputs: Sequence[str], **attributes: Any) -> Any:
        """A node, named after its first output; it is not yet in the graph."""
        return self.onnx.helper.make_node(operator, inputs, outputs, name=outputs[0], **attributes)

    def info(self, name: str, shape: Shape, dtype: str) -> Any:
        """The type of a tensor; a symbolic size is the text of its expression."""
        sizes = [within(name, size) if isinstance(size, int) else text(size) for size in shape]
        return self.onnx.helper.make_tensor_value_info(name, NUMBERS[dtype], sizes)

    def form(self, value: Value, first: bool) -> str:
        """The name of a tensor in one form; the transposition is made where it is first asked for."""
        first = first and value.turned
        if first not in value.names:
            made, rank = value.names[not first], len(value.shape)
            name = self.free(f"{made}/{'channels_first' if first else 'channels_last'}")
            perm = to_first(rank) if first else to_last(rank)
            self.nodes.append(self.node("Transpose", [made], [name], perm=perm))
            value.names[first] = name
        return value.names[first]

    def list_of(
        self, name: str, numbers: Sequence[int], shape: Sequence[int] | None = None, dtype: str = "int64"
    ) -> str:
        """An initializer of whole numbers."""
        for number in numbers:
            within(name, number)
        name = self.free(name)
        dims = [len(numbers)] if shape is None else list(shape)
        self.whole.append(self.onnx.helper.make_tensor(name, NUMBERS[dtype], dims, list(numbers)))
        return name

    def sizes(self, layer: str, sizes: Sequence[Size], what: str = "shape") -> str:
        """A list of sizes as a tensor of whole numbers; symbols are looked up in the shapes of the inputs.

        Raises WriteError where the model cannot know a symbol.
        """
        numbers = [size for size in sizes if isinstance(size, int)]
        if len(numbers) == len(sizes):
            return self.list_of(f"{layer}/{what}", numbers)
        parts = [self.size(layer, size) for size in sizes]
        if len(parts) == 1:
            return parts[0]
        name = self.free(f"{layer}/{what}")
        self.nodes.append(self.node("Concat", parts, [name], axis=0))
        return name

    def size(self, layer: str, size: Size) -> str:
        """One size as a list of one number; each expression is computed once."""
        key = text(size)
        if key not in self._sizes:
            if not isinstance(size, Poly):
                self._sizes[key] = self.list_of(f"size/{key}", [size])
            else:
                terms = [self._product(layer, monomial, times) for monomial, times in size.terms.items()]
                self._sizes[key] = self._joined("Add", terms, key)
        return self._sizes[key]

    def found_in(self, given: str, shape: Shape) -> None:
        """Note which symbols the sizes of an input tell."""
        for axis, size in enumerate(shape):
            names = sorted(symbols(size))
            if not isinstance(size, Poly) or len(names) != 1:
                continue
            plus = bind(size, {names[0]: 0})
            times = bind(size, {names[0]: 1}) - plus
            if isinstance(times, int) and isinstance(plus, int) and size == times * symbol(names[0]) + plus:
                self.sources.setdefault(names[0], (given, axis, times, plus))

    def _product(self, layer: str, monomial: tuple[tuple[int, int], ...], times: int) -> str:
        factors = [] if times == 1 and monomial else [self.size(layer, times)]
        for ident, power in monomial:
            factors += [self._atom(layer, ATOMS[ident])] * power
        return self._joined("Mul", factors, "product")

    def _atom(self, layer: str, atom: Atom) -> str:
        if atom.op != "symbol":
            return self._joined(_OPERATORS[atom.op], [self.size(layer, arg) for arg in atom.args], atom.op)
        if atom.name not in self.sources:
            raise WriteError(
                f"{layer}: ONNX computes a size from the sizes of the inputs, and none of them is {atom.name}; "
                f"give it a value (let {atom.name} = 8)"
            )
        key = f"symbol {atom.name}"
        if key not in self._sizes:
            given, axis, times, plus = self.sources[atom.name]
            name = self.free(f"size/{atom.name}")
            self.nodes.append(self.node("Shape", [given], [name], start=axis, end=axis + 1))
            name = self._joined("Sub", [name, self.size(layer, plus)], "difference") if plus else name
            name = self._joined("Div", [name, self.size(layer, times)], "quotient") if times != 1 else name
            self._sizes[key] = name
        return self._sizes[key]

    def _joined(self, operator: str, parts: list[str], what: str) -> str:
        result = parts[0]
        for part in parts[1:]:
            name = self.free(f"size/{what}")
            self.nodes.append(self.node(operator, [result, part], [name]))
            result = name
        return result


def plain_shape(layer: str, what: str, shape: Shape) -> tuple[int, ...]:
    """A shape of plain numbers; raises WriteError where a symbol is in it."""
    found = tuple(within(layer, size) for size in shape if isinstance(size, int))
    if len(found) != len(shape):
        names = sorted(symbols(product(shape)))
        raise WriteError(
            f"{layer}: its {what} has {text(product(shape))} numbers, and ONNX stores weights; "
            f"give {', '.join(names)} a value ({'; '.join(f'let {name} = 8' for name in names)})"
        )
    return found


def within(place: str, number: int) -> int:
    """A number that ONNX can hold; raises WriteError where it is beyond 63 bits."""
    if abs(number) >= 2**63:
        raise WriteError(f"{place}: {number:.3e} is beyond the sizes of ONNX, which end at 2**63; make it smaller")
    return number
