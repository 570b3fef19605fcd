"""Recurrent layers in Keras: stacked layers one by one, wrappers for two directions, cells as sequences of one step."""

from __future__ import annotations

from typing import Any, Final

from tui.formats.keras.write_call import Call
from tui.formats.keras.write_program import POSITIONAL, UNSAID, Layer, Ref
from tui.formats.keras.write_row import Args, Refs, Row

STATES: Final = {"lstm": 2, "gru": 1, "rnn": 1}
CLASSES: Final = {"lstm": "LSTM", "gru": "GRU", "rnn": "SimpleRNN"}
BATCH: Final = (1, 0, 2)
"""Steps and batch change places."""


def recurrent(call: Call, row: Row) -> Refs:
    """One Keras layer for each of ``layers``; steps first, stacked states and an axis of directions by keras.ops."""
    kind, sort = call.kind, call.kind.cell_kind
    _refuse_what_is_not_there(call, sort)
    count = call.number(kind.layers, "layers")
    states, directions = STATES[sort], 2 if kind.bidirectional else 1
    reads, *initial = call.refs
    if not kind.batch_first:
        call.rewritten("steps and batch change places before and behind the layer: Keras's batch comes first")
        reads = call.op("transpose", reads, axes=BATCH)
    if initial:
        initial = _initial(call, initial, count, states, directions)
    if count > 1:
        call.rewritten("layers that are stacked in one are a layer each")
    args, each = row.values(call), states * directions
    wants_states = kind.return_state or kind.direction_axis
    sequences = kind.return_sequences
    found: list[list[Ref]] = []
    outputs: list[Ref] = []
    for i in range(count):
        last = i == count - 1
        mine = {**args, "return_sequences": sequences or not last, "return_state": wants_states}
        if kind.dropout and count > 1 and i == 0:
            mine["dropout"] = 0.0
        merge = kind.merge_mode if last else "concat"
        apart = kind.bidirectional and (merge == "none" or (last and kind.direction_axis))
        heads = 2 if apart else 1
        begin = {"initial_state": initial[i * each : (i + 1) * each]} if initial else {}
        total = heads + (each if wants_states else 0)
        suffix = "" if count == 1 else str(i + 1)
        made = _run(call, row, mine, reads, suffix, total, "none" if apart else merge, begin)
        outputs = _outputs(made, total)
        reads, found = outputs[0], [*found, outputs[heads:]]
        outputs = outputs[:heads]
    if kind.dropout and count > 1:
        call.differs("dropout acts between the layers, with one mask for all steps of a sequence")
    if kind.direction_axis:
        return _by_direction(call, outputs, found, sequences, states)
    if not kind.batch_first and sequences:
        outputs = [call.op("transpose", one, axes=BATCH) for one in outputs]
    return (*outputs, *(_states(call, found, states, directions) if kind.return_state else ()))


def _refuse_what_is_not_there(call: Call, sort: str) -> None:
    kind = call.kind
    if kind.unbatched:
        call.refuse(
            "its recurrent layers read batches", "leave unbatched out, and put the steps into the input's shape"
        )
    if getattr(kind, "proj_size", 0) != 0:
        call.refuse("its LSTM projects no state", "set proj_size=0, or put a dense line below it")
    if getattr(kind, "peephole", False):
        call.refuse("its gates do not see the cell state", "leave peephole out")
    _bias_vectors(call, sort)


def _bias_vectors(call: Call, sort: str) -> None:
    kind = call.kind
    keras = 2 if sort == "gru" and kind.reset_after else 1
    if kind.bias and kind.bias_vectors is not None and int(kind.bias_vectors) != keras:
        way_out = "leave bias_vectors out" if sort != "gru" else "leave bias_vectors out, or turn reset_after around"
        call.refuse(f"this layer has {keras} bias vector{'s' * (keras > 1)} a gate there", way_out)


def _outputs(made: Ref, total: int) -> list[Ref]:
    return [made] if total == 1 else [Ref(made.step, i) for i in range(total)]


def _initial(call: Call, given: list[Ref], count: int, states: int, directions: int) -> list[Ref]:
    """The first states in Keras's order, layer by layer, each direction's together; given in ours."""
    kind = call.kind
    if kind.states == "stacked" or kind.direction_axis or len(given) != states * directions * count:
        call.refuse("it takes every first state as a tensor of its own", "name one source for each state")
    if count > 1 and directions > 1:
        call.refuse("its stacked layers of two directions take no first states here", "write one layer a line")
    return given


def _run(
    call: Call, row: Row, args: Args, reads: Ref, suffix: str, outputs: int, merge: str, begin: dict[str, Any]
) -> Ref:
    ways = row.ways(args)
    if not call.kind.bidirectional:
        return call.layer(row.class_name, args, reads, suffix=suffix, ways=ways, outputs=outputs, **begin)
    inner = inside(call, row.class_name.format(n=call.rank - 1), args, ways)
    mode = None if merge == "none" else merge
    return call.layer("Bidirectional", {"layer": inner, "merge_mode": mode}, reads, suffix=suffix, outputs=outputs,
                      ways={"layer": POSITIONAL, **({"merge_mode": UNSAID} if mode == "concat" else {})},
                      **begin)  # fmt: skip


def inside(call: Call, class_name: str, args: Args, ways: dict[str, str]) -> Layer:
    """A layer in a wrapper: what freezes it, and its type, stand inside as well."""
    if not call.kind.trainable:
        args = {**args, "trainable": False}
    if call.dtype is not None:
        args = {**args, "dtype": call.dtype}
    return Layer(class_name, args, ways=ways)


def _states(call: Call, found: list[list[Ref]], states: int, directions: int) -> Refs:
    """The last states in our order: the forward ones of all layers, then the backward ones; or stacked."""
    ordered = [
        layer[direction * states + state]
        for direction in range(directions)
        for layer in found
        for state in range(states)
    ]
    if call.kind.states != "stacked":
        return tuple(ordered)
    # PyTorch stacks layer by layer, the two directions of each side by side.
    stacks = [[layer[d * states + state] for layer in found for d in range(directions)] for state in range(states)]
    return tuple(call.op("stack", stack, axis=0) for stack in stacks)


def _by_direction(call: Call, outputs: list[Ref], found: list[list[Ref]], sequences: bool, states: int) -> Refs:
    """ONNX's form: the directions are an axis of the output and of the states."""
    kind = call.kind
    call.rewritten("the axis of the directions is made by keras.ops.stack")
    axis = 2 if kind.batch_first else 1
    every = (
        outputs if kind.batch_first else [call.op("transpose", one, axes=BATCH) for one in outputs] if sequences else []
    )
    stacked: list[Ref] = [call.op("stack", every, axis=axis)] if sequences else []
    at = 1 if kind.batch_first else 0
    last = [call.op("stack", found[0][state::states], axis=at) for state in range(states)]
    if not sequences:
        return tuple(last if kind.return_state else last[:1])
    return (*stacked, *last) if kind.return_state else tuple(stacked)


def stacked_cells(call: Call, row: Row) -> Refs:
    """Cells of one layer: ``layers.RNN`` of their classes."""
    kind = call.kind
    cells = []
    for cell in kind.cells.cells:
        args: Args = {"units": call.number(cell.units, "units"), "use_bias": kind.bias and cell.bias}
        if cell.kind == "gru":
            args["reset_after"] = cell.reset_after
        ways = {"units": POSITIONAL, **({"use_bias": UNSAID} if args["use_bias"] else {})}
        cells.append(inside(call, f"{CLASSES[cell.kind]}Cell", args, ways))
    states = sum(STATES[cell.kind] for cell in kind.cells.cells)
    if len(call.refs) > 1:
        call.refuse("its stacked cells start from zeros here", "leave the first states out")
    args = {"cell": Layer("StackedRNNCells", {"cells": cells}, ways={"cells": POSITIONAL}), **row.values(call)}
    directions = 2 if kind.bidirectional else 1
    if kind.return_state and (len(cells) > 1 or directions > 1):
        if any(call.is_read(i) for i in range(1, len(call.outputs))):
            call.refuse("the states of its stacked cells are nested lists", "leave return_state out")
        call.differs("the last states, which no layer reads, are left out")
        args["return_state"] = False
    elif len(cells) == 1:
        args["cell"] = cells[0]
    ways = {**row.ways(args), "cell": POSITIONAL}
    heads = 2 if kind.bidirectional and kind.merge_mode == "none" else 1
    total = heads + (states * directions if args["return_state"] else 0)
    if kind.bidirectional:
        inner = inside(call, "RNN", args, ways)
        mode = None if kind.merge_mode == "none" else kind.merge_mode
        made = call.layer(
            "Bidirectional", {"layer": inner, "merge_mode": mode}, outputs=total, ways={"layer": POSITIONAL}
        )
    else:
        made = call.layer("RNN", args, outputs=total, ways=ways)
    found = _outputs(made, total)
    return (*found, *[found[0]] * (len(call.outputs) - len(found)))


def cell(call: Call, row: Row) -> Refs:
    """One step: the layer of the cell over a sequence of one, its states those that are given or zeros."""
    sort = call.kind.cell_kind
    _bias_vectors(call, sort)
    x, *initial = call.refs
    width = call.number(call.shape[-1], "the width of the input")
    if len(call.shape) != 2:
        call.refuse("a cell reads one step (batch, features)", "name the batch")
    if initial and len(initial) != STATES[sort]:
        call.refuse("it takes all first states or none", f"name {STATES[sort]} of them")
    call.rewritten("a single step is a sequence of one")
    steps = call.layer("Reshape", {"target_shape": (1, width)}, x, suffix="step", ways={"target_shape": POSITIONAL})
    args = {**row.values(call), "return_state": True}
    total = 1 + STATES[sort]
    begin: Args = {"initial_state": initial} if initial else {}
    made = call.layer(row.class_name, args, steps, ways=row.ways(args), outputs=total, **begin)
    return tuple(_outputs(made, total)[1:])


def convlstm(call: Call, row: Row) -> Refs:
    """``ConvLSTM2D`` and its kin; padding by sizes around each step."""
    kind = call.kind
    rank = len(call.shape) - 3
    padding = kind.padding
    if padding not in ("valid", "same"):
        if padding != 0:
            call.refuse(
                "it pads by the words valid and same", "pad the steps by a line above, with timedistributed=true"
            )
        padding = "valid"
    args = {**row.values(call), "padding": padding, "data_format": kind.settings.data_format}
    name, total = f"ConvLSTM{rank}D", 1 + (2 * kind.return_state)
    ways = {**row.ways(args), **({"data_format": UNSAID} if call.channels_last else {})}
    begin: Args = {"initial_state": list(call.refs[1:])} if len(call.refs) > 1 else {}
    if not kind.bidirectional:
        made = call.layer(name, args, ways=ways, outputs=total, reads=call.refs[0], **begin)
        return tuple(_outputs(made, total))
    heads = 2 if kind.merge_mode == "none" else 1
    total = heads + (4 * kind.return_state)
    mode = None if kind.merge_mode == "none" else kind.merge_mode
    inner = inside(call, name, args, ways)
    made = call.layer("Bidirectional", {"layer": inner, "merge_mode": mode}, call.refs[0], outputs=total,
                      ways={"layer": POSITIONAL, **({"merge_mode": UNSAID} if mode == "concat" else {})},
                      **begin)  # fmt: skip
    return tuple(_outputs(made, total))
