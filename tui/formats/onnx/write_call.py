"""One layer on its way into an ONNX graph: what a rule needs to write its nodes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import prod
from typing import Any, Final, NamedTuple, NoReturn

from tui.core.kind import Kind
from tui.core.size import Size
from tui.core.tensor import Role, Shape, Tensor, Tensors, Weight
from tui.formats.exported import WriteError
from tui.formats.imported import Notice
from tui.formats.onnx.axes import alike, to_first
from tui.formats.onnx.write_graph import (
    FLOATS,
    NUMBERS,
    Build,
    Stored,
    Value,
    plain_shape,
)

_ONES = ("gamma", "scale", "variance", "moving_variance")
"""Weights that are 1 in a layer that changes nothing, by the end of their names."""

MOST_NUMBERS: Final = 2**16
"""Longer lists of equal numbers are written as one number and a shape."""
MOST_LAYERS: Final = 1_000
"""More equal layers than this in one are not written one by one."""


class Borrowed(NamedTuple):
    """A weight that is another layer's: the names of that layer and of its weight; ``turned``: its axes reversed."""

    owner: str
    weight: str
    turned: bool


class Call:
    """A layer that is being written. ``weights`` are its own, or those of the layer of which it is another call.

    ``borrowed`` are those of its weights that are another layer's, which is named.
    """

    def __init__(
        self, build: Build, name: str, kind: Kind, inputs: list[Value], tensors: tuple[Tensors, Tensors], owner: str,
        borrowed: Mapping[str, Borrowed] | None = None,
    ) -> None:  # fmt: skip
        self.build = build
        self.name = name
        self.kind: Any = kind
        self.inputs = inputs
        self.given, self.expected = tensors
        self.owner = owner
        self.borrowed = borrowed or {}
        self.weights: Mapping[str, Weight] = {w.name: w for w in kind.weights(self.given)}
        self.used: set[str] = set()
        self.results: dict[int, Value] = {}
        self.parts = 0
        self.made: set[str] = set()
        """The tensors that its own nodes make."""
        settings = kind.settings.dtype if kind.settings.dtype in FLOATS else "float32"
        stored = kind.dtype if kind.dtype in FLOATS else settings
        first = inputs[0].dtype if inputs else settings
        self.dtype = stored if self.weights else first if first in FLOATS else settings
        """The type of floating point that the layer computes in."""

    def fail(self, why: str, way_out: str = "write it as other layers, or write another format") -> NoReturn:
        """Raise WriteError: ONNX has no words for this layer."""
        raise WriteError(f"{self.name}: {self.kind.name}: {why}; {way_out}")

    def notice(self, grade: str, said: str) -> None:
        self.build.notices.append(Notice(grade, self.name, said))

    # Inputs

    def shape(self, index: int = 0) -> Shape:
        """The whole shape of an input, in the order of the network."""
        return self.given[index].shape

    def x(self, index: int = 0, dtype: str | None = None) -> str:
        """An input as the network has it, of ``dtype`` (by default that which the layer computes in)."""
        return self.cast(self.build.form(self.inputs[index], False), index, dtype)

    def first(self, index: int = 0, dtype: str | None = None) -> str:
        """An input with its channels behind the batch."""
        return self.cast(self.build.form(self.inputs[index], True), index, dtype)

    def either(self, index: int = 0, dtype: str | None = None) -> tuple[str, bool]:
        """An input in the form in which it is there, and whether that is channels first."""
        first, name = next(iter(self.inputs[index].names.items()))
        return self.cast(name, index, dtype), first

    def cast(self, name: str, index: int, dtype: str | None) -> str:
        return self.typed(name, self.inputs[index].dtype, self.dtype if dtype is None else dtype)

    def typed(self, name: str, old: str, new: str) -> str:
        """A tensor of another type; of no type in particular where ``new`` is empty."""
        return name if new in ("", old) else self.op("Cast", name, to=NUMBERS[new])

    def turned(self, index: int = 0) -> bool:
        """Whether the two forms of an input differ."""
        return self.inputs[index].turned

    def axis(self, axis: int, first: bool, index: int = 0) -> int:
        """Where an axis of the network stands in a form of an input."""
        return to_first(len(self.shape(index))).index(axis) if first else axis

    def shape_in(self, first: bool, index: int = 0) -> Shape:
        """The shape of an input in a form."""
        shape = self.shape(index)
        return tuple(shape[axis] for axis in to_first(len(shape))) if first else shape

    # Nodes

    def op(self, operator: str, *inputs: str, **attributes: Any) -> str:
        """A node; the name of its first output."""
        return self.ops(operator, *inputs, outputs=[0], **attributes)[0]

    def ops(self, operator: str, *inputs: str, outputs: list[int], **attributes: Any) -> tuple[str, ...]:
        """A node; the names of those of its outputs that ``outputs`` lists."""
        self.parts += 1
        made = {place: self.build.free(f"{self.name}/{operator.lower()}_{self.parts}") for place in outputs}
        names = [made.get(place, "") for place in range(max(outputs) + 1)]
        node = self.build.onnx.helper.make_node(operator, inputs, names, name=made[outputs[0]], **attributes)
        self.build.nodes.append(node)
        self.made.update(made.values())
        return tuple(made[place] for place in outputs)

    def const(
        self, value: float | Sequence[float], dtype: str | None = None, shape: Sequence[int] | None = None
    ) -> str:
        """Numbers that are no weights: a node of their own, for initializers count as parameters."""
        number = NUMBERS[self.dtype if dtype is None else dtype]
        numbers = [value] if isinstance(value, int | float) else list(value)
        dims = shape if shape is not None else [] if isinstance(value, int | float) else [len(numbers)]
        return self.op("Constant", value=self.build.onnx.helper.make_tensor("value", number, dims, numbers))

    def filled(self, sizes: Sequence[Size], value: float, dtype: str | None = None) -> str:
        """A tensor of one number."""
        number = NUMBERS[self.dtype if dtype is None else dtype]
        tensor = self.build.onnx.helper.make_tensor("value", number, [1], [value])
        return self.op("ConstantOfShape", self.ints(sizes), value=tensor)

    def zeros(self, sizes: Sequence[int], dtype: str | None = None) -> str:
        """Zeros that are no weights, as numbers where they are few: some readers follow numbers alone."""
        count = prod(sizes)
        if count > MOST_NUMBERS:
            return self.filled(sizes, 0, dtype)
        return self.const([0.0] * count, dtype, sizes)

    def ints(self, sizes: Sequence[Size], what: str = "shape") -> str:
        """A list of sizes or axes as an input of a node."""
        return self.build.sizes(self.name, sizes, what)

    def whole(self, size: Size, what: str) -> int:
        """A size that has to be a plain number; raises WriteError where it is a symbol."""
        if not isinstance(size, int):
            self.fail(f"ONNX wants a plain number for {what}", "give its symbols values")
        return size

    def wholes(self, sizes: Sequence[Size], what: str) -> list[int]:
        return [self.whole(size, what) for size in sizes]

    def count_of(self, layers: Size) -> int:
        """How many equal layers a layer is made of; raises WriteError where they are too many to write."""
        count = self.whole(layers, "layers")
        if count > MOST_LAYERS:
            self.fail(f"layers={count:,} are too many to write one by one", f"make them {MOST_LAYERS:,} at the most")
        return count

    def weight(self, name: str, shape: Sequence[Size] | None = None, part: tuple[int, ...] = ()) -> str:
        """A weight of the layer as an initializer, in ONNX's order of its axes.

        ``part`` numbers one of the leading copies; the weight is then stored copy by copy.
        """
        declared = self.weights[name]
        self.used.add(name)
        sizes = plain_shape(self.name, name, declared.shape[len(part) :] if shape is None else tuple(shape))
        if name in self.kind.tied:
            return self._tied([name], sizes, part)
        full = self.build.weight(self.owner, name, *map(str, part))
        stored = Stored(sizes, self.dtype, name.endswith(_ONES))
        known = self.build.stored.setdefault(full, stored)
        found = self.typed(full, known.dtype, self.dtype)
        return self._shaped(found, known.shape, sizes)

    def _shaped(self, name: str, old: tuple[int, ...], sizes: tuple[int, ...]) -> str:
        """A stored weight in another shape; raises WriteError where it has other numbers."""
        if old == sizes:
            return name
        if prod(old) != prod(sizes):
            self.fail(f"{name} has {prod(old):,} numbers, it needs {prod(sizes):,}")
        return self.op("Reshape", name, self.ints(sizes))

    def _tied(self, names: Sequence[str], sizes: tuple[int, ...], part: tuple[int, ...]) -> str:
        """A weight that another layer counts: its initializer, else numbers that are none."""
        said = " and ".join(names)
        lent = [self.borrowed.get(name) for name in names]
        if None in lent:
            text = f"its {said} is another layer's too, which the text does not name; written as numbers of 0"
            self.notice("differs", text)
            return self.filled(sizes, 0)
        first = lent[0]
        assert first is not None
        full = self.build.weight(first.owner, first.weight, *map(str, part))
        known = self.build.stored.get(full)
        alike = all(one is not None and one.owner == first.owner and one.turned == first.turned for one in lent)
        if known is None or not alike:
            text = f"its {said} is not one initializer with that of {first.owner} in ONNX; written as numbers of 0"
            self.notice("differs", text)
            return self.filled(sizes, 0)
        found = self.typed(full, known.dtype, self.dtype)
        if first.turned:
            return self._shaped(self.op("Transpose", found, perm=[1, 0]), known.shape[::-1], sizes)
        return self._shaped(found, known.shape, sizes)

    def joint(self, names: Sequence[str], shape: Sequence[Size], part: tuple[int, ...] = ()) -> str:
        """Weights that ONNX keeps in one tensor, as one initializer with the name of the first."""
        self.used.update(names)
        sizes = plain_shape(self.name, names[0], tuple(shape))
        if not set(names).isdisjoint(self.kind.tied):
            return self._tied(names, sizes, part)
        full = self.build.weight(self.owner, names[0], *map(str, part))
        self.build.stored.setdefault(full, Stored(sizes, self.dtype, False))
        return full

    def has(self, name: str) -> bool:
        return name in self.weights

    # Shapes

    def reshape(self, name: str, old: Shape, new: Shape) -> str:
        """The tensor under new axes, in the simplest terms that ONNX has: 0 keeps a size, one -1 is what is left."""
        if alike(old, new):
            return name
        if len(new) == 0:
            return self.op("Squeeze", name)
        asked: list[Size] = []
        for place, size in enumerate(new):
            kept = not isinstance(size, int) and place < len(old) and old[place] == size
            asked.append(0 if kept else size)
        left = [place for place, size in enumerate(asked) if not isinstance(size, int)]
        if 0 in new:
            return self.op("Reshape", name, self.ints(new), allowzero=1)
        if len(left) == 1:
            asked[left[0]] = -1
        elif left:
            asked = list(new)
        return self.op("Reshape", name, self.ints(asked))

    def permute(self, name: str, order: Sequence[int]) -> str:
        order = list(order)
        return name if order == sorted(order) else self.op("Transpose", name, perm=order)

    # Outputs

    def give(self, name: str, first: bool = False, index: int = 0, dtype: str | None = None) -> None:
        """Say which tensor is an output of the layer, in which form and of which type."""
        tensor, made = self.expected[index], self.dtype if dtype is None else dtype
        if self.kind.dtype and self.kind.dtype != made:
            name, made = self.typed(name, made, self.kind.dtype), self.kind.dtype
        turned = self.kind.channels_last and len(tensor.shape) > 2
        self.results[index] = Value({first and turned: name}, tensor.shape, made, turned)


Rule = Callable[[Call], None]


def sub_call(call: Call, kind: Kind, inputs: list[Value], expected: Tensors) -> Call:
    """A call of another kind under the same name and with the same weights."""
    given = tuple(Tensor(value.shape, value.dtype) for value in inputs)
    return Call(call.build, call.name, kind, inputs, (given, expected), call.owner, call.borrowed)


def stored_elsewhere(call: Call) -> list[str]:
    """The weights that no node of the layer reads; counters are no numbers that ONNX keeps."""
    own = [name for name, weight in call.weights.items() if weight.role is not Role.COUNTER]
    return [name for name in own if name not in call.used and name not in call.kind.tied]
