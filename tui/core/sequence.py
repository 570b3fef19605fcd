"""Cells run over a sequence: (N, T, I), batch, steps and features, or in the orders of PyTorch and ONNX.

Sources of the layouts: PyTorch's nn.LSTM (``batch_first``, unbatched input, stacked states), Keras's RNN and
Bidirectional (``merge_mode``, separate states), the ONNX operator LSTM (``layout``, an axis for the directions).
"""

from __future__ import annotations

from typing import NamedTuple

from tui.core.argument import Arg, Choice, Switch
from tui.core.errors import Fix, ShapeError
from tui.core.kind import Kind, Reach, Work
from tui.core.recurrence import (
    BACKWARDS,
    BIDIRECTIONAL,
    MERGE_MODE,
    SEQUENCES,
    STATE,
    Cell,
    check_directions,
    check_states,
    check_width,
    merged,
)
from tui.core.size import Size
from tui.core.tensor import Shape, Tensor, Tensors, Weight

BATCH_FIRST = Arg("batch_first", Switch(), True, "false for (steps, batch, features)", aliases=("layout",))
UNBATCHED = Arg(
    "unbatched", Switch(), False, "whether the input is one sequence (steps, features), as PyTorch reads it"
)
STATES = Arg("states", Choice(("separate", "stacked")), "separate",
             "one tensor for each last state, or one for those of all layers and directions")  # fmt: skip
DIRECTION_AXIS = Arg("direction_axis", Switch(), False, "whether the directions are an axis of the outputs, as in ONNX")

SEQUENCE_ARGS = (SEQUENCES, STATE, BIDIRECTIONAL, MERGE_MODE, BACKWARDS)
LAYOUT_ARGS = (BATCH_FIRST, UNBATCHED, STATES, DIRECTION_AXIS)


class Group(NamedTuple):
    """Cells of one form: ``copies`` are the leading axes of their weights (layers, directions)."""

    prefix: str
    copies: Shape
    width: Size
    cell: Cell


class Recurrent(Kind):
    """Base of the layers that run cells over a sequence."""

    inputs = (1, None)  # the sequence, then initial states
    return_sequences: bool
    return_state: bool
    bidirectional: bool
    merge_mode: str
    go_backwards: bool
    bias: bool
    input_size: Size | None
    batch_first: bool = True
    unbatched: bool = False
    states: str = "separate"
    direction_axis: bool = False

    def groups(self, width: Size) -> tuple[Group, ...]:
        """The cells for an input of ``width``, from the first layer to the last."""
        raise NotImplementedError

    def state_widths(self, cells: tuple[Group, ...]) -> tuple[Size, ...]:
        """The widths of the states that one direction ends with, layer by layer."""
        return tuple(width for group in cells for width in group.cell.states)

    @property
    def directions(self) -> Shape:
        """The leading axis of weights that both directions have: (2,), or none."""
        return (2,) if self.bidirectional else ()

    def sequence(self, shape: Shape) -> tuple[Shape, Size, Size]:
        """The batch (an empty shape without one), the steps and the width of an input; raises ShapeError."""
        axes = 2 if self.unbatched else 3
        if len(shape) != axes:
            whole = "steps and features" if self.unbatched else "batch, steps and features"
            fixes = {2: [Fix("unbatched=true", {"unbatched": True})],
                     4: [Fix("timedistributed=true", {"timedistributed": True})]}  # fmt: skip
            fits = [f for f in fixes.get(len(shape), []) if set(f.args) <= self.by_name.keys()]
            raise ShapeError(f"{self.name} reads {axes} axes ({whole}), it gets {len(shape)}", fixes=fits)
        check_width(self.name, "input_size", self.input_size, shape[-1])
        if self.unbatched:
            return (), shape[0], shape[1]
        return (shape[:1], shape[1], shape[2]) if self.batch_first else (shape[1:2], shape[0], shape[2])

    def output(self, inputs: Tensors) -> Tensors:
        x, *initial = inputs
        check_directions(self.name, self.bidirectional, self.go_backwards)
        batch, steps, width = self.sequence(x.shape)
        cells = self.groups(width)
        if initial:
            check_states(self.name, tuple(initial), self.last_states(batch, cells))
        shapes = self.outputs_by_direction if self.direction_axis else self.outputs_merged
        return tuple(Tensor(shape, x.dtype) for shape in shapes(batch, (steps,), cells))

    def outputs_merged(self, batch: Shape, steps: Shape, cells: tuple[Group, ...]) -> tuple[Shape, ...]:
        """The output (of every step or the last), twice where directions are not merged; then the states."""
        ahead = (batch + steps if self.batch_first else steps + batch) if self.return_sequences else batch
        one = (*ahead, merged(cells[-1].cell.output, self.bidirectional, self.merge_mode))
        apart = self.bidirectional and self.merge_mode == "none"
        return ((one, one) if apart else (one,)) + (self.last_states(batch, cells) if self.return_state else ())

    def outputs_by_direction(self, batch: Shape, steps: Shape, cells: tuple[Group, ...]) -> tuple[Shape, ...]:
        """As ONNX has them: (T, D, N, H), or (N, T, D, H) with the batch first; then the states, all or the first."""
        axis, width = self.directions or (1,), cells[-1].cell.output
        every = (*batch, *steps, *axis, width) if self.batch_first else (*steps, *axis, *batch, width)
        if not self.return_sequences:
            return self.last_states(batch, cells)[: None if self.return_state else 1]
        return (every, *self.last_states(batch, cells)) if self.return_state else (every,)

    def last_states(self, batch: Shape, cells: tuple[Group, ...]) -> tuple[Shape, ...]:
        """The states after the last step: the forward ones of all layers, then the backward ones."""
        return tuple((*batch, width) for width in self.state_widths(cells)) * (2 if self.bidirectional else 1)

    def weights(self, inputs: Tensors) -> tuple[Weight, ...]:
        groups = self.groups(inputs[0].shape[-1])
        return tuple(w for g in groups for w in g.cell.weights(g.width, g.prefix, g.copies))

    def work(self, inputs: Tensors, outputs: Tensors) -> Work:
        """``T*G*H*(I + H)`` MACs a layer and direction; element-wise: see ELEMENTWISE of the cells."""
        batch, steps, width = self.sequence(inputs[0].shape)
        macs: Size = 0
        elementwise: Size = 0
        for group in self.groups(width):
            macs = macs + group.cell.macs(group.width, group.copies)
            elementwise = elementwise + group.cell.elementwise(group.copies)
        for size in batch:
            steps = size * steps
        return Work(steps * macs, steps * elementwise)

    def reach(self, inputs: Tensors) -> Reach:
        return None

    def remarks(self, inputs: Tensors, outputs: Tensors) -> tuple[str, ...]:
        if self.bidirectional and self.merge_mode != "concat" and self.settings.counting != "keras":
            return (f"merge_mode={self.merge_mode}: only Keras has it; PyTorch and ONNX join the directions",)
        return ()
