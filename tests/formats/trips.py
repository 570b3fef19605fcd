"""Networks as they are compared after a trip through another program's text: a line a layer, nothing left unsaid."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Any, Final, NamedTuple

from tui.core.argument import Axes, Pads
from tui.core.axes import AxisNumber, AxisNumbers
from tui.core.ratio import Factor
from tui.core.snapshot import Snapshot
from tui.core.tensor import Shape
from tui.core.windows import ends_of, pads
from tui.formats.document import parse_document
from tui.formats.exported import Node, graph_of
from tui.formats.line import parse_line
from tui.formats.presets import preset
from tui.layers import KINDS

VALUES: Final = {"n": 10, "L": 2, "d": 32, "T": 6, "h": 4}
"""Of the free symbols of the presets, where a target needs numbers."""
SIZES_FOUND: Final = frozenset((
    "in_channels", "in_features", "in1_features", "in2_features", "num_features", "num_channels", "embed_dim",
    "normalized_shape", "input_size",
))  # fmt: skip
"""Arguments that only repeat a size of the input."""

WEIGHTED: Final = frozenset(("conv", "depthwise", "separable", "convtranspose", "dense", "einsumdense"))
"""Kinds that apply a function to their output where they are told to."""


class Said(NamedTuple):
    """One layer: its name where one was given, and all the rest in one spelling."""

    name: str | None
    text: str


def of_preset(name: str) -> Snapshot:
    """A preset with all its symbols bound."""
    lines = parse_document(preset(name).text)
    free = [word for word, value in Snapshot.of(lines).symbols.items() if value is None]
    return Snapshot.of([*lines, *(parse_line(f"let {word} = {VALUES[word]}") for word in free)])


def explicit(snapshot: Snapshot, apart: bool = False) -> list[Said]:
    """Every layer: its kind, all its arguments, what it reads and gives. One that hands its input on is passed by:
    no target has it. ``apart`` makes the function that a layer applies to its output a layer of its own."""
    return list(_explicit(snapshot, apart))


def differences(before: Snapshot, after: Snapshot, apart: bool = False) -> list[str]:
    """What is another layer, or has another name, after a trip; none where all came back."""
    first, then = explicit(before, apart), explicit(after, apart)
    found = []
    match = SequenceMatcher(None, [one.text for one in first], [one.text for one in then], False)
    for tag, a, b, c, d in match.get_opcodes():
        if tag != "equal":
            found += [f"- {one.text}" for one in first[a:b]] + [f"+ {one.text}" for one in then[c:d]]
            continue
        pairs = zip(first[a:b], then[c:d], strict=True)
        found += [
            f"{one.name} is called {two.name}"
            for one, two in pairs
            if one.name is not None and plain(one.name) != plain(two.name)
        ]
    return found


def plain(name: str | None) -> str:
    """A name without dots, which Keras does not allow."""
    return re.sub(r"[^A-Za-z0-9]+", "_", name or "").strip("_")


def said(node: Node) -> dict[str, Any]:
    """The arguments of a layer in one spelling: those of each axis, axes from the front, defaults as they work."""
    assert node.result.kind is not None
    return arguments(node.result.kind, node.result.inputs[0].shape if node.result.inputs else ())


def arguments(kind: Any, shape: Shape) -> dict[str, Any]:
    """The arguments of a kind that reads a tensor of this shape."""
    args = {}
    for arg in type(kind).args:
        value = getattr(kind, arg.name)
        if arg.name in SIZES_FOUND:
            continue
        if arg.name == "bias_vectors":
            value = kind.cell().biases
        if isinstance(arg.type, Axes | Pads | Factor) and not isinstance(value, str | tuple) and value is not None:
            value = (value,) * max(len(shape) - 2, 1)
        if isinstance(arg.type, AxisNumber | AxisNumbers) and shape:
            value = kind.channel_axis(shape) if value is None and arg.name == "axis" else value
            if value is not None:
                value = tuple(sorted(a % len(shape) for a in value)) if isinstance(value, tuple) else value % len(shape)
        if (
            arg.name == "padding"
            and isinstance(getattr(kind, "kernel", None), tuple | int)
            and "output_padding" not in args
        ):
            value = _padded(kind, shape)
        if isinstance(arg.type, Pads) and isinstance(value, tuple):
            value = tuple(ends if isinstance(ends, tuple) else (ends, ends) for ends in value)
        args[arg.name] = value
    if kind.name == "multiheadattention" and args["key_dim"] is None:
        args["key_dim"] = shape[-1] // args["heads"]  # the heads share the width
    return args


def _padded(kind: Any, shape: Shape) -> Any:
    """The padding of windows in numbers: ``same`` and a size may be one padding."""
    if kind.name == "convtranspose" or not hasattr(kind, "stride"):
        return "valid" if kind.padding == 0 else kind.padding
    sizes = kind.spatial(shape)
    kernel, stride, dilation = (_each(getattr(kind, name, 1), len(sizes)) for name in ("kernel", "stride", "dilation"))
    stride = kernel if stride[0] is None else stride
    ends = ends_of(kind.padding, len(sizes))
    return tuple(pads(*axis) for axis in zip(sizes, kernel, stride, dilation, ends, strict=True))


def _each(value: Any, rank: int) -> tuple[Any, ...]:
    return value if isinstance(value, tuple) else (value,) * rank


def _explicit(snapshot: Snapshot, apart: bool) -> Iterator[Said]:
    through: dict[int, tuple[int, int]] = {}
    place = 0
    for number, node in enumerate(graph_of(snapshot).nodes):
        if node.kind.name == "identity":
            wire = node.inputs[0]
            through[number] = _read(through, wire.node, wire.output)
            continue
        reads = " ".join(
            f"@{place}:{output}" for place, output in (_read(through, w.node, w.output) for w in node.inputs)
        )
        shapes = [tensor.shape[1:] for tensor in node.result.outputs]
        shares = "" if node.shares is None else f" with the weights of {through[node.shares][0]}"
        args = said(node)
        function = args.get("activation", "linear") if apart and node.kind.name in WEIGHTED else "linear"
        if function != "linear":
            args["activation"] = "linear"
        yield Said(node.line.name and node.name, f"{place} {node.kind.name} {_words(args)} {reads} -> {shapes}{shares}")
        if function != "linear":
            place += 1
            args = arguments(KINDS[function].make({}, snapshot.settings), node.result.outputs[0].shape)
            yield Said(None, f"{place} {function} {_words(args)} @{place - 1}:0 -> {shapes}")
        through[number] = (place, 0)
        place += 1


def _words(args: dict[str, Any]) -> str:
    return " ".join(f"{key}={value}" for key, value in sorted(args.items()))


def _read(through: dict[int, tuple[int, int]], node: int, output: int) -> tuple[int, int]:
    place, first = through[node]
    return place, output or first
