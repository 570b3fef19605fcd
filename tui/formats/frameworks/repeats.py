"""Arguments of a framework's layers that say again what the input or our defaults say: a line leaves them out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from tui.core.axes import AxisNumber, AxisNumbers
from tui.core.kind import Kind
from tui.core.network import Source, Spec
from tui.core.result import Result, compute
from tui.core.settings import Settings
from tui.core.tensor import Shape, Tensor
from tui.formats.spec import spec_code

SIZES: Final = frozenset((
    "in_channels", "in_features", "in1_features", "in2_features", "num_features", "num_channels", "input_size",
    "embed_dim", "d_model", "normalized_shape",
))  # fmt: skip
"""Arguments that only repeat a size of the input; the frameworks store them, and refuse another input."""
BY_CHANNELS: Final = frozenset(("batchnorm", "groupnorm", "concat", "split"))
"""The kinds whose axis is that of the channels, where none is given."""


def without_repeats(spec: Spec, result: Result, tensors: Sequence[Tensor], settings: Settings) -> Spec:
    """The layer without what its text need not say: sizes of its input, and the axis that it takes anyway.

    ``result`` is what it gives with them. Without them it gives the same, with the same weights.
    """
    if result.status == "error":
        return spec
    sizes = [name for name, value in spec.args.items() if name in SIZES or (name == "shared_axes" and value == ())]
    for name in (*_axes(spec, result.kind, tensors), *sizes):
        args = {key: value for key, value in spec.args.items() if key != name}
        if _gives_the_same(spec, args, result, tensors, settings):
            spec = Spec(spec.kind, args, spec_code(spec.kind, args))
    return spec


def _gives_the_same(
    spec: Spec, args: Mapping[str, Any], result: Result, tensors: Sequence[Tensor], settings: Settings
) -> bool:
    again = compute(spec.kind.make(args, settings), tuple(tensors))
    return (again.status, again.outputs, again.weights, again.counts) == (
        result.status, result.outputs, result.weights, result.counts)  # fmt: skip


def _axes(spec: Spec, made: Kind | None, tensors: Sequence[Tensor]) -> Iterator[str]:
    """The axis arguments that are what the kind takes anyway, whichever end they are counted from."""
    if made is None or not tensors or not tensors[0].shape:
        return
    shape = tensors[0].shape
    for name, value in spec.args.items():
        arg = spec.kind.by_name[name]
        if not isinstance(arg.type, AxisNumber | AxisNumbers):
            continue
        usual = arg.default
        if usual is None and name == "axis" and spec.kind.name in BY_CHANNELS:
            usual = made.channel_axis(shape)
        if usual is not None and _places(value, shape) == _places(usual, shape):
            yield name


def _places(value: Any, shape: Shape) -> tuple[Any, ...]:
    """Axes counted from the front, in their order there."""
    axes = value if isinstance(value, tuple) else (value,)
    return tuple(sorted(axis % len(shape) if isinstance(axis, int) else -1 for axis in axes))


def without_twins(kind: Kind | type[Kind], sources: Sequence[Source]) -> Sequence[Source]:
    """The sources of a layer of attention: the key that is the value need not be named again, nor a query that is
    both."""
    if kind.name in ("attention", "additiveattention") and len(sources) in (2, 3) and len(set(sources)) == 1:
        return sources[:1]
    if kind.name != "multiheadattention" or len(sources) < 2 or len(set(sources[1:])) > 1:
        return sources
    return sources[:1] if sources[0] == sources[1] else sources[:2]
