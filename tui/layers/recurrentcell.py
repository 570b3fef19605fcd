"""Recurrent cells on their own: one step, from (N, I) and the last states to the next ones (N, H)."""

from __future__ import annotations

from typing import ClassVar

from tui.core.errors import ShapeError
from tui.core.kind import Kind, Reach, Work
from tui.core.layout import check_width
from tui.core.recurrence import (
    ACTIVATION,
    BIAS,
    BIAS_CONVENTIONS,
    BIAS_VECTORS,
    DROPOUTS,
    GATE_ACTIVATION,
    INPUT_SIZE,
    RESET_AFTER,
    UNITS,
    Cell,
    bias_vectors,
    check_states,
)
from tui.core.size import Size, product
from tui.core.tensor import Shape, Tensor, Tensors, Weight


class SingleStep(Kind):
    """Base of the cells. Outputs the states: the output, and for an LSTM the cell state."""

    why_conventions_differ = BIAS_CONVENTIONS
    inputs = (1, 3)  # the step, then the last states
    units: Size
    bias: bool
    bias_vectors: str | None
    input_size: Size | None
    reset_after: bool = False
    cell_kind: ClassVar[str]

    def cell(self) -> Cell:
        """The cell with its bias vectors."""
        biases = bias_vectors(self.cell_kind, self.bias, self.bias_vectors, self.reset_after, self.settings)
        return Cell(self.cell_kind, self.units, biases)

    def output(self, inputs: Tensors) -> Tensors:
        x, *states = inputs
        if len(x.shape) not in (1, 2):
            raise ShapeError(
                f"{self.name} reads one step, features or batch and features; it gets {len(x.shape)} axes, "
                f"a sequence is for {self.cell_kind}"
            )
        check_width(self, "input_size", self.input_size, x.shape[-1])
        shapes: list[Shape] = [(*x.shape[:-1], width) for width in self.cell().states]
        check_states(self.name, tuple(states), shapes)
        return tuple(Tensor(shape, x.dtype) for shape in shapes)

    def weights(self, inputs: Tensors) -> tuple[Weight, ...]:
        return self.cell().weights(inputs[0].shape[-1])

    def work(self, inputs: Tensors, outputs: Tensors) -> Work:
        """``G*H*(I + H)`` MACs; element-wise: see ELEMENTWISE of the cells."""
        (*batch, width), cell = inputs[0].shape, self.cell()
        return Work(product(batch) * cell.macs(width), product(batch) * cell.elementwise())

    def reach(self, inputs: Tensors) -> Reach:
        return None


class RNNCell(SingleStep):
    name = "rnncell"
    summary = "One step of a simple recurrent layer."
    example = "rnncell 64"
    aliases: ClassVar = {"simplernncell": None}
    cell_kind = "rnn"
    args = (UNITS, BIAS, BIAS_VECTORS, INPUT_SIZE, ACTIVATION, *DROPOUTS)


class LSTMCell(SingleStep):
    name = "lstmcell"
    summary = "One step of an LSTM: the next output and the next cell state."
    example = "lstmcell 64"
    cell_kind = "lstm"
    args = (UNITS, BIAS, BIAS_VECTORS, INPUT_SIZE, ACTIVATION, GATE_ACTIVATION, *DROPOUTS)


class GRUCell(SingleStep):
    name = "grucell"
    summary = "One step of a GRU."
    example = "grucell 64"
    cell_kind = "gru"
    args = (UNITS, BIAS, BIAS_VECTORS, RESET_AFTER, INPUT_SIZE, ACTIVATION, GATE_ACTIVATION, *DROPOUTS)
