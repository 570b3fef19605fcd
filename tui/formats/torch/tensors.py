"""Tensors of a PyTorch network on its way into lines: what is computed, and what is stored.

A stored tensor (a parameter, a buffer, zeros) becomes a line only where a layer reads it; the weights of a layer
are part of its line.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from tui.core.network import Source
from tui.core.size import Poly, Size, same
from tui.core.tensor import BYTES, Shape
from tui.formats.frameworks.draft import Draft
from tui.formats.imported import Notice
from tui.formats.torch.code import write


@dataclass(eq=False, slots=True)
class Made:
    """What a line gives."""

    source: Source


@dataclass(eq=False, slots=True)
class Stored:
    """A tensor that no layer computes. ``kind`` is ``parameter``, ``buffer`` or ``constant``."""

    name: str
    shape: Shape
    kind: str = "constant"
    dtype: str = ""
    trainable: bool = True
    source: Source | None = None
    scalar: int | float | None = None
    """Its number, where it is one and known."""
    turned: bool = False
    """Whether its axes are those of the matrix of its name, exchanged."""


Operand: TypeAlias = Made | Stored | int | float | Poly


class Tensors:
    """Writes lines of tensor operations. ``note`` hears of what is not read as it stands."""

    def __init__(self, draft: Draft, note: Callable[[Notice], None]) -> None:
        self.draft = draft
        self.note = note
        self.unknown_sizes: list[tuple[Size, Size]] = []
        """Pairs of sizes that must be equal for the network to fit, where symbols leave it open."""
        self.layers: dict[str, Source] = {}
        """The line of each layer by the names of its weights: another layer with the same is another call."""
        self.owners: dict[str, str] = {}
        """The lines that have weights, by the names of these: for another layer they are that one's."""

    def source(self, operand: Any) -> Source:
        """The line that gives a tensor, written now where it is stored."""
        if isinstance(operand, Made):
            return operand.source
        stored = operand if isinstance(operand, Stored) else Stored("constant", (), scalar=operand)
        if stored.source is None:
            args: dict[str, Any] = {"shape": list(stored.shape)} if stored.shape else {}
            if stored.dtype in BYTES and stored.dtype != "float32":
                args["dtype"] = stored.dtype
            parameter = stored.kind == "parameter"
            if parameter and not stored.trainable:
                args["trainable"] = False
            if parameter and stored.name in self.owners:  # a layer above has it among its weights
                args["tied"] = f"weight@{self.owners[stored.name]}"
            stored.source = self.draft.layer(stored.name, "parameter" if parameter else "constant", args)
        return stored.source

    def own(self, key: str, made: Made, weights: Sequence[Stored]) -> None:
        """Keep the line of a layer with these weights."""
        self.layers[key] = made.source
        for one in weights:
            self.owners.setdefault(one.name, made.source.name)

    def shape(self, operand: Any) -> Shape | None:
        """The whole shape of a tensor; None where it is not known."""
        if isinstance(operand, Stored):
            return operand.shape
        if isinstance(operand, Made):
            found = self.draft.shapes([operand.source])
            return None if found is None else found[0]
        return ()

    def known(self, operand: Any) -> Shape:
        """The shape of a tensor; raises LookupError where it is not known."""
        found = self.shape(operand)
        if found is None:
            raise LookupError("the shape of its input is not known")
        return found

    def emit(self, name: str, kind: str, args: Mapping[str, Any], operands: Sequence[Any]) -> Made:
        """Write a line of one of our kinds."""
        return Made(self.draft.layer(name, kind, args, [self.source(one) for one in operands]))

    def module(self, name: str, class_name: str, args: Mapping[str, Any], operands: Sequence[Any]) -> list[Made]:
        """Write a line of a module of PyTorch; gives its outputs."""
        return [Made(one) for one in write(self.draft, name, class_name, args, [self.source(o) for o in operands])]

    def outputs(self, made: Made) -> list[Made]:
        """All the outputs of a line."""
        result = self.draft.result(made.source)
        count = 1 if result is None else len(result.outputs)
        return [Made(made.source._replace(output=i)) for i in range(count)]

    def opaque(self, name: str, operator: str, operands: Sequence[Any], shapes: Sequence[Shape] = ()) -> list[Made]:
        """Write an operation that is not known, with the shapes of its outputs where they are."""
        args: dict[str, Any] = {"operator": _word(operator)}
        if shapes:
            args |= {"shape": [list(shape) for shape in shapes], "whole": True}
        tensors = [one for one in operands if isinstance(one, Made | Stored)]
        made = Made(self.draft.layer(name, "opaque", args, [self.source(one) for one in tensors]))
        self.note(Notice("opaque", made.source.name, f"{operator} is not known: its weights and work are not counted"))
        return [Made(made.source._replace(output=i)) for i in range(max(len(shapes), 1))]

    def differs(self, place: str, text: str) -> None:
        """Report that a source states something else than what is computed."""
        self.note(Notice("differs", place, text))

    def must_equal(self, a: Size, b: Size) -> bool | None:
        """Whether two sizes are equal; where symbols leave that open it is remembered."""
        equal = same(a, b)
        if equal is None:
            self.unknown_sizes.append((a, b))
        return equal


def _word(operator: str) -> str:
    return "".join(c if c.isalnum() or c in "_./:<>-" else "_" for c in operator)[:60] or "operation"
