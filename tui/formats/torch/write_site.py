"""What a rule of the PyTorch writer works with: the inputs of one layer as expressions, and what it may add.

In a network with the channels last the tensors of the written code have them first wherever a module of PyTorch
wants that (``FIRST``), else they are as in the network (``OURS``); what lies between is permuted.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NoReturn

from tui.core.kind import Kind
from tui.core.size import Size
from tui.core.tensor import Shape, Tensor, Tensors
from tui.formats.exported import WriteError
from tui.formats.imported import Notice
from tui.formats.torch.write_names import Path
from tui.formats.torch.write_source import EITHER, FIRST, OURS, Part, Said, Source, Value
from tui.formats.torch.write_text import is_name, operand, tupled


class Site:
    """One layer that is being written."""

    def __init__(
        self,
        source: Source,
        name: str,
        kind: Kind,
        inputs: Sequence[Value],
        outputs: Sequence[Tensor],
        let: Callable[[str, str], str],
        owner: Path,
        again: bool = False,
        lent: Mapping[str, str] | None = None,
    ) -> None:
        self.source, self.name, self.kind = source, name, kind
        self.values, self.outputs = tuple(inputs), tuple(outputs)
        self.owner = owner
        self._let, self._again = let, again
        self.lent = lent or {}
        """Expressions for the weights that it reads from another layer's module."""
        self.chained = True
        """Whether nothing but modules has been added."""

    # What is read ----------------------------------------------------------------------------------

    def of(self, name: str) -> Any:
        """An argument of the layer."""
        return getattr(self.kind, name)

    def says(self, name: str) -> bool:
        """Whether an argument is meant as it is: given, or left to a default in a network that counts as Keras does.

        A network of PyTorch or ONNX that leaves out an epsilon does not mean Keras's.
        """
        return name in self.kind.given or self.kind.settings.counting == "keras"

    @property
    def tensors(self) -> Tensors:
        """The inputs as the network has them."""
        return tuple(value.tensor for value in self.values)

    @property
    def shape(self) -> Shape:
        """The whole shape of the first input as the network has it."""
        return self.values[0].tensor.shape

    @property
    def out(self) -> Shape:
        """The whole shape of the first output as the network has it."""
        return self.outputs[0].shape

    @property
    def rank(self) -> int:
        """The spatial axes of the first input."""
        return len(self.shape) - 2

    def moves(self, shape: Shape) -> bool:
        """Whether a tensor of this shape has another form with its channels first."""
        return self.source.channels_last and len(shape) > 2

    def read(self, number: int = 0, layout: str = OURS) -> str:
        """An input as an expression, permuted if it is not in this layout."""
        value = self.values[number]
        return self.laid(value.code, value.tensor.shape, value.layout, layout)

    def laid(self, code: str, shape: Shape, has: str, wants: str) -> str:
        """An expression of a tensor in another layout than it has."""
        if has == wants or not self.moves(shape):
            return code
        last = len(shape) - 1
        self.chained = False
        if last == 2:
            return f"{operand(code)}.transpose(1, 2)"
        order = [0, last, *range(1, last)] if wants == FIRST else [0, *range(2, last + 1), 1]
        return f"{operand(code)}.permute{tupled([str(axis) for axis in order])}"

    def common(self) -> str:
        """The layout in which all inputs meet with the fewest permutations."""
        ranks = {len(value.tensor.shape) for value in self.values}
        return FIRST if len(ranks) == 1 and any(value.layout == FIRST for value in self.values) else OURS

    def axis(self, axis: int, shape: Shape, layout: str) -> int:
        """Where an axis of the network stands in a layout."""
        if layout == OURS or not self.moves(shape) or axis == 0:
            return axis
        return 1 if axis == len(shape) - 1 else axis + 1

    def spread(self, name: str, axis: int, shape: Shape, layout: str) -> str:
        """A vector along an axis of a tensor of this shape, for a sum or product with it."""
        behind = len(shape) - 1 - self.axis(axis, shape, layout)
        return f"{name}[:{', None' * behind}]" if behind else name

    def variable(self, code: str, name: str = "value") -> str:
        """The expression if it is a variable, else a new variable for it."""
        return code if is_name(code) else self.let(name, code)

    # What is added ---------------------------------------------------------------------------------

    def let(self, name: str, code: str) -> str:
        """A variable before the layer's own statement."""
        self.chained = False
        return self._let(name, code)

    def unpack(self, names: Sequence[str], code: str) -> list[str]:
        """Variables for the parts of what an expression gives."""
        self.chained = False
        wanted = [self._let(name, "") if name != "_" else "_" for name in names]
        self._let(", ".join(wanted), code)
        return wanted

    def size(self, size: Size) -> str:
        """A size in ``forward``."""
        return self.source.size(size, True)

    def arg(self, size: Size) -> str:
        """A size in the constructor."""
        return self.source.size(size, False)

    def args(self, sizes: Sequence[Size]) -> str:
        """Sizes in the constructor: one number where they are equal, else a tuple."""
        return self.arg(sizes[0]) if all(size == sizes[0] for size in sizes) else tupled([*map(self.arg, sizes)])

    def own(self, constructor: str, part: str = "") -> str:
        """A module of the layer; the expression by which ``forward`` calls it. A part is a module inside."""
        if not self._again:
            frozen = ".requires_grad_(False)" if self.frozen else ""
            if part:
                self.source.parts.setdefault(self.owner, Part())
            path = (*self.owner, part) if part else self.owner
            self.source.parts.setdefault(path, Part()).constructor = constructor + frozen
        base = self.source.paths.text(self.owner)
        return f"{base}.{part}" if part else base

    def itself(self, shape: Sequence[Size], fill: str = "torch.zeros") -> str:
        """A layer that is nothing but a tensor of weights, as an expression."""
        group = self.owner[:-1]
        if self.source.paths.keyed(group) or self.source.paths.copies(group) is not None:
            return self.parameter("weight", shape, fill)  # only modules can stand under a key
        self.chained = False
        if not self._again:
            self.source.parts.setdefault(self.owner, Part()).constructor = self._tensor(shape, fill, True)
        return self.source.paths.text(self.owner)

    def _tensor(self, shape: Sequence[Size], fill: str, trained: bool) -> str:
        sizes = ", ".join(map(self.arg, shape)) if shape else "()"
        frozen = ", requires_grad=False" if self.frozen or not trained else ""
        scaled = " * 0.02" if fill == "torch.randn" else ""
        return f"nn.Parameter({fill}({sizes}){scaled}{frozen})"

    def parameter(self, name: str, shape: Sequence[Size], fill: str = "torch.zeros", trained: bool = True) -> str:
        """A tensor of weights of the layer, as an expression."""
        self.chained = False
        if not self._again:
            self.source.parts.setdefault(self.owner, Part()).tensors[name] = self._tensor(shape, fill, trained)
        return f"{self.source.paths.text(self.owner)}.{name}"

    def buffer(self, name: str, code: str) -> str:
        """A tensor of the layer that is not trained, as an expression."""
        self.chained = False
        if not self._again:
            self.source.parts.setdefault(self.owner, Part()).buffers[name] = code
        return f"{self.source.paths.text(self.owner)}.{name}"

    def freeze(self, name: str) -> None:
        """Take a tensor of the layer's own module out of training."""
        self.chained = False
        if not self._again:
            self.source.parts[self.owner].frozen.append(name)

    def add_zeros(self, count: Size) -> None:
        """Count parameters that PyTorch has besides those of the layer, all of them 0 and not trained."""
        if not self._again:
            self.source.zeros = self.source.zeros + count

    @property
    def frozen(self) -> bool:
        return not self.kind.trainable

    def tell(self, grade: str, text: str, place: str | None = None) -> None:
        """Put something into the report."""
        self.source.notices.setdefault(Notice(grade, self.name if place is None else place, text))

    def refuse(self, why: str, way_out: str) -> NoReturn:
        """Raise WriteError: PyTorch cannot say this layer."""
        raise WriteError(f"{self.name} ({self.kind.name}): {why}; {way_out}")


class Chain:
    """A layer that is one step after another on one tensor: the expression, and the modules that do the same."""

    def __init__(self, site: Site, layout: str = OURS, number: int = 0) -> None:
        self.site, self.layout = site, layout
        value = site.values[number]
        self.layout = layout = value.layout if layout == EITHER else layout
        self.code = site.read(number, layout)
        self.modules: list[str] = []

    def then(self, around: str, module: str | None = None) -> Chain:
        """One more step: ``F.relu({})``, ``{}.flatten(1)``; the module that does it, if there is one."""
        inner = self.code if "({}" in around else operand(self.code)
        self.code = around.replace("{}", inner)
        if module is None:
            self.site.chained = False
        else:
            self.modules.append(module)
        return self

    def own(self, constructor: str, part: str = "") -> Chain:
        """One more step by a module of the layer's own, with weights or without."""
        path = self.site.own(constructor, part)
        frozen = ".requires_grad_(False)" if self.site.frozen else ""
        return self.then(f"{path}({{}})", constructor + frozen)

    def said(self, layout: str | None = None) -> Said:
        """The layer with this single output."""
        modules = tuple(self.modules) if self.site.chained else None
        return Said((self.code,), self.layout if layout is None else layout, modules)
