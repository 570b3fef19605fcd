"""Explanations: the workings of every number of a row, made by running its rules on recorded numbers."""

from __future__ import annotations

from fractions import Fraction
from typing import Final, NamedTuple

from tui.core.explain_block import sum_of_rows
from tui.core.field import AxisField, Field, axis_after
from tui.core.kind import Kind, axis_names, recorded_inputs, recorded_outputs
from tui.core.repeat import body_of
from tui.core.result import Counts, Result, count, is_counted, weights_of
from tui.core.settings import Settings
from tui.core.size import Size, bind, text
from tui.core.snapshot import Snapshot
from tui.core.tensor import BYTES, Role, Tensors
from tui.core.tying import ties_of
from tui.core.working import Recorded, Working, as_working, plain, recorded

CONVENTIONS: Final = ("keras", "pytorch", "onnx")


class Explanation(NamedTuple):
    """The workings of one row, by column. ``notes`` say in words what no sum says."""

    output: tuple[Working, ...] = ()
    params: tuple[Working, ...] = ()
    macs: tuple[Working, ...] = ()
    memory: tuple[Working, ...] = ()
    field: tuple[Working, ...] = ()
    notes: tuple[str, ...] = ()


def explain(snapshot: Snapshot, row: int) -> Explanation:
    """The workings of a layer; for one that is refused the failed sum and what is wrong, as notes."""
    result = snapshot.result(row)
    if result is None:
        return Explanation()
    if snapshot.lines[row].repeat is not None and result.outputs:
        count = bind(snapshot.lines[row].repeat.times, snapshot.facts.bindings)  # type: ignore[union-attr]
        note = f"{text(count, thousands=True)} copies; the shape is that of the last"
        return explain_rows(snapshot, body_of(snapshot.lines, row), result, note)
    if result.kind is None:
        notes = tuple(note for note in (result.failed, result.message) if note)
        return Explanation(notes=notes or _waiting(snapshot, row))
    layer = result.kind
    twin = layer.recorded()
    inputs, outputs = recorded_inputs(layer, result.inputs), recorded_outputs(layer, result.outputs)
    made = twin.output(inputs)
    work = twin.work(inputs, outputs)
    return Explanation(
        output=_output(made, layer),
        params=_params(layer, twin, inputs, result) if result.weights else (),
        macs=_macs(work.macs, work.elementwise),
        memory=_memory(outputs, result),
        field=_field(snapshot, row, twin, inputs, result),
        notes=((result.message,) if result.message else ())
        + _shared(snapshot, row)
        + _tied(snapshot, row)
        + conventions(result),
    )


def explain_rows(snapshot: Snapshot, rows: range, result: Result, note: str = "") -> Explanation:
    """The workings of rows taken together; ``result`` is their subtotal."""
    return Explanation(
        params=sum_of_rows(snapshot, rows, "params", lambda r: r.counts.params),
        macs=sum_of_rows(snapshot, rows, "MACs", lambda r: r.counts.macs),
        memory=(as_working(result.output_bytes, "out", "bytes of the last output"),),
        notes=(note,) if note else (),
    )


def _shared(snapshot: Snapshot, row: int) -> tuple[str, ...]:
    """Where the weights of a layer that is used again are counted."""
    place = next(iter(snapshot.copies(row)), None)
    owner = None if place is None else snapshot.inference.wiring.calls.get(place)
    number = None if owner is None else _number(snapshot, owner)
    return (f"the weights are those of #{number} and count there",) if number is not None else ()


def _tied(snapshot: Snapshot, row: int) -> tuple[str, ...]:
    """Which weights are another layer's too, and where they count."""
    place = next(iter(snapshot.copies(row)), None)
    owners = {} if place is None else snapshot.inference.wiring.ties.get(place, {})
    if place is None or not owners:
        return ()
    said, result = [], snapshot.inference.result
    for tie in ties_of(result(place), {name: result(owner) for name, owner in owners.items()}):
        where = f"{tie.other.name} of #{_number(snapshot, owners[tie.owner])}"
        said.append(f"{tie.weight.name} is the {where}{', turned' if tie.turned else ''}, and counts there")
    return tuple(said)


def _number(snapshot: Snapshot, place: int) -> int | None:
    """The number of the line that a line of the inference is a copy of."""
    return snapshot.number(place if snapshot.expansion is None else snapshot.expansion.origin[place])


def _waiting(snapshot: Snapshot, row: int) -> tuple[str, ...]:
    source = snapshot.waits_for(row)
    number = None if source is None else snapshot.number(source)
    return (f"waits for #{number}" if number is not None else "waits for a layer above",)


def _output(made: Tensors, layer: Kind) -> tuple[Working, ...]:
    """The sizes of the outputs, the batch left out. A prime, as in the rules: H is the input's."""
    workings = []
    for index, tensor in enumerate(made):
        suffix = "" if len(made) == 1 else f":{index}"
        sizes = tensor.shape[1:] if layer.batched else tensor.shape
        names = axis_names(len(sizes) + 1, layer.channels_last)[1:]
        workings += [as_working(size, f"{name}'{suffix}") for size, name in zip(sizes, names, strict=True)]
    return tuple(workings)


def _params(layer: Kind, twin: Kind, inputs: Tensors, result: Result) -> tuple[Working, ...]:
    if not result.weights:
        return ()  # none, or those of a layer that is used again and counts them itself
    workings: list[Working] = []
    kept: list[Role] = []
    roles = {weight.name: weight.role for weight in weights_of(layer, result.inputs)}
    for weight in twin.weights(inputs):
        if weight.name not in roles:
            continue  # tied to another layer, which counts it
        role = roles[weight.name]
        note = "" if role is Role.TRAINABLE else role.value
        workings.append(as_working(weight.elements, weight.name, note))
        kept.append(role)
    if len(workings) > 1:
        counted = [w for w, role in zip(workings, kept, strict=True) if is_counted(role, layer.settings)]
        workings.append(_sum("params", counted))
    return tuple(workings)


def _sum(label: str, workings: list[Working]) -> Working:
    total: Size = 0
    for working in workings:
        total = total + recorded(working.value, working.label)
    return as_working(total, label)


def _macs(macs: Size, elementwise: Size) -> tuple[Working, ...]:
    shown = []
    if plain(macs) != 0:
        shown += [as_working(macs, "MACs"), as_working(2 * recorded(plain(macs), "MACs"), "FLOPs")]
    if plain(elementwise) != 0:
        shown.append(as_working(elementwise, "element-wise"))
    return tuple(shown)


def _memory(outputs: Tensors, result: Result) -> tuple[Working, ...]:
    workings = []
    for index, tensor in enumerate(outputs):
        size = tensor.elements * recorded(BYTES[tensor.dtype], "bytes")
        workings.append(as_working(size, "out" if len(outputs) == 1 else f"out:{index}", f"{tensor.dtype}, bytes"))
    if result.counts.weight_bytes != 0:
        assert result.kind is not None
        dtype = result.kind.dtype or result.kind.settings.dtype
        stored: Size = 0
        for weight in result.weights:
            stored = stored + (0 if weight.role is Role.COUNTER else weight.elements)
        size = recorded(stored, "weights") * recorded(BYTES[dtype], "bytes")
        workings.append(as_working(size, "weights", f"{dtype}, bytes"))
    return tuple(workings)


def _field(snapshot: Snapshot, row: int, twin: Kind, inputs: Tensors, result: Result) -> tuple[Working, ...]:
    field = snapshot.field(row)
    if field is None:
        return ()
    names = axis_names(len(field.axes) + 2, True)[1:-1]
    feeds = snapshot.inference.wiring.feeds(snapshot.copies(row)[0])
    before = [snapshot.inference.field(feed.row) for feed in feeds]  # below a block that of its last copy
    reach = result.reach
    if field.whole or len(before) != 1 or before[0] is None or not reach:
        note = "the whole input" if field.whole else "" if field.aligned else "branches step differently"
        return tuple(_plain_field(axis, name, note) for axis, name in zip(field.axes, names, strict=True))
    windows = twin.reach(inputs) or ()
    workings = []
    of_all = zip(_recorded_field(before[0]), field.axes, windows, reach, names, strict=True)
    for axis, made, window, plain_window, name in of_all:
        after = axis_after(axis, window)
        workings.append(as_working(after.size, f"RF {name}"))
        if plain_window.up == 1:
            if isinstance(after.jump, Recorded | int) and isinstance(window.stride, Recorded):
                workings.append(as_working(after.jump, f"jump {name}"))
        elif isinstance(made.jump, int) and plain_window.stride == 1:
            up = text(plain_window.up)  # a fraction is no size, so this quotient is written and not recorded
            workings.append(Working(f"jump {name}", f"j/{up}", f"{made.jump * plain_window.up}/{up}", made.jump))
    return tuple(workings)


def _plain_field(axis: AxisField, name: str, note: str) -> Working:
    shown = text(axis.size)
    return Working(f"RF {name}", shown, shown, axis.size, note)


def _recorded_field(field: Field) -> list[AxisField]:
    return [
        AxisField(
            recorded(axis.size, "r"),
            axis.jump if isinstance(axis.jump, Fraction) else recorded(axis.jump, "j"),
            axis.start,
        )
        for axis in field.axes
    ]


def counts_under(result: Result) -> dict[str, Counts]:
    """The counts of a computed layer under each convention, its own arguments unchanged."""
    assert result.kind is not None
    found = {}
    for convention in CONVENTIONS:
        settings: Settings = result.kind.settings._replace(counting=convention)
        layer = result.kind.under(settings)
        found[convention] = count(weights_of(layer, result.inputs), result.work, settings, layer.dtype)
    return found


def conventions(result: Result) -> tuple[str, ...]:
    """How the frameworks count this layer, where they differ, with the reason; else nothing."""
    if not result.weights:
        return ()
    counts = counts_under(result)
    said = {(c.params, c.non_trainable, c.buffers) for c in counts.values()}
    if len(said) == 1:
        return ()
    parts = []
    for name, c in counts.items():
        extra = f" ({text(c.non_trainable, thousands=True)} not trainable)" if c.non_trainable != 0 else ""
        extra += f" + {text(c.buffers, thousands=True)} buffers" if c.buffers != 0 else ""
        parts.append(f"{name} {text(c.params, thousands=True, constant_first=True)}{extra}")
    return (", ".join(parts), result.kind.why_conventions_differ if result.kind else "")
