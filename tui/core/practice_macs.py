"""Slips in the number of multiply-accumulates: the work counted with one thing changed."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from tui.core.kind import Kind, recorded_inputs, recorded_outputs
from tui.core.practice_params import counted, flipped, total
from tui.core.practice_slip import REFUSALS, Candidate, Case, Slip, candidate, found
from tui.core.practice_variants import variants
from tui.core.size import Size, product, text
from tui.core.tensor import Tensors


def macs_slips(case: Case) -> tuple[Slip, ...]:
    """The likeliest slips that lead to the answer."""
    if len(case.got) != 1:
        return (Slip("not_one_number"),)
    (got,), (want,) = case.got, case.want
    if want == 0:
        code = "gave_elementwise" if got == case.result.counts.elementwise else "no_macs"
        return (Slip(code, case.layer.name),)
    if got == 0:
        return (Slip("has_macs", case.layer.name),)
    return found(chain(_units(case), _positions(case), _variants(case), _others(case)), got, want)


def work_of(layer: Kind, inputs: Tensors) -> Size | None:
    """The MACs of a layer that may be no layer at all, recorded; None where it cannot be so."""
    try:
        outputs = recorded_outputs(layer, layer.output(inputs))
        return layer.recorded().work(recorded_inputs(layer, inputs), outputs).macs
    except REFUSALS:
        return None


def _units(case: Case) -> Iterator[Candidate]:
    """FLOPs for MACs, and the bias that is no MAC."""
    want, out = case.want[0], case.result.outputs[0]
    yield candidate("gave_flops", want * 2)
    if (other := flipped(case.layer)) is not None and other[0] == "forgot_bias":
        yield candidate("counted_bias", want + out.elements)
        yield candidate("counted_bias", (want + out.elements) * 2)
        yield candidate(
            "counted_bias_once", want + total([w for w in counted(case.layer, case.inputs) if w.name == "bias"])
        )


def _positions(case: Case) -> Iterator[Candidate]:
    """The kernel at other positions than those of the output."""
    want, layer = case.want[0], case.layer
    matrices = [w for w in counted(layer, case.inputs) if len(w.shape) > 1 and "bias" not in w.name]
    if not matrices:
        return
    if case.has_batch and (part := divided(want, case.result.outputs[0].shape[0])) is not None:
        yield candidate("forgot_batch", part)
    kernel = total(matrices)
    out, read = case.result.outputs[0].shape, case.inputs[0].shape
    yield candidate("forgot_positions", kernel)
    yield candidate("gave_params", case.result.counts.params)
    yield candidate("params_at_positions", case.result.counts.params * product(layer.spatial(out)))
    if layer.spatial(read) != layer.spatial(out):
        yield candidate("input_positions", kernel * product(layer.spatial(read)))
        yield candidate("output_positions", kernel * product(layer.spatial(out)))
    for shape in (out, read):
        for axis in set(range(1, len(shape))) - {layer.channel_axis(shape)}:
            if (part := divided(want, shape[axis])) is not None:
                yield candidate("forgot_size", part, text(shape[axis]))
    if len(read) > 2:
        yield candidate("forgot_products", kernel * product(read[:-1]))


def divided(size: Size, by: Size) -> Size | None:
    """The quotient where it is exact and not the size itself, else None."""
    return size // by if by not in (0, 1) and size % by == 0 else None


def _variants(case: Case) -> Iterator[Candidate]:
    for slip, layer, inputs in variants(case):
        macs = work_of(layer, inputs)
        if macs is not None:
            yield Candidate(macs, (slip,))
            yield Candidate(macs * 2, (slip, Slip("gave_flops")))


def _others(case: Case) -> Iterator[Candidate]:
    yield candidate("gave_elementwise", case.result.counts.elementwise)
    yield candidate("gave_elements", case.result.outputs[0].elements)
    for row, other in case.neighbours():
        if other.counts.macs != 0:
            yield candidate("neighbour", other.counts.macs, case.number(row))
    if (half := divided(case.want[0], 2)) is not None:
        yield candidate("halved", half)
