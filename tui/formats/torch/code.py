"""PyTorch modules, given by class and arguments, as lines; nothing is imported from PyTorch and nothing is run.

Arguments are plain data: numbers, words, lists for tuples, and ``{"kind", "args"}`` for a module inside.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from tui.core.network import Line, Source
from tui.core.size import Size
from tui.core.tensor import Shape
from tui.formats.frameworks.draft import Draft
from tui.formats.frameworks.words import FrameworkError, input_args, sizes_shown, spec_of, translated
from tui.formats.torch.narrowed import narrowed
from tui.formats.torch.rules import arguments, rule_of


class Module(NamedTuple):
    """A document of one module: its lines, and the line and number of each output."""

    lines: list[Line]
    outputs: list[Source]


def layer_line(class_name: str, args: Mapping[str, Any], shapes: Sequence[Shape] = ()) -> str:
    """The text of a module's layer, without a name.

    ``shapes`` are the whole input shapes where they are known: they say whether an input is batched.
    Raises FrameworkError where PyTorch refuses an argument, or where one is not understood.
    """
    bare = class_name.rpartition(".")[2]
    return spec_of(bare, translated(arguments, bare, bare, args, list(shapes))).code


def module(class_name: str, args: Mapping[str, Any], shapes: Sequence[Shape]) -> Module:
    """A network of one module with an input line for each whole input shape."""
    first = next((shape[0] for shape in shapes if len(shape) > 1), 1)
    draft = Draft("PyTorch", data_format="channels_first", counting="pytorch", batch=first)
    sources = []
    for number, shape in enumerate(shapes):
        batched = len(shape) > 1 and shape[0] == first
        name = "x" if len(shapes) == 1 else f"x{number}"
        sources.append(draft.layer(name, "input", input_args(shape, batched)))
    return Module(draft.lines, write(draft, "y", class_name, args, sources))


def write(draft: Draft, name: str, class_name: str, args: Mapping[str, Any], sources: Sequence[Source]) -> list[Source]:
    """Write one call of a module; gives its outputs.

    Where PyTorch takes an input without a batch, or with several axes in front, and our kind does not, lines
    around the layer add the axis and take it away.
    """
    bare = class_name.rpartition(".")[2]
    rule = rule_of(bare)
    shapes = draft.shapes(sources) or []
    try:
        written = translated(arguments, bare, bare, args, shapes)
        if shapes and rule.axes and len(shapes[0]) not in rule.axes:
            wanted = " or ".join(map(str, rule.axes))
            raise FrameworkError(
                f"{bare} reads inputs of {wanted} axes, it gets {len(shapes[0])}: {sizes_shown(shapes[0])}"
            )
    except FrameworkError as objection:
        return [draft.refused(name, class_name, args, sources, objection.message)]
    bare, written = narrowed(bare, written, shapes)
    missing = rule.core - len(shapes[0]) if shapes and rule.core else 0
    if not missing:
        return _outputs(draft, draft.layer(name, bare, written, sources))
    if missing > 1:
        message = f"{bare} reads {rule.core - 1} axes or more, it gets {len(shapes[0])}: {sizes_shown(shapes[0])}"
        return [draft.refused(name, class_name, args, sources, message)]
    around = _Alone() if missing == 1 else _Leading(shapes[0][: 1 - missing])
    inner = [draft.layer(f"{name}.batch", *around.before(), [source]) for source in sources]
    made = draft.layer(name, bare, written, inner)
    return [draft.layer(f"{name}.out", *around.after(), [output]) for output in _outputs(draft, made)]


class _Alone:
    """An input without a batch: one of one example, for the layer."""

    def before(self) -> tuple[str, dict[str, Any]]:
        return "unsqueeze", {"axes": [0]}

    def after(self) -> tuple[str, dict[str, Any]]:
        return "squeeze", {"axes": [0], "whole": True}


class _Leading:
    """Several axes in front of what the layer reads: one batch, for the layer."""

    def __init__(self, sizes: Sequence[Size]) -> None:
        self.sizes = list(sizes)

    def before(self) -> tuple[str, dict[str, Any]]:
        return "flatten", {"start": 0, "end": len(self.sizes) - 1}

    def after(self) -> tuple[str, dict[str, Any]]:
        return "unflatten", {"axis": 0, "sizes": self.sizes}


def _outputs(draft: Draft, made: Source) -> list[Source]:
    result = draft.result(made)
    return [made] if result is None else [made._replace(output=i) for i in range(len(result.outputs))]
