"""What a transformer learns beside its blocks: a token put before a sequence, a vector for each position."""

from __future__ import annotations

from typing import ClassVar

from tui.core.argument import MISSING, Arg, Whole
from tui.core.axes import need_rank
from tui.core.errors import Fix, ShapeError
from tui.core.kind import Kind, Work
from tui.core.size import Size, at_least, text
from tui.core.tensor import Shape, Tensors, Weight
from tui.core.working import plain


class ClassToken(Kind):
    """Source: Dosovitskiy et al., "An image is worth 16x16 words", 2020, as in torchvision's VisionTransformer."""

    name = "classtoken"
    summary = "A learned token put before the steps of a sequence."
    example = "classtoken"
    aliases: ClassVar = {"clstoken": None}
    args = (Arg("tokens", Whole(1), 1, "how many tokens", slot=0),)
    tokens: Size

    def output(self, inputs: Tensors) -> Tensors:
        """``(N, T, E)`` becomes ``(N, T + tokens, E)``; raises ShapeError where there are no steps."""
        (x,) = inputs
        need_rank(self.name, x.shape, 3, " to have steps")
        batch, steps, *rest = x.shape
        return (x._replace(shape=(batch, steps + self.tokens, *rest)),)

    def weights(self, inputs: Tensors) -> tuple[Weight, ...]:
        width = inputs[0].shape[2:]
        return (Weight("token", width if self.tokens == 1 else (self.tokens, *width)),)


class PositionEmbedding(Kind):
    """Source: Vaswani et al., "Attention Is All You Need", 2017, section 3.5, learned as in KerasHub's layer."""

    name = "positionembedding"
    summary = "A learned vector added to each position of a sequence."
    example = "positionembedding 1024"
    aliases: ClassVar = {"posembedding": None, "positionalembedding": None}
    args = (
        Arg("positions", Whole(1, examples=("512", "1024")), None, "the rows of the table; as many as steps by default",
            slot=0, aliases=("sequence_length",), sign="rows"),
    )  # fmt: skip
    positions: Size | None

    def output(self, inputs: Tensors) -> Tensors:
        """The input's shape ``(N, T, E)``; raises ShapeError where T is larger than the table."""
        shape = inputs[0].shape
        need_rank(self.name, shape, 3, " to have steps")
        if self.positions is not None and at_least(self.positions, shape[1]) is False:
            steps = plain(shape[1])
            raise ShapeError(
                f"a table of {text(plain(self.positions))} positions is too short for {text(steps)} steps",
                fixes=[
                    Fix(f"positions={text(steps)}", {"positions": steps}),
                    Fix("a row for each step", {"positions": MISSING}),
                ],
            )
        return inputs

    def weights(self, inputs: Tensors) -> tuple[Weight, ...]:
        """One row of the width of the input for each position of the table, also those beyond the input's end."""
        return (Weight("positions", self._table(inputs[0].shape)),)

    def _table(self, shape: Shape) -> Shape:
        return (shape[1] if self.positions is None else self.positions, *shape[2:])

    def work(self, inputs: Tensors, outputs: Tensors) -> Work:
        """No MACs. Element-wise: one addition for each element."""
        return Work(elementwise=outputs[0].elements)
