"""Convolutional recurrent layers: an LSTM whose products are convolutions. Shapes (N, T, space and channels)."""

from __future__ import annotations

from typing import ClassVar

from tui.core.argument import Arg, Axes, Padding, Pads, PerAxis, Whole, per_axis
from tui.core.errors import Fix, ShapeError
from tui.core.kind import Kind, Reach, Work
from tui.core.recurrence import (
    ACTIVATION,
    BACKWARDS,
    BIAS,
    BIDIRECTIONAL,
    DROPOUTS,
    ELEMENTWISE,
    GATE_ACTIVATION,
    GATES,
    MERGE_MODE,
    SEQUENCES,
    STATE,
    check_directions,
    check_states,
    merged,
)
from tui.core.size import Size, at_least, product
from tui.core.tensor import Shape, Tensor, Tensors, Weight
from tui.core.windows import check_rank, slide_all


class ConvLSTM(Kind):
    """Source: Shi et al., "Convolutional LSTM Network", 2015, without its peepholes, as in Keras's ConvLSTM2D.

    ``kernel`` reads the input with its stride, padding and dilation; ``recurrent_kernel`` reads the
    state with stride 1 and keeps its size.
    """

    name = "convlstm"
    summary = "LSTM whose products are convolutions; 1-D to 3-D by the rank of its steps."
    example = "convlstm 16 3x3 padding=same return_sequences=true"
    aliases: ClassVar = {"convlstm1d": 1, "convlstm2d": 2, "convlstm3d": 3}
    inputs = (1, 5)  # the sequence, then initial states
    args = (
        Arg("filters", Whole(1, examples=("16", "32")), help="output channels", slot=0),
        Arg("kernel", Axes(examples=("3x3", "5x5")), help="the window: 3, or 3x5", slot=1, aliases=("kernel_size",),
            short="k", sign="k"),
        Arg("stride", Axes(), 1, "the step of the window", aliases=("strides",), short="s", sign="s"),
        Arg("padding", Pads(), "valid", "what is added around each step", short="p", sign="p",
            flags=tuple((word, word) for word in ("valid", "same"))),
        Arg("dilation", Axes(), 1, "the distance between the taps of the window", aliases=("dilation_rate",),
            short="d", sign="d"),
        SEQUENCES, STATE, BIDIRECTIONAL, MERGE_MODE, BACKWARDS, BIAS, ACTIVATION, GATE_ACTIVATION, *DROPOUTS,
    )  # fmt: skip
    filters: Size
    kernel: PerAxis
    stride: PerAxis
    padding: Padding
    dilation: PerAxis
    return_sequences: bool
    return_state: bool
    bidirectional: bool
    merge_mode: str
    go_backwards: bool
    bias: bool

    def step(self, shape: Shape) -> Shape:
        """The shape of one step; raises ShapeError where it has not 1 to 3 spatial axes."""
        rank = len(shape) - 3
        if rank not in (1, 2, 3):
            raise ShapeError(
                f"{self.name} reads a sequence of steps with 1 to 3 spatial axes and channels, 4 to 6 axes with the "
                f"batch; it gets {len(shape)}"
            )
        return (shape[0], *shape[2:])

    def output(self, inputs: Tensors) -> Tensors:
        x, *initial = inputs
        check_directions(self.name, self.bidirectional, self.go_backwards)
        step = self.step(x.shape)
        spatial = self.spatial(step)
        for arg in ("kernel", "stride", "padding", "dilation"):
            check_rank(arg, getattr(self, arg), len(spatial))
        if _steps_over(self.stride) and _steps_over(self.dilation):
            raise ShapeError(
                "a stride and a dilation exclude each other here: Keras refuses both above 1",
                fixes=[Fix("stride=1", {"stride": 1}), Fix("dilation=1", {"dilation": 1})],
            )
        out = slide_all(spatial, self.kernel, self.stride, self.dilation, self.padding)
        state = self.shaped(step[0], self.filters, out)
        states = (state, state) * (2 if self.bidirectional else 1)
        check_states(self.name, tuple(initial), states)
        # Keras joins directions along the last axis, whichever axis holds the channels.
        last = (*state[:-1], merged(state[-1], self.bidirectional, self.merge_mode))
        one = (last[0], x.shape[1], *last[1:]) if self.return_sequences else last
        ones = (one, one) if self.bidirectional and self.merge_mode == "none" else (one,)
        return tuple(Tensor(shape, x.dtype) for shape in ones + (states if self.return_state else ()))

    def matrices(self, shape: Shape) -> tuple[Weight, ...]:
        """What a step is convolved with: shapes (..., kernel, C, 4*F) and (..., kernel, F, 4*F)."""
        step = self.step(shape)
        ahead = ((2,) if self.bidirectional else ()) + per_axis(self.kernel, len(step) - 2)
        gates = GATES["lstm"] * self.filters
        return (
            Weight("kernel", (*ahead, self.channels(step), gates)),
            Weight("recurrent_kernel", (*ahead, self.filters, gates)),
        )

    def weights(self, inputs: Tensors) -> tuple[Weight, ...]:
        matrices = self.matrices(inputs[0].shape)
        bias = Weight("bias", ((2,) if self.bidirectional else ()) + (GATES["lstm"] * self.filters,))
        return (*matrices, bias) if self.bias else matrices

    def work(self, inputs: Tensors, outputs: Tensors) -> Work:
        """Both convolutions at every position of every step; element-wise: ELEMENTWISE of an LSTM for each filter."""
        shape = inputs[0].shape
        spatial = self.spatial(self.step(shape))
        positions = product(slide_all(spatial, self.kernel, self.stride, self.dilation, self.padding))
        times = shape[0] * shape[1] * positions
        kernel, recurrent = self.matrices(shape)
        directions = 2 if self.bidirectional else 1
        return Work(
            times * (kernel.elements + recurrent.elements), times * self.filters * ELEMENTWISE["lstm"] * directions
        )

    def reach(self, inputs: Tensors) -> Reach:
        return None


def _steps_over(value: PerAxis) -> bool:
    return any(at_least(size, 2) is True for size in per_axis(value, 1))
