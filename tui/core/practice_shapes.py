"""Slips in the output shape: an axis computed wrongly, axes in another order, axes that are missing."""

from __future__ import annotations

from collections.abc import Iterator

from tui.core.argument import per_axis
from tui.core.kind import Kind
from tui.core.practice_axes import axis_slips
from tui.core.practice_slip import REFUSALS, Candidate, Case, Slip, candidate, changed, found
from tui.core.practice_variants import of_arguments, of_inputs
from tui.core.size import Poly, Size, product, sum_of
from tui.core.tensor import Shape, Tensors
from tui.core.working import plain


def shape_slips(case: Case) -> tuple[Slip, ...]:
    """The likeliest slips that lead to the answer; of axes that are wrong in different ways one each."""
    got, want = case.got, case.want
    if len(got) == len(want):
        moved = _moved(case)
        if moved:
            return moved
        # The whole shape of the input is not what several slips together lead to.
        if got != _input(case) or not _channels_differ(case):
            by_axis = _by_axis(case)
            if by_axis:
                return by_axis
    whole = next(_whole(case), None)
    if whole is not None:
        return (whole,)
    if len(got) == len(want):
        return _some_axes(case)
    return (Slip("wrong_batch") if got[1:] == want else Slip("wrong_axes", str(len(want))),)


def _input(case: Case) -> Shape:
    return case.inputs[0].shape[1:]


def _moved(case: Case) -> tuple[Slip, ...]:
    """The right sizes in another order."""
    got, want = list(case.got), list(case.want)
    if len(want) < 2 or sorted(map(hash, got)) != sorted(map(hash, want)):
        return ()
    layer = case.layer
    other = [*want[1:], want[0]] if not layer.channels_last else [want[-1], *want[:-1]]
    if got == other:
        return (Slip("channels_elsewhere", layer.settings.data_format),)
    spatial = list(layer.spatial((1, *want)))
    swapped = list(layer.shaped(1, layer.channels((1, *want)), tuple(reversed(spatial))))[1:]
    return (Slip("swapped_axes"),) if got == swapped else (Slip("other_order"),)


def _channels_differ(case: Case) -> bool:
    axis = case.layer.channel_axis((1, *case.want)) - 1
    return case.got[axis] != case.want[axis]


def _by_axis(case: Case) -> tuple[Slip, ...]:
    """Slips that explain every axis that is wrong: one for all spatial axes if there is one, and the channels'."""
    wrong = _wrong(case)
    channel = case.layer.channel_axis((1, *case.want)) - 1
    spatial = [axis for axis in wrong if axis != channel]
    if len(case.inputs[0].shape) != len(case.want) + 1:
        return ()
    slips: list[Slip] = []
    if spatial:
        slips += _of_spatial(case, spatial)
        if not slips:
            return ()
    if channel in wrong:
        of_channels = found(_channels(case), case.got[channel], case.want[channel])
        if not of_channels:
            return ()
        slips += of_channels
    return tuple(slips)


def _wrong(case: Case) -> list[int]:
    return [axis for axis, (a, b) in enumerate(zip(case.got, case.want, strict=True)) if a != b]


def _of_spatial(case: Case, wrong: list[int]) -> list[Slip]:
    first = 0 if case.layer.channels_last else 1
    tried = {axis: list(axis_slips(case, axis - first)) for axis in wrong}
    matches = {axis: [c for c in candidates if plain(c.value) == case.got[axis]] for axis, candidates in tried.items()}
    if not all(matches.values()):
        return []
    codes = [{c.slips[0].code for c in candidates} for candidates in matches.values()]
    shared = set.intersection(*codes)
    if shared:
        axis = wrong[0]
        return list(found((c for c in matches[axis] if c.slips[0].code in shared), case.got[axis], case.want[axis]))
    chosen = (found(candidates, case.got[axis], case.want[axis]) for axis, candidates in matches.items())
    return [slip for slips in chosen for slip in slips]


def _channels(case: Case) -> Iterator[Candidate]:
    layer, inputs = case.layer, case.inputs
    before = layer.channels(inputs[0].shape)
    filters = getattr(layer, "filters", None)
    if isinstance(filters, int | Poly):
        yield candidate("kept_channels", before)
        yield candidate("multiplied_channels", before * filters)
        yield candidate("added_channels", before + filters)
    elif case.result.weights:
        yield candidate("kept_channels", before)
    kernel = getattr(layer, "kernel", None)
    if isinstance(kernel, int | Poly | tuple):
        rank = len(inputs[0].shape) - 2
        yield candidate("kernel_for_channels", per_axis(kernel, rank)[0])
        if not isinstance(filters, int | Poly):
            yield candidate("pooled_channels", before // per_axis(kernel, rank)[0])
    if len(inputs) > 1:
        yield candidate("one_input", before)
        yield candidate("added_inputs", sum_of(layer.channels(tensor.shape) for tensor in inputs))
    yield candidate("one_channel", 1)


def _some_axes(case: Case) -> tuple[Slip, ...]:
    """What is known of some of the wrong axes, where the others follow no rule."""
    first = 0 if case.layer.channels_last else 1
    channel = case.layer.channel_axis((1, *case.want)) - 1
    slips: list[Slip] = []
    if len(case.inputs[0].shape) != len(case.want) + 1:
        return ()
    for axis in _wrong(case):
        tried = _channels(case) if axis == channel else axis_slips(case, axis - first)
        slips += found(tried, case.got[axis], case.want[axis])
    return tuple(dict.fromkeys(slips))


def _whole(case: Case) -> Iterator[Slip]:
    """Shapes that are wrong as a whole."""
    got, want, layer, inputs = case.got, case.want, case.layer, case.inputs
    if got == _input(case):
        yield Slip("kept_shape") if len(inputs) == 1 else Slip("kept_input", "1")
    kernel = getattr(layer, "kernel", None)
    if isinstance(kernel, tuple):
        twin = changed(layer, kernel=tuple(reversed(kernel)))
        if twin is not None and shape_of(twin, inputs) == got:
            yield Slip("swapped_kernel")
    for index, tensor in enumerate(inputs[1:], 2):
        if tensor.shape[1:] == got:
            yield Slip("kept_input", str(index))
    if len(got) == 1 and len(want) > 1 and got[0] == product(want):
        yield Slip("gave_elements")
    if len(got) == 1 and len(want) == 1:
        yield from _flat(case)
    if got == tuple(size for size in want if size != layer.channels((1, *want))):
        yield Slip("forgot_channel_axis")
    if _without_ones(got) == _without_ones(want):
        yield Slip("ones")
    for slip, other_layer, read in (*of_arguments(layer, inputs), *of_inputs(case)):
        if shape_of(other_layer, read) == got:
            yield slip
    for row, other in case.neighbours():
        if other.outputs[0].shape[1:] == got:
            yield Slip("neighbour", case.number(row))


def _without_ones(shape: Shape) -> list[Size]:
    return [size for size in shape if size != 1]


def _flat(case: Case) -> Iterator[Slip]:
    """What a flattened shape may be taken for."""
    shape, (got,) = case.inputs[0].shape, case.got
    if len(shape) < 3:
        return
    if got == sum_of(shape[1:]):
        yield Slip("added_sizes")
    if got == case.layer.channels(shape):
        yield Slip("channels_only")
    if got == product(case.layer.spatial(shape)):
        yield Slip("positions_only")


def shape_of(layer: Kind, inputs: Tensors) -> Shape | None:
    """The output shape of a layer that may be no layer at all, without its batch; None where it cannot be so."""
    try:
        return layer.output(inputs)[0].shape[1:]
    except REFUSALS:
        return None
