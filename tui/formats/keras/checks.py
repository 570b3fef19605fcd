"""What Keras refuses and our rules take: inputs of another number of axes, weights of an unknown size."""

from __future__ import annotations

import re
from typing import Final

from tui.core.result import Result
from tui.core.size import Size
from tui.core.size import symbols as symbols_of
from tui.core.tensor import Shape
from tui.formats.frameworks.words import FrameworkError, sizes_shown
from tui.formats.keras.rules import needed_axes
from tui.formats.keras.wrappers import Inner

_UNKNOWN: Final = re.compile(r"[nm]\d+")


def check_axes(inner: Inner, shapes: list[Shape] | None) -> None:
    """Raise FrameworkError where Keras wants another number of axes than the input has."""
    axes = needed_axes(inner.class_name)
    if axes is not None and shapes and len(shapes[0]) != axes + inner.steps:
        raise FrameworkError(
            f"{inner.class_name} needs {axes + inner.steps} axes with the batch, it gets {len(shapes[0])}: "
            f"{sizes_shown(shapes[0])}"
        )


def check_weights(inner: Inner, result: Result) -> None:
    """Raise FrameworkError where Keras refuses weights that our rule takes: those of an unknown size.

    What the reader calls n1, n2 and so on is a size that is not known; another symbol is one that a source names.
    """
    shape = result.inputs[0].shape if result.inputs else ()
    sizes: list[Size] = [size for weight in result.weights for size in weight.shape]
    if any(_UNKNOWN.fullmatch(name) for size in sizes for name in symbols_of(size)):
        raise FrameworkError(
            f"{inner.class_name} needs the size of every axis that its weights depend on, and one of "
            f"{sizes_shown(shape)} is not given: Keras refuses that"
        )
    if result.weights and len(shape) < 2 and inner.class_name != "Embedding":
        raise FrameworkError(f"{inner.class_name} needs an axis besides the batch")
