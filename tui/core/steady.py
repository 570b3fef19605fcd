"""The guard of a block that is not written out: a line that only checks that its copies are alike."""

from __future__ import annotations

from typing import Final

from tui.core.errors import ShapeError
from tui.core.kind import UNKNOWN_REACH, Kind, Reach
from tui.core.network import Line, Spec
from tui.core.tensor import Tensors, shape_text


class Steady(Kind):
    """The guard of a block that is not written out: its second copy must give what the first one gave."""

    inputs = (2, 2)

    def output(self, inputs: Tensors) -> Tensors:
        first, second = inputs
        if first != second:
            raise ShapeError(
                f"the block changes its shape each time, {shape_text(first.shape)} and then "
                f"{shape_text(second.shape)}, and its count is symbolic or very large; "
                "make the count a small number, or keep the shape inside the block"
            )
        return (second,)

    def reach(self, inputs: Tensors) -> Reach:
        return UNKNOWN_REACH


STEADY: Final = Spec(Steady, {}, "")
GUARD: Final = Line("", STEADY)
