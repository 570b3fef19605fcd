"""The layers of a network with what they read, and what their rules ask of sizes, refused or not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tui.core.argument import per_axis
from tui.core.errors import LayersheetError
from tui.core.infer import Inference
from tui.core.kind import Kind
from tui.core.size import Size
from tui.core.tensor import Tensors
from tui.core.windowed import Windowed
from tui.core.windows import ends_of, slide


def readers(inference: Inference) -> Iterator[tuple[Kind, Tensors]]:
    """Every layer whose inputs are known, refused or not, with those inputs."""
    for row, line in enumerate(inference.lines):
        if line.spec is None or line.off or row in inference.wiring.errors or row in inference.wiring.calls:
            continue
        layer = inference.context.layer(line.spec)
        inputs = []
        feeds = inference.wiring.feeds(row)
        for feed in feeds:
            given = inference.result(feed.row)
            if given is not None and feed.output < len(given.outputs):
                inputs.append(given.outputs[feed.output])
        if isinstance(layer, Kind) and len(inputs) == len(feeds):
            yield layer, tuple(inputs)


def pairs_of(layer: Kind, inputs: Tensors) -> Sequence[tuple[Size, Size]]:
    """The sizes of different inputs that have to be equal; none of a layer that refuses its inputs."""
    try:
        return layer.agreements(inputs) if len(inputs) > 1 else ()
    except (LayersheetError, ArithmeticError, ValueError, IndexError):  # inputs that the layer refuses
        return ()


def window_counts(layer: Windowed, shape: tuple[Size, ...]) -> list[Size]:
    """How many windows fit along each axis; none are given where the arguments do not fit the axes."""
    spatial = layer.spatial(shape)
    rank = len(spatial)
    given = (layer.kernel, layer.steps(), layer.dilation, layer.padding)
    if not rank or any(isinstance(value, tuple) and len(value) not in (1, rank) for value in given):
        return []
    try:
        return [
            slide(n, k, s, d, ends, layer.ceil_mode)
            for n, k, s, d, ends in zip(
                spatial,
                per_axis(layer.kernel, rank),
                per_axis(layer.steps(), rank),
                per_axis(layer.dilation, rank),
                ends_of(layer.padding, rank),
                strict=True,
            )
        ]
    except (ValueError, ArithmeticError):
        return []
