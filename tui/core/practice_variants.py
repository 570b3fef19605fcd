"""The layer with one thing changed, as a slip changes it: an argument forgotten, an input taken for another."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from tui.core.argument import MISSING, Arg, Choice, Switch, per_axis
from tui.core.kind import Kind
from tui.core.practice_slip import Case, Slip, Variant, changed, with_channels, with_shape
from tui.core.size import Poly, Size, product, sum_of
from tui.core.tensor import Tensors
from tui.core.working import plain

UNTOUCHED: Final = frozenset(("trainable", "dtype", "tied", "timedistributed", "bias", "activation"))
"""Arguments that are no matter of arithmetic, or have slips of their own."""
MOST_WORDS: Final = 6


def variants(case: Case) -> Iterator[Variant]:
    """All single changes, the likeliest first."""
    yield from of_inputs(case)
    yield from of_kernel(case)
    yield from of_arguments(case.layer, case.inputs)


def of_inputs(case: Case) -> Iterator[Variant]:
    """Inputs that are taken for others: one channel, the filters, those of the layer before, all of them flat."""
    layer, inputs = case.layer, case.inputs
    shape = inputs[0].shape
    if len(shape) < 2:
        return
    yield Variant(
        Slip("forgot_channels" if len(shape) > 2 else "forgot_inputs"), layer, with_channels(layer, inputs, 1)
    )
    before = _source_inputs(case)
    if before is not None and len(shape) == 2 and len(before[0].shape) > 2:
        batch, inner = before[0].shape[0], before[0].shape
        spatial = product(layer.spatial(inner))
        yield Variant(Slip("channels_only"), layer, with_shape(inputs, (batch, layer.channels(inner))))
        yield Variant(Slip("positions_only"), layer, with_shape(inputs, (batch, spatial)))
    if len(shape) > 2:
        yield Variant(Slip("flattened"), layer, with_shape(inputs, (shape[0], product(shape[1:]))))
    filters = getattr(layer, "filters", None)
    if isinstance(filters, int | Poly):
        yield Variant(Slip("filters_for_channels"), layer, with_channels(layer, inputs, filters))
    if before is not None and len(before[0].shape) == len(shape):
        yield Variant(Slip("layer_too_early"), layer, (before[0], *inputs[1:]))


def _source_inputs(case: Case) -> Tensors | None:
    """What the layer reads that this one reads, if it reads one."""
    sources = case.snapshot.sources(case.row)
    result = case.snapshot.result(sources[0]) if sources else None
    return result.inputs if result is not None and result.inputs else None


def of_kernel(case: Case) -> Iterator[Variant]:
    """Kernels that are taken for others."""
    layer, inputs = case.layer, case.inputs
    kernel = getattr(layer, "kernel", None)
    rank = len(inputs[0].shape) - 2
    if not isinstance(kernel, int | Poly | tuple) or not 1 <= rank <= 3:
        return
    sizes = per_axis(kernel, rank)
    made: list[tuple[str, tuple[Size, ...]]] = []
    if rank > 1:
        made += [
            ("forgot_kernel_axis", (sizes[0], *(1,) * (rank - 1))),
            ("forgot_kernel_axis", (*(1,) * (rank - 1), sizes[-1])),
        ]
        made.append(("added_kernel_axes", (sum_of(sizes), *(1,) * (rank - 1))))
    made.append(("forgot_kernel", (1,) * rank))
    made.append(("output_for_kernel", layer.spatial(case.result.outputs[0].shape)))
    made.append(("input_for_kernel", layer.spatial(inputs[0].shape)))
    for code, value in made:
        twin = changed(layer, kernel=value) if len(value) == rank else None
        if twin is not None and value != sizes:
            yield Variant(Slip(code), twin, inputs)


def of_arguments(layer: Kind, inputs: Tensors) -> Iterator[Variant]:
    """Each argument left out, or at its other values."""
    for arg in layer.all_args():
        if arg.name in UNTOUCHED:
            continue
        value = getattr(layer, arg.name, None)
        for slip, other in _others(arg, value):
            twin = changed(layer, **{arg.name: other})
            if twin is not None:
                yield Variant(slip, twin, inputs)


def _others(arg: Arg, value: Any) -> Iterator[tuple[Slip, Any]]:
    if isinstance(arg.type, Switch):
        yield Slip("as_if", f"{arg.name}={'false' if value else 'true'}"), not value
    elif isinstance(arg.type, Choice):
        words = [word for word in arg.type.words() if word != value]
        yield from ((Slip("as_if", f"{arg.name}={word}"), word) for word in words[:MOST_WORDS])
    else:
        if arg.default is not MISSING and value != arg.default and value is not None:
            yield Slip("forgot_argument", arg.name), arg.default
        if isinstance(value, int | Poly) and not isinstance(value, bool) and plain(value) != 1:
            yield Slip("forgot_argument", arg.name), 1
