"""Where a network begins: inputs."""

from __future__ import annotations

from typing import ClassVar

from tui.core.argument import MISSING, Arg, Switch
from tui.core.axis_sizes import ShapeOrScalar
from tui.core.kind import Kind
from tui.core.tensor import Shape, Tensor, Tensors


class Input(Kind):
    name = "input"
    summary = "An input of the network: its shape without the batch."
    example = "input 28x28x1"
    aliases: ClassVar = {"inputlayer": None, "입력": None}
    inputs = (0, 0)
    args = (
        Arg("shape", ShapeOrScalar(), MISSING, "sizes in the order of data_format, without the batch", slot=0),
        Arg("whole", Switch(), False, "the shape is the whole one: its first size stands for the batch"),
    )
    shape: Shape
    whole: bool

    def output(self, inputs: Tensors) -> Tensors:
        """The batch and the shape; with ``whole`` the shape alone (ONNX and PyTorch know no batch)."""
        shape = self.shape if self.whole else (self.settings.batch, *self.shape)
        return (Tensor(shape, self.settings.dtype),)
