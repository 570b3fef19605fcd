"""Recurrent layers: a cell reads a sequence step by step and carries a state."""

from __future__ import annotations

from typing import ClassVar, Self

from tui.core.argument import MISSING, Arg, Switch, Whole
from tui.core.cells import CellList, Cells
from tui.core.errors import Fix, ShapeError
from tui.core.recurrence import (
    ACTIVATION,
    BIAS,
    BIAS_VECTORS,
    DROPOUTS,
    GATE_ACTIVATION,
    INPUT_SIZE,
    RESET_AFTER,
    UNITS,
    Cell,
    bias_vectors,
    merged,
)
from tui.core.sequence import LAYOUT_ARGS, SEQUENCE_ARGS, Group, Recurrent
from tui.core.size import Size, at_least, text
from tui.core.tensor import Shape, Tensors
from tui.core.working import plain, recorded

LAYERS = Arg("layers", Whole(1), 1, "layers on top of each other, each reading the one below", slot=1,
             aliases=("num_layers",))  # fmt: skip
PROJECTION = Arg("proj_size", Whole(0), 0, "the width that the state is projected to, 0 for none")
PEEPHOLE = Arg("peephole", Switch(), False, "whether the gates see the cell state, each unit its own")
MOST_SEPARATE = 64
"""Beyond so many layers the last states come as one tensor only."""


class LayeredRecurrent(Recurrent):
    """Base of the layers of one sort of cell, as many on top of each other as ``layers`` says."""

    units: Size
    layers: Size
    bias_vectors: str | None
    cell_kind: ClassVar[str]

    def cell(self) -> Cell:
        """The cell that all layers have."""
        return Cell(self.cell_kind, self.units, self.biases(reset_after=False))

    def biases(self, reset_after: bool) -> int:
        """The bias vectors of each gate, 0 to 2."""
        return bias_vectors(self.cell_kind, self.bias, self.bias_vectors, reset_after, self.settings)

    def output(self, inputs: Tensors) -> Tensors:
        if self.direction_axis and self.layers != 1:
            raise ShapeError(
                "direction_axis=true is the form of ONNX, which has no stacked layers",
                fixes=[Fix("direction_axis=false", {"direction_axis": False}), Fix("layers=1", {"layers": 1})],
            )
        return super().output(inputs)

    def groups(self, width: Size) -> tuple[Group, ...]:
        cell = self.cell()
        first = Group("", self.directions, width, cell)
        if self.layers == 1:
            return (first,)
        # One group for all the layers above: their number may be a symbol.
        below = merged(cell.output, self.bidirectional, "concat")
        return (first, Group("upper_", (self.layers - 1, *self.directions), below, cell))

    def last_states(self, batch: Shape, cells: tuple[Group, ...]) -> tuple[Shape, ...]:
        if self.direction_axis and self.batch_first:
            return tuple((*batch, *(self.directions or (1,)), width) for width in cells[0].cell.states)
        if self.direction_axis or self.states == "stacked":
            count = self.layers * 2 if self.bidirectional else self.layers
            return tuple((count, *batch, width) for width in cells[0].cell.states)
        return super().last_states(batch, cells)

    def state_widths(self, cells: tuple[Group, ...]) -> tuple[Size, ...]:
        layers = plain(self.layers)
        if not isinstance(layers, int) or layers > MOST_SEPARATE:
            raise ShapeError(
                f"the states of {text(layers)} layers cannot be tensors of their own",
                fixes=[Fix("states=stacked", {"states": "stacked"})],
            )
        return cells[0].cell.states * layers

    def remarks(self, inputs: Tensors, outputs: Tensors) -> tuple[str, ...]:
        found = super().remarks(inputs, outputs)
        if self.layers != 1 and self.settings.counting != "pytorch":
            found = (
                *found,
                f"layers={text(plain(self.layers))}: only PyTorch stacks layers in one; elsewhere write one a line",
            )
        return found


class SimpleRNN(LayeredRecurrent):
    name = "rnn"
    summary = "Simple recurrent layer: the state is a function of the input and the last state."
    example = "rnn 64 return_sequences=true"
    aliases: ClassVar = {"simplernn": None, "elmanrnn": None}
    cell_kind = "rnn"
    args = (UNITS, LAYERS, *SEQUENCE_ARGS, BIAS, BIAS_VECTORS, INPUT_SIZE, *LAYOUT_ARGS, ACTIVATION, *DROPOUTS)


class LSTM(LayeredRecurrent):
    name = "lstm"
    summary = "Long short-term memory: gates decide what the cell state keeps, takes in and gives out."
    example = "lstm 128 bidirectional=true"
    cell_kind = "lstm"
    args = (UNITS, LAYERS, PROJECTION, *SEQUENCE_ARGS, BIAS, BIAS_VECTORS, PEEPHOLE, INPUT_SIZE, *LAYOUT_ARGS,
            ACTIVATION, GATE_ACTIVATION, *DROPOUTS)  # fmt: skip
    proj_size: Size
    peephole: bool

    def cell(self) -> Cell:
        return super().cell()._replace(projection=self.proj_size, peephole=self.peephole)

    def output(self, inputs: Tensors) -> Tensors:
        if self.proj_size != 0 and at_least(self.proj_size, self.units) is True:
            raise ShapeError(
                f"proj_size={text(plain(self.proj_size))} must be below the {text(plain(self.units))} units",
                fixes=[Fix("proj_size=0", {"proj_size": 0})],
            )
        return super().output(inputs)

    def remarks(self, inputs: Tensors, outputs: Tensors) -> tuple[str, ...]:
        found = super().remarks(inputs, outputs)
        if self.proj_size != 0 and self.settings.counting != "pytorch":
            found = (*found, "proj_size: only PyTorch projects the state; Keras and ONNX have no such argument")
        if self.peephole and self.settings.counting != "onnx":
            found = (*found, "peephole: only ONNX has it; PyTorch and Keras let no gate see the cell state")
        return found


class GRU(LayeredRecurrent):
    name = "gru"
    summary = "Gated recurrent unit: a reset and an update gate, one state."
    example = "gru 128 return_sequences=true"
    cell_kind = "gru"
    args = (UNITS, LAYERS, *SEQUENCE_ARGS, BIAS, BIAS_VECTORS, RESET_AFTER, INPUT_SIZE, *LAYOUT_ARGS,
            ACTIVATION, GATE_ACTIVATION, *DROPOUTS)  # fmt: skip
    reset_after: bool

    def cell(self) -> Cell:
        return super().cell()._replace(biases=self.biases(self.reset_after))


class StackedRNN(Recurrent):
    name = "stackedrnn"
    summary = "Several recurrent cells run as one layer, each step through all of them."
    example = "stackedrnn lstm:64,lstm:32 return_sequences=true"
    aliases: ClassVar = {"stackedrnncells": None}
    args = (
        Arg("cells", Cells(), MISSING, "the cells with their units, the first reads the input", slot=0,
            aliases=("cell",)),
        *SEQUENCE_ARGS, BIAS, INPUT_SIZE,
    )  # fmt: skip
    cells: CellList

    def recorded(self) -> Self:
        twin = super().recorded()
        named = (c._replace(units=recorded(c.units, f"units{i}")) for i, c in enumerate(self.cells.cells))
        twin.cells = CellList(tuple(named))
        return twin

    def groups(self, width: Size) -> tuple[Group, ...]:
        found = []
        for i, (kind, units, bias, reset_after) in enumerate(self.cells.cells):
            biases = bias_vectors(kind, self.bias and bias, None, reset_after, self.settings)
            cell = Cell(kind, units, biases)
            found.append(Group(f"cell{i}_", self.directions, width, cell))
            width = cell.output
        return tuple(found)
