"""Sequences in the layouts of the frameworks: (N, T, E), PyTorch's and ONNX's (T, N, E), an unbatched (T, E).

N examples, T steps, E features.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from tui.core.argument import Arg, Switch
from tui.core.errors import Fix, ShapeError
from tui.core.kind import Kind
from tui.core.size import Size, product, same, text
from tui.core.tensor import Shape, joined
from tui.core.working import plain

BATCH_FIRST: Final = Arg("batch_first", Switch(), True, "false for (steps, batch, features)", aliases=("layout",))
UNBATCHED: Final = Arg(
    "unbatched", Switch(), False, "whether the input is one sequence (steps, features), as PyTorch reads it"
)


class Places(NamedTuple):
    """A sequence taken apart: the axes of examples, the axes of steps, and the width of a step."""

    batch: Shape
    steps: Shape
    width: Size

    @property
    def positions(self) -> Size:
        """The number of steps along all their axes."""
        return product(self.steps)


def places(kind: Kind, shape: Shape, batch_first: bool = True, unbatched: bool = False) -> Places:
    """The parts of a sequence; raises ShapeError where it has other axes than the layout."""
    axes = 2 if unbatched else 3
    if len(shape) != axes:
        whole = "steps and features" if unbatched else "batch, steps and features"
        fixes = []
        if len(shape) == 2 and UNBATCHED in kind.args:
            fixes.append(Fix("unbatched=true", {"unbatched": True}))
        if len(shape) == 4 and not unbatched:
            fixes.append(Fix("timedistributed=true", {"timedistributed": True}))
        raise ShapeError(f"{kind.name} reads {axes} axes ({whole}), it gets {len(shape)}", fixes=fixes)
    if unbatched:
        return Places((), shape[:1], shape[1])
    return Places(shape[:1], shape[1:2], shape[2]) if batch_first else Places(shape[1:2], shape[:1], shape[2])


def check_width(kind: Kind, arg: str, expected: Size | None, width: Size) -> None:
    """Raise ShapeError where an input has another width than an argument says."""
    if expected is not None and same(expected, width) is False:
        raise ShapeError(
            f"{kind.name} has {arg}={text(plain(expected))}, the input has width {text(plain(width))}",
            fixes=[Fix(f"{arg}={text(plain(width))}", {arg: plain(width)})],
        )


def same_shape(a: Shape, b: Shape) -> bool:
    """Whether the shapes can be equal."""
    return len(a) == len(b) and all(same(x, y) is not False for x, y in zip(a, b, strict=True))


def sizes_text(shape: Shape) -> str:
    """All sizes, the first axis too: a state need not begin with the batch."""
    return joined(map(plain, shape)) or "none"
