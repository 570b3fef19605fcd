"""Cells run over a sequence: (N, T, I), batch, steps and features, or in the orders of PyTorch and ONNX.

Sources of the layouts: PyTorch's nn.LSTM (``batch_first``, unbatched input, stacked states), Keras's RNN and
Bidirectional (``merge_mode``, separate states), the ONNX operator LSTM (``layout``, an axis for the directions).
"""

from __future__ import annotations

from typing import NamedTuple

from tui.core.argument import Arg, Choice, Switch
from tui.core.kind import Kind, Reach, Work
from tui.core.layout import BATCH_FIRST, UNBATCHED, Places, check_width, places
from tui.core.recurrence import (
    BACKWARDS,
    BIAS_CONVENTIONS,
    BIDIRECTIONAL,
    MERGE_MODE,
    SEQUENCES,
    STATE,
    Cell,
    check_directions,
    check_states,
    merged,
)
from tui.core.size import Size, product
from tui.core.tensor import Shape, Tensor, Tensors, Weight

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

    why_conventions_differ = BIAS_CONVENTIONS
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

    def sequence(self, shape: Shape) -> Places:
        """The input taken apart; raises ShapeError where it is no sequence or has another width than it should."""
        found = places(self, shape, self.batch_first, self.unbatched)
        check_width(self, "input_size", self.input_size, found.width)
        return found

    def output(self, inputs: Tensors) -> Tensors:
        x, *initial = inputs
        check_directions(self.name, self.bidirectional, self.go_backwards)
        batch, steps, width = self.sequence(x.shape)
        cells = self.groups(width)
        if initial:
            check_states(self.name, tuple(initial), self.last_states(batch, cells))
        shapes = self.outputs_by_direction if self.direction_axis else self.outputs_merged
        return tuple(Tensor(shape, x.dtype) for shape in shapes(batch, steps, cells))

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
        times = product((*batch, *steps))
        return Work(times * macs, times * elementwise)

    def reach(self, inputs: Tensors) -> Reach:
        return None

    def remarks(self, inputs: Tensors, outputs: Tensors) -> tuple[str, ...]:
        if self.bidirectional and self.merge_mode != "concat" and self.settings.counting != "keras":
            return (f"merge_mode={self.merge_mode}: only Keras has it; PyTorch and ONNX join the directions",)
        return ()
