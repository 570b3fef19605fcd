"""Where a network begins: inputs."""

from __future__ import annotations

from typing import ClassVar

from tui.core.argument import MISSING, Arg, Dims
from tui.core.kind import Kind
from tui.core.tensor import Shape, Tensor, Tensors


class Input(Kind):
    name = "input"
    summary = "An input of the network: its shape without the batch."
    example = "input 28x28x1"
    aliases: ClassVar = {"inputlayer": None, "입력": None}
    inputs = (0, 0)
    args = (Arg("shape", Dims(), MISSING, "sizes in the order of data_format, without the batch", slot=0),)
    shape: Shape

    def output(self, inputs: Tensors) -> Tensors:
        return (Tensor((self.settings.batch, *self.shape), self.settings.dtype),)
