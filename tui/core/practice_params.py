"""Slips in the number of parameters: the weights counted with one thing changed."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Final

from tui.core.explain import counts_under
from tui.core.kind import Kind, recorded_inputs
from tui.core.practice_slip import REFUSALS, Candidate, Case, Slip, candidate, changed, found
from tui.core.practice_variants import variants
from tui.core.result import is_counted
from tui.core.size import Size, product, sum_of
from tui.core.tensor import Role, Tensors, Weight

GATES: Final = (4, 3)
"""The gates of an LSTM and of a GRU."""


def params_slips(case: Case) -> tuple[Slip, ...]:
    """The likeliest slips that lead to the answer."""
    if len(case.got) != 1:
        return (Slip("not_one_number"),)
    (got,), (want,) = case.got, case.want
    if want == 0:
        shared = bool(counted(case.layer, case.inputs))  # it has weights, and they are counted elsewhere
        return (Slip("weights_elsewhere" if shared else "no_weights", case.layer.name),)
    if got == 0:
        return (Slip("has_weights", case.layer.name),)
    return found(chain(_of_bias(case), _of_weights(case), _single(case), _others(case), _with_bias(case)), got, want)


def counted(layer: Kind, inputs: Tensors) -> list[Weight]:
    """The weights that are parameters, their sizes recorded; none where the layer cannot be so."""
    try:
        weights = layer.recorded().weights(recorded_inputs(layer, inputs))
    except REFUSALS:
        return []
    return [weight for weight in weights if is_counted(weight.role, layer.settings) and weight.name not in layer.tied]


def total(weights: list[Weight]) -> Size:
    """The elements of all of them."""
    return sum_of(weight.elements for weight in weights)


def flipped(layer: Kind) -> tuple[str, Kind] | None:
    """The layer with its bias left out, or with one where it has none, and the name of that slip."""
    bias = getattr(layer, "bias", None)
    if not isinstance(bias, bool) or "bias" not in layer.by_name:
        return None
    twin = changed(layer, bias=not bias)
    return None if twin is None else ("forgot_bias" if bias else "added_bias", twin)


def _of_bias(case: Case) -> Iterator[Candidate]:
    other = flipped(case.layer)
    if other is not None:
        yield candidate(other[0], total(counted(other[1], case.inputs)))


def _of_weights(case: Case) -> Iterator[Candidate]:
    """Some of the weights forgotten, or counted otherwise."""
    weights = counted(case.layer, case.inputs)
    if len(weights) > 1:
        names = [weight.name for weight in weights]
        if "recurrent_bias" in names:
            yield candidate("one_bias_vector", total([w for w in weights if w.name != "recurrent_bias"]))
        if any(w.role is Role.STATISTIC for w in weights):
            yield candidate("forgot_statistics", total([w for w in weights if w.role is not Role.STATISTIC]))
            yield candidate("statistics_only", total([w for w in weights if w.role is Role.STATISTIC]))
        for weight in weights:
            rest = [w for w in weights if w is not weight]
            code = "forgot_state" if weight.name.endswith("recurrent_kernel") else "forgot_weight"
            if [w.name for w in rest] == ["bias"]:
                yield candidate("only_weight", total(rest), "bias")
            else:
                yield candidate(code, total(rest), weight.name)
        for weight in weights:
            yield candidate("only_weight", total([weight]), weight.name)
    yield from _gates(case, weights)
    yield from _conventions(case)
    positions = product(case.layer.spatial(case.result.outputs[0].shape))
    bias = [w for w in weights if w.name == "bias"]
    if bias:
        others = total([w for w in weights if w.name != "bias"])
        yield candidate("bias_everywhere", others + total(bias) * positions)
        yield candidate("bias_for_inputs", others + case.layer.channels(case.inputs[0].shape))
        yield candidate("one_bias", others + 1)


def _gates(case: Case, weights: list[Weight]) -> Iterator[Candidate]:
    units = getattr(case.layer, "units", None)
    if units is None:
        return
    for gates in GATES:
        if not any(w.shape and w.shape[-1] == gates * units for w in weights):
            continue
        for kept, code in ((gates - 1, "forgot_gate"), (1, "one_gate")):
            fewer = [
                w._replace(shape=(*w.shape[:-1], kept * units)) if w.shape[-1:] == (gates * units,) else w
                for w in weights
            ]
            yield candidate(code, total(fewer), str(gates))
        return


def _conventions(case: Case) -> Iterator[Candidate]:
    for name, counts in counts_under(case.result).items():
        if name != case.layer.settings.counting:
            yield candidate("counted_as", counts.params, name)
        yield candidate("counted_buffers", counts.params + counts.buffers, name)
    yield candidate("trainable_only", case.result.counts.trainable)


def _single(case: Case) -> Iterator[Candidate]:
    for slip, layer, inputs in variants(case):
        yield Candidate(total(counted(layer, inputs)), (slip,))
    if "depth_multiplier" in case.layer.by_name:
        channels = case.layer.channels(case.inputs[0].shape)
        kernels = [w for w in counted(case.layer, case.inputs) if w.name != "bias"]
        bias = [w for w in counted(case.layer, case.inputs) if w.name == "bias"]
        for extra in ([], bias):
            yield candidate("mixed_channels", total(kernels) * channels + total(extra))


def _others(case: Case) -> Iterator[Candidate]:
    """Numbers that are right for something else."""
    result = case.result
    yield candidate("gave_macs", result.counts.macs)
    yield candidate("gave_elements", result.outputs[0].elements)
    yield candidate("gave_bytes", result.counts.weight_bytes)
    for row, other in case.neighbours():
        if other.counts.params != 0:
            yield candidate("neighbour", other.counts.params, case.number(row))
    yield candidate("doubled", case.want[0] * 2)


def _with_bias(case: Case) -> Iterator[Candidate]:
    """Two slips at once: one of the others, and the bias."""
    for slip, layer, inputs in variants(case):
        other = flipped(layer)
        if other is not None:
            yield Candidate(total(counted(other[1], inputs)), (slip, Slip(other[0])))
