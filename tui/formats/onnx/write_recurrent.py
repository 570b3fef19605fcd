"""Recurrent layers in ONNX's operators: one operator a layer, both directions in one, and the layouts around them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from tui.core.size import Size
from tui.core.tensor import Shape
from tui.formats.onnx.write_call import Call, Rule
from tui.formats.onnx.write_cells import Layer, Run, run
from tui.formats.onnx.write_shapes import reversed_along


def _layers(call: Call, width: Size) -> list[list[Layer]]:
    """The layers of each chain. Directions share a chain but in a list of cells, which each runs as a whole."""
    kind = call.kind
    groups = kind.groups(width)
    if kind.name == "stackedrnn":
        ways = ["forward", "reverse"] if kind.bidirectional else ["reverse" if kind.go_backwards else "forward"]
        resets = [cell.reset_after for cell in kind.cells.cells]
        return [
            [
                Layer(g.cell, g.prefix, g.width, (place,) if kind.bidirectional else (), way, resets[number])
                for number, g in enumerate(groups)
            ]
            for place, way in enumerate(ways)
        ]
    way = "bidirectional" if kind.bidirectional else "reverse" if kind.go_backwards else "forward"
    first = groups[0]
    resets_after = getattr(kind, "reset_after", True)
    chain = [Layer(first.cell, first.prefix, first.width, (), way, resets_after)]
    for upper in groups[1:]:
        count = call.count_of(kind.layers) - 1
        parts: list[tuple[int, ...]] = [(i,) for i in range(count)]
        chain += [Layer(upper.cell, upper.prefix, upper.width, part, way, resets_after) for part in parts]
    return [chain]


def _recurrent(call: Call) -> None:
    kind = call.kind
    batch, steps, width = kind.sequence(call.shape())
    x = call.x()
    if kind.unbatched:
        x = call.op("Unsqueeze", x, call.ints([1], "axes"))
    elif kind.batch_first:
        x = call.op("Transpose", x, perm=[1, 0, 2])
    size = batch[0] if batch else 1
    chains, runs = _layers(call, width), list[list[Run]]()
    for number, chain in enumerate(chains):
        made, reading = list[Run](), x
        for place, layer in enumerate(chain):
            if place:
                reading = _joined_directions(call, made[-1].every, layer, (steps[0], size))
            every, states = _wanted(kind, layer, place + 1 == len(chain))
            made.append(run(call, reading, layer, _initial(call, chains, number, place), every, states))
        runs.append(made)
    (_by_direction if kind.direction_axis else _merged)(call, chains, runs, steps[0], size)


def _wanted(kind: Any, layer: Layer, last: bool) -> tuple[bool, int]:
    """Whether every step of a layer is read, and how many of its last states."""
    sequences = kind.return_sequences
    if kind.return_state:
        return sequences or not last, len(layer.cell.states)
    return sequences or not last, 1 if last and not sequences else 0


def _joined_directions(call: Call, every: str, layer: Layer, ahead: Shape) -> str:
    """The output of a layer as the input of the next: (steps, batch, directions*units)."""
    if layer.directions == 1:
        return call.op("Squeeze", every, call.ints([1], "axes"))
    turned = call.op("Transpose", every, perm=[0, 2, 1, 3])
    units = layer.cell.output
    return call.reshape(turned, (*ahead, 2, units), (*ahead, 2 * units))


def _initial(call: Call, chains: list[list[Layer]], chain: int, place: int) -> list[str]:
    """The first states of a layer, (directions, batch, units), from the further inputs."""
    kind, layer = call.kind, chains[chain][place]
    given = len(call.inputs) - 1
    if not given:
        return []
    kinds = len(layer.cell.states)
    d = layer.directions
    if kind.direction_axis or kind.states == "stacked":
        found = []
        for number in range(min(kinds, given)):
            state = call.x(1 + number)
            if kind.direction_axis and kind.batch_first:
                state = call.op("Transpose", state, perm=[1, 0, 2])
            if kind.unbatched:
                state = call.op("Unsqueeze", state, call.ints([1], "axes"))
            if not kind.direction_axis and len(chains[0]) > 1:
                bounds = call.ints([place * d], "start"), call.ints([(place + 1) * d], "end")
                state = call.op("Slice", state, *bounds, call.ints([0], "axes"))
            found.append(state)
        return found
    # All states of the forward direction, layer by layer, come before those of the backward one.
    own = sum(len(one.cell.states) for one in chains[0])
    before = sum(len(one.cell.states) for one in chains[0][:place])
    ways = [chain] if len(chains) > 1 else range(d)
    found = []
    for number in range(kinds):
        places = [1 + own * way + before + number for way in ways]
        if any(at > given for at in places):
            break
        axes = call.ints([0, 1] if kind.unbatched else [0], "axes")
        parts = [call.op("Unsqueeze", call.x(at), axes) for at in places]
        found.append(parts[0] if len(parts) == 1 else call.op("Concat", *parts, axis=0))
    if not found or (kinds == 2 and len(found) < 2 and given >= own):
        call.fail("its first states are given for some layers or directions only", "give all of them")
    return found


def _by_direction(call: Call, chains: list[list[Layer]], runs: list[list[Run]], steps: Size, size: Size) -> None:
    """As ONNX has them; with the batch first each turned."""
    kind, last = call.kind, runs[0][-1]
    states = list(last.states) if kind.return_state or not kind.return_sequences else []
    found = ([last.every] if kind.return_sequences else []) + states
    for index, name in enumerate(found[: len(call.expected)]):
        whole = kind.return_sequences and index == 0
        if kind.batch_first:
            name = call.op("Transpose", name, perm=[2, 0, 1, 3] if whole else [1, 0, 2])
        call.give(name, index=index)


def _merged(call: Call, chains: list[list[Layer]], runs: list[list[Run]], steps: Size, size: Size) -> None:
    """The directions joined as the layer says; then the last states, one by one or in one tensor."""
    kind, units = call.kind, chains[0][-1].cell.output
    sequences, ahead = kind.return_sequences, ((steps, size) if kind.return_sequences else (size,))
    parts = [made[-1].every if sequences else made[-1].states[0] for made in runs]
    axis = 1 if sequences else 0
    whole = parts[0] if len(parts) == 1 else call.op("Concat", *parts, axis=axis)
    directions = 2 if kind.bidirectional else 1
    if kind.go_backwards and sequences:
        whole = reversed_along(call, whole, [0])  # Keras gives the steps in the order in which they were read
    found: list[str] = []
    if directions == 1:
        found = [call.op("Squeeze", whole, call.ints([axis], "axes"))]
    elif kind.merge_mode == "none":
        halves = call.ops("Split", whole, outputs=[0, 1], axis=axis, num_outputs=2)
        found = [call.op("Squeeze", half, call.ints([axis], "axes")) for half in halves]
    elif kind.merge_mode == "concat":
        order = [0, 2, 1, 3] if sequences else [1, 0, 2]
        turned = call.op("Transpose", whole, perm=order)
        found = [call.reshape(turned, (*ahead, 2, units), (*ahead, 2 * units))]
    else:
        operator = {"sum": "ReduceSum", "mul": "ReduceProd", "ave": "ReduceMean"}[kind.merge_mode]
        found = [call.op(operator, whole, call.ints([axis], "axes"), keepdims=0)]
    for index, name in enumerate(found):
        if sequences and kind.batch_first and not kind.unbatched:
            name = call.op("Transpose", name, perm=[1, 0, 2])
        call.give(_without_batch(call, name, 1 if sequences else 0), index=index)
    if kind.return_state:
        for index, state in enumerate(_states(call, runs), len(found)):
            call.give(state, index=index)


def _without_batch(call: Call, name: str, axis: int) -> str:
    return call.op("Squeeze", name, call.ints([axis], "axes")) if call.kind.unbatched else name


def _states(call: Call, runs: list[list[Run]]) -> list[str]:
    kind, d = call.kind, 2 if call.kind.bidirectional and len(runs) == 1 else 1
    if kind.states == "stacked":
        columns = zip(*(made.states for made in runs[0]), strict=True)
        joined = [column[0] if len(column) == 1 else call.op("Concat", *column, axis=0) for column in columns]
        return [_without_batch(call, name, 1) for name in joined]
    found = []
    for made in runs:
        for way in range(d):
            for one in made:
                for state in one.states:
                    if d == 2:
                        bounds = call.ints([way], "start"), call.ints([way + 1], "end")
                        state = call.op("Slice", state, *bounds, call.ints([0], "axes"))
                    found.append(_without_batch(call, call.op("Squeeze", state, call.ints([0], "axes")), 0))
    return found


def _cell(call: Call) -> None:
    """One step: a sequence of one, from the states that are given to the next ones."""
    kind, shape = call.kind, call.shape()
    axes = call.ints([0] if len(shape) == 2 else [0, 1], "axes")
    states = [call.op("Unsqueeze", call.x(i), axes) for i in range(1, len(call.inputs))]
    layer = Layer(kind.cell(), "", shape[-1], (), "forward", kind.reset_after)
    made = run(call, call.op("Unsqueeze", call.x(), axes), layer, states, False, len(call.expected))
    for index, state in enumerate(made.states):
        call.give(call.op("Squeeze", state, axes), index=index)


RULES: Final[Mapping[str, Rule]] = {
    **dict.fromkeys(("rnn", "gru", "lstm", "stackedrnn"), _recurrent),
    **dict.fromkeys(("rnncell", "grucell", "lstmcell"), _cell),
}
